"""
The encoder lab's reference answers and its known mistakes, as code. Only the judge may read this.

`cases` gives the hidden tests their cases; the visible tests' cases, in examples.npz, are made from the same
answers and mistakes with other inputs. Expected numbers of layers come from NumPy (`sepconv.ops`), those of
mistakes from the mistaken layers themselves.
"""

from collections import Counter
from functools import partial

import numpy as np

from autograder import behaviour
from autograder.cases import Case, Computed, Mistake
from autograder.differences import difference
from sepconv import ops

LAB_SEED = 20
FUNCTIONS = (
    "conv2d_params",
    "separable_conv2d_params",
    "dense_kernel",
    "fold_batch_norm",
    "separable_conv2d_batchnorm",
    "conv2d_batchnorm",
    "encoder_block",
    "encoder",
)


def cases(function, hidden=True, seed=None):
    """
    Make the cases of one graded function.

    Parameters
    ----------
    function : str
        One of `FUNCTIONS`.
    hidden : bool
        Whether for the hidden test or for the visible one, whose inputs are others.
    seed : int, optional
        Seed of the values that are drawn.

    Returns
    -------
    list of Case
        In the order in which a test runs them.
    """
    if seed is None:
        seed = LAB_SEED + (7 if hidden else 0)
    make = {"conv2d_params": _counts, "separable_conv2d_params": _counts}
    make |= {"dense_kernel": _dense_kernels, "fold_batch_norm": _foldings, "encoder": _encoders}
    return list(make.get(function, _layers)(function, hidden, np.random.default_rng(seed)))


def mistakes_of(function):
    """
    List the known mistakes of one graded function.

    Parameters
    ----------
    function : str
        One of `FUNCTIONS`.

    Returns
    -------
    dict of str to pair of callable and str
        By name: the mistaken function, and a sentence on what to look at.
    """
    return MISTAKES[function]


def _recognisable(function, case):
    """Compute what each known mistake gives in a case; leave out those that are right there or raise."""

    def compute():
        found = {}
        for name, (mistaken, hint) in MISTAKES[function].items():
            try:
                result = _run(mistaken, case)
            except ValueError:  # such as shapes that only fit when two sizes happen to be equal
                continue
            tolerance = 1 if case["how"] == "call" else 20
            labels = case.get("labels", ())
            if difference(case["expected"], result, labels=labels, tolerance=tolerance) is not None:
                found[name] = Mistake(result, hint)
        return found

    return Computed(compute)


def _run(function, case):
    args, kwargs = list(case["args"].values()), case.get("kwargs", {})
    if case["how"] == "call":
        return function(*args, **kwargs)
    import keras

    if case["how"] == "model":
        model = function(*args, **kwargs)
    else:
        inputs = keras.Input(case["x"].shape[1:])
        model = keras.Model(inputs, function(inputs, *args, **kwargs))
    return behaviour.of(model, case["x"], case["seed"])


def _case(function, hidden, **case):
    case = {"how": "call"} | case
    return Case(function, hidden=hidden, mistakes=_recognisable(function, case), **case)


# Counting parameters


def _sides(kernel_size):
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size


def conv2d_params(kernel_size, channels, filters, use_bias=True):
    height, width = _sides(kernel_size)
    return height * width * channels * filters + use_bias * filters


def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    height, width = _sides(kernel_size)
    between = channels * depth_multiplier
    return height * width * between + between * filters + use_bias * filters


def _counts(function, hidden, _rng):
    reference = {
        "conv2d_params": conv2d_params,
        "separable_conv2d_params": separable_conv2d_params,
    }[function]
    separable = function == "separable_conv2d_params"
    # The sources' 3×3×3 with 9 filters comes last: there, several mistakes happen to give the same count.
    shapes = [(5, 2, 7), ((2, 5), 3, 4), (3, 3, 9)]
    if hidden:
        shapes = [(4, 6, 10), (1, 8, 5), ((3, 7), 4, 6), ((7, 1), 5, 11)]
    for kernel_size, channels, filters in shapes:
        for use_bias in (False, True):
            for m in (1, 2, 3) if separable and kernel_size != 3 else (1,):
                kwargs = (
                    {"depth_multiplier": m, "use_bias": use_bias} if separable else {"use_bias": use_bias}
                )
                yield _case(
                    function,
                    hidden,
                    args={"kernel_size": kernel_size, "channels": channels, "filters": filters},
                    kwargs=kwargs,
                    expected=reference(kernel_size, channels, filters, **kwargs),
                )


