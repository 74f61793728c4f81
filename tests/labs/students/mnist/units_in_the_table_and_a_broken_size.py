"""Writes units behind the measured numbers, so that they are text, and does not round the places down.

test_macs: 2 of 3, the places are not rounded to a whole number
test_table: 1 of 2, kilobytes and seconds are text with a unit
"""
# rest: right_pytorch_accent

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    out = (size - kernel_size) / strides + 1
    if separable:
        return out**2 * channels * (kernel_size**2 + filters)
    else:
        return out**2 * channels * kernel_size**2 * filters

# %% table
table = {}
for name, model in (('dense', dense), ('separable', separable)):
    flag = (name == 'separable')
    answers(model, x_test)
    start = time.time()
    res = answers(model, x_test)
    needed = time.time() - start
    table[name] = {
        'parameters': model.count_params(),
        'macs': macs(28, 1, 8, 7, 2, flag) + macs(11, 8, 16, 5, 2, flag) + macs(4, 16, 32, 3, 1, flag) + 32*10,
        'kilobytes': f"{os.path.getsize(name + '.keras')/1000:.1f} kB",
        'seconds': f"{needed:.3f} s",
        'accuracy': accuracy(res, y_test),
    }
table
