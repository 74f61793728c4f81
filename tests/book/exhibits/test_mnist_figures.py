"""The figures of MNIST compared: accuracy against cost, and maps by depth."""

import base64

import numpy as np
import pytest

from sepconv import export, models, ops
from sepconv.compared import compared
from sepconv.weights import published, results

pytestmark = pytest.mark.browser
THEME = "html { font: 16px/1.65 system-ui } body { margin: 0 16px }"  # what takes room
TRADEOFF = """async ([points, name, args]) => {
  const module = await import("exhibits/arithmetic/tradeoff.js");
  return module[name](...(points ? [points] : []), ...args);
}"""
SCALE = """async ([values, span]) => {
  const { logScale } = await import("exhibits/arithmetic/tradeoff.js");
  return values.map(logScale(span, [100, 300]));
}"""


def points():
    """All networks that the project knows, as the chapter hands them over."""
    kinds = {"curve": "curve", "sources": "source", "champion": "champion"}
    trained = [row for row in compared(results()) if row["part"] in kinds]  # teachers are not compared
    return [row | {"kind": kinds[row["part"]]} for row in trained] + [
        {key: one[key] for key in ("name", "family", "parameters", "by", "chosen")}
        | {"kind": "published", "label": one["short"], "macs": None, "test": [one["test"]]}
        for one in published()
    ]


def test_a_spread_is_numpys(modules):
    for values in ([0.9], [0.9, 0.95], [row["test"] for row in results()]):
        shown = modules.evaluate(TRADEOFF, [None, "spread", [values]])
        expected = [np.mean(values), np.min(values), np.max(values)]
        np.testing.assert_allclose([shown["mean"], shown["least"], shown["most"]], expected)
        if len(values) == 1:
            assert shown["deviation"] is None
        else:
            assert shown["deviation"] == pytest.approx(np.std(values, ddof=1))


def test_a_scale_turns_ratios_into_distances(modules):
    values = [5, 10, 20, 80]
    expected = 100 + 200 * np.log2(np.array(values) / 5) / 4
    np.testing.assert_allclose(modules.evaluate(SCALE, [values, [5, 80]]), expected)
    assert modules.evaluate(TRADEOFF, [None, "ticks", [[0.004, 0.3]]]) == [0.005, 0.01, 0.02, 0.05, 0.1, 0.2]
    assert modules.evaluate(TRADEOFF, [None, "ticks", [[300, 9000]]]) == [500, 1000, 2000, 5000]


@pytest.mark.parametrize("axis", ["parameters", "macs"])
def test_what_is_better_costs_no_more_and_errs_less(modules, axis):
    every = points()
    order = modules.evaluate(TRADEOFF, [every, "inOrder", [axis]])
    assert sorted(order) == [n for n, one in enumerate(every) if one[axis]]
    assert [every[n][axis] for n in order] == sorted(one[axis] for one in every if one[axis])
    for n in order:
        ahead = modules.evaluate(TRADEOFF, [every, "better", [n, axis]])
        assert set(ahead) == {
            k
            for k in order
            if every[k][axis] <= every[n][axis] and np.mean(every[k]["test"]) > np.mean(every[n]["test"])
        }


@pytest.fixture
def tradeoff(live_figure):
    """Open the chart with the project's own numbers."""

    def open_it(width=1280, **more):
        axes = {"parameters": "parameters", "macs": "multiply-accumulates for an image"}
        return live_figure(
            "tradeoff", {"axes": axes, "at": "champion 1427", "points": points()}, width, **more
        )

    return open_it


def told(page):
    return page.locator(".tradeoff-told").inner_text().replace("\u00a0", " ")


def across(page):
    """Horizontal places of the points, in pixels; of those that are on the axis."""
    return page.eval_on_selector_all(
        ".tradeoff-point[role=img]",
        "all => all.map((one) => one.hidden || one.hasAttribute('hidden') ? null "
        ": +one.getAttribute('transform').match(/[\\d.]+/)[0])",
    )


def test_the_chart_tells_of_a_network_its_seeds_and_their_spread(tradeoff):
    page = tradeoff()
    runs = [run["test"] for run in results() if run["recipe"]["name"] == "champion_1427"]
    shown = told(page)
    assert shown.startswith("champion 1427, separable")
    assert f"{100 * np.mean(runs):.2f} % ± {100 * np.std(runs, ddof=1):.2f}" in shown
    assert all(f"seed {seed}: {100 * test:.2f} %" in shown for seed, test in enumerate(runs))
    for n, one in enumerate(points()):  # by pointer, every one of them
        mark = page.locator(".tradeoff-point[role=img]").nth(n).locator(".tradeoff-mark")
        box = mark.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert f"{one['parameters']:,} parameters" in told(page)
        assert f"{100 * np.mean(one['test']):.2f} %" in told(page)


