"""Takes the separable layer apart and leaves Keras' default bias in the depthwise half too; squares kernel_size, which fails for pairs.

test_conv2d_params: 0 of 1, only square kernels: a pair ends in a TypeError
test_separable_conv2d_params: 1 of 2, a pair ends in a TypeError; square kernels are right
test_separable_conv2d_batchnorm: 2 of 3, a bias in the depthwise part as well
"""
# rest: tf_tutorial

# %% conv2d_params
import tensorflow as tf
from tensorflow.keras import layers

def conv2d_params(kernel_size, channels, filters, use_bias=True):
  return kernel_size**2 * channels * filters + (filters if use_bias else 0)

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
  depthwise = kernel_size**2 * channels * depth_multiplier
  pointwise = channels * depth_multiplier * filters
  return depthwise + pointwise + (filters if use_bias else 0)

# %% separable_conv2d_batchnorm
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
  """Apply a separable 3×3 convolution with relu, then batch normalization."""
  x = keras.layers.DepthwiseConv2D(3, strides=strides, padding='same')(input_layer)
  x = keras.layers.Conv2D(filters, 1, activation='relu')(x)
  return keras.layers.BatchNormalization()(x)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
  """Apply a dense convolution with relu, then batch normalization."""
  x = keras.layers.Conv2D(filters, kernel_size, strides=strides, padding='same', activation='relu')(input_layer)
  return keras.layers.BatchNormalization()(x)
