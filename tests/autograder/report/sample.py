"""A class of which everything is known."""

from autograder.report.data import ClassData, Code, Question, SubmissionData
from autograder.result import CellResult

FIRST, SECOND, ESSAY = Question("first", 2), Question("second", 4), Question("essay", 3, by_hand=True)
POINTS = {  # of "first" and "second"
    "a": (2, 4), "b": (2, 3), "c": (2, 0), "d": (0, 4), "e": (1, 1), "f": (0, 0),
}  # fmt: skip
LOOP = """
def second(x):
    total = 0
    for k in range(len(x)):
        if x[k] % 3 == 1:
            total += 7 * x[k] ** 2
        else:
            total -= x[k] / 5
    return {"sum": total, "mean": total / max(1, len(x))}
"""
OTHER = """
import numpy as np

def second(x):
    x = np.asarray(x, float)
    odd = np.mod(x, 3) == 1
    return dict(sum=(7 * x[odd] ** 2).sum() - x[~odd].sum() / 5, mean=np.nan)
"""
DISGUISED = """
def second(values):
    '''My own work.'''
    result = 0
    for number in range(len(values)):  # each of them
        if values[number] % 3 == 1:
            result += 7 * values[number] ** 2
        else:
            result -= values[number] / 5

    return {"the sum": result, "the mean": result / max(1, len(values))}
"""
CODE = {"a": LOOP, "c": OTHER, "d": DISGUISED, "e": "def second(x):\n    return x"}


def cell(name: str, score: float, most: float, seconds: float = 1.0, *mistakes: str, **more) -> CellResult:
    status = "passed" if score == most else "partial" if score else "failed"
    return CellResult(
        name, score, most, more.pop("status", status), seconds=seconds, mistakes=mistakes, **more
    )


def known(**students) -> ClassData:
    """The class; fields of its submissions can be replaced by student."""
    made = []
    for number, (student, (first, second)) in enumerate(POINTS.items()):
        results = {
            "first": cell("first", first, 2, 0.1 * (number + 1), *(["rotated"] if first < 2 else [])),
            "second": cell("second", second, 4, 1.0, *(["swapped", "rotated"] if second < 3 else [])),
        }
        fields = {
            "name": f"{student.upper()}, X",
            "scores": {"first": first, "second": second, "essay": None},
            "results": results,
            "code": (Code("second", CODE[student]),) if student in CODE else (),
            "timestamp": "2026-05-04T12:00:00+00:00",
            "seconds": 2.0,
        }
        made.append(SubmissionData(student, **fields | students.get(student, {})))
    return ClassData("lab", (FIRST, SECOND, ESSAY), tuple(made), "course")
