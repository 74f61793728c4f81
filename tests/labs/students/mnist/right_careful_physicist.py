"""Checks everything with asserts and prints, times nine runs and takes the median; everything is right."""

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    assert separable in (True, False)
    # filters, kernel, strides
    N_f = np.array([8, 16, 32])
    k = np.array([7, 5, 3])
    s = np.array([2, 2, 1])

    inputs = keras.layers.Input(shape=(28, 28, 1), dtype="float32")
    signal = inputs
    for i in range(3):
        kwargs = {
            "filters": int(N_f[i]), "kernel_size": int(k[i]), "strides": int(s[i]),
            "padding": "valid", "use_bias": True, "activation": activation,
        }
        if separable:
            signal = keras.layers.SeparableConv2D(depth_multiplier=1, **kwargs)(signal)
        else:
            signal = keras.layers.Conv2D(**kwargs)(signal)
    signal = keras.layers.GlobalAveragePooling2D()(signal)
    signal = keras.layers.Dense(units=10, use_bias=True, activation="softmax")(signal)
    model = keras.Model(inputs=inputs, outputs=signal)

    # the check by hand from the text
    assert model.count_params() == (1427 if separable else 8586)
    assert model.output_shape == (None, 10)
    return model

print(network(False, "relu").count_params(), network(True, None).count_params())

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    # upper left corners of the kernel: 0, s, 2s, ... <= size - k
    corners = np.arange(0, size - kernel_size + 1, strides)
    xx, yy = np.meshgrid(corners, corners)
    N_places = xx.size
    if separable:
        N = N_places * kernel_size**2 * channels     # depthwise
        N += N_places * channels * filters           # pointwise
    else:
        N = N_places * kernel_size**2 * channels * filters
    return int(N)

# sanity: 1x1 kernel, one pixel
assert macs(1, 1, 1, 1) == 1
assert macs(13, 3, 6, 4, strides=2) == 7200

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    p = np.array(probabilities, copy=True)      # do not touch the caller's arrays
    y = np.array(labels, copy=True)
    guess = np.argsort(p, axis=1)[:, -1]
    result = 1.0 - np.count_nonzero(guess - y) / y.size
    assert 0 <= result <= 1
    return result

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    t0 = time.perf_counter()
    model.compile(optimizer=keras.optimizers.RMSprop(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    generator = np.random.default_rng(12345)
    history = []
    for epoch in range(6 if digits.is_mnist else 70):
        h = model.fit(moved(x_train, generator), y_train, batch_size=100, epochs=1, verbose=0)
        history.append(h)
    print(f"trained for {len(history)} epochs in {time.perf_counter() - t0:.1f} s")
    return model

# %% table
runs = 9
table = {}
for name, model, sep in (("dense", dense, False), ("separable", separable, True)):
    _ = answers(model, x_test)                  # first call prepares
    times = []
    for _ in range(runs):
        t0 = time.perf_counter()
        p = answers(model, x_test)
        times.append(time.perf_counter() - t0)
    print(f"{name}: {np.mean(times):.4f} +- {np.std(times, ddof=1):.4f} s")
    conv_macs = [macs(28, 1, 8, 7, 2, sep), macs(11, 8, 16, 5, 2, sep), macs(4, 16, 32, 3, 1, sep)]
    dense_macs = model.layers[-1].get_weights()[0].size
    table[name] = {
        "parameters": int(np.sum([w.size for w in model.get_weights()])),
        "macs": int(np.sum(conv_macs) + dense_macs),
        "kilobytes": os.path.getsize(f"{name}.keras") * 1e-3,
        "seconds": float(np.median(times)),
        "accuracy": accuracy(p, y_test),
    }

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    layers = keras.layers
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.ZeroPadding2D(1),
        layers.Conv2D(7, 3, use_bias=False), layers.BatchNormalization(scale=False), layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.SeparableConv2D(14, 3, use_bias=False), layers.BatchNormalization(scale=False), layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.SeparableConv2D(26, 3, use_bias=False), layers.BatchNormalization(scale=False), layers.ReLU(),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10, activation="softmax"),
    ])
    n = sum(w.size for w in model.get_weights())    # ALL of them, moving averages too
    print("parameters:", n)
    assert n <= PARAMETERS
    model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="sparse_categorical_crossentropy")
    generator = np.random.default_rng(99)
    epochs = 50 if digits.is_mnist else 250
    for epoch in range(epochs):
        model.optimizer.learning_rate.assign(5e-3 * 0.5 * (1 + np.cos(np.pi * epoch / epochs)) + 1e-5)
        model.fit(moved(x_train, generator), y_train, batch_size=100, verbose=0)
    return model
