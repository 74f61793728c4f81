"""Pictures and feature maps side by side."""

import io
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

import matplotlib.image
import numpy as np
from matplotlib.colors import Colormap
from numpy.typing import ArrayLike

from sepconv.figures.figure import Figure, check_alt, figure_markup, with_alt_text
from sepconv.figures.rows import row_class_and_style

MAX_PIXELATED = 128  # height or width up to which pixels are shown as squares


def images(
    arrays: Iterable[ArrayLike],
    titles: Sequence[str] | None = None,
    alt: str | Sequence[str] = "",
    caption: str | None = None,
    cmap: str | Colormap = "gray",
    vmin: float | None = None,
    vmax: float | None = None,
    width: int = 216,
) -> Figure:
    """Show pictures or feature maps side by side, on a phone at most two large ones.

    Parameters
    ----------
    arrays : iterable of arrays, (height, width), (height, width, 1) or (height, width, 3)
        Colours are 0 to 1, or 0 to 255 as integers.
    titles : sequence of str or None
    alt : str or sequence of str
        Description of what is to be seen: one for all, or one for each. Required.
    caption : str or None
    cmap : str or matplotlib.colors.Colormap
        Colour map for arrays with one channel; `signed_map()` for values around zero.
    vmin, vmax : float or None
        Values of the map's two ends; None for each array's own.
    width : int
        Largest width of one picture, in pixels.

    Returns
    -------
    Figure
        Its `svg` is "".

    Raises
    ------
    ValueError
        If `alt` is empty, or the lengths or shapes do not fit.
    """
    pictures = [np.asarray(a) for a in arrays]
    alt = check_alt(alt)
    for name, given in (("titles", titles), ("alt", None if isinstance(alt, str) else alt)):
        if given is not None and len(given) != len(pictures):
            raise ValueError(f"{name} must be as many as arrays ({len(pictures)}), got {len(given)}")
    if not pictures:
        raise ValueError("arrays must hold at least one picture, got none")
    shown = []
    for position, array in enumerate(pictures):
        source = _webp(array, cmap, vmin, vmax)
        own_alt = "" if isinstance(alt, str) else alt[position]
        size = f'width="{array.shape[1]}" height="{array.shape[0]}"'
        kind = ' class="sc-pixels"' if max(array.shape[:2]) <= MAX_PIXELATED else ""
        title = f"<div>{escape(titles[position])}</div>" if titles else ""
        shown.append(
            f'<div class="sc-picture" style="width:{width}px"><img{kind} alt="{escape(own_alt)}" {size} '
            f'src="data:image/webp;base64,{source}">{title}</div>'
        )
    body = "".join(shown)
    kind, style = row_class_and_style([width] * len(pictures), shrink=True)
    if isinstance(alt, str):
        body = with_alt_text(body, alt, kind, style)
    else:
        body = f'<div class="{kind}" style="{style}">{body}</div>'
    return Figure(alt if isinstance(alt, str) else " ".join(alt), figure_markup(body, caption))


def _webp(array: np.ndarray, cmap: str | Colormap, vmin: float | None, vmax: float | None) -> str:
    """Encode an array as lossless WebP, half as large as PNG, in base64."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)) or array.size == 0:
        raise ValueError(f"arrays must be (height, width) with 1 or 3 channels, got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("arrays must hold finite numbers, got NaN or infinity")
    file = io.BytesIO()
    array = array if array.ndim == 3 else np.asarray(array, float)
    exact = {"lossless": True, "quality": 100, "method": 6}
    matplotlib.image.imsave(file, array, cmap=cmap, vmin=vmin, vmax=vmax, format="webp", pil_kwargs=exact)
    return b64encode(file.getvalue()).decode()
