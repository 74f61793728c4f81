"""The volumes show what Keras and sepconv compute, count and read."""

import re
from itertools import product

import numpy as np
import pytest
from keras import layers

from sepconv import cost, ops
from tests.book.test_browser import AXE, complaints

pytestmark = pytest.mark.browser
SETTINGS = [
    {"channels": c, "kernel": k, "filters": f, "multiplier": m}
    for c, k, f, m in product((1, 3, 6), (3, 5), (1, 8, 32), (1, 2, 4))
]
SHOW = """async (settings) => {
  const { cellOrder, costs, kerasCode, macsAfter, reads, stepsOf, termsOf } =
    await import("exhibits/volumes/compute.js");
  const plain = (t) => ({ shape: t.shape, data: [...t.data] });
  return settings.map((setting) => {
    const steps = stepsOf(setting);
    const { cells, indexOf, cellOf } = cellOrder(steps);
    const some = [1, Math.ceil(cells / 3), cells];
    const shown = { costs: costs(steps), code: kerasCode(setting), cells, steps: {} };
    shown.after = some.map((n) => [n, macsAfter(steps, n)]);
    shown.order = some.map((n) => [n - 1, cellOf(n - 1), indexOf(cellOf(n - 1))]);
    for (const [name, step] of Object.entries(steps)) {
      const last = step.y.shape.map((n) => n - 1);
      const terms = termsOf(step, last);
      shown.steps[name] = {
        x: plain(step.x), kernel: plain(step.kernel), y: plain(step.y), cost: step.cost,
        reads: Array.from({ length: step.y.shape[2] }, (_, f) => reads(step, f)),
        terms: terms.length, sum: terms.reduce((sum, term) => sum + term.value * term.weight, 0),
      };
    }
    return shown;
  });
}"""


@pytest.fixture(scope="module")
def shown(modules):
    return list(zip(SETTINGS, modules.evaluate(SHOW, SETTINGS), strict=True))


def array(plain):
    return np.array(plain["data"], float).reshape(plain["shape"])


def kernels(setting, steps):
    """Kernels in Keras' layouts: dense, depthwise, pointwise."""
    k, channels, multiplier = setting["kernel"], setting["channels"], setting["multiplier"]
    depthwise = array(steps["depthwise"]["kernel"]).reshape(k, k, channels, multiplier)
    return array(steps["dense"]["kernel"]), depthwise, array(steps["pointwise"]["kernel"])


def test_both_ways_give_the_numbers_of_sepconv(shown):
    for setting, found in shown:
        steps = found["steps"]
        dense, depthwise, pointwise = kernels(setting, steps)
        x = array(steps["dense"]["x"])[None]
        assert np.ptp(x) > 0
        assert (pointwise != 0).all()
        between = ops.depthwise_conv2d(x, depthwise)
        y = ops.separable_conv2d(x, depthwise, pointwise)
        np.testing.assert_allclose(array(steps["depthwise"]["y"]), between[0], atol=1e-9)
        np.testing.assert_array_equal(array(steps["pointwise"]["x"]), array(steps["depthwise"]["y"]))
        np.testing.assert_allclose(array(steps["pointwise"]["y"]), y[0], atol=1e-9)
        np.testing.assert_allclose(array(steps["dense"]["y"]), y[0], atol=1e-9)
        np.testing.assert_allclose(ops.conv2d(x, dense), y, atol=1e-9)


def test_both_ways_give_the_numbers_of_keras_layers_as_they_are_written(shown):
    for setting, found in shown[::7]:
        steps = found["steps"]
        x = array(steps["dense"]["x"])[None].astype("float32")
        outputs = {}
        for name, kernel in zip(("dense", "depthwise", "pointwise"), kernels(setting, steps), strict=True):
            layer = eval(f"layers.{found['code'][name][:-1]}, use_bias=False)", {"layers": layers})
            given = outputs.get("depthwise") if name == "pointwise" else x
            layer.build(given.shape)
            layer.set_weights([kernel])
            assert layer.count_params() == steps[name]["cost"]["weights"]
            outputs[name] = np.asarray(layer(given))
            np.testing.assert_allclose(outputs[name][0], array(steps[name]["y"]), rtol=1e-5, atol=1e-3)
        np.testing.assert_allclose(outputs["dense"], outputs["pointwise"], rtol=1e-5, atol=1e-2)


