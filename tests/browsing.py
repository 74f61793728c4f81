"""What tests that drive a browser share."""

LISTEN = """() => addEventListener(
  "keydown", () => { window.keysAreHeard = true; }, { once: true, capture: true },
)"""
TRIES = 3000


def until_keys_are_heard(page) -> None:
    """Wait until the page hears its keyboard: Chromium drops input before the first paint.

    Raises
    ------
    TimeoutError
        A key that means nothing alone was pressed `TRIES` times, and the page heard none.
    """
    page.evaluate(LISTEN)
    for _ in range(TRIES):
        page.keyboard.press("Shift")
        if page.evaluate("() => window.keysAreHeard === true"):
            return
    raise TimeoutError(f"{page.url} heard none of {TRIES} keys")


def swipe(page, start, by, steps=12) -> None:
    """Move a finger over the page, as its screen reports it: the browser scrolls, if it may.

    Parameters
    ----------
    page : Page
        Of a context with touch.
    start, by : tuple of float
        Where the finger comes down, and how far it goes: across, down; in pixels.
    steps : int
        Of the finger on its way.
    """
    session = page.context.new_cdp_session(page)

    def report(kind, *places):
        points = [{"x": x, "y": y} for x, y in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    report("touchStart", start)
    for step in range(1, steps + 1):
        report("touchMove", (start[0] + by[0] * step / steps, start[1] + by[1] * step / steps))
        page.evaluate("() => new Promise(requestAnimationFrame)")
    report("touchEnd")
    session.detach()
