"""What a reader meets in a browser."""

import pytest

pytestmark = pytest.mark.browser
PAGES = ["index", "separable", "developer", "bibliography"]


@pytest.fixture
def open_page(chromium, site):
    """Open a page of the book; everything that it asks of other hosts is noted and refused."""
    contexts = []

    def open_it(name, width=1280, theme="light", **more):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **more)
        contexts.append(context)
        page = context.new_page()
        page.remote, page.trouble = [], []
        page.on("console", lambda m: m.type == "error" and page.trouble.append(m.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.route("http*://**", lambda route: (page.remote.append(route.request.url), route.abort()))
        page.goto((site / "book" / f"{name}.html").as_uri())
        page.wait_for_load_state("networkidle")
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_stands_alone_and_does_not_scroll_sideways(open_page, name, theme, width):
    page = open_page(name, width, theme)
    assert page.remote == []
    assert page.trouble == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_formulas_are_set(open_page):
    page = open_page("separable")
    page.wait_for_selector("mjx-container")
    assert page.locator("mjx-container").count() > 5
    assert page.locator("mjx-merror").count() == 0


def test_a_quiz_says_why_by_mouse_and_by_keyboard(open_page):
    page = open_page("separable")
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


def test_without_javascript_answers_are_folded(open_page):
    page = open_page("separable", java_script_enabled=False)
    folded = page.locator(".quiz-answer").first
    assert folded.get_attribute("open") is None
    folded.locator("summary").click()
    assert "Seven for the column" in folded.inner_text()


def test_a_solution_opens_by_keyboard(open_page):
    page = open_page("separable")
    solution = page.locator(".admonition.solution").first
    assert not solution.locator(".cell_output").first.is_visible()
    button = solution.locator("button, summary").first
    button.focus()
    page.keyboard.press("Enter")
    assert solution.locator(".cell_output").first.is_visible()
