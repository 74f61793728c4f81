"""Comes from PyTorch: every activation a layer of its own, a training loop by hand; everything is right.
"""
# file: dense.keras = dense_activation_apart
# file: separable.keras = separable_activation_apart

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    nn = keras.layers  # like torch.nn
    conv = nn.SeparableConv2D if separable else nn.Conv2D
    layers = [keras.Input((28, 28, 1))]
    for out_channels, kernel_size, stride in [(8, 7, 2), (16, 5, 2), (32, 3, 1)]:
        layers += [
            conv(out_channels, kernel_size, strides=stride, padding="valid", use_bias=True),
            nn.Activation(activation),
        ]
    layers += [nn.GlobalAveragePooling2D(), nn.Dense(10), nn.Softmax()]
    return keras.Sequential(layers)

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    # https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html with padding=0, dilation=1
    h_out = int(np.floor((size - (kernel_size - 1) - 1) / strides + 1))
    w_out = h_out
    if separable:
        # groups = channels
        dw = channels * kernel_size * kernel_size
        pw = channels * filters
        return h_out * w_out * (dw + pw)
    return h_out * w_out * (channels * filters * kernel_size * kernel_size)

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    pred = probabilities.argmax(axis=1)
    correct = (pred == labels).sum().item()
    return correct / len(labels)

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-3), loss="sparse_categorical_crossentropy")
    n_epochs, batch_size = (4 if digits.is_mnist else 60), 32
    rng = np.random.default_rng(0)
    for epoch in range(n_epochs):
        perm = rng.permutation(len(x_train))
        running = 0.0
        for i in range(0, len(perm), batch_size):
            idx = perm[i:i + batch_size]
            running += float(model.train_on_batch(x_train[idx], y_train[idx]))
        if epoch % 10 == 0:
            print(f"epoch {epoch}: {running:.3f}")
    return model

# %% table
def benchmark(model):
    _ = answers(model, x_test)
    times = []
    for _ in range(5):
        tic = time.perf_counter()
        out = answers(model, x_test)
        times.append(time.perf_counter() - tic)
    return float(np.median(times)), accuracy(out, y_test)

def flops(sep):
    conv1 = macs(28, 1, 8, 7, 2, sep)
    conv2 = macs(11, 8, 16, 5, 2, sep)
    conv3 = macs(4, 16, 32, 3, 1, sep)
    fc = 32 * 10
    return conv1 + conv2 + conv3 + fc

d_time, d_acc = benchmark(dense)
s_time, s_acc = benchmark(separable)
table = {
    "dense": {
        "parameters": sum(int(np.prod(w.shape)) for w in dense.weights),
        "macs": flops(False),
        "kilobytes": Path("dense.keras").stat().st_size / 1000,
        "seconds": d_time,
        "accuracy": d_acc,
    },
    "separable": {
        "parameters": sum(int(np.prod(w.shape)) for w in separable.weights),
        "macs": flops(True),
        "kilobytes": Path("separable.keras").stat().st_size / 1000,
        "seconds": s_time,
        "accuracy": s_acc,
    },
}

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    nn = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        nn.Conv2D(6, 3), nn.LeakyReLU(), nn.MaxPooling2D(),
        nn.SeparableConv2D(16, 3), nn.LeakyReLU(), nn.MaxPooling2D(),
        nn.SeparableConv2D(28, 3), nn.LeakyReLU(),
        nn.GlobalAveragePooling2D(), nn.Dense(10), nn.Softmax(),
    ])
    return fit(model)
