"""A large class for the encoder lab: python -m course.sample_class.big SIZE FOLDER.

The same size gives the same class. Right answers are those of `answers.encoder`, wrong ones are the
instructor's with one slip, so that the lab's tests recognise most of them. A few students copy from
another one, write what never ends, or hand in something that is no notebook.
"""

import ast
import inspect
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

import click
import nbformat
from nbformat import NotebookNode

from course.sample_class import hand_in, solutions
from course.sample_class.notebooks import index
from course.stamps import ROOT

LAB = "encoder"
ALL_END = 19  # the largest class in which nobody's code is without end

# By function: a known mistake, and what of the instructor's answer becomes what.
SLIPS = {
    "conv2d_params": {
        "the input's channels are left out": ("width * channels * filters", "width * filters"),
        "the bias is always counted": ("(filters if use_bias else 0)", "filters"),
        "one bias for the whole layer": ("(filters if use_bias else 0)", "int(use_bias)"),
        "a bias for each channel of the input": ("(filters if use_bias", "(channels if use_bias"),
    },
    "separable_conv2d_params": {
        "the depth multiplier is ignored": ("channels * depth_multiplier", "channels"),
        "the pointwise part is missing": ("between + between * filters +", "between +"),
        "both parts have a bias": ("(filters if use_bias", "(filters + between if use_bias"),
        "the two parts are multiplied": ("between + between * filters", "between * between * filters"),
    },
    "dense_kernel": {
        "the depthwise channels are interleaved wrongly": (
            "reshape(channels, multiplier, -1)",
            "reshape(multiplier, channels, -1).transpose(1, 0, 2)",
        ),
        "the depth multiplier's kernels are averaged": (
            "depthwise_kernel, mixing)",
            "depthwise_kernel, mixing) / multiplier",
        ),
        "the kernel is rotated": ("depthwise_kernel, mixing)", "depthwise_kernel[::-1, ::-1], mixing)"),
        "channels and filters are swapped": ("->hwcf", "->hwfc"),
    },
    "fold_batch_norm": {
        "epsilon stands outside the root": (
            "np.sqrt(variance + epsilon)",
            "(np.sqrt(variance) + epsilon)",
        ),
        "the variance is taken for the deviation": ("np.sqrt(variance + epsilon)", "(variance + epsilon)"),
        "gamma is forgotten": ("gamma / np.sqrt", "1 / np.sqrt"),
        "beta is forgotten": (" * scale + beta", " * scale"),
        "the mean is added": ("bias - mean", "bias + mean"),
    },
    "separable_conv2d_batchnorm": {
        "padding is valid": ('padding="same"', 'padding="valid"'),
        "no activation": (', activation="relu"', ""),
        "no normalization": ("keras.layers.BatchNormalization()(output_layer)", "output_layer"),
        "strides are ignored": ("strides=strides", "strides=1"),
    },
    "conv2d_batchnorm": {
        "padding is valid": ('padding="same"', 'padding="valid"'),
        "kernel_size is ignored": ("kernel_size=kernel_size", "kernel_size=3"),
        "no normalization": ("keras.layers.BatchNormalization()(output_layer)", "output_layer"),
        "filters and kernel size are swapped": (
            "filters=filters, kernel_size=kernel_size",
            "filters=kernel_size, kernel_size=filters",
        ),
    },
    "encoder_block": {
        "strides are ignored": ("input_layer, filters, strides)\n", "input_layer, filters)\n"),
        "a dense convolution": (
            "separable_conv2d_batchnorm(input_layer, filters, strides)\n",
            "conv2d_batchnorm(input_layer, filters, 3, strides)\n",
        ),
    },
    "encoder": {
        "the last layer is 3×3": ("filters, kernel_size=1)", "filters)"),
        "the 1×1 layer is missing": ("conv2d_batchnorm(x, filters, kernel_size=1))", "x)"),
        "only the last block counts": (
            "encoder_block(x, some, strides=2)",
            "encoder_block(inputs, some, strides=2)",
        ),
        "the blocks keep the size": ("strides=2", "strides=1"),
    },
}
BROKEN = (
    "def {name}(*args, **kwargs)\n    return 0",
    "def {name}(*args, **kwargs):\n    return arguments",
    "def {name}(*args, **kwargs):\n    return None",
    "def {name}(*args, **kwargs):\n    raise SystemExit",
)
NEVER_ENDS = "def {name}(*args, **kwargs):\n    while True:\n        pass"
IMPORTS = {
    "layers": "from keras import layers",
    "product": "from itertools import product",
    "tf": "import tensorflow as tf",
}
REMARKS = (
    "see the text of the task",
    "checked with the examples",
    "as in the lesson",
    "is there a shorter way?",
)
ESSAYS = (
    "The rank is at most m, because every filter sees a mix of the same m pictures.",
    "The rank is 1 with m = 1. A dense layer can have any rank up to 9. Sobel in both directions needs two.",
    "Separable layers have fewer parameters and therefore cannot do everything.",
)


