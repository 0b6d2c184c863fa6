"""Ambient occlusion of the character: the fraction of directions from which each vertex is visible."""

from __future__ import annotations

import numpy as np

from ..scene.rasterise import FAR, draw_depth

SIDES, SIZE, SPAN = 72, 420, 460.0  # directions; side of a depth picture in px, and in mm
BIAS = 1.6  # mm


def openness(vertices, normals, triangles) -> np.ndarray:
    """Give the visible fraction (N,), 0..1, weighted by the cosine, of vertices (N, 3) in mm with normals (N, 3).

    `triangles` are those that cast shade.
    """
    n = np.arange(SIDES) + 0.5
    height, turn = 1 - 2 * n / SIDES, np.pi * (1 + 5**0.5) * n
    flat = np.sqrt(1 - height**2)
    directions = np.stack([flat * np.cos(turn), height, flat * np.sin(turn)], 1)
    seen, total = np.zeros(len(vertices)), np.full(len(vertices), 1e-6)
    for direction in directions:
        side = np.cross([0, 1, 0], direction)
        side /= np.linalg.norm(side)
        up = np.cross(direction, side)
        points = (vertices - [0, -30, -40]) @ np.stack([side, -up, -direction], 1)
        points[:, :2] = points[:, :2] * SIZE / SPAN + SIZE / 2
        depth = np.full((SIZE, SIZE), float(FAR))
        draw_depth(points, triangles, depth)
        cosine = np.clip(normals @ direction, 0, None)
        column, row = np.clip(np.round(points[:, :2]).astype(int), 0, SIZE - 1).T
        visible = points[:, 2] < depth[row, column] + BIAS + 2.0 / np.maximum(cosine, 0.2)
        seen += cosine * visible
        total += cosine
    return seen / total
