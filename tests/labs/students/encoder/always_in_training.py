"""Calls the normalization with training=True so that "it also works while training", and averages the depthwise kernels.

test_dense_kernel: 2 of 3, takes the mean over the depth multiplier where a sum belongs
test_separable_conv2d_batchnorm: 2 of 3, the normalization uses the batch's mean and variance in inference, too
test_conv2d_batchnorm: 2 of 3, the normalization uses the batch's mean and variance in inference, too
"""
# rest: recursive_encoder

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
  kh, kw, ch, mult = depthwise_kernel.shape
  p = pointwise_kernel[0, 0].reshape(ch, mult, -1)
  # all products, then one kernel of the several
  products = depthwise_kernel[:, :, :, :, None] * p[None, None]
  return products.mean(axis=3)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
  x = keras.layers.SeparableConv2D(filters, 3, padding='same', strides=strides, activation='relu')(input_layer)
  # in training the statistics of the batch are used
  return keras.layers.BatchNormalization()(x, training=True)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
  x = keras.layers.Conv2D(filters, kernel_size, padding='same', strides=strides, activation='relu')(input_layer)
  return keras.layers.BatchNormalization()(x, training=True)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
  return separable_conv2d_batchnorm(input_layer, filters, strides)