def test_a_kernel_composed_with_interleaved_channels_would_be_another(shown):
    setting, found = next(
        (s, f) for s, f in shown if (s["channels"], s["filters"], s["multiplier"]) == (3, 8, 2)
    )
    dense, depthwise, pointwise = kernels(setting, found["steps"])
    k = setting["kernel"]
    right = np.einsum("ijcm,cmf->ijcf", depthwise, pointwise.reshape(3, 2, -1))
    wrong = np.einsum("ijcm,mcf->ijcf", depthwise.reshape(k, k, 3, 2), pointwise.reshape(2, 3, -1))
    np.testing.assert_allclose(dense, right)
    assert not np.allclose(dense, wrong)


def test_parameters_and_macs_are_those_of_sepconv(shown):
    for setting, found in shown:
        shape, filters, k = (7, 7, setting["channels"]), setting["filters"], setting["kernel"]
        dense = cost.conv2d(shape, filters, k, use_bias=False)
        steps = cost.separable_conv2d(shape, filters, k, setting["multiplier"], use_bias=False)
        both = cost.total(steps)
        assert found["costs"] == {
            "dense": {"parameters": dense.parameters, "macs": dense.macs},
            "separable": {"parameters": both.parameters, "macs": both.macs},
        }
        _, after = found["after"][-1]
        assert after == {"dense": dense.macs, "depthwise": steps[0].macs, "pointwise": steps[1].macs}


def test_macs_on_the_way_are_those_that_the_cells_made_so_far_need(shown):
    for setting, found in shown:
        side = 8 - setting["kernel"]
        order = [(r, c, f) for f in range(setting["filters"]) for r in range(side) for c in range(side)]
        assert found["cells"] == len(order)
        for index, cell, back in found["order"]:
            assert (tuple(cell), back) == (order[index], index)
        window, between = setting["kernel"] ** 2, setting["channels"] * setting["multiplier"]
        for cells, after in found["after"]:
            pixels = {(r, c) for r, c, _ in order[:cells]}  # each is made once, in all channels
            assert after == {
                "dense": cells * window * setting["channels"],
                "depthwise": len(pixels) * window * between,
                "pointwise": cells * between,
            }


def test_what_is_outlined_is_what_changes_the_cell(shown):
    for setting, found in shown[::5]:
        for name, groups in (("dense", 1), ("depthwise", setting["channels"]), ("pointwise", 1)):
            step = found["steps"][name]
            assert step["sum"] == pytest.approx(array(step["y"])[-1, -1, -1], abs=1e-9)
            x, kernel = array(step["x"]), np.ones_like(array(step["kernel"]))
            assert step["terms"] == kernel[..., 0].size
            channels = x.shape[2]
            lit = np.zeros((channels, *x.shape))
            lit[np.arange(channels), :, :, np.arange(channels)] = 1
            changed = ops.conv2d(lit, kernel, groups=groups)[:, 0, 0] > 0  # channel in, channel out
            for f, (first, end) in enumerate(step["reads"]):
                assert list(np.flatnonzero(changed[:, f])) == list(range(first, end))


LAYOUT = """async ([settings, widths]) => {
  const { SIZE, stepsOf } = await import("exhibits/volumes/compute.js");
  const { layoutOf, under } = await import("exhibits/volumes/layout.js");
  const { outline, pointAt } = await import("exhibits/arithmetic/oblique.js");
  const all = [];
  for (const setting of settings) for (const [width, wide] of widths) {
    for (const [name, { x, kernel, y }] of Object.entries(stepsOf(setting))) {
      const shapes = { input: x.shape, kernel: kernel.shape, kernels: kernel.shape[3], output: y.shape };
      const layout = layoutOf(width, wide, shapes, { input: SIZE, kernel: setting.kernel });
      const front = y.shape[2] >> 1;
      const chosen = layout.kernel(Array.from({ length: kernel.shape[2] }, (_, k) => k));
      const cells = [];
      for (let row = 0; row < y.shape[0]; row++) for (let column = 0; column < y.shape[1]; column++) {
        const point = pointAt(layout.output[front], row + 0.5, column + 0.5);
        cells.push([{ part: "output", slab: front, cell: [row, column] }, under(layout, ...point, front)]);
      }
      const corners = (planes) => {
        const points = planes.flatMap(outline);
        const ends = (axis) => [Math.min, Math.max].map((end) => end(...points.map((point) => point[axis])));
        return [ends(0), ends(1)];
      };
      all.push({
        name, width, height: layout.height, cells,
        input: corners(layout.input), kernel: corners(chosen), rack: corners(layout.rack.flat()),
        output: corners(layout.output), outside: under(layout, width + 9, -9, front),
        kernelFound: under(layout, ...pointAt(layout.rack[0][0], 0.5, 0.5), front),
      });
    }
  }
  return all;
}"""


