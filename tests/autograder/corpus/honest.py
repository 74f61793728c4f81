"""Honest work, written in unusual ways."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

import nbformat

from course.sample_class.notebooks import index, plain, prose
from tests.autograder.corpus.case import HONEST, Submission, case
from tests.autograder.corpus.lab import Lab


def _plain_honest(lab: Lab) -> Submission:
    return Submission(lab.full(), lab.right())


# nbgrader grades in the order of the students' names: these stand among all others.
for _name in ("a-honest", "f-honest", "m-honest", "r-honest", "z-honest"):
    _plain_honest.__name__ = _name
    case(HONEST)(_plain_honest)


@case(HONEST)
def untouched(lab: Lab) -> Submission:
    return Submission(lab.nothing(), lab.untouched())


@case(HONEST)
def one_answer_missing(lab: Lab) -> Submission:
    return Submission(
        lab.without(lab.target),
        lab.with_target(lab.released.cells[index(lab.released, lab.target)].source),
    )


@case(HONEST)
def one_answer_with_a_syntax_error(lab: Lab) -> Submission:
    return Submission(lab.without(lab.target), lab.with_target("def oops(:\n    return"))


@case(HONEST)
def one_answer_that_raises(lab: Lab) -> Submission:
    code = lab.defining(lab.target, "raise RuntimeError('I do not know')")
    return Submission(lab.without(lab.target), lab.with_target(code))


@case(HONEST)
def extra_cells_everywhere(lab: Lab) -> Submission:
    nb = lab.right()
    for place in range(len(nb.cells), -1, -1):
        nb.cells.insert(place, plain(f"note_{place} = {place}\nnote_{place}"))
        nb.cells.insert(place, prose(f"note {place}"))
    return Submission(lab.full(), nb)


@case(HONEST)
def answers_in_extra_cells(lab: Lab) -> Submission:
    nb = lab.right()
    for answer in lab.code_answers:
        place = index(nb, answer)
        nb.cells.insert(place, plain(nb.cells[place].source))
        nb.cells[place + 1].source = "# see above"
    return Submission(lab.full(), nb)


@case(HONEST)
def an_extra_cell_that_fails(lab: Lab) -> Submission:
    return Submission(lab.full(), lab.with_cell(lab.right(), "1 / 0", before=lab.target))


@case(HONEST)
def warnings_on_stderr(lab: Lab) -> Submission:
    nb = lab.right()
    for answer in lab.code_answers:
        cell = nb.cells[index(nb, answer)]
        cell.source = (
            f"import sys, warnings\nwarnings.warn('careful')\nprint('note', file=sys.stderr)\n{cell.source}"
        )
    return Submission(lab.full(), nb)


@case(HONEST)
def warnings_within_calls(lab: Lab) -> Submission:
    code = f"{lab.answers[lab.target]}\n\n{_wrapped(lab, 'import warnings; warnings.warn(name)')}"
    return Submission(lab.full(), lab.with_target(code))


@case(HONEST)
def progress_bars(lab: Lab) -> Submission:
    bar = "for step in range(200): print(f'\\r{step / 2:5.1f}%', end='', file=sys.stderr)"
    code = f"import sys\n{bar}\n{lab.answers[lab.target]}\n\n{_wrapped(lab, bar)}"
    return Submission(lab.full(), lab.with_target(code))


@case(HONEST)
def verbose(lab: Lab) -> Submission:
    loud = "for line in range(3000): print(name, 'at work, line', line)"
    code = f"{lab.answers[lab.target]}\n\n{_wrapped(lab, loud)}"
    return Submission(lab.full(), lab.with_target(code))


@case(HONEST)
def slow(lab: Lab) -> Submission:
    code = f"{lab.answers[lab.target]}\n\n{_wrapped(lab, 'import time; time.sleep(0.3)')}"
    return Submission(lab.full(), lab.with_target(f"import time; time.sleep(1)\n{code}"))


def _wrapped(lab: Lab, statement: str) -> str:
    """Code that makes every function of the target run a statement first."""
    names = list(lab.names(lab.target))
    return (
        "def _wrap(name, function):\n"
        "    def wrapped(*args, **kwargs):\n"
        f"        {statement}\n"
        "        return function(*args, **kwargs)\n"
        "    return wrapped\n\n" + "\n".join(f"{name} = _wrap({name!r}, {name})" for name in names)
    )


@case(HONEST)
def helpers_lambdas_and_globals(lab: Lab) -> Submission:
    names = list(lab.names(lab.target))
    code = "\n".join(
        f"_mine_{name} = {name}\n{name} = lambda *a, **k: _mine_{name}(*a, **k)" for name in names
    )
    return Submission(lab.full(), lab.with_target(f"{lab.answers[lab.target]}\n\n{code}"))


@case(HONEST)
def magics_and_shell(lab: Lab) -> Submission:
    nb = lab.right()
    cell = nb.cells[index(nb, lab.target)]
    cell.source = f"%%time\n{cell.source}"
    lab.with_cell(nb, "%config InlineBackend.figure_format = 'png'\n!echo a line of shell\n?print")
    return Submission(lab.full(), nb)


@case(HONEST)
def rich_output(lab: Lab) -> Submission:
    code = "from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\n{'a': 1}"
    return Submission(lab.full(), lab.with_cell(lab.right(), code))


@case(HONEST)
def scratch_files(lab: Lab) -> Submission:
    code = "from pathlib import Path\nPath('notes.txt').write_text('mine')\nassert Path('notes.txt').read_text() == 'mine'"
    guard = f"assert Path('notes.txt').exists()\n{lab.answers[lab.target]}"
    return Submission(lab.full(), lab.with_cell(lab.with_target(guard), code))


@case(HONEST)
def a_module_of_its_own(lab: Lab) -> Submission:
    names = ", ".join(lab.names(lab.target))
    imports = [
        line for cell in lab.released.cells if cell.cell_type == "code"
        for line in cell.source.splitlines() if line.startswith(("import ", "from "))
    ]  # fmt: skip
    module = "\n".join([*imports, lab.answers[lab.target]])
    return Submission(lab.full(), lab.with_target(f"from my_module import {names}"), {"my_module.py": module})


@case(HONEST)
def awaiting_at_the_top(lab: Lab) -> Submission:
    code = "import asyncio\nawait asyncio.sleep(0.01)\nasync def later():\n    return 3\nawait later()"
    return Submission(lab.full(), lab.with_cell(lab.right(), code))


@case(HONEST)
def threads_that_end(lab: Lab) -> Submission:
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool:\n    print(list(pool.map(abs, range(-5, 0))))"
    )
    return Submission(lab.full(), lab.with_cell(lab.right(), code, before=lab.target))


@case(HONEST)
def edited_the_tests(lab: Lab) -> Submission:
    nb = lab.right()
    for test in lab.tests:
        nb.cells[index(nb, test)].source = "print('looking closer')\n" + nb.cells[index(nb, test)].source
    return Submission(lab.full(), nb)


@case(HONEST)
def executed_and_saved_with_outputs(lab: Lab) -> Submission:
    nb = lab.right()
    for count, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "code":
            cell.execution_count = count
            cell.outputs = [nbformat.v4.new_output("stream", text="some output\n")]
    return Submission(lab.full(), nb)
