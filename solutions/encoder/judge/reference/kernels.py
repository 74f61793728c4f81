"""The dense kernel of two, and batch normalization folded into one: answers, cases and mistakes."""

import numpy as np

from .draw import different, one


def dense_kernel(depthwise_kernel, pointwise_kernel):
    channels, multiplier = depthwise_kernel.shape[2:]
    mixing = pointwise_kernel.reshape(channels, multiplier, -1)
    return np.einsum("hwcm,cmf->hwcf", depthwise_kernel, mixing)


def _dense_kernels(hidden, rng):
    # (height, width, channels, multiplier, filters)
    shapes = [(3, 3, 2, 1, 4), (3, 2, 3, 2, 5), (2, 3, 2, 3, 2), (3, 2, 1, 3, 4)]
    if hidden:
        square, multiplier = one(rng, 3, 5), one(rng, 2, 3)
        shapes = [
            (square, square, one(rng, 2, 4), 1, one(rng, 2, 5)),
            (*different(rng, 2, 5, 2), 2, 3, one(rng, 2, 5)),
            (1, one(rng, 2, 4), one(rng, 3, 5), 2, one(rng, 2, 5)),
            (one(rng, 2, 5), 1, 1, multiplier, one(rng, 2, 4)),
        ]
    for height, width, channels, multiplier, filters in shapes:
        depthwise = rng.normal(size=(height, width, channels, multiplier))
        pointwise = rng.normal(size=(1, 1, channels * multiplier, filters))
        yield {
            "args": {"depthwise_kernel": depthwise, "pointwise_kernel": pointwise},
            "expected": dense_kernel(depthwise, pointwise),
        }


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


def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta


def _foldings(hidden, rng):
    shapes = [(2, 3, 3, 3), (3, 3, 2, 4), (1, 1, 4, 2)]
    epsilons = (0.1, 0.25, None)  # None: the default's turn
    if hidden:
        same = one(rng, 4, 6)
        shapes = [(*different(rng, 2, 5, 3), one(rng, 3, 5)), (1, 1, same, same), (2, 2, 1, one(rng, 3, 6))]
        epsilons = (*rng.uniform([0.03, 0.2], [0.1, 0.4]).tolist(), None)
    for shape, epsilon in zip(shapes, epsilons, strict=True):
        of_filters = rng.normal(size=(4, shape[3])) + np.array([[0.5], [1.0], [0.5], [-0.5]])
        bias, gamma, beta, mean = of_filters
        args = {"kernel": rng.normal(size=shape), "bias": bias, "gamma": gamma, "beta": beta, "mean": mean}
        args["variance"] = rng.uniform(0.2, 3, shape[3])
        if epsilon:
            args["epsilon"] = epsilon
        yield {"args": args, "labels": ("kernel", "bias"), "expected": fold_batch_norm(**args)}


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
        "the bias comes first": (
            lambda *args, **kwargs: fold_batch_norm(*args, **kwargs)[::-1],
            "In which order does the text ask for the two?",
        ),
        "only the kernel": (
            lambda *args, **kwargs: fold_batch_norm(*args, **kwargs)[0],
            "What does the normalization add? It belongs to the second result.",
        ),
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
        "beta is subtracted": (
            biased(lambda b, by, beta, mean: (b - mean) * by - beta),
            "Look at the sign of what stands last.",
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


TASKS = {
    "dense_kernel": (_dense_kernels, _dense_kernel_mistakes()),
    "fold_batch_norm": (_foldings, _fold_mistakes()),
}
