"""Put the tables of idioms into the page that asks for them, from the data that the tests prove.

The data are `tests/autograder/idioms`: the idioms, and what the engine does otherwise than one
kernel.
"""

import importlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIFFERENCES = ROOT / "tests/autograder/idioms/differences.json"
MARK = "<!-- the tables of idioms -->\n"
HEAD = ["| the test | by the engine |", "| :-- | :-- |"]


def tables(groups, marks):
    """Return the tables as MyST text.

    Parameters
    ----------
    groups : dict
        Idioms by group.
    marks : dict
        What differs, by the idiom's name; None where nothing does. What was not graded is left out.
    """
    parts = []
    for group, idioms in groups.items():
        graded = [idiom for idiom in idioms if idiom.name in marks]
        if not graded:
            continue
        rows = [f"| {_cell(idiom.title)} | {_says(marks[idiom.name])} |" for idiom in graded]
        parts += [f"## {group[0].upper()}{group[1:]}", "", *HEAD, *rows, ""]
        for idiom in graded:
            if (marks[idiom.name] or {}).get("instead works"):
                parts += [f"In the place of {idiom.title}:", "", f"```python\n{idiom.instead}\n```", ""]
    return "\n".join(parts)


def _says(mark):
    """Return what the table says of an idiom."""
    if mark is None:
        return "works"
    first = next(iter(mark["answers"].values()))["engine"]["words"]
    words = f", in these words: {_cell(first)}" if first else ""
    instead = " Write what stands below the table." if mark.get("instead works") else ""
    return f"{mark['verdict']}{words}.{instead}"


def _cell(text):
    """Return text that can stand in a table's cell."""
    text = text.replace("|", "\\|").replace("\n", " ")
    return text if "`" in text else text.replace("*", "\\*").replace("_", "\\_").replace("<", "&lt;")


def _add_tables(app, docname, source):
    if MARK not in source[0]:
        return
    sys.path.insert(0, str(ROOT))
    try:
        collection = importlib.import_module("tests.autograder.idioms.collection")
    finally:
        sys.path.remove(str(ROOT))
    source[0] = source[0].replace(MARK, tables(collection.groups(), json.loads(DIFFERENCES.read_text())))
    app.env.note_dependency(str(DIFFERENCES))


def setup(app):
    """Sphinx calls this."""
    app.connect("source-read", _add_tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
