"""Forgets the "+ 1" in the number of places, and the dense layer in the table.

test_macs: 2 of 3, one place too few in each direction
test_table: 1 of 2, the dense layer's multiply-accumulates are missing
"""
# rest: layers_by_name

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    output = (size - kernel_size) // strides
    if separable:
        return output ** 2 * channels * kernel_size ** 2 + output ** 2 * channels * filters
    return output ** 2 * channels * kernel_size ** 2 * filters

# %% table
def network_macs(sep):
    return macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 1, sep)

def clock(model):
    answers(model, x_test)
    start = time.perf_counter()
    p = answers(model, x_test)
    return time.perf_counter() - start, accuracy(p, y_test)

table = {}
for name, model, sep in (("dense", dense, False), ("separable", separable, True)):
    seconds, acc = clock(model)
    table[name] = {"parameters": model.count_params(), "macs": network_macs(sep), "kilobytes": os.path.getsize(name + ".keras") / 1000, "seconds": seconds, "accuracy": acc}
