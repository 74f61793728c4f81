"""An idiom of test cells: how courses write a test of one kind of thing."""

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Idiom:
    """One way that courses write a test, with right answers and wrong ones.

    Attributes
    ----------
    name : str
        Name of the idiom, unique among all of them.
    title : str
        What the test does, as the guide's table says it.
    solution : str
        The instructor's answer cell.
    test : str
        The graded cell.
    right : tuple[str, ...]
        Right answers of another form.
    wrong : tuple[str, ...]
        Wrong answers.
    before : str
        A locked cell before the answer; empty for none.
    between : str
        A locked cell between the answer and the test; empty for none.
    files : tuple[tuple[str, str], ...]
        Files that lie beside the notebook, by name.
    needs : tuple[str, ...]
        Packages that it needs and that the project does not require.
    points : int
        Points of the test.
    instead : str
        The test to write instead where this one does not work; empty where it works.
    reason : str
        Why this one does not work, as far as it is the idiom's nature.
    """

    name: str
    title: str
    solution: str
    test: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    before: str = ""
    between: str = ""
    files: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    points: int = 2
    instead: str = ""
    reason: str = ""

    def answers(self) -> list[tuple[str, str, bool]]:
        """List the answers as (name, code, whether it is right), the instructor's first."""
        rows = [("solution", self.solution, True)]
        rows += [(f"right {number}", code, True) for number, code in enumerate(self.right, 1)]
        rows += [(f"wrong {number}", code, False) for number, code in enumerate(self.wrong, 1)]
        return rows


def idiom(
    name: str, title: str, solution: str, test: str, right: list[str], wrong: list[str], **rest: object
) -> Idiom:
    """Make an idiom of code that is indented as it stands in a module of idioms."""
    parts = {key: _plain(value) if isinstance(value, str) else value for key, value in rest.items()}
    return Idiom(
        name,
        title,
        _plain(solution),
        _plain(test),
        tuple(map(_plain, right)),
        tuple(map(_plain, wrong)),
        **parts,  # type: ignore[arg-type]
    )


def _plain(code: str) -> str:
    return dedent(code).strip("\n")
