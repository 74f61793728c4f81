"""Strides only after the depthwise part when counting, and measures the table's accuracy on the moved digits.

test_macs: 2 of 3, the depthwise part is counted without its strides
test_table: 1 of 2, the accuracy is that on x_moved, not on x_test
"""
# rest: right_depthwise_and_pointwise_by_hand

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    def out(s):
        return (size - kernel_size) // s + 1

    if not separable:
        return out(strides)**2 * kernel_size**2 * channels * filters
    # first filter the picture, then combine (and skip)
    depthwise = out(1)**2 * kernel_size**2 * channels
    pointwise = out(strides)**2 * channels * filters
    return depthwise + pointwise

# %% table
table = {"dense": None, "separable": None}
for k in table:
    m = {"dense": dense, "separable": separable}[k]
    sep = k == "separable"
    answers(m, x_test)
    begin = time.time()
    answers(m, x_test)
    end = time.time()
    table[k] = {
        "parameters": m.count_params(),
        "macs": macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 1, sep) + 10*32,
        "kilobytes": os.path.getsize(k + ".keras") / 1000,
        "seconds": end - begin,
        # graded on moved digits, see task 4
        "accuracy": accuracy(answers(m, x_moved), y_test),
    }
