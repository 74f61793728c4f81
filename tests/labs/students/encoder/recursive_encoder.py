"""Recursion for the blocks, the block's layers written out again instead of called, two-space indents; everything is right."""

# %% conv2d_params
def conv2d_params(kernel_size, channels, filters, use_bias=True):
  if not isinstance(kernel_size, (tuple, list)):
    return conv2d_params([kernel_size] * 2, channels, filters, use_bias)
  if use_bias:
    return conv2d_params(kernel_size, channels, filters, False) + filters
  a, b = kernel_size
  return a*b*channels*filters

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
  # depthwise = channels times a conv with 1 channel in and depth_multiplier out
  return (conv2d_params(kernel_size, 1, depth_multiplier, False) * channels
          + conv2d_params((1, 1), channels*depth_multiplier, filters, use_bias))

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
  h, w, c, m = depthwise_kernel.shape
  if c == 1:
    return np.tensordot(depthwise_kernel, pointwise_kernel[0, 0], axes=1)
  first = dense_kernel(depthwise_kernel[:, :, :1], pointwise_kernel[:, :, :m])
  others = dense_kernel(depthwise_kernel[:, :, 1:], pointwise_kernel[:, :, m:])
  return np.concatenate([first, others], axis=2)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
  g = gamma / (variance + epsilon)**.5
  return [kernel*g, bias*g - mean*g + beta]

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
  x = keras.layers.SeparableConv2D(filters, 3, padding='same', strides=strides, activation='relu')(input_layer)
  return keras.layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
  x = keras.layers.Conv2D(filters, kernel_size, padding='same', strides=strides, activation='relu')(input_layer)
  return keras.layers.BatchNormalization()(x)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
  x = keras.layers.SeparableConv2D(filters, 3, padding='same', strides=strides, activation='relu')(input_layer)
  x = keras.layers.BatchNormalization()(x)
  return x

# %% encoder
def blocks(x, todo):
  if len(todo) == 0:
    return x
  return blocks(encoder_block(x, todo[0], 2), todo[1:])

def encoder(input_shape, block_filters, filters):
  i = keras.Input(input_shape)
  return keras.Model(i, conv2d_batchnorm(blocks(i, block_filters), filters, 1))
