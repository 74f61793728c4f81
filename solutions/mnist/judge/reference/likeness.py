"""How far a network answers as the book's champion does, beyond what any two networks share."""

from functools import cache

import numpy as np

from autograder.checks import worth_a_look
from sepconv import models

from . import held_out

# Networks that were trained apart reach 0.51, the champion's own layers among them; the champion
# changed a little, or trained on for an epoch, 0.80 and more. Measured by tests.labs.contenders.
MOST = 0.68
SENTENCE = "challenge.keras answers as the book's champion does"


def refuse_champion(model):
    """
    Refuse the champion of the book's chapter, and what was made from it by small changes.

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
    Correlate what a network and the champion think of pictures beyond which digit they show.

    Two good networks agree on nearly all digits, so that their answers are alike for that reason
    alone. What is compared is how the logarithms of both networks' probabilities differ between
    pictures of the same digit: which other digits a picture resembles, and how much. Changes that
    leave these in proportion, such as scaled logits, do not count.

    Parameters
    ----------
    model : keras.Model
        As for `refuse_champion`.

    Returns
    -------
    float
        At most 1; the largest of those on each kind of held-out digits.
    """
    champions = _champions()
    return max(
        float(np.corrcoef(_beyond_the_digit(model, *found).ravel(), champions[name].ravel())[0, 1])
        for name, found in held_out.digits().items()
    )


@cache
def _champions():
    champion = models.champion()
    return {name: _beyond_the_digit(champion, *found) for name, found in held_out.digits().items()}


def _beyond_the_digit(model, pictures, labels):
    probabilities = held_out.answers(model, pictures).astype(float)
    logits = np.log(np.maximum(probabilities, 1e-30))
    logits -= logits.mean(axis=1, keepdims=True)
    for digit in range(10):
        logits[labels == digit] -= logits[labels == digit].mean(axis=0)
    # A network that gives each picture of a digit the same answer correlates with nothing.
    return logits + 1e-9 * np.arange(logits.size).reshape(logits.shape)
