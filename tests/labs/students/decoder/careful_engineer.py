"""Types, docstrings, checks of arguments, helpers; everything is right."""


# %% insert_zeros
from collections.abc import Sequence


def _as_pair(value: int | Sequence[int]) -> tuple[int, int]:
    """Return (height, width)."""
    if isinstance(value, (int, np.integer)):
        return int(value), int(value)
    height, width = value
    return int(height), int(width)


def insert_zeros(x: np.ndarray, strides: int | Sequence[int]) -> np.ndarray:
    """Put zeros between the pixels of each picture."""
    x = np.asarray(x)
    if x.ndim != 4:
        raise ValueError(f"expected (batch, height, width, channels), got {x.shape}")
    stride_h, stride_w = _as_pair(strides)
    batch, height, width, channels = x.shape
    apart = np.zeros(
        (batch, (height - 1) * stride_h + 1, (width - 1) * stride_w + 1, channels), dtype=x.dtype
    )
    apart[:, ::stride_h, ::stride_w, :] = x
    return apart


# %% conv2d_transpose
def _correlate(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Valid correlation with strides of 1; kernel is (kh, kw, channels, filters)."""
    kh, kw, _, filters = kernel.shape
    out_h, out_w = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    out = np.zeros((x.shape[0], out_h, out_w, filters), dtype=np.result_type(x, kernel))
    for i in range(kh):
        for j in range(kw):
            out += np.tensordot(x[:, i : i + out_h, j : j + out_w], kernel[i, j], axes=1)
    return out


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    """Make pictures larger by a transposed convolution, as Keras' layer does without bias."""
    if padding not in ("valid", "same"):
        raise ValueError(f"unknown padding {padding!r}")
    stride_h, stride_w = _as_pair(strides)
    kh, kw = kernel.shape[:2]
    apart = insert_zeros(x, (stride_h, stride_w))
    ring = np.pad(apart, [(0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)])
    turned = np.rot90(kernel, k=2, axes=(0, 1)).swapaxes(2, 3)
    full = _correlate(ring, turned)
    if padding == "valid":
        return full
    too_many_h, too_many_w = kh - stride_h, kw - stride_w
    top, left = too_many_h // 2, too_many_w // 2
    bottom, right = too_many_h - top, too_many_w - left
    return full[:, top : full.shape[1] - bottom, left : full.shape[2] - right, :]


# %% bilinear_kernel
def bilinear_kernel(factor: int, channels: int) -> np.ndarray:
    """Make the kernel with which a transposed convolution enlarges bilinearly."""
    size = 2 * factor if factor % 2 == 0 else 2 * factor - 1
    places = np.arange(size) - (size - 1) / 2  # relative to the old centre, in new pixels
    shares = np.maximum(0, 1 - np.abs(places) / factor)
    kernel = np.zeros((size, size, channels, channels))
    diagonal = np.arange(channels)
    kernel[:, :, diagonal, diagonal] = np.outer(shares, shares)[:, :, np.newaxis]
    return kernel


# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    upsampling = keras.layers.UpSampling2D(size=factor, interpolation="bilinear")
    return upsampling(input_layer)


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    """Apply a separable 3×3 convolution with relu, then batch normalization."""
    convolved = SeparableConv2DKeras(
        filters=filters, kernel_size=3, strides=strides, padding="same", activation="relu"
    )(input_layer)
    return keras.layers.BatchNormalization()(convolved)


def decoder_block(small_input, large_input, filters):
    """Enlarge the small maps, lay the large ones beside them, and mix both."""
    enlarged = bilinear_upsample(small_input, factor=2)
    side_by_side = keras.layers.Concatenate(axis=-1)([enlarged, large_input])
    once = separable_conv2d_batchnorm(side_by_side, filters)
    twice = separable_conv2d_batchnorm(once, filters)
    return twice


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    """Make the network: encoder, 1×1 layer, decoder with skip connections, a class per pixel."""
    picture = keras.Input(shape=input_shape, name="picture")

    went_in = []
    maps = picture
    for block in block_filters:
        went_in.append(maps)
        maps = separable_conv2d_batchnorm(maps, block, strides=2)

    maps = keras.layers.Conv2D(filters, kernel_size=1, activation="relu", name="one_by_one")(maps)
    maps = keras.layers.BatchNormalization()(maps)

    for block, large in zip(reversed(block_filters), reversed(went_in), strict=True):
        maps = decoder_block(maps, large, block)

    answer = keras.layers.Conv2D(classes, kernel_size=1, activation="softmax", name="answer")(maps)
    return keras.Model(inputs=picture, outputs=answer, name="fcn")


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    """Average the intersection over union of all classes but the background."""
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if truth.shape != predicted.shape:
        raise ValueError("truth and prediction must have the same shape")
    ratios = []
    for label in range(1, classes):
        belongs = truth == label
        is_said = predicted == label
        union = np.count_nonzero(belongs | is_said)
        if union == 0:
            continue
        ratios.append(np.count_nonzero(belongs & is_said) / union)
    return float(np.mean(ratios))
