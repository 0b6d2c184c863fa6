"""Simple meshes that complete a rendered head, in the model's space, mm: skull, neck and hair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_SKULL_CENTRE, _SKULL_RADII = np.array([0.0, 34.0, 0.0]), np.array([70.0, 84.0, 78.0])
_HAIR_CENTRE, _HAIR_RADII = np.array([0.0, 36.0, 12.0]), np.array([76.0, 86.0, 86.0])
"""Of an average head, mm; scaled by the width of each head."""
_AROUND, _DOWN = 60, 36
_HAIR_COLOURS = np.array([
    [0.010, 0.008, 0.007], [0.030, 0.018, 0.010], [0.080, 0.040, 0.020], [0.180, 0.100, 0.045], [0.350, 0.230, 0.110],
    [0.200, 0.060, 0.025], [0.300, 0.290, 0.280], [0.650, 0.640, 0.620],
])  # fmt: skip


@dataclass(frozen=True)
class Prop:
    """A mesh: vertices (V, 3) mm, triangles (F, 3) counter-clockwise from outside, linear albedo (V, 3)."""

    vertices: np.ndarray
    triangles: np.ndarray
    albedo: np.ndarray


def skull(width: float, skin: np.ndarray) -> Prop:
    """Make the skull, an ellipsoid just inside the skin, in linear colour `skin` (3,); `width` of the head in mm."""
    grid, triangles = _sphere()
    vertices = _SKULL_CENTRE + grid * _SKULL_RADII * (width / 150.0)
    return Prop(vertices.astype(np.float32), triangles, np.broadcast_to(skin, vertices.shape).astype(np.float32))


def neck(rng: np.random.Generator, width: float, skin: np.ndarray, cloth: np.ndarray) -> Prop:
    """Make a neck that widens into shoulders; below the collar its colour is `cloth` (3,)."""
    rows = np.linspace(0, 1, 12)
    collar = rng.uniform(0.2, 0.7)
    turn = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    radius = width * (0.36 + 1.1 * np.clip(rows - 0.35, 0, 1) ** 1.5)
    x = radius[:, None] * np.cos(turn) * np.where(rows > 0.35, 1.15, 1.0)[:, None]
    z = -10 + width * 0.36 * np.sin(turn) * np.ones((len(rows), 1)) - 15 * rows[:, None]
    y = np.broadcast_to((-35 - 190 * rows)[:, None], x.shape)
    vertices = np.stack([x, y, z], 2).reshape(-1, 3)
    dressed = np.repeat(rows > collar, _AROUND)[:, None]
    colours = np.where(dressed, cloth, skin).astype(np.float32)
    return Prop(vertices.astype(np.float32), _grid_triangles(len(rows)), colours)


def hair(rng: np.random.Generator, width: float) -> Prop:
    """Make hair: an ellipsoid with an opening for the face, extended downwards at the sides when long."""
    grid, triangles = _sphere()
    volume = rng.uniform(1.03, 1.2)
    colour = _HAIR_COLOURS[rng.integers(len(_HAIR_COLOURS))] * rng.uniform(0.7, 1.3)
    strands = rng.normal(0, 0.25, (1, _AROUND)) + rng.normal(0, 0.12, (_DOWN, _AROUND))
    scale = _HAIR_RADII * (width / 150.0) * volume
    vertices = grid * scale * (1 + 0.04 * strands.reshape(-1, 1) * rng.uniform(0, 1))
    length = rng.choice([0.0, rng.uniform(0, 60), rng.uniform(60, 160)])
    below = np.clip(-vertices[:, 1], 0, None)
    vertices[:, 1] -= below / scale[1] * length
    vertices = vertices + _HAIR_CENTRE
    around = np.arctan2(vertices[:, 0], 90)
    hairline = 74 + rng.normal(0, 7) + 6 * np.sin(around * rng.integers(1, 5) + rng.uniform(0, 6))
    side = rng.uniform(0.62, 0.85) * width / 2
    bare = (vertices[:, 2] > 28 + rng.uniform(-12, 8)) & (vertices[:, 1] < hairline)
    bare &= (np.abs(vertices[:, 0]) < side) | (vertices[:, 2] > 45) | (length == 0)
    if length == 0:
        bare |= vertices[:, 1] < 20 + rng.uniform(-10, 15)
    fringe = bare & (np.abs(vertices[:, 0]) < 0.8 * side) & (vertices[:, 1] > hairline - 18)
    kept = triangles[~(bare & ~fringe)[triangles].any(1) & ~bare[triangles].all(1)]
    vertices[fringe, 1] = np.maximum(vertices[fringe, 1], (hairline - 4)[fringe])
    albedo = colour * np.exp(strands.reshape(-1, 1) * 0.8)
    return Prop(vertices.astype(np.float32), kept, np.clip(albedo, 0.003, 0.9).astype(np.float32))


def _sphere() -> tuple[np.ndarray, np.ndarray]:
    """Give unit vectors (_DOWN * _AROUND, 3) from top to bottom, and outward triangles."""
    down = np.linspace(0.02, np.pi - 0.02, _DOWN)
    turn = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    x = np.sin(down)[:, None] * np.cos(turn)
    z = np.sin(down)[:, None] * np.sin(turn)
    y = np.broadcast_to(np.cos(down)[:, None], x.shape)
    return np.stack([x, y, z], 2).reshape(-1, 3), _grid_triangles(_DOWN)


def _grid_triangles(rows: int) -> np.ndarray:
    """Triangles of a tube of `rows` x _AROUND vertices, ordered from top to bottom and from x to z."""
    top = np.arange((rows - 1) * _AROUND)
    beside = (top // _AROUND) * _AROUND + (top + 1) % _AROUND
    below, across = top + _AROUND, beside + _AROUND
    return np.concatenate([np.stack([top, beside, below], 1), np.stack([beside, across, below], 1)])
