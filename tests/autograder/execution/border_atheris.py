"""Coverage-guided fuzzing of what a judge makes of an answer: run with ``-max_total_time=60``.

A folder given as the last argument keeps what was found to reach new code.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["autograder.protocol", "autograder.execution"]):
    from tests.autograder.execution import border_fuzz


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(border_fuzz.seeds()):
            (Path(folder) / str(number)).write_bytes(data)
        limits = ["-timeout=3", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1"]
        options = [option for option in sys.argv[1:] if option.startswith("-")]
        kept = [option for option in sys.argv[1:] if not option.startswith("-")]
        atheris.Setup([sys.argv[0], *limits, *options, *kept, folder], border_fuzz.settle)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
