"""Did the first two tasks, without padding, and went home.

test_conv2d_transpose: 2 of 3, padding "same" is not done
test_bilinear_kernel: 0 of 3, not done
test_bilinear_upsample: 0 of 1, not done
test_decoder_block: 0 of 3, not done
test_fcn_model: 0 of 4, not done
test_mean_iou: 0 of 2, not done
test_trained: 0 of 3, no file
"""
# file: decoder.keras = none

# %% insert_zeros
def insert_zeros(x, strides):
    """Put zeros between the pixels of each picture."""
    if not isinstance(strides, tuple) and not isinstance(strides, list):
        strides = (strides, strides)
    a = np.zeros((x.shape[0], (x.shape[1]-1)*strides[0]+1, (x.shape[2]-1)*strides[1]+1, x.shape[3]))
    a[:, 0::strides[0], 0::strides[1], :] = x
    return a

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    x = insert_zeros(x, strides)
    p = kernel.shape[0] - 1
    q = kernel.shape[1] - 1
    x = np.pad(x, ((0, 0), (p, p), (q, q), (0, 0)))
    kernel = np.rot90(kernel, k=2, axes=(0, 1))
    out = np.zeros((x.shape[0], x.shape[1] - p, x.shape[2] - q, kernel.shape[2]))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            for f in range(out.shape[3]):
                out[:, i, j, f] = (x[:, i:i+p+1, j:j+q+1, :] * kernel[:, :, f, :]).sum((1, 2, 3))
    # TODO padding same
    return out
