"""Bones of the arm, and the hand frame."""

from __future__ import annotations

import cv2
import numpy as np

FINGERS = 5
"""Order of fingers: thumb, index, middle, ring, little."""
BONES = ["lowerarm01", "lowerarm02", "wrist", "metacarpal1", "metacarpal2", "metacarpal3", "metacarpal4",
          *(f"finger{f}-{k}" for f in range(1, 6) for k in range(1, 4))]  # fmt: skip
WRIST = BONES.index("wrist")


def bone(finger: int, joint: int) -> int:
    """Give the index of a finger's bone: fingers 1 (thumb) to 5, joints 1 to 3."""
    return BONES.index(f"finger{finger}-{joint}")


def elbow(heads: np.ndarray) -> np.ndarray:
    """Give the position of the elbow (3,) from bone heads (B, 3)."""
    return heads[0]


def hand_frame(heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the wrist (3,) and the axes (3, 3), rows x, y, z, of the hand frame."""
    origin = heads[WRIST]
    y = unit(heads[bone(3, 1)] - origin)
    across = heads[bone(2, 1)] - heads[bone(5, 1)]
    x = unit(across - y * (across @ y))
    return origin, np.stack([x, y, np.cross(x, y)])


def unit(vector: np.ndarray) -> np.ndarray:
    """Normalise a vector."""
    return np.asarray(vector, float) / max(np.linalg.norm(vector), 1e-9)


def about(axis: np.ndarray | list[float], angle: float) -> np.ndarray:
    """Give the rotation (3, 3) about an axis by `angle` radians."""
    return cv2.Rodrigues(unit(np.array(axis, float)) * angle)[0]
