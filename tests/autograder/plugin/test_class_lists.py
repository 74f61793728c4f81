"""Lists of students as spreadsheets save them, and ids that may be one student's."""

import os

import pytest

from autograder.plugin.class_lists import open_list, read_rows
from autograder.plugin.names import alike_ids, exactly, literal_glob, why_no_student

ADA = {"id": "ada", "last_name": "Løvelace"}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("id,last_name\nada,Løvelace\n", "utf-8"),
        ("id,last_name\r\nada,Løvelace\r\n", "utf-8-sig"),
        ("id;last_name\r\nada;Løvelace\r\n", "utf-8-sig"),
        ('"id";"last_name"\r\n"ada";"Løvelace"\r\n', "cp1252"),
        ("id\tlast_name\nada\tLøvelace\n", "utf-16"),
        ("sep=;\nid;last_name\nada;Løvelace\n", "utf-8"),
    ],
)
def test_a_list_is_read_however_it_was_saved(tmp_path, content, encoding):
    (tmp_path / "list.csv").write_bytes(content.encode(encoding))
    with open_list(str(tmp_path / "list.csv")) as file:
        assert list(read_rows(file)) == [ADA]


def test_an_empty_list_has_no_rows(tmp_path):
    (tmp_path / "list.csv").write_text("")
    with open_list(str(tmp_path / "list.csv")) as file:
        rows = read_rows(file)
        assert (rows.fieldnames, list(rows)) == ([], [])


def test_a_folder_that_is_there_is_no_pattern(tmp_path):
    for name in ("a [1]/x/b", "a 1/x/b", "a [1]/*/b", "a [1]/y[2]/b"):
        (tmp_path / name).mkdir(parents=True)
    found = literal_glob(str(tmp_path / "a [1]" / "*" / "b"))
    assert sorted(found) == [str(tmp_path / "a [1]" / name / "b") for name in ("*", "x", "y[2]")]
    assert literal_glob(str(tmp_path / "a [1]" / "y[2]" / "b")) == [str(tmp_path / "a [1]" / "y[2]" / "b")]
    assert literal_glob(str(tmp_path / "a [1]" / "[xz]" / "b")) == [str(tmp_path / "a [1]" / "x" / "b")]
    (tmp_path / "a [1]" / "x" / "c [1]").mkdir()
    (tmp_path / "a [1]" / "y[2]" / "c 1").mkdir()
    found = literal_glob(str(tmp_path / "a [1]" / "*" / "c [1]"))
    assert sorted(found) == [
        str(tmp_path / "a [1]" / "x" / "c [1]"),
        str(tmp_path / "a [1]" / "y[2]" / "c 1"),
    ]
    assert literal_glob(str(tmp_path / "none" / "*")) == []


def test_a_pattern_of_one_id_finds_that_alone(tmp_path):
    for name in ("ada", " ada", "ada ", "adax", "[ada] "):
        (tmp_path / name).mkdir()
    for name in ("ada", " ada", "ada ", "[ada] "):
        pattern = exactly(name)
        assert pattern == pattern.strip()
        assert literal_glob(str(tmp_path / pattern)) == [str(tmp_path / name)]


def test_ids_that_may_be_one_students_are_grouped():
    ids = ["ada", "Ada", "ada ", "bo", "jose\u0301", "jos\u00e9", "b o", "c"]
    assert alike_ids(ids) == [["Ada", "ada", "ada "], ["b o", "bo"], ["jose\u0301", "jos\u00e9"]]


def test_a_name_that_is_no_text_is_refused_with_what_it_may_be():
    assert "perhaps to 'José'" in why_no_student(os.fsdecode(b"Jos\xe9"))
    assert "line break" in why_no_student("a\nb")
    assert why_no_student("José") == ""
