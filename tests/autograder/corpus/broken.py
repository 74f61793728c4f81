"""Files that are damaged, misnamed or put together wrongly."""

import json
import os

import nbformat

from course.sample_class.notebooks import index, prose
from tests.autograder.corpus.case import BROKEN, Submission, case
from tests.autograder.corpus.lab import Lab


def _json(lab: Lab) -> str:
    return nbformat.writes(lab.right())


@case(BROKEN)
def no_file_at_all(lab: Lab) -> Submission:
    return Submission(lab.unreadable())


@case(BROKEN)
def an_empty_file(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), b"")


@case(BROKEN)
def not_json(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), "Dear teacher, my computer broke.")


@case(BROKEN)
def cut_off(lab: Lab) -> Submission:
    text = _json(lab)
    return Submission(lab.unreadable(), text[: len(text) // 2])


@case(BROKEN)
def not_utf8(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells.insert(0, prose("déjà vu"))
    return Submission(lab.full(), json.dumps(nb, ensure_ascii=False).encode("latin-1", "replace"))


@case(BROKEN)
def utf16(lab: Lab) -> Submission:
    return Submission(lab.full(), _json(lab).encode("utf-16"))


@case(BROKEN)
def byte_order_mark(lab: Lab) -> Submission:
    return Submission(lab.full(), b"\xef\xbb\xbf" + _json(lab).encode())


@case(BROKEN)
def windows_line_ends(lab: Lab) -> Submission:
    nb = lab.right()
    for cell in nb.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    return Submission(lab.full(), nb)


@case(BROKEN)
def a_list_instead(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), json.dumps([1, 2, 3]))


@case(BROKEN)
def no_cells(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}}))


@case(BROKEN)
def old_notebook_format(lab: Lab) -> Submission:
    nb = nbformat.convert(lab.right(), 3)
    return Submission(lab.full(), nb)


@case(BROKEN)
def unheard_of_notebook_format(lab: Lab) -> Submission:
    nb = lab.right()
    nb.nbformat, nb.nbformat_minor = 99, 7
    return Submission(lab.full(), nb)


@case(BROKEN)
def old_nbgrader_schema(lab: Lab) -> Submission:
    nb = lab.right()
    for cell in nb.cells:
        cell.metadata.get("nbgrader", {}).pop("schema_version", None)
    return Submission(lab.full(), nb)


@case(BROKEN)
def future_nbgrader_schema(lab: Lab) -> Submission:
    nb = lab.right()
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99
    return Submission(lab.full(), nb)


@case(BROKEN)
def renamed(lab: Lab) -> Submission:
    return Submission(lab.full(), files={f"{lab.notebook} (1).ipynb": _json(lab)})


@case(BROKEN)
def in_a_folder(lab: Lab) -> Submission:
    return Submission(lab.full(), files={f"homework/{lab.notebook}.ipynb": _json(lab)})


@case(BROKEN)
def other_extension(lab: Lab) -> Submission:
    return Submission(lab.full(), files={f"{lab.notebook}.ipynb.txt": _json(lab)})


