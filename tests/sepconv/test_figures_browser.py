"""Figures in a browser: what a reader can do with them."""

import json
import re

import pytest

from sepconv import figures
from tests.browsing import until_keys_are_heard

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(chromium, tmp_path):
    """Open figures on one page; at the end, nothing was fetched and nothing complained."""
    troubles, pages = [], []

    def run(*drawn, width=1280, **settings):
        page = chromium.new_page(viewport={"width": width, "height": 800}, **settings)
        pages.append(page)
        file = tmp_path / "page.html"
        head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>t</title>'
        body = "".join(figure.html for figure in drawn)
        file.write_text(
            f'<!doctype html><html lang="en">{head}<body style="margin:16px">{body}', encoding="utf-8"
        )
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: request.url != file.as_uri() and troubles.append(request.url))
        page.clock.install()
        page.goto(file.as_uri())
        if settings.get("java_script_enabled", True):
            until_keys_are_heard(page)
        return page

    yield run
    for page in pages:
        page.close()
    assert not troubles


def frames_of(figure):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', figure.html)[1])


def said(page, which=0):
    return page.locator(".sc-say").nth(which).inner_text().strip()


def sentence(frame):
    return (frame["y"] + frame["r"]).strip()


def where(page, selector):
    """Upper left corners of the marks that are shown, in the drawing's pixels."""
    return page.eval_on_selector_all(
        f"{selector} > g",
        """marks => marks.filter(m => m.style.display !== 'none')
             .map(m => m.style.transform.match(/-?[\\d.]+/g).map(Number))""",
    )


def test_next_and_back_show_the_neighbouring_places(opened):
    figure = figures.animate("plain")
    page, data = opened(figure), frames_of(figure)
    at = data["at"]
    assert said(page) == sentence(data["frames"][at])
    page.get_by_role("button", name="Next").click()
    after = data["frames"][at + 1]
    assert said(page) == sentence(after)
    assert where(page, "[data-source]") == after["w"]
    assert where(page, "[data-target]") == after["o"]
    assert page.locator("[data-sums] .sc-numbers text").all_text_contents() == after["t"].split()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    assert said(page) == sentence(data["frames"][at - 1])


def test_the_ends_hold(opened):
    figure = figures.animate("plain")
    page, data = opened(figure), frames_of(figure)
    for _ in range(6):
        page.get_by_role("button", name="Next").click()
    assert said(page) == sentence(data["frames"][-1])
    for _ in range(6):
        page.get_by_role("button", name="Back").click()
    assert said(page) == sentence(data["frames"][0])


def test_play_starts_at_the_first_place_pauses_and_ends(opened):
    figure = figures.animate("plain")
    page, data = opened(figure), frames_of(figure)
    page.clock.run_for(5000)
    assert said(page) == sentence(data["frames"][data["at"]]), "it started by itself"
    page.get_by_role("button", name="Play").click()
    assert said(page) == sentence(data["frames"][0])
    page.clock.run_for(1050)
    assert said(page) == sentence(data["frames"][1])
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(5000)
    assert said(page) == sentence(data["frames"][1])
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(9000)
    assert said(page) == sentence(data["frames"][-1])
    assert page.get_by_role("button", name="Play").is_visible()


def test_the_keyboard_does_everything(opened):
    figure = figures.animate("plain")
    page, data = opened(figure), frames_of(figure)
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.do || document.activeElement.type"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    assert reached == ["back", "play", "next", "range"]
    page.keyboard.press("Home")
    assert said(page) == sentence(data["frames"][0])
    page.keyboard.press("ArrowRight")
    assert said(page) == sentence(data["frames"][1])
    assert sentence(data["frames"][1]) in page.get_by_label("Position").get_attribute("aria-valuetext")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert said(page) == sentence(data["frames"][2])
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.get_by_role("button", name="Pause").is_visible()


def test_pointing_at_an_output_cell_shows_its_sum(opened):
    figure = figures.animate("plain")
    page, data = opened(figure), frames_of(figure)
    drawing = page.locator("svg:has([data-target])")
    x, y = data["frames"][1]["o"][0]
    drawing.hover(position={"x": x + 10, "y": y + 10})
    assert said(page) == sentence(data["frames"][1])


