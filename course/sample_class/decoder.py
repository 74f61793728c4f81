"""The sample class of the lab "decoder": who answers what, and what each cell deserves.

The network that they hand in was trained on scenes of scikit-learn's digits: every grader tries it
on such.
"""

from pathlib import Path

FULL = {
    "test_insert_zeros": 1,
    "test_conv2d_transpose": 3,
    "test_bilinear_kernel": 3,
    "test_bilinear_upsample": 1,
    "test_decoder_block": 3,
    "test_fcn_model": 4,
    "test_mean_iou": 2,
    "test_trained": 3,
    "written_answer": None,  # a person grades it
}
# An unchanged written answer needs no person: nbgrader gives it 0.
NOTHING = dict.fromkeys(FULL, 0)
TRAINED = Path(__file__).parent / "trained" / "decoder.keras"

NOT_TURNED = """
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s, t = strides if isinstance(strides, tuple) else (strides, strides)
    k, l = kernel.shape[:2]
    wide = np.pad(insert_zeros(x, strides), [(0, 0), (k - 1, k - 1), (l - 1, l - 1), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(wide, (k, l), axis=(1, 2))
    full = np.einsum("nhwcij,ijfc->nhwf", windows, kernel)
    if padding == "valid":
        return full
    return full[:, (k - s) // 2 :, (l - t) // 2 :][:, : x.shape[1] * s, : x.shape[2] * t]
"""

EVEN_FACTORS_ONLY = """
def bilinear_kernel(factor, channels):
    line = 1 - np.abs(np.arange(2 * factor) - factor + 0.5) / factor
    return np.einsum("i,j,fc->ijfc", line, line, np.eye(channels))
"""

SKIP_ADDED = """
def decoder_block(small_input, large_input, filters):
    x = bilinear_upsample(small_input)
    x = keras.layers.Conv2D(large_input.shape[-1], 1)(x)
    x = keras.layers.Add()([x, large_input])
    for _ in range(2):
        x = SeparableConv2DKeras(filters, 3, 1, "same", "relu")(x)
        x = keras.layers.BatchNormalization()(x)
    return x
"""

# Made of the student's own decoder_block, whatever that does.
NETWORK = """
def fcn_model(input_shape, block_filters, filters, classes):
    x = inputs = keras.Input(input_shape)
    skips = []
    for n in block_filters:
        skips.append(x)
        x = SeparableConv2DKeras(n, 3, 2, "same", "relu")(x)
        x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Conv2D(filters, 1, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    for n, skip in zip(block_filters[::-1], skips[::-1]):
        x = decoder_block(x, skip, n)
    return keras.Model(inputs, keras.layers.Conv2D(classes, 1, activation="softmax")(x))
"""

BACKGROUND_COUNTED = """
def mean_iou(truth, predicted, classes=11):
    found = []
    for c in range(classes):
        union = ((truth == c) | (predicted == c)).sum()
        if union:
            found.append(((truth == c) & (predicted == c)).sum() / union)
    return np.mean(found)
"""

OTHERWISE = {
    "insert_zeros": """
def insert_zeros(x, strides):
    try:
        s, t = strides
    except TypeError:
        s = t = strides
    corner = np.zeros((1, s, t, 1))
    corner[0, 0, 0, 0] = 1
    large = np.kron(x, corner)
    return large[:, : large.shape[1] - s + 1, : large.shape[2] - t + 1].astype("float32")
""",
    "conv2d_transpose": """
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s, t = strides if isinstance(strides, (tuple, list)) else (strides, strides)
    n, h, w, _ = x.shape
    kh, kw, filters, _ = kernel.shape
    large = np.zeros((n, (h - 1) * s + kh, (w - 1) * t + kw, filters))
    for i in range(h):
        for j in range(w):
            copy = np.einsum("nc,ijfc->nijf", x[:, i, j], kernel)
            large[:, i * s : i * s + kh, j * t : j * t + kw] += copy
    if padding == "same":
        large = large[:, (kh - s) // 2 :, (kw - t) // 2 :]
        large = large[:, : h * s, : w * t]
    return large
""",
    "bilinear_kernel": """
def bilinear_kernel(factor, channels):
    line = np.convolve(np.ones(factor), np.ones(factor)) / factor
    if factor % 2 == 0:
        line = np.convolve(line, [0.5, 0.5])
    kernel = np.zeros((len(line), len(line), channels, channels), "float32")
    for c in range(channels):
        kernel[..., c, c] = line[:, None] * line
    return kernel.tolist()
""",
    "bilinear_upsample": """
import warnings
from tensorflow.keras import layers


def bilinear_upsample(input_layer, factor=2):
    warnings.warn("still to be tidied up", UserWarning)
    return layers.UpSampling2D((factor, factor), interpolation="bilinear")(input_layer)
""",
    "decoder_block": """
def decoder_block(small_input, large_input, filters):
    x = keras.ops.concatenate([bilinear_upsample(small_input), large_input], axis=-1)
    print("a block of", filters)
    for _ in range(2):
        x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
        x = layers.Conv2D(filters, 1)(x)
        x = layers.BatchNormalization()(layers.ReLU()(x))
    return x
""",
    "fcn_model": """
def fcn_model(input_shape, block_filters, filters, classes):
    def within(x, some):
        if not some:
            return layers.BatchNormalization()(layers.Dense(filters, activation="relu")(x))
        below = layers.SeparableConv2D(some[0], 3, strides=2, padding="same", activation="relu")(x)
        below = layers.BatchNormalization()(below)
        return decoder_block(within(below, some[1:]), x, some[0])

    start = layers.Input(shape=input_shape)
    end = layers.Dense(classes, activation="softmax")(within(start, list(block_filters)))
    return keras.models.Model(inputs=[start], outputs=end)
""",
    "mean_iou": """
def mean_iou(truth, predicted, classes=11):
    table = np.bincount(np.ravel(classes * truth + predicted), minlength=classes**2)
    table = table.reshape(classes, classes)
    hits = np.diag(table)
    union = table.sum(0) + table.sum(1) - hits
    with np.errstate(invalid="ignore"):
        return float(np.nanmean((hits / union)[1:]))
""",
    "written_answer": "Beyond the rim there are zeros, so the picture fades ...",
}


def _but(**changed):
    return lambda right: right | changed


# By student: the points deserved, and the answers, made from the instructor's right ones.
STUDENTS = {
    "perfect": (FULL, _but()),
    "untouched": (NOTHING, lambda right: {}),
    # All right, but nothing was trained.
    "no_network": (FULL | {"test_trained": 0}, _but()),
    # One slip each: the kernel is not turned (2 of 3), the bilinear kernel is right for even
    # factors (2 of 3), the skip is added (2 of 3), the background counts (1 of 2). The network is
    # right as far as its blocks are.
    "half_done": (
        FULL
        | {
            "test_conv2d_transpose": 2,
            "test_bilinear_kernel": 2,
            "test_decoder_block": 2,
            "test_mean_iou": 1,
            "written_answer": 0,
        },
        lambda right: {
            "insert_zeros": right["insert_zeros"],
            "conv2d_transpose": NOT_TURNED,
            "bilinear_kernel": EVEN_FACTORS_ONLY,
            "bilinear_upsample": right["bilinear_upsample"],
            "decoder_block": SKIP_ADDED,
            "fcn_model": NETWORK,
            "mean_iou": BACKGROUND_COUNTED,
        },
    ),
    "otherwise": (FULL, lambda right: OTHERWISE),
}
# Who hands in a network beside the notebook.
FILES = {student: {"decoder": TRAINED} for student in ("perfect", "half_done", "otherwise")}
