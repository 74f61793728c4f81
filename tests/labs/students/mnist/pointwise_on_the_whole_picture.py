"""Lets the pointwise part run over the picture that comes in instead of what is left, and counts right answers without dividing.

test_macs: 2 of 3, the pointwise part's places are those of the input
test_accuracy: 1 of 2, the number of right answers, not their fraction
"""
# rest: functional_api

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    def places(kernel, step):
        return ((size - kernel) // step + 1) ** 2

    if separable:
        depthwise = places(kernel_size, strides) * kernel_size ** 2 * channels
        pointwise = places(1, 1) * channels * filters
        return depthwise + pointwise
    return places(kernel_size, strides) * kernel_size ** 2 * channels * filters

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    right = 0
    for i in range(len(labels)):
        if probabilities[i].argmax() == labels[i]:
            right += 1
    return right
