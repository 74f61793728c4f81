"""The stack of layers shows the receptive fields that Keras' layers have."""

import itertools
import re

import numpy as np
import pytest
from keras import layers

from sepconv import figures, ops

pytestmark = pytest.mark.browser
SIZE = 21
WAYS = """async (asked) => {
  const { axesOf, sizesOf, waysOf, placesOf, fieldWidth } = await import("exhibits/arithmetic/paths.js");
  const { SIZE, lookAt, shared } = await import("exhibits/field/compute.js");
  return asked.map(({ layers, cell }) => {
    const axes = axesOf(SIZE, layers);
    const along = (place) => waysOf(axes, SIZE, cell[0], place).map((ways) => [...ways]);
    const [rows, columns] = [along(cell[1]), along(cell[2])];
    const { reached, holes, field, weights, rule } = lookAt(layers, cell);
    const places = placesOf(axes);
    const common = shared(layers, cell);
    return {
      size: SIZE, sizes: sizesOf(SIZE, axes), rows, columns, places, width: fieldWidth(layers),
      reached, holes, field, weights, rule, common,
    };
  });
}"""


def stack(*arguments):
    return [dict(zip(("kernel", "strides", "dilation"), layer, strict=True)) for layer in arguments]


def random_stack(rng):
    kinds = [
        (int(rng.integers(1, 6)), int(rng.integers(1, 4)), 1),
        (int(rng.integers(1, 6)), 1, int(rng.integers(1, 5))),
    ]
    return [kinds[int(rng.integers(2))] for _ in range(int(rng.integers(1, 5)))]