def _count_mistakes():
    def of_sides(count):
        return lambda k, c, f, use_bias=True: count(*_sides(k), c, f) + use_bias * f

    def first_side(k):
        return _sides(k)[0]

    return {
        "the input's channels are left out": (
            of_sides(lambda h, w, c, f: h * w * f),
            "How deep is one filter, which looks at every channel of its input?",
        ),
        "the filters are left out": (
            lambda k, c, f, use_bias=True: np.prod(_sides(k)) * c + use_bias,
            "You have counted one filter. How many are there?",
        ),
        "one side of the kernel only": (
            of_sides(lambda h, w, c, f: h * c * f),
            "A kernel has a height and a width.",
        ),
        "the kernel's height is used twice": (
            lambda k, c, f, use_bias=True: first_side(k) ** 2 * c * f + use_bias * f,
            "A kernel of (2, 5) is not square.",
        ),
        "the bias is always counted": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f),
            "What should use_bias=False change?",
        ),
        "the bias is never counted": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f, False),
            "What should use_bias=True add?",
        ),
        "a bias for each channel of the input": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f, False) + use_bias * c,
            "A bias is added to a filter's sum. How many sums does one place of the output have?",
        ),
        "one bias for the whole layer": (
            lambda k, c, f, use_bias=True: conv2d_params(k, c, f, False) + use_bias,
            "Each filter has a bias of its own.",
        ),
        "filters and channels are added": (
            of_sides(lambda h, w, c, f: h * w * (c + f)),
            "Every filter has weights for every channel: is that a sum or a product?",
        ),
    }


def _separable_count_mistakes():
    def parts(depthwise, pointwise, bias=lambda c, f, m: f):
        def count(k, c, f, depth_multiplier=1, use_bias=True):
            m = depth_multiplier
            return depthwise(*_sides(k), c, f, m) + pointwise(c, f, m) + use_bias * bias(c, f, m)

        return count

    def right_depthwise(h, w, c, f, m):
        return h * w * c * m

    def right_pointwise(c, f, m):
        return c * m * f

    return {
        "the count of the dense layer": (
            lambda k, c, f, depth_multiplier=1, use_bias=True: conv2d_params(k, c, f, use_bias),
            "Count the two parts, depthwise and pointwise, one after the other.",
        ),
        "the pointwise part is missing": (
            parts(right_depthwise, lambda c, f, m: 0),
            "After the depthwise part, 1×1 filters mix the channels. They have weights, too.",
        ),
        "the depthwise part is missing": (
            parts(lambda h, w, c, f, m: 0, right_pointwise),
            "Before the 1×1 filters, each channel has kernels of its own. They have weights, too.",
        ),
        "the depth multiplier is ignored": (
            parts(lambda h, w, c, f, m: h * w * c, lambda c, f, m: c * f),
            "With depth_multiplier=2 each channel gets two kernels.",
        ),
        "the depth multiplier is missing from the pointwise part": (
            parts(right_depthwise, lambda c, f, m: c * f),
            "How many channels leave the depthwise part? The 1×1 filters see all of them.",
        ),
        "the depth multiplier is missing from the depthwise part": (
            parts(lambda h, w, c, f, m: h * w * c, right_pointwise),
            "How many kernels does each channel have?",
        ),
        "the depthwise kernels are counted for each filter": (
            parts(lambda h, w, c, f, m: h * w * c * m * f, lambda c, f, m: 0),
            "The depthwise part does not know how many filters come after it.",
        ),
        "the two parts are multiplied": (
            lambda k, c, f, depth_multiplier=1, use_bias=True: (
                np.prod(_sides(k)) * (c * depth_multiplier) ** 2 * f + use_bias * f
            ),
            "Two layers one after the other: do their counts multiply or add?",
        ),
        "both parts have a bias": (
            parts(right_depthwise, right_pointwise, lambda c, f, m: f + c * m),
            "Keras adds one bias, after the pointwise part.",
        ),
        "the bias belongs to the depthwise part": (
            parts(right_depthwise, right_pointwise, lambda c, f, m: c * m),
            "The bias is added at the very end: how many channels are there then?",
        ),
        "the bias is always counted": (
            lambda k, c, f, depth_multiplier=1, use_bias=True: separable_conv2d_params(
                k, c, f, depth_multiplier
            ),
            "What should use_bias=False change?",
        ),
        "the bias is never counted": (
            parts(right_depthwise, right_pointwise, lambda c, f, m: 0),
            "What should use_bias=True add?",
        ),
        "the kernel's height is used twice": (
            parts(lambda h, w, c, f, m: h * h * c * m, right_pointwise),
            "A kernel of (2, 5) is not square.",
        ),
    }


