"""Main module of the fork server's process, whose children become workers or judges."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path

from autograder.execution import judge, quick_variables, worker
from autograder.execution.forkserver import FORKED, LARGEST_ORDER, READY, ProcessKind, StartOrder
from autograder.execution.ready_shells import ReadyShells
from autograder.protocol.library_data.registry import REGISTRY
from autograder.sandbox import SandboxSpec, load_libraries, python_paths, run_in_sandbox

JUDGE_LOOK_SECONDS = 0.2  # no line of a submission runs in a judge


def main() -> None:
    """Run the fork server.

    Its arguments are the socket for orders, the course's data types and the modules to preload.
    Garbage is not collected while modules are imported, which takes a quarter of Keras' import.
    """
    with socket.socket(fileno=int(sys.argv[2])) as orders, contextlib.ExitStack() as kept:
        preload = sys.argv[4:]
        for name in preload:
            importlib.import_module(name)
        for name in json.loads(sys.argv[3]):
            REGISTRY.add_from(name)
            preload.append(name.partition(":")[0])
        shells = ReadyShells()
        _draw_once()
        kept.enter_context(quick_variables.made_quickly())
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        load_libraries()
        paths = python_paths(tuple(preload))
        gc.freeze()
        gc.enable()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
        orders.send(READY)
        while True:
            message, handles, _, _ = socket.recv_fds(orders, LARGEST_ORDER, 2)
            if not message:
                return
            if os.fork() == 0:
                try:
                    orders.close()
                    _child(StartOrder.from_bytes(message), handles, paths, shells)
                finally:
                    os._exit(1)
            for handle in handles:
                os.close(handle)
            orders.send(FORKED)


def _draw_once() -> None:
    """Draw a figure where Matplotlib is loaded: fonts and formats are found before forks."""
    if "matplotlib.pyplot" in sys.modules:
        from IPython.core.pylabtools import print_figure  # noqa: PLC0415
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        figure = Figure(layout="constrained")
        FigureCanvasAgg(figure)
        figure.subplots().loglog([1, 10], [1, 10])
        print_figure(figure)


def _child(order: StartOrder, handles: list[int], python: tuple[Path, ...], shells: ReadyShells) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.umask(0o022)  # the grader's own may hide the new root from the process's own user
    sys.argv[:] = [""]
    control, data = (socket.socket(fileno=handle) for handle in handles)
    paths = (*python, *order.readable)
    if order.kind is ProcessKind.JUDGE:
        own = (order.judge_files,) if order.judge_files else ()
        limits = judge.sandbox_limits(order.limits)
        spec = SandboxSpec(
            limits, order.scratch, (*paths, *own), order.without,
            has_one_core=False, look_seconds=JUDGE_LOOK_SECONDS,
        )  # fmt: skip
        work = partial(judge.serve, data, order.scratch, order.limits, shells, order.judge_files)
    else:
        spec = SandboxSpec(order.limits, order.scratch, paths, order.without)
        work = partial(worker.serve, data, order.scratch, order.limits, shells)
    run_in_sandbox(control, spec, work)
    os._exit(0)
