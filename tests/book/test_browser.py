"""What a reader meets in a browser."""

from pathlib import Path

import axe_playwright_python
import pytest

from course.weight import LIMIT, weight
from tests.book.conftest import pages

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FIND = "async where => (await axe.run(where ?? document, {resultTypes: ['violations']})).violations"
# Of the thousands of words of code that a page shows, one of each look is judged: each takes a
# millisecond.
JOIN_CODE = """() => {
  const clear = "rgba(0, 0, 0, 0)", style = (node) => getComputedStyle(node);
  const ground = (node) => {
    while (node.parentElement && style(node).backgroundColor === clear) node = node.parentElement;
    return style(node).backgroundColor;
  };
  const seen = new Set(), twins = [];
  for (const word of document.querySelectorAll(".highlight pre span:not(:has(*))")) {
    if (!word.checkVisibility()) continue;
    const { color, fontWeight, fontSize } = style(word);
    const look = [word.className, color, fontWeight, fontSize, ground(word)].join();
    if (seen.has(look)) twins.push(word);
    seen.add(look);
  }
  for (const word of twins) word.replaceWith(word.textContent);
  return seen.size;
}"""
# The article's colours and structure are the same at both widths, so each theme looks at it once.
ONLY_TITLE = """() => {
  for (const article of document.querySelectorAll("article"))
    article.replaceChildren(article.querySelector("h1") ?? "");
}"""


def complaints(page, where=None) -> list[str]:
    """What axe-core finds serious or critical on a page, or in a part of it."""
    found = page.evaluate(FIND, where)
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", pages())
@pytest.mark.parametrize(("width", "theme", "other"), [(1280, "light", "dark"), (360, "dark", "light")])
def test_a_page_stands_alone_fits_and_is_accessible(open_page, name, width, theme, other):
    page = open_page(name, width, theme, reduced_motion="reduce")
    assert page.remote == []
    assert page.trouble == []
    assert weight(page.asked) < LIMIT
    page.evaluate(AXE)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(JOIN_CODE)
    assert complaints(page) == []
    page.evaluate("theme => document.documentElement.dataset.theme = theme", other)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(ONLY_TITLE)
    assert complaints(page) == []


def test_what_is_not_accessible_is_found(open_page):
    page = open_page("book/errata")
    page.evaluate(AXE)
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<img src=\"\">')")
    page.evaluate("document.querySelector('article p').style.color = 'silver'")
    words = "[...document.querySelectorAll('.highlight pre span:not(:has(*))')]"
    page.evaluate(f"{words}.find(word => /\\w/.test(word.innerText)).style.color = 'silver'")
    assert page.evaluate(JOIN_CODE) > 1
    found = complaints(page)
    assert {words.partition(":")[0] for words in found} == {"image-alt", "color-contrast"}
    assert sum("silver" in words for words in found) == 2


def test_formulas_are_set(open_page):
    page = open_page("book/separable")
    assert page.locator("mjx-container").count() > 5
    assert page.locator("mjx-merror").count() == 0


def test_a_wide_table_can_be_reached_and_scrolled_by_keyboard(open_page):
    page = open_page("book/mnist", 360)
    table = page.locator(".pst-scrollable-table-container[tabindex='0']").first
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=table.element_handle())
    boxes = "[...document.querySelectorAll('.pst-scrollable-table-container')]"
    only_if_wide = "(box) => (box.tabIndex === 0) === box.scrollWidth > box.clientWidth"
    for wide in (page, open_page("book/mnist")):
        assert wide.evaluate(f"{boxes}.length") > 2
        wide.wait_for_function(f"{boxes}.every({only_if_wide})")  # observers report a frame later


COUNTS = """() => [...document.querySelectorAll("article table")].map((table) => {
  const heads = [...table.querySelectorAll("thead th")];
  const counts = heads.filter((head) => ["parameters", "MACs"].includes(head.textContent.trim()));
  const edge = table.closest("article").querySelector("p").getBoundingClientRect().right;
  const rights = counts.map((head) => head.getBoundingClientRect().right);
  return counts.length === 2 ? Math.max(...rights) - edge : null;
}).filter((beyond) => beyond !== null)"""


@pytest.mark.parametrize(
    ("name", "tables"), [("separable", 3), ("inception", 3), ("after-xception", 2), ("fcn", 2), ("mnist", 3)]
)
def test_on_a_phone_cost_tables_show_parameters_and_macs(open_page, name, tables):
    page = open_page(f"book/{name}", 360)
    beyond_the_column = page.evaluate(COUNTS)
    assert len(beyond_the_column) >= tables
    assert max(beyond_the_column) <= 1, beyond_the_column


def test_a_quiz_says_why_by_mouse_and_by_keyboard(open_page):
    page = open_page("book/separable")
    first, second = (page.locator(".quiz-question").nth(i) for i in (0, 1))
    wrong = first.locator("input:not([data-right])").first
    wrong.check()
    assert first.locator("[aria-live=polite]").inner_text().startswith("Not quite.")
    first.locator("input[data-right]").check()
    assert first.locator("[aria-live=polite]").inner_text().startswith("Right.")
    assert second.locator("[aria-live=polite]").inner_text() == ""
    second.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    assert second.locator("[aria-live=polite]").inner_text() != ""


def test_a_quiz_is_worked_through_by_keyboard_alone(open_page):
    page = open_page("book/separable")
    questions = page.locator(".quiz-question")
    questions.first.locator("input").first.focus()
    for question in questions.all():
        while not page.evaluate("document.activeElement.matches('.quiz-question input')"):
            page.keyboard.press("Tab")
        for _ in range(question.locator("input").count()):
            page.keyboard.press("ArrowDown")
            if page.evaluate("document.activeElement.dataset.right === 'true'"):
                break
        assert question.locator("[aria-live=polite]").inner_text().startswith("Right.")
        page.keyboard.press("Tab")


def test_without_javascript_answers_are_folded(open_page):
    page = open_page("book/separable", java_script_enabled=False)
    folded = page.locator(".quiz-answer").first
    assert folded.get_attribute("open") is None
    folded.locator("summary").click()
    assert "Seven for the column" in folded.inner_text()


def test_a_solution_opens_by_keyboard(open_page):
    page = open_page("book/separable")
    solution = page.locator(".admonition.solution").first
    assert not solution.locator(".cell_output").first.is_visible()
    button = solution.locator("button, summary").first
    button.focus()
    page.keyboard.press("Enter")
    assert solution.locator(".cell_output").first.is_visible()


def test_icons_are_drawn_by_the_font(open_page):
    page = open_page("book/index")
    assert page.evaluate("document.fonts.check('900 1em \\'Font Awesome 6 Free\\'')")
    drawn = (
        "[...document.querySelectorAll('i[class*=fa-]')].map(i => getComputedStyle(i, '::before').content)"
    )
    icons = page.evaluate(drawn)
    assert len(icons) >= 5
    assert "none" not in icons


def test_the_menus_open_by_keyboard(open_page):
    page = open_page("book/separable")
    menu = page.locator(".dropdown-download-buttons")
    menu.locator("button").first.focus()
    page.keyboard.press("Enter")
    menu.get_by_text(".ipynb").wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent.trim()") == ".ipynb"


def test_a_page_prints(open_page):
    for name in ("book/separable", "book/instructor"):
        printed = open_page(name).pdf(format="A4")
        assert printed.startswith(b"%PDF-")
        assert printed.count(b"/Type /Page\n") >= 2, name
