"""A click holds what a figure shows of a place; a finger that scrolls the page chooses nothing."""

import pytest

from tests.browsing import swipe

pytestmark = pytest.mark.browser
# Page, figure, what the pointer is over, and two places there, as shares of its width and height.
FIGURES = {
    "field": ("convolution", "canvas", (0.45, 0.12), (0.55, 0.2)),
    "volumes": ("separable", "canvas", (0.6, 0.85), (0.4, 0.85)),
    "spectrum": ("inception", "svg[tabindex]", (0.3, 0.8), (0.7, 0.8)),
    "matrix": ("transposed", "svg[tabindex]", (0.2, 0.03), (0.2, 0.15)),
    "checkerboard": ("transposed", "svg[tabindex]", (0.3, 0.3), (0.6, 0.6)),
    "depth": ("mnist", "canvas.depth-maps", (0.1, 0.2), (0.6, 0.2)),
    "explorer": ("explorer", ".explorer-part:last-child canvas", (0.3, 0.1), (0.7, 0.7)),
}


@pytest.mark.parametrize("exhibit", FIGURES)
def test_a_click_holds_what_is_looked_at_until_the_next_at_the_same_place(opened, exhibit):
    name, over, here, there = FIGURES[exhibit]
    page = opened(name)
    figure = page.locator(f'[data-exhibit="{exhibit}"]').first
    surface = figure.locator(over).first
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()

    def said(place):
        page.mouse.move(box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"])
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return figure.inner_text()

    def click():
        page.mouse.down()
        page.mouse.up()

    held = figure.locator(".live-held")
    one, other = said(here), said(there)
    assert one != other, "the mouse looks wherever it goes"
    assert said(here) == one
    assert held.count() == 0
    click()
    assert said(there) == one, "after a click it stays"
    assert held.count() == 1, "which is shown"
    assert held.evaluate("at => getComputedStyle(at).outlineStyle") == "dotted"
    click()
    assert said(here) == other, "another click chooses anew, and holds that"
    page.mouse.move(0, 0)
    assert said(there) == other
    click()
    assert said(here) == one, "one more at the same place lets go"
    click()
    surface.evaluate("""at => at.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }))""")
    assert held.count() == 0
    assert said(there) == other, "and so does Escape"
    click()
    assert said(here) == other
    page.evaluate("() => document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))")
    assert held.count() == 0
    assert said(here) == one, "and so does a click elsewhere on the page"


# For a finger: those above, and those where a click holds nothing.
TOUCHED = FIGURES | {
    "volumes": ("separable", "canvas", (0.1, 0.6), (0.76, 0.6)),
    "networks": ("inception", ".networks-map", (0.3, 0.3), (0.7, 0.7)),
    "tradeoff": ("mnist", "svg.live-drawing", (0.32, 0.27), (0.18, 0.81)),
    "answers": ("fcn", ".answers-picture:last-child canvas", (0.3, 0.3), (0.7, 0.7)),
}
FINGERS = [(name, over, places) for name, (_, over, *places) in TOUCHED.items()]
FINGERS.append(("spectrum", ".spectrum-chart", [(0.25, 0.5), (0.7, 0.5)]))


@pytest.mark.parametrize(("exhibit", "over", "places"), FINGERS)
def test_a_finger_that_scrolls_the_page_chooses_nothing_and_one_that_taps_does(opened, exhibit, over, places):
    name = TOUCHED[exhibit][0]
    page = opened(name, width=360, height=740, has_touch=True, is_mobile=True)
    figure = page.locator(f'[data-exhibit="{exhibit}"]').first
    surface = figure.locator(over).first

    def at(place):
        surface.evaluate("at => at.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box = surface.bounding_box()
        return [box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]]

    def said():
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return figure.inner_text()

    page.touchscreen.tap(*at(places[0]))
    one = said()
    for down in (-160, 160):
        start = at(places[1])
        before = page.evaluate("scrollY")
        swipe(page, start, (0, down))
        assert abs(page.evaluate("scrollY") - before) > 20, "the page has scrolled"
        assert said() == one
        swipe(page, at(places[1]), (down / 4, down))
        assert said() == one
    page.touchscreen.tap(*at(places[1]))
    assert said() != one


@pytest.mark.parametrize("exhibit", ["field", "spectrum", "checkerboard", "explorer"])
def test_a_finger_that_moves_across_looks_on_its_way(opened, exhibit):
    name, over, here, _ = FIGURES[exhibit]
    page = opened(name, width=360, height=740, has_touch=True, is_mobile=True)
    figure = page.locator(f'[data-exhibit="{exhibit}"]').first
    surface = figure.locator(over).first
    surface.evaluate("at => at.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = surface.bounding_box()
    start = (box["x"] + here[0] * box["width"], box["y"] + here[1] * box["height"])
    page.touchscreen.tap(*start)
    before = figure.inner_text()
    swipe(page, start, (box["width"] / 4, 0))
    assert figure.inner_text() != before
