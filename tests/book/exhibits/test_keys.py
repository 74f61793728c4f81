"""A key that is held down or pressed fast is never lost, however seldom the page is drawn."""

import pytest

pytestmark = pytest.mark.browser
PAGES = {
    "convolution": "field",
    "separable": "volumes",
    "inception": "spectrum",
    "transposed": "matrix",
    "fcn": "answers",
    "mnist": "tradeoff",
    "explorer": "explorer",
}
KEYS = ["ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight"]
PRESS = """async ([exhibit, keys, wait]) => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const root = document.querySelector(`[data-exhibit="${exhibit}"]`);
  const said = [];
  for (const taker of root.querySelectorAll("canvas[tabindex], svg[tabindex], svg [tabindex='0']")) {
    if (!taker.checkVisibility()) continue;
    taker.focus();
    for (const key of keys) {
      taker.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      if (wait) await frame();
    }
    await frame();
    said.push(root.innerText);
  }
  return said;
}"""


@pytest.mark.parametrize(("page", "exhibit"), PAGES.items())
def test_keys_in_one_frame_do_what_they_do_in_many(opened, page, exhibit):
    slowly = opened(page).evaluate(PRESS, [exhibit, KEYS, True])
    untouched = opened(page).evaluate(PRESS, [exhibit, [], True])
    at_once = opened(page).evaluate(PRESS, [exhibit, KEYS, False])
    assert slowly
    assert slowly[0] != untouched[0]
    assert at_once == slowly


ENDS = {*PAGES.items(), ("inception", "networks"), ("transposed", "checkerboard"), ("mnist", "depth")}
END = """async ([exhibit, over]) => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const root = document.querySelector(`[data-exhibit="${exhibit}"]`);
  const asks = root.querySelector("input[type=radio][value=ask]");
  if (asks) asks.click();
  const taker = [...root.querySelectorAll(over)].find((one) => one.checkVisibility());
  const said = {};
  for (const key of ["End", "Home", "ArrowRight", "End", "Home"]) {
    taker.focus();
    const at = document.activeElement;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    await frame();
    (said[key] ??= []).push(root.innerText);
  }
  return said;
}"""
OVER = {"networks": ".networks-block", "tradeoff": "svg [tabindex='0']", "answers": "div:last-child > canvas"}


@pytest.mark.parametrize(("page", "exhibit"), sorted(ENDS))
def test_home_and_end_lead_to_the_ends_in_every_figure(opened, page, exhibit):
    over = OVER.get(exhibit, "canvas[tabindex], svg[tabindex]")
    said = opened(page).evaluate(END, [exhibit, over])
    first, again = said["Home"]
    assert first == again
    last, again = said["End"]
    assert last == again
    assert len({first, last, *said["ArrowRight"]}) == 3


HOLD = """window.held = [];
window.setTimeout = new Proxy(window.setTimeout, {
  apply: (real, self, [run, wait, ...rest]) =>
    wait > 0 ? held.push(run) : Reflect.apply(real, self, [run, wait, ...rest]),
});"""
LET_GO = """async (exhibit) => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const root = document.querySelector(`[data-exhibit="${exhibit}"]`);
  await frame();
  const before = root.innerText;
  held.splice(0).forEach((run) => typeof run === "function" && run());
  await frame();
  return [before, root.innerText];
}"""


@pytest.mark.parametrize(("page", "exhibit"), sorted(ENDS))
def test_nothing_of_a_figure_that_is_shown_comes_later(chromium, site, page, exhibit):
    tab = chromium.new_page(viewport={"width": 1280, "height": 1000})
    tab.add_init_script(HOLD)
    tab.goto((site / "book" / f"{page}.html").as_uri())
    tab.wait_for_selector(f"[data-exhibit={exhibit}].exhibit-live")
    before, after = tab.evaluate(LET_GO, exhibit)
    tab.close()
    assert before == after != ""
