"""The landmark shift of a bundle: the offset between MediaPipe's landmarks and their points on the face model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .camera import Camera, quaternion_matrix

INPUTS = 138
POINTS = 478

# MediaPipe's landmark for each of iBUG's landmarks 17 to 67; the contour, 0 to 16, has none.
MEDIAPIPE_OF_IBUG = (
    *(70, 63, 105, 66, 107, 336, 296, 334, 293, 300),
    *(168, 6, 195, 4, 98, 97, 2, 326, 327),
    *(33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380),
    *(61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91),
    *(78, 81, 13, 311, 308, 402, 14, 178),
)


@dataclass(frozen=True)
class LandmarkShift:
    """reduce: (rank, 138); spread: (rank, 478, 2), mm to the right and up."""

    reduce: np.ndarray
    spread: np.ndarray

    @classmethod
    def load(cls, path: str | Path, rank: int) -> LandmarkShift:
        """Reads landmark-shift.bin. Raises ValueError for a wrong size."""
        values = np.frombuffer(Path(path).read_bytes(), "<f2").astype(np.float32)
        expected = rank * (INPUTS + 2 * POINTS)
        if len(values) != expected:
            raise ValueError(f"{path}: {len(values)} values instead of {expected}")
        reduce, spread = values[: rank * INPUTS], values[rank * INPUTS :]
        return cls(reduce.reshape(rank, INPUTS), spread.reshape(rank, POINTS, 2))

    def pixels(self, identity: np.ndarray, expression: np.ndarray, camera: Camera) -> np.ndarray:
        """(80,) and (52,) -> (478, 2): what is added to the projected landmarks, frame px."""
        rotation = quaternion_matrix(camera.rotation)
        x, y = rotation[2, 0], rotation[2, 1]
        inputs = np.concatenate([identity, expression, [x, y, x * x, x * y, y * y, 1]])
        right, up = np.einsum("r,rpc->cp", self.reduce @ inputs, self.spread)
        a, b = camera.scale * rotation[:2, 1] / max(np.hypot(*rotation[:2, 1]), 1e-6)
        return np.stack([right * b + up * a, right * a - up * b], axis=1)
