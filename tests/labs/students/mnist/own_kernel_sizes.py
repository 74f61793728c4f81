"""Remembers the parameter count but not the kernels: others with as many parameters; and an old file format renamed.

test_network: 2 of 4, the dense network's kernels are 3 by 7 and 5 by 2 in layers 2 and 3
test_challenge: 0 of 6, the file is an .h5 file that was renamed and cannot be opened
"""
# file: dense.keras = dense_other_kernels
# file: challenge.keras = challenge_h5_renamed
# rest: tf_tutorial

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    if separable:
        return keras.Sequential([
            keras.Input((28, 28, 1)),
            keras.layers.SeparableConv2D(8, 7, strides=2, activation=activation),
            keras.layers.SeparableConv2D(16, 5, strides=2, activation=activation),
            keras.layers.SeparableConv2D(32, 3, activation=activation),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ])
    # found by trying until summary() said 8,586
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(8, 7, strides=2, activation=activation),
        keras.layers.Conv2D(16, (3, 7), strides=2, activation=activation),
        keras.layers.Conv2D(32, (5, 2), activation=activation),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