def test_volumes_lie_within_the_canvas_apart_from_each_other(modules):
    widths = [[216, False], [328, True], [540, True]]
    settings = [s for s in SETTINGS if s["filters"] != 8 and s["multiplier"] != 2]
    drawn = modules.evaluate(LAYOUT, [settings, widths])
    assert len(drawn) == len(settings) * len(widths) * 3
    for one in drawn:
        for part in ("input", "kernel", "rack", "output"):
            (left, right), (top, bottom) = one[part]
            assert 0 <= left < right <= one["width"] + 0.01, (one["name"], part)
            assert 0 <= top < bottom <= one["height"], (one["name"], part)
        assert all(asked == answered for asked, answered in one["cells"])
        assert one["outside"] is None
        assert one["kernelFound"]["part"] == "rack"
        beside = one["width"] > 300
        for before, after in (
            ("input", "kernel"),
            ("kernel", "output"),
            ("input", "rack"),
            ("rack", "output"),
        ):
            axis = 0 if beside else 1
            assert one[before][axis][1] < one[after][axis][0], (one["name"], before, after)
        assert one["kernel"][1][1] < one["rack"][1][0]


def slider(page, name):
    return page.locator(f"label:has(span:text-is('{name}')) input")


def said(page):
    return page.locator(".volumes-said").inner_text()


def says(page, words):
    """Wait until the figure says so; a key may arrive after what is asked of the page next."""
    says_so = "words => document.querySelector('.volumes-said').textContent.includes(words)"
    page.wait_for_function(says_so, arg=words)


def test_the_sources_example_shows_its_numbers(figure):
    page = figure("volumes")
    slider(page, "filters").fill("32")
    summary = page.locator(".volumes-summary").inner_text()
    assert "123 parameters and 3,075 MACs" in summary
    assert "14 % of the dense layer’s 864 and 21,600" in summary
    assert page.locator(".volumes-step").first.locator("dd").nth(2).inner_text() == "21,600"
    slider(page, "depth_multiplier").fill("2")
    assert page.locator(".volumes-title code").nth(1).inner_text() == "DepthwiseConv2D(3, depth_multiplier=2)"


def test_the_sums_written_out_are_right_and_the_same(figure):
    page = figure("volumes")
    page.get_by_text("The sums, written out").click()
    for key in ("ArrowDown", "ArrowLeft", "PageDown"):
        page.locator(".volumes canvas").first.focus()
        page.keyboard.press(key)
    says(page, "Row 3, column 2, filter 1 is ")
    value = int(re.search(r"is (\S+) either way", said(page))[1].replace("−", "-"))
    texts = [text.replace("−", "-") for text in page.locator(".volumes-written p").all_inner_texts()]
    totals = []
    for text, many in zip(texts, (27, 9, 3), strict=True):
        products = re.findall(r"\(?(-?\d+)\)? · \(?(-?\d+)\)?", text)
        totals.append(int(text.rpartition("= ")[2]))
        assert len(products) == many
        assert sum(int(a) * int(b) for a, b in products) == totals[-1]
    assert totals[0] == totals[2] == value
    assert page.locator(".exhibit-spoken").inner_text() == said(page)


def test_home_and_end_lead_to_the_ends_of_the_row_and_with_control_of_all(figure):
    page = figure("volumes")
    canvas = page.locator(".volumes canvas").first
    canvas.focus()
    for key, place in (
        ("End", "Row 2, column 4, filter 0"),
        ("Home", "Row 2, column 0, filter 0"),
        ("Control+End", "Row 4, column 4, filter 7"),
        ("Home", "Row 4, column 0, filter 7"),
        ("PageUp", "Row 4, column 0, filter 6"),
        ("Control+Home", "Row 0, column 0, filter 0"),
    ):
        page.keyboard.press(key)
        says(page, f"{place} is ")
    assert "Home and End" in canvas.get_attribute("aria-label")


