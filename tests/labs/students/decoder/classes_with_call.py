"""Classes where a function would do, layers kept in objects; everything is right.
"""

# %% insert_zeros
class Strides:
    def __init__(self, value):
        try:
            self.h, self.w = value
        except TypeError:
            self.h = self.w = value


class ZeroInserter:
    def __init__(self, strides):
        self.strides = Strides(strides)

    def new_size(self, old, stride):
        return (old - 1) * stride + 1

    def __call__(self, x):
        b, h, w, c = x.shape
        result = np.zeros(
            shape=(b, self.new_size(h, self.strides.h), self.new_size(w, self.strides.w), c),
            dtype=x.dtype,
        )
        result[:, :: self.strides.h, :: self.strides.w, :] = x
        return result


def insert_zeros(x, strides):
    return ZeroInserter(strides)(x)

# %% conv2d_transpose
class TransposedConvolution:
    def __init__(self, kernel, strides, padding):
        self.kernel = np.asarray(kernel)
        self.strides = Strides(strides)
        self.padding = padding

    def ring(self, x):
        kh, kw = self.kernel.shape[0], self.kernel.shape[1]
        return np.pad(x, ((0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1), (0, 0)), mode="constant")

    def convolve(self, x):
        flipped = np.flip(np.flip(self.kernel, 0), 1)
        kh, kw, _, _ = flipped.shape
        windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))
        # windows: b h w c kh kw
        return np.tensordot(windows, flipped, axes=[(4, 5, 3), (0, 1, 3)])

    def crop(self, y, h, w):
        if self.padding == "valid":
            return y
        top = (self.kernel.shape[0] - self.strides.h) // 2
        left = (self.kernel.shape[1] - self.strides.w) // 2
        return y[:, top : top + h * self.strides.h, left : left + w * self.strides.w, :]

    def __call__(self, x):
        apart = insert_zeros(x, (self.strides.h, self.strides.w))
        return self.crop(self.convolve(self.ring(apart)), x.shape[1], x.shape[2])


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    return TransposedConvolution(kernel, strides, padding)(x)

# %% bilinear_kernel
class Tent:
    """1 at zero, 0 from one on"""

    def __call__(self, distance):
        return np.maximum(0, 1 - np.abs(distance))


def bilinear_kernel(factor, channels):
    size = 2 * factor if factor % 2 == 0 else 2 * factor - 1
    positions = np.linspace(-(size - 1) / 2, (size - 1) / 2, size) / factor
    line = Tent()(positions)
    kernel = np.zeros((size, size, channels, channels))
    for c in range(channels):
        kernel[..., c, c] = np.outer(line, line)
    return kernel

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    return BilinearUpSampling2D(factor)(input_layer)

# %% decoder_block
class SepBN:
    def __init__(self, filters, strides=1):
        self.conv = SeparableConv2DKeras(filters, 3, strides, "same", "relu")
        self.norm = keras.layers.BatchNormalization()

    def __call__(self, x):
        return self.norm(self.conv(x))


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return SepBN(filters, strides)(input_layer)


def decoder_block(small_input, large_input, filters):
    stages = [SepBN(filters), SepBN(filters)]
    x = keras.layers.Concatenate()([bilinear_upsample(small_input), large_input])
    for stage in stages:
        x = stage(x)
    return x

# %% fcn_model
class FCN:
    def __init__(self, block_filters, filters, classes):
        self.block_filters = block_filters
        self.filters = filters
        self.classes = classes

    def encoder(self, x):
        self.skips = {}
        for i, f in enumerate(self.block_filters):
            self.skips[i] = x
            x = separable_conv2d_batchnorm(x, f, 2)
        return x

    def middle(self, x):
        x = keras.layers.Conv2D(self.filters, 1, activation="relu")(x)
        return keras.layers.BatchNormalization()(x)

    def decoder(self, x):
        for i in sorted(self.skips, reverse=True):
            x = decoder_block(x, self.skips[i], self.block_filters[i])
        return x

    def build(self, input_shape):
        inputs = keras.layers.Input(input_shape)
        x = self.decoder(self.middle(self.encoder(inputs)))
        return keras.Model(inputs, keras.layers.Conv2D(self.classes, 1, activation="softmax")(x))


def fcn_model(input_shape, block_filters, filters, classes):
    return FCN(block_filters, filters, classes).build(input_shape)

# %% mean_iou
class Iou:
    def __init__(self, c):
        self.c = c

    def of(self, truth, predicted):
        t, p = truth == self.c, predicted == self.c
        union = np.logical_or(t, p).sum()
        return None if union == 0 else np.logical_and(t, p).sum() / union


def mean_iou(truth, predicted, classes=11):
    found = [Iou(c).of(truth, predicted) for c in range(1, classes)]
    found = [f for f in found if f is not None]
    return sum(found) / len(found)
