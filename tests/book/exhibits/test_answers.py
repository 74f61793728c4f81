"""One network on pictures of two sizes: the page's map of answers is Keras' own."""

import base64

import numpy as np
import pytest

from sepconv import export, models

pytestmark = pytest.mark.browser
SIZES = [(28, 28), (56, 84)]
ASK = """async ([name, args]) => {
  const { fieldOf, lay, answersOf, stepOf, writable } = await import("exhibits/arithmetic/answers.js");
  const { drawLine } = await import("exhibits/arithmetic/lines.js");
  const { tensor } = await import("exhibits/arithmetic/arrays.js");
  const { runner } = await import("exhibits/arithmetic/network.js");
  const plain = ({ shape, data }) => ({ shape, data: [...data] });
  const ways = {
    run: ([network, shape, values]) => plain(runner(network)(tensor(shape, values)).at(-1)),
    answers: ([shape, values]) => answersOf(tensor(shape, values)),
    step: ([network]) => stepOf(network),
    writable: ([height, width, every]) => writable({ height, width }, every),
    field: ([network, place, axis]) => fieldOf(network, place, axis),
    line: ([shape, values, from, to, pen]) => {
      const picture = tensor(shape, values);
      drawLine(picture, from, to, pen);
      return [...picture.data];
    },
    lay: ([shape, values, small, pixels, corner]) => {
      const picture = tensor(shape, values);
      lay(picture, tensor(small, pixels), corner);
      return [...picture.data];
    },
  };
  return ways[name](args);
}"""


@pytest.fixture(scope="module")
def champion():
    return models.champion()


@pytest.fixture(scope="module")
def network(champion):
    """Export the network as the chapter does."""
    return export.network(models.fully_convolutional(champion, (28, 28, 1)), "champion")


def strokes(size):
    """A ring and a bar, which are no digits of a data set."""
    rows, columns = np.mgrid[0 : size[0], 0 : size[1]]
    ring = np.abs(np.hypot(rows - 14, columns - 14) - 7) < 1.5
    bar = (np.abs(columns - size[1] + 14) < 2) & (np.abs(rows - size[0] / 2) < 9)
    return (ring | bar).astype("float32")[..., None]


@pytest.mark.parametrize("size", [*SIZES, (40, 33)])
def test_every_answer_is_keras_own(modules, champion, network, size):
    picture = np.random.default_rng(0).random((*size, 1), dtype="float32") * strokes(size)
    expected = np.asarray(models.fully_convolutional(champion)(picture[None], training=False))[0]
    given = [network, picture.shape, picture.ravel().tolist()]
    found = modules.evaluate(ASK, ["run", given])
    assert tuple(found["shape"]) == expected.shape
    np.testing.assert_allclose(np.reshape(found["data"], expected.shape), expected, atol=1e-5)
    answers = modules.evaluate(ASK, ["answers", [expected.shape, expected.ravel().tolist()]])
    assert answers["best"] == expected.argmax(-1).ravel().tolist()
    np.testing.assert_allclose(answers["sure"], expected.max(-1).ravel())
    assert (answers["height"], answers["width"]) == expected.shape[:2]


def test_the_step_between_windows_is_how_far_an_answer_moves_with_its_picture(modules, champion, network):
    step = modules.evaluate(ASK, ["step", [network]])
    anywhere = models.fully_convolutional(champion)
    picture = np.zeros((1, 84, 84, 1), "float32")
    picture[0, 20:48, 20:48] = strokes((28, 28))
    moved = np.roll(picture, (step, 2 * step), (1, 2))
    before, after = (np.asarray(anywhere(one, training=False))[0] for one in (picture, moved))
    assert step == 2
    np.testing.assert_allclose(before[8:16, 8:16], after[9:17, 10:18], atol=1e-5)