@case(BROKEN)
def tests_deleted(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells = [
        cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in lab.tests
    ]
    return Submission(lab.full(), nb)


@case(BROKEN)
def one_answer_deleted(lab: Lab) -> Submission:
    nb = lab.with_target("")
    del nb.cells[index(nb, lab.target)]
    return Submission(lab.without(lab.target), nb)


@case(BROKEN)
def all_cells_deleted(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells = []
    return Submission(lab.nothing(), nb)


@case(BROKEN)
def an_answer_copied(lab: Lab) -> Submission:
    nb = lab.right()
    place = index(nb, lab.target)
    nb.cells.insert(place, nbformat.from_dict(nb.cells[place]))
    return Submission(lab.full(), nb)


@case(BROKEN)
def the_tests_copied(lab: Lab) -> Submission:
    nb = lab.right()
    for test in lab.tests:
        place = index(nb, test)
        nb.cells.insert(place, nbformat.from_dict(nb.cells[place]))
    return Submission(lab.full(), nb)


@case(BROKEN)
def the_whole_notebook_twice(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells = [*nb.cells, *nbformat.from_dict(nb.cells)]
    return Submission(lab.full(), nb)


@case(BROKEN)
def cells_retagged(lab: Lab) -> Submission:
    nb = lab.right()
    for cell in nb.cells:
        details = cell.metadata.get("nbgrader")
        if details:
            details.grade, details.solution, details.locked = (
                details.solution,
                details.grade,
                not details.locked,
            )
    return Submission(lab.full(), nb)


@case(BROKEN)
def tags_deleted(lab: Lab) -> Submission:
    nb = lab.right()
    for cell in nb.cells:
        cell.metadata = {}
    # the tests are the student's cells now, and the answers stand where they stood
    return Submission(lab.full(), nb)


@case(BROKEN)
def metadata_of_wrong_types(lab: Lab) -> Submission:
    nb = lab.right()
    nb.metadata = []
    for number, cell in enumerate(nb.cells):
        if "nbgrader" not in cell.metadata:
            cell["metadata"] = [None, 3, "x", [], {"nbgrader": 7}, {"nbgrader": {"grade_id": ["x"]}}][
                number % 6
            ]
    return Submission(lab.full(), json.dumps(nb))


@case(BROKEN)
def cells_of_wrong_types(lab: Lab) -> Submission:
    nb = json.loads(_json(lab))
    nb["cells"][:0] = [None, 3, "text", [], {}, {"cell_type": "code"}, {"cell_type": 5, "source": {"a": 1}}]
    return Submission(lab.full(), json.dumps(nb))


@case(BROKEN)
def an_answer_moved_up(lab: Lab) -> Submission:
    nb = lab.right()
    imports = next(number for number, cell in enumerate(nb.cells) if "import" in cell.source)
    cell = nb.cells.pop(index(nb, lab.target))
    nb.cells.insert(imports + 1, cell)
    return Submission(lab.full(), nb)


@case(BROKEN)
def an_answer_moved_to_the_end(lab: Lab) -> Submission:
    nb = lab.with_target(lab.answers[lab.target])
    nb.cells.append(nb.cells.pop(index(nb, lab.target)))
    return Submission(lab.without(lab.target), nb)


@case(BROKEN)
def cells_retyped(lab: Lab) -> Submission:
    nb = lab.right()
    for number, grade_id in enumerate([lab.target, *lab.tests]):
        cell = nb.cells[index(nb, grade_id)]
        cell.cell_type = ("markdown", "raw")[number % 2]
        del cell["outputs"], cell["execution_count"]
    return Submission(lab.full(), nb)


@case(BROKEN)
def ids_duplicated(lab: Lab) -> Submission:
    nb = lab.right()
    for cell in nb.cells:
        cell["id"] = "same"
    return Submission(lab.full(), nb)


@case(BROKEN)
def points_edited(lab: Lab) -> Submission:
    nb = lab.with_target("")
    for test in lab.tests:
        nb.cells[index(nb, test)].metadata.nbgrader.points = 1000
    return Submission(lab.without(lab.target), nb)


@case(BROKEN)
def unknown_kernel(lab: Lab) -> Submission:
    nb = lab.right()
    nb.metadata.kernelspec = {"name": "cobol", "display_name": "COBOL", "language": "cobol"}
    return Submission(lab.full(), nb)


@case(BROKEN)
def large_stored_outputs(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells[index(nb, lab.target)].outputs = [nbformat.v4.new_output("stream", text="x" * 8_000_000)]
    return Submission(lab.full(), nb)


@case(BROKEN)
def larger_than_is_read(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells[index(nb, lab.target)].outputs = [nbformat.v4.new_output("stream", text="x" * 40_000_000)]
    return Submission(lab.unreadable(), nb)


@case(BROKEN)
def half_a_character(lab: Lab) -> Submission:
    nb = lab.right()
    nb.cells.insert(0, prose("\ud800"))
    nb.cells[index(nb, lab.target)].source += "\n# \udfff"
    return Submission(lab.full(), json.dumps(nb))


@case(BROKEN)
def nested_without_end(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), "[" * 2_000_000 + "]" * 2_000_000)


@case(BROKEN)
def a_string_without_end(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), '{"cells": "' + '\\"' * 60_000)


@case(BROKEN)
def a_number_without_end(lab: Lab) -> Submission:
    nb = json.loads(_json(lab))
    text = json.dumps(nb)[:-1] + ', "x": ' + "9" * 1_000_000 + "}"
    return Submission(lab.unreadable(), text)


@case(BROKEN)
def too_many_cells(lab: Lab) -> Submission:
    nb = json.loads(_json(lab))
    nb["cells"] += [{"cell_type": "code", "metadata": {}, "source": "", "outputs": []}] * 20_000
    return Submission(lab.unreadable(), json.dumps(nb))


@case(BROKEN)
def a_folder_of_that_name(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), files={f"{lab.notebook}.ipynb/readme.txt": "here"})


@case(BROKEN)
def a_pipe_of_that_name(lab: Lab) -> Submission:
    return Submission(lab.unreadable(), prepare=lambda folder: os.mkfifo(folder / f"{lab.notebook}.ipynb"))


@case(BROKEN)
def a_link_to_a_neighbour(lab: Lab) -> Submission:
    def link(folder):
        (folder / f"{lab.notebook}.ipynb").symlink_to(f"../../a-honest/{lab.assignment}/{lab.notebook}.ipynb")

    return Submission(lab.unreadable(), prepare=link)


@case(BROKEN)
def links_and_pipes_beside(lab: Lab) -> Submission:
    def fill(folder):
        (folder / "passwords").symlink_to("/etc/passwd")
        (folder / "course").symlink_to("../../..")
        (folder / "loop").symlink_to("loop")
        os.mkfifo(folder / "pipe")

    return Submission(lab.full(), lab.right(), prepare=fill)


@case(BROKEN)
def thousands_of_files(lab: Lab) -> Submission:
    return Submission(lab.full(), lab.right(), {f"many/{number}.txt": "x" for number in range(3_000)})


@case(BROKEN)
def a_folder_named_like_a_file_of_the_lab(lab: Lab) -> Submission:
    files = {f"{name}/x.txt": "x" for name in lab.file_names}
    return Submission(lab.full(), lab.right(), files)


@case(BROKEN)
def a_timestamp_that_is_none(lab: Lab) -> Submission:
    return Submission(lab.full(), lab.right(), {"timestamp.txt": b"\xff yesterday"})
