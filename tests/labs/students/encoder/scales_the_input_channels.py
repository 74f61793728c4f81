"""Scales the kernel along the wrong axis, ends in a bare 1×1 Conv2D.

test_fold_batch_norm: 0 of 3, raises an error wherever there are more or fewer channels than filters
test_encoder: 2 of 4, the 1×1 layer is a bare convolution without relu and normalization; the shapes are right
"""
# rest: typed_with_dataclass

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    std = np.sqrt(variance + epsilon)
    # broadcast over (h, w, channels, filters)
    new_kernel = kernel * (gamma / std)[np.newaxis, np.newaxis, :, np.newaxis]
    new_bias = (bias - mean) / std * gamma + beta
    return new_kernel, new_bias

# %% encoder
def encoder(input_shape, block_filters, filters):
    inputs = keras.Input(shape=input_shape)
    tensor = inputs
    for bf in block_filters:
        tensor = encoder_block(tensor, bf, strides=2)
    outputs = keras.layers.Conv2D(filters, 1, strides=1, padding="same")(tensor)
    return keras.Model(inputs, outputs)