def test_two_steps_hand_over(opened):
    figure = figures.animate("sobel")
    page, data = opened(figure), frames_of(figure)
    page.get_by_label("Position").fill(str(len(data["frames"]) - 1))
    last = data["frames"][-1]
    assert last["s"] == 1
    assert said(page) == sentence(last)
    assert where(page, "[data-source]") == last["w"]
    idle = page.eval_on_selector_all("[data-sums]", "rows => rows.map(r => r.classList.contains('sc-idle'))")
    assert idle == [True, False]


def test_outputs_not_yet_computed_are_faint(opened):
    figure = figures.animate("plain")
    page = opened(figure)
    faint = page.locator("[data-values] .sc-later")
    assert faint.count() == 0
    page.get_by_label("Position").fill("0")
    assert faint.count() == 3


def test_a_transposed_convolution_adds_up(opened):
    figure = figures.animate("transposed-overlap")
    page, data = opened(figure), frames_of(figure)
    for at, frame in enumerate(data["frames"]):
        page.get_by_label("Position").fill(str(at))
        assert page.locator("[data-values] text").all_text_contents() == frame["v"]


def test_figures_on_one_page_are_independent(opened):
    figure = figures.animate("plain")
    page = opened(figure, figures.animate("sobel"), figure)
    before = [said(page, which) for which in range(3)]
    page.get_by_role("button", name="Next").nth(1).click()
    after = [said(page, which) for which in range(3)]
    assert after[1] != before[1]
    assert (after[0], after[2]) == (before[0], before[2])


def test_reduced_motion_moves_without_gliding(opened):
    figure = figures.animate("plain")
    page = opened(figure, reduced_motion="reduce")
    glide = "getComputedStyle(document.querySelector('.sc-moves')).transitionDuration"
    assert page.evaluate(glide) == "0s"
    assert opened(figure, reduced_motion="no-preference").evaluate(glide) != "0s"


def test_without_scripts_and_on_paper_there_is_the_still(opened, chromium):
    figure = figures.animate("plain")
    page = opened(figure)
    page.emulate_media(media="print")
    assert page.locator(".sc-controls").is_hidden()
    assert page.locator("svg").first.is_visible()
    bare = chromium.new_context(java_script_enabled=False).new_page()
    bare.set_content(figure.html)
    assert bare.locator(".sc-controls").is_hidden()
    assert said(bare) == sentence(frames_of(figure)["frames"][frames_of(figure)["at"]])
    bare.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", [*figures.CASES, "channel_diagram", "heatmap", "chart"])
def test_on_a_phone_nothing_scrolls_sideways_and_text_is_readable(opened, name):
    figure = {
        "channel_diagram": figures.channel_diagram,
        "heatmap": lambda: figures.heatmap({"a": [[0.25] * 5] * 5}),
        "chart": lambda: figures.lines([1, 2], {"a": [1, 2]}, alt="rises", xlabel="x"),
    }.get(name, lambda: figures.animate(name))()
    page = opened(figure, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    smallest = page.eval_on_selector_all(
        "svg text",
        """texts => Math.min(...texts.map(t => parseFloat(getComputedStyle(t).fontSize)
             * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width))""",
    )
    assert smallest >= 11.99


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_follow_the_theme(opened, theme):
    page = opened(figures.animate("plain"))
    page.evaluate(
        "theme => { document.documentElement.dataset.theme = theme;"
        " document.documentElement.style.setProperty('--pst-color-text-base', 'rgb(1, 2, 3)') }",
        theme,
    )
    fill = "getComputedStyle(document.querySelector('.sc-numbers text')).fill"
    assert page.evaluate(fill) == "rgb(1, 2, 3)"
    edge = page.evaluate("getComputedStyle(document.querySelector('.sc-window .sc-edge')).stroke")
    assert edge == {"light": "rgb(9, 105, 179)", "dark": "rgb(98, 182, 247)"}[theme]


def test_the_theme_lays_no_card_under_a_figure(opened):
    figure = figures.still("plain")
    theme = "html[data-theme=dark] .bd-content div.cell_output .text_html{background-color:#fff;padding:8px}"
    page = opened(figure)
    page.evaluate(
        """theme => { document.documentElement.dataset.theme = 'dark';
        document.head.append(Object.assign(document.createElement('style'), {textContent: theme}));
        const figure = document.querySelector('.sepconv-figure');
        document.body.className = 'bd-content';
        document.body.innerHTML =
          `<div class=cell_output><div class=text_html>${figure.outerHTML}</div></div>` }""",
        theme,
    )
    card = "getComputedStyle(document.querySelector('.text_html'))"
    assert page.evaluate(f"{card}.backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.evaluate(f"{card}.paddingTop") == "0px"
