"""Coverage-guided fuzzing of `unpack`: run this file with ``-max_total_time=60``."""

import contextlib
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import atheris
import numpy as np

with atheris.instrument_imports(include=["autograder.protocol.serialization"]):
    from autograder.protocol import serialization

BOUNDS = serialization.Bounds(bytes=50_000, depth=12, items=400)
SEEDS = (
    None, 1 << 70, "text" * 100, b"bytes", 2j, [1, (2.5, {3}), {"a": [None, True]}], range(3), slice(1, 2),
    ..., np.arange(6.0).reshape(2, 3), np.array(["ab", "c"]), np.float32(2), np.dtype("<i2"),
    Fraction(1, 3), int,
    np.random.default_rng(0),
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Decode; anything but a value or a `SerializationError` is a finding."""
    with contextlib.suppress(serialization.SerializationError):
        serialization.unpack(data, bounds=BOUNDS)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, value in enumerate(SEEDS):
            (Path(folder) / str(number)).write_bytes(serialization.pack(value))
        limits = ["-timeout=3", "-rss_limit_mb=1024", "-max_len=8192", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *limits, *sys.argv[1:], folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
