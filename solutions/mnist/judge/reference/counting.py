"""Multiply-accumulates and accuracy: answers, cases and mistakes."""

import numpy as np


def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    places = ((size - kernel_size) // strides + 1) ** 2
    if separable:
        return places * channels * (kernel_size**2 + filters)
    return places * channels * filters * kernel_size**2


def _counts(hidden, rng):
    # (size, channels, filters, kernel_size, strides)
    layers = [(11, 3, 4, 5, 2), (8, 2, 5, 3, 1), (12, 3, 256, 5, 1)]
    if hidden:
        layers = [
            (int(rng.integers(9, 40)), *_different(rng), k, s) for k, s in ((3, 1), (4, 3), (7, 2), (2, 2))
        ]
    for size, channels, filters, kernel_size, strides in layers:
        args = {"size": size, "channels": channels, "filters": filters, "kernel_size": kernel_size}
        for kwargs in ({"strides": strides}, {"strides": strides, "separable": True}):
            yield {"args": args, "kwargs": kwargs, "expected": macs(*args.values(), **kwargs)}
    yield {"args": args, "expected": macs(*args.values())}


def _different(rng):
    return [int(n) for n in rng.choice(range(2, 13), 2, replace=False)]


def _count_mistakes():
    def changed(places=None, dense=None, separated=None):
        def count(size, channels, filters, kernel_size, strides=1, separable=False):
            at = (places or (lambda n, k, s: ((n - k) // s + 1) ** 2))(size, kernel_size, strides)
            if separable:
                return at * (separated or (lambda k, c, f: k**2 * c + c * f))(kernel_size, channels, filters)
            return at * (dense or (lambda k, c, f: k**2 * c * f))(kernel_size, channels, filters)

        return count

    return {
        "the filter is laid on every pixel": (
            changed(lambda n, k, s: (n // s) ** 2),
            "With padding valid the kernel must lie inside the picture: on how many places of a row can it?",
        ),
        "strides are ignored": (
            changed(lambda n, k, s: (n - k + 1) ** 2),
            "With strides of 2 the filter skips every other place.",
        ),
        "strides on one axis only": (
            changed(lambda n, k, s: ((n - k) // s + 1) * (n - k + 1)),
            "Strides hold for height and width.",
        ),
        "one row of places": (
            changed(lambda n, k, s: (n - k) // s + 1),
            "The output has a height and a width.",
        ),
        "the places are off by one": (
            changed(lambda n, k, s: ((n - k) // s) ** 2),
            "A kernel as large as the picture fits once.",
        ),
        "the size is rounded up": (
            changed(lambda n, k, s: (-(-n // s)) ** 2),
            "That is the size with padding same.",
        ),
        "the number of parameters": (
            changed(lambda n, k, s: 1),
            "Every weight is used at every place of the output.",
        ),
        "the input's channels are left out": (
            changed(dense=lambda k, c, f: k**2 * f, separated=lambda k, c, f: k**2 + f),
            "How deep is the filter?",
        ),
        "the filters are left out": (
            changed(dense=lambda k, c, f: k**2 * c, separated=lambda k, c, f: k**2 * c),
            "One filter gives one map. How many maps are asked for?",
        ),
        "one side of the kernel only": (
            changed(dense=lambda k, c, f: k * c * f, separated=lambda k, c, f: k * c + c * f),
            "A kernel has a height and a width.",
        ),
        "the pointwise part is missing": (
            changed(separated=lambda k, c, f: k**2 * c),
            "After the depthwise part every filter mixes the channels, at every place.",
        ),
        "the depthwise part is missing": (
            changed(separated=lambda k, c, f: c * f),
            "Before the pointwise part each channel is filtered by a kernel of its own.",
        ),
        "the two parts are multiplied": (
            changed(separated=lambda k, c, f: k**2 * c * c * f),
            "The second part works after the first: do their counts multiply or add?",
        ),
        "separable is ignored": (
            changed(separated=lambda k, c, f: k**2 * c * f),
            "What does the function do with its argument separable?",
        ),
        "the bias is counted": (
            changed(dense=lambda k, c, f: k**2 * c * f + f, separated=lambda k, c, f: k**2 * c + c * f + f),
            "Adding a bias multiplies nothing.",
        ),
    }


def accuracy(probabilities, labels):
    return float(np.mean(np.argmax(probabilities, axis=1) == labels))


def _answers(hidden, rng):
    # As many pictures as digits come first: there, the wrong axis gives a number and no error.
    sizes = [10, 7] if not hidden else [10, int(rng.integers(20, 40)), int(rng.integers(50, 80))]
    for size in sizes:
        labels = rng.integers(0, 10, size)
        scores = rng.normal(size=(size, 10)) + 2.5 * (labels[:, None] == np.arange(10))
        probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        yield {
            "args": {"probabilities": probabilities, "labels": labels},
            "expected": accuracy(probabilities, labels),
        }


def _accuracy_mistakes():
    def of_right(p, y):
        return p[np.arange(len(y)), y]

    return {
        "in percent": (lambda p, y: 100 * accuracy(p, y), "A fraction is between zero and one."),
        "the number of right answers": (
            lambda p, y: int(np.sum(np.argmax(p, axis=1) == y)),
            "How many of them are there in all?",
        ),
        "the fraction of wrong answers": (
            lambda p, y: 1 - accuracy(p, y),
            "Right or wrong: which is counted?",
        ),
        "the largest along the wrong axis": (
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
