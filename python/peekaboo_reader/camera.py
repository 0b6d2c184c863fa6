"""The crop camera of a face, written in frame pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Camera:
    """The camera that projects a face model into its frame.

    rotation: (4,) quaternion x, y, z, w; centre: (2,) frame px of the model's origin; scale: px per mm at the origin;
    distance: mm from the camera to the origin.
    """

    rotation: np.ndarray
    centre: np.ndarray
    scale: float
    distance: float


def quaternion_matrix(quaternion: np.ndarray) -> np.ndarray:
    """(4,) quaternion x, y, z, w of any length above 0 -> (3, 3) rotation matrix."""
    x, y, z, w = np.asarray(quaternion, float) / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def project(points: np.ndarray, camera: Camera, origin: np.ndarray, depth: bool = False) -> np.ndarray:
    """(n, 3) model coordinates, mm -> (n, 2) frame px, or with `depth` (n, 3).

    Depth is in px, 0 at the origin, and grows away from the viewer. The centre of the first pixel is (0, 0).
    `origin` is that of the face model.
    """
    turned = (np.asarray(points, float) - origin) @ quaternion_matrix(camera.rotation).T
    k = camera.scale * camera.distance / (camera.distance - turned[:, 2])
    x, y = camera.centre
    columns = [x + k * turned[:, 0], y - k * turned[:, 1]]
    if depth:
        columns.append(-camera.scale * turned[:, 2])
    return np.stack(columns, axis=1)
