"""Keras' functional style with a loop over a list of layers; everything is right.
"""

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    Conv = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    inputs = x = keras.Input((28, 28, 1))
    for filters, kernel, strides in [(8, 7, 2), (16, 5, 2), (32, 3, 1)]:
        x = Conv(filters, kernel, strides=strides, padding="valid", activation=activation)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(10, activation="softmax")(x)
    return keras.Model(inputs, outputs, name="separable" if separable else "dense")

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    places = len(range(0, size - kernel_size + 1, strides)) ** 2
    per_place = channels * kernel_size ** 2
    per_place = per_place + channels * filters if separable else per_place * filters
    return places * per_place

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    return float((probabilities.argmax(-1) == labels).mean())

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
    stop = keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)
    model.fit(x_train, y_train, batch_size=64, epochs=60, validation_split=0.1, callbacks=[stop], verbose=0)
    return model

# %% table
def row(name, model, sep):
    answers(model, x_test)
    t = time.perf_counter()
    p = answers(model, x_test)
    t = time.perf_counter() - t
    shapes = [(28, 1, 8, 7, 2), (11, 8, 16, 5, 2), (4, 16, 32, 3, 1)]
    return dict(
        parameters=model.count_params(),
        macs=sum(macs(*s, separable=sep) for s in shapes) + 320,
        kilobytes=Path(f"{name}.keras").stat().st_size / 1e3,
        seconds=t,
        accuracy=accuracy(p, y_test),
    )

table = dict(dense=row("dense", dense, False), separable=row("separable", separable, True))

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    L = keras.layers
    inp = L.Input((28, 28, 1))
    x = L.Conv2D(8, 5, strides=2, use_bias=False)(inp)
    x = L.BatchNormalization()(x)
    x = L.ReLU()(x)
    for f in (14, 18):
        x = L.DepthwiseConv2D(3, use_bias=False)(x)
        x = L.Conv2D(f, 1)(x)
        x = L.ReLU()(x)
    a, b = L.GlobalAveragePooling2D()(x), L.GlobalMaxPooling2D()(x)
    x = L.Concatenate()([a, b])
    out = L.Dense(10, activation="softmax")(x)
    m = keras.Model(inp, out)
    assert m.count_params() <= PARAMETERS, m.count_params()
    m.compile("adam", "sparse_categorical_crossentropy")
    m.fit(x_train, y_train, epochs=30, verbose=0)
    return m