def test_play_fills_the_output_and_counts_up_to_the_totals(figure):
    page = figure("volumes", reduced_motion="reduce")
    macs = page.locator(".volumes-facts > div:nth-child(2) dd:not(.volumes-track)")
    scrub = page.get_by_role("slider", name="Output cell")
    scrub.fill("24")  # the first filter's last cell
    assert macs.all_inner_texts() == ["675 of 5,400", "675 of 675", "75 of 600"]
    scrub.fill("198")
    assert macs.all_inner_texts() == ["5,373 of 5,400", "675 of 675", "597 of 600"]
    page.get_by_label("Speed").select_option("60")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.explorer-player input').value === '199'")
    assert macs.all_inner_texts() == ["5,400", "675", "600"]
    assert page.get_by_role("button", name="Play").is_visible()


def test_a_mouse_that_passes_does_not_stop_the_player_and_a_click_does(figure):
    page = figure("volumes")
    page.get_by_role("button", name="Play").click()
    box = page.locator(".volumes canvas").first.bounding_box()
    assert box["y"] > 0, "both are on the screen"
    for part in (0.5, 0.6, 0.7):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + 0.85 * box["height"])
    assert page.get_by_role("button", name="Pause").is_visible()
    page.mouse.down()
    page.mouse.up()
    assert page.get_by_role("button", name="Play").is_visible()


@pytest.mark.parametrize("many", [{}, {"filters": "32", "channels": "8"}])
def test_the_player_stays_where_it_is_while_it_counts(figure, many):
    page = figure("volumes", 360, has_touch=True)
    for name, value in many.items():
        field = slider(page, name)
        field.fill(field.get_attribute("max") if int(value) > int(field.get_attribute("max")) else value)
    button = page.get_by_role("button", name=re.compile("Play|Pause"))
    before = button.bounding_box()["y"]
    page.get_by_role("slider", name="Output cell").fill("123")
    assert " of " in page.locator(".volumes-facts dd").nth(2).inner_text()
    assert button.bounding_box()["y"] == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_cells_are_reached_by_mouse_and_touch(figure):
    page = figure("volumes")
    canvas = page.locator(".volumes canvas").nth(2)
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + box["height"] - 60)
    says(page, "filter 7 is")
    box = page.locator(".volumes canvas").nth(1).bounding_box()
    page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + box["height"] - 50)
    says(page, "channel 2 is")
    says(page, "from input channel 2 alone")
    phone = figure("volumes", 360, "dark", has_touch=True)
    canvas = phone.locator(".volumes canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] - 6, box["y"] + 40)
    says(phone, "filter 7 is")


@pytest.mark.parametrize("name", ["field", "volumes"])
@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (360, "light")])
def test_a_figure_fits_and_is_accessible(figure, name, width, theme):
    page = figure(name, width, theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    assert complaints(page, {"include": [".exhibit"]}) == []
    page.trouble.clear()  # axe asks for the styles again, which a page from a disk may not


PIXELS = "[...document.querySelectorAll('.exhibit canvas')].map((canvas) => canvas.toDataURL())"


@pytest.mark.parametrize("name", ["field", "volumes"])
def test_a_figure_follows_the_theme_and_prints_finely_in_the_light_one(figure, name):
    page = figure(name, theme="dark")
    dark = page.evaluate(PIXELS)
    wide = page.evaluate("document.querySelector('.exhibit canvas').width")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    light = page.evaluate(PIXELS)
    assert all(a != b for a, b in zip(dark, light, strict=True))
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.querySelector('.exhibit canvas').width") == pytest.approx(3 * wide, abs=2)
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(PIXELS) == dark
    assert page.pdf(format="A4").startswith(b"%PDF-")


@pytest.mark.parametrize(("name", "words"), [("field", "it reads 15 cells"), ("volumes", "5,400 MACs")])
def test_without_javascript_a_still_says_what_it_shows(figure, name, words):
    page = figure(name, java_script_enabled=False)
    still = page.locator(".exhibit-still [role=img]")
    assert still.is_visible()
    assert words in still.get_attribute("aria-label")
    assert page.locator(".exhibit-still svg").first.is_visible()


def test_controls_volumes_and_player_are_on_one_screen_of_a_phone(figure):
    page = figure("volumes", 360, has_touch=True)
    top = page.locator(".volumes-controls").bounding_box()
    end = page.locator(".explorer-player").bounding_box()
    assert end["y"] + end["height"] - top["y"] < 640 - 56  # below the page's own bar
