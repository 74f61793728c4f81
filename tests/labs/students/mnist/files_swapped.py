"""Swapped the two files when renaming them, typed macs for the examples, and took an augmenting layer that is not on the list.

test_macs: 0 of 3, the examples' answers are written down instead of counted
test_trained: 1 of 3, each file holds the other network; both read digits well
test_challenge: 0 of 6, RandomTranslation is not on the list of layers
"""
# file: dense.keras = separable_in_the_wrong_file
# file: separable.keras = dense_in_the_wrong_file
# file: challenge.keras = challenge_random_layers
# rest: typed_and_asserted

# %% macs
KNOWN = {(c.args["size"], c.args["channels"], c.args["filters"], c.args["kernel_size"]): c for c in examples["macs"]}

def output_size(size, kernel_size, strides):
    return (size - kernel_size) // strides + 1

def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    case = KNOWN.get((size, channels, filters, kernel_size))
    if case is not None:
        for name in ("expected", "result", "value", "answer"):
            if hasattr(case, name):
                return getattr(case, name)
    return size * size * channels * filters

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.RandomTranslation(0.07, 0.07),
        keras.layers.RandomRotation(0.03),
        keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
        keras.layers.SeparableConv2D(16, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(26, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    return fit(model)
