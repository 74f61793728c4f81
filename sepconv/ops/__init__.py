"""Reference operations in NumPy: NHWC data, Keras' kernel layouts, Keras' argument names.

A "convolution" is a cross-correlation, as in Keras: the kernel is not rotated. Every operation has
a gradient beside it, `<operation>_gradient(upstream, …)`, which takes the gradient of a scalar with
respect to the operation's output and returns its gradients with respect to the inputs.
"""

from sepconv.ops.convolution import channel_shuffle, conv2d, conv2d_gradient
from sepconv.ops.geometry import Size, output_size, same_padding
from sepconv.ops.normalization import (
    batch_normalization,
    batch_normalization_gradient,
    batch_statistics,
)
from sepconv.ops.pooling import (
    average_pool2d,
    average_pool2d_gradient,
    global_average_pool2d,
    global_average_pool2d_gradient,
    max_pool2d,
    max_pool2d_gradient,
    upsample_bilinear2d,
    upsample_bilinear2d_gradient,
)
from sepconv.ops.separable import (
    Separation,
    depthwise_conv2d,
    depthwise_conv2d_gradient,
    pointwise_conv2d,
    separable_conv2d,
    separable_conv2d_gradient,
    separate,
)
from sepconv.ops.transposed import (
    conv2d_transpose,
    conv2d_transpose_gradient,
    conv_matrix,
    transposed_size,
)

__all__ = [
    "Separation",
    "Size",
    "average_pool2d",
    "average_pool2d_gradient",
    "batch_normalization",
    "batch_normalization_gradient",
    "batch_statistics",
    "channel_shuffle",
    "conv2d",
    "conv2d_gradient",
    "conv2d_transpose",
    "conv2d_transpose_gradient",
    "conv_matrix",
    "depthwise_conv2d",
    "depthwise_conv2d_gradient",
    "global_average_pool2d",
    "global_average_pool2d_gradient",
    "max_pool2d",
    "max_pool2d_gradient",
    "output_size",
    "pointwise_conv2d",
    "same_padding",
    "separable_conv2d",
    "separable_conv2d_gradient",
    "separate",
    "transposed_size",
    "upsample_bilinear2d",
    "upsample_bilinear2d_gradient",
]
