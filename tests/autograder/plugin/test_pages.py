"""The pages that a person opens, with a hostile submission and an honest one, in a browser."""

import json
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from matplotlib.image import imsave
from nbformat.v4 import new_code_cell, new_markdown_cell
from playwright.sync_api import Browser, Page
from rich.console import Console

from autograder.commands.report import report as make_report
from course.sample_class.notebooks import answered
from tests.autograder.classroom import Classroom
from tests.autograder.corpus import pages
from tests.autograder.plugin.formgrader_server import Server, formgrader

pytestmark = pytest.mark.slow
HONEST = r"""# Contents

- [The ends](#The-ends)

## The ends

<div class="alert alert-info" style="border: 1px solid #888; padding: 1em">In a <b>box</b>.</div>

| width | mean |
|------:|-----:|
| 2     | 1.5  |

$$\frac{1}{n}\sum_i x_i \newcommand{\R}{\mathbb{R}}\in\R$$ and $a<b$

<details><summary>More</summary>The rest.</details>

```python
if True: pass
```

![dot](dot.png) ![still](still.svg) [numbers](numbers.csv) [a page](https://example.org/x)
"""
STILL = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><circle r="20" fill="red"/></svg>'
TABLE = (
    "from IPython.display import HTML, Latex, display\n"
    "rows = '<tr><td>cell</td></tr>'\n"
    'table = HTML(f\'<table class="dataframe" style="color: red">{rows}</table>\')\n'
    "display(table, Latex('$x^2$'))\n"
)


def dot() -> bytes:
    """Return a picture of one pixel."""
    picture = BytesIO()
    imsave(picture, [[0.0]])
    return picture.getvalue()


COPIED = "\n".join(
    ["def mean(values): return 2", f"# {pages.PAGE} \u202e{'a' + chr(0x301) * 20_000}"]
    + [f"value_{n} = [{n}, {n} * {n + 1}, len('{n}'), sum([{n}, {n + 2}])]" for n in range(60)]
)
MARKED = {"grade_id": "<img src=x onerror=alert(3)>" * 1_000, "solution": True}
# Elements that lie over a link or a button of the report without being in it.
OVER = """() => [...document.querySelectorAll('a, button, summary')].filter(e => {
    e.scrollIntoView({block: 'center'});
    const box = e.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return box.width && top && !e.contains(top) && !top.contains(e);
}).map(e => e.outerHTML)"""


@dataclass
class Visit:
    """A page opened in a browser, and what it asked for and did."""

    page: Page
    elsewhere: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Classroom:
    room = Classroom.plain(tmp_path_factory.mktemp("course"))
    released = room.released("series", "series")
    hostile = answered(released, {"mean": "def mean(values): return 2"})
    folder = room.folder("eve", "series")
    text = pages.names_of("test_words") + pages.covering() + pages.formulas() + pages.links(str(folder))
    hostile = answered(hostile, {"explain": text})
    room.submit(
        "eve", "series", {"series.ipynb": pages.reaching(hostile, "test_words", str(folder)), **pages.FILES}
    )
    honest = answered(released, {"explain": HONEST})
    honest.cells += [new_markdown_cell("See [the ends](#The-ends)."), new_code_cell(TABLE)]
    files = {"dot.png": dot(), "still.svg": STILL, "numbers.csv": "1\n2\n"}
    room.submit("ada", "series", {"series.ipynb": honest, **files})
    room.autograde("series")
    room.nbgrader("generate_feedback", "series")
    return room


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """Give the report on a class of hostile submissions with an honest one among them."""
    room = Classroom.plain(tmp_path_factory.mktemp("reported"))
    released = room.released("series", "series")
    room.submit("ada", "series", {"series.ipynb": answered(released, {"explain": HONEST})})
    for student in ("<img src=x onerror=alert(1)>", "=1+1;@eve"):
        notebook = answered(released, {"mean": COPIED})
        notebook.cells.append(new_code_cell(COPIED, id="copied", metadata={"nbgrader": MARKED}))
        room.submit(student, "series", {"series.ipynb": json.dumps(notebook)})
    room.submit("mallory", "series", {"<img src=x onerror=alert(2)>.ipynb": "{}"})
    room.autograde("series")
    with chdir(room.root):
        return make_report("series", console=Console(file=StringIO()))


