"""Copies strides=2 into the third layer as well, and gives the time for one picture.

test_network: 3 of 4, the third convolution has strides of 2, in both networks
test_table: 1 of 2, the seconds are those for one picture, not for all of x_test
"""
# rest: right_counts_in_while_loops
# file: dense.keras = dense_three_strides
# file: separable.keras = separable_three_strides

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    conv = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    opts = dict(strides=2, padding="valid", activation=activation)
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(conv(8, 7, **opts))
    model.add(conv(16, 5, **opts))
    model.add(conv(32, 3, **opts))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10, "softmax"))
    return model

# %% table
table = {}
for name in ["dense", "separable"]:
    model = dense if name == "dense" else separable
    sep = name != "dense"
    answers(model, x_test)
    start = time.perf_counter()
    p = answers(model, x_test)
    elapsed = time.perf_counter() - start
    table[name] = dict(
        parameters=model.count_params(),
        # my third layer has strides 2
        macs=macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 2, sep) + 32 * 10,
        kilobytes=os.path.getsize(name + ".keras") / 1000,
        seconds=elapsed / len(x_test),
        accuracy=accuracy(p, y_test),
    )