@pytest.mark.parametrize("every", [1, 2, 3, 4, 100])
@pytest.mark.parametrize("size", [(1, 1), (7, 12), (15, 29)])
def test_answers_are_written_as_far_apart_as_they_need_from_edge_to_edge(modules, size, every):
    written = modules.evaluate(ASK, ["writable", [*size, every]])
    for count, along in zip(size, np.unravel_index(written, size), strict=True):
        places = np.unique(along)
        assert (np.diff(places) == every).all()
        before, after = places[0], count - 1 - places[-1]
        assert 0 <= after - before <= 1
        assert before + after < every
    assert len(set(written)) == len(written) == np.prod([-(-count // every) for count in size])


@pytest.mark.parametrize("place", [(2, 3), (0, 28), (14, 13)])
def test_what_is_framed_can_change_an_answer_and_nothing_else_can(modules, champion, network, place):
    anywhere = models.fully_convolutional(champion)
    picture = np.random.default_rng(2).random((1, 56, 84, 1), dtype="float32")
    before = np.asarray(anywhere(picture, training=False))[0][place]
    field = [modules.evaluate(ASK, ["field", [network, n, axis]]) for axis, n in enumerate(place)]
    inside = np.zeros((56, 84), bool)
    inside[tuple(slice(max(0, first), last + 1) for first, last in field)] = True
    far = picture + np.where(inside, 0, 0.7)[None, ..., None].astype("float32")
    np.testing.assert_array_equal(np.asarray(anywhere(far, training=False))[0][place], before)
    rows, columns = (np.flatnonzero(inside.any(axis)) for axis in (1, 0))
    for edge in (np.s_[rows[0]], np.s_[rows[-1]], np.s_[:, columns[0]], np.s_[:, columns[-1]]):
        near = picture[..., 0].copy()
        near[0][edge] += 5 * inside[edge]
        assert np.abs(np.asarray(anywhere(near[..., None], training=False))[0][place] - before).max() > 0


@pytest.mark.parametrize("seed", range(4))
def test_a_line_is_dark_within_its_pen_and_fades_over_a_pixel(modules, seed):
    rng = np.random.default_rng(seed)
    shape, pen = (20, 30, 1), 1.1
    a, b = rng.random((2, 2)) * (34, 24) - 2  # also out of the picture
    if seed == 3:
        b = a
    before = rng.random(shape) * 0.3
    rows, columns = np.mgrid[0:20, 0:30] + 0.5
    d = b - a
    t = np.clip(((columns - a[0]) * d[0] + (rows - a[1]) * d[1]) / max(d @ d, 1e-12), 0, 1)
    near = np.hypot(columns - a[0] - t * d[0], rows - a[1] - t * d[1])
    expected = np.maximum(before[..., 0], np.clip(pen + 0.5 - near, 0, 1))
    found = modules.evaluate(ASK, ["line", [shape, before.ravel().tolist(), a.tolist(), b.tolist(), pen]])
    np.testing.assert_allclose(np.reshape(found, (20, 30)), expected, atol=1e-9)


@pytest.mark.parametrize("corner", [(2, 3), (-3, 5), (6, -2), (7, 8)])
def test_a_small_picture_is_laid_where_it_fits(modules, corner):
    rng = np.random.default_rng(1)
    large, small = rng.random((10, 12)), rng.random((5, 6))
    room = np.zeros((30, 32))
    room[10 + corner[0] : 15 + corner[0], 10 + corner[1] : 16 + corner[1]] = small
    expected = np.maximum(large, room[10:20, 10:22])
    given = [(10, 12, 1), large.ravel().tolist(), (5, 6, 1), small.ravel().tolist(), corner]
    np.testing.assert_allclose(np.reshape(modules.evaluate(ASK, ["lay", given]), (10, 12)), expected)


@pytest.fixture
def figure(live_figure, network):
    """Open the figure with a ring for its one digit."""

    def open_it(width=1280, **more):
        ring = (strokes((28, 28))[..., 0] * 255).astype("uint8")
        pixels = base64.b64encode(ring.tobytes()).decode()
        one = {"digits": [0], "corners": [[0, 0]]}
        data = {
            "network": network, "side": 28, "sizes": SIZES, "palette": ["#123456"] * 10,
            "digits": [pixels], "scenes": [[one, {"digits": [0], "corners": [[28, 56]]}]],
        }  # fmt: skip
        return live_figure("answers", data, width, **more)

    return open_it


def told(page):
    return page.locator(".answers-told").inner_text().replace("\u00a0", " ")


def test_an_answer_is_told_with_its_place_and_probability(figure, champion):
    page = figure()
    picture = np.zeros((1, 56, 84, 1), "float32")
    picture[0, 28:, 56:] = strokes((28, 28))
    expected = np.asarray(models.fully_convolutional(champion)(picture, training=False))[0]
    canvas = page.locator(".answers-picture canvas").nth(1)
    box = canvas.bounding_box()
    for row, column in ((14, 28), (0, 0), (6, 19)):
        at = [(13 + 2 * place + 1) / size for place, size in ((column, 84), (row, 56))]
        page.mouse.move(box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"])
        best = expected[row, column].argmax()
        percent = round(100 * float(expected[row, column, best]))
        wanted = f"Answer at row {row}, column {column}, of 15×29: {best}, {percent} %; next "
        assert told(page).startswith(wanted)
    captions = page.locator(".answers-picture p").all_inner_texts()
    assert captions == ["28×28 pixels: 1×1 answer", "56×84 pixels: 15×29 answers"]


INK = """n => {
  const canvas = document.querySelectorAll(".answers-picture canvas")[n];
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value) => sum + 255 - value, 0);
}"""


# Dark pixels of the canvas there: of a stroke, or of an answer that is written.
RIGHT_OF_THE_MIDDLE = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const canvas = document.querySelectorAll(".answers-picture canvas")[1];
  const [w, h] = [canvas.width, canvas.height];
  const { data } = canvas.getContext("2d").getImageData((58 * w) / 84, (27 * h) / 56, w / 14, h / 28);
  return data.filter((value, n) => n % 4 === 0 && value + data[n + 1] + data[n + 2] < 150).length;
}"""


def test_a_stroke_changes_the_picture_and_its_answers(figure):
    page = figure()
    page.get_by_role("button", name="Clear").click()
    canvas = page.locator(".answers-picture canvas").first
    page.wait_for_function(f"({INK})(0) > 0")
    before, said = page.evaluate(INK, 0), told(page)
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
    page.mouse.up()
    page.wait_for_function(f"({INK})(0) !== {before}")
    page.wait_for_function("text => document.querySelector('.answers-told').textContent !== text", arg=said)
    assert told(page).startswith("The one answer: 1, ")  # a bar
    assert page.locator("[role=status]").inner_text().replace("\u00a0", " ") == told(page)


def test_what_is_shown_anew_is_told_as_well(figure):
    page = figure()
    spoken = page.locator("[role=status]")
    assert spoken.inner_text() == "", "nothing was asked yet"
    for name in ("Clear", "Other digits", "Undo"):
        page.evaluate("() => (document.querySelector('[role=status]').textContent = '')")
        page.get_by_role("button", name=name).click()
        page.wait_for_function("() => document.querySelector('[role=status]').textContent")
        assert spoken.inner_text().replace("\u00a0", " ") == told(page)


SETTLED = """async () => {
  document.activeElement.blur();
  for (let n = 0; n < 6; n++) await new Promise((done) => requestAnimationFrame(done));
  return [...document.querySelectorAll(".answers-picture canvas")].map((canvas) => canvas.toDataURL());
}"""


def test_strokes_other_digits_and_what_clear_removed_are_taken_back(figure):
    page = figure()
    undo = page.get_by_role("button", name="Undo")
    assert undo.is_disabled(), "nothing was changed yet"
    small = page.locator(".answers-picture canvas").first
    states = [page.evaluate(SETTLED)]

    def stroke():
        small.focus()
        for key in (" ", *["ArrowDown"] * 5, " "):
            page.keyboard.press(key)

    clear = page.get_by_role("button", name="Clear")
    other = page.get_by_role("button", name="Other digits")
    for change in (clear.click, lambda: small.click(position={"x": 60, "y": 70}), stroke, other.click):
        change()
        states.append(page.evaluate(SETTLED))
        if change == clear.click:
            clear.click()  # which changes nothing
    assert [states.index(state) for state in states] == [0, 1, 2, 3, 0], "there is one scene here"
    undo.click()
    assert page.evaluate(SETTLED) == states[3]
    for key, state in (("Backspace", states[2]), ("Control+z", states[1])):
        small.focus()
        page.keyboard.press(key)
        assert page.evaluate(SETTLED) == state
    undo.click()
    assert page.evaluate(SETTLED) == states[0]
    assert undo.is_disabled()


def test_a_stroke_that_is_taken_back_while_the_mouse_is_down_goes_no_further(figure):
    page = figure()
    page.get_by_role("button", name="Clear").click()
    box = page.locator(".answers-picture canvas").first.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    page.keyboard.press("Backspace")
    page.mouse.move(box["x"] + 90, box["y"] + 90)
    page.mouse.up()
    page.get_by_role("button", name="Clear").click()  # nothing is there to remove
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_role("button", name="Undo").is_disabled()


@pytest.mark.parametrize(("touch", "begins"), [(True, "ask"), (False, "draw")])
def test_a_finger_asks_until_it_is_told_to_draw(figure, touch, begins):
    page = figure(360, has_touch=touch, is_mobile=touch)
    assert page.get_by_role("radio", name=begins).is_checked()
    canvas = page.locator(".answers-picture canvas").nth(1)
    assert (canvas.evaluate("at => getComputedStyle(at).touchAction") == "none") is (begins == "draw")


def test_keys_draw_and_ask(figure):
    page = figure()
    large = page.locator(".answers-picture canvas").nth(1)
    page.get_by_role("radio", name="ask").check()
    large.focus()
    page.keyboard.press("ArrowRight")
    assert told(page).startswith("Answer at row 0, column 1, of 15×29")
    page.keyboard.press("ArrowUp")  # there is none
    assert told(page).startswith("Answer at row 0, column 1, of 15×29")
    page.get_by_role("radio", name="draw").check()
    large.focus()
    before = told(page)
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.wait_for_function("text => document.querySelector('.answers-told').textContent !== text", arg=before)
    assert "column 14, of 15×29" in told(page)


def test_a_pen_that_only_moves_tells_where_it_is_and_one_in_the_air_draws_no_line(figure):
    page = figure()
    large = page.locator(".answers-picture canvas").nth(1)
    large.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert "column 0, of 15×29" not in told(page)
    page.get_by_role("button", name="Clear").click()
    large.blur()
    without = page.evaluate(RIGHT_OF_THE_MIDDLE)
    large.focus()
    page.keyboard.press("Space")
    large.click(position={"x": 8, "y": 8})  # lifts it
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    large.blur()
    assert page.evaluate(RIGHT_OF_THE_MIDDLE) == without
    large.focus()
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    large.blur()
    assert page.evaluate(RIGHT_OF_THE_MIDDLE) > 2 * without


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_pictures_and_the_words_are_on_one_screen_of_a_phone(figure, theme):
    page = figure(360, color_scheme=theme, has_touch=True)
    assert page.locator(".exhibit").bounding_box()["height"] < 680
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("radio", name="ask").check()
    box = page.locator(".answers-picture canvas").nth(1).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "column 14, of 15×29" in told(page)


def test_without_scripts_the_still_stays(figure):
    page = figure(java_script_enabled=False)
    assert page.locator(".exhibit-still").is_visible()
    assert not page.locator(".answers-pictures").count()
