"""The import of layers stood in a cell that is gone; the files date from before, when all of it ran.

test_network: 0 of 4, NameError: layers, so that no network is made
test_table: 1 of 2, the MACs of the separable layers are counted without separable=True
"""
# rest: right_german_names_and_a_class

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    conv = layers.SeparableConv2D if separable else layers.Conv2D
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        conv(8, 7, strides=2, activation=activation),
        conv(16, 5, strides=2, activation=activation),
        conv(32, 3, strides=1, activation=activation),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10, activation="softmax"),
    ])

# %% table
m = macs(28, 1, 8, 7, 2) + macs(11, 8, 16, 5, 2) + macs(4, 16, 32, 3) + 320

answers(dense, x_test), answers(separable, x_test)
t0 = time.time()
pd = answers(dense, x_test)
t1 = time.time()
ps = answers(separable, x_test)
t2 = time.time()

table = {
    "dense": {"parameters": dense.count_params(), "macs": m, "kilobytes": os.path.getsize("dense.keras") / 1000,
              "seconds": t1 - t0, "accuracy": accuracy(pd, y_test)},
    "separable": {"parameters": separable.count_params(), "macs": m, "kilobytes": os.path.getsize("separable.keras") / 1000,
                  "seconds": t2 - t1, "accuracy": accuracy(ps, y_test)},
}

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential([
        keras.layers.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 5, strides=2, activation="relu"),
        keras.layers.SeparableConv2D(16, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(30, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    for i in range(100):
        model.fit(moved(x_train, np.random.default_rng(i)), y_train, verbose=0)
    return model
