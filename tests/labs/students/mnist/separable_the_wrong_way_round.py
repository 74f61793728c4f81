"""The two branches of the if are exchanged, and with them the files; the same in nothing else.

test_network: 3 of 4, separable=True gives the dense network and False the separable one, one slip
"""
# rest: right_sequential_from_the_tutorial
# file: dense.keras = separable_in_the_wrong_file
# file: separable.keras = dense_in_the_wrong_file

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    model = keras.Sequential([keras.layers.InputLayer(shape=(28, 28, 1))])
    if not separable:
        for f, k, s in [(8, 7, 2), (16, 5, 2), (32, 3, 1)]:
            model.add(keras.layers.SeparableConv2D(f, k, s, activation=activation))
    else:
        for f, k, s in [(8, 7, 2), (16, 5, 2), (32, 3, 1)]:
            model.add(keras.layers.Conv2D(f, k, s, activation=activation))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model
