"""Counts the depthwise part only, and measures without letting the network answer once before.

test_macs: 2 of 3, the pointwise part is not counted
test_table: 1 of 2, takes the time of the first call, which prepares the network
"""
# rest: add_in_a_loop

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    out = (size - kernel_size) // strides + 1
    if separable:
        return out * out * kernel_size * kernel_size * channels
    else:
        return out * out * kernel_size * kernel_size * channels * filters

# %% table
table = {"dense": {}, "separable": {}}
for name in table:
    sep = (name == "separable")
    net = separable if sep else dense
    start = time.time()
    a = answers(keras.models.clone_model(net) if False else net, x_test)
    table[name]["seconds"] = time.time() - start
    table[name]["parameters"] = net.count_params()
    table[name]["macs"] = macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 1, sep) + 320
    table[name]["kilobytes"] = os.path.getsize(name + ".keras") / 1000
    table[name]["accuracy"] = accuracy(a, y_test)
