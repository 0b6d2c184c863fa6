"""Plots of figures against the number of training samples, one panel for each figure."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

COLUMNS = 3


def plot_curves(
    curves: Mapping[tuple[str, str], list[tuple[float, float]]], goals: Mapping[tuple[str, str], float]
) -> Figure:
    """Plot [(samples, figure)] of each set and figure: samples on a logarithmic x axis, the goal as a dashed line.

    Raises ValueError when no curve has a point.
    """
    filled = {key: points for key, points in curves.items() if points}
    if not filled:
        raise ValueError("no curve has a point")
    rows = -(-len(filled) // COLUMNS)
    figure = Figure(figsize=(4 * COLUMNS, 3 * rows), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for panel, (key, points) in zip(panels, filled.items(), strict=False):
        samples, values = zip(*points, strict=True)
        panel.semilogx(samples, values, marker="o")
        panel.axhline(goals[key], color="tab:green", linestyle="--", label=f"goal {goals[key]:g}")
        panel.set_title(" ".join(key).removesuffix("_mm").replace("_", " "))
        panel.set_xlabel("samples")
        panel.legend()
    for panel in panels[len(filled) :]:
        panel.set_axis_off()
    return figure