def test_the_chart_is_walked_by_keyboard_in_the_order_of_cost(tradeoff):
    page = tradeoff()
    page.locator(".tradeoff-looked").focus()
    page.keyboard.press("Home")
    seen = [told(page)]
    for _ in points()[1:]:
        page.keyboard.press("ArrowRight")
        seen.append(told(page))
    costs = [one["parameters"] for one in points()]
    assert [f"{cost:,} parameters" in text for cost, text in zip(sorted(costs), seen, strict=True)] == [
        True
    ] * len(costs)
    assert len(set(seen)) == len(costs)
    label = page.locator(":focus").get_attribute("aria-label")
    assert label.startswith(seen[-1].split("\n")[0])
    assert page.locator(".tradeoff-point[tabindex='0']").count() == 1


def test_points_move_to_macs_and_those_without_leave(tradeoff):
    page = tradeoff(reduced_motion="no-preference")
    before = across(page)
    page.get_by_role("radio", name="MACs").check()
    page.wait_for_function("document.querySelectorAll('.tradeoff-point[role=img][hidden]').length > 0")
    after = across(page)
    assert None not in before
    every = points()
    assert [place is None for place in after] == [one["macs"] is None for one in every]
    there = [(one["macs"], place) for one, place in zip(every, after, strict=True) if place is not None]
    macs, places = np.array(sorted(there)).T
    slope = np.polyfit(np.log(macs), places, 1)
    np.testing.assert_allclose(np.polyval(slope, np.log(macs)), places, atol=0.02)


def test_points_jump_where_motion_is_reduced(tradeoff):
    page = tradeoff(reduced_motion="reduce")
    places = page.evaluate("""() => {
      document.querySelector("input[value=macs]").click();
      return document.querySelectorAll(".tradeoff-point[role=img][hidden]").length;
    }""")
    assert places == len([one for one in points() if one["macs"] is None])


def middle_of(page, n):
    """Where a network's mark lies."""
    box = page.locator(".tradeoff-point[role=img]").nth(n).locator(".tradeoff-mark").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def apart(page):
    """Two marks that lie alone, so that a pointer can mean no other."""
    places = [middle_of(page, n) for n in range(page.locator(".tradeoff-point[role=img]").count())]
    alone = [
        n
        for n, own in enumerate(places)
        if all(np.hypot(*np.subtract(own, other)) > 30 for other in places if other != own)
    ]
    assert len(alone) >= 2
    return alone[0], alone[-1]


def test_the_mouse_asks_of_the_nearest_network_and_a_click_holds_it(tradeoff):
    page = tradeoff()
    one, other = apart(page)

    def asked(n, click=False):
        page.mouse.move(*middle_of(page, n))
        if click:
            page.mouse.down()
            page.mouse.up()
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
        return told(page)

    first, second = asked(one), asked(other)
    assert first != second
    assert page.locator(".tradeoff-point[role=img]").nth(other).get_attribute("tabindex") == "0"
    assert asked(one, click=True) == first
    assert asked(other) == first, "after a click the mouse can leave it"
    assert asked(other, click=True) == second
    page.keyboard.press("Escape")
    page.locator(".tradeoff-looked").press("Escape")
    assert asked(one) == first, "Escape lets go"
    box = page.locator(".tradeoff-chart").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    assert told(page) == first, "far from all networks the last one stays"


def test_a_finger_asks_of_the_network_that_it_taps(tradeoff):
    page = tradeoff(360, has_touch=True)
    one, other = apart(page)
    page.touchscreen.tap(*middle_of(page, one))
    first = told(page)
    page.touchscreen.tap(*middle_of(page, other))
    assert told(page) != first
    x, y = middle_of(page, one)
    page.touchscreen.tap(x + 10, y)
    assert told(page) == first, "near is enough"


