"""Kinds of tests seen in public courses that no other module has, each in code of our own."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "as courses write it"

TENSOR = "import numpy as np\nclass Tensor:\n    def __init__(self, data):\n        self.data = np.asarray(data, dtype=float)\nclass Layer:\n    def __init__(self, n):\n        self.weight = Tensor(np.ones((n, n)))\n    def parameters(self):\n        return [self.weight]\n"
SPARSITY = "def sparsity(layer):\n    return float((layer.weight.data == 0).mean())"
TASKS = """
class Task:
    def __init__(self, name, size=1):
        self.name, self.size = name, size
class Slot:
    def __init__(self, task, start):
        assert isinstance(task, Task)
        self.task, self.start = task, start
"""
PLAN = "class Plan:\n    def __init__(self, tasks):\n        self.tasks, self.slots = tasks, []\n"
QUEUE = "class Queue:\n    def __init__(self):\n        self.items = []\n    def size(self):\n        return len(self.items)"

IDIOMS = [
    idiom(
        "attribute-container-changed",
        "the test changes a list, dict or grid that the student's object has (`q.items.append(3)`)",
        QUEUE
        + "\nclass Grid:\n    def __init__(self, n):\n        self.cells = [[0] * n for _ in range(n)]\n    def alive(self):\n        return sum(map(sum, self.cells))",
        """
        q = Queue()
        q.items.append(3)
        q.items.append(4)
        assert q.size() == 2 and q.items == [3, 4]
        g = Grid(3)
        g.cells[1][2] = 1
        g.cells[0] = [1, 1, 1]
        assert g.alive() == 4
        """,
        [
            "class Queue:\n    def __init__(self, *items):\n        self.items = list(items)\n    size = lambda self: sum(1 for _ in self.items)\nclass Grid:\n    def __init__(self, n):\n        self.cells = []\n        for _ in range(n):\n            self.cells.append([0 for _ in range(n)])\n    def alive(self):\n        return [x for row in self.cells for x in row].count(1)"
        ],
        [
            QUEUE
            + "\nclass Grid:\n    def __init__(self, n):\n        self.cells = [[0] * n] * n\n    def alive(self):\n        return sum(map(sum, self.cells))",
            QUEUE.replace("len(self.items)", "0")
            + "\nclass Grid:\n    def __init__(self, n):\n        self.cells = [[0] * n for _ in range(n)]\n    def alive(self):\n        return 4",
        ],
    ),
    idiom(
        "attribute-array-changed",
        "the test sets an element of an array that a part of the student's object has",
        TENSOR + SPARSITY,
        """
        layer = Layer(2)
        assert sparsity(layer) == 0
        layer.weight.data[0, 0] = 0
        layer.parameters()[0].data[1] *= 0
        assert sparsity(layer) == 0.75
        """,
        [
            TENSOR
            + "def sparsity(layer):\n    total = zero = 0\n    for p in layer.parameters():\n        total += p.data.size\n        zero += np.sum(p.data == 0)\n    return zero / total"
        ],
        [TENSOR + "def sparsity(layer):\n    return 0.0", TENSOR + SPARSITY.replace("== 0", "!= 0")],
        before="import numpy as np",
    ),
    idiom(
        "model-of-the-test",
        "a class of the test that holds the student's objects, given to the student's function",
        TENSOR + "def count(model):\n    return sum(p.data.size for p in model.parameters())",
        """
        class Model:
            def __init__(self):
                self.layers = [Layer(2), Layer(3)]
            def parameters(self):
                return [p for layer in self.layers for p in layer.parameters()]
        assert count(Model()) == 13
        """,
        [
            TENSOR
            + "def count(model):\n    return int(np.sum([np.prod(p.data.shape) for p in model.parameters()]))"
        ],
        [TENSOR + "def count(model):\n    return len(model.parameters())"],
        before="import numpy as np",
    ),
    idiom(
        "class-extended-by-cells",
        "a class that each answer extends (`class Plan(Plan):`), with objects of a locked cell's classes",
        PLAN
        + "class Plan(Plan):\n    def fits(self):\n        ends = [slot.start + slot.task.size for slot in self.slots]\n        return all(end <= slot.start for end, slot in zip(ends, self.slots[1:])) and all(slot.task in self.tasks for slot in self.slots)\nclass Plan(Plan):\n    def end(self):\n        return max(slot.start + slot.task.size for slot in self.slots)",
        """
        a, b = Task("a", 3), Task("b", 2)
        plan = Plan([a, b])
        plan.slots = [Slot(a, 0), Slot(b, 3)]
        assert plan.fits() == True and plan.end() == 5
        plan.slots = [Slot(a, 0), Slot(b, 2)]
        assert plan.fits() == False
        plan.slots = [Slot(a, 0), Slot(Task("b", 2), 3)]
        assert plan.fits() == False
        """,
        [
            PLAN
            + "class Plan(Plan):\n    def fits(self):\n        last = 0\n        for slot in self.slots:\n            if slot.start < last or not any(slot.task is task for task in self.tasks):\n                return False\n            last = slot.start + slot.task.size\n        return True\n    def end(self):\n        return self.slots[-1].start + self.slots[-1].task.size"
        ],
        [
            PLAN
            + "class Plan(Plan):\n    def fits(self):\n        return True\n    def end(self):\n        return 5"
        ],
        before=TASKS,
    ),
    idiom(
        "objects-copied-by-student",
        "the student's function copies objects of a locked cell's class (`deepcopy`) and makes others of them",
        "from copy import deepcopy\ndef shortest_first(tasks):\n    tasks = deepcopy(tasks)\n    tasks.sort(key=lambda task: task.size)\n    return [Slot(task, start) for start, task in enumerate(tasks)]",
        """
        tasks = [Task("a", 3), Task("b", 2)]
        slots = shortest_first(tasks)
        assert [slot.task.name for slot in slots] == ["b", "a"] and slots[1].start == 1
        assert isinstance(slots[0], Slot) and isinstance(slots[0].task, Task)
        assert [task.name for task in tasks] == ["a", "b"] and slots[0].task is not tasks[1]
        """,
        [
            "import copy\ndef shortest_first(tasks):\n    order = sorted(map(copy.copy, tasks), key=lambda task: task.size)\n    return list(map(Slot, order, range(len(order))))"
        ],
        [
            "def shortest_first(tasks):\n    tasks.sort(key=lambda task: task.size)\n    return [Slot(task, start) for start, task in enumerate(tasks)]"
        ],
        before=TASKS,
    ),
    idiom(
        "numbers-drawn-on",
        "after the student's code has drawn random numbers, the test draws on and compares with a known sum",
        "import random\ndef throw(n):\n    return [random.randint(1, 6) for _ in range(n)]",
        """
        random.seed(7)
        first = throw(5)
        weights = [random.randint(1, 100) for _ in range(3)]
        random.seed(7)
        assert first == [random.randint(1, 6) for _ in range(5)]
        assert weights == [random.randint(1, 100) for _ in range(3)]
        """,
        [
            "import random\ndef throw(n):\n    result = []\n    while len(result) < n:\n        result.append(random.randint(1, 6))\n    return result"
        ],
        ["import random\ndef throw(n):\n    return [random.randint(1, 6)] * n"],
        before="import random",
        instead="random.seed(7)\nfirst = throw(5)\nrandom.seed(7)\nassert first == [random.randint(1, 6) for _ in range(5)]",
        reason="a test's random numbers do not depend on how many the student's code draws",
    ),
    idiom(
        "array-kept-by-test",
        "the test keeps an array of the student's object and expects it to change with it",
        TENSOR + "def step(layer, rate):\n    layer.weight.data -= rate",
        "layer = Layer(2)\nw = layer.weight.data\nstep(layer, 0.5)\nassert (w == 0.5).all()",
        [
            TENSOR
            + "def step(layer, rate):\n    for p in layer.parameters():\n        p.data[...] = p.data - rate"
        ],
        [TENSOR + "def step(layer, rate):\n    layer.weight.data += rate"],
        before="import numpy as np",
        instead="layer = Layer(2)\nstep(layer, 0.5)\nassert (layer.weight.data == 0.5).all()",
        reason="what a test has got from an object is a copy",
    ),
    idiom(
        "code-in-base64",
        "the test's code is base64 text, decoded and run by `eval(compile(…))`",
        "class Box:\n    def __init__(self, value):\n        self.value = value\ndef boxed(values):\n    return [Box(value) for value in values]",
        """
        import base64
        text = base64.b64encode(b"got = boxed([1, 2])\\nassert all(type(box) is Box for box in got)\\nassert [box.value for box in got] == [1, 2]")
        eval(compile(base64.b64decode(text), "<string>", "exec"))
        """,
        [
            "class Box:\n    value = None\ndef boxed(values):\n    made = []\n    for value in values:\n        made.append(Box())\n        made[-1].value = value\n    return made"
        ],
        [
            "class Box:\n    def __init__(self, value):\n        self.value = value\nclass Other(Box):\n    pass\ndef boxed(values):\n    return [Other(value) for value in values]"
        ],
    ),
    idiom(
        "argument-specification",
        "`inspect.getfullargspec`, `signature(f).return_annotation`",
        "def total(xs: list, scale: float = 1.0) -> float:\n    return scale * sum(xs)",
        """
        from inspect import getfullargspec, signature
        spec = getfullargspec(total)
        assert spec.args == ["xs", "scale"] and spec.defaults == (1.0,)
        assert spec.annotations["return"] is float and signature(total).parameters["xs"].annotation is list
        assert total([1, 2], 2) == 6
        """,
        [
            "def total(xs: list, scale: float = 1.0) -> float:\n    result = 0.0\n    for x in xs:\n        result += scale * x\n    return result"
        ],
        ["def total(xs, scale=1.0):\n    return scale * sum(xs)"],
    ),
    idiom(
        "tests-in-a-class",
        "a class of tests without unittest, with `pytest.mark.parametrize`, whose methods the cell calls",
        "def double(x):\n    return 2 * x",
        """
        import pytest
        class TestDouble:
            cases = [(1, 2), (-3, -6)]
            @pytest.mark.parametrize("x, y", cases)
            def test_double(self, x, y):
                assert double(x) == y
            def test_text(self):
                assert double("ab") == "abab"
        tests = TestDouble()
        tests.test_text()
        for x, y in tests.cases:
            tests.test_double(x, y)
        """,
        ["double = lambda x: x + x"],
        ["def double(x):\n    return x ** 2"],
    ),
    idiom(
        "guarded-by-main",
        '`def test(): …` and `if __name__ == "__main__": test()` with what is printed',
        "def half(x):\n    return x / 2",
        """
        ran = []
        def test_unit_half():
            print("Testing half ...")
            try:
                assert half(3) == 1.5, f"expected 1.5, got {half(3)}"
                print("passed")
            except Exception as error:
                print(f"failed: {error}")
                raise
            ran.append("half")
        if __name__ == "__main__":
            test_unit_half()
        assert ran == ["half"]
        """,
        ["def half(x):\n    return x * 0.5"],
        ["def half(x):\n    return x // 2"],
    ),
    idiom(
        "algorithm-copied-by-test",
        "the test copies the student's object (`copy.deepcopy`), trains the copy and looks at both",
        "class Counter:\n    def __init__(self):\n        self.seen = {'n': [0]}\n    def fit(self, xs):\n        self.seen['n'][0] += len(xs)\n        return self",
        """
        import copy
        a = Counter()
        b = copy.deepcopy(a).fit([1, 2])
        assert a.seen["n"][0] == 0 and b.seen["n"][0] == 2
        assert copy.deepcopy(b).fit([3]).seen == {"n": [3]}
        """,
        [
            "class Counter:\n    def __init__(self):\n        self.seen = dict(n=[0])\n    def fit(self, xs):\n        for _ in xs:\n            self.seen['n'] = [self.seen['n'][0] + 1]\n        return self"
        ],
        [
            "class Counter:\n    seen = {'n': [0]}\n    def fit(self, xs):\n        self.seen['n'][0] += len(xs)\n        return self"
        ],
    ),
    idiom(
        "type-as-an-answer",
        "the answer is a type (`kind = type(data)`), or which of several",
        "data = {'a': 1}\nkind = type(data)\nkinds = [type(value) for value in (1, 'a', None, [2.5])]",
        """
        assert kind == dict and kind is dict and str(kind) == "<class 'dict'>"
        assert kinds == [int, str, type(None), list] and isinstance(kind, type)
        """,
        ["kind = dict\nkinds = list(map(type, (3, 'b', None, [])))"],
        [
            "kind = 'dict'\nkinds = ['int', 'str', 'NoneType', 'list']",
            "kind = {}\nkinds = [int, str, None, list]",
        ],
    ),
]