# The dense kernel of two


def dense_kernel(depthwise_kernel, pointwise_kernel):
    channels, multiplier = depthwise_kernel.shape[2:]
    mixing = pointwise_kernel.reshape(channels, multiplier, -1)
    return np.einsum("hwcm,cmf->hwcf", depthwise_kernel, mixing)


def _dense_kernels(function, hidden, rng):
    # (height, width, channels, multiplier, filters)
    shapes = [(3, 3, 2, 1, 4), (3, 2, 3, 2, 5), (2, 3, 2, 3, 2)]
    if hidden:
        shapes = [(5, 5, 3, 1, 2), (3, 4, 2, 3, 4), (1, 3, 4, 2, 4), (4, 1, 1, 3, 3)]
    for height, width, channels, multiplier, filters in shapes:
        depthwise = rng.normal(size=(height, width, channels, multiplier))
        pointwise = rng.normal(size=(1, 1, channels * multiplier, filters))
        yield _case(
            function,
            hidden,
            args={"depthwise_kernel": depthwise, "pointwise_kernel": pointwise},
            expected=dense_kernel(depthwise, pointwise),
        )


def _dense_kernel_mistakes():
    def mixing(d, p):
        return p.reshape(d.shape[2], d.shape[3], -1)

    def contract(rule, d, p):
        return np.einsum(rule, d, mixing(d, p))

    return {
        "the depthwise channels are interleaved wrongly": (
            lambda d, p: np.einsum("hwcm,mcf->hwcf", d, p.reshape(d.shape[3], d.shape[2], -1)),
            "Which comes next after a channel's first map: its second one, or the next channel's first?",
        ),
        "the depth multiplier is ignored": (
            lambda d, p: np.einsum("hwc,cf->hwcf", d[..., 0], mixing(d, p)[:, 0]),
            "With depth multiplier 2 each channel has two kernels, and both reach the output.",
        ),
        "the depth multiplier's kernels are averaged": (
            lambda d, p: contract("hwcm,cmf->hwcf", d, p) / d.shape[3],
            "The pointwise part adds what reaches it.",
        ),
        "kernels and weights are summed before they are multiplied": (
            lambda d, p: contract("hwcm,cnf->hwcf", d, p),
            "Each of a channel's kernels has a weight of its own: multiply each pair first.",
        ),
        "kernels and weights are added": (
            lambda d, p: (d[..., None] + mixing(d, p)[None, None]).sum(axis=3),
            "The pointwise part weights its input: is that a sum or a product?",
        ),
        "the pointwise kernel is transposed": (
            lambda d, p: contract("hwcm,cmf->hwcf", d, p[0, 0].reshape(p.shape[3], -1).T),
            "Its last axis counts the filters, the one before it what comes in.",
        ),
        "the kernel is rotated": (
            lambda d, p: contract("hwcm,cmf->hwcf", d[::-1, ::-1], p),
            "Keras' layers compute a cross-correlation: nothing is turned round.",
        ),
        "height and width are swapped": (
            lambda d, p: contract("whcm,cmf->hwcf", d, p),
            "Rows come first.",
        ),
        "channels and filters are swapped": (
            lambda d, p: contract("hwcm,cmf->hwfc", d, p),
            "Keras' kernels end with (…, channels, filters).",
        ),
        "the channels are summed away": (
            lambda d, p: contract("hwcm,cmf->hwf", d, p),
            "A dense kernel keeps weights for every channel of the input; the sum over channels comes later.",
        ),
        "the kernels of different channels are mixed": (
            lambda d, p: np.repeat(contract("hwcm,cmf->hwf", d, p)[:, :, None], d.shape[2], axis=2),
            "What does channel 0 of the dense kernel see of the depthwise kernel of channel 1?",
        ),
    }


