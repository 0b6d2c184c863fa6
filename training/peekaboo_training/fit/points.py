"""Which of MediaPipe's points are fitted to, and their weights by yaw."""

from __future__ import annotations

import numpy as np
import torch

from ..scene.mesh_points import BROWS, EYES, LIPS, OVAL, SIDES
from ..scene.mirror import POINT_MIRROR

YAW_BINS = (12.0, 25.0)
_CONTOUR_WEIGHTS = (0.35, 0.15, 0.05)
_SIDE_WEIGHTS = (0.5, 0.15, 0.15)
INNER = np.setdiff1d(np.arange(468), OVAL)
"""Mesh points that stay at the same place of the skin when the head turns."""
_SPECIAL = sorted({*LIPS, *EYES, *BROWS, *OVAL, *SIDES, *range(468, 478)})
_PLAIN = np.setdiff1d(np.arange(478), _SPECIAL)
_SOME = _PLAIN[_PLAIN <= POINT_MIRROR[_PLAIN]][::2]
_OTHERS = np.union1d(_SOME, POINT_MIRROR[_SOME])
FITTED = np.concatenate([_SPECIAL, _OTHERS])
"""The points that are fitted, symmetric: half of the plain points suffices."""


def point_yaw(points: np.ndarray) -> np.ndarray:
    """Estimate the yaw (N,), degrees, from the depth of the cheeks in points (N, 478, 3)."""
    across = points[:, 454] - points[:, 234]
    return np.degrees(np.arctan2(across[:, 2], np.maximum(np.hypot(across[:, 0], across[:, 1]), 1e-3)))


def point_weights(yaw_bin: int) -> torch.Tensor:
    weights = torch.ones(478)
    weights[list(LIPS)], weights[list(EYES)], weights[list(BROWS)] = 2.0, 2.5, 1.5
    weights[[468, 473]] = 2.0
    weights[list(OVAL)] *= _CONTOUR_WEIGHTS[yaw_bin]
    weights[list(SIDES)] *= _SIDE_WEIGHTS[yaw_bin]
    weights[_OTHERS] *= 2
    return weights[FITTED]
