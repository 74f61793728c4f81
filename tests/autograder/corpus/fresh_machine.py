"""Right answers beside folders, files and pages that are made to hold up the one who grades."""

import os
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.autograder.corpus.case import BROKEN, MACHINE, Submission, case
from tests.autograder.corpus.lab import Lab
from tests.autograder.corpus.machine import ATTEMPT

LONGEST_PATH = 4_090  # bytes; Linux takes 4,095


def nested_drawing(depth: int, times: int) -> str:
    """Return a drawing in SVG whose parts draw each other: ``times ** (depth - 1)`` squares."""
    parts = "".join(
        f'<g id="g{number}">' + f'<use xlink:href="#g{number - 1}"/>' * times + "</g>"
        for number in range(1, depth)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" '
        f'height="90"><defs><rect id="g0" width="5" height="5"/>{parts}</defs>'
        f'<use xlink:href="#g{depth - 1}"/></svg>'
    )


@case(BROKEN)
def folders_without_end(lab: Lab) -> Submission:
    names = {f"{number}/{'d/' * 38}x": "x" for number in range(540)}
    return Submission(lab.full(), lab.right(), dict(names))


@case(BROKEN)
def a_path_that_no_other_folder_has_room_for(lab: Lab) -> Submission:
    def prepare(folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        left = LONGEST_PATH - len(os.fsencode(folder))
        while left > 250:
            os.mkdir("n" * 200, dir_fd=handle)
            inner = os.open("n" * 200, os.O_RDONLY, dir_fd=handle)
            os.close(handle)
            handle, left = inner, left - 201
        os.close(os.open("m" * (left - 1), os.O_CREAT | os.O_WRONLY, dir_fd=handle))
        os.close(handle)

    return Submission(lab.full(), lab.right(), prepare=prepare)


@case(BROKEN)
def a_time_of_handing_in_of_a_gigabyte(lab: Lab) -> Submission:
    def prepare(folder: Path) -> None:
        (folder / "timestamp.txt").touch()
        os.truncate(folder / "timestamp.txt", 2**30)

    return Submission(lab.full(), lab.right(), prepare=prepare)


@case(BROKEN)
def drawings_that_take_long(lab: Lab) -> Submission:
    heavy = nested_drawing(9, 10)
    nb = lab.with_cell(
        lab.right(),
        f"from IPython.display import SVG, HTML, display\ndisplay(SVG({heavy!r}))\n"
        "display(HTML('<table><tr>' + '<td colspan=999>x' * 20_000))\n"
        "print('a' + '\\u0301' * 900_000)",
        before="end",
    )
    nb.cells += [new_markdown_cell("a" + "\u0301" * 29_000), new_code_cell(f"# {'a' + chr(0x301) * 19_000}")]
    return Submission(lab.full(), nb, {"a.svg": "<?xml " * 400_000, "b.svg": heavy})


@case(MACHINE)
def memory_that_counts_for_nobody_and_a_core_of_its_own(lab: Lab) -> Submission:
    code = f"""{ATTEMPT}
import ctypes, os, socket
library = ctypes.CDLL(None, use_errno=True)
with open('page', 'wb') as file:
    file.write(bytes(4096))
source = os.open('page', os.O_RDONLY)
ours, theirs = socket.socketpair()
attempt('send a page of a file', lambda: os.sendfile(ours.fileno(), source, 0, 1))
attempt('watch files', lambda: library.inotify_add_watch(library.inotify_init1(0), b'/usr', 2))
attempt('take a core', lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
attempt('go first', lambda: os.setpriority(os.PRIO_PROCESS, 0, -20))
import shutil
shutil.copyfile('page', 'copy')  # as honest code may do
assert os.path.getsize('copy') == 4096
"""
    return Submission(lab.full(), lab.with_cell(lab.right(), code))
