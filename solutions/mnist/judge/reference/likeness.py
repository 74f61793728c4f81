"""How far a network answers as a champion of the book does, beyond what any two networks share."""

from functools import cache

import numpy as np

from autograder.checks import worth_a_look
from sepconv import models

from . import held_out

# Networks that were trained apart reach 0.37, the champion's own layers with other seeds and the
# same teachers among them. The champion stays at 0.6 or more: weights multiplied, disturbed by 5 %,
# or trained on for four epochs. Measured by tests.labs.contenders and tests/labs/test_mnist.py.
MOST = 0.48
SENTENCE = "challenge.keras answers as the book's champion does"


def refuse_champion(model):
    """
    Refuse the champions of the book's chapter, and what was made from them by small changes.

    Parameters
    ----------
    model : keras.Model
        From (batch, 28, 28, 1) to the probabilities of ten digits.

    Raises
    ------
    AssertionError
        If it is one of these. The report then has the submission among those worth a look.
    """
    if likeness(model) > MOST:
        worth_a_look(f"{SENTENCE}: a copy, perhaps changed a little or trained on")
        raise AssertionError(f"{SENTENCE}: train a network of your own")


def likeness(model):
    """
    Correlate what a network and a champion think of pictures that neither was trained on.

    Two good networks agree on nearly all digits, so that their answers are alike for that reason
    alone. What is compared are their answers to digits whose ink and paper were exchanged, and of
    these how the logarithms of both networks' probabilities differ between pictures of the same
    digit. Changes that leave these in proportion, such as scaled logits, do not count.

    Parameters
    ----------
    model : keras.Model
        As for `refuse_champion`.

    Returns
    -------
    float
        At most 1; the largest of those for each champion on each kind of held-out digits.
    """
    found = {name: _beyond_the_digit(model, *digits).ravel() for name, digits in held_out.digits().items()}
    return max(
        float(np.corrcoef(found[name], beyond.ravel())[0, 1])
        for champion in _champions()
        for name, beyond in champion.items()
    )


@cache
def _champions():
    return [
        {name: _beyond_the_digit(champion, *digits) for name, digits in held_out.digits().items()}
        for champion in map(models.champion, models.CHAMPIONS)
    ]


def _beyond_the_digit(model, pictures, labels):
    probabilities = held_out.answers(model, 1 - pictures).astype(float)
    logits = np.log(np.maximum(probabilities, 1e-30))
    logits -= logits.mean(axis=1, keepdims=True)
    for digit in range(10):
        logits[labels == digit] -= logits[labels == digit].mean(axis=0)
    # A network that gives each picture of a digit the same answer correlates with nothing.
    return logits + 1e-9 * np.arange(logits.size).reshape(logits.shape)
