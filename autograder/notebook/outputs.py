"""What cells show, as nbformat outputs: made of what the judge says, and of what the worker says they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from autograder.limits import Limits
from autograder.protocol.serialization import json_depth


def shown(scored: dict) -> Iterable[dict]:
    """Yield what of a test's result is shown below its cell."""
    if scored["status"] in ("passed",):
        return
    if scored["status"] == "partial":
        yield {"output_type": "stream", "name": "stdout", "text": scored["message"] + "\n"}
    else:
        yield error_output("TestFailed", scored["message"])


def error_output(name: str, text: str) -> dict:
    """Return an error as nbformat has it."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


_MIME = frozenset([
    "text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/gif",
    "image/svg+xml",
])  # fmt: skip


def outputs_of(payload: bytes, limits: Limits) -> list[dict]:
    """Build nbformat outputs from what the worker says they are; what is none is left out."""
    try:
        if len(payload) > 8 * limits.output_bytes + 65536 or json_depth(payload) > 60:
            return [error_output("OutputLost", "the output was too large")]
        outputs = json.loads(payload)["outputs"]
        return [clean for output in outputs[:10_000] if (clean := _clean(output))]
    except (ValueError, TypeError, KeyError, RecursionError):
        return [error_output("OutputLost", "the output was damaged")]


def _clean(output: Any) -> dict | None:
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        return {
            "output_type": "error",
            "ename": _text(output.get("ename")), "evalue": _text(output.get("evalue")),
            "traceback": [_text(line) for line in lines] if isinstance(lines, list) else [],
        }  # fmt: skip
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    data = {key: _text(data[key]) for key in _MIME if isinstance(data.get(key), str)}
    clean = {"output_type": kind, "data": data, "metadata": {}}
    if kind == "execute_result":
        count = output.get("execution_count")
        clean["execution_count"] = count if type(count) is int else None
    return clean


def _text(value: Any) -> str:
    """Return text that can be written as UTF-8; '' for what is no text."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
