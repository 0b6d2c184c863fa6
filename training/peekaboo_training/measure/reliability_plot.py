"""Reliability diagrams: predicted against true values, one panel for each quantity."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

COLUMNS = 4


def plot_reliability(quantities: dict[str, dict]) -> Figure:
    """Plot what `reliability` gives for each name; points on the diagonal are calibrated, larger ones hold more faces.

    Each quantity has `bins`, [mean predicted, mean true, count] with values in 0..1, and `gap`, the mean distance
    between predicted and true.
    """
    rows = -(-len(quantities) // COLUMNS)
    figure = Figure(figsize=(3 * COLUMNS, 3 * rows), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for panel, (name, quantity) in zip(panels, quantities.items(), strict=False):
        predicted, true, count = np.array(quantity["bins"], float).T
        panel.plot([0, 1], [0, 1], color="lightgrey")
        panel.plot(predicted, true)
        panel.scatter(predicted, true, s=10 * (1 + np.log10(np.maximum(count, 1))))
        panel.set(xlabel="predicted", ylabel="true", xlim=(0, 1), ylim=(0, 1))
        panel.set_title(f"{name}, gap {quantity['gap']:.3f}")
        panel.set_aspect("equal")
    for panel in panels[len(quantities) :]:
        panel.set_axis_off()
    return figure
