"""One style of ticks and numbers for the axes of every chart."""

from collections.abc import Iterable

import numpy as np
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.axis import Axis

MAX_DECIMALS = 6


class NumberFormatter(ticker.Formatter):
    """Numbers with a true minus, thousands apart, and as many decimals as all of an axis need."""

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        """Write the numbers of all ticks of an axis."""
        ticks = np.asarray(list(values), float)
        self.decimals = next(
            (d for d in range(MAX_DECIMALS) if np.allclose(ticks, ticks.round(d), rtol=0, atol=1e-9)),
            MAX_DECIMALS,
        )
        return [self(value) for value in ticks]

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Write one number."""
        text = f"{x:,.{getattr(self, 'decimals', 0)}f}"
        return text.replace("-", "−")


class LogFormatter(NumberFormatter):
    """Numbers of a logarithmic axis, each with the decimals that it needs."""

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        """Write the numbers of all ticks of an axis."""
        return [self(value) for value in values]

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Write one number."""
        return f"{x:,.10f}".rstrip("0").rstrip(".").replace("-", "−")


def unify_ticks(axes: Axes) -> None:
    """Give both axes the numbers of `NumberFormatter` unless they have labels of their own."""
    for axis in (axes.xaxis, axes.yaxis):
        _unify(axis)


def _unify(axis: Axis) -> None:
    if not isinstance(
        axis.get_major_formatter(), ticker.ScalarFormatter | ticker.LogFormatter | ticker.StrMethodFormatter
    ):
        return
    is_log = axis.get_scale() == "log"
    axis.set_major_formatter(LogFormatter() if is_log else NumberFormatter())
    axis.set_minor_locator(ticker.NullLocator())
