"""Intersection over union, and the scenes on which a handed-in network is tried."""

import numpy as np

from autograder.checks.seeds import variant
from sepconv import data

BACKGROUND = data.BACKGROUND
SCENES, SIZE = 60, 48


def mean_iou(truth, predicted, classes=data.CLASSES):
    return _mean(truth, predicted, classes, lambda t, p: (t & p).sum() / (t | p).sum())


def _mean(truth, predicted, classes, score, first=BACKGROUND + 1, counts=lambda t, p: (t | p).any()):
    """Average a score over the classes that count, each with the pixels of truth and prediction."""
    both = [(truth == c, predicted == c) for c in range(first, classes)]
    return float(np.mean([score(t, p) for t, p in both if counts(t, p)]))


def _label_maps(hidden, rng):
    # (shape, number of classes, classes that occur in the truth)
    made = [
        ((1, 4, 5), 4, (0, 1, 3)),
        ((2, 4, 5), None, (0, 2, 5, 10)),
        ((2, 4, 6), 13, (0, 1, 3, 11, 12)),
    ]
    if hidden:
        there = [0, *sorted(rng.choice(np.arange(2, 10), 3, replace=False).tolist()), 10]
        many = int(rng.integers(13, 16))
        made = [
            ((3, 6, 5), None, there),
            ((2, 5, 7), 5, (0, 1, 4)),
            ((2, 6, 7), many, (0, *there[1:3], 11, many - 1)),
        ]
    for shape, classes, there in made:
        kwargs = {} if classes is None else {"classes": classes}
        while True:
            truth, predicted = _drawn(rng, shape, there, classes or data.CLASSES)
            if _tells_mistakes_apart(truth, predicted, **kwargs):
                break
        args = {"truth": truth, "predicted": predicted}
        yield {"args": args, "kwargs": kwargs, "expected": mean_iou(**args, **kwargs)}


def _drawn(rng, shape, there, classes):
    """Draw a truth, and a prediction that has another class and, of many, misses two."""
    truth = rng.choice(there, size=shape, p=_mostly_the_first(len(there)))
    truth[0, 0, : len(there)] = there
    predicted = np.where(rng.random(shape) < 0.6, truth, rng.choice(there, size=shape))
    if len(there) > 3:
        predicted[np.isin(predicted, there[1:3])] = BACKGROUND
    predicted[-1, -1, -1] = max({*range(classes)} - {*there})  # not the last one, which is there
    return truth, predicted


def _tells_mistakes_apart(truth, predicted, **kwargs):
    """Say whether no two known mistakes give the same wrong number."""
    right = mean_iou(truth, predicted, **kwargs)
    with np.errstate(all="ignore"):
        numbers = [mistaken(truth, predicted, **kwargs) for mistaken, _ in _mistakes().values()]
    wrong = [n for n in numbers if isinstance(n, float) and not np.isclose(n, right)]
    return len({round(n, 5) for n in wrong}) == len(wrong)


def _mostly_the_first(n):
    return [0.4, *[0.6 / (n - 1)] * (n - 1)]


def _mistakes():
    def iou(t, p):
        return (t & p).sum() / (t | p).sum()

    def but(score=iou, **change):
        return lambda truth, predicted, classes=data.CLASSES: _mean(
            truth, predicted, classes, score, **change
        )

    def absent_as(value):
        return but(lambda t, p: iou(t, p) if (t | p).any() else value, counts=lambda t, p: True)

    def by_scene(truth, predicted, classes=data.CLASSES):
        return float(np.mean([mean_iou(*one, classes) for one in zip(truth, predicted, strict=True)]))

    def all_pixels(truth, predicted, classes=data.CLASSES):
        both = [(truth == c, predicted == c) for c in range(1, classes)]
        return sum((t & p).sum() for t, p in both) / sum((t | p).sum() for t, p in both)

    def each(truth, predicted, classes=data.CLASSES):
        both = [(truth == c, predicted == c) for c in range(1, classes)]
        return np.array([iou(t, p) for t, p in both if (t | p).any()])

    def ink(truth, predicted, classes=data.CLASSES):
        return iou(truth > 0, predicted > 0)

    return {
        "the background counts as a class": (
            but(first=BACKGROUND),
            "Which class does the text leave out?",
        ),
        "classes that are nowhere count as 0": (
            absent_as(0.0),
            "A class that is neither in the truth nor in the prediction has no IoU.",
        ),
        "classes that are nowhere count as 1": (
            absent_as(1.0),
            "A class that is neither in the truth nor in the prediction has no IoU.",
        ),
        "false alarms do not count": (
            but(counts=lambda t, p: t.any()),
            "What if a class is predicted that is nowhere in the truth?",
        ),
        "classes that are not predicted do not count": (
            but(counts=lambda t, p: p.any()),
            "What if a class of the truth is never predicted?",
        ),
        "the last class is left out": (
            lambda truth, predicted, classes=data.CLASSES: mean_iou(truth, predicted, classes - 1),
            "The classes are numbered from 0 to one less than their number.",
        ),
        "always the classes 1 to 10": (
            lambda truth, predicted, classes=data.CLASSES: mean_iou(truth, predicted),
            "What does the function do with its argument classes?",
        ),
        "in percent": (
            lambda *args, **kwargs: 100 * mean_iou(*args, **kwargs),
            "An IoU lies between 0 and 1.",
        ),
        "the IoU of each class by itself": (each, "The result is one number."),
        "averaged scene by scene": (
            by_scene,
            "The pixels of all scenes are counted together, before anything is divided.",
        ),
        "all classes in one fraction": (
            all_pixels,
            "Each class has an IoU of its own, and all have the same weight in the mean.",
        ),
        "ink against background": (ink, "A 3 that is taken for an 8 is no hit."),
        "the Dice coefficient": (
            but(lambda t, p: 2 * (t & p).sum() / (t.sum() + p.sum())),
            "What is the union of two sets that overlap?",
        ),
        "divided by the sum of both areas": (
            but(lambda t, p: (t & p).sum() / (t.sum() + p.sum())),
            "In a sum of both areas the overlap counts twice.",
        ),
        "recall": (
            but(lambda t, p: (t & p).sum() / t.sum(), counts=lambda t, p: t.any()),
            "What was predicted and is not there belongs into the denominator, too.",
        ),
        "precision": (
            but(lambda t, p: (t & p).sum() / p.sum(), counts=lambda t, p: p.any()),
            "What is there and was not predicted belongs into the denominator, too.",
        ),
        "the share of right pixels": (
            lambda truth, predicted, classes=data.CLASSES: float(np.mean(truth == predicted)),
            "Accuracy counts pixels, and most of them are background.",
        ),
    }


def held_out(seed=None):
    """
    Compose the scenes on which handed-in networks are tried, of all the digits that can be had.

    A student may have had MNIST or not, and the grader as well: a network is tried on both kinds.

    Parameters
    ----------
    seed : int, optional
        Other seeds give other scenes; the one of the course secret by default.

    Returns
    -------
    list of sepconv.data.Scenes
    """
    seed = variant("decoder: held_out") if seed is None else seed
    kinds = [data.digit_scenes(SCENES, SIZE, "test", seed, mnist=False)]
    if data.digits().is_mnist:
        kinds.append(data.digit_scenes(SCENES, SIZE, "test", seed))
    return kinds


TASKS = {"mean_iou": (_label_maps, _mistakes())}
