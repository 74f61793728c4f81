"""Multiply-accumulates and accuracy: answers, cases and mistakes."""

import numpy as np

TRIES = 10_000  # one in ten or so will do


def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    places = ((size - kernel_size) // strides + 1) ** 2
    if separable:
        return places * channels * (kernel_size**2 + filters)
    return places * channels * filters * kernel_size**2


def _counts(hidden, rng):
    # (size, channels, filters, kernel_size, strides); with strides, a result names its mistake
    layers = [(19, 3, 6, 8, 3), (8, 2, 5, 3, 1), (12, 3, 256, 5, 1)]
    if hidden:
        layers = [_layer(rng, k, s) for k, s in ((3, 1), (8, 3), (11, 4), (2, 2))]
    for size, channels, filters, kernel_size, strides in layers:
        args = {"size": size, "channels": channels, "filters": filters, "kernel_size": kernel_size}
        for kwargs in ({"strides": strides}, {"strides": strides, "separable": True}):
            yield {"args": args, "kwargs": kwargs, "expected": macs(*args.values(), **kwargs)}
    yield {"args": args, "expected": macs(*args.values())}


def _layer(rng, kernel_size, strides):
    """Draw a layer whose counts tell the mistakes apart."""
    for _ in range(TRIES):
        size = int(rng.integers(9, 40))
        layer = (size, *_different(rng), kernel_size, strides)
        # With strides, some pixels are left over, so that it counts how the size is rounded.
        if (strides == 1 or (size - kernel_size) % strides) and all(
            told_apart(macs, _count_mistakes(), (*layer, separable), ALIKE.get(strides, ()))
            for separable in (False, True)
        ):
            return layer
    raise ValueError(f"no layer with kernels of {kernel_size} and strides of {strides} tells them apart")


def told_apart(right, mistakes, args, alike=()):
    """Whether what known mistakes give with these arguments, where it is wrong, is told apart."""
    given = {}
    for name, (mistaken, _) in mistakes.items():
        try:
            result = round(float(mistaken(*args)), 6)
        # No single number; or the wrong axis, with more pictures than digits.
        except (TypeError, ValueError, IndexError):
            continue
        if result != round(float(right(*args)), 6):
            given.setdefault(result, set()).add(name)
    return all(len(names) == 1 or names in (UNROUNDED, *alike) for names in given.values())


# The same where the count is a whole number all the same.
UNROUNDED = {"the size is not rounded down", "the size is rounded down too late"}
# With strides of 1 these give the same.
PADDED = {
    "the filter is laid on every pixel", "the pixels of the input, divided by the strides",
    "the size is rounded up",
}  # fmt: skip


# With strides of 2 and pixels left over, half of the places are there: counted twice is one axis.
HALVED = {"strides on one axis only", "everything is counted twice"}
ALIKE = {1: [PADDED], 2: [HALVED, {"the size is rounded up", "the places are rounded up"}]}

# Slips that cost one point, though they show in several parts of the tests and in the table.
SLIPS = (
    "strides are ignored", "strides on one axis only", "the places are off by one", "the size is rounded up",
    "the size is not rounded down", "the size is rounded down too late", "the filter is laid on every pixel",
    "the pixels of the input, divided by the strides", "the bias is counted", "everything is counted twice",
    "the places are rounded up",
)  # fmt: skip
# Slips of which an accuracy may have one and still earn what it tells right from wrong for.
UNITS = (
    "in percent", "the number of right answers", "only sure answers count", "rounded to two places",
    "divided by the number of digits", "one number for each picture",
)  # fmt: skip


def _different(rng):
    return [int(n) for n in rng.choice(range(2, 13), 2, replace=False)]


def _changed(places=None, dense=None, separated=None, pointwise_places=None):
    """Make a mistaken count: of places, of weights, or of the places of the pointwise part."""

    def count(size, channels, filters, kernel_size, strides=1, separable=False):
        at = (places or _places)(size, kernel_size, strides)
        if not separable:
            return at * (dense or (lambda k, c, f: k**2 * c * f))(kernel_size, channels, filters)
        if pointwise_places is not None:
            pointwise = pointwise_places(size, kernel_size, strides) * channels * filters
            return at * kernel_size**2 * channels + pointwise
        return at * (separated or (lambda k, c, f: k**2 * c + c * f))(kernel_size, channels, filters)

    return count


def _rounded_late(*args, **kwargs):
    return int(_changed(lambda n, k, s: ((n - k) / s + 1) ** 2)(*args, **kwargs))


def _strides_late(size, channels, filters, kernel_size, strides=1, separable=False):
    if not separable:
        return macs(size, channels, filters, kernel_size, strides)
    pointwise = _places(size, kernel_size, strides) * channels * filters
    return _places(size, kernel_size, 1) * kernel_size**2 * channels + pointwise


def _places(n, k, s):
    return _side(n, k, s) ** 2


def _side(n, k, s):
    return (n - k) // s + 1


def _separable_mistakes():
    return {
        "the pointwise part on the input's places": (
            _changed(pointwise_places=lambda n, k, s: n**2),
            "Which picture does the pointwise part work on, and how large is it?",
        ),
        "the pointwise part is counted at one place": (
            _changed(pointwise_places=lambda n, k, s: 1),
            "At how many places does the pointwise part mix the channels?",
        ),
        "strides in the pointwise part only": (
            _strides_late,
            "Which of the two parts has the strides?",
        ),
        "strides in both parts": (
            _changed(pointwise_places=lambda n, k, s: ((_side(n, k, s) - 1) // s + 1) ** 2),
            "Which of the two parts has the strides?",
        ),
        "a depthwise kernel for each filter": (
            _changed(separated=lambda k, c, f: k**2 * f + c * f),
            "The depthwise part has a kernel for each channel that comes in.",
        ),
        "one depthwise kernel for all channels": (
            _changed(separated=lambda k, c, f: k**2 + c * f),
            "The depthwise part has a kernel for each channel that comes in.",
        ),
        "the pointwise part has the large kernel": (
            _changed(separated=lambda k, c, f: k**2 * c + k**2 * c * f),
            "How large is the kernel of the pointwise part?",
        ),
        "the depthwise part mixes the channels": (
            _changed(separated=lambda k, c, f: k**2 * c**2 + c * f),
            "Of how many channels does one kernel of the depthwise part take its sum?",
        ),
        "the pointwise part does not mix the channels": (
            _changed(separated=lambda k, c, f: k**2 * c + f),
            "From how many channels does the pointwise part take one number of the output?",
        ),
        "the pointwise part is missing": (
            _changed(separated=lambda k, c, f: k**2 * c),
            "After the depthwise part every filter mixes the channels, at every place.",
        ),
        "the depthwise part is missing": (
            _changed(separated=lambda k, c, f: c * f),
            "Before the pointwise part each channel is filtered by a kernel of its own.",
        ),
        "the two parts are multiplied": (
            _changed(separated=lambda k, c, f: k**2 * c * c * f),
            "The second part works after the first: do their counts multiply or add?",
        ),
        "separable is ignored": (
            _changed(separated=lambda k, c, f: k**2 * c * f),
            "What does the function do with its argument separable?",
        ),
    }


def _count_mistakes():
    return _separable_mistakes() | {
        "the filter is laid on every pixel": (
            _changed(lambda n, k, s: (n // s) ** 2),
            "With padding valid the kernel must lie inside the picture: on how many places of a row can it?",
        ),
        "the pixels of the input, divided by the strides": (
            _changed(lambda n, k, s: n**2 // s**2),
            "On how many places of a row does the kernel lie wholly inside the picture?",
        ),
        "the size is not rounded down": (
            _changed(lambda n, k, s: ((n - k) / s + 1) ** 2),
            "How many whole steps does the kernel make before it would leave the picture?",
        ),
        "the size is rounded down too late": (
            _rounded_late,
            "How many places are there in a row, before rows and columns are multiplied?",
        ),
        "strides are ignored": (
            _changed(lambda n, k, s: (n - k + 1) ** 2),
            "With strides of 2 the filter skips every other place.",
        ),
        "strides on one axis only": (
            _changed(lambda n, k, s: ((n - k) // s + 1) * (n - k + 1)),
            "Strides hold for height and width.",
        ),
        "one row of places": (
            _changed(lambda n, k, s: (n - k) // s + 1),
            "The output has a height and a width.",
        ),
        "the places are off by one": (
            _changed(lambda n, k, s: ((n - k) // s) ** 2),
            "A kernel as large as the picture fits once.",
        ),
        "the places are rounded up": (
            _changed(lambda n, k, s: (-(-(n - k) // s) + 1) ** 2),
            "How many whole steps does the kernel make before it would leave the picture?",
        ),
        "everything is counted twice": (
            lambda *args, **kwargs: 2 * macs(*args, **kwargs),
            "A multiplication and the addition that follows it are one multiply-accumulate.",
        ),
        "the size is rounded up": (
            _changed(lambda n, k, s: (-(-n // s)) ** 2),
            "That is the size with padding same.",
        ),
        "the number of parameters": (
            _changed(lambda n, k, s: 1),
            "Every weight is used at every place of the output.",
        ),
        "the input's channels are left out": (
            _changed(dense=lambda k, c, f: k**2 * f, separated=lambda k, c, f: k**2 + f),
            "How deep is the filter?",
        ),
        "the filters are left out": (
            _changed(dense=lambda k, c, f: k**2 * c),
            "One filter gives one map. How many maps are asked for?",
        ),
        "one side of the kernel only": (
            _changed(dense=lambda k, c, f: k * c * f, separated=lambda k, c, f: k * c + c * f),
            "A kernel has a height and a width.",
        ),
        "the bias is counted": (
            _changed(dense=lambda k, c, f: k**2 * c * f + f, separated=lambda k, c, f: k**2 * c + c * f + f),
            "Adding a bias multiplies nothing.",
        ),
    }


def accuracy(probabilities, labels):
    return float(np.mean(np.argmax(probabilities, axis=1) == labels))


def _answers(hidden, rng):
    # As many pictures as digits come first: there, the wrong axis gives a number and no error.
    sizes = [10, 17] if not hidden else [10, int(rng.integers(20, 40)), int(rng.integers(50, 80))]
    for size in sizes:
        drawn = next(d for d in (_drawn(size, rng) for _ in range(TRIES)) if _tells(*d))
        yield {
            "args": dict(zip(("probabilities", "labels"), drawn, strict=True)),
            "expected": accuracy(*drawn),
        }


def _drawn(size, rng):
    """Draw answers, most of them right; of the wrong ones some are so as known mistakes need it."""
    labels = rng.integers(1, 10, size)
    labels[size // 2] = 0
    scores = 1.5 * rng.normal(size=(size, 10)) + 4 * (labels[:, None] == np.arange(10))
    unlikely, *before = rng.choice(np.flatnonzero(labels), 3 + size // 10, replace=False)
    scores[unlikely, labels[unlikely]] = scores[unlikely].min() - 1
    scores[before, labels[before] - 1] = scores[before].max(axis=1) + 1
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), labels


def _tells(probabilities, labels):
    """Whether each mistake gives a number of its own; none is 0, which what never ran may give."""
    mistakes = _accuracy_mistakes()
    alike = {"rounded to two places", "one number for each picture"}
    alike.add("divided by the number of digits" if len(labels) == 10 else WRONG_AXIS)
    given = [mistaken(probabilities, labels) for name, (mistaken, _) in mistakes.items()
             if name not in alike]  # fmt: skip
    return told_apart(accuracy, mistakes, (probabilities, labels)) and not {
        0.0, round(accuracy(probabilities, labels), 6),
    } & {round(float(value), 6) for value in given}  # fmt: skip


WRONG_AXIS = "the largest along the wrong axis"


def _accuracy_mistakes():
    def of_right(p, y):
        return p[np.arange(len(y)), y]

    return {
        "in percent": (lambda p, y: 100 * accuracy(p, y), "A fraction is between zero and one."),
        "the number of right answers": (
            lambda p, y: int(np.sum(np.argmax(p, axis=1) == y)),
            "How many of them are there in all?",
        ),
        "rounded to two places": (
            lambda p, y: round(accuracy(p, y), 2),
            "Is what comes the fraction itself, or only near it?",
        ),
        "divided by the number of digits": (
            lambda p, y: float(np.sum(np.argmax(p, axis=1) == y) / p.shape[1]),
            "How many answers are there in all: is it the number of rows or of columns?",
        ),
        "one number for each picture": (
            lambda p, y: (np.argmax(p, axis=1) == y).astype(int),
            "One number is asked for, for all pictures together.",
        ),
        "the fraction of wrong answers": (
            lambda p, y: 1 - accuracy(p, y),
            "Right or wrong: which is counted?",
        ),
        WRONG_AXIS: (
            lambda p, y: float(np.mean(np.argmax(p, axis=0) == y)),
            "Each row belongs to one picture, each column to one digit.",
        ),
        "the least probable digit": (
            lambda p, y: float(np.mean(np.argmin(p, axis=1) == y)),
            "Which digit does the network say: the most or the least probable one?",
        ),
        "the probability of the right digit": (
            lambda p, y: float(np.mean(of_right(p, y))),
            "An answer is right or wrong, however sure the network is.",
        ),
        "only sure answers count": (
            lambda p, y: float(np.mean(of_right(p, y) > 0.5)),
            "The largest of ten probabilities may be smaller than one half.",
        ),
        "counted from one": (
            lambda p, y: float(np.mean(np.argmax(p, axis=1) + 1 == y)),
            "Column 0 belongs to the digit 0.",
        ),
    }


TASKS = {"macs": (_counts, _count_mistakes()), "accuracy": (_answers, _accuracy_mistakes())}
