"""The camera of the network's crop: pose vectors, projection, and the square that a crop cuts from a picture.

Pixels: x right, y down, the centre of the first pixel is (0, 0). Space: millimetres, x to the subject's left,
y up, z to the viewer. Pose functions take and give torch tensors with any leading batch shape; crop functions
are plain numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from ..settings import CROP_CENTRE, CROP_SCALE, CROP_SIZE, HALF_CROP, POSE_BASE_SCALE, POSE_DISTANCE

OUTER_EYE_RIGHT, OUTER_EYE_LEFT = 33, 263
"""The subject's outer eye corners among the 478 points."""

ROTATION, TRANSLATION, LOG_SCALE = slice(0, 6), slice(6, 8), slice(8, 9)
"""Slices of a pose vector (9,)."""


class Pose(NamedTuple):
    """A decoded pose: rotation (..., 3, 3), translation (..., 2) in crop px, scale (...) in crop px per mm."""

    rotation: torch.Tensor
    translation: torch.Tensor
    scale: torch.Tensor


def rotation_from_6d(values: torch.Tensor) -> torch.Tensor:
    """Convert network outputs (..., 6), added to the identity's first two columns, to rotations (..., 3, 3)."""
    first = torch.stack([values[..., 0] + 1, values[..., 1], values[..., 2]], -1)
    second = torch.stack([values[..., 3], values[..., 4] + 1, values[..., 5]], -1)
    r1 = torch.nn.functional.normalize(first, dim=-1)
    r2 = torch.nn.functional.normalize(second - (r1 * second).sum(-1, keepdim=True) * r1, dim=-1)
    return torch.stack([r1, r2, torch.linalg.cross(r1, r2)], -1)


def rotation_to_6d(rotation: torch.Tensor) -> torch.Tensor:
    """Give the 6 numbers (..., 6) of a rotation (..., 3, 3); the inverse of `rotation_from_6d`."""
    identity = rotation.new_tensor([1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
    return torch.cat([rotation[..., :, 0], rotation[..., :, 1]], -1) - identity


def decode_pose(pose: torch.Tensor) -> Pose:
    """Decode pose vectors (..., 9)."""
    translation = CROP_CENTRE + HALF_CROP * pose[..., TRANSLATION]
    return Pose(rotation_from_6d(pose[..., ROTATION]), translation, POSE_BASE_SCALE * torch.exp(pose[..., 8]))


def encode_pose(pose: Pose) -> torch.Tensor:
    """Give the pose vector (..., 9) of a decoded pose; the inverse of `decode_pose`."""
    translation = (pose.translation - CROP_CENTRE) / HALF_CROP
    log_scale = torch.log(pose.scale / POSE_BASE_SCALE)
    return torch.cat([rotation_to_6d(pose.rotation), translation, log_scale[..., None]], -1)


def project_pose(vertices: torch.Tensor, pose: Pose, origin: torch.Tensor) -> torch.Tensor:
    """Project model points (..., N, 3) in mm with a decoded pose; see `project`."""
    turned = (vertices - origin) @ pose.rotation.transpose(-1, -2)
    scale = pose.scale[..., None]
    pixels_per_mm = scale * POSE_DISTANCE / (POSE_DISTANCE - turned[..., 2])
    u = pose.translation[..., None, 0] + pixels_per_mm * turned[..., 0]
    v = pose.translation[..., None, 1] - pixels_per_mm * turned[..., 1]
    return torch.stack([u, v, -scale * turned[..., 2]], -1)


def project(vertices: torch.Tensor, pose: torch.Tensor, origin: torch.Tensor) -> torch.Tensor:
    """Project model points (..., N, 3) in mm with pose vectors (..., 9) and the model's origin (3,).

    Gives (..., N, 3): u, v in crop px and the depth in px, growing away from the viewer, 0 at the origin.
    """
    return project_pose(vertices, decode_pose(pose), origin)


@dataclass(frozen=True)
class Crop:
    """A square of a picture: centre and side in its pixels, angle in radians, y down (positive turns x towards y)."""

    centre_x: float
    centre_y: float
    side: float
    angle: float = 0.0

    def to_frame_matrix(self, size: int = CROP_SIZE) -> np.ndarray:
        """Give the (2, 3) matrix from pixels of the crop, resampled to size x size, to pixels of the picture."""
        c, s = np.cos(self.angle), np.sin(self.angle)
        turn = np.array([[c, -s], [s, c]]) * (self.side / size)
        shift = np.array([self.centre_x, self.centre_y]) - turn @ np.full(2, (size - 1) / 2)
        return np.concatenate([turn, shift[:, None]], 1)

    def to_crop_matrix(self, size: int = CROP_SIZE) -> np.ndarray:
        """Give the inverse of `to_frame_matrix`."""
        return invert_similarity(self.to_frame_matrix(size))


def invert_similarity(matrix: np.ndarray) -> np.ndarray:
    """Invert an affine map (2, 3)."""
    inverse = np.linalg.inv(matrix[:, :2])
    return np.concatenate([inverse, -(inverse @ matrix[:, 2:])], 1)


def transform_points(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Move points (N, 2) or (N, 3) with a similarity (2, 3); a third column, depth in px, is scaled."""
    moved = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    if points.shape[1] == 2:
        return moved
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    return np.concatenate([moved, points[:, 2:] * scale], 1)


def crop_from_points(points: np.ndarray, margin: float = CROP_SCALE) -> Crop:
    """Give the crop of a face from its 478 points (478, 2 or 3) in the picture's pixels."""
    flat = np.asarray(points, dtype=np.float64)[:, :2]
    across = flat[OUTER_EYE_LEFT] - flat[OUTER_EYE_RIGHT]
    angle = float(np.arctan2(across[1], across[0]))
    c, s = np.cos(angle), np.sin(angle)
    level = flat @ np.array([[c, -s], [s, c]])
    low, high = level.min(0), level.max(0)
    centre = np.array([[c, -s], [s, c]]) @ ((low + high) / 2)
    return Crop(float(centre[0]), float(centre[1]), float(margin * (high - low).max()), angle)


def move_pose(pose: Pose, matrix: np.ndarray) -> Pose:
    """Give the pose that projects to `matrix` applied to what the given pose projects to.

    `matrix` (2, 3) is a similarity of pixels without mirroring. The result is exact, since the camera's axis always
    passes through the origin.
    """
    turn = torch.as_tensor(matrix[:, :2], dtype=pose.rotation.dtype)
    shift = torch.as_tensor(matrix[:, 2], dtype=pose.rotation.dtype)
    scale = torch.sqrt(torch.linalg.det(turn))
    c, s = turn[0, 0] / scale, turn[1, 0] / scale
    zero, one = torch.zeros_like(c), torch.ones_like(c)
    roll = torch.stack([torch.stack([c, s, zero]), torch.stack([-s, c, zero]), torch.stack([zero, zero, one])])
    return Pose(roll @ pose.rotation, pose.translation @ turn.T + shift, pose.scale * scale)