@pytest.fixture(scope="module")
def server(room, tmp_path_factory) -> Iterator[Server]:
    with formgrader(room, tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def visit(chromium: Browser, server: Server):
    """Give a function that opens an address in a window of its own; it has no network."""
    contexts = []

    def open_(address: str, width: int = 1280) -> Visit:
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        visit = Visit(context.new_page())

        def local(url: str) -> bool:
            return url.startswith((server.url, "file:", "data:", "about:"))

        def watch(route) -> None:
            url = route.request.url
            if not local(url) and "mathjax" not in url:  # nbgrader's own, which is not there either
                visit.elsewhere.append(url)
            route.continue_() if local(url) else route.abort()

        context.route("**/*", watch)
        context.add_init_script("window.ran = 0; window.alert = () => { window.ran = 1 }")
        if address.startswith(server.url):
            visit.page.goto(f"{server.url}?token={server.token}")
        visit.page.goto(address)
        visit.page.wait_for_load_state("networkidle")
        return visit

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_report_on_hostile_submissions_runs_asks_and_covers_nothing(report, chromium, theme, width):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page, happened = context.new_page(), []
    page.on("request", lambda request: happened.append(request.url))
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: happened.append(message.text))
    page.on("pageerror", lambda error: happened.append(str(error)))
    page.on("popup", lambda popup: happened.append(popup.url))
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => (each.open = true))")
    assert page.locator(".twin pre", has_text="<script>").count() == 4  # as text, of two cells each
    assert page.locator("th", has_text="<img src=x onerror=alert(1)>").count()
    assert page.locator(".twin p", has_text="<img src=x onerror=alert(3)>").count() == 1
    assert len(page.content()) < 200_000  # the name of a cell is cut
    assert page.locator("script").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for link in page.get_by_role("link").all():
        link.click()
        assert page.url.partition("#")[0] == report.as_uri()
    for heading in page.get_by_role("button").all():
        heading.click()
    assert page.evaluate(OVER) == []
    assert happened == [report.as_uri()]
    context.close()


def _address(room: Classroom, server: Server, student: str) -> str:
    with room.gradebook() as gradebook:
        submission = gradebook.find_submission_notebook("series", "series", student).id
    return f"{server.url}formgrader/submissions/{submission}/"


def _feedback(room: Classroom, student: str) -> str:
    return f"file://{room.folder(student, 'series', 'feedback') / 'series.html'}"


def _manual_scores(room: Classroom, student: str) -> dict[str, float]:
    with room.gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook("series", "series", student)
        return {grade.name: grade.manual_score for grade in notebook.grades if grade.manual_score is not None}


def test_points_go_to_the_answer_that_was_clicked(room, server, visit):
    page = visit(_address(room, server, "eve")).page
    for name in ("test_mean", "test_words", "explain"):
        cell = page.locator(".nbgrader_cell", has=page.locator(f"input.score[id='{name}']"))
        with page.expect_response(lambda response: "/api/grade/" in response.url):
            cell.get_by_role("button", name="Full credit").click()
    assert _manual_scores(room, "eve") == {"test_mean": 2, "test_words": 4, "explain": 2}


COVERED = """() => [...document.querySelectorAll('button, input, textarea, nav a')].filter(e => {
    e.scrollIntoView({block: 'center'});
    const box = e.getBoundingClientRect();
    if (!box.width) return false;
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return top && top.closest('.rendered_html, .output_subarea');
}).map(e => e.outerHTML)"""


@pytest.mark.parametrize("kind", ["formgrader", "feedback"])
def test_a_hostile_submission_runs_asks_and_covers_nothing(room, server, visit, kind):
    address = _address(room, server, "eve") if kind == "formgrader" else _feedback(room, "eve")
    visited = visit(address)
    page = visited.page
    assert "over all" in page.content()
    assert visited.elsewhere == []
    assert page.evaluate("window.ran") == 0
    assert "ran" not in page.title().split()
    named = page.evaluate(
        """() => [...document.querySelectorAll('.rendered_html *')].filter(
            e => e.name || (e.id && !e.id.startsWith('text:')) || getComputedStyle(e).position == 'fixed'
              || e.matches('.full-credit, .score, .comment, .tabbable, .nbgrader_cell, .modal-backdrop')
        ).map(e => e.outerHTML)"""
    )
    assert named == []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(COVERED) == []


