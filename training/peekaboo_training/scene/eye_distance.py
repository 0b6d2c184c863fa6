"""The distance between the eyes, the unit of all point errors."""

from __future__ import annotations

import torch

from .mesh_points import OUTER_EYES

CENTRES_TO_CORNERS = 0.72
"""Distance of the eyes' centres over that of their outer corners."""
LOSS_FLOOR_PX = 60.0
"""Least distance of the outer eye corners in losses: the eyes of a turned head appear close to each other, and without
a floor its errors would dominate."""
METRIC_FLOOR_PX = 20.0
"""Least distance of the outer eye corners in figures: low, so that turned heads are measured in their own unit."""


def eye_distance(points: torch.Tensor, floor_px: float) -> torch.Tensor:
    """Points (B,P,2+) in crop px -> distance between the eyes' centres (B,) in px.

    The outer corners count as at least `floor_px` apart: LOSS_FLOOR_PX in losses, METRIC_FLOOR_PX in figures.
    """
    right, left = OUTER_EYES
    across = (points[:, right, :2] - points[:, left, :2]).norm(dim=1)
    return across.clamp_min(floor_px) * CENTRES_TO_CORNERS
