"""Finds the networks ready-made in sepconv.models and uses them, though the text forbids it; macs of a Java-like kind.

test_network: 0 of 4, sepconv is not the student's to use here
"""
# rest: layers_by_name

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    # dir(models) shows them
    make = models.mnist_separable if separable else models.mnist_dense
    try:
        return make(activation=activation)
    except TypeError:
        return make()

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    new_size = 0
    position = 0
    while position + kernel_size <= size:
        new_size = new_size + 1
        position = position + strides
    if separable:
        depthwise = new_size * new_size * channels * kernel_size * kernel_size
        pointwise = new_size * new_size * channels * filters * 1 * 1
        return depthwise + pointwise
    else:
        return new_size * new_size * channels * filters * kernel_size * kernel_size
