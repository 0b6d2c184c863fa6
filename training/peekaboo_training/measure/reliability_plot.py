"""Reliability plots: what a network said against what was true, a panel for each quantity."""

from __future__ import annotations

import cv2
import numpy as np

from .tiles import arrange

PANEL, MARGIN, COLUMNS = 180, 26, 4
_INK, _RULE, _LINE = (40, 40, 40), (200, 200, 200), (180, 90, 20)


def draw_reliability(quantities: dict[str, dict]) -> np.ndarray:
    """Draw `breakdown`'s reliability of each name as a picture (H, W, 3) BGR.

    Each has `bins`, [mean said, mean true, count] with shares in 0..1, and `gap`. Along: said, up: true; points on the
    diagonal are honest, larger ones hold more faces.
    """
    return arrange([_panel(name, quantity) for name, quantity in quantities.items()], COLUMNS, fill=255)


def _panel(name: str, quantity: dict) -> np.ndarray:
    picture = np.full((PANEL, PANEL, 3), 255, np.uint8)
    span = PANEL - 2 * MARGIN

    def place(said: float, true: float) -> tuple[int, int]:
        return round(MARGIN + span * said), round(PANEL - MARGIN - span * true)

    cv2.rectangle(picture, place(0, 0), place(1, 1), _RULE, 1)
    cv2.line(picture, place(0, 0), place(1, 1), _RULE, 1, cv2.LINE_AA)
    points = [place(said, true) for said, true, _ in quantity["bins"]]
    cv2.polylines(picture, [np.array(points, np.int32)], False, _LINE, 1, cv2.LINE_AA)
    for point, (_, _, count) in zip(points, quantity["bins"], strict=True):
        cv2.circle(picture, point, 2 + int(np.log10(max(count, 1))), _LINE, -1, cv2.LINE_AA)
    for text, at in ((name, (MARGIN, 17)), (f"gap {quantity['gap']:.3f}", (MARGIN, PANEL - 9))):
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, _INK, 1, cv2.LINE_AA)
    return picture
