"""The network files that students hand in beside a notebook, by the name of their maker."""

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

from course.sample_class.mnist import TRAINED
from tests.labs.students import networks_decoder, networks_mnist

HANDED_IN = {
    "decoder": ("decoder.keras",),
    "mnist": ("dense.keras", "separable.keras", "challenge.keras"),
}
RIGHT, NONE = "right", "none"
MAKERS: dict[str, Callable[[Path], None]] = {**networks_mnist.MAKERS, **networks_decoder.MAKERS}


def make(maker: str, path: Path) -> None:
    """Write the network that a maker makes to a file; nothing, where it is "none".

    Raises
    ------
    KeyError
        If there is no maker of this name.
    """
    if maker == NONE:
        return
    if maker == RIGHT:
        shutil.copy(TRAINED / path.name, path)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of Keras' own use of NumPy
            MAKERS[maker](path)
