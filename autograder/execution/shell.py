"""IPython without a terminal or a kernel: runs cells and records their outputs."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type
from traitlets.config import Config

_OUTPUT_BYTES = 256  # that an output counts beside its text, so that many small ones count, too


CUT = "[the output was cut off at"  # at the end of what was recorded


class Recorder:
    """Recorder of what a cell prints and displays: nbformat outputs, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.streams: tuple[Stream, Stream] | None = None  # see `recorded`
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.outputs: list[dict[str, Any]] = []
        self.used = 0
        self._cut = self._clear_next = False

    def add(self, output: dict[str, Any]) -> None:
        """Take one output, or say once that the rest is cut off."""
        if self._clear_next:
            self.clear()
        if self._has_room(size := _size(output)):
            self.used += size
            self.outputs.append(output)

    def replace(self, display_id: str, data: dict[str, Any]) -> None:
        """Give the outputs of a display id other data, where that is within the limit."""
        for output in self.outputs:
            if display_id and output.get("display_id") == display_id:
                more = _size(output | {"data": data}) - _size(output)
                if self._has_room(more):
                    self.used += more
                    output["data"] = data

    def _has_room(self, size: int) -> bool:
        """Return whether so many bytes are within the limit, and say once that they are not."""
        if self.used + size <= self.limit:
            return True
        if not self._cut:
            self._cut = True
            note = f"\n{CUT} {self.limit:,} bytes]\n"
            self.outputs.append({"output_type": "stream", "name": "stderr", "text": note})
        return False

    def stream(self, name: str, text: str) -> None:
        """Take printed text, joined to what was printed just before."""
        if self._clear_next:
            self.clear()
        last = self.outputs[-1] if self.outputs else {}
        joins = last.get("output_type") == "stream" and last["name"] == name
        room = self.limit - self.used - (0 if joins else _OUTPUT_BYTES)
        size = _text_bytes(text)
        if 0 < room < size:
            start = text[:room].encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
            self.stream(name, start)
            self.add({"output_type": "stream", "name": name, "text": text[len(start) :]})
        elif joins and size <= room:
            last["text"] += text
            self.used += size
        elif text:
            self.add({"output_type": "stream", "name": name, "text": text})

    def clear_output(self, wait: bool) -> None:
        """Clear now, or when the next output comes."""
        if wait:
            self._clear_next = True
        else:
            self.clear()


def _size(output: dict[str, Any]) -> int:
    text = output.get("text")
    texts = [text] if isinstance(text, str) else map(str, output.values())
    return _OUTPUT_BYTES + sum(map(_text_bytes, texts))


def _text_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


class Stream(io.TextIOBase):
    """Standard output or error, recorded."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, recorder: Recorder, name: str, number: int) -> None:
        self._recorder, self._name, self._number = recorder, name, number

    def write(self, text: str) -> int:
        """Record the text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self._name, str(text))
        return len(text)

    def fileno(self) -> int:
        """Return the number of the file descriptor, which is recorded as well."""
        return self._number

    def writable(self) -> bool:
        """Return True."""
        return True


class _Publisher(DisplayPublisher):
    recorder = Instance(Recorder)

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        """Record a rich output, or replace the one with its display id."""
        output: dict[str, Any] = {
            "output_type": "display_data", "data": _jsonable(data), "metadata": _jsonable(metadata or {}),
        }  # fmt: skip
        name = str((transient or {}).get("display_id") or "")
        if update:
            self.recorder.replace(name, output["data"])
            return
        if name:
            output["display_id"] = name
        self.recorder.add(output)

    def clear_output(self, wait: bool = False) -> None:
        """Clear what was recorded."""
        self.recorder.clear_output(wait)


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """No prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Record the value of the last expression."""
        shell: Any = self.shell
        shell.display_pub.recorder.add(
            {
                "output_type": "execute_result",
                "data": _jsonable(format_dict),
                "metadata": _jsonable(md_dict or {}),
                "execution_count": shell.execution_count,
            }
        )

    def finish_displayhook(self) -> None:
        """Nothing to flush."""


