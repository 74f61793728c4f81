"""The explorer as a reader meets it: set, link, reload, hover, play, edit."""

import re

import numpy as np
import pytest
from scipy.signal import correlate2d

pytestmark = pytest.mark.browser
SOBEL = np.outer([1, 2, 1], [-1, 0, 1])


@pytest.fixture
def explore(chromium, site):
    """Open the explorer at a setting; note the page's complaints and the requests that leave it."""
    pages = []

    def open_it(setting="", width=1280, **more):
        page = chromium.new_page(viewport={"width": width, "height": 1000}, **more)
        pages.append(page)
        page.trouble, page.asked = [], []
        page.on("console", lambda m: m.type == "error" and page.trouble.append(m.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((site / "book" / "explorer.html").as_uri() + (f"?{setting}" if setting else ""))
        page.wait_for_selector(".exhibit-live")
        return page

    yield open_it
    for page in pages:
        assert page.trouble == []
        assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
        page.close()


def fact(page, name):
    return page.locator(f".explorer-facts dt:has-text('{name}') + dd").inner_text()


def hover(page, map_number, row, column, shape):
    canvas = page.locator(".explorer-part canvas[tabindex]").nth(map_number)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(
        box["x"] + (column + 0.5) * box["width"] / shape[1], box["y"] + (row + 0.5) * box["height"] / shape[0]
    )


def test_a_setting_is_seen_linked_and_seen_again(explore):
    page = explore()
    page.get_by_label("Depthwise separable").check()
    for label, value in {"height": 12, "width": 12, "channels": 3}.items():
        page.get_by_label(f"height × width × channels, {label}").fill(str(value))
    for label in ("down", "across"):
        page.get_by_label(f"kernel_size, {label}").fill("5")
    page.get_by_label("filters", exact=True).fill("9")
    assert fact(page, "Output").startswith("8×8×9")
    assert page.locator(".explorer-code").inner_text() == "layers.SeparableConv2D(9, 5)"
    page.wait_for_function("location.search.includes('filters=9')")
    other = explore(page.url.partition("?")[2])
    assert fact(other, "Output") == fact(page, "Output")
    assert fact(other, "Parameters") == fact(page, "Parameters")
    assert other.get_by_label("Depthwise separable").is_checked()


def test_the_sources_example_shows_its_numbers(explore):
    page = explore("mode=separable&size=32x32x3&filters=9&bias=0")
    assert fact(page, "Parameters") == "54 = 27 + 27"
    assert "243 parameters" in fact(page, "Dense")


def test_hovering_shows_the_sum_of_that_cell(explore):
    page = explore("size=8x8x1&input=numbers")
    x = np.arange(64).reshape(8, 8) % 10
    y = correlate2d(x, SOBEL, "valid")
    for row, column in [(0, 0), (3, 4), (5, 2)]:
        hover(page, 1, row, column, y.shape)
        text = page.locator(".explorer-sum").first.inner_text().replace("−", "-")
        assert f"Row {row}, column {column}" in text
        products = re.findall(r"(-?\d+) · \(?(-?\d+)\)?", text)
        assert len(products) == 9
        assert sum(int(a) * int(b) for a, b in products) == y[row, column]
        assert text.endswith(f"= {y[row, column]}")


def test_hovering_the_input_says_how_many_cells_use_it(explore):
    page = explore("size=8x8x1")
    hover(page, 0, 4, 4, (8, 8))
    assert "takes part in 9 output cells" in page.locator(".explorer-note").first.inner_text()
    hover(page, 0, 0, 0, (8, 8))
    assert "takes part in one output cell" in page.locator(".explorer-note").first.inner_text()


def test_arrow_keys_walk_and_are_read_out(explore):
    page = explore("size=8x8x1")
    page.locator(".explorer-part canvas[tabindex]").nth(1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert (
        "row 1, column 1, channel 0: 9 products add up to"
        in page.locator("[aria-live=polite].exhibit-spoken").inner_text()
    )


def test_play_goes_to_the_last_cell_and_can_be_paused(explore):
    page = explore("size=4x4x1")
    page.get_by_label("Speed").select_option("60")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.explorer-player input').value === '3'")
    page.get_by_role("button", name="Play").wait_for()
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").is_visible()
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.get_by_label("Output cell").get_attribute("aria-valuetext") == "row 0, column 1"


def test_values_can_be_changed_and_travel_in_the_address(explore):
    page = explore("size=4x4x1&input=spot&weights=ones")
    page.get_by_label("kernel, row 0, column 0").fill("5")
    page.get_by_label("Input at row 0, column 0:").fill("7")
    page.wait_for_function("location.search.includes('x.0.0.0:7')")
    assert "7 · 5" in page.locator(".explorer-products").first.inner_text()
    again = explore(page.url.partition("?")[2])
    assert "7 · 5" in again.locator(".explorer-products").first.inner_text()


def test_what_keras_refuses_is_refused_with_its_reason(explore):
    page = explore("strides=2x2&dilation=2x2")
    said = page.locator("[role=alert]").inner_text()
    assert "`strides > 1` not supported in conjunction with `dilation_rate > 1`" in said
    page.get_by_label("Depthwise", exact=True).check()
    assert page.locator("[role=alert]").is_hidden()


@pytest.mark.parametrize(
    ("nonsense", "word"),
    [
        ("size=banana", "size: “banana”"),
        ("size=9999x1x1", "size"),
        ("mode=quantum", "mode: “quantum”"),
        ("edits=__proto__:3", "edits"),
        ("<script>=1", "“<script>”"),
        ("at=1x300x300x90", ""),
        ("kernel=11&size=2x2x1", ""),
        ("edits=x.99.99.7:5,k1.0.0.0.0:4", ""),
    ],
)
def test_an_address_with_nonsense_falls_back_with_a_word_about_it(explore, nonsense, word):
    page = explore(nonsense)
    assert word in page.locator(".exhibit-trouble").first.inner_text()
    assert page.locator(".explorer-facts dd").count() in (0, 4)
    page.get_by_role("button", name="Start over").click()
    assert fact(page, "Output").startswith("6×6×1")


def test_a_field_with_nonsense_changes_nothing(explore):
    page = explore()
    field = page.get_by_label("strides, down")
    before = fact(page, "Output")
    field.fill("-3")
    assert field.get_attribute("aria-invalid") == "true"
    field.blur()
    assert (field.input_value(), fact(page, "Output")) == ("1", before)


def test_links_of_the_page_open_settings_that_are_understood(explore):
    page = explore()
    links = page.eval_on_selector_all("article a[href*='?']", "all => all.map((a) => a.search.slice(1))")
    assert len(links) >= 8
    for setting in links:
        assert explore(setting).locator(".exhibit-trouble").first.inner_text() == ""


def test_without_javascript_a_still_and_a_sentence_stand_there(explore, chromium, site):
    page = chromium.new_page(java_script_enabled=False)
    page.goto((site / "book" / "explorer.html").as_uri())
    assert "needs JavaScript" in page.locator(".exhibit-still").inner_text()
    assert page.locator(".exhibit-still svg").first.is_visible()
    page.close()
