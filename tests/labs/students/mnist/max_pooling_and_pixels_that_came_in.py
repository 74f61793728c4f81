"""Pools the maximum instead of the average, lays the pointwise part on the input's pixels, forgets separable=True in the table.

test_network: 3 of 4, GlobalMaxPooling2D in both networks, one word
test_macs: 2 of 3, the pointwise part is counted on all pixels that came in
test_table: 1 of 2, the separable network's MACs are counted as if it were dense
"""
# rest: right_counts_in_while_loops
# file: dense.keras = dense_global_max
# file: separable.keras = separable_global_max

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    if separable:
        C = keras.layers.SeparableConv2D
    else:
        C = keras.layers.Conv2D
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        C(8, 7, 2, activation=activation),
        C(16, 5, 2, activation=activation),
        C(32, 3, 1, activation=activation),
        keras.layers.GlobalMaxPooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    positions = ((size - kernel_size) // strides + 1) ** 2
    if separable:
        depthwise = positions * kernel_size ** 2 * channels
        pointwise = size * size * channels * filters
        return depthwise + pointwise
    return positions * kernel_size ** 2 * channels * filters

# %% table
table = {}
for name, model in (("dense", dense), ("separable", separable)):
    answers(model, x_test)
    t = time.time()
    prob = answers(model, x_test)
    t = time.time() - t
    table[name] = {
        "parameters": model.count_params(),
        "macs": macs(28, 1, 8, 7, strides=2) + macs(11, 8, 16, 5, strides=2) + macs(4, 16, 32, 3) + 32 * 10,
        "kilobytes": os.path.getsize(f"{name}.keras") / 1000,
        "seconds": t,
        "accuracy": accuracy(prob, y_test),
    }