def test_no_click_on_a_link_of_a_hostile_submission_acts(room, server, visit):
    visited = visit(_address(room, server, "eve"))
    page, address = visited.page, visited.page.url
    hrefs = page.locator(".rendered_html a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert {href for href in hrefs if not href.startswith(("#text:", "https:"))} == {"notes.txt"}
    remote = page.locator(".rendered_html a[href^='https:']")
    assert set(remote.evaluate_all("all => all.map(a => a.target + ' ' + a.rel)")) == {
        "_blank noopener noreferrer"
    }
    page.locator(".rendered_html a[href^='https:']").first.click()
    page.locator(".rendered_html a[href^='#text:']").last.evaluate("a => a.click()")
    assert page.url.partition("#")[0].partition("?")[0] == address.partition("?")[0]


def test_files_beside_a_notebook_are_served_without_rights(room, server, visit):
    place = _address(room, server, "eve").removeprefix(server.url)
    beside = room.folder("eve", "series", "autograded")
    assert {path.name for path in beside.iterdir()} >= {"notes.txt", "series.ipynb"}
    assert not {"plot.html", "plot.svg", "feed.xml"} & {path.name for path in beside.iterdir()}
    (beside / "late.html").write_text(pages.PAGE)  # as if an earlier run had left it
    status, headers = server.headers(f"{place}late.html")
    assert status == 200
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"] == "attachment"
    assert "content-disposition" not in server.headers(f"{place}notes.txt")[1]
    first = room.autograded("eve", "series", "series").cells[0].source
    assert "plot.html may run in a browser" in first


def test_settings_are_loaded_for_jupyterlab_alone(room, server, visit):
    folder = room.folder("eve", "series")
    ask = f"formgrader?path={folder}"
    lab = f"{server.url}lab/tree/series"
    refused = [
        {},
        {"Referer": server.url + "formgrader/submissions/x/"},
        {"Referer": "http://else.example/lab"},
    ]
    refused.append({"Referer": lab, "Sec-Fetch-Dest": "document"})
    for sent in refused:
        assert server.headers(ask, **sent)[0] == 403
    assert not (folder / "settings-ran").exists()
    page = visit(f"{server.url}lab/tree/series").page  # a page of that address; JupyterLab is not there
    with page.expect_response(lambda response: "formgrader?path=" in response.url) as opened:
        page.evaluate(
            """address => {
                const frame = document.body.appendChild(document.createElement('iframe'));
                frame.sandbox = 'allow-scripts allow-same-origin allow-forms';  // as nbgrader has it
                frame.src = address;
            }""",
            f"/formgrader?path={room.root}",
        )
    assert opened.value.status == 302
    assert opened.value.headers["location"].endswith("/formgrader/manage_assignments")


@pytest.mark.parametrize(("kind", "width"), [("formgrader", 1280), ("feedback", 360)])
def test_an_honest_submission_loses_nothing(room, server, visit, kind, width):
    address = _address(room, server, "ada") if kind == "formgrader" else _feedback(room, "ada")
    visited = visit(address, width)
    page = visited.page
    answer = page.locator(".rendered_html", has_text="In a box.").first
    assert visited.elsewhere == []
    assert answer.locator("table td").first.evaluate("td => getComputedStyle(td).textAlign") == "right"
    box = answer.locator("div.alert")
    assert box.evaluate("box => getComputedStyle(box).borderTopWidth") == "1px"
    assert r"\newcommand{\R}" in answer.inner_text()
    assert answer.locator(".highlight .k").first.inner_text() == "if"
    assert answer.locator("img").evaluate_all("all => all.map(i => i.naturalWidth)") == [1, 30]
    assert page.locator("table.dataframe").count() == 1
    assert (
        page.locator("td", has_text="cell").last.evaluate("e => getComputedStyle(e).color")
        == "rgb(255, 0, 0)"
    )
    answer.locator("summary").click()
    assert answer.get_by_text("The rest.").is_visible()
    heading = answer.locator("h2", has_text="The ends")
    for link in page.get_by_role("link", name="the ends").all():
        page.evaluate("scrollTo(0, 0)")
        link.click()
        assert heading.evaluate("h => Math.abs(h.getBoundingClientRect().top) < innerHeight")
