"""Images on which the course trains and tests its networks."""

from sepconv.data.mnist import MNIST_SHAPES, MNIST_VARIABLE, DataError, Digits, digits, mnist_file, read_mnist
from sepconv.data.scenes import BACKGROUND, CLASSES, Scenes, digit_scenes

__all__ = [
    "BACKGROUND",
    "CLASSES",
    "MNIST_SHAPES",
    "MNIST_VARIABLE",
    "DataError",
    "Digits",
    "Scenes",
    "digit_scenes",
    "digits",
    "mnist_file",
    "read_mnist",
]
