"""Draws plots in one style; the same figures always give the same file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

# The palette of Okabe and Ito, which colour-blind people can distinguish too.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999")
_STYLE = {
    "svg.hashsalt": "skimlist",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "axes.prop_cycle": mpl.cycler(color=COLOURS),
    "legend.frameon": False,
}


@contextmanager
def plot(file: Path, title: str, *, width: float = 7.0, height: float = 4.0) -> Iterator[Axes]:
    """Provides axes to draw on, and writes them to `file` (SVG) at the end."""
    with mpl.rc_context(_STYLE):
        figure, axes = pyplot.subplots(figsize=(width, height), layout="constrained")
        axes.set_title(title, loc="left")
        yield axes
        figure.savefig(file, metadata={"Date": None})
        pyplot.close(figure)
