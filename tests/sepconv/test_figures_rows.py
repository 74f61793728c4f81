"""Panels leave none alone, numbers stay in their cells, axes have one style."""

import re

import numpy as np
import pytest
from matplotlib import figure as mpl_figure

from sepconv import figures
from sepconv.figures.rows import PHONE, WIDE, columns
from sepconv.figures.svg import fit_numbers

GREY = np.linspace(0, 1, 64).reshape(8, 8)
ROWS = """() => [...document.querySelectorAll('.sc-grid')].map((grid) => {
  const rows = {};
  for (const child of grid.children) {
    const box = child.getBoundingClientRect();
    const middle = Math.round((box.top + box.bottom) / 2);
    rows[middle] = (rows[middle] ?? 0) + 1;
  }
  return Object.entries(rows).sort((a, b) => a[0] - b[0]).map((row) => row[1]);
})"""
NUMBERS = """() => [...document.querySelectorAll('svg')].flatMap((drawing) => {
  const boxes = [...drawing.querySelectorAll('.sc-numbers text')].map((text) => text.getBoundingClientRect());
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
    a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 3 && b.top < a.bottom - 3));
}).length"""


@pytest.mark.parametrize("count", range(1, 33))
@pytest.mark.parametrize("width", [70, 130, 216, 330])
def test_no_panel_is_alone_in_its_row(count, width):
    chosen = columns(count, width, WIDE, count)
    assert 1 <= chosen <= count
    assert chosen == 1 or count % chosen != 1 or count == chosen or (count - 1) % 6 == 0
    assert columns(count, width, PHONE, 2) <= 2


def test_a_row_of_four_is_four_or_two_and_two():
    assert columns(4, 130, WIDE, 4) == 4
    assert columns(4, 216, WIDE, 4) == 2
    assert columns(7, 216, WIDE, 7) == 4  # and three, a little smaller


def page_of(chromium, drawn, width):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.set_content(
        '<!doctype html><meta name="viewport" content="width=device-width">'
        f'<body style="margin:0 auto;max-width:{WIDE}px;padding:0 16px;box-sizing:border-box">'
        + "".join(figure.html for figure in drawn)
    )
    return page


@pytest.mark.browser
def test_pictures_stand_in_full_rows(chromium):
    drawn = [figures.images([GREY] * n, alt="grey") for n in (3, 4, 5, 6)]
    drawn.append(figures.images([GREY] * 8, alt="grey", width=70))
    wide = page_of(chromium, drawn, 1280)
    assert wide.evaluate(ROWS) == [[3], [2, 2], [3, 2], [3, 3], [8]]
    wide.close()
    phone = page_of(chromium, drawn, 360)
    assert phone.evaluate(ROWS) == [[1, 2], [2, 2], [1, 2, 2], [2, 2, 2], [2, 2, 2, 2]]
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    phone.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_numbers_of_a_heatmap_do_not_collide(chromium, width):
    rng = np.random.default_rng(0)
    drawn = [
        figures.heatmap(-scale * (1 + rng.random((3, n)))) for n in (1, 3, 5, 8, 11) for scale in (1, 40)
    ]
    drawn.append(figures.heatmap({f"filter {f}": rng.normal(0, 9, (3, 3)) for f in range(4)}))
    page = page_of(chromium, drawn, width)
    assert page.evaluate(NUMBERS) == 0
    style = "getComputedStyle(document.querySelectorAll('.sc-numbers text')[3]).fontSize"
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<style>svg text{font-size:22px!important}')"
    )
    assert page.evaluate(style) == "22px"
    assert page.evaluate(NUMBERS) > 0  # what collides is found
    page.close()


@pytest.mark.parametrize(("value", "decimals"), [(0.25, 2), (-1.25, 1), (-1234.5, 0)])
def test_long_numbers_lose_decimals_before_they_are_too_small(value, decimals):
    chosen, size = fit_numbers(np.array([value, 1]), 30)
    assert chosen == decimals
    assert size > 7


def labels(chart):
    return re.findall(r"<text[^>]*>([^<]+)</text>", chart.svg)


def test_numbers_of_every_axis_have_one_style():
    ticks = {"xticks": [0, 1000], "yticks": [-0.5, 0, 1]}
    plain = figures.lines([0, 1000], {"a": [-0.5, 1]}, alt="rises", **ticks)
    assert labels(plain) == ["0", "1,000", "−0.5", "0.0", "1.0"]
    log = figures.lines([1, 2, 3], {"a": [0.1, 10, 1000]}, alt="rises", yscale="log")
    assert {"0.1", "1", "10", "100", "1,000"} <= set(labels(log))
    trade = figures.tradeoff({"a": [(100, 0.5), (10000, 0.9)]}, {}, alt="rises")
    assert {"100", "1,000", "10,000"} <= set(labels(trade))


@pytest.mark.parametrize("close", range(1, 7))
def test_the_names_of_points_that_lie_close_stand_at_corners_of_their_own(close):
    points = {f"n{i}": (690 + i, 1.0 + i / 100) for i in range(close)} | {"far": (3000, 5)}
    trade = figures.tradeoff({"a": [(100, 10), (10000, 1)]}, points, alt="rises")
    written = re.findall(
        r'text-anchor: (start|end)[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>(n\d|far)<', trade.svg
    )
    assert [name for *_, name in written] == [*points]
    corners = {(anchor, round(float(y) / 6)) for anchor, _, y, name in written if name != "far"}
    assert len(corners) == min(close, 4)  # those beyond share the first corner
    assert written[0][0] == written[-1][0] == "start"


def test_an_axis_with_labels_of_its_own_keeps_them():
    with figures.chart_style():
        drawing = mpl_figure.Figure()
        drawing.subplots().set(xticks=[0, 1], xticklabels=["dense", "separable"])
    assert {"dense", "separable"} <= set(labels(figures.chart(drawing, alt="two")))
