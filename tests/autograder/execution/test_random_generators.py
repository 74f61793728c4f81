"""A random generator that a test gives, or a student's function returns, goes on where it was."""

import random
import struct

import numpy as np
import pytest

from autograder.protocol.library_data.registry import REGISTRY
from autograder.protocol.serialization import SerializationError, pack, unpack
from autograder.protocol.values import is_mutable, transplant
from autograder.result import Status

STUDENT = """
import random, numpy as np
def draw(rng, n): return [rng.randint(1, 7) for _ in range(n)]
def normal(rng): return rng.gauss(0, 1)
def made(seed):
    rng = random.Random(seed)
    rng.random()
    return rng
def numbers(seed): return np.random.RandomState(seed)
def same(rng): return rng
def kept(rng): return [rng, rng][0].random() + rng.random()
def is_one(rng): return isinstance(rng, random.Random), type(rng) is np.random.RandomState
"""
TESTS = {
    "it is drawn from": "rng, own = R(3), R(3)\n"
    "assert draw(rng, 4) == [own.randint(1, 7) for _ in range(4)]\nassert draw(rng, 4) == draw(own, 4)\n"
    "assert rng.randint(0, 99) == own.randint(0, 99)",
    "it is as given": "rng, own = R(3), R(3)\nrng.random(), own.random()\n"
    "assert draw(rng, 4) == draw(own, 4)",
    "it is itself": "rng = R(3)\nassert same(rng) is rng",
    "it is one": "rng, own = R(3), R(3)\nassert kept(rng) == own.random() + own.random()",
    "its type": "assert is_one(R(3)) == (R is random.Random, R is not random.Random)",
    "many of them": "assert all(draw(R(s), 3) == draw(R(s), 3) for s in range(20))",
}
ONE = {
    "a kept normal number": "rng, own = random.Random(3), random.Random(3)\n"
    "assert [normal(rng), normal(rng), rng.gauss(0, 1)] == [own.gauss(0, 1) for _ in range(3)]",
    "it is returned": "own = random.Random(3)\nown.random()\nassert made(3).random() == own.random()\n"
    "assert isinstance(made(3), random.Random) and type(numbers(3)) is np.random.RandomState\n"
    "assert numbers(3).normal(size=3).tolist() == np.random.RandomState(3).normal(size=3).tolist()",
}


@pytest.mark.parametrize("kind", ["random.Random", "np.random.RandomState"])
@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS)
def test_a_generator_of_the_test_is_drawn_from_as_in_one_kernel(graded, test, kind):
    test = f"import random\nR = {kind}\n{test}"
    exec("import numpy as np\n" + STUDENT + test, {})  # in one kernel
    assert graded(STUDENT, test, template=STUDENT).messages == [""]


@pytest.mark.parametrize("test", ONE.values(), ids=ONE)
def test_a_generator_crosses_whole(graded, test):
    exec("import random, numpy as np\n" + STUDENT + test, {})
    assert graded(STUDENT, "import random\n" + test, template=STUDENT).messages == [""]


def test_a_generator_that_the_solution_does_not_draw_from_stays_as_it_is(graded):
    solution = "def f(rng): return 3"
    submission = "def f(rng):\n    rng.setstate(__import__('random').Random(0).getstate())\n    return 3"
    test = "import random\nrng = random.Random(3)\nassert f(rng) == 3\n"
    test += "drawn = rng.random()\nassert drawn == random.Random({}).random()"
    result = graded(submission, test.format(3), test.format(0), template=solution)
    assert result.statuses == [Status.PASSED, Status.FAILED]


def python():
    rng = random.Random(5)
    rng.gauss(0, 1)
    return rng


def numpy():
    rng = np.random.RandomState(5)
    rng.normal()
    return rng


@pytest.mark.parametrize(("make", "draw"), [(python, lambda r: r.gauss(0, 1)), (numpy, lambda r: r.normal())])
def test_its_state_and_its_kept_normal_number_cross(make, draw):
    rng, own = unpack(pack(make())), make()
    assert [draw(rng) for _ in range(5)] == [draw(own) for _ in range(5)]
    fresh = type(own)(1)
    assert is_mutable(fresh)
    assert transplant(fresh, make())
    assert draw(fresh) == draw(make())


WORDS = struct.pack("<624I", *range(624))
DAMAGED = [
    3, (WORDS, 3), (WORDS, 625, None), (WORDS, -1, None), (WORDS, True, None), (WORDS[:-4], 3, None),
    (WORDS + b"1234", 3, None), ("x", 3, None), (WORDS, 3, "x"), (WORDS, 2**70, 1.0), [WORDS, 3, None],
]  # fmt: skip


@pytest.mark.parametrize("parts", DAMAGED)
@pytest.mark.parametrize("name", ["random:Random", "numpy.random.mtrand:RandomState"])
def test_a_damaged_state_is_refused(name, parts):
    entry = REGISTRY.entries[next(tag for tag in REGISTRY.entries if REGISTRY.entries[tag].name == name)]
    assert type(entry.build((WORDS, 624, None))).__name__ == name.rpartition(":")[2]
    with pytest.raises(SerializationError, match="damaged"):
        entry.build(parts)


def test_a_generator_of_another_kind_is_no_data():
    with pytest.raises(SerializationError):
        pack(np.random.RandomState(np.random.PCG64(3)))
    with pytest.raises(SerializationError):
        pack(random.SystemRandom())
    with pytest.raises(SerializationError):
        pack(type("Own", (random.Random,), {})(3))
