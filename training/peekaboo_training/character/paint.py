"""The skin's texture, painted by place on the face; colours of what is inside the mouth."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, median_filter

from ..scene.rasterise import FAR, draw_triangles
from .lids import Eye
from .warp import ease

SIZE = 1024
SKIN, BLUSH, LIPS = np.array([0.83, 0.50, 0.355]), np.array([0.80, 0.235, 0.175]), np.array([0.70, 0.27, 0.205])
FRECKLE, LID = np.array([0.52, 0.22, 0.115]), np.array([0.66, 0.30, 0.22])
INSIDE = {
    "mouth": np.array([0.24, 0.035, 0.032]), "tongue": np.array([0.62, 0.17, 0.16]),
    "teethUpper": np.array([0.86, 0.81, 0.72]), "teethLower": np.array([0.82, 0.77, 0.68]),
}  # fmt: skip


def skin_uv(vertices: np.ndarray) -> np.ndarray:
    """(N, 2), v down: around the head's upright axis, and by height; the face gets most of the width."""
    turn = np.arctan2(vertices[:, 0], vertices[:, 2] + 55) / np.pi
    across = np.sign(turn) * np.abs(turn) ** 0.8
    return np.stack([0.5 + 0.495 * across, np.clip(1 - (vertices[:, 1] + 140) / 250, 0.002, 0.998)], 1)


def skin_texture(vertices, triangles, uv, lips: np.ndarray, shade: np.ndarray, eyes: list[Eye]) -> np.ndarray:
    """sRGB picture (SIZE, SIZE, 3) uint8. lips (N,) 0..1; shade (N,) 0..1 where little light comes in, 1 is open."""
    seam = np.ptp(uv[triangles][..., 0], axis=1) > 0.5
    faces = triangles[~seam]
    outer = np.hypot(vertices[:, 0], vertices[:, 2] + 55)
    where = _bake(uv, faces, vertices, outer)
    more = _bake(uv, faces, np.stack([lips, shade, np.zeros_like(lips)], 1), outer)
    place = median_filter(where, (5, 5, 1)).reshape(-1, 3)
    colour = _paint(place, gaussian_filter(more[..., 0], 1.5).ravel(), eyes).reshape(SIZE, SIZE, 3)
    light = gaussian_filter(median_filter(more[..., 1], 13), 2.5)[..., None]
    colour = colour * (light + (1 - light) * [0.62, 0.34, 0.30])
    return np.round(255 * np.clip(colour, 0, 1) ** (1 / 2.2)).astype(np.uint8)


def _bake(uv, triangles, values, outer) -> np.ndarray:
    """Values (N, 3) at the texture's pixels, continued beyond the mesh.

    Where skin lies under skin, as behind the lids, the one that is farther out by `outer` (N,) wins.
    """
    points = np.concatenate([uv * SIZE - 0.5, -outer[:, None]], 1)
    image, depth = np.zeros((SIZE, SIZE, 3)), np.full((SIZE, SIZE), float(FAR))
    draw_triangles(points, triangles, np.ascontiguousarray(values, float), image, depth, cull=False)
    covered = depth < FAR
    rows, columns = distance_transform_edt(~covered, return_distances=False, return_indices=True)
    return image[rows, columns]


def _paint(p: np.ndarray, lips: np.ndarray, eyes: list[Eye]) -> np.ndarray:
    """Linear colour (M, 3) at places (M, 3)."""

    def spot(centre: list[float], size: list[float]) -> np.ndarray:
        return np.exp(-((((p * [0, 1, 1] + np.abs(p) * [1, 0, 0] - centre) / size) ** 2).sum(1)))

    colour = np.tile(SKIN, (len(p), 1))
    front = ease(p[:, 2], -45.0, -5.0)
    warm = 0.62 * spot([42, -26, 0], [19, 13, 60]) + 0.42 * spot([0, -24, 30], [11, 8, 14])
    warm += 0.25 * spot([0, -72, 15], [14, 9, 30])
    warm += 0.45 * spot([76, -8, -42], [12, 22, 24]) + 0.1 * spot([24, 42, 0], [30, 20, 60]) * front
    colour += (BLUSH - SKIN) * np.clip(warm, 0, 0.8)[:, None]
    colour += (FRECKLE - colour) * _freckles(p)[:, None]
    for eye in eyes:
        x, angle, _ = eye.polar(p)
        away = np.linalg.norm(p - eye.centre, axis=1)
        near = ease(np.abs(x), 22, 12) * ease(away, 24, 18) * (p[:, 2] > eye.centre[2])
        lid = near * np.exp(-(((angle - np.radians(48)) / np.radians(16)) ** 2)) * 0.3
        colour += (LID - colour) * lid[:, None]
    return colour + (LIPS - colour) * (0.75 * ease(lips, 0.15, 0.85))[:, None]


def _freckles(p: np.ndarray) -> np.ndarray:
    """0..1: small dots over nose and cheeks."""
    rng = np.random.default_rng(5)
    count = 74
    x = rng.uniform(-50, 50, count)
    y = -21 + rng.normal(0, 7.5, count) + 5 * np.cos(x / 18)
    size, strength = rng.uniform(0.65, 1.15, count), rng.uniform(0.25, 0.6, count)
    result = np.zeros(len(p))
    near = np.flatnonzero((np.abs(p[:, 1] + 20) < 30) & (np.abs(p[:, 0]) < 60) & (p[:, 2] > -20))
    for n in range(count):
        away = ((p[near, 0] - x[n]) ** 2 + (p[near, 1] - y[n]) ** 2) / size[n] ** 2
        result[near] = np.maximum(result[near], strength[n] * np.exp(-(away**1.5)))
    return result


def inside_colours(vertices, triangles, part) -> np.ndarray:
    """Linear colour (N, 3) of mouth, teeth and tongue, darker towards the throat."""
    colour = np.tile(INSIDE["mouth"], (len(vertices), 1))
    for name, paint in INSIDE.items():
        ids = np.unique(triangles[part == name])
        if name == "mouth":
            depth = ease(vertices[ids, 2], 22.0, -4.0)[:, None]
        else:
            depth = ease(vertices[ids, 2], vertices[ids, 2].max() - 3, vertices[ids, 2].max() - 15)[:, None]
        colour[ids] = paint * (1 - 0.85 * depth)
    return colour
