"""Many small typed helpers with docstrings and asserts; everything is right.
"""

# %% insert_zeros
from typing import Sequence


def as_pair(strides: int | Sequence[int]) -> tuple[int, int]:
    """Turn one number or two into two."""
    if isinstance(strides, (int, np.integer)):
        return int(strides), int(strides)
    first, second = strides
    return int(first), int(second)


def insert_zeros(x: np.ndarray, strides: int | Sequence[int]) -> np.ndarray:
    """Put zeros between the pixels of each picture."""
    assert x.ndim == 4, "a batch of pictures, please"
    vertical, horizontal = as_pair(strides)
    batch, height, width, channels = x.shape
    result = np.zeros_like(
        x, shape=(batch, (height - 1) * vertical + 1, (width - 1) * horizontal + 1, channels)
    )
    result[:, ::vertical, ::horizontal] = x
    return result

# %% conv2d_transpose
def add_ring(x: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Lay zeros around."""
    return np.pad(x, ((0, 0), (rows, rows), (columns, columns), (0, 0)))


def convolve(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Valid convolution, strides 1; kernel (height, width, filters, channels)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], (1, 2))
    return np.einsum("byxcij,ijfc->byxf", windows, kernel, optimize=True)


def margins(too_much: int) -> slice:
    """What stays when too_much is cut off, half at each side."""
    before = too_much // 2
    after = too_much - before
    return slice(before, -after if after else None)


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    vertical, horizontal = as_pair(strides)
    rows, columns = kernel.shape[:2]
    ringed = add_ring(insert_zeros(x, strides), rows - 1, columns - 1)
    result = convolve(ringed, np.flip(kernel, axis=(0, 1)))
    if padding == "same":
        result = result[:, margins(rows - vertical), margins(columns - horizontal)]
    return result

# %% bilinear_kernel
def tent(factor: int) -> np.ndarray:
    """The shares along a line."""
    size = 2 * factor - (factor % 2)
    places = np.arange(size) - (size - 1) / 2
    return 1 - abs(places) / factor


def bilinear_kernel(factor: int, channels: int) -> np.ndarray:
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    line = tent(factor)
    return np.outer(line, line)[..., None, None] * np.eye(channels)[None, None]

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    return BilinearUpSampling2D(size=(factor, factor))(input_layer)

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters: int, strides: int = 1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    convolution = SeparableConv2DKeras(
        filters=filters, kernel_size=3, strides=strides, padding="same", activation="relu"
    )
    normalization = keras.layers.BatchNormalization()
    return normalization(convolution(input_layer))


def decoder_block(small_input, large_input, filters: int):
    """Enlarge the small maps, lay the large ones beside them, and mix both."""
    enlarged = bilinear_upsample(small_input)
    mixed = keras.layers.Concatenate()([enlarged, large_input])
    mixed = separable_conv2d_batchnorm(mixed, filters)
    return separable_conv2d_batchnorm(mixed, filters)

# %% fcn_model
def encoder(x, block_filters):
    """Return what went into each block, and what leaves the last."""
    went_in = []
    for width in block_filters:
        went_in.append(x)
        x = separable_conv2d_batchnorm(x, width, strides=2)
    return went_in, x


def one_by_one(x, filters):
    return keras.layers.BatchNormalization()(keras.layers.Conv2D(filters, 1, activation="relu")(x))


def decoder(x, went_in, block_filters):
    for large, width in reversed(list(zip(went_in, block_filters, strict=True))):
        x = decoder_block(x, large, width)
    return x


def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    picture = keras.Input(input_shape)
    went_in, x = encoder(picture, block_filters)
    x = decoder(one_by_one(x, filters), went_in, block_filters)
    answer = keras.layers.Conv2D(classes, 1, activation="softmax")(x)
    return keras.Model(picture, answer)

# %% mean_iou
def class_iou(truth, predicted, index: int) -> float | None:
    """IoU of one class, or None if there is none."""
    belongs, said = truth == index, predicted == index
    union = np.sum(belongs | said)
    return float(np.sum(belongs & said) / union) if union else None


def mean_iou(truth, predicted, classes=11):
    """Average the intersection over union of all classes but the background."""
    all_iou = (class_iou(truth, predicted, index) for index in range(1, classes))
    return float(np.mean([iou for iou in all_iou if iou is not None]))
