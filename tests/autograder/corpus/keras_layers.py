"""Layers and models that are not what they say they are; for labs that ask for Keras layers."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

import ast

from course.sample_class.notebooks import index
from tests.autograder.corpus.case import FORGING, Submission, case
from tests.autograder.corpus.lab import Lab


def _asks_for_keras(lab: Lab) -> bool:
    return any("keras" in cell.source for cell in lab.released.cells if cell.cell_type == "code")


def _layers(name: str, before: str, body: str) -> None:
    """Add a case in which each function asked for does ``body`` with its first argument ``x``."""

    def make(lab: Lab) -> Submission:
        nb = lab.untouched()
        for answer in lab.code_answers:
            functions = [each for each, kind in lab.names(answer).items() if kind is ast.FunctionDef]
            lines = [f"def {each}(x, *args, **kwargs):\n    {body}" for each in functions]
            nb.cells[index(nb, answer)].source = "\n\n".join([before, *lines])
        return Submission(lab.nothing(), nb)

    make.__name__ = name
    case(FORGING, applies=_asks_for_keras)(make)


_layers("a_lambda_layer", "import keras", "return keras.layers.Lambda(lambda t: t * 0)(x)")
_layers(
    "a_layer_with_a_borrowed_name",
    """
import keras
class SeparableConv2D(keras.layers.Layer):
    __module__ = 'keras.layers'
    def call(self, t): return t
    def count_params(self): return 54
    def get_config(self): return {'name': 'x', 'filters': 8, 'kernel_size': 3}
""".strip(),
    "return SeparableConv2D()(x)",
)
_layers(
    "a_registered_layer",
    """
import keras
@keras.saving.register_keras_serializable('keras.layers', 'Conv2D')
class Conv2D(keras.layers.Layer):
    def call(self, t): return t
""".strip(),
    "return Conv2D()(x)",
)
_layers(
    "a_layer_that_lies_about_itself",
    """
import keras
class Honest(keras.layers.Conv2D):
    def get_config(self): return super().get_config() | {'filters': 10**9}
""".strip(),
    "return Honest(1, 1)(x)",
)
_layers(
    "a_configuration_without_end",
    """
import keras
keras.Model.to_json = keras.Model.get_config = lambda self, *a, **k: {'class_name': 'Functional', 'config': {'layers': [{}] * 10**7}}
""".strip(),
    "return keras.layers.Dense(3)(x)",
)
_layers(
    "thousands_of_layers", "import keras", "for _ in range(3000): x = keras.layers.ReLU()(x)\n    return x"
)
_layers("a_wide_layer", "import keras", "return keras.layers.Dense(500_000)(x)")
_layers(
    "an_activation_with_code",
    "import keras\ndef activation(t): return t",
    "return keras.layers.Conv2D(8, 3, padding='same', activation=activation)(x)",
)
_layers(
    "an_unsafe_configuration",
    """
import keras
keras.config.enable_unsafe_deserialization()
class Dense(keras.layers.Dense):
    def get_config(self):
        return super().get_config() | {'activation': {'class_name': '__lambda__', 'config': {'value': ['4wEAAAA=', None, None]}}}
""".strip(),
    "return Dense(3)(x)",
)
_layers("a_tensor_of_its_own", "import keras", "return keras.Input((3, 3, 1))")
_layers("numbers_instead_of_a_tensor", "import numpy", "return numpy.zeros((1, 8, 8, 3))")
_layers("nothing_but_its_argument", "", "return x")
