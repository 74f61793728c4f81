"""What the student's code logs comes to the handlers of the test, as in one kernel."""

import io
import logging

import pytest

from autograder.execution.logs import LogsHeard, listening
from autograder.protocol.log_lines import MAX_LINES, MAX_TEXT, LogLine
from autograder.protocol.serialization import SerializationError
from autograder.result import Status
from tests.autograder.execution.test_replaced import LYING

CASE = "import logging, unittest\ncase = unittest.TestCase()\n"
STUDENT = """
import logging
log = logging.getLogger('app.part')
def f(x):
    log.debug('at %d', x)
    log.info('given %s', x, extra={'user': 'me'})
    if x < 0:
        try:
            1 / 0
        except ZeroDivisionError:
            log.exception('below zero')
    return x
def many(n):
    for number in range(n): log.warning('%d', number)
def odd(x): log.warning('it is %s', [x])
def broken(): log.warning('it is %d', 'text')
def below(x):
    logging.getLogger('app.part.below').error('e')
    return logging.getLogger().level
"""
HANDLER = """
class Kept(logging.Handler):
    def __init__(self):
        super().__init__()
        self.kept = []
    def emit(self, record):
        self.kept.append((record.levelname, record.getMessage()))
kept = Kept()
"""
HEARD = {
    "by its name": "with case.assertLogs('app.part') as c: f(3)\n"
    "assert c.output == ['INFO:app.part:given 3']",
    "by a logger above": "with case.assertLogs('app', 'DEBUG') as c: f(3)\n"
    "assert [r.levelname for r in c.records] == ['DEBUG', 'INFO']",
    "by the root": "with case.assertLogs() as c: f(3)\nassert c.records[0].getMessage() == 'given 3'",
    "its parts": "with case.assertLogs() as c: f(3)\nr = c.records[0]\n"
    "assert (r.msg, r.args, r.user, r.levelno, r.funcName) == ('given %s', (3,), 'me', 20, 'f')",
    "a traceback": "with case.assertLogs(level='ERROR') as c: f(-3)\n"
    "assert c.output[0].startswith('ERROR:app.part:below zero\\nTraceback')\n"
    "assert c.output[0].endswith('ZeroDivisionError: division by zero')",
    "nothing": "with case.assertNoLogs('app', 'WARNING'): f(3)\n"
    "try:\n    with case.assertNoLogs('app'): f(3)\nexcept AssertionError: pass\nelse: raise ValueError",
    "none is a failure": "try:\n    with case.assertLogs(level='ERROR'): f(3)\n"
    "except AssertionError: pass\nelse: raise ValueError",
    "by a handler": HANDLER + "logging.getLogger('app').addHandler(kept)\nf(3); below(3)\n"
    "logging.getLogger('app').removeHandler(kept)\nf(-3)\nassert kept.kept == [('ERROR', 'e')]",
    "by a handler and a level": HANDLER + "l = logging.getLogger('app')\nl.addHandler(kept)\n"
    "l.setLevel('INFO')\nf(3)\nl.setLevel(0)\nf(3)\nassert kept.kept == [('INFO', 'given 3')]",
    "at two loggers, once each": HANDLER + "root, l = logging.getLogger(), logging.getLogger('app')\n"
    "root.addHandler(kept); l.addHandler(kept)\nbelow(3)\nl.propagate = False\nbelow(3)\nl.propagate = True\n"
    "assert kept.kept == [('ERROR', 'e')] * 3",
    "in a stream": "import io\nstream = io.StringIO()\nh = logging.StreamHandler(stream)\n"
    "logging.getLogger('app').addHandler(h)\nbelow(3)\nassert stream.getvalue() == 'e\\n'",
    "not what is disabled": HANDLER
    + "logging.getLogger('app').addHandler(kept)\nlogging.disable()\nbelow(3)\n"
    "logging.disable(logging.NOTSET)\nassert not kept.kept",
    "in order, with an error": "with case.assertLogs() as c:\n    for x in (1, 2): f(x)\n"
    "assert [r.args for r in c.records] == [(1,), (2,)]",
    "a message that fails": "try:\n    with case.assertLogs(): broken()\n"
    "except TypeError as error: assert 'real number' in str(error)\nelse: raise ValueError",
    "nothing is printed": "import io, contextlib\nwith contextlib.redirect_stderr(io.StringIO()) as e:\n"
    "    with case.assertLogs(): below(3)\nassert e.getvalue() == ''",
    "the level is as before": "with case.assertLogs(level=5): assert below(3) == 5\nassert below(3) == 30",
}


@pytest.fixture
def as_before():
    """Take back what one kernel leaves of a test: this process's loggers as they were."""
    names = ["", "app", "app.part", "app.part.below"]
    before = [(logging.getLogger(name), [*logging.getLogger(name).handlers]) for name in names]
    yield
    for logger, handlers in before:
        logger.handlers = handlers


@pytest.mark.parametrize("test", HEARD.values(), ids=HEARD)
def test_a_test_hears_what_the_students_code_logs(graded, as_before, test):
    exec(STUDENT + CASE + test, {})  # in one kernel
    result = graded(STUDENT, CASE + test)
    assert (result.statuses, result.messages) == ([Status.PASSED], [""])


WRONG = {
    "it prints": "def f(x): print('INFO:app.part:given 3')",
    "it logs elsewhere": "import logging\ndef f(x): logging.getLogger('other').info('given 3')",
    "it logs too low": "import logging\ndef f(x): logging.getLogger('app.part').debug('given 3')",
    "it has its logger off": STUDENT + "log.disabled = True",
    "it logs in its cell alone": STUDENT + "f(3)\ndef f(x): return x",
}


