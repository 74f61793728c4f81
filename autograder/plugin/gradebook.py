"""The gradebook's connection, kept open from one use to the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nbgrader.api import Authenticator, Gradebook
from sqlalchemy.orm import scoped_session, sessionmaker


@contextmanager
def kept_open() -> Iterator[None]:
    """Let all gradebooks of one address share their connections, as long as the block lasts.

    nbgrader opens the gradebook nine times for each submission. Each time it makes new connections,
    looks whether every table is there, and compiles its queries anew, which takes most of its time.
    Every `Gradebook` still has a session of its own.
    """
    engines = {}
    open_, close = Gradebook.__init__, Gradebook.close

    def reopen(
        self: Gradebook, db_url: str, course_id: str = "default_course", authenticator: Authenticator = None
    ) -> None:
        if db_url not in engines:
            open_(self, db_url, course_id, authenticator)
            engines[db_url] = self.engine
            return
        self.engine = engines[db_url]
        self.db = scoped_session(sessionmaker(autoflush=True, bind=self.engine, future=True))
        self.course_id, self.authenticator = course_id, authenticator
        self.check_course(course_id=course_id)

    Gradebook.__init__, Gradebook.close = reopen, lambda self: self.db.remove()
    try:
        yield
    finally:
        Gradebook.__init__, Gradebook.close = open_, close
        for engine in engines.values():
            engine.dispose()
