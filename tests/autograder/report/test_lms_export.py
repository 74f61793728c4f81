import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report import lms_export
from autograder.report.lms_export import Grade

ADA = Grade("ada", "Ada", "Lovelace, Countess", "ada@example.org", "17", 18.5)
NAMELESS, LATE = Grade("n1", points=0.0), Grade("late", "L", "Ate")


def read(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_canvas_gets_its_columns_and_the_row_of_the_points_possible():
    assert read(lms_export.canvas([ADA, LATE, NAMELESS], 'Lab "1" (12)', 20)) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", 'Lab "1" (12)'],
        ["    Points Possible", "", "", "", "", "20"],
        ["Lovelace, Countess, Ada", "17", "", "ada", "", "18.5"],
        ["n1", "", "", "n1", "", "0"],
    ]


def test_no_name_makes_a_second_row_of_points_possible():
    rows = read(lms_export.canvas([Grade("x", "Points Possible", "999", points=1)], "Lab", 20))
    assert sum("Points Possible" in row[0] for row in rows) == 1
    assert rows[2][3] == "x"


def test_moodle_gets_a_column_for_each_way_to_know_a_user():
    assert read(lms_export.moodle([ADA, LATE, NAMELESS], "Lab", 20)) == [
        ["First name", "Last name", "Username", "ID number", "Email address", "Lab"],
        ["Ada", "Lovelace, Countess", "ada", "17", "ada@example.org", "18.5"],
        ["", "", "n1", "", "", "0"],
    ]


def test_points_above_the_maximum_are_imported_whole():
    above = Grade("bo", points=21.25)
    canvas = read(lms_export.canvas([ADA, above], "Lab", 20))
    assert [row[-1] for row in canvas] == ["Lab", "20", "18.5", "21.25"]
    header, *rows = read(lms_export.moodle([ADA, LATE, above], "Lab", 20))
    assert header[-2:] == ["Lab (above the maximum)", "Lab"]
    assert [row[-2:] for row in rows] == [["0", "18.5"], ["1.25", "20"]]


def test_points_that_only_rounding_puts_above_the_maximum_are_the_maximum():
    (header, row) = read(lms_export.moodle([Grade("bo", points=0.1 + 0.2)], "Lab", 0.3))
    assert (header[-1], header[-2], row[-1]) == ("Lab", "Email address", "0.3")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", '=HYPERLINK("x")'])
def test_no_text_is_taken_for_a_formula(text):
    ((cell, number),) = read(lms_export.to_csv([[text, -1.5]]))
    assert cell[0] == "'"
    assert cell.replace("'", "") == text
    assert number == "-1.5"


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_every_text_comes_back_and_none_starts_a_formula(texts):
    (row,) = read(lms_export.to_csv([[*texts, "end"]]))
    assert [cell.replace("'", "") for cell in row[:-1]] == [text.replace("'", "") for text in texts]
    assert not any(cell.lstrip(" ").startswith(lms_export.FORMULA) for cell in row)


def test_points_are_numbers_without_noise():
    assert lms_export.to_csv([[0.1 + 0.2, 3.0, 0.0, 7, None, 100.0]]) == "0.3,3,0,7,,100\r\n"


@pytest.mark.parametrize(
    "text", ["x;=1+1", "x\t=1", "x;\u00a0@SUM(A1)", 'x;"=1', "x,-1", "x\r\n+1", "\u00a0=1"]
)
def test_no_part_of_a_text_is_taken_for_a_formula_where_columns_are_parted_otherwise(text):
    table = lms_export.to_csv([[text, "ada"]])
    parts = re.split("[;,\t\r\n]", table.replace('"', ""))
    assert not [part for part in parts if part.strip().startswith(lms_export.FORMULA)]
    ((cell, student),) = read(table)
    assert (cell.replace("'", ""), student) == (text, "ada")


@pytest.mark.parametrize("login", ["=ada", "-ada", "+49170", "@ada", "=1+1", "=ada@example.org"])
@pytest.mark.parametrize("platform", [lms_export.canvas, lms_export.moodle])
def test_what_a_platform_finds_a_student_by_stays_as_it_is(platform, login):
    row = read(platform([Grade(login, "=1", "=2", login, login, points=1)], "Lab", 20))[-1]
    assert row.count(login) == (2 if platform is lms_export.canvas else 3)
    assert not [cell for cell in row if cell in ("=1", "=2")]


@pytest.mark.parametrize("login", ['=HYPERLINK("x")', "=cmd|'/c calc'!A1", "@SUM(A1)", "\t=1", "a;=1"])
def test_no_login_calls_anything(login):
    row = read(lms_export.canvas([Grade(login, points=1)], "Lab", 20))[-1]
    assert "'" in row[3].replace(login, "")