def test_what_is_not_published_is_not_shown_as_a_cost(tradeoff):
    page = tradeoff(reduced_motion="reduce")
    page.locator(".tradeoff-published").first.focus()
    assert "MACs not published" in told(page)
    assert "stated by its author" in told(page)
    assert "one run" in told(page)
    luckiest = page.locator(".tradeoff-published").nth([one["short"] for one in published()].index("D"))
    luckiest.focus()
    assert "the best of some 700 networks, by the test images" in told(page)
    page.locator(".tradeoff-published").first.focus()
    n, known = next((n, one) for n, one in enumerate(points()) if len(one.get("label", "")) == 1)
    name = known["name"]
    page.locator(".tradeoff-point[role=img]").nth(n).focus()
    before = told(page)
    assert before.startswith(f"{known['label']}: {name}"), "with its letter in the chart"
    page.get_by_role("radio", name="MACs").check()
    why, other, *_ = told(page).split("\n\n")
    assert why.startswith(before.split("\n")[0])
    assert why.endswith("MACs not published, so it is not shown. In its place:")
    assert name not in other
    page.get_by_role("radio", name="parameters").check()
    assert told(page) == before, "and back"
    page.get_by_role("radio", name="MACs").check()
    page.locator(".tradeoff-looked").press("End")
    chosen = told(page)
    assert "In its place" not in chosen
    page.get_by_role("radio", name="parameters").check()
    assert told(page).split("\n")[0] == chosen.split("\n")[0], "what was chosen since then stays"


def test_of_points_that_cover_each_other_the_next_tap_gives_the_next(tradeoff):
    page = tradeoff(360, has_touch=True)
    box = page.locator(".tradeoff-published").first.locator(".tradeoff-mark").bounding_box()
    seen = []
    for _ in range(3):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        seen.append(told(page).split("\n")[0])
    assert seen == ["the source, dense", "the source's network, as printed, dense", "the source, dense"]


def test_a_change_of_mind_on_the_way_moves_on_from_there(tradeoff):
    page = tradeoff(reduced_motion="no-preference")
    steps = page.evaluate("""() => new Promise((done) => {
      const first = document.querySelector(".tradeoff-curve");
      const at = () => +first.getAttribute("transform").match(/[\\d.]+/)[0];
      const pick = (axis) => document.querySelector(`input[value=${axis}]`).click();
      const places = [at()];
      pick("macs");
      setTimeout(() => {
        places.push(at());
        pick("parameters");
        requestAnimationFrame(() => places.push(at()));
      }, 300);
      setTimeout(() => { places.push(at()); done(places); }, 1800);
    })""")
    before, on_the_way, turned, after = steps
    assert after == before
    assert abs(turned - on_the_way) < abs(on_the_way - before) / 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_chart_and_answer_are_on_one_screen_of_a_phone(tradeoff, theme):
    page = tradeoff(360, color_scheme=theme, has_touch=True)
    mark = page.locator(".tradeoff-point[role=img]").nth(5).locator(".tradeoff-mark").bounding_box()
    page.touchscreen.tap(mark["x"] - 12, mark["y"] + 8)  # near is enough
    assert told(page).startswith(points()[5]["name"])
    page.add_style_tag(content=THEME)
    assert page.locator(".exhibit").bounding_box()["height"] < 680
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


LAYERS = """async ([network, maps]) => {
  const { layersOf } = await import("exhibits/arithmetic/depth.js");
  return layersOf(network).map(({ filter, ...facts }, n) => ({ ...facts, filter: filter(maps[n]) }));
}"""
NETWORKS = {"Dense": "mnist_dense_relu", "Separable": "mnist_separable_relu"}


@pytest.mark.parametrize("name", [*NETWORKS.values(), "mnist_separable"])
@pytest.mark.parametrize("maps", [(0, 0, 0), (5, 11, 30)])
def test_the_weights_below_a_map_make_it_from_the_layer_before_as_in_keras(modules, name, maps):
    model = models.pretrained(name)
    shown = modules.evaluate(LAYERS, [export.network(model), list(maps)])
    x = np.random.default_rng(0).random((1, 28, 28, 1), dtype="float32")
    assert len(shown) == 3
    for layer, chosen, facts in zip(model.layers, maps, shown, strict=False):
        patterns, factors = facts["filter"]["patterns"], facts["filter"]["factors"] or [1] * facts["channels"]
        kernel = np.array([np.multiply(p, f) for p, f in zip(patterns, factors, strict=True)])
        kernel = kernel.T.reshape(*facts["size"], facts["channels"], 1)
        made = (
            ops.conv2d(np.asarray(x), kernel, strides=layer.strides)[..., 0] + np.asarray(layer.bias)[chosen]
        )
        x = layer(x)
        expected = np.asarray(x)[..., chosen]
        np.testing.assert_allclose(np.maximum(made, 0) if "relu" in name else made, expected, atol=1e-4)
        assert facts["maps"] == x.shape[-1]
        weights = layer.count_params() - x.shape[-1]  # without biases
        assert facts["own"] * facts["maps"] + facts["shared"] == weights
        separable = "separable" in name
        assert facts["separable"] == separable == (facts["filter"]["factors"] is not None)


