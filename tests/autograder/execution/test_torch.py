"""Tests of answers in PyTorch, where it is installed: tensors are data, modules are references."""

import pytest

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
}
WRONG = {
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


def points(engine, code, test):
    """Return the points of one test; importing PyTorch may take its time."""
    seconds = {"question_seconds": 120, "submission_seconds": 200, "call_seconds": 60}
    return grade(engine, f"import torch\n{code}", f"import torch\n{test}", **seconds).scores


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_gets_its_points(engine, name):
    assert points(engine, *RIGHT[name]) == [1.0]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_gets_none(engine, name):
    assert points(engine, *WRONG[name]) == [0.0]