class SilentHook(_Hook):
    """Keeps the value of the last expression without looking at it."""

    def __call__(self, result: Any = None) -> None:
        """Keep the value."""
        if result is not None and not self.quiet():
            self.fill_exec_result(result)

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Nothing is shown."""


_NO_MODULE = "<cell>"


class _Compiler(CachingCompiler):
    def cache(self, *args: Any, **kwargs: Any) -> str:
        """Name a cell, and say that it is of no module's file.

        A traceback asks `inspect` four times for the module of each frame, which looks through all
        that are imported: with Keras, a fork's first look copies 28 MB of the fork server's memory.
        """
        name = super().cache(*args, **kwargs)
        modules: dict[str, str] = getattr(inspect, "modulesbyfile", {})
        modules[name] = _NO_MODULE
        with contextlib.suppress(OSError):  # no working directory
            modules[os.path.abspath(name)] = _NO_MODULE
        return name


class Shell(InteractiveShell):
    """IPython's shell with a recorder for all that it shows."""

    recorder = Instance(Recorder, args=(2**20,))
    compiler_class = Type(_Compiler)
    displayhook_class = Type(_Hook)
    _shown: tuple[BaseException | None, dict[str, Any]] = (None, {})  # last, and not yet in the history

    def init_display_pub(self) -> None:
        """Use the recorder."""
        self.display_pub = _Publisher(parent=self, shell=self, recorder=self.recorder)

    def init_io(self) -> None:
        """Leave the streams to `recorded`."""

    @contextlib.contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        """Keep no second copy of what is printed in the history."""
        yield

    def init_virtualenv(self) -> None:
        """Leave the path alone."""

    def begin(self, home: Path, recorder: Recorder, namespace: dict[str, Any] | None = None) -> None:
        """Become the one shell of this process, which may be a fork of that which has made it.

        Parameters
        ----------
        home
            Where the shell's files go.
        recorder
            Of what it shows.
        namespace
            In which cells run; one of its own, if None.
        """
        os.environ["IPYTHONDIR"] = self.ipython_dir = str(home / ".ipython")
        self.init_profile_dir(None)
        self.init_pushd_popd_magic()  # whose folder is that of the environment
        self.logger = None
        if "db" in vars(self):  # IPython 8's is in the profile's folder from the start
            profile: Any = self.profile_dir
            self.db = type(self.db)(os.path.join(profile.location, "db"))
        self.recorder = recorder
        self.init_display_pub()
        if namespace is not None:
            self.user_module, self.user_ns = self.prepare_user_module(None, namespace)
            self.set_completer_frame()
        self.starting_dir = os.getcwd()
        history: Any = self.history_manager
        history.dir_hist = [Path(self.starting_dir)]
        history.hist_file = history._get_hist_file_name()
        self.init_user_ns()
        self.init_sys_modules()
        self.init_builtins()
        self.builtin_trap.activate()
        kinds: Any = type(self)._walk_mro()
        for kind in kinds:  # what `instance` does for a shell that it makes
            kind._instance = self

    def system(self, cmd: str) -> None:
        """Run a command of a ``!`` line; its output is recorded as it comes."""
        command = self.var_expand(cmd, depth=1)
        with subprocess.Popen(
            command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            for line in process.stdout or ():
                sys.stdout.write(line.decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = process.returncode

    system_piped = system_raw = system

    def enable_gui(self, gui: Any = None) -> None:
        """No event loop."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        lines = [str(line) for line in stb]
        error = {"ename": str(etype.__name__), "evalue": _text(evalue), "traceback": lines}
        self._shown = evalue, error
        self.recorder.add({"output_type": "error"} | error)

    def _format_exception_for_storage(self, exception: BaseException, *args: Any, **kwargs: Any) -> Any:
        """Let the history keep what was shown: IPython would format it a second time."""
        (shown, error), self._shown = self._shown, (None, {})
        if exception is shown:
            return error
        return super()._format_exception_for_storage(exception, *args, **kwargs)


class SilentShell(Shell):
    """A shell that shows neither values nor tracebacks."""

    displayhook_class = Type(SilentHook)

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Format nothing, as nothing is shown: it takes longer than most tests."""

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Format nothing."""


def new_shell(home: Path, *, silent: bool = False) -> Shell:
    """Make a shell; `Shell.begin` is still to be called, in the process that it is for."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.autocall = 0
    config.InteractiveShell.enable_tip = False
    return (SilentShell if silent else Shell)(config=config, ipython_dir=str(home / ".ipython"))


def make_shell(
    home: Path, recorder: Recorder, namespace: dict[str, Any] | None = None, *, silent: bool = False
) -> Shell:
    """Make the one shell of this process; its files go to ``home``."""
    shell = new_shell(home, silent=silent)
    shell.begin(home, recorder, namespace)
    return shell


class recorded:  # noqa: N801 - used as a function is
    """Record what is written to standard output and error in a ``with`` block.

    A test's calls enter one each, so the streams are made once, and no generator.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __enter__(self) -> None:
        self._before = sys.stdout, sys.stderr
        streams = self._recorder.streams
        if streams is None or streams[0].closed or streams[1].closed:
            streams = Stream(self._recorder, "stdout", 1), Stream(self._recorder, "stderr", 2)
            self._recorder.streams = streams
        sys.stdout, sys.stderr = streams

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr = self._before


class Descriptors:
    """Standard output and error of C code and of child processes, kept in a file without a name."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, mode="a+b", buffering=0)  # noqa: SIM115 - lives on
        for number in (1, 2):
            os.dup2(self._file.fileno(), number)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)

    def flush(self, recorder: Recorder) -> None:
        """Move what was written so far to the recorder."""
        try:
            number = self._file.fileno()
            if os.lseek(number, 0, os.SEEK_END):
                data = os.pread(number, recorder.limit + 1, 0)
                os.ftruncate(number, 0)
                recorder.stream("stdout", data.decode("utf-8", "replace"))
        except OSError as error:
            recorder.stream("stderr", f"[output of another process was lost: {error}]\n")


def _text(value: Any) -> str:
    try:
        return str(value)
    except BaseException as error:
        return f"<no text: {type(error).__name__}>"


def _jsonable(data: Any) -> dict[str, Any]:
    """Return text and bytes of a MIME bundle as nbformat has them; what is neither becomes text."""
    import base64  # noqa: PLC0415

    result: dict[str, Any] = {}
    for key, value in dict(data).items():
        if isinstance(value, bytes):
            result[str(key)] = base64.b64encode(value).decode()
        elif isinstance(value, str | int | float | bool | list | dict | type(None)):
            result[str(key)] = value
        else:
            result[str(key)] = _text(value)
    return result