def seen_digits():
    """Two pictures of strokes that are no digit of a data set."""
    rows, columns = np.mgrid[0:28, 0:28]
    ring = np.abs(np.hypot(rows - 14, columns - 14) - 7) < 2
    bar = (np.abs(columns - 14) < 2) & (np.abs(rows - 14) < 9)
    return np.stack([ring, bar]).astype("uint8") * 255


@pytest.fixture
def depth(live_figure):
    """Open the figure of maps with both networks and two pictures."""

    def open_it(width=1280, **more):
        digits = [
            {"label": n, "pixels": base64.b64encode(image.tobytes()).decode()}
            for n, image in enumerate(seen_digits())
        ]
        networks = [export.network(models.pretrained(name), title) for title, name in NETWORKS.items()]
        data = {"at": 0, "map": 3, "networks": networks, "digits": digits}
        return live_figure("depth", data, width, **more)

    return open_it


def answers(page):
    return [text.replace("\u00a0", " ") for text in page.locator(".depth-answer").all_inner_texts()]


def test_both_networks_read_the_chosen_digit_as_keras_does(depth):
    page = depth()
    for n, image in enumerate(seen_digits()):
        page.locator(".depth-digits button").nth(n).click()
        for shown, name in zip(answers(page), NETWORKS.values(), strict=True):
            probabilities = np.asarray(models.pretrained(name)(image[None, ..., None] / 255.0))[0]
            said = f"says {probabilities.argmax()}, {round(100 * float(probabilities.max()))} % sure"
            assert shown.endswith(said)


def test_a_map_is_chosen_in_both_networks_by_mouse_and_keyboard(depth):
    page = depth()
    say = page.locator(".depth-say")
    assert say.inner_text().startswith("Layer 1, map 4 of 8. Dense: strongest ")
    second = page.locator(".depth-network").nth(1).locator(".depth-maps").nth(1)
    box = second.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3)
    image = seen_digits()[0][None, ..., None] / 255.0
    parts = []
    for title, name in NETWORKS.items():
        maps = image
        for layer in models.pretrained(name).layers[:2]:
            maps = np.asarray(layer(maps))
        own = ["200 weights of its own.", "8 weights of its own, 200 that all 16 maps share."]
        most = maps[..., 15].max()
        strength = f"strongest {most:.1f}" if most > 0 else "nothing but zeros"
        parts.append(f"{title}: {strength}; {own[len(parts)]}")
    assert say.inner_text() == f"Layer 2, map 16 of 16. {' '.join(parts)}"
    page.locator(".depth-network").first.locator(".depth-maps").nth(2).focus()
    assert say.inner_text().startswith("Layer 3, map 1 of 32.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert say.inner_text().startswith("Layer 3, map 18 of 32.")  # sixteen side by side
    page.keyboard.press("ArrowDown")
    assert say.inner_text().startswith("Layer 3, map 18 of 32.")  # there is no row below
    for key, number in (("Home", 17), ("End", 32), ("Control+Home", 1), ("End", 16), ("Control+End", 32)):
        page.keyboard.press(key)
        assert say.inner_text().startswith(f"Layer 3, map {number} of 32."), key
    assert "Home and End" in page.locator(":focus").get_attribute("aria-label")
    assert page.locator(".depth-filter").nth(1).get_attribute("aria-label").count(",") >= 15


def test_colours_of_one_scale_show_which_maps_are_faint(depth):
    page = depth()
    ink = """() => {
      const canvas = document.querySelectorAll(".depth-network")[1].querySelector(".depth-maps");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.reduce((sum, value) => sum + 255 - value, 0);
    }"""
    each = page.evaluate(ink)
    page.get_by_role("radio", name="whole layer").check()
    page.wait_for_function(f"({ink})() !== {each}")
    assert page.evaluate(ink) < each


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_maps_weights_and_words_are_on_one_screen_of_a_phone(depth, theme):
    page = depth(360, color_scheme=theme, has_touch=True)
    maps = page.locator(".depth-maps")
    box = maps.nth(2).bounding_box()
    page.touchscreen.tap(box["x"] + 9, box["y"] + box["height"] - 8)
    assert page.locator(".depth-say").inner_text().startswith("Layer 3, map 25 of 32.")  # eight side by side
    page.add_style_tag(content=THEME)
    assert page.locator(".exhibit").bounding_box()["height"] < 680
    left, right = (network.bounding_box() for network in page.locator(".depth-network").all())
    assert left["y"] == right["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
