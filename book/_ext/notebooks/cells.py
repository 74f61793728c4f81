"""Notebooks as Jupyter and Colab show them, from executed pages of the book."""

import json

import nbformat

from . import addresses
from .plain import Plain

KERNEL = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def setup_cell(repository: str, commit: str, needs: tuple[str, ...], files: dict[str, str] | None = None):
    """Make the first cell of a published notebook: it installs and fetches what is missing.

    Parameters
    ----------
    repository : str
        "OWNER/NAME" on GitHub; "" where the project has no public home, then the cell says what to
        do.
    commit : str
        Whose library is installed.
    needs : tuple of str
        Modules that the notebook imports and that may be missing.
    files : dict, optional
        Each file that the notebook reads, and its path on the branch of notebooks.

    Returns
    -------
    nbformat.NotebookNode
    """
    missing = f"if any(importlib.util.find_spec(name) is None for name in {list(needs)}):"
    if not repository:
        lines = [
            "import importlib.util",
            "",
            missing,
            "    raise ModuleNotFoundError(",
            "        \"this notebook needs the course's library: in the project's folder, \"",
            "        \"pip install '.[notebooks]' into the environment that runs the notebook\"",
            "    )",
        ]
        return nbformat.v4.new_code_cell("\n".join(lines), id="setup")
    lines = ["import importlib.util"]
    if files:
        lines += ["from pathlib import Path", "from urllib.request import urlretrieve"]
    package = addresses.requirement(repository, commit)
    lines += ["", missing, f'    %pip install --quiet "{package}"']
    if files:
        wanted = {name: addresses.raw(repository, path) for name, path in files.items()}
        lines += [
            "",
            f"for name, address in {json.dumps(wanted, indent=4)}.items():",
            "    if not Path(name).exists():",
            "        Path(name).parent.mkdir(parents=True, exist_ok=True)",
            "        urlretrieve(address, name)",
        ]
    return nbformat.v4.new_code_cell("\n".join(lines), id="setup")


def plain_notebook(notebook, plain: Plain, setup):
    """Turn an executed page into a notebook that Jupyter and Colab show as it is meant.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The page's text and cells, with their outputs.
    plain : Plain
        Writes the text.
    setup : nbformat.NotebookNode
        The cell to begin with; it comes after the title.

    Returns
    -------
    nbformat.NotebookNode
    """
    cells, solution = [], False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            solution = _in_solution(cell.source, solution)
            if text := plain.page(cell.source):
                cells.append(nbformat.v4.new_markdown_cell(text, id=cell.id))
        elif cell.cell_type == "code":
            cells.append(_code(cell, solution))
    cells.insert(1 if cells and cells[0].cell_type == "markdown" else 0, setup)
    return nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)


def _in_solution(source: str, before: bool) -> bool:
    starts, ends = source.rfind("{solution-start}"), source.rfind("{solution-end}")
    return before if starts == ends else starts > ends


def _code(cell, solution: bool):
    """Copy a code cell, without what the page does not show and folded where the page folds it."""
    tags = set(cell.metadata.get("tags", []))
    outputs = [] if tags & {"remove-cell", "remove-output"} else list(_shown(cell.outputs))
    if "remove-stderr" in tags:
        outputs = [output for output in outputs if output.get("name") != "stderr"]
    folded = {}
    if solution or tags & {"remove-cell", "remove-input", "hide-input", "hide-cell"}:
        folded["source_hidden"] = True
    if solution or tags & {"hide-output", "hide-cell"}:
        folded["outputs_hidden"] = True
    return nbformat.v4.new_code_cell(
        cell.source,
        id=cell.id,
        metadata={"jupyter": folded} if folded else {},
        execution_count=cell.execution_count,
        outputs=outputs,
    )


def _shown(outputs):
    """Leave out the records of `glue`, which only the book reads."""
    for output in outputs:
        kept = {kind: value for kind, value in output.get("data", {}).items() if "papermill" not in kind}
        if kept:
            yield nbformat.from_dict(output | {"data": kept})
        elif "data" not in output:
            yield output
