"""Stopped after task 3; the rest is as it was released.

test_trained: 0 of 3, not done
test_table: 0 of 2, not done
test_challenge: 0 of 6, not done
"""
# file: dense.keras = none
# file: separable.keras = none
# file: challenge.keras = none

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    l = keras.layers
    m = keras.Sequential()
    m.add(l.Input((28, 28, 1)))
    if separable:
        m.add(l.SeparableConv2D(8, 7, 2, activation=activation))
        m.add(l.SeparableConv2D(16, 5, 2, activation=activation))
        m.add(l.SeparableConv2D(32, 3, 1, activation=activation))
    else:
        m.add(l.Conv2D(8, 7, 2, activation=activation))
        m.add(l.Conv2D(16, 5, 2, activation=activation))
        m.add(l.Conv2D(32, 3, 1, activation=activation))
    m.add(l.GlobalAveragePooling2D())
    m.add(l.Dense(10, 'softmax'))
    return m

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    out = (size - kernel_size) // strides + 1
    if separable:
        return out**2 * kernel_size**2 * channels + out**2 * channels * filters
    return out**2 * kernel_size**2 * channels * filters

# %% accuracy
def accuracy(probabilities, labels):
    return sum(np.argmax(probabilities, axis=1) == labels) / len(labels)
