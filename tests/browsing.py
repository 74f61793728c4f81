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
