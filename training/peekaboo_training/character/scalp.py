"""The skull as a distance from a point inside it, by direction: what hair lies on."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

CENTRE = np.array([0.0, 22.0, -46.0])  # mm


class Scalp:
    """Directions in degrees: turn from the front to the subject's left, height above the horizon."""

    def __init__(self, skin: np.ndarray):
        """Skin (N, 3): the head's vertices; ears and neck are left out here."""
        away = skin - CENTRE
        ear = (np.abs(skin[:, 0]) > 62) & (np.abs(away[:, 2]) < 40) & (skin[:, 1] < 25)
        away = away[(skin[:, 1] > -75) & ~ear]
        self.radius = np.linalg.norm(away, axis=1)
        self.tree = cKDTree(away / self.radius[:, None])

    def place(self, direction: np.ndarray, lift: np.ndarray) -> np.ndarray:
        """Unit vectors (N, 3) from CENTRE, and mm off the skin (N,) -> points (N, 3)."""
        away, near = self.tree.query(direction, k=24)
        weight = np.exp(-((away / 0.09) ** 2)) + 1e-9
        radius = (weight * self.radius[near]).sum(1) / weight.sum(1)
        return CENTRE + direction * (radius + lift)[:, None]


def outward(turn: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Unit vectors (N, 3)."""
    a, b = np.radians(turn), np.radians(height)
    return np.stack([np.sin(a) * np.cos(b), np.sin(b), np.cos(a) * np.cos(b)], -1)
