import csv
import io
import json
import re
from datetime import datetime
from html.parser import HTMLParser

import pytest

from autograder.report import files, html, similarity, statistics
from autograder.report.data import ClassData, Code, SubmissionData
from tests.autograder.report.sample import POINTS, cell, known

MADE = datetime(2026, 5, 5, 9, 30)
HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


def hostile():
    """Every text that a student can write says what a browser should not do."""
    spoilt = {
        "name": HOSTILE, "reason": HOSTILE, "limits_hit": (HOSTILE,),
        "previous": {"first": 1.5}, "missing": (HOSTILE,), "edited": (HOSTILE,),
    }  # fmt: skip
    timed_out = {"first": cell("first", 0, 2, 3.0, status="timeout", message=HOSTILE)}
    copies = {student: {"code": (Code(HOSTILE, _code(student)),)} for student in "ad"}
    return known(b=spoilt, c={"results": timed_out, "name": "=1+1"}, **copies)


def _code(student):
    code = next(one.code[0].source for one in known().submissions if one.student == student)
    return f"# {HOSTILE}\n{code}"


def rendered(lab):
    return html.render(lab, similarity.groups(lab), MADE)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def test_a_page_stands_alone_and_holds_nothing_that_a_student_wrote_as_code():
    tags = Tags(rendered(hostile())).found
    assert sum(tag == "script" for tag, _ in tags) == 1
    for tag, attributes in tags:
        assert tag not in ("img", "link", "iframe", "object", "form")
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
        assert attributes.get("href", "#").startswith("#")
    assert len(hostile().submissions) == len(POINTS)


def test_every_plot_has_words_and_every_table_headings():
    tags = Tags(rendered(known())).found
    plots = [attributes for tag, attributes in tags if tag == "svg" and "aria-hidden" not in attributes]
    assert len(plots) == 2 + len(known().questions)
    assert all(attributes["role"] == "img" and len(attributes["aria-label"]) > 20 for attributes in plots)
    text = rendered(known())
    assert "Submissions by points, 0 to 0.6: 1; " in text
    assert text.count("<thead") == text.count("<table")


def test_a_class_of_one_and_a_class_without_results_have_a_page():
    one = ClassData("lab", known().questions, known().submissions[:1], waiting=("x", "y"))
    assert "no points yet: x, y" in rendered(one)
    bare = ClassData("lab", known().questions, tuple(SubmissionData(s, scores={"first": 1}) for s in "ab"))
    assert "None: the tests recognised no known mistake" in rendered(bare)


def test_the_number_that_need_a_look_is_that_of_the_rows_below():
    for lab in (known(), hostile()):
        page = rendered(lab)
        number = int(re.search(r"<dt>need a look</dt><dd>(\d+)</dd>", page)[1])
        section = page[page.index('<h2 id="look">') : page.index('<h2 id="alike">')]
        assert section.count('<tr><th scope="row">') == number > 1
        assert page[page.index('<h2 id="alike">') :].count('<details class="twin">') == 1


def test_the_files_say_what_the_page_says(tmp_path):
    lab = hostile()
    written = files.write(tmp_path / "reports" / "lab", lab, similarity.groups(lab), MADE)
    assert [path.name for path in written] == ["report.html", "scores.csv", "report.json"]
    assert (tmp_path / "reports" / "lab").stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO(written[1].read_text(encoding="utf-8"), newline="")))
    assert {row["student"]: (float(row["first"]), float(row["second"])) for row in rows} == POINTS
    assert {row["essay"] for row in rows} == {""}
    assert rows[2]["name"] == "'=1+1"
    assert rows[1]["name"] == HOSTILE
    data = json.loads(written[2].read_text(encoding="utf-8"))
    assert data["questions"][0]["discrimination"] == statistics.questions(lab)[0].discrimination
    assert [each["students"] for each in data["near_identical"]] == [["a", "d"]]
    assert [(change["student"], change["before"], change["after"]) for change in data["changes"]] == [
        ("b", 1.5, 2)
    ]
    assert sorted(data["submissions"][4]["mistakes"]) == ["first", "second"]
    files.write(tmp_path / "reports" / "lab", known(), (), MADE)
    assert sorted(path.name for path in (tmp_path / "reports" / "lab").iterdir()) == sorted(
        path.name for path in written
    )


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_a_browser(theme, tmp_path, chromium):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    path = tmp_path / "report.html"
    path.write_text(rendered(hostile()), encoding="utf-8")
    sheet = chromium.new_page(viewport={"width": 360, "height": 700}, color_scheme=theme)
    said, asked = [], []
    sheet.on("console", lambda message: said.append(message.text))
    sheet.on("pageerror", lambda error: said.append(str(error)))
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.goto(path.as_uri())
    sheet.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert sheet.title() == "lab: what the class did"
    assert sheet.evaluate("document.documentElement.scrollWidth") == 360
    students = "table.sortable >> nth=-1 >> tbody th"
    sheet.get_by_role("region", name="All submissions").get_by_role("button", name="points").click()
    assert sheet.locator(students).first.inner_text() == "a (A, X)"
    sheet.get_by_role("region", name="All submissions").get_by_role("button", name="points").click()
    assert sheet.locator(students).first.inner_text() == "f (F, X)"
    found = axe.run(sheet)
    assert found.violations_count == 0, found.generate_report()
    assert (said, asked) == ([], [path.as_uri()])
    sheet.close()
