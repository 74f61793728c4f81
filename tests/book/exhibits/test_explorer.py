"""The explorer as a reader meets it: set, link, reload, hover, play, edit."""

import re
from functools import partial

import numpy as np
import pytest
from scipy.signal import correlate2d

from sepconv.figures import COLOURS

pytestmark = pytest.mark.browser
SOBEL = np.outer([1, 2, 1], [-1, 0, 1])


@pytest.fixture
def explore(opened):
    """Open the explorer at a setting."""
    return partial(opened, "explorer")


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
    assert "takes part in 9 output cells" in page.locator(".explorer-uses").first.inner_text()
    hover(page, 0, 0, 0, (8, 8))
    assert "takes part in one output cell" in page.locator(".explorer-uses").first.inner_text()


def test_arrow_keys_walk_and_are_read_out(explore):
    page = explore("size=8x8x1&at=0x0x0x0")
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
    page = explore("size=12x12x1")  # a hundred cells, so that none is the last one soon
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").is_visible()
    at = int(page.get_by_label("Output cell").input_value())
    page.get_by_role("button", name="Step", exact=True).click()
    assert int(page.get_by_label("Output cell").input_value()) == at + 1


def test_values_can_be_changed_and_travel_in_the_address(explore):
    page = explore("size=4x4x1&input=spot&weights=ones&at=0x0x0x0")
    page.get_by_label("kernel, row 0, column 0").fill("5")
    page.get_by_label("To change: input at row 0, column 0").fill("7")
    page.wait_for_function("location.search.includes('x.0.0.0:7')")
    assert "7 · 5" in page.locator(".explorer-products").first.inner_text()
    again = explore(page.url.partition("?")[2])
    assert "7 · 5" in again.locator(".explorer-products").first.inner_text()


def test_to_start_over_leaves_no_input_cell_chosen(explore):
    page = explore()
    picture = "() => document.querySelector('.explorer-part canvas').toDataURL()"
    before = page.evaluate(picture)
    page.locator(".explorer-part canvas").first.click(position={"x": 60, "y": 60})
    page.mouse.move(0, 0)
    assert page.evaluate(picture) != before
    page.get_by_role("button", name="Start over").click()
    assert page.evaluate(picture) == before
    assert page.get_by_label("To change: input at row 0, column 0").is_visible()


@pytest.mark.parametrize("typed", ["", "12345"])
def test_a_field_that_holds_no_value_shows_the_one_that_counts_again(explore, typed):
    page = explore("size=4x4x1&input=spot&weights=ones&at=0x0x0x0")
    for label, value in (("kernel, row 0, column 0", "1"), ("To change: input at row 0, column 0", "0")):
        field = page.get_by_label(label)
        before = field.input_value()
        assert float(before) == float(value)
        field.fill(typed)
        field.blur()
        assert field.input_value() == before


@pytest.mark.parametrize("weights", ["blur", "sharpen", "sobel"])
@pytest.mark.parametrize("kernel", [3, 11])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_weight_is_cut(explore, weights, kernel, width):
    page = explore(f"size=12x12x1&kernel={kernel}x{kernel}&weights={weights}", width=width)
    fields = page.locator(".explorer-kernel input").all()
    assert len(fields) == kernel**2
    assert all(field.evaluate("e => e.scrollWidth <= e.clientWidth") for field in fields)
    assert len({round(field.bounding_box()["width"]) for field in fields}) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("mode", "output"),
    [
        ("Depthwise", "6×6×3"),
        ("Pointwise (1×1)", "8×8×2"),
        ("Depthwise separable", "6×6×4"),
        ("Transposed", "11×11×1"),
    ],
)
def test_a_mode_opens_on_what_is_special_about_it_and_keeps_what_the_reader_set(explore, mode, output):
    page = explore()
    page.get_by_label(mode, exact=True).check()
    assert fact(page, "Output").startswith(output)
    page.wait_for_function("location.search.includes('mode=')")
    assert fact(explore(page.url.partition("?")[2]), "Output").startswith(output)
    page.get_by_label("height × width × channels, height").fill("7")
    page.get_by_label("height × width × channels, channels").fill("1")
    page.get_by_label("Convolution", exact=True).check()
    page.get_by_label(mode, exact=True).check()
    size = [
        page.get_by_label(f"height × width × channels, {n}").input_value() for n in ("height", "channels")
    ]
    assert size == ["7", "1"]
    page.wait_for_function("/mode=.*size=7x.x1/.test(location.search)")
    again = explore(page.url.partition("?")[2])
    assert fact(again, "Output") == fact(page, "Output")


def top(page, selector):
    return page.locator(selector).first.bounding_box()["y"]


@pytest.mark.parametrize("width", [1280, 360])
def test_the_first_screen_shows_the_picture(explore, width):
    page = explore("mode=depthwise", width, height=740)
    for index in range(2):
        box = page.locator(".explorer-part canvas[tabindex]").nth(index).bounding_box()
        assert box["y"] + box["height"] < 740
    assert top(page, ".explorer-stages") < top(page, ".explorer-controls")


@pytest.mark.parametrize("mode", ["conv2d", "depthwise", "separable", "transposed"])
def test_on_a_phone_maps_and_controls_are_on_one_screen(explore, mode):
    page = explore(f"mode={mode}", 360, height=740)
    for label in ("height × width × channels, height", "kernel_size, down", "use_bias"):
        field = page.get_by_label(label)
        field.evaluate("field => field.scrollIntoView({block: 'end'})")
        boxes = [
            map_.bounding_box() for map_ in page.locator(".explorer-maps canvas[tabindex]:visible").all()
        ]
        lowest = max(box["y"] + box["height"] for box in boxes)
        assert 0 < top(page, ".explorer-maps canvas") < lowest < field.bounding_box()["y"] < 740


def test_channels_are_drawn_anew_with_the_theme(explore):
    page = explore("mode=depthwise", color_scheme="light")
    picture = "document.querySelector('.explorer-channels canvas').toDataURL()"
    light = page.evaluate(picture)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"light => {picture} !== light", arg=light)


def test_what_is_picked_read_and_made_has_the_colours_of_the_code(explore):
    page = explore("size=8x8x1&at=0x0x0x0&input=spot", color_scheme="light")
    pixel = """([map, x, y]) => {
      const canvas = document.querySelectorAll('.explorer-part canvas[tabindex]')[map];
      const data = canvas.getContext('2d').getImageData(x, y, 1, 1).data;
      return '#' + [...data].slice(0, 3).map((n) => n.toString(16).padStart(2, '0')).join('');
    }"""
    assert page.evaluate(pixel, [0, 2, 10]) == COLOURS["input"][0]
    assert page.evaluate(pixel, [1, 2, 10]) == COLOURS["chosen"][0]
    hover(page, 0, 0, 0, (8, 8))
    assert page.evaluate(pixel, [1, 2, 10]) == COLOURS["output"][0]


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
        ("toString=1", "“toString”"),
        ("mode=toString", "mode: “toString”"),
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