# Batch normalization folded into a convolution


def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta


def _foldings(function, hidden, rng):
    shapes = [(2, 3, 3, 3), (3, 3, 2, 4), (1, 1, 4, 2)]
    epsilons = (0.1, 0.25, 1e-3)
    if hidden:
        shapes, epsilons = [(3, 5, 4, 3), (1, 1, 5, 5), (2, 2, 1, 6)], (0.05, 0.3, 1e-3)
    for shape, epsilon in zip(shapes, epsilons, strict=True):
        of_filters = rng.normal(size=(4, shape[3])) + np.array([[0.5], [1.0], [0.5], [-0.5]])
        bias, gamma, beta, mean = of_filters
        args = {"kernel": rng.normal(size=shape), "bias": bias, "gamma": gamma, "beta": beta, "mean": mean}
        args |= {"variance": rng.uniform(0.2, 3, shape[3]), "epsilon": epsilon}
        yield _case(function, hidden, args=args, labels=("kernel", "bias"), expected=fold_batch_norm(**args))


def _fold_mistakes():
    def scaled(scale):
        def fold(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
            by = scale(gamma, variance, epsilon)
            return kernel * by, (bias - mean) * by + beta

        return fold

    def biased(new_bias):
        def fold(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
            by = gamma / np.sqrt(variance + epsilon)
            return kernel * by, new_bias(bias, by, beta, mean)

        return fold

    def kernelled(new_kernel):
        def fold(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
            by = gamma / np.sqrt(variance + epsilon)
            return new_kernel(kernel, by), (bias - mean) * by + beta

        return fold

    return {
        "epsilon stands outside the root": (
            scaled(lambda g, v, e: g / (np.sqrt(v) + e)),
            "Epsilon is added to the variance.",
        ),
        "epsilon is left out": (scaled(lambda g, v, e: g / np.sqrt(v)), "Where does epsilon come in?"),
        "epsilon is always 0.001": (
            scaled(lambda g, v, e: g / np.sqrt(v + 1e-3)),
            "Epsilon is an argument.",
        ),
        "the variance is taken for the deviation": (
            scaled(lambda g, v, e: g / (v + e)),
            "Normalizing divides by a standard deviation.",
        ),
        "multiplied by the deviation": (
            scaled(lambda g, v, e: g * np.sqrt(v + e)),
            "Is a large spread made smaller or larger?",
        ),
        "gamma is forgotten": (
            scaled(lambda g, v, e: 1 / np.sqrt(v + e)),
            "Which argument have you not used?",
        ),
        "gamma and beta are swapped": (
            lambda kernel, bias, gamma, beta, *rest: fold_batch_norm(kernel, bias, beta, gamma, *rest),
            "One of them multiplies, the other is added at the end.",
        ),
        "beta is forgotten": (
            biased(lambda b, by, beta, mean: (b - mean) * by),
            "Which argument have you not used?",
        ),
        "beta is scaled": (
            biased(lambda b, by, beta, mean: (b - mean + beta) * by),
            "When is beta added: before the division or after it?",
        ),
        "the bias is not scaled": (
            biased(lambda b, by, beta, mean: b - mean * by + beta),
            "The convolution's bias goes through the normalization like everything else.",
        ),
        "the old bias is forgotten": (
            biased(lambda b, by, beta, mean: beta - mean * by),
            "What has the convolution added before the normalization sees anything?",
        ),
        "the mean is not scaled": (
            biased(lambda b, by, beta, mean: b * by - mean + beta),
            "The mean is subtracted before the division.",
        ),
        "the mean is added": (
            biased(lambda b, by, beta, mean: (b + mean) * by + beta),
            "Look at the mean's sign.",
        ),
        "the mean is forgotten": (
            biased(lambda b, by, beta, mean: b * by + beta),
            "Which argument have you not used?",
        ),
        "the kernel is left as it is": (
            kernelled(lambda k, by: k.copy()),
            "If the output shall be larger by a factor, what must happen to the weights?",
        ),
        "the kernel is scaled along its input channels": (
            kernelled(lambda k, by: k * by[:, None]),
            "The statistics belong to the filters: which axis of the kernel counts those?",
        ),
    }


# Layers, from NumPy


class Known:
    """The known values of a chain's weights in order, and how many parameters they are."""

    def __init__(self, seed):
        self.seed, self.seen, self.parameters = seed, Counter(), 0

    def __call__(self, role, *shape):
        values = behaviour.known_values(role, shape, self.seed, self.seen[role, shape])
        self.seen[role, shape] += 1
        self.parameters += values.size
        return values.astype(float)


def separable_stage(x, known, training, filters, strides=1):
    channels = x.shape[3]
    depthwise = known("depthwise_kernel", 3, 3, channels, 1)
    pointwise = known("pointwise_kernel", 1, 1, channels, filters)
    y = ops.separable_conv2d(x, depthwise, pointwise, strides=strides, padding="same")
    return _normalized(np.maximum(y + known("bias", filters), 0), known, training)


def dense_stage(x, known, training, filters, kernel_size=3, strides=1):
    role = "pointwise_kernel" if kernel_size == 1 else "kernel"
    kernel = known(role, kernel_size, kernel_size, x.shape[3], filters)
    y = ops.conv2d(x, kernel, strides=strides, padding="same")
    return _normalized(np.maximum(y + known("bias", filters), 0), known, training)


def encoder_stages(x, known, training, block_filters, filters):
    for some in block_filters:
        x = separable_stage(x, known, training, some, strides=2)
    return dense_stage(x, known, training, filters, kernel_size=1)


def _normalized(x, known, training):
    gamma, beta, mean, variance = (
        known(role, x.shape[3]) for role in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    if training:
        mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
    return ops.batch_normalization(x, mean, variance, beta, gamma, epsilon=1e-3)


def _expected(stages, x, seed):
    known = Known(seed)
    inference = stages(x, known, training=False)
    return {
        behaviour.PARAMETERS: known.parameters,
        behaviour.SHAPE: inference.shape[1:],
        behaviour.INFERENCE: inference.astype("float32"),
        behaviour.TRAINING: stages(x, Known(seed), training=True).astype("float32"),
    }


def _layers(function, hidden, rng):
    visible = {
        "separable_conv2d_batchnorm": [
            ((6, 5, 2), {"filters": 4}, {}),
            ((5, 6, 3), {"filters": 4}, {"strides": 2}),
        ],
        "conv2d_batchnorm": [
            ((6, 5, 2), {"filters": 4}, {}),
            ((5, 6, 3), {"filters": 4}, {"kernel_size": 1}),
            ((5, 6, 2), {"filters": 3}, {"strides": 2}),
        ],
        "encoder_block": [
            ((6, 5, 2), {"filters": 4, "strides": 1}, {}),
            ((5, 6, 3), {"filters": 4, "strides": 2}, {}),
        ],
    }
    unseen = {
        "separable_conv2d_batchnorm": [
            ((7, 6, 3), {"filters": 5}, {"strides": 2}),
            ((4, 7, 4), {"filters": 6}, {"strides": 1}),
            ((8, 10, 2), {"filters": 3}, {"strides": 3}),
        ],
        "conv2d_batchnorm": [
            ((7, 6, 3), {"filters": 5}, {"strides": 2}),
            ((6, 7, 2), {"filters": 3}, {"kernel_size": 5}),
            ((6, 7, 4), {"filters": 3}, {"kernel_size": 1, "strides": 2}),
        ],
        "encoder_block": [
            ((9, 6, 2), {"filters": 5, "strides": 3}, {}),
            ((6, 7, 4), {"filters": 3, "strides": 2}, {}),
        ],
    }
    stage = dense_stage if function == "conv2d_batchnorm" else separable_stage
    for number, (shape, args, kwargs) in enumerate((unseen if hidden else visible)[function]):
        x = rng.normal(size=(2, *shape)).astype("float32")
        seed = 100 * hidden + number
        expected = _expected(partial(stage, **args, **kwargs), x, seed)
        yield _case(
            function, hidden, how="layer", args=args, kwargs=kwargs, x=x, seed=seed, expected=expected
        )


def _encoders(function, hidden, rng):
    # (input_shape, (height, width) of the data, block_filters, filters)
    visible = [
        ((12, 8, 2), (12, 8), (4, 6), 5),
        ((None, None, 2), (8, 12), (4, 6), 5),
        ((None, None, 3), (8, 8), (5, 3, 4), 2),
    ]
    unseen = [
        ((10, 9, 3), (10, 9), (6, 4), 7),
        ((None, None, 3), (16, 11), (6, 4), 7),
        ((None, None, 2), (9, 6), (5,), 3),
        ((None, None, 2), (17, 16), (3, 5, 4), 6),
    ]
    for number, (shape, size, block_filters, filters) in enumerate(unseen if hidden else visible):
        x = rng.normal(size=(2, *size, shape[2])).astype("float32")
        seed = 100 * hidden + number
        sizes = {"block_filters": block_filters, "filters": filters}
        yield _case(
            function,
            hidden,
            how="model",
            args={"input_shape": shape, **sizes},
            x=x,
            seed=seed,
            expected=_expected(partial(encoder_stages, **sizes), x, seed),
        )


# Layers, in Keras: the mistakes


def _keras_parts():
    """Return the convolutions and the normalization that the mistakes are made of."""
    from keras import layers

    def separable(x, filters, strides=1, **change):
        return layers.SeparableConv2D(
            filters,
            **{"kernel_size": 3, "strides": strides, "padding": "same", "activation": "relu"} | change,
        )(x)

    def dense(x, filters, kernel_size=3, strides=1, **change):
        return layers.Conv2D(
            filters,
            **{"kernel_size": kernel_size, "strides": strides, "padding": "same", "activation": "relu"}
            | change,
        )(x)

    def normalized(x, **options):
        return layers.BatchNormalization(**options)(x)

    return layers, separable, dense, normalized


def _after(convolution, **change):
    """Make a stage whose convolution is changed and whose normalization is right."""

    def stage(x, *args, **kwargs):
        _, separable, dense, normalized = _keras_parts()
        made = {"separable": separable, "dense": dense}[convolution]
        return normalized(made(x, *args, **kwargs, **change))

    return stage


def _stage_mistakes(convolution):
    """Return the mistakes that both kinds of stage share."""

    def parts():
        layers, separable, dense, normalized = _keras_parts()
        return layers, {"separable": separable, "dense": dense}[convolution], normalized

    def no_normalization(x, *args, **kwargs):
        _, convolve, _ = parts()
        return convolve(x, *args, **kwargs)

    def before(x, *args, **kwargs):
        _, convolve, normalized = parts()
        return convolve(normalized(x), *args, **kwargs)

    def activation_last(x, *args, **kwargs):
        layers, convolve, normalized = parts()
        return layers.ReLU()(normalized(convolve(x, *args, **kwargs, activation=None)))

    def frozen(x, *args, **kwargs):
        layers, convolve, _ = parts()
        return layers.BatchNormalization(trainable=False)(convolve(x, *args, **kwargs))

    def layer_normalization(x, *args, **kwargs):
        layers, convolve, _ = parts()
        return layers.LayerNormalization()(convolve(x, *args, **kwargs))

    def along_the_height(x, *args, **kwargs):
        _, convolve, normalized = parts()
        return normalized(convolve(x, *args, **kwargs), axis=1)

    def strides_ignored(x, *args, **kwargs):
        _, convolve, normalized = parts()
        return normalized(convolve(x, *args, **kwargs | {"strides": 1}))

    def normalized_only(x, *args, **kwargs):
        _, _, normalized = parts()
        return normalized(x)

    return {
        "no normalization": (no_normalization, "Which of the two steps is missing?"),
        "batch normalization comes before the convolution": (before, "Look at the order of the two steps."),
        "the activation comes after the normalization": (
            activation_last,
            "The promise has the activation inside the convolution layer.",
        ),
        "no activation": (_after(convolution, activation=None), "What does the promise say about relu?"),
        "the normalization is frozen": (
            frozen,
            "A layer that may not be trained keeps to its moving statistics: leave `trainable` alone.",
        ),
        "another normalization": (
            layer_normalization,
            "Layer normalization takes its statistics from one image, batch normalization from the batch.",
        ),
        "normalized along the height": (
            along_the_height,
            "Each channel has statistics of its own; the channels are the last axis.",
        ),
        "strides are ignored": (strides_ignored, "What does the function do with its argument strides?"),
        "padding is valid": (
            _after(convolution, padding="valid"),
            "With which padding does the height stay what it is when strides is 1?",
        ),
        "no bias": (
            _after(convolution, use_bias=False),
            "Between the convolution and the normalization stands relu: here the bias is not superfluous.",
        ),
        "no convolution": (normalized_only, "Which of the two steps is missing?"),
    }


def _separable_mistakes():
    def by_hand(x, filters, strides=1, between=None, depthwise_bias=False, activation="relu"):
        layers, _, _, normalized = _keras_parts()
        x = layers.DepthwiseConv2D(
            3, strides=strides, padding="same", use_bias=depthwise_bias, activation=between
        )(x)
        return normalized(layers.Conv2D(filters, 1, activation=activation)(x))

    def no_pointwise(x, filters, strides=1):
        layers, _, _, normalized = _keras_parts()
        return normalized(layers.DepthwiseConv2D(3, strides=strides, padding="same", activation="relu")(x))

    def swapped(x, filters, strides=1):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(x, 3, strides, kernel_size=filters))

    return _stage_mistakes("separable") | {
        "a dense convolution": (
            _after("dense"),
            "A plain Conv2D has one kernel over all channels: which layer separates space and channels?",
        ),
        "the pointwise part is missing": (
            no_pointwise,
            "After the depthwise part, 1×1 filters must mix the channels.",
        ),
        "the depthwise part has a bias, too": (
            partial(by_hand, depthwise_bias=True),
            "The promise has one bias, after the pointwise part. What is the default of use_bias?",
        ),
        "the activation stands between the two parts": (
            partial(by_hand, between="relu", activation=None),
            "Nothing stands between depthwise and pointwise; relu follows both.",
        ),
        "filters and kernel size are swapped": (
            swapped,
            "In which order does the layer take its arguments? Names are safer.",
        ),
        "the depth multiplier is 2": (
            _after("separable", depth_multiplier=2),
            "The promise has one depthwise kernel for each channel.",
        ),
        "the kernel is not 3×3": (_after("separable", kernel_size=5), "Look at kernel_size."),
    }


def _dense_mistakes():
    def kernel_size_ignored(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = _keras_parts()
        return normalized(dense(x, filters, 3, strides))

    def one_axis(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = _keras_parts()
        return normalized(dense(x, filters, kernel_size, (strides, 1)))

    def separated(x, filters, kernel_size=3, strides=1):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(x, filters, strides, kernel_size=kernel_size))

    def swapped(x, filters, kernel_size=3, strides=1):
        _, _, dense, normalized = _keras_parts()
        return normalized(dense(x, kernel_size, filters, strides))

    return _stage_mistakes("dense") | {
        "kernel_size is ignored": (kernel_size_ignored, "What does the function do with kernel_size?"),
        "strides on one axis only": (one_axis, "One number of strides means both height and width."),
        "a separable convolution": (separated, "Here the plain, dense layer is asked for."),
        "filters and kernel size are swapped": (
            swapped,
            "In which order does the layer take its arguments? Names are safer.",
        ),
    }


def _block_mistakes():
    def twice(x, filters, strides):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(normalized(separable(x, filters, strides)), filters, 1))

    def pooled(x, filters, strides):
        layers, separable, _, normalized = _keras_parts()
        return layers.MaxPooling2D(strides, padding="same")(normalized(separable(x, filters)))

    def ignored(x, filters, strides):
        _, separable, _, normalized = _keras_parts()
        return normalized(separable(x, filters))

    return _separable_mistakes() | {
        "strides are ignored": (ignored, "Does the block pass its strides on?"),
        "two convolutions instead of one": (twice, "One separable layer is a block."),
        "pooling instead of strides": (pooled, "The block's strides belong to its convolution."),
    }


def _encoder_mistakes():
    def model(build):
        def make(input_shape, block_filters, filters):
            import keras

            inputs = keras.Input(input_shape)
            return keras.Model(inputs, build(inputs, list(block_filters), filters))

        return make

    block, last = _after("separable"), partial(_after("dense"), kernel_size=1)

    def blocks(x, block_filters, strides=2, stage=block):
        for filters in block_filters:
            x = stage(x, filters, strides=strides)
        return x

    def pooled(x, block_filters, filters):
        layers, *_ = _keras_parts()
        return layers.GlobalAveragePooling2D(keepdims=True)(last(blocks(x, block_filters), filters))

    def plain_last(x, block_filters, filters):
        layers, *_ = _keras_parts()
        return layers.Conv2D(filters, 1, activation="relu")(blocks(x, block_filters))

    def without(x, filters, strides=1, kernel_size=3):
        return _keras_parts()[1](x, filters, strides)

    return {
        "the 1×1 layer is missing": (
            model(lambda x, some, f: blocks(x, some)),
            "What follows the last block?",
        ),
        "the 1×1 layer comes first": (
            model(lambda x, some, f: blocks(last(x, f), some)),
            "First the blocks, then the 1×1 layer.",
        ),
        "the last layer is 3×3": (
            model(lambda x, some, f: _after("dense")(blocks(x, some), f)),
            "Which kernel_size does conv2d_batchnorm take when you give none?",
        ),
        "the last layer is not normalized": (
            model(plain_last),
            "You have written conv2d_batchnorm: is it used?",
        ),
        "the last layer has strides": (
            model(lambda x, some, f: _after("dense")(blocks(x, some), f, 1, 2)),
            "The blocks make the maps smaller, the 1×1 layer keeps every place.",
        ),
        "the places are averaged away": (model(pooled), "The encoder keeps a value for every place."),
        "the blocks keep the size": (
            model(lambda x, some, f: last(blocks(x, some, strides=1), f)),
            "Each block halves height and width.",
        ),
        "only the last block counts": (
            model(lambda x, some, f: last(block(x, some[-1], strides=2), f)),
            "Is the block's input always the encoder's input?",
        ),
        "only the first block counts": (
            model(lambda x, some, f: last(block(x, some[0], strides=2), f)),
            "How often does the loop run?",
        ),
        "the blocks come in reverse order": (
            model(lambda x, some, f: last(blocks(x, some[::-1]), f)),
            "The first entry of block_filters belongs to the first block.",
        ),
        "dense blocks": (
            model(lambda x, some, f: last(blocks(x, some, stage=_after("dense")), f)),
            "The blocks are made of separable layers.",
        ),
        "the blocks are not normalized": (
            model(lambda x, some, f: last(blocks(x, some, stage=without), f)),
            "Look at what separable_conv2d_batchnorm does.",
        ),
        "the 1×1 layer is separable": (
            model(lambda x, some, f: _after("separable", kernel_size=1)(blocks(x, some), f)),
            "The last layer is conv2d_batchnorm.",
        ),
    }


MISTAKES = {
    "conv2d_params": _count_mistakes(),
    "separable_conv2d_params": _separable_count_mistakes(),
    "dense_kernel": _dense_kernel_mistakes(),
    "fold_batch_norm": _fold_mistakes(),
    "separable_conv2d_batchnorm": _separable_mistakes(),
    "conv2d_batchnorm": _dense_mistakes(),
    "encoder_block": _block_mistakes(),
    "encoder": _encoder_mistakes(),
}
