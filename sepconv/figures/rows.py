"""Panels side by side in rows that leave none alone, on a wide page and on a phone."""

from collections.abc import Sequence

WIDE, PHONE = 690, 328  # pixels of the page's column
GAP = 12  # between panels


def columns(count: int, width: float, room: float, most: int) -> int:
    """Choose how many panels stand side by side, so that no row holds one alone.

    Parameters
    ----------
    count : int
        Number of panels.
    width : float
        Of the widest, in pixels.
    room : float
        Width of the page's column.
    most : int
        Columns at most.

    Returns
    -------
    int
        As many as fit and fill every row; else as many as leave two or more in the last row; else,
        within `most`, one more than fit, which then shrink.
    """
    fit = min(count, most, max(1, int((room + GAP) // (width + GAP))))
    fewer = range(fit, 1, -1)
    for fits in (lambda n: count % n == 0, lambda n: count % n > 1):
        if found := next(filter(fits, fewer), 0):
            return found
    return fit + 1 if fit < min(count, most) and count % (fit + 1) != 1 else fit


def row_class_and_style(widths: Sequence[float], *, shrink: bool) -> tuple[str, str]:
    """Class and style of a grid of panels.

    Parameters
    ----------
    widths : sequence of float
        Of each panel, in pixels.
    shrink : bool
        Whether the panels stay readable when a phone shows them at half its width.

    Returns
    -------
    (str, str)
        On a phone, an odd number of panels in two columns begins with one as wide as both.
    """
    count, widest = len(widths), max(widths)
    wide = columns(count, widest, WIDE, count)
    phone = min(count, 2) if shrink or 2 * widest + GAP <= PHONE else 1
    odd = " sc-odd" if phone == 2 and count % 2 else ""
    return f"sc-grid{odd}", f"--sc-wide:{wide};--sc-phone:{phone}"
