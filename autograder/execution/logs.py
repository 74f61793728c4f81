"""What the student's code logs, where a test listens: heard in the worker, logged in the judge.

In one kernel a handler of the test's hears what the student's functions log. Here the worker is
told on which loggers a test listens, and by which levels; a record comes back as plain data.
"""

from __future__ import annotations

import contextlib
import logging
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograder.execution.shell import Stream
from autograder.protocol.log_lines import MAX_LINES, MAX_NAME, LogLine

_WORDS = re.compile(r"logging|assertLogs|assertNoLogs")
_OF_UNITTEST = "unittest._log"  # its handler is for a time alone on its logger
MANY = f"more than {MAX_LINES:,} lines are logged in one call"


class LogsHeard:
    """Where the tests of a judge listen, compared with what both processes had before."""

    def __init__(self) -> None:
        self._before = _states()
        self._text = ""
        self._others: set[int] = set()  # handlers that write to where the worker's write as well
        self._known = _handlers()

    def learn(self, source: str) -> None:
        """Read a cell that is no test, which has run on both sides: what it set is set in both."""
        self._text += source
        if _WORDS.search(source):
            self._before = _states()

    def begin_test(self, source: str) -> None:
        """Note what is there before a test."""
        self._text += source
        self._source = source
        self._is_named = bool(_WORDS.search(self._text))
        self._known = _handlers()
        self._others = {
            id(handler)
            for logger in _loggers().values()
            for handler in logger.handlers
            if _is_of_both(handler)
        }

    def current(self) -> dict[str, Any]:
        """Return where the test listens now; empty where it does not."""
        if not self._is_named and _handlers() <= self._known:
            return {}
        loggers: dict[str, dict[str, Any]] = {}
        now = _states()
        for name, logger in _loggers().items():
            level, propagates = now[name]
            before = self._before.get(name, (logging.NOTSET, True))
            own = self._own(logger)
            alone = any(type(handler).__module__ == _OF_UNITTEST for handler in own)
            told: dict[str, Any] = {}
            if alone or level != before[0]:
                told["level"] = level
            if alone or propagates != before[1]:
                told["propagate"] = propagates
            if own:
                told["heard"] = "alone" if alone else "too"
            if told and len(loggers) < MAX_LINES:
                loggers[name] = told
        found: dict[str, Any] = {"loggers": loggers} if loggers else {}
        if now[""] != self._before[""]:
            found["disabled"] = now[""][0]
        return found

    def tell(self, lines: Sequence[LogLine]) -> str:
        """Log in the test what the student's code has logged.

        Returns
        -------
        str
            In words what of it the test may look for and cannot see; "" for nothing.
        """
        loggers, came, missed = _loggers(), 0, ""
        for line in lines:
            names = [name for name in line.heard if name in loggers and self._own(loggers[name])]
            if not names:  # made up: it says nothing of what the test may look for
                continue
            came += 1
            record = _Record(line)
            lost = [name for name in line.lost if re.search(rf"\b{re.escape(name)}\b", self._source)]
            if lost:
                missed = missed or f"`{lost[0]}` of a logged record cannot be given to the test"
            for name in names:
                logger = loggers[name]
                if name == line.name and not logger.filter(record):
                    continue
                for handler in self._own(logger):
                    if record.levelno >= handler.level:
                        handler.handle(record)
        return MANY if came >= MAX_LINES else missed

    def _own(self, logger: logging.Logger) -> list[logging.Handler]:
        """Return the handlers of a logger that are the test's, or the instructor's."""
        return [handler for handler in logger.handlers if id(handler) not in self._others]


class _Record(logging.LogRecord):
    """A record of the worker's: its text is ready, and nothing is formatted again."""

    def __init__(self, line: LogLine) -> None:
        super().__init__(
            line.name, line.level, "<submission>", line.line, line.message, line.args, None, line.function
        )
        self._text = line.text
        self.levelname, self.exc_text = line.level_name, line.traceback or None
        vars(self).update(line.extra)

    def getMessage(self) -> str:  # noqa: N802 - logging's name
        """Return the text."""
        return self._text


class _Listener(logging.Handler):
    """Hears a logger in the worker."""

    def __init__(self, name: str, heard: list[tuple[logging.LogRecord, LogLine]], *, strict: bool) -> None:
        super().__init__()
        self._logger, self._heard, self._strict = name, heard, strict

    def emit(self, record: logging.LogRecord) -> None:
        """Note the record, or that it came to this logger as well."""
        try:
            if self._heard and self._heard[-1][0] is record:
                line = self._heard[-1][1]
                self._heard[-1] = (record, replace(line, heard=(*line.heard, self._logger)))
            elif len(self._heard) < MAX_LINES:
                line = replace(LogLine.of(record, record.getMessage()), heard=(self._logger,))
                self._heard.append((record, line))
        except Exception:
            if self._strict:  # as `assertLogs` does
                raise
            self.handleError(record)


@contextlib.contextmanager
def listening(asked: dict[str, Any], heard: list[LogLine]) -> Iterator[None]:
    """Listen where the test does, and put what is logged within this block into ``heard``."""
    records: list[tuple[logging.LogRecord, LogLine]] = []
    with contextlib.ExitStack() as after:
        if "disabled" in asked:
            after.callback(logging.disable, logging.root.manager.disable)
            logging.disable(asked["disabled"])
        for name, told in asked.get("loggers", {}).items():
            logger = logging.getLogger(name)
            after.callback(_put_back, logger, logger.level, logger.propagate, logger.handlers, told)
            if "heard" in told:
                is_alone = told["heard"] == "alone"
                listener = _Listener(name, records, strict=is_alone)
                logger.handlers = [listener] if is_alone else [*logger.handlers, listener]
                if not is_alone:
                    after.callback(logger.removeHandler, listener)
            if "level" in told:
                logger.setLevel(told["level"])
            if "propagate" in told:
                logger.propagate = told["propagate"]
        try:
            yield
        finally:
            heard[:] = [line for _, line in records]


def _put_back(
    logger: logging.Logger,
    level: int,
    propagates: bool,
    handlers: list[logging.Handler],
    told: dict[str, Any],
) -> None:
    """Set a logger as it was, in what the test has set."""
    if "level" in told:
        logger.setLevel(level)
    if "propagate" in told:
        logger.propagate = propagates
    if told.get("heard") == "alone":
        logger.handlers = handlers


def _loggers() -> dict[str, logging.Logger]:
    """Return the loggers of this process by name."""
    found = {
        name: logger
        for name, logger in list(logging.root.manager.loggerDict.items())
        if isinstance(logger, logging.Logger) and len(name) <= MAX_NAME
    }
    return {"root": logging.root} | found


def _states() -> dict[str, tuple[int, bool]]:
    """Return the loggers' levels and whether they pass on, with the level below which none logs."""
    states = {name: (logger.level, logger.propagate) for name, logger in _loggers().items()}
    return {"": (logging.root.manager.disable, True)} | states


def _handlers() -> int:
    """Return how many handlers there are."""
    return len(logging._handlerList)  # type: ignore[attr-defined]


def _is_of_both(handler: logging.Handler) -> bool:
    """Return whether a handler writes where the worker's does: a file, the terminal, nowhere."""
    if isinstance(handler, logging.FileHandler | logging.NullHandler):
        return True
    stream = getattr(handler, "stream", None)
    return isinstance(stream, Stream) or stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