@dataclass
class Student:
    """One member of the class.

    Parameters
    ----------
    name : str
    answers : dict of str to str
        What stands in the cells for answers; other cells are as released.
    wrong : dict of str to str
        By function: the slip that was made, where one was.
    copied_from : str
        The student whose answers these are, disguised; "" for own work.
    hand_in_as : str
        "notebook", "edited tests", "cells missing", "torn" (no notebook) or "nothing".
    """

    name: str
    answers: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    copied_from: str = ""
    hand_in_as: str = "notebook"


def members(size: int, solution: Path = ROOT / "solutions" / LAB) -> list[Student]:
    """Return the class, from the one who has all right to the one who has nothing.

    Parameters
    ----------
    size : int
        How many; from 20 on, some of them copy, hand in what is torn, or write what never ends.
    solution : Path
        The folder of the instructor's notebook.

    Raises
    ------
    ValueError
        If `size` is less than 2.
    """
    if size < 2:
        raise ValueError(f"size must be at least 2, got {size}")
    right = solutions(solution / f"{LAB}.ipynb")
    forms = {name: [right[name], *_other_forms(name)] for name in SLIPS}
    made = [Student("s0001", dict(right))]
    for number in range(2, size):
        able = 1 - (number - 1) / (size - 1)
        made.append(_student(f"s{number:04d}", able, forms, right, random.Random(number)))
    made.append(Student(f"s{size:04d}"))
    for first in _groups(size):
        _make_some_odd(made[first + 1 : first + 19])
    return made


def _groups(size: int) -> range:
    return range(0, size - ALL_END, 20)


def endless(size: int) -> int:
    """Return how many of a class of that size hand in code that never ends."""
    return len(_groups(size))


def _student(
    name: str, able: float, forms: dict[str, list[str]], right: dict[str, str], rng: random.Random
) -> Student:
    student = Student(name)
    for function, slips in SLIPS.items():
        luck = rng.random()
        if luck < able**0.7:
            source = rng.choice(forms[function])
        elif luck < 0.4 + 0.6 * able:
            student.wrong[function] = slip = rng.choice(list(slips))
            source = slipped(right[function], *slips[slip])
        elif luck < 0.5 + 0.5 * able:
            student.wrong[function] = "broken"
            source = rng.choice(BROKEN).format(name=function)
        else:
            continue
        remark = f"# {rng.choice(REMARKS)}\n" if rng.random() < 0.3 else ""
        student.answers[function] = remark + source
    if rng.random() < 0.2 + 0.8 * able:
        student.answers["rank_answer"] = rng.choice(ESSAYS)
    return student


