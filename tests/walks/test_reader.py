"""A reader's way through the published book, with a mouse, on a phone and by keyboard."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browsing import until_keys_are_heard

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = ".bd-article h1"
MARGIN = 16  # pixels around a picture
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"], scope="module")
def reader(chromium, address, request):
    """Open the book as a reader does; nothing may fail, and nothing may come from elsewhere."""
    context = chromium.new_context(
        viewport=request.param, has_touch=request.param is PHONE, reduced_motion="reduce"
    )
    page = context.new_page()
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: _is_error(message) and trouble.append(message.text))
    page.on("response", lambda answer: answer.status < 400 or trouble.append(answer.url))
    page.on("request", lambda asked: _is_own(asked.url, address) or trouble.append(asked.url))
    page.goto(address)
    yield page
    context.close()
    assert trouble == []


def _is_error(message) -> bool:
    # What cannot be loaded is in the answers. By itself Chromium asks for an icon of the first
    # page, too.
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def _is_own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def contents(page, title: str) -> None:
    """Choose a page from the table of contents, which a phone has behind a button."""
    link = page.locator(".bd-sidebar-primary:visible, dialog[open]").get_by_role(
        "link", name=title, exact=True
    )
    if page.viewport_size == PHONE:
        page.locator(".primary-toggle").click()
    link.first.click()
    expect(page.locator(TITLE)).to_contain_text(title)


def stroke(page, pad, points) -> None:
    """Draw a line through points, given as shares of the pad's width and height."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def test_opens_the_book(reader):
    reader.wait_for_url("**/book/index.html")  # the site's root leads there
    expect(reader).to_have_title(re.compile("Convolutions, Taken Apart"))
    expect(reader.locator(TITLE)).to_have_text(re.compile("Convolutions, Taken Apart"))


def test_meets_two_networks_at_work_and_draws_for_them(reader, shot):
    answers = reader.locator(".draw-answer")
    expect(answers).to_have_count(2)
    expect(answers.first).to_have_text(re.compile(r"\d"))  # of a digit that lies there
    if reader.viewport_size == WIDE:  # the README's picture
        top, bottom = (reader.locator(f".draw-{part}").bounding_box() for part in ("top", "networks"))
        shot(
            reader,
            "reader-first",
            full_page=True,
            clip={
                "x": top["x"] - MARGIN,
                "y": top["y"] - MARGIN,
                "width": top["width"] + 2 * MARGIN,
                "height": bottom["y"] + bottom["height"] - top["y"] + 2 * MARGIN,
            },
        )
    pad = reader.locator(".draw-pad")
    assert pad.bounding_box()["y"] + pad.bounding_box()["height"] < reader.viewport_size["height"]
    stroke(reader, pad, [(0.5, 0.2), (0.5, 0.8)])
    expect(answers).to_have_text(["1"] * 2)


def test_searches_for_a_word_and_opens_where_it_stands(reader):
    search = reader.get_by_role("button", name="Search").filter(visible=True)
    search.first.click()
    reader.keyboard.type("checkerboard")
    reader.keyboard.press("Enter")
    reader.locator("#search-results").get_by_role("link", name="Transposed convolution").click()
    expect(reader.locator(TITLE)).to_contain_text("Transposed convolution")
    marked = reader.locator("article span.highlighted", has_text="checkerboard")  # also in hidden stills
    expect(marked.filter(visible=True).first).to_be_visible()


def test_follows_a_chapter_by_next(reader, address):
    reader.goto(address)
    for title in ("Convolution", "Separable convolution"):
        reader.locator(".right-next").click()
        expect(reader.locator(TITLE)).to_have_text(re.compile(f"^{title}"))


def test_answers_a_quiz_and_is_told_why(reader):
    question = reader.locator(".quiz-question").first
    said = question.locator("[aria-live=polite]")
    question.locator(".quiz-choice", has=reader.locator("input:not([data-right])")).first.click()
    expect(said).to_contain_text("Not quite.")
    question.locator(".quiz-choice", has=reader.locator("input[data-right]")).click()
    expect(said).to_contain_text("Right.")


def test_unfolds_a_solution(reader):
    solution = reader.locator(".admonition.solution").first
    expect(solution.locator(".cell_output").first).to_be_hidden()
    solution.locator("button, summary").first.click()
    expect(solution.locator(".cell_output").first).to_be_visible()


def test_plays_the_explorer(reader):
    contents(reader, "Explorer")
    reader.get_by_label("Depthwise separable").check()
    reader.get_by_label("Speed").select_option("60")
    reader.get_by_role("button", name="Play").click()
    cell = reader.get_by_label("Output cell")
    expect(cell).not_to_have_value("0")
    reader.get_by_role("button", name=re.compile("Pause|Play")).click()
    expect(reader.locator(".explorer-code")).to_contain_text("layers.SeparableConv2D(")


def test_draws_a_digit(reader):
    contents(reader, "Draw a digit")
    stroke(reader, reader.locator(".draw-pad"), [(0.5, 0.2), (0.5, 0.8)])
    expect(reader.locator(".draw-answer")).to_have_text(["1"] * 4)


def test_opens_a_lab_and_downloads_its_notebook(reader):
    contents(reader, "Lab: Encoder")
    reader.locator(".dropdown-download-buttons > button").click()
    with reader.expect_download() as download:
        reader.get_by_role("link", name=re.compile("ipynb")).filter(visible=True).click()
    notebook = nbformat.read(download.value.path(), as_version=4)
    nbformat.validate(notebook)
    assert download.value.suggested_filename == "encoder.ipynb"
    assert any("def separable_conv2d_params" in cell.source for cell in notebook.cells)


def test_prints_the_cheat_sheet_on_one_page(reader):
    contents(reader, "Cheat sheet")
    printed = reader.pdf(format="A4")
    assert printed.count(b"/Type /Page\n") == 1


def test_finds_what_a_word_means_by_keyboard_alone(chromium, address):
    page = chromium.new_page(viewport=WIDE, reduced_motion="reduce")
    page.goto(address)
    page.wait_for_url("**/book/index.html")  # the site's root leads there
    until_keys_are_heard(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("Xception")
    page.keyboard.press("Enter")
    word = "#search-results a[href$='#term-Xception']"
    expect(page.locator(word)).to_be_visible()
    while not page.evaluate("word => document.activeElement.matches(word)", word):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#term-Xception")).to_be_in_viewport()
    page.close()
