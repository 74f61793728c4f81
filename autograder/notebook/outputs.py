"""Outputs of cells in nbformat's shape, rebuilt from what an untrusted process sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograder.limits import Limits
from autograder.notebook.submission import text_of
from autograder.protocol.orders import CellRan
from autograder.protocol.serialization import json_depth

Output = dict[str, Any]
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
_TEXT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
_TYPES = (*_TEXT_TYPES, *sorted(IMAGE_TYPES))
MAX_OUTPUTS = 10_000
MAX_DEPTH = 60


def error_output(name: str, text: str) -> Output:
    """Return an error as nbformat has it."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


def outputs_of(payload: bytes, limits: Limits) -> list[Output]:
    """Build nbformat outputs from what the worker says they are; what is no output is left out."""
    try:
        if len(payload) > 8 * limits.output_bytes + 65536 or json_depth(payload) > MAX_DEPTH:
            return [error_output("OutputLost", "the output was too large")]
        return rebuild_outputs(CellRan.from_bytes(payload).outputs[:MAX_OUTPUTS])
    except (ValueError, TypeError, KeyError, RecursionError):
        return [error_output("OutputLost", "the output was damaged")]


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
