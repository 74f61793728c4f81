"""What a test changes in a container of the student's object is changed there as well."""

# ruff: noqa: E501 - each test is one string

import pytest

from autograder.execution import lent
from autograder.notebook.code import parse_cell
from autograder.notebook.watching import running
from autograder.result import Status

LAYER = """
import numpy as np
class Tensor:
    def __init__(self, data): self.data = np.asarray(data, dtype=float)
class Layer:
    def __init__(self, n): self.weight = Tensor(np.ones((n, n)))
    def zeros(self): return float((self.weight.data == 0).mean())
    def add(self): self.weight.data += 1
"""
QUEUE = """
class Queue:
    def __init__(self): self.items, self.of = [], {'w': 0, 'l': [1]}
    def size(self): return len(self.items)
    def total(self): return self.of['w'] + self.of['l'][0]
    def put(self, x): self.items.append(x)
    def replace(self, x): self.items = [x]
    def both(self): return self.items + self.alias
    def share(self): self.alias = self.items
"""
GRID = """
class Grid:
    def __init__(self, n): self.cells = [[0] * n for _ in range(n)]
    def alive(self): return sum(map(sum, self.cells))
    @property
    def copied(self): return [list(row) for row in self.cells]
    @property
    def row(self): return self.cells[0]
"""
SAME = {
    "a list": (QUEUE, "q = Queue()\nq.items.append(3)\nq.items.append(4)\nassert q.size() == 2 and q.items == [3, 4]"),
    "a dict, and a list in it": (QUEUE, "q = Queue()\nq.of['w'] = 5\nq.of['l'][0] = 2\nassert q.total() == 7"),
    "rows of a grid": (GRID, "g = Grid(3)\ng.cells[1][2] = 1\ng.cells[0] = [1, 1, 1]\nassert g.alive() == 4"),
    "a row under a name": (GRID, "g = Grid(2)\nrow = g.cells[1]\nrow[0] = row[1] = 1\nassert g.alive() == 2"),
    "an array's element": (LAYER, "l = Layer(2)\nl.weight.data[0, 0] = 0\nassert l.zeros() == 0.25"),
    "a copy that a property gives": (GRID, "g = Grid(2)\ng.copied[0][0] = 1\nassert g.alive() == 0"),
    "a list that a property gives": (GRID, "g = Grid(2)\ng.row[0] = 1\nassert g.alive() == 1"),
    "under two names": (QUEUE, "q = Queue()\nq.share()\nq.items.append(3)\nassert q.both() == [3, 3] and q.alias == [3]"),
    "one object": (QUEUE, "q = Queue()\nassert q.items is q.items\na = q.items\na.append(1)\nassert a is q.items"),
    "sorted by the test": (QUEUE, "q = Queue()\nfor x in (2, 3, 1): q.put(x)\nq.items.sort()\nq.put(0)\nassert q.items == [1, 2, 3, 0]"),
    "deleted": (QUEUE, "q = Queue()\nq.put(1)\ndel q.items[:]\nq.items += [5]\nassert q.items == [5] and q.size() == 1"),
    "of two objects": (QUEUE, "a, b = Queue(), Queue()\na.items.append(1)\nb.items.extend('ab')\nassert (a.size(), b.size()) == (1, 2)"),
    "a class's": ("class A:\n    known = []\n    def count(self): return len(self.known)",
                  "A.known.append(1)\nassert A().count() == 1"),
}  # fmt: skip


@pytest.mark.parametrize(("student", "test"), SAME.values(), ids=SAME)
def test_a_change_is_as_in_one_kernel(graded, student, test):
    exec(student + "\n" + test, {"__name__": "__main__"})
    result = graded(student, test, template=student)
    assert (result.statuses, result.messages) == ([Status.PASSED], [""])


WRONG = {
    "it does not count": (QUEUE.replace("len(self.items)", "0"), SAME["a list"][1]),
    "it counts twice": (QUEUE.replace("len(self.items)", "2 * len(self.items)"), SAME["a list"][1]),
    "it gives copies": (QUEUE.replace("self.items, self.of", "self._items, self.of")
                        + "    items = property(lambda self: [*self._items])\n"
                        + "    def size(self): return len(self._items)", SAME["a list"][1]),
}  # fmt: skip


