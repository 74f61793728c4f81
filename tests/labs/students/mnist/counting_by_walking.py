"""Counts the MACs by walking over every place with loops; slow, and everything is right.
"""
# rest: tf_tutorial

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    count = 0
    row = 0
    while row + kernel_size <= size:
        column = 0
        while column + kernel_size <= size:
            if separable:
                for channel in range(channels):
                    count += kernel_size * kernel_size   # depthwise
                for f in range(filters):
                    count += channels                    # pointwise
            else:
                for f in range(filters):
                    for channel in range(channels):
                        count += kernel_size * kernel_size
            column += strides
        row += strides
    return count

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    right = 0
    for p, label in zip(probabilities, labels):
        if np.argmax(p) == label:
            right += 1
    return right / len(labels)

# %% table
table = {}

# --- dense
d = {}
d["parameters"] = dense.count_params()
d["macs"] = macs(28, 1, 8, 7, 2) + macs(11, 8, 16, 5, 2) + macs(4, 16, 32, 3) + 32 * 10
d["kilobytes"] = Path("dense.keras").stat().st_size / 1000
answers(dense, x_test)
start = time.perf_counter()
a = answers(dense, x_test)
d["seconds"] = time.perf_counter() - start
d["accuracy"] = accuracy(a, y_test)
table["dense"] = d

# --- separable
s = {}
s["parameters"] = separable.count_params()
s["macs"] = macs(28, 1, 8, 7, 2, True) + macs(11, 8, 16, 5, 2, True) + macs(4, 16, 32, 3, 1, True) + 32 * 10
s["kilobytes"] = Path("separable.keras").stat().st_size / 1000
answers(separable, x_test)
start = time.perf_counter()
a = answers(separable, x_test)
s["seconds"] = time.perf_counter() - start
s["accuracy"] = accuracy(a, y_test)
table["separable"] = s
