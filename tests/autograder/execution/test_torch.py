"""Tests of answers in PyTorch, where it is installed: tensors are data, modules are references."""

import functools

import pytest

from autograder.result import Status
from tests.autograder.conftest import grade

pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch to run these")

pytestmark = pytest.mark.slow

NET = """\
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = torch.nn.Linear(3, 2)
    def forward(self, x):
        return self.dense(x)"""
RIGHT = {
    "a tensor": (
        "def f(x): return x * 2",
        "t = f(torch.ones(2, 3))\n"
        "assert isinstance(t, torch.Tensor) and torch.equal(t, torch.full((2, 3), 2.0))",
    ),
    "a comparison with tolerance": (
        "def f(x): return x + 1",
        "torch.testing.assert_close(f(torch.zeros(2)), torch.ones(2))",
    ),
    "a type of numbers": (
        "def f(): return torch.arange(4, dtype=torch.int32)",
        "assert f().dtype is torch.int32 and f().tolist() == [0, 1, 2, 3]",
    ),
    "a name": ("w = torch.eye(2)", "assert torch.equal(w, torch.eye(2)) and w.device.type == 'cpu'"),
    "a class of modules": (
        NET,
        "net = Net()\nassert isinstance(net, torch.nn.Module) and net(torch.ones(4, 3)).shape == (4, 2)\n"
        "assert sum(p.numel() for p in net.parameters()) == 8",
    ),
    "layers in a row": (
        "model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU())",
        "assert len(model) == 2 and isinstance(model[1], torch.nn.ReLU)\n"
        "assert model(torch.zeros(1, 3)).shape == (1, 2)",
    ),
    "weights": (
        "model = torch.nn.Linear(3, 2)",
        "assert set(model.state_dict()) == {'weight', 'bias'} and model.weight.shape == (2, 3)",
    ),
    "a seed of the test's": (
        "def f(): return torch.rand(2)",
        "torch.manual_seed(0)\nfirst = f()\ntorch.manual_seed(0)\n"
        "assert torch.equal(first, f()) and not torch.equal(first, f())\n"
        "torch.manual_seed(0)\nassert torch.equal(first, torch.rand(2))",
    ),
    "a gradient that the student's function takes": (
        "def slope(x):\n    (x * x).sum().backward()\n    return x.grad",
        "x = torch.tensor([3.0, 1.0], requires_grad=True)\nassert slope(x).tolist() == [6.0, 2.0]\n"
        "assert x.grad.tolist() == [6.0, 2.0]",
    ),
    "gradients of the student's own model": (
        f"{NET}\nnet = Net()\ndef step():\n    net(torch.ones(1, 3)).sum().backward()",
        "assert net.dense.weight.grad is None\nstep()\n"
        "assert net.dense.weight.grad.shape == (2, 3) and net.dense.bias.grad.tolist() == [1.0, 1.0]",
    ),
    "a tensor that wants a gradient": (
        "def f(): return torch.ones(3, requires_grad=True)",
        "w = f()\n(w * 2).sum().backward()\nassert w.is_leaf and w.grad.tolist() == [2.0, 2.0, 2.0]",
    ),
    "an argument that comes back": (
        "def f(x): return x",
        "xs, pair = [torch.ones(2)], ([1], torch.ones(1))\n"
        "assert f(xs) is xs and f(xs[0]) is xs[0] and torch.equal(f(pair)[1], pair[1])",
    ),
    "objects of the student's": (
        "class Asked:\n    def __getattr__(self, name):\n        raise KeyError(name)\n"
        "def f(): return [Asked(), (Asked(),)]",
        "assert len(f()) == 2",
    ),
    "values that were computed with a gradient": (
        "def f(x): return {'sum': x.sum(), 'all': [x * 2, (x + 1,)]}",
        "x = torch.ones(2, requires_grad=True)\ny = f(x)\n"
        "assert y['sum'].item() == 2 and not y['sum'].is_leaf and y['all'][1][0].requires_grad\n"
        "assert torch.equal(y['all'][0].detach(), torch.full((2,), 2.0))",
    ),
}
WRONG = {
    "a gradient that is not that of the square": (
        "def slope(x):\n    x.sum().backward()\n    return x.grad",
        "x = torch.tensor([3.0, 1.0], requires_grad=True)\nassert slope(x).tolist() == [6.0, 2.0]",
    ),
    "no gradient of the student's own model": (
        f"{NET}\nnet = Net()\ndef step():\n    net(torch.ones(1, 3)).sum()",
        "step()\nassert net.dense.weight.grad is not None",
    ),
    "a tensor of other numbers": (
        "def f(x): return x",
        "torch.testing.assert_close(f(torch.zeros(2)), torch.ones(2))",
    ),
    "a module of another size": (NET, "assert Net()(torch.ones(4, 3)).shape == (4, 3)"),
    "what was drawn before a call": (
        "def f():\n    import torch\n    return torch.rand(3)",
        "torch.manual_seed(5)\nsecret = torch.rand(3)\ntorch.rand(1)\nassert torch.equal(f(), secret)",
    ),
}


def points(engine, code, test, solution="pass"):
    """Return the graded test; importing PyTorch may take its time."""
    seconds = {"question_seconds": 120, "submission_seconds": 200, "call_seconds": 60}
    code, test, solution = (f"import torch\n{each}" for each in (code, test, solution))
    return grade(engine, code, test, template=solution, **seconds).cells[0]


@pytest.fixture
def graded_by(engine):
    return functools.partial(points, engine)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_gets_its_points(engine, name):
    code, test = RIGHT[name]
    assert points(engine, code, test, code).score == 1.0


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_gets_none(engine, name):
    assert points(engine, *WRONG[name]).score == 0.0


SQUARE = "def f(x): return x * x"
THROUGH = {
    "backward": "f(x).backward()\nassert x.grad.item() == 6.0",
    "of more than the call": "(2 * f(x) + x).backward()\nassert x.grad.item() == 13.0",
    "grad": "(g,) = torch.autograd.grad(f(x), x)\nassert g.item() == 6.0",
}


@pytest.mark.parametrize("name", THROUGH)
@pytest.mark.parametrize("code", [SQUARE, "def f(x): return x * 2"], ids=["right", "wrong"])
def test_a_gradient_through_a_call_is_for_a_person(graded_by, code, name):
    cell = graded_by(code, f"x = torch.tensor(3.0, requires_grad=True)\n{THROUGH[name]}", SQUARE)
    assert (cell.status, cell.score) == (Status.BY_HAND, None)
    assert "a gradient does not pass through a call of the student's code (PyTorch" in cell.message


def test_one_through_the_students_own_model_is_for_a_person(graded_by):
    code = f"{NET}\nnet = Net()"
    cell = graded_by(
        code, "net(torch.ones(1, 3)).sum().backward()\nassert net.dense.bias.grad.sum() == 2", code
    )
    assert cell.status is Status.BY_HAND


@pytest.mark.parametrize(
    "code", ["def f(x): return (x * x).detach()", "def f(x): return x", "def f(x): return 9"]
)
def test_an_answer_that_has_no_gradient_where_the_solution_has_one_gets_none(graded_by, code):
    cell = graded_by(code, f"x = torch.tensor(3.0, requires_grad=True)\n{THROUGH['backward']}", SQUARE)
    assert cell.score == 0.0


def test_one_that_is_taken_and_not_asked_about_changes_nothing(graded_by):
    cell = graded_by(SQUARE, "f(torch.tensor(3.0, requires_grad=True)).backward()\nassert True", SQUARE)
    assert cell.score == 1.0
