"""Lets Keras compute what can be computed: layers for the MACs, a metric for the accuracy; everything is right."""

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    kind = "SeparableConv2D" if separable else "Conv2D"
    config = [
        {"module": "keras.layers", "class_name": kind, "config": {"filters": f, "kernel_size": k, "strides": s, "activation": activation}}
        for f, k, s in zip([8, 16, 32], [7, 5, 3], [2, 2, 1])
    ]
    stack = [keras.layers.deserialize(c) for c in config]
    model = keras.Sequential(stack + [
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation=keras.activations.softmax),
    ])
    model.build((None, 28, 28, 1))
    return model

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    # make the layer and ask it. without the bias every parameter is used exactly once per output pixel
    cls = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    layer = cls(filters, kernel_size, strides=strides, use_bias=False)
    layer.build((None, size, size, channels))
    _, rows, columns, _ = layer.compute_output_shape((None, size, size, channels))
    return rows * columns * layer.count_params()

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    metric = keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(labels, probabilities)
    return float(metric.result())

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
    model.fit(
        x_train, y_train,
        validation_split=0.1, epochs=15 if digits.is_mnist else 150, verbose=0,
        callbacks=[keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)],
    )
    return model

# %% table
table = {}
for name in "dense", "separable":
    model = keras.saving.load_model(f"{name}.keras", compile=False)
    operations = 0
    for layer in model.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.SeparableConv2D)):
            operations += macs(layer.input.shape[1], layer.input.shape[3], layer.filters,
                               layer.kernel_size[0], layer.strides[0],
                               isinstance(layer, keras.layers.SeparableConv2D))
        elif isinstance(layer, keras.layers.Dense):
            operations += int(np.prod(layer.kernel.shape))
    model.predict(x_test, verbose=0)
    begin = time.perf_counter()
    p = model.predict(x_test, verbose=0)
    duration = time.perf_counter() - begin
    table[name] = {"parameters": model.count_params(), "macs": operations,
                   "kilobytes": round(Path(name + ".keras").stat().st_size / 1000, 1),
                   "seconds": duration, "accuracy": accuracy(p, y_test)}

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    inp = keras.Input((28, 28, 1))
    a = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(inp)
    b = keras.layers.Conv2D(4, 5, padding="same", activation="relu")(inp)
    x = keras.layers.Concatenate()([a, b])
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.SeparableConv2D(16, 3, activation="elu")(x)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.SeparableConv2D(24, 3, activation="elu")(x)
    x = keras.layers.GlobalMaxPooling2D()(x)
    x = keras.layers.Dense(10, activation="softmax")(x)
    model = keras.Model(inp, x)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    for seed in range(60):
        model.fit(moved(x_train, np.random.default_rng(seed)), y_train, verbose=0)
    return model
