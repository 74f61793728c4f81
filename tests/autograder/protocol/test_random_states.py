"""Marks of the global random generators change where something happens to them, and only there."""

import random

import numpy as np
import pytest

from autograder.protocol import random_states

HAPPENINGS = {
    "a number is drawn": ("random", random.random),
    "a normal number is drawn": ("random", lambda: random.gauss(0, 1)),
    "a seed is set": ("random", lambda: random.seed(3)),
    "an array is drawn": ("numpy", lambda: np.random.rand(3)),
    "a normal number of an array": ("numpy", np.random.normal),
    "a seed of arrays": ("numpy", lambda: np.random.seed(3)),
    "a permutation": ("numpy", lambda: np.random.permutation(4)),
}


@pytest.fixture(autouse=True)
def _as_before():
    before = random.getstate(), np.random.get_state()
    yield
    random.setstate(before[0])
    np.random.set_state(before[1])


@pytest.mark.parametrize("name", HAPPENINGS)
def test_whatever_happens_to_a_generator_changes_its_mark_alone(name):
    generator, happens = HAPPENINGS[name]
    for time in range(4):  # of two normal numbers the second is kept and needs no bits
        before = random_states.marks()
        assert random_states.marks() == before
        happens()
        after = random_states.marks()
        if "seed" in name and time > 0:
            assert after == before
            continue
        assert {key for key in before if before[key] != after[key]} == {generator}


def test_states_from_marks_put_another_generator_into_the_same_place():
    random.gauss(0, 1)
    np.random.normal()
    states = random_states.states_of(random_states.marks())
    drawn = [(random.gauss(0, 1), random.random(), np.random.normal(), np.random.rand()) for _ in range(3)]
    random_states.set_random_states(states)
    assert drawn == [
        (random.gauss(0, 1), random.random(), np.random.normal(), np.random.rand()) for _ in range(3)
    ]


def test_another_kind_of_numpy_generator_has_no_mark():
    before = np.random.get_bit_generator()
    np.random.set_bit_generator(np.random.PCG64(1))
    try:
        assert "numpy" not in random_states.marks()
    finally:
        np.random.set_bit_generator(before)


def test_where_the_bits_lie_elsewhere_the_state_itself_is_the_mark(monkeypatch):
    monkeypatch.setattr(random_states, "_PYTHON_BITS", None)
    before = random_states.marks()
    assert before["random"] == random.getstate()
    random.random()
    assert random_states.marks()["random"] != before["random"]


def test_a_seed_of_pytorch_goes_over_and_nothing_that_was_drawn():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch to run these")
    torch.manual_seed(3)
    fresh = random_states.without_history(random_states.states_of(random_states.marks()), b"key")
    drawn = torch.rand(2)
    later = random_states.without_history(random_states.states_of(random_states.marks()), b"key")
    random_states.set_random_states(fresh)
    assert torch.equal(torch.rand(2), drawn)
    assert later["torch"] != fresh["torch"]
    random_states.set_random_states(later)
    assert not torch.equal(torch.rand(2), drawn)


@pytest.mark.parametrize("name", ["random", "numpy"])
def test_a_generator_that_drew_on_is_told_from_one_that_was_seeded(name):
    own = {"random": random, "numpy": np.random}[name]
    own.seed(3)
    own.random()  # of a new seed the first number changes all words
    before = random_states.marks()
    assert random_states.drawn_on(before, random_states.marks()) == []
    own.random()
    assert random_states.drawn_on(before, random_states.marks()) == [name]
    for _ in range(100):
        own.random()
    assert random_states.drawn_on(before, random_states.marks()) == [name]
    own.seed(3)
    assert random_states.drawn_on(before, random_states.marks()) == []
    own.seed(4)
    own.random()
    assert random_states.drawn_on(before, random_states.marks()) == []
