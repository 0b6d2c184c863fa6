"""Figures against the samples seen, a panel for each."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from .tiles import arrange

PANEL, MARGIN, COLUMNS = 220, 34, 3
_INK, _RULE, _LINE, _GOAL = (40, 40, 40), (200, 200, 200), (180, 90, 20), (60, 140, 40)


def draw_curves(
    curves: Mapping[tuple[str, str], list[tuple[float, float]]], goals: Mapping[tuple[str, str], float]
) -> np.ndarray:
    """Draw [(samples, figure)] of each set and figure as a picture (H, W, 3) BGR.

    Along: samples, in logarithms; up: the figure; the goal in green. Raises ValueError where no curve has a point.
    """
    panels = [
        _panel(f"{name} {figure}".removesuffix("_mm").replace("_", " "), points, goals[name, figure])
        for (name, figure), points in curves.items()
        if points
    ]
    return arrange(panels, COLUMNS, fill=255)


def _panel(title: str, points: list[tuple[float, float]], goal: float) -> np.ndarray:
    picture = np.full((PANEL, PANEL, 3), 255, np.uint8)
    along = np.log10([samples for samples, _ in points])
    left, right = along.min() - 0.1, along.max() + 0.1
    values = [value for _, value in points] + [goal]
    low, high = min(values), max(values)
    span, room = PANEL - 2 * MARGIN, max(high - low, 1e-6)

    def place(x: float, value: float) -> tuple[int, int]:
        return round(MARGIN + span * (x - left) / (right - left)), round(PANEL - MARGIN - span * (value - low) / room)

    def write(text: str, at: tuple[int, int]) -> None:
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.36, _INK, 1, cv2.LINE_AA)

    cv2.rectangle(picture, (MARGIN, MARGIN), (PANEL - MARGIN, PANEL - MARGIN), _RULE, 1)
    cv2.line(picture, place(left, goal), place(right, goal), _GOAL, 1, cv2.LINE_AA)
    line = [place(x, value) for x, (_, value) in zip(along, points, strict=True)]
    cv2.polylines(picture, [np.array(line, np.int32)], False, _LINE, 1, cv2.LINE_AA)
    for point in line:
        cv2.circle(picture, point, 3, _LINE, -1, cv2.LINE_AA)
    write(title, (MARGIN, 20))
    write(f"{high:.3g}", (2, MARGIN + 4))
    write(f"{low:.3g}", (2, PANEL - MARGIN + 4))
    for samples, x in ((points[0][0], MARGIN - 4), (points[-1][0], PANEL - MARGIN - 30)):
        write(f"{samples:.1e}".replace("e+0", "e"), (x, PANEL - 12))
    return picture