@pytest.mark.parametrize(("student", "test"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_fails(graded, student, test):
    with pytest.raises(AssertionError):
        exec(student + "\n" + test, {"__name__": "__main__"})
    assert graded(student, test, template=QUEUE).statuses == [Status.FAILED]


FOR_A_PERSON = {
    "an array that changes later": (LAYER, "l = Layer(2)\nw = l.weight.data\nl.add()\nassert (w == 2).all()"),
    "a list that both change": (QUEUE, "q = Queue()\na = q.items\nq.put(1)\na.append(2)\nassert q.items == [1, 2]"),
    "what a method gives": (QUEUE + "    def get(self): return self.items",
                            "q = Queue()\nq.put(1)\nq.get().append(3)\nassert q.items == [1] and q.get() == [1, 3]"),
    "what cannot cross": (QUEUE, "q = Queue()\nq.items.append(type('T', (Exception,), {}))\nassert q.size() == 1"),
    "random numbers after the student's": (
        "import random\ndef draw(): return random.random() + random.random() + random.random()",
        "import random\nrandom.seed(3)\na = draw(), random.random()\nrandom.seed(3)\n"
        "assert a == (sum(random.random() for _ in range(3)), random.random())",
    ),
    "a file that is run": ("%%writefile q.py\na = xs[4]", "xs = [1, 2, 3, 4, 5]\n%run -i q.py\nassert a == 5"),
}  # fmt: skip


@pytest.mark.parametrize(("student", "test"), FOR_A_PERSON.values(), ids=FOR_A_PERSON)
def test_what_is_not_as_in_one_kernel_is_for_a_person(graded, student, test):
    assert graded(student, test, template=student).statuses == [Status.BY_HAND]


def test_a_test_that_goes_wrong_for_the_solution_alone_is_no_persons(graded):
    """What differs from one kernel costs a wrong answer its points where the solution passes."""
    test = "q = Queue()\nq.put(1)\nassert q.items == [1]"
    wrong = QUEUE.replace("append(x)", "append(0)")
    assert graded(QUEUE, test, template=QUEUE).statuses == [Status.PASSED]
    assert graded(wrong, test, template=QUEUE).statuses == [Status.FAILED]


class Counting:
    """A client that counts how often it is asked for a value's bytes."""

    asked = 0

    def content_of(self, value):
        self.asked += 1
        return repr(value).encode()


def looked_at(held, client):
    client.asked = 0
    held.carry_back()
    return client.asked


def test_only_so_many_containers_are_looked_at():
    client = Counting()
    held = lent.Lent(client)
    kept = [[number] for number in range(3 * lent.MOST)]
    for number, value in enumerate(kept):
        held.given(lent.Tagged("reference", number), "a", value)
    assert looked_at(held, client) == lent.MOST
    assert held.given(lent.Tagged("reference", 1), "a", 5) == 5
    large = ["x" * lent.MOST_BYTES]
    assert held.given(lent.Tagged("reference", 1), "b", large) is large
    assert looked_at(held, client) == lent.MOST
    thirds = [["x" * (lent.MOST_BYTES // 3)] for _ in range(3)]
    for number, value in enumerate(thirds):
        held.given(lent.Tagged("reference", number), "c", value)
    assert looked_at(held, client) == 2


@pytest.mark.parametrize("made", [lambda: [1, 2], lambda: {"a": 1}, lambda: {3}], ids=["list", "dict", "set"])
def test_what_nobody_has_any_more_is_looked_at_once(made):
    client = Counting()
    held = lent.Lent(client)
    value = held.given(lent.Tagged("reference", 1), "a", made())
    assert [looked_at(held, client) for _ in range(2)] == [1, 1]
    del value
    assert [looked_at(held, client) for _ in range(2)] == [1, 0]


def test_a_container_is_looked_at_as_long_as_a_part_of_it_can_change():
    client = Counting()
    held = lent.Lent(client)
    row = held.given(lent.Tagged("reference", 1), "rows", [[1]])[0]
    assert [looked_at(held, client) for _ in range(2)] == [1, 1]
    assert row == [1]


SLOTS = """
class Job:
    def __init__(self, name, size): self.name, self.size = name, size
class Slot:
    def __init__(self, job, start):
        assert isinstance(job, Job)
        self.job, self.start = job, start
"""


@pytest.mark.parametrize(
    "student",
    ["import copy\ndef plan(jobs):\n    jobs = copy.deepcopy(jobs)\n    jobs.sort(key=lambda j: j.size)\n"
     "    jobs[0].size = 0\n    return [Slot(job, 1) for job in jobs]",
     "import copy\ndef plan(jobs):\n    return [Slot(copy.copy(job), 1) for job in sorted(jobs, key=lambda j: j.size)]"],
)  # fmt: skip
def test_an_object_of_a_locked_class_is_one_and_can_be_copied(graded, student):
    test = "jobs = [Job('a', 3), Job('b', 2)]\nslots = plan(jobs)\n"
    test += "assert [slot.job.name for slot in slots] == ['b', 'a'] and isinstance(slots[0], Slot)\n"
    test += "assert [job.name for job in jobs] == ['a', 'b'] and jobs[1].size == 2\n"
    test += "assert slots[0].job is not jobs[1]"
    assert graded(student, test, helper=SLOTS).messages == [""]


def test_a_signature_has_its_annotations(graded):
    student = "def f(xs: list, k: int = 3) -> str:\n    return str(xs)"
    test = "import inspect\ns = inspect.signature(f)\n"
    test += "assert s.return_annotation is str and s.parameters['xs'].annotation is list\n"
    test += "assert inspect.getfullargspec(f).annotations == {'xs': list, 'k': int, 'return': str}\n"
    test += "assert str(s) == '(xs: list, k: int = 3) -> str'"
    assert graded(student, test).messages == [""]
    assert graded("def f(xs, k=3): return str(xs)", test).statuses == [Status.FAILED]


def test_code_in_a_text_asks_as_the_tests_own_does(graded):
    student = "class P:\n    pass\ndef make(): return P()"
    code = "assert type(make()) is P and type(make()).__name__ == 'P'\ndone = 1"
    for test in (f"exec({code!r})", f"eval(compile({code!r}, '<test>', 'exec'))", f"exec({code.encode()!r})"):
        assert graded(student, test + "\nassert done").messages == [""]
    assert graded(student, "assert eval('type(make()) is P')").messages == [""]
    assert graded(student.replace("P()", "3"), "assert eval('type(make()) is P')").scores == [0]


@pytest.mark.parametrize(
    ("code", "how"),
    [("%run -i a.py", "%run"), ("%%bash\nls", "%bash"), ("out = !ls", "!"), ("!ls", "!"),
     ("import os\nos.system('ls')", "os.system"), ("subprocess.run(['ls'])", "subprocess.run"),
     ("runpy.run_path('a.py')", "runpy.run_path"), ("%time f()", ""), ("app.run()", ""), ("run(3)", "")],
)  # fmt: skip
def test_what_runs_a_file_or_a_command_is_seen(code, how):
    assert running(parse_cell(code)) == how
