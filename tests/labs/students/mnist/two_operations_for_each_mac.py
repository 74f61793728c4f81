"""Counts a multiplication and an addition as two, and swaps filters and kernel when calling macs in the table.

test_macs: 2 of 3, everything twice: a multiply-accumulate is one, not two
test_table: 1 of 2, kernel size and filters are swapped in the calls of macs
"""
# rest: right_keras_does_the_counting

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    o = (size - kernel_size) // strides + 1
    if separable:
        n = o*o*channels*kernel_size**2 + o*o*channels*filters
    else:
        n = o*o*channels*filters*kernel_size**2
    return 2 * n     # one multiplication + one addition

# %% table
table = {}
for name, model, sep in [("dense", dense, False), ("separable", separable, True)]:
    answers(model, x_test[:500])
    answers(model, x_test)
    t1 = time.perf_counter()
    res = answers(model, x_test)
    t2 = time.perf_counter()
    table[name] = {
        "parameters": model.count_params(),
        # size, channels, kernel, filters, strides
        "macs": macs(28, 1, 7, 8, 2, sep) + macs(11, 8, 5, 16, 2, sep) + abs(macs(4, 16, 3, 32, 1, sep)) + 2 * 32 * 10,
        "kilobytes": Path(f"{name}.keras").stat().st_size / 1000,
        "seconds": t2 - t1,
        "accuracy": accuracy(res, y_test),
    }
