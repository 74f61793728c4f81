"""Thinks in nn.Sequential, with activations as layers and a training loop of its own; everything is right."""

# %% network
import keras.layers as nn
import keras.ops as F

def network(separable, activation):
    in_c = 1
    modules = [nn.Input((28, 28, in_c))]          # NHWC here, not NCHW!!
    for out_c, k, s in ((8, 7, 2), (16, 5, 2), (32, 3, 1)):
        if separable:
            modules.append(nn.SeparableConv2D(out_c, kernel_size=k, strides=s))
        else:
            modules.append(nn.Conv2D(out_c, kernel_size=k, strides=s))
        modules.append(nn.Activation(activation))
        in_c = out_c
    modules += [nn.GlobalAveragePooling2D(), nn.Dense(10), nn.Softmax()]
    return keras.Sequential(modules)

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    # like in the torch docs: floor((H + 2p - d(k-1) - 1) / s + 1), p=0, d=1
    h_out = w_out = int(np.floor((size - (kernel_size - 1) - 1) / strides + 1))
    if not separable:
        groups = 1
        return h_out * w_out * filters * (channels // groups) * kernel_size * kernel_size
    groups = channels
    dw = h_out * w_out * channels * (channels // groups) * kernel_size * kernel_size
    pw = h_out * w_out * filters * channels
    return dw + pw

# %% accuracy
def accuracy(probabilities, labels):
    correct, total = 0, 0
    preds = probabilities.argmax(1)
    correct += int((preds == labels).sum())
    total += labels.shape[0]
    return correct / total

# %% fit
def fit(model):
    model.compile(optimizer=keras.optimizers.AdamW(learning_rate=2e-3), loss="sparse_categorical_crossentropy")
    n, bs = len(x_train), 128
    rng = np.random.default_rng(0)
    for epoch in range(6 if digits.is_mnist else 80):
        x_epoch = moved(x_train, rng)
        perm = rng.permutation(n)
        running = 0.0
        for i in range(0, n, bs):
            idx = perm[i:i + bs]
            running += float(model.train_on_batch(x_epoch[idx], y_train[idx]))
        if epoch % 10 == 0:
            print(f"epoch {epoch}: loss {running / max(1, n // bs):.4f}")
    return model

# %% table
table = {"dense": {}, "separable": {}}
for key, net in zip(table, (dense, separable)):
    sep = key == "separable"
    r = table[key]
    r["parameters"] = int(sum(np.prod(w.shape) for w in net.weights))
    size, c, total = 28, 1, 0
    for f, k, s in ((8, 7, 2), (16, 5, 2), (32, 3, 1)):
        total += macs(size, c, f, k, strides=s, separable=sep)
        size, c = (size - k) // s + 1, f
    r["macs"] = total + c * 10
    r["kilobytes"] = os.stat(f"{key}.keras").st_size / 1e3
    _ = answers(net, x_test)
    tic = time.perf_counter()
    out = answers(net, x_test)
    toc = time.perf_counter()
    r["seconds"] = toc - tic
    r["accuracy"] = accuracy(out, y_test)

# %% challenge
def challenge():
    net = keras.Sequential([
        nn.Input((28, 28, 1)),
        nn.Conv2D(8, 5, strides=2, use_bias=False), nn.BatchNormalization(), nn.ReLU(),      # 12x12
        nn.DepthwiseConv2D(3, padding="same", use_bias=False), nn.Conv2D(16, 1, use_bias=False), nn.BatchNormalization(), nn.ReLU(),
        nn.MaxPooling2D(2),
        nn.DepthwiseConv2D(3, padding="same", use_bias=False), nn.Conv2D(24, 1, use_bias=False), nn.BatchNormalization(), nn.ReLU(),
        nn.GlobalAveragePooling2D(),
        nn.Dense(10), nn.Softmax(),
    ])
    print("params:", net.count_params())
    net.compile(optimizer=keras.optimizers.AdamW(3e-3), loss="sparse_categorical_crossentropy")
    rng = np.random.default_rng(7)
    n, bs = len(x_train), 128
    for epoch in range(40 if digits.is_mnist else 200):
        xe, perm = moved(x_train, rng), rng.permutation(n)
        for i in range(0, n, bs):
            net.train_on_batch(xe[perm[i:i+bs]], y_train[perm[i:i+bs]])
    return net
