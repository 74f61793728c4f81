"""The judge's grader: current in every thread of a test, and out of a submission's reach."""

import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.checks.grader import Grader, current_grader, graded_by
from autograder.checks.seeds import variant

KEY = b"the course's"
HELPER = """
import threading
from concurrent.futures import ThreadPoolExecutor

from autograder import checks
from autograder.checks.seeds import variant
from autograder.trained import ModelRefused, trained_model

mistakes = {"squared": checks.Mistake(9, "."), "cubed": checks.Mistake(27, ".")}
case = checks.Case("f", {"x": 3}, 6, mistakes=mistakes)

def opened(file):
    try:
        trained_model(file)
    except ModelRefused as refused:
        return str(refused)

def in_a_thread(function, *args):
    came = []
    thread = threading.Thread(target=lambda: came.append(function(*args)))
    thread.start()
    thread.join()
    return came[0]
"""
SEED = "assert variant('lab: a') == {seed}"
FILE = "assert 'is damaged or no Keras model' in opened('mine.keras'), opened('mine.keras')"


@pytest.fixture
def drawn():
    """The seed that the judge's key gives, which the environment does not."""
    with graded_by(Grader(KEY)):
        seed = variant("lab: a")
    assert seed != variant("lab: a")
    return seed


@pytest.fixture
def handed_in(tmp_path):
    """A folder with a file that only the worker has."""
    (tmp_path / "mine.keras").write_text("no network")
    return tmp_path


def test_a_grader_is_current_within_its_block_alone():
    outer = current_grader.get()
    with graded_by(Grader(KEY)) as grader:
        assert current_grader.get() is grader
    assert current_grader.get() is outer == Grader()


def test_by_default_mistakes_are_not_kept():
    grader = Grader()
    grader.record(["squared"])
    assert grader.recognised is None


def test_a_tests_own_threads_find_the_judges_grader(graded, drawn, handed_in):
    tests = (
        f"assert in_a_thread(variant, 'lab: a') == {drawn}",
        "assert 'is damaged or no Keras model' in in_a_thread(opened, 'mine.keras')",
        f"with ThreadPoolExecutor(2) as pool:\n    assert [*pool.map(variant, ['lab: a'])] == [{drawn}]",
        "with ThreadPoolExecutor(1) as pool:\n    pool.submit(checks.agrees, f, case).result()",
        # A thread is begun by another, and one is begun where calls are refused.
        f"assert in_a_thread(in_a_thread, variant, 'lab: a') == {drawn}",
        f"with checks.on_your_own('statistics'):\n    assert in_a_thread(variant, 'lab: a') == {drawn}",
    )
    result = graded(
        "def f(x): return x * x", *tests, helper=HELPER, own=handed_in, seed_key=KEY, call_seconds=5
    )
    assert result.scores == [1, 1, 1, 0, 1, 1], result.messages
    assert result.result.cells["t3"].mistakes == ("squared",)


def test_threads_follow_an_installed_grader_and_are_not_profiled():
    before, hook = current_grader.get(), threading.getprofile()
    try:
        Grader(KEY).install()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(current_grader.get).result().seed_key == KEY
            assert pool.submit(sys.getprofile).result() is None
    finally:
        threading.setprofile(hook)
        current_grader.set(before)


# Attacks on the grader of a submission's own process; each shows that it changed something there.
ATTACKS = {
    "a grader of its own": """
        grader.Grader(b'own', lambda path, most: {'refused': 'own'}, ['squared']).install()
    """,
    "another grader by default": """
        for name, value in {'seed_key': b'own', 'recognised': ['squared']}.items():
            object.__setattr__(grader.current_grader.get(), name, value)
    """,
    "another variable": """
        import contextvars
        mine = grader.Grader(b'own', recognised=['squared'])
        grader.current_grader = contextvars.ContextVar('current_grader', default=mine)
        seeds.current_grader = compare.current_grader = trained.current_grader = grader.current_grader
    """,
    "other functions": """
        seeds.variant = lambda task: 7
        grader.Grader.record = lambda self, names: None
        compare._looks_like = lambda case, came: ['This looks like a known mistake: squared.']
        trained.opened = trained.trained_model = lambda *args, **kwargs: {'refused': 'own'}
    """,
    "other refusals": """
        grader.current_grader.set(grader.Grader(b'own'))
        shortcuts.forbidden.set(('numpy', 'statistics'))
        shortcuts.ShortcutRefused = ZeroDivisionError
    """,
}
ATTACK = """
from autograder.checks import compare, grader, seeds, shortcuts, trained
before = seeds.variant('lab: a')
{attack}
changed = seeds.variant('lab: a') != before
print('changed', changed, [*(grader.current_grader.get().recognised or ())], shortcuts.forbidden.get())
def f(x):
    import numpy
    return int(numpy.add(x, 2))
def g(x):
    return x**3
"""


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_submission_sets_in_its_own_process_changes_nothing_in_the_judge(
    attack, graded, drawn, handed_in
):
    student = ATTACK.format(attack=textwrap.dedent(ATTACKS[attack]))
    tests = (
        "checks.agrees(f, case)",
        "checks.agrees(g, case)",
        SEED.format(seed=drawn),
        FILE,
        "assert changed is True",
        "import statistics\nwith checks.on_your_own('statistics'):\n    assert f(4) == 6",
    )
    result = graded(student, *tests, helper=HELPER, own=handed_in, seed_key=KEY, call_seconds=5)
    assert "changed True" in result.shown()
    assert result.scores == [0, 0, 1, 1, 1, 1], result.messages
    assert [cell.mistakes for cell in result.cells[:2]] == [(), ("cubed",)]
