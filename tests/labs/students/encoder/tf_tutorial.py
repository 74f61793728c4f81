"""Writes as in TensorFlow's tutorials: imports tf, tf.keras, Sequential pieces called on the tensor; everything is right."""

# %% conv2d_params
import tensorflow as tf
from tensorflow.keras import layers

def conv2d_params(kernel_size, channels, filters, use_bias=True):
  """Count the parameters of a dense convolution."""
  if isinstance(kernel_size, int):
    kernel_size = (kernel_size, kernel_size)
  params = kernel_size[0] * kernel_size[1] * channels * filters
  if use_bias:
    params += filters
  print(f"Conv2D: {params} parameters")
  return params

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
  """Count the parameters of a depthwise separable convolution."""
  if isinstance(kernel_size, int):
    kernel_size = (kernel_size, kernel_size)
  params = kernel_size[0] * kernel_size[1] * channels * depth_multiplier
  params += channels * depth_multiplier * filters
  if use_bias:
    params += filters
  print(f"SeparableConv2D: {params} parameters")
  return params

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
  """Compose a depthwise and a pointwise kernel into the dense kernel that they equal."""
  kh, kw, c, m = depthwise_kernel.shape
  f = pointwise_kernel.shape[-1]
  return np.einsum('ijcm,cmf->ijcf', depthwise_kernel, pointwise_kernel.reshape((c, m, f)))

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
  """Give the (kernel, bias) that equal a convolution and its batch normalization."""
  factor = np.multiply(gamma, np.reciprocal(np.sqrt(np.add(variance, epsilon))))
  return np.multiply(kernel, factor), np.add(np.multiply(np.subtract(bias, mean), factor), beta)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
  """Apply a separable 3×3 convolution with relu, then batch normalization."""
  block = tf.keras.Sequential([
      layers.SeparableConv2D(filters, (3, 3), strides=(strides, strides), padding='SAME',
                             activation=tf.nn.relu),
      layers.BatchNormalization(),
  ])
  return block(input_layer)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
  """Apply a dense convolution with relu, then batch normalization."""
  block = tf.keras.Sequential([
      layers.Conv2D(filters, kernel_size, strides=(strides, strides), padding='SAME',
                    activation=tf.nn.relu, kernel_initializer='he_normal'),
      layers.BatchNormalization(),
  ])
  return block(input_layer)

# %% encoder_block
def encoder_block(input_layer, filters, strides):
  """Apply one block of the encoder."""
  return separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
  """Make the encoder: blocks that halve height and width, then a 1×1 layer."""
  inputs = tf.keras.Input(shape=input_shape)
  x = inputs
  for f in block_filters:
    x = encoder_block(x, filters=f, strides=2)
  x = conv2d_batchnorm(x, filters, kernel_size=1, strides=1)
  return tf.keras.Model(inputs=inputs, outputs=x)
