"""Outputs of cells in nbformat's shape, rebuilt from what an untrusted process sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograder.limits import Limits
from autograder.notebook.submission import text_of
from autograder.protocol.orders import CellRan
from autograder.protocol.serialization import json_depth

Output = dict[str, Any]
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
_TEXT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
_TYPES = (*_TEXT_TYPES, *sorted(IMAGE_TYPES))
MAX_OUTPUTS = 10_000
MAX_DEPTH = 60
# JSON writes a character of four bytes as two escapes of six, and names the parts of an output.
_JSON_FACTOR = 12
_JSON_FRAME = 65_536
_OUTPUT_BYTES = 256  # that an output counts beside its text, so that many small ones count, too


def error_output(name: str, text: str) -> Output:
    """Return an error as nbformat has it."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


def largest_payload(output_bytes: float) -> int:
    """Return the bytes of the longest message that shows so many bytes of output."""
    return _JSON_FACTOR * int(output_bytes) + _JSON_FRAME


class OutputBudget:
    """Budget of a submission's output: takes what its cells and tests show until it is used up.

    The student is told once, where the output is cut off. From there on nothing is taken.

    Parameters
    ----------
    limits
        The submission's limits.

    Attributes
    ----------
    is_used_up : bool
        Whether something was cut off.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.is_used_up = False
        self._left = int(limits.submission_output_bytes)

    def take_message(self, payload: bytes) -> list[Output]:
        """Return the outputs in a worker's message; what is no output is left out.

        A message that cannot fit in what is left is not decoded.
        """
        if self.is_used_up or not payload:
            return []
        if len(payload) > largest_payload(min(self._left, self.limits.output_bytes)):
            return self._cut_off()
        try:
            if json_depth(payload) > MAX_DEPTH:
                return [error_output("OutputLost", "the output was nested too deep")]
            outputs = rebuild_outputs(CellRan.from_bytes(payload).outputs[:MAX_OUTPUTS])
        except (ValueError, TypeError, KeyError, RecursionError):
            return [error_output("OutputLost", "the output was damaged")]
        return self.take(outputs)

    def take(self, outputs: Iterable[Output]) -> list[Output]:
        """Return the outputs that fit in what is left, and where they end, a note that says so."""
        taken: list[Output] = []
        for output in outputs:
            if self.is_used_up:
                break
            size = _OUTPUT_BYTES + _text_bytes(output)
            if size > self._left:
                room = max(0, self._left - _OUTPUT_BYTES)
                if room and output.get("output_type") == "stream":
                    text = str(output["text"]).encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
                    taken.append({**output, "text": text})
                return taken + self._cut_off()
            self._left -= size
            taken.append(output)
        return taken

    def _cut_off(self) -> list[Output]:
        self._left = 0
        self.is_used_up = True
        size = f"{self.limits.submission_output_bytes / 2**20:g} MiB"
        note = f"\n[the submission's output was cut off here: all cells together may show {size}]\n"
        return [{"output_type": "stream", "name": "stderr", "text": note}]


def _text_bytes(value: object) -> int:
    """Return the bytes of all texts in a value, in UTF-8."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return sum(_text_bytes(key) + _text_bytes(entry) for key, entry in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_text_bytes, value)) + len(value)
    return 0


def rebuild_outputs(outputs: Iterable[object]) -> list[Output]:
    """Rebuild outputs from the parts that nbformat knows; what is no output is left out.

    Streams, errors and data of known types stay. Metadata, widgets and scripts do not.
    """
    rebuilt = (_rebuild(output) for output in outputs if isinstance(output, dict))
    return [output for output in rebuilt if output is not None]


def _rebuild(output: Mapping[str, Any]) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": text_of(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        return {
            "output_type": "error",
            "ename": text_of(output.get("ename")),
            "evalue": text_of(output.get("evalue")),
            "traceback": [text_of(line) for line in lines] if isinstance(lines, list) else [],
        }
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    known = {name: text_of(data[name]) for name in _TYPES if isinstance(data.get(name), str | list)}
    rebuilt = {"output_type": kind, "data": known or not_shown(data), "metadata": {}}
    if kind == "execute_result":
        count = output.get("execution_count")
        rebuilt["execution_count"] = count if type(count) is int else None
    return rebuilt


def not_shown(types: Iterable[object]) -> dict[str, str]:
    """Return the data of an output of which nothing can be shown: a line that names its types."""
    names = text_of(", ".join(sorted(map(str, types))))[:200]
    return {"text/plain": f"(output of type {names} is not shown)"}