def sizes_of(arguments):
    sizes = [SIZE]
    for _, strides, _ in arguments:
        sizes.append(-(-sizes[-1] // strides))
    return sizes


def asked_of(seed, count):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        arguments = random_stack(rng)
        level = int(rng.integers(0, len(arguments) + 1))
        size = sizes_of(arguments)[level]
        yield arguments, [level, *(int(n) for n in rng.integers(0, size, 2))]


def keras_layers(arguments):
    return [
        layers.Conv2D(
            1, kernel, strides, "same", dilation_rate=dilation, use_bias=False, kernel_initializer="ones"
        )
        for kernel, strides, dilation in arguments
    ]


def test_ways_are_what_each_cell_adds_to_a_result_of_keras_layers_whose_weights_are_one(modules):
    asked = list(asked_of(1, 25))
    shown = modules.evaluate(WAYS, [{"layers": stack(*a), "cell": c} for a, c in asked])
    for (arguments, (level, row, column)), found in zip(asked, shown, strict=True):
        built = keras_layers(arguments)
        for below in range(level + 1):
            size = found["sizes"][below]
            y = np.eye(size * size, dtype="float32").reshape(-1, size, size, 1)  # a picture for each cell
            for layer in built[below:level]:
                y = np.asarray(layer(y))
            assert y.shape[1] == found["sizes"][level]
            mine = np.outer(found["rows"][below], found["columns"][below])
            np.testing.assert_array_equal(
                mine.ravel(), y[:, row, column, 0], err_msg=f"{arguments}, level {below}"
            )


def test_ways_upwards_are_what_one_cell_changes(modules):
    asked = list(asked_of(2, 60))
    shown = modules.evaluate(WAYS, [{"layers": stack(*a), "cell": c} for a, c in asked])
    for (arguments, (level, row, column)), found in zip(asked, shown, strict=True):
        size = found["sizes"][level]
        y = np.zeros((1, size, size, 1))
        y[0, row, column] = 1
        for above, (kernel, strides, dilation) in enumerate(arguments[level:], start=level + 1):
            y = ops.conv2d(y, np.ones((kernel, kernel, 1, 1)), strides, "same", dilation)
            np.testing.assert_array_equal(
                np.outer(found["rows"][above], found["columns"][above]), y[0, :, :, 0]
            )


def test_a_cell_lies_over_the_middle_of_what_it_sees(modules):
    arguments = [(3, 2, 1), (4, 1, 1), (3, 1, 2)]
    size = sizes_of(arguments)[-1]
    found = modules.evaluate(WAYS, [{"layers": stack(*arguments), "cell": [3, size // 2, size // 2]}])[0]
    ways = np.array(found["rows"][0])
    assert np.count_nonzero(ways) == found["width"]  # no border in the way
    place = found["places"][-1]
    assert np.average(np.arange(SIZE) + 0.5, weights=ways) == pytest.approx(
        place["middle"] + size // 2 * place["step"]
    )


def test_the_width_is_that_of_the_chapters_rule_and_of_its_count(modules):
    for arguments in ([(3, 1, 1)] * 3, [(3, 2, 1), (3, 2, 1), (3, 1, 1)], [(3, 1, 1), (3, 1, 2), (3, 1, 4)]):
        middle = sizes_of(arguments)[-1] // 2
        cell = [len(arguments), middle, middle]
        found = modules.evaluate(WAYS, [{"layers": stack(*arguments), "cell": cell}])[0]
        width = 1
        for kernel, strides, dilation in reversed(arguments):
            width = (width - 1) * strides + (kernel - 1) * dilation + 1
        assert found["width"] == found["rule"] == found["field"][0] == width
        assert (found["reached"], found["holes"]) == (width**2, 0)
        assert found["weights"] == sum(kernel**2 for kernel, *_ in arguments)


def test_the_same_dilation_again_leaves_holes_and_shares_nothing_with_its_neighbour(modules):
    gridded, doubled = stack(*[(3, 1, 2)] * 3), stack((3, 1, 1), (3, 1, 2), (3, 1, 4))
    holes, none = modules.evaluate(WAYS, [{"layers": one, "cell": [3, 10, 10]} for one in (gridded, doubled)])
    assert (holes["field"], holes["reached"], holes["holes"], holes["common"]) == ([13, 13], 49, 120, 0)
    assert (none["field"], none["reached"], none["holes"], none["common"]) == ([15, 15], 225, 0, 15 * 14)


def test_strides_with_dilation_are_never_asked_of_keras_which_refuses_them(modules):
    changed = modules.evaluate("""async () => {
      const { RANGES, withArgument } = await import("exhibits/field/compute.js");
      const all = [];
      const range = ([least, most]) => Array.from({ length: most - least + 1 }, (_, n) => least + n);
      for (const strides of range(RANGES.strides)) for (const dilation of range(RANGES.dilation)) {
        if (strides > 1 && dilation > 1) continue;
        for (const name of ["strides", "dilation"]) for (const value of range(RANGES[name])) {
          const answer = withArgument({ kernel: 3, strides, dilation }, name, value);
          all.push([[strides, dilation], name, value, answer]);
        }
      }
      return all;
    }""")
    assert len(changed) > 50
    for (strides, dilation), name, value, answer in changed:
        layer = answer["layer"]
        assert layer[name] == value
        other = "dilation" if name == "strides" else "strides"
        had = {"strides": strides, "dilation": dilation}[other]
        assert answer["reset"] == (other if value > 1 and had > 1 else "")
        assert layer[other] == (1 if answer["reset"] else had)
        layers.Conv2D(1, 3, strides=layer["strides"], dilation_rate=layer["dilation"])
        if answer["reset"]:
            with pytest.raises(ValueError, match="not supported in conjunction"):
                layers.Conv2D(1, 3, strides=max(value, 2), dilation_rate=max(had, 2))


LAYOUT = """async (asked) => {
  const { levelsOf, SIZE } = await import("exhibits/field/compute.js");
  const { layoutOf, under } = await import("exhibits/field/layout.js");
  const { outline, pointAt } = await import("exhibits/arithmetic/oblique.js");
  return asked.map(([layers, width]) => {
    const { sizes, places } = levelsOf(layers);
    const { floors, height } = layoutOf(width, SIZE, sizes, places);
    const top = floors.length - 1;
    const cells = [];
    for (let row = 0; row < sizes[top]; row++) for (let column = 0; column < sizes[top]; column++) {
      cells.push([[top, row, column], under(floors, ...pointAt(floors[top], row + 0.5, column + 0.5))]);
    }
    return { height, corners: floors.flatMap(outline), cells, outside: under(floors, -5, -5) };
  });
}"""


def test_floors_lie_within_the_canvas_and_a_point_finds_its_cell(modules):
    stacks = [stack(*arguments) for arguments, _ in asked_of(3, 12)]
    shown = modules.evaluate(LAYOUT, [[one, width] for one in stacks for width in (328, 404)])
    for (_, width), found in zip(itertools.product(stacks, (328, 404)), shown, strict=True):
        across, down = np.transpose(found["corners"])
        assert 0 <= across.min() < across.max() <= width
        assert 16 <= down.min() < down.max() <= found["height"]
        assert all(asked == answered for asked, answered in found["cells"])
        assert found["outside"] is None


def test_floors_of_few_cells_stay_about_as_wide_as_the_input(modules):
    stacks = [stack((kernel, 3, 1), *[(kernel, 3, 1)] * n) for kernel in (3, 5) for n in range(5)]
    for found in modules.evaluate(LAYOUT, [[one, 404] for one in stacks]):
        floors = np.reshape(found["corners"], (-1, 4, 2))
        widths = floors[:, 1, 0] - floors[:, 0, 0]
        assert widths.max() < 1.5 * widths[0]
        assert all(asked == answered for asked, answered in found["cells"])


def said(page):
    return page.locator(".field-said").inner_text()


def says(page, words):
    """Wait until the figure says so; a key may arrive after what is asked of the page next."""
    page.wait_for_function(
        "words => document.querySelector('.field-said').textContent.includes(words)", arg=words
    )


def test_a_stack_is_chosen_changed_and_read_out(figure):
    page = figure("field")
    assert page.locator(".field-width").inner_text() == "15×15 pixels"
    page.get_by_role("button", name="dilations 2, 2, 2").click()
    assert "reads only 49 of these 169: 120 are holes" in said(page)
    assert "shares none of them with its right neighbour" in said(page)
    page.get_by_label("layer 1, dilation_rate").focus()
    page.get_by_label("layer 1, dilation_rate").select_option("1")
    assert page.locator(".field-width").inner_text() == "11×11 pixels"
    assert page.locator("[aria-pressed=true]").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "layer 1, dilation_rate"
    page.get_by_label("layer 2, strides").select_option("2")
    assert "dilation_rate is back at 1" in page.locator(".exhibit-trouble").inner_text()
    assert page.get_by_label("layer 2, dilation_rate").input_value() == "1"
    for _ in range(2):
        page.get_by_role("button", name="Add a layer").click()
    assert page.get_by_role("button", name="Add a layer").is_disabled()
    assert page.locator(".field-layers tbody tr").count() == 5
    for _ in range(4):
        page.get_by_role("button", name="Remove a layer").click()
    assert page.get_by_role("button", name="Remove a layer").is_disabled()
    assert page.locator(".field-width").inner_text() == "3×3 pixels"


def test_any_cell_of_any_layer_is_reached_by_mouse_keyboard_and_touch(figure):
    page = figure("field")
    canvas = page.locator(".field canvas")
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowUp")
    says(page, "Layer 2, row 9, column 9 sees 7×7 pixels.")
    assert page.locator(".exhibit-spoken").inner_text() == said(page)
    for _ in range(3):
        page.keyboard.press("PageDown")
    says(page, "The pixel at row 9, column 9 reaches ")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    says(page, "Layer 3, row ")
    phone = figure("field", 360, "dark", has_touch=True)
    box = phone.locator(".field canvas").bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20)
    says(phone, "The pixel at row ")


def test_a_pixel_that_nothing_reads_is_said_to_be_one(figure):
    page = figure("field")
    page.get_by_role("button", name="plain").click()
    page.get_by_label("layer 1, kernel_size").select_option("1")
    page.get_by_label("layer 1, strides").select_option("3")
    page.locator(".field canvas").focus()
    for _ in range(5):
        page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    says(page, "Nothing reads the pixel at row 9, column 10: no result of layer 3 depends on it.")


def test_at_the_border_the_rest_is_padding(figure):
    page = figure("field")
    page.locator(".field canvas").focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    says(page, "column 0 sees 15×8 pixels. The rest of its 15×15 is padding. It reads all 120.")


def test_the_still_draws_what_the_chapter_counts():
    alt = figures.receptive_field([(3, 1, 2)] * 3, size=SIZE).alt
    assert alt.endswith("Of the input it reads 7 cells, spread over 13.")
    drawn = figures.receptive_field([(3, 1, 1), (3, 1, 2), (3, 1, 4)])
    assert len(re.findall(r'<rect class="sc-reads"|<rect [^>]*class="sc-reads"', drawn.html)) == 15 + 7 + 3
    assert drawn.html.count("<line ") == 3 + 9 + 21


def test_the_still_reads_what_ops_changes():
    rng = np.random.default_rng(4)
    for _ in range(30):
        arguments = random_stack(rng)
        y = np.eye(SIZE)[:, None, :, None]
        for kernel, strides, dilation in arguments:
            y = (
                ops.conv2d(y, np.ones((1, kernel, 1, 1)), (1, strides), "same", dilation)
                if strides == 1
                else ops.conv2d(y, np.ones((1, kernel, 1, 1)), strides, "same")
            )
        changed = np.flatnonzero(y[:, 0, y.shape[2] // 2, 0])
        spread = changed.max() - changed.min() + 1
        alt = figures.receptive_field(arguments, size=SIZE).alt
        assert alt.endswith(f"it reads {len(changed)} cells, spread over {spread}."), arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "layers must be one or more"),
        (([(3, 2, 2)],), r"not both of the last two above one, got \(3, 2, 2\)"),
        (([(3, 1)],), "layers must be"),
        (([(3, 1, 1)], 32), "size must be 1 to 31, got 32"),
    ],
)
def test_a_stack_that_is_none_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        figures.receptive_field(*arguments)


@pytest.mark.parametrize(
    ("layer", "argument", "value", "cell"),
    [
        (1, "kernel_size", "5", "Layer 2, row 3, column 12"),
        (3, "kernel_size", "1", "Layer 2, row 3, column 12"),
        (1, "strides", "3", "Layer 2, row 1, column 4"),
    ],
)
def test_another_argument_keeps_the_cell_that_is_looked_at(figure, layer, argument, value, cell):
    page = figure("field")
    canvas = page.locator(".field canvas")
    canvas.focus()
    for key in ("PageDown", *["ArrowUp"] * 7, "ArrowRight", "ArrowRight"):
        canvas.press(key)
    said = page.locator(".field-said")
    assert said.inner_text().startswith("Layer 2, row 3, column 12 ")
    page.get_by_label(f"layer {layer}, {argument}").select_option(value)
    assert said.inner_text().startswith(f"{cell} ")


def test_the_highest_layer_stays_the_highest_at_its_place(figure):
    page = figure("field")
    said = page.locator(".field-said")
    assert said.inner_text().startswith("Layer 3, row 10, column 10 ")
    page.get_by_role("button", name="Add a layer").click()
    assert said.inner_text().startswith("Layer 4, row 10, column 10 ")
    page.get_by_label("layer 1, strides").select_option("3")
    assert said.inner_text().startswith("Layer 4, row 3, column 3 ")
    for _ in range(2):
        page.get_by_role("button", name="Remove a layer").click()
    assert said.inner_text().startswith("Layer 2, row 3, column 3 ")
