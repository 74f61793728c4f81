"""Figures that come alive where the book's scripts run, and are still pictures elsewhere."""

import json
from html import escape

from sepconv.figures.figure import Figure


def live(name: str, data: object, *stills: Figure) -> Figure:
    """Hand a chapter's numbers to one of the book's exhibits.

    On a page of the book, the exhibit of that name takes the place of the still pictures; its
    scripts are put there by the directive `exhibit`. In a notebook, on paper of a page without
    scripts and wherever else, the picture stays.

    Parameters
    ----------
    name : str
        The exhibit's folder in `book/_static/exhibits/`.
    data : object
        What `json` can write, without NaN and infinity.
    *stills : Figure
        One or more, shown until the exhibit runs.

    Returns
    -------
    Figure
        With the alt texts of the stills and, if there is one, with its drawing.

    Raises
    ------
    ValueError
        If `data` holds NaN or infinity, or there is no still.
    TypeError
        If `data` holds what JSON cannot.
    """
    if not stills:
        raise ValueError(f"stills must hold at least one picture to stand for {name!r}, got none")
    written = json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    shown = "".join(still.html for still in stills)
    return Figure(
        " ".join(still.alt for still in stills),
        f'<div class="exhibit" data-exhibit="{escape(name)}"><div class="exhibit-still">{shown}</div>'
        f'<script type="application/json">{written}</script></div>',
        stills[0].svg if len(stills) == 1 else "",
    )
