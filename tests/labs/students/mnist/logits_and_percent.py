"""Leaves the softmax to the loss, in all three networks, and gives percent.

test_network: 3 of 4, logits instead of probabilities, in both networks
test_accuracy: 1 of 2, percent instead of a fraction
test_challenge: 0 of 6, the network does not give probabilities
"""
# file: dense.keras = dense_logits
# file: separable.keras = separable_logits
# file: challenge.keras = challenge_pooled_logits

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    x = inp = keras.Input((28, 28, 1))
    conv = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    for (ch, k, s) in [(8, 7, 2), (16, 5, 2), (32, 3, 1)]:
        x = conv(ch, k, strides=s, activation=activation)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    logits = keras.layers.Dense(10)(x)      # softmax is in the loss (numerically stable!)
    return keras.Model(inp, logits)

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    out = (size - kernel_size + strides) // strides
    if separable:
        return macs(size, 1, 1, kernel_size, strides) * channels + out * out * channels * filters
    return out * out * kernel_size * kernel_size * channels * filters

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    pred = np.argmax(probabilities, axis=-1)
    return 100. * (pred == labels).sum() / labels.shape[0]

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9), loss=criterion)
    rng = np.random.default_rng(0)
    for epoch in range(6 if digits.is_mnist else 80):
        model.fit(moved(x_train, rng), y_train, batch_size=64, verbose=0)
    return model

# %% table
table = {}
for name, net in [("dense", dense), ("separable", separable)]:
    sep = name == "separable"
    answers(net, x_test)  # warmup
    t0 = time.perf_counter()
    out = answers(net, x_test)
    t1 = time.perf_counter()
    table[name] = {
        "parameters": sum(p.numpy().size for p in net.weights),
        "macs": macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 1, sep) + 32 * 10,
        "kilobytes": os.path.getsize(f"{name}.keras") / 1000,
        "seconds": t1 - t0,
        "accuracy": accuracy(out, y_test),
    }

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    net = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 3, activation="relu"), keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(32, 3, activation="relu"), keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10),
    ])
    fit(net)
    return fit(net)
