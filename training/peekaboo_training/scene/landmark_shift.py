"""The landmark shift: the residual of the model's points to MediaPipe's, by shape, expression and view.

MediaPipe's points slide over the skin when the head turns or the expression changes, most on contour, lids and lips,
which a linear model cannot follow. Their mean residual (learn/shift.py) is a linear map of low rank of the face's
coefficients, so that smooth coefficients give smooth points. The mesh does not change.

A shift is in mm in the picture plane, along the head's axes: `up` is the projection of the model's y, `right` a quarter
turn clockwise from it. A head that is tilted has the same shifts, tilted with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .mesh_points import MEDIAPIPE_OF_IBUG
from .mirror import EXPRESSION_MIRROR

POINTS = 478
IDENTITY, EXPRESSION, VIEW_TERMS = 80, 52, 5
INPUTS = IDENTITY + EXPRESSION + VIEW_TERMS + 1
FIRST_IBUG = 17


@dataclass(frozen=True)
class LandmarkShift:
    """shift (478, 2) mm = (reduce @ inputs) @ spread; see `shift_inputs`."""

    reduce: np.ndarray  # (rank, INPUTS)
    spread: np.ndarray  # (rank, 956) right and up of each point, alternating

    def shifts(self, inputs: np.ndarray) -> np.ndarray:
        """Inputs (B, INPUTS) -> (B, 478, 2) mm, right and up."""
        return ((inputs @ self.reduce.T) @ self.spread).reshape(-1, POINTS, 2)

    def move(self, points: np.ndarray, inputs: np.ndarray, rotation: np.ndarray, scale: np.ndarray) -> np.ndarray:
        """Shift points (B, 478, 2+) in px, y down; `scale` (B,) in px per mm."""
        moved = points.copy()
        moved[..., :2] += np.einsum("bnk,bkc->bnc", self.shifts(inputs), picture_axes(rotation)) * scale[:, None, None]
        return moved

    def move68(self, points: np.ndarray, inputs: np.ndarray, rotation: np.ndarray, scale: np.ndarray) -> np.ndarray:
        """Shift iBUG's points (B, 68, 2) like their counterparts among MediaPipe's; the contour stays."""
        whole = np.zeros((len(points), POINTS, 2))
        moves = self.move(whole, inputs, rotation, scale)[:, list(MEDIAPIPE_OF_IBUG)]
        return np.concatenate([points[:, :FIRST_IBUG], points[:, FIRST_IBUG:] + moves], axis=1)


def picture_axes(rotation: np.ndarray) -> np.ndarray:
    """Rotations (B, 3, 3) -> (B, 2, 2): rows `right` and `up` of the head in px, y down."""
    up = rotation[:, :2, 1] / np.maximum(np.hypot(rotation[:, 0, 1], rotation[:, 1, 1]), 1e-6)[:, None]
    right = np.stack([up[:, 1], -up[:, 0]], axis=1)
    return np.stack([right, up], axis=1) * np.array([1.0, -1.0])


def shift_inputs(identity: np.ndarray, expression: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Identity (B, 80), expression (B, 52), rotation (B, 3, 3) -> (B, INPUTS), in the manifest's order.

    View terms are made of x and y of the rotation's last row, the direction to the camera in the head's axes.
    """
    x, y = rotation[:, 2, 0:1], rotation[:, 2, 1:2]
    return np.concatenate([identity, expression, x, y, x * x, x * y, y * y, np.ones_like(x)], axis=1)


def left_over(points: np.ndarray, target: np.ndarray, rotation: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The shift (B, 478, 2) mm that takes points (B, 478, 2+) px to their targets: the inverse of `move`."""
    off = (target - points)[..., :2] / scale[:, None, None]
    return np.einsum("bnc,bkc->bnk", off, picture_axes(rotation)).astype(np.float32)


def mirror_inputs(inputs: np.ndarray, mirror: np.ndarray) -> np.ndarray:
    """Mirror the result of `shift_inputs`; `mirror` (80, 80) mirrors identities."""
    identity, expression, view = np.split(inputs, [IDENTITY, IDENTITY + EXPRESSION], axis=1)
    signs = np.array([-1, 1, 1, -1, 1, 1])
    return np.concatenate([identity @ mirror.T, expression[:, EXPRESSION_MIRROR], view * signs], axis=1)


def write_shift(path: Path, shift: LandmarkShift) -> None:
    """Write `reduce`, then `spread`, as float16, row by row. Raises ValueError for values beyond float16."""
    with np.errstate(over="ignore"):
        parts = [np.ascontiguousarray(part, "<f2") for part in (shift.reduce, shift.spread)]
    if not all(np.isfinite(part).all() for part in parts):
        raise ValueError("landmark shift: values beyond the range of float16")
    path.write_bytes(b"".join(part.tobytes() for part in parts))


def read_shift(path: Path) -> LandmarkShift:
    """Read what `write_shift` wrote; raises ValueError for a file of another size."""
    values = np.fromfile(path, "<f2").astype(np.float64)
    rank, rest = divmod(len(values), INPUTS + 2 * POINTS)
    if rest or not rank:
        raise ValueError(f"{path}: {len(values)} numbers are no landmark shift")
    return LandmarkShift(values[: rank * INPUTS].reshape(rank, INPUTS), values[rank * INPUTS :].reshape(rank, -1))
