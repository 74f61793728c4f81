"""The commands that make calls refuse what they cannot do in one line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from course import bench, labs
from course.__main__ import course
from course.errors import CourseError


def run(*arguments):
    return CliRunner().invoke(course, arguments)


def test_a_lab_that_does_not_exist_is_named_with_those_that_do():
    for command in ("labs", "examples"):
        done = run(command, "nosuch")
        assert done.exit_code == 1
        assert done.output.startswith("course: no lab 'nosuch' in solutions/, there are: ")
        assert all(name in done.output for name in labs.names())
        assert done.output.count("\n") == 1


def test_a_damaged_mnist_file_is_named_before_any_work(monkeypatch, tmp_path):
    from sepconv import data

    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(b"half")
    monkeypatch.setenv(data.VARIABLE, str(damaged))
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
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    block = text.partition("<!-- begin ops -->")[2].partition("<!-- end ops -->")[0]
    assert "| conv2d |" in block
    assert "make bench" in block
