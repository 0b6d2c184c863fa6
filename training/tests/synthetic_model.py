"""A small face model for tests: a bumpy half ellipsoid with random smooth bases, the same left and right."""

from __future__ import annotations

import numpy as np

from peekaboo_training.face_model.format import FaceModel
from peekaboo_training.scene.mirror import EXPRESSION_MIRROR, POINT_MIRROR

_COLUMNS, _ROWS = 31, 40


def synthetic_model() -> FaceModel:
    """About 150 mm wide; MediaPipe's points are vertices drawn at random, mirrored points at mirrored vertices."""
    rng = np.random.default_rng(0)
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(-70, 70, _COLUMNS), np.linspace(-90, 90, _ROWS)))
    z = 100 * np.sqrt(np.clip(1 - (x / 90) ** 2 - (y / 110) ** 2, 0.05, 1)) + 18 * np.exp(-(x**2 + (y + 5) ** 2) / 250)
    mean = np.stack([x, y, z], 1)
    grid = np.arange(_COLUMNS * _ROWS).reshape(_ROWS, _COLUMNS)
    mirror = grid[:, ::-1].ravel()
    a, b, c, d = (part.ravel() for part in (grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]))
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)])
    identity = _smooth(rng, mean, 80) * np.linspace(2.5, 0.3, 80)[:, None, None]
    identity = 0.5 * (identity + identity[:, mirror] * [-1, 1, 1])
    expression = _smooth(rng, mean, 52) * 6
    expression = 0.5 * (expression + expression[EXPRESSION_MIRROR][:, mirror] * [-1, 1, 1])
    count = len(mean)
    return FaceModel(
        mean=mean.astype(np.float32), triangles=triangles, part=np.zeros(count, np.uint8),
        identity_basis=identity.astype(np.float32), expression_basis=expression.astype(np.float32),
        albedo_mean=np.full((count, 3), 0.3, np.float32),
        albedo_basis=rng.normal(0, 0.1, (10, 1, 3)).repeat(count, 1).astype(np.float32),
        uv=np.zeros((count, 2), np.float32), landmarks68=np.arange(68),
        mediapipe_triangles=_points(mirror, mean), mediapipe_barycentric=np.tile(np.float32([1, 0, 0]), (478, 1)),
        mediapipe_offset=np.zeros((478, 3), np.float32), region_weights=np.ones((10, count), np.float32),
        mirror=mirror, origin=np.array([0, 0, 90], np.float32),
    )  # fmt: skip


def _smooth(rng: np.random.Generator, mean: np.ndarray, count: int) -> np.ndarray:
    """(count, V, 3): sums of waves, of about unit size."""
    waves = rng.normal(0, 0.035, (count, 3, 3))
    phase = rng.uniform(0, 2 * np.pi, (count, 1, 3))
    return np.sin(np.einsum("vc,kcd->kvd", mean, waves) + phase)


def _points(mirror: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """(478, 3) vertex ids: the right outer eye corner left of the picture's middle, the rest anywhere."""
    rng = np.random.default_rng(1)
    vertices = rng.integers(0, len(mirror), 478)
    vertices[33] = np.argmin(np.linalg.norm(mean[:, :2] - [-45, 30], axis=1))
    vertices[234] = np.argmin(np.linalg.norm(mean[:, :2] - [-68, 0], axis=1))
    middle = np.nonzero(POINT_MIRROR == np.arange(478))[0]
    vertices[middle] = rng.choice(np.nonzero(mirror == np.arange(len(mirror)))[0], len(middle))
    for point, other in enumerate(POINT_MIRROR):
        if point < other:
            vertices[other] = mirror[vertices[point]]
    return np.stack([vertices, (vertices + 1) % len(mirror), (vertices + 2) % len(mirror)], 1)
