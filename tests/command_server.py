"""A process that has imported what commands need, and gives each command a process of its own.

Run by `tests.commands` as ``python -m tests.command_server SOCKET``. A connection brings one line,
an order; it gets the process' number and later, in another line, how it ended.
"""

import atexit
import importlib
import json
import multiprocessing
import os
import resource
import runpy
import socketserver
import sys
from pathlib import Path
from typing import TypedDict

IMPORTED = (
    "nbgrader.apps",
    "sqlalchemy.dialects.sqlite",
    "autograder.plugin",
    "autograder.commands.grade",
    "autograder.commands.report",
)


class Order(TypedDict):
    """A command: a module and its arguments, where it works, and the files that it writes to."""

    module: str
    arguments: list[str]
    folder: str
    environment: dict[str, str]
    stdout: str
    stderr: str
    largest_file: int | None


class _Handler(socketserver.StreamRequestHandler):
    """One command, waited for in a process of its own."""

    def handle(self) -> None:
        order: Order = json.loads(self.rfile.readline())
        process = multiprocessing.get_context("fork").Process(target=_run, args=(order,))
        process.start()
        self.wfile.write(f"{process.pid}\n".encode())
        process.join()
        self.wfile.write(f"{process.exitcode}\n".encode())


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """It ends with the process that began it."""

    request_queue_size = 100

    def __init__(self, path: str):
        super().__init__(path, _Handler)
        self._parent = os.getppid()

    def service_actions(self) -> None:
        super().service_actions()
        if os.getppid() != self._parent:
            Path(self.server_address).unlink(missing_ok=True)
            sys.exit()


def _run(order: Order) -> None:
    for stream, name in ((1, order["stdout"]), (2, order["stderr"])):
        log = os.open(name, os.O_WRONLY | os.O_APPEND)
        os.dup2(log, stream)
        os.close(log)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    sys.argv = [order["module"], *order["arguments"]]
    sys.path[0] = order["folder"]  # as `python -m` has it
    if order["largest_file"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    try:
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()  # multiprocessing leaves them out


def main(path: str) -> None:
    """Import, then wait for commands."""
    for module in IMPORTED:
        importlib.import_module(module)
    with _Server(path) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
