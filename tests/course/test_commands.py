"""The commands that make calls refuse what they cannot do in one line."""

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell

from course import bench, labs
from course.__main__ import course
from course.errors import CourseError
from course.sample_class.notebooks import notebook
from course.stamps import ROOT


def run(*arguments):
    return CliRunner().invoke(course, arguments)


def test_a_lab_that_does_not_exist_is_named_with_those_that_do():
    for command in ("labs", "examples", "solve"):
        done = run(command, "nosuch")
        assert done.exit_code == 1
        assert done.output.startswith("course: no lab 'nosuch' in solutions/, there are: ")
        assert all(name in done.output for name in labs.names())
        assert done.output.count("\n") == 1


@pytest.fixture
def new_lab(tmp_path, monkeypatch):
    """A lab of which there is nothing yet but its notebook: what it shows is added by the test."""
    from course import examples, solve

    folder = tmp_path / "solutions" / "fresh"
    (folder / "judge").mkdir(parents=True)
    monkeypatch.setattr(labs, "SOLUTIONS", tmp_path / "solutions")
    for module in (examples, solve):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr("course.__main__.ROOT", tmp_path)

    def write(*sources):
        cells = [new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources)]
        nbformat.write(notebook(*cells), folder / "fresh.ipynb")
        return folder / "fresh.ipynb"

    return write


def test_a_lab_without_sample_class_or_reference_code_says_what_is_missing(new_lab):
    new_lab("1")
    done = run("all")
    assert done.exit_code == 1
    assert "course: the lab 'fresh' has no sample class: write course/sample_class/fresh.py" in done.output
    done = run("examples", "fresh")
    assert done.exit_code == 1
    assert done.output.startswith("course: the lab 'fresh' has no reference code: no module reference in")
    assert done.output.count("\n") == 1


def test_a_solution_is_run_beside_its_files_and_keeps_what_it_shows(new_lab):
    path = new_lab(
        "import os, sys\nprint('of the machine', file=sys.stderr)", "print(open('data.txt').read())"
    )
    (path.parent / "data.txt").write_text("forty-two")
    (path.parent / ".ipynb_checkpoints").mkdir()
    before = nbformat.read(path, as_version=4)
    done = run("solve", "fresh")
    assert done.output.endswith("The solution: solutions/fresh/fresh.ipynb\n"), done.output
    after = nbformat.read(path, as_version=4)
    assert [output.text for cell in after.cells for output in cell.outputs] == ["forty-two\n"]
    assert after.metadata == before.metadata
    assert all(cell.metadata == {} for cell in after.cells)


def test_a_solution_that_fails_is_left_as_it_was_and_its_cell_named(new_lab):
    path = new_lab("print(1)", "1 / 0")
    before = path.read_bytes()
    done = run("solve", "fresh")
    assert done.exit_code == 1
    assert "course: solutions/fresh/fresh.ipynb, cell c1: ZeroDivisionError: division by zero" in done.output
    assert path.read_bytes() == before


def test_a_damaged_mnist_file_is_named_before_any_work(monkeypatch, tmp_path):
    from sepconv import data

    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(b"half")
    monkeypatch.setenv(data.MNIST_VARIABLE, str(damaged))
    data.digits.cache_clear()
    done = run("all")
    data.digits.cache_clear()
    assert done.exit_code == 1
    assert done.output.startswith(f"course: the MNIST file {damaged} is damaged")
    assert done.output.count("\n") == 1


def test_the_labs_that_there_are():
    assert "encoder" in labs.names()
    assert labs.check("encoder") == "encoder"
    with pytest.raises(CourseError):
        labs.check("../solutions")


def test_a_measured_block_is_replaced_and_nothing_else(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- begin x -->\nold\n<!-- end x -->\nafter\n")
    bench.write_block(page, "x", "new")
    assert page.read_text() == "before\n<!-- begin x -->\nnew\n<!-- end x -->\nafter\n"
    with pytest.raises(ValueError, match=r"page\.md must hold the marks <!-- begin y -->"):
        bench.write_block(page, "y", "new")


def test_the_readme_has_measured_figures():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("<!-- begin ops -->")[2].partition("<!-- end ops -->")[0]
    assert "| conv2d |" in block
    assert "make bench" in block


def test_the_labs_are_released_before_the_book_that_shows_them_is_built(monkeypatch):
    from course import book
    from course.sample_class import grading

    done = []
    monkeypatch.setattr(labs, "release", lambda lab: done.append(f"release {lab}"))
    monkeypatch.setattr(book, "build", lambda: done.append("book"))
    monkeypatch.setattr(grading, "grade_side_by_side", lambda chosen: done.append("class") or {})
    assert run("all").exit_code == 0
    assert done == [*(f"release {lab}" for lab in labs.names()), "book", "class"]


@pytest.mark.parametrize("trouble", [True, False])
def test_the_first_trouble_is_above_where_there_is_one(trouble, monkeypatch, tmp_path, capsys):
    from course import book, pages, stamps

    def fail(folder, log, follow):
        follow("x.md:1: WARNING: unknown role [myst.role]" if trouble else "Killed")
        return False

    monkeypatch.setattr(stamps, "BUILD", tmp_path)
    monkeypatch.setattr(book, "BUILD", tmp_path)
    monkeypatch.setattr(book, "choose_digits", lambda **_: None)
    monkeypatch.setattr(pages, "execute", lambda follow: None)
    monkeypatch.setattr(book, "jupyter_book", fail)
    with pytest.raises(CourseError) as raised:
        book.build()
    assert ("unknown role" in capsys.readouterr().err) == trouble
    assert (", the first above" in raised.value.message) == trouble