def _make_some_odd(group: list[Student]) -> None:
    """Let a few of eighteen neighbours copy, or hand in something odd."""
    _copy(group[3], group[5])
    group[9].answers["dense_kernel"] = NEVER_ENDS.format(name="dense_kernel")
    group[9].wrong["dense_kernel"] = "never ends"
    for number, way in ((11, "edited tests"), (13, "cells missing"), (15, "torn"), (17, "nothing")):
        group[number].hand_in_as = way


def _copy(source: Student, copy: Student) -> None:
    """Give one student another's answers, laid out anew and with other names of variables."""
    copy.wrong, copy.copied_from = dict(source.wrong), source.name
    copy.answers = {name: disguised(text) if name in SLIPS else text for name, text in source.answers.items()}


def disguised(source: str) -> str:
    """Rename the variables of an answer's functions and drop its comments."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        bound = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        bound -= {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
        for node in names:
            node.id = f"my_{node.id}" if node.id in bound else node.id
    return ast.unparse(tree)


def slipped(source: str, old: str, new: str) -> str:
    """Replace `old` by `new` in an answer.

    Raises
    ------
    ValueError
        If the answer does not hold `old`.
    """
    if old not in f"{source}\n":
        raise ValueError(f"no {old!r} in {source!r}")
    return f"{source}\n".replace(old, new).rstrip("\n")


def _other_forms(function: str) -> Iterator[str]:
    """Yield other right answers, as text that stands by itself in a cell."""
    from course.sample_class.answers import encoder  # noqa: PLC0415 - imports TensorFlow

    for answer in encoder.RIGHT[function].values():
        if not answer.__code__.co_freevars:
            yield "\n\n\n".join([*_needed(answer, vars(encoder)), f"{function} = {answer.__name__}"])


def _needed(answer: Callable, names: dict) -> list[str]:
    """Return a function's source after that of what it uses of its module."""
    used = [name for name in sorted(_names(answer.__code__)) if name in names]
    imports = "\n".join(IMPORTS[name] for name in used if name in IMPORTS)
    helpers = [inspect.getsource(names[name]).strip() for name in used if inspect.isfunction(names[name])]
    return [part for part in [imports, *helpers, inspect.cleandoc("\n" + inspect.getsource(answer))] if part]


def _names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def make(size: int, folder: Path, root: Path = ROOT) -> list[Student]:
    """Write the class as nbgrader collects it: FOLDER/<student>/encoder/.

    Parameters
    ----------
    size : int
    folder : Path
        nbgrader's folder of submissions; what it holds of these students is replaced.
    root : Path
        The course: its labs/ and solutions/ are read.

    Returns
    -------
    list of Student

    Raises
    ------
    ValueError
        If `size` is less than 2.
    """
    release = root / "labs" / LAB
    made = members(size, root / "solutions" / LAB)
    for student in made:
        place = folder / student.name / LAB
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(release, place)
        notebook = place / f"{LAB}.ipynb"
        hand_in(notebook, student.answers)
        _spoil(notebook, student.hand_in_as)
    return made


def _spoil(path: Path, way: str) -> None:
    if way == "nothing":
        path.unlink()
    elif way == "torn":
        path.write_bytes(path.read_bytes()[:5000])
    elif way != "notebook":
        nb = nbformat.read(path, as_version=4)
        {"edited tests": _edit_tests, "cells missing": _lose_cells}[way](nb)
        nbformat.write(nb, path)


def _edit_tests(nb: NotebookNode) -> None:
    nb.cells[index(nb, "test_dense_kernel")].source = "pass  # it worked yesterday"


def _lose_cells(nb: NotebookNode) -> None:
    lost = ("test_encoder", "encoder_block")
    nb.cells = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in lost]


@click.command()
@click.argument("size", type=click.IntRange(min=2))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def main(size: int, folder: Path) -> None:
    """Write SIZE submissions of the encoder lab to FOLDER/<student>/encoder/."""
    made = make(size, folder)
    click.echo(f"{len(made)} submissions of {LAB} in {folder}")


if __name__ == "__main__":
    main()
