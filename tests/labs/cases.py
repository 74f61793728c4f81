"""What holds of every lab's stored examples and tests, for the labs' own test modules."""

import numpy as np

from autograder import checks
from autograder.checks.case import load
from autograder.checks.difference import difference
from course import examples


def inputs(case):
    """What a case gives to the student's function, in a form that can be compared."""
    data = case.x if isinstance(case.x, tuple) else (case.x,)
    values = [*case.args.values(), *case.kwargs.values(), *data]
    return case.function, *(v.tobytes() if isinstance(v, np.ndarray) else repr(v) for v in values)


def said(answer, some):
    """What the checks say of an answer, case by case, as running text."""
    for case in some:
        try:
            checks.agrees(answer, case)
        except AssertionError as error:
            yield " ".join(str(error).split())


def assert_examples_are_fresh(lab):
    """The stored examples of a lab are what its reference code gives."""
    stored, computed = load(f"{examples.ROOT}/solutions/{lab}/examples.npz"), examples.compute(lab)
    assert stored.keys() == computed.keys()
    for function, some in computed.items():
        assert len(stored[function]) == len(some)
        for old, new in zip(stored[function], some, strict=True):
            assert inputs(old) == inputs(new)
            assert not _differ(new, new.expected, old.expected)
            assert _hints(old) == _hints(new)
            for name in new.mistakes:
                assert not _differ(new, new.mistakes[name].result, old.mistakes[name].result)


def _differ(case, one, other):
    return difference(one, other, labels=case.labels)


def _hints(case):
    return [(name, mistake.hint) for name, mistake in case.mistakes.items()]
