"""The sample class of the lab "encoder": who answers what, and what each cell deserves."""

FULL = {
    "test_conv2d_params": 1,
    "test_separable_conv2d_params": 2,
    "test_dense_kernel": 3,
    "test_fold_batch_norm": 3,
    "test_separable_conv2d_batchnorm": 3,
    "test_conv2d_batchnorm": 3,
    "test_encoder_block": 1,
    "test_encoder": 4,
    "rank_answer": None,  # written: a person grades it
}
# An unchanged written answer needs no person: nbgrader gives it 0.
NOTHING = dict.fromkeys(FULL, 0)

NO_NORMALIZATION = """
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return SeparableConv2DKeras(filters, 3, strides, "same", "relu")(input_layer)
"""

PLAIN_CONV2D = """
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    x = keras.layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu")(input_layer)
    return keras.layers.BatchNormalization()(x)
"""

MULTIPLIER_IGNORED = """
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    return height * width * channels + channels * filters + use_bias * filters
"""

LAST_LAYER_PLAIN = """
def encoder(input_shape, block_filters, filters):
    inputs = keras.Input(input_shape)
    x = inputs
    for n in block_filters:
        x = encoder_block(x, n, 2)
    return keras.Model(inputs, keras.layers.Conv2D(filters, 1, activation="relu")(x))
"""

BRACKET_MISSING = """
def dense_kernel(depthwise_kernel, pointwise_kernel):
    channels, multiplier = depthwise_kernel.shape[2:]
    mixing = pointwise_kernel.reshape((channels, multiplier, -1)
    return np.einsum("hwcm,cmf->hwcf", depthwise_kernel, mixing)
"""

OTHERWISE = {
    "conv2d_params": """
def conv2d_params(kernel_size, channels, filters, use_bias=True):
    layer = keras.layers.Conv2D(filters, kernel_size, use_bias=use_bias)
    layer.build((None, None, None, channels))
    return layer.count_params()
""",
    "separable_conv2d_params": """
import warnings


def separable_conv2d_params(k, c, f, depth_multiplier=1, use_bias=True):
    warnings.warn("still to be tidied up", UserWarning)
    maps = c * depth_multiplier
    return conv2d_params(k, 1, maps, use_bias=False) + conv2d_params(1, maps, f, use_bias)
""",
    "dense_kernel": """
def dense_kernel(depthwise_kernel, pointwise_kernel):
    kh, kw, channels, multiplier = depthwise_kernel.shape
    filters = pointwise_kernel.shape[-1]
    dense = np.zeros((kh, kw, channels, filters), "float32")
    for c in range(channels):
        for f in range(filters):
            for j in range(multiplier):
                weight = pointwise_kernel[0, 0, c * multiplier + j, f]
                dense[:, :, c, f] += weight * depthwise_kernel[:, :, c, j]
    return dense.tolist()
""",
    "fold_batch_norm": """
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    def normalized(x):
        return gamma * (x - mean) / (variance + epsilon) ** 0.5 + beta

    at_zero = normalized(0)
    return [(normalized(kernel) - at_zero).astype("float32"), normalized(bias)]
""",
    "separable_conv2d_batchnorm": """
from tensorflow.keras import layers


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    space = layers.DepthwiseConv2D((3, 3), strides=(strides, strides), padding="same", use_bias=False)
    x = space(input_layer)
    x = layers.Conv2D(filters, (1, 1))(x)
    x = layers.Activation("relu")(x)
    return layers.BatchNormalization(name=None)(x)
""",
    "conv2d_batchnorm": """
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    return keras.Sequential(
        [
            layers.Conv2D(filters, kernel_size, strides, "same"),
            layers.ReLU(),
            layers.BatchNormalization(),
        ]
    )(input_layer)
""",
    "encoder_block": """
def encoder_block(input_layer, filters, strides):
    print("a block of", filters)
    x = SeparableConv2DKeras(filters, (3, 3), strides, "same", "relu")(input_layer)
    return layers.BatchNormalization()(x)
""",
    "encoder": """
from functools import reduce


def encoder(input_shape, block_filters, filters):
    start = layers.Input(shape=input_shape)
    end = reduce(lambda x, n: encoder_block(x, n, strides=2), block_filters, start)
    return keras.models.Model(inputs=[start], outputs=conv2d_batchnorm(end, filters, 1))
""",
    "rank_answer": "The rank is at most the depth multiplier, because ...",
}


def _but(**changed):
    return lambda right: right | changed


# By student: the points deserved, and the answers, made from the instructor's right ones.
STUDENTS = {
    "perfect": (FULL, _but()),
    "untouched": (NOTHING, lambda right: {}),
    # The slip costs points where it is (2 of 3: weights and numbers); what follows costs nothing.
    "no_normalization": (
        FULL | {"test_separable_conv2d_batchnorm": 1},
        _but(separable_conv2d_batchnorm=NO_NORMALIZATION),
    ),
    "plain_conv2d": (
        FULL | {"test_separable_conv2d_batchnorm": 1},
        _but(separable_conv2d_batchnorm=PLAIN_CONV2D),
    ),
    # It counts right without a depth multiplier (1 of 2); its encoder gives the right shapes (2 of
    # 4) with a last layer that is not normalized.
    "half_done": (
        NOTHING
        | {
            "test_conv2d_params": 1,
            "test_separable_conv2d_params": 1,
            "test_dense_kernel": 3,
            "test_separable_conv2d_batchnorm": 3,
            "test_encoder_block": 1,
            "test_encoder": 2,
        },
        lambda right: {
            "conv2d_params": right["conv2d_params"],
            "separable_conv2d_params": MULTIPLIER_IGNORED,
            "dense_kernel": right["dense_kernel"],
            "separable_conv2d_batchnorm": right["separable_conv2d_batchnorm"],
            "encoder_block": right["encoder_block"],
            "encoder": LAST_LAYER_PLAIN,
        },
    ),
    # One cell cannot be read; all others are right.
    "syntax_error": (FULL | {"test_dense_kernel": 0}, _but(dense_kernel=BRACKET_MISSING)),
    "otherwise": (FULL, lambda right: OTHERWISE),
}