@pytest.mark.parametrize("student", WRONG.values(), ids=WRONG)
def test_what_is_not_logged_is_not_heard(graded, student):
    assert graded(student, CASE + HEARD["by its name"]).statuses == [Status.FAILED]


def test_a_handler_of_a_locked_cell_hears_once(graded):
    stream = "import io\nstream = io.StringIO()\n"
    stream += "logging.getLogger('app').addHandler(logging.StreamHandler(stream))"
    shown = "logging.getLogger('app').addHandler(logging.StreamHandler())"
    helper = CASE + HANDLER + "logging.getLogger('app').addHandler(kept)\n" + stream + "\n" + shown
    test = "below(3)\nassert kept.kept == [('ERROR', 'e')]\nassert stream.getvalue() == 'e\\n'"
    result = graded(STUDENT, test, helper=helper)
    assert result.messages == [""]
    assert "".join(output["text"] for output in result.cells[0].outputs) == "e\n"


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("odd(3)\nassert c.records[0].args == ([3],)", "`args` of a logged record"),
        ("f(-1)\nassert c.records[1].exc_info[0] is ZeroDivisionError", "`exc_info` of a logged record"),
        ("many(5000)\nassert len(c.output) == 5000", "more than 1,000 lines"),
    ],
)  # fmt: skip
def test_what_of_a_record_cannot_cross_is_for_a_person(graded, test, why):
    result = graded(STUDENT, f"{CASE}with case.assertLogs() as c: {test}")
    assert result.statuses == [Status.BY_HAND]
    assert why in result.messages[0]


def line(**changed):
    whole = LogLine(("app",), "app", 20, "INFO", "at 3", "at %d", (3,), {"user": "me"}, 4, "f", "", ("args",))
    return whole.to_plain() | changed


@pytest.mark.parametrize(
    "plain",
    [3, {}, line(level="20"), line(level=True), line(level=2**40), line(line=-(2**40)), line(text=None),
     line(text="x" * (MAX_TEXT + 1)), line(args=([],)), line(args=(10**100,)), line(args=[3]),
     line(heard=(3,)),
     line(heard=("app",) * 99), line(extra={"getMessage": 3}), line(extra={"__class__": 3}),
     line(extra={"levelno": 3}), line(extra={"a": {}}), line(extra={3: 3}), line(lost=["x" * 300]),
     line(function=3), line(name=b"app")],
)  # fmt: skip
def test_a_line_that_is_none_is_refused(plain):
    assert LogLine.from_plain(line()).to_plain() == line()
    with pytest.raises(SerializationError, match="damaged"):
        LogLine.from_plain(plain)


LIES = {
    "a logger that is not listened to": (line(heard=("",)), ""),
    "text with a format": (line(text="%1000000000d", message="%1000000000d"), "%1000000000d"),
    "no such line": ("x", None),
}


@pytest.mark.parametrize(("lie", "heard"), LIES.values(), ids=LIES)
def test_a_lying_worker_gains_nothing(graded, lie, heard):
    student = LYING.replace("{reply}", "Reply(ReplyKind.VALUE, [0])").replace("Reply(", "Lying(")
    lying = (
        f"class Lying(Reply):\n    def to_plain(self): return super().to_plain() | {{'logged': ({lie!r},)}}\n"
    )
    student = student.replace("def f", lying + "def f", 1)
    test = CASE + "with case.assertLogs('app') as c: f(3)\nassert c.output == ['x']"
    result = graded(student, test)
    assert result.scores == [0]
    if heard is None:
        assert "damaged" in result.messages[0] or "cannot be used" in result.messages[0]


def test_lines_that_come_where_no_test_listens_keep_no_answer_from_its_score(graded):
    """More than may come, each said to lack a word of the test: made up, for a person to grade."""
    lying = "class Lying(Reply):\n    def to_plain(self): return super().to_plain() | {'logged': LINES}\n"
    student = LYING.replace("{reply}", "Lying(ReplyKind.VALUE, [0])")
    student = student.replace("def f", lying + "def f", 1)
    student += f"\nLINES = ({line(heard=('other',), lost=('f',))!r},) * {MAX_LINES}"
    for test in ("assert f(3) == 3", CASE + "with case.assertLogs('app'): f(3)"):
        assert graded(student, test).statuses == [Status.FAILED]
    assert graded(student, "assert f(3) == [0]").statuses == [Status.PASSED]  # it lied


def test_a_claimed_text_is_shown_and_never_formatted():
    heard, stream = LogsHeard(), io.StringIO()
    heard.begin_test("assertLogs")
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("tests.claimed")
    logger.addHandler(handler)
    try:
        assert heard.current()["loggers"]["tests.claimed"] == {"heard": "too"}
        claimed = line(heard=("tests.claimed", "unknown"), text="%99999999999d", message="%99999999999d")
        assert heard.tell([LogLine.from_plain(claimed)]) == ""
    finally:
        logger.removeHandler(handler)
    assert stream.getvalue() == "%99999999999d\n"
    assert "unknown" not in logging.root.manager.loggerDict
    assert "tests.claimed" not in heard.current().get("loggers", {})


def test_loggers_are_as_before_afterwards():
    logger, lines = logging.getLogger("tests.before"), []
    own = logging.NullHandler()
    logger.addHandler(own)
    told = {"level": 10, "propagate": False, "heard": "alone"}
    with listening({"loggers": {"tests.before": told}, "disabled": 5}, lines):
        assert logging.root.manager.disable == 5
        for number in range(MAX_LINES + 9):
            logger.debug("%d", number)
    assert (logger.level, logger.propagate, logger.handlers) == (0, True, [own])
    assert logging.root.manager.disable == 0
    assert len(lines) == MAX_LINES
    assert (lines[3].text, lines[3].args, lines[3].heard) == ("3", (3,), ("tests.before",))
