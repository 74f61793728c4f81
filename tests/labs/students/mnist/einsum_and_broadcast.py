"""A mathematician: products over shapes, broadcasting, partial functions; everything is right.
"""

# %% network
from functools import partial, reduce

def network(separable, activation):
    """f = softmax . W . mean . c3 . c2 . c1"""
    c = partial(keras.layers.SeparableConv2D if separable else keras.layers.Conv2D, activation=activation)
    maps = [c(8, 7, 2), c(16, 5, 2), c(32, 3, 1), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(10, "softmax")]
    x = keras.Input((28, 28, 1))
    return keras.Model(x, reduce(lambda y, f: f(y), maps, x))

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """|places| * |weights|"""
    places = np.arange(0, size - kernel_size + 1, strides).size ** 2
    k2 = kernel_size ** 2
    weights = [(channels, k2, filters)] if not separable else [(channels, k2), (channels, filters)]
    return int(places * sum(np.prod(w) for w in weights))

# %% accuracy
def accuracy(probabilities, labels):
    """mean of the indicator"""
    n = np.arange(len(labels))
    return np.mean(probabilities[n, labels] >= probabilities.max(axis=1))

# %% fit
def fit(model):
    model.compile("adam", "sparse_categorical_crossentropy")
    schedule = keras.callbacks.LearningRateScheduler(lambda e: 0.004 * 0.96**e)
    model.fit(x_train, y_train, epochs=60, callbacks=[schedule], verbose=0)
    return model

# %% table
layers = np.array([[28, 1, 8, 7, 2], [11, 8, 16, 5, 2], [4, 16, 32, 3, 1]])
nets = {"dense": (dense, False), "separable": (separable, True)}

def duration(f):
    f()
    t = [time.perf_counter()]
    for _ in range(3):
        f()
        t.append(time.perf_counter())
    return np.diff(t).min()

table = {
    k: {
        "parameters": m.count_params(),
        "macs": sum(macs(*map(int, l), separable=s) for l in layers) + m.layers[-1].kernel.shape[0] * m.layers[-1].kernel.shape[1],
        "kilobytes": Path(k).with_suffix(".keras").stat().st_size * 1e-3,
        "seconds": duration(lambda: answers(m, x_test)),
        "accuracy": accuracy(answers(m, x_test), y_test),
    }
    for k, (m, s) in nets.items()
}

# %% challenge
def challenge():
    L = keras.layers
    x = inp = keras.Input((28, 28, 1))
    x = L.Conv2D(8, 3, 2, activation="relu")(x)
    for f in (16, 16, 16):
        y = L.SeparableConv2D(f, 3, padding="same", activation="relu")(x)
        x = L.Add()([x, y]) if x.shape == y.shape else y
    x = L.GlobalMaxPooling2D()(x)
    return fit(keras.Model(inp, L.Dense(10, "softmax")(x)))
