"""Submissions whose worker tells what was logged, though nothing was, and those that log much."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

import logging

from nbformat import NotebookNode

from autograder.protocol.log_lines import MAX_LEVEL, MAX_LINES, MAX_TEXT, LogLine
from course.sample_class.notebooks import index
from tests.autograder.corpus.case import FORGING, HONEST, Submission, case
from tests.autograder.corpus.lab import Lab

# The worker tells the lines with every reply. An answer's result is right only where the worker
# takes it out of the pair that it stands in: points prove that the lines were told.
TOLD = """
import autograder.execution.worker as worker
packed, answer = worker.pack, worker.pack_answer
LINES, now = {lines}, []
def told(value):
    if type(value) is dict and 'outcome' in value:
        value = value | {{'logged': LINES if {when} else ()}}
        if type(value.get('value')) is tuple and value['value'][:1] == ('told',):
            value['value'] = value['value'][1]
    return value
worker.pack = lambda value, *args: packed(told(value), *args)
worker.pack_answer = lambda value, *args: answer(told(value), *args)
worker.brief.answer = lambda value: None
""".strip()


def _has_log(lab: Lab) -> bool:
    return "numbers" in lab.answers


def line(*heard: str, **changed: object) -> dict:
    """Make a line as the worker tells it."""
    return LogLine(heard, "series", logging.WARNING, "WARNING", "no", "no").to_plain() | changed


SCORE = "1.0 of 1 points: passed"
BESIDE = ("root", "autograder", "nbgrader", "traitlets", "unittest", "asyncio", "series.below", "judge")
LINES = {
    # well formed: what they say is nothing that the test asks for
    "made_up_lines_of_a_score": (
        line("series", text=SCORE, message=SCORE, extra={"score": 1000, "points": 2, "status": "passed"}),
        line("series", "root", text="2", message="%d", args=(2,), function="test_numbers"),
    ),
    "made_up_lines_of_other_loggers": tuple(
        line(name, name=name, level=number, level_name="PASSED", text=SCORE, message=SCORE)
        for name in BESIDE
        for number in (-MAX_LEVEL, 0, 30, MAX_LEVEL)
    ),
    "made_up_lines_with_formats": (
        line("series", text="%99999999d", message="%99999999d", args=(1,), traceback="Traceback " * 900),
        line("series", text="{0.__class__}", message="{0.__init__.__globals__}", level_name="%(process)d"),
    ),
    "made_up_lines_without_end": tuple(
        line("series", text="x" * (MAX_TEXT if number < 50 else 9)) for number in range(2 * MAX_LINES)
    ),
    "made_up_lines_that_lack_all": (line("other", lost=("assert", "numbers", "mean", "result", "close", "texts")),),
}  # fmt: skip
DAMAGED = {
    "a_made_up_line_of_a_huge_text": (line("series", text="x" * (MAX_TEXT + 1)),),
    "a_made_up_line_of_a_huge_level": (line("series", level=10**40),),
    "a_made_up_line_with_methods": (line("series", extra={"getMessage": "no number: x", "__class__": "int"}),),
    "made_up_lines_that_are_none": ("WARNING:series:no number: x",),
}  # fmt: skip
QUIET = "import logging\nlogging.getLogger('series').disabled = True\n"  # so that the answer logs nothing


def _with_told(lab: Lab, nb: NotebookNode) -> None:
    """Put the target's right answer into a notebook, its results in pairs."""
    (function,) = lab.names(lab.target)
    wrapped = f"right = {function}\ndef {function}(*args):\n    return ('told', right(*args))"
    nb.cells[index(nb, lab.target)].source = f"{lab.answers[lab.target]}\n{wrapped}"


def _made_up(name: str, lines: tuple) -> None:
    """Add a case that is right but for its log, which is made up in every reply."""

    def make(lab: Lab) -> Submission:
        nb = lab.right()
        _with_told(lab, nb)
        cell = nb.cells[index(nb, "numbers")]
        cell.source = QUIET + cell.source
        # more lines than can be told, where the test listens, are for a person
        deserved = lab.without("numbers") | ({"test_numbers": None} if len(lines) > MAX_LINES else {})
        return Submission(deserved, lab.with_cell(nb, TOLD.format(lines=lines, when=True)))

    make.__name__ = name
    case(FORGING, _has_log)(make)


def _damaged(name: str, lines: tuple) -> None:
    """Add a case that is right, whose worker tells lines that are none in one function's replies.

    Such a reply cannot be read: that the function's points are lost proves that they were told.
    """

    def make(lab: Lab) -> Submission:
        nb = lab.right()
        _with_told(lab, nb)
        nb.cells[index(nb, "numbers")].source += """
honest = numbers
def numbers(text):
    now.append(1)
    return honest(text)
""".rstrip()
        return Submission(
            lab.without("numbers"), lab.with_cell(nb, TOLD.format(lines=lines, when="now and [now.pop()]"))
        )

    make.__name__ = name
    case(FORGING, _has_log)(make)


for _name, _lines in LINES.items():
    _made_up(_name, _lines)
for _name, _lines in DAMAGED.items():
    _damaged(_name, _lines)


@case(FORGING, _has_log)
def made_up_lines_with_wrong_answers(lab: Lab) -> Submission:
    """More lines than may come, each with a score, and words of the tests are said to be lost."""
    words = "assert numbers smooth largest count_words Counter total counter close case caught result"
    lines = (line("other", text=SCORE, lost=tuple(words.split())), *(line("other") for _ in range(MAX_LINES)))
    nb = lab.binding("('told', True)")
    _with_told(lab, nb)
    earned = {test: lab.tests[test] for test in lab.lost_without(lab.target)}
    return Submission(lab.nothing() | earned, lab.with_cell(nb, TOLD.format(lines=lines, when=True)))


@case(HONEST, _has_log)
def logs_on_its_way(lab: Lab) -> Submission:
    """Right answers that log what they do to loggers, handlers and files of their own."""
    nb = lab.right()
    for answer in lab.code_answers:
        cell = nb.cells[index(nb, answer)]
        cell.source += "\n" + "\n".join(
            f"{name} = logging_calls({name})" for name in lab.names(answer) if name in ("mean", "smooth", "numbers")
        )  # fmt: skip
    code = """
import functools, logging
logging.basicConfig(level=logging.DEBUG, format='%(levelname)s %(name)s: %(message)s')
logging.getLogger('mine').addHandler(logging.FileHandler('mine.log'))
def logging_calls(function):
    @functools.wraps(function)
    def logged(*args):
        log = logging.getLogger('mine.' + function.__name__)
        log.propagate = False
        log.debug('called with %r', args, extra={'arguments': args})
        for number in range(20): log.warning('still %d', number, stack_info=number == 3)
        return function(*args)
    return logged
""".strip()
    return Submission(lab.full(), lab.with_cell(nb, code))
