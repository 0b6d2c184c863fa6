"""Simple meshes: surfaces of revolution and boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .bones import unit

AROUND = 20


@dataclass(frozen=True)
class Held:
    """A mesh; with `textured` a texture may replace its colour; `gloss` 0..1."""

    vertices: np.ndarray
    triangles: np.ndarray
    uv: np.ndarray
    albedo: np.ndarray
    textured: bool = False
    gloss: float = 0.2


def lathe(profile: np.ndarray, start: np.ndarray, along: np.ndarray, colour: np.ndarray, *, textured: bool = False,
          gloss: float = 0.2, flat: float = 1.0, wave: np.ndarray | None = None) -> Held:  # fmt: skip
    """Make a surface of revolution from a profile (K, 2), distance along an axis and radius in mm.

    `flat` scales one direction across; `wave` (K, AROUND) multiplies the radius.
    """
    along = unit(along)
    side = unit(np.cross(along, [0.3, 0.1, 1.0]))
    other = np.cross(along, side)
    turn = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    ring = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other * flat
    radius = profile[:, 1, None] * (np.ones((1, AROUND)) if wave is None else wave)
    vertices = start + profile[:, 0, None, None] * along + radius[..., None] * ring
    top = np.arange((len(profile) - 1) * AROUND)
    beside = top // AROUND * AROUND + (top + 1) % AROUND
    triangles = np.concatenate([np.stack([top, beside, top + AROUND], 1),
                                np.stack([beside, beside + AROUND, top + AROUND], 1)])  # fmt: skip
    length = max(np.ptp(profile[:, 0]), 1.0)
    u = np.broadcast_to(np.abs(turn / np.pi - 1), (len(profile), AROUND))
    v = np.broadcast_to(((profile[:, 0] - profile[0, 0]) / length)[:, None], u.shape)
    uv = np.stack([u, v], 2).reshape(-1, 2)
    vertices = vertices.reshape(-1, 3)
    albedo = np.broadcast_to(colour, vertices.shape).astype(np.float32)
    return Held(vertices.astype(np.float32), triangles, uv.astype(np.float32), albedo, textured, gloss)


def joined(parts: list[Held]) -> Held:
    """Join meshes; `textured` and `gloss` are those of the first."""
    offsets = np.cumsum([0] + [len(part.vertices) for part in parts[:-1]])
    return Held(
        np.concatenate([p.vertices for p in parts]),
        np.concatenate([p.triangles + o for p, o in zip(parts, offsets, strict=True)]),
        np.concatenate([p.uv for p in parts]),
        np.concatenate([p.albedo for p in parts]),
        parts[0].textured,
        parts[0].gloss,
    )


def box(centre: np.ndarray, axes: np.ndarray, size: np.ndarray, colour: np.ndarray, textured: bool) -> Held:
    """Make a box of axes (3, 3), rows, with sharp edges; the largest two sides carry the texture."""
    vertices, triangles, uv = [], [], []
    for k in range(3):
        a, b = axes[(k + 1) % 3] * size[(k + 1) % 3] / 2, axes[(k + 2) % 3] * size[(k + 2) % 3] / 2
        for sign in (-1, 1):
            middle = centre + sign * axes[k] * size[k] / 2
            start = 4 * len(triangles) // 2
            vertices += [middle - a - b, middle + a - b, middle + a + b, middle - a + b]
            uv += [[0, 0], [1, 0], [1, 1], [0, 1]]
            triangles += [[start, start + 1, start + 2], [start, start + 2, start + 3]]
    albedo = np.broadcast_to(colour, (len(vertices), 3)).astype(np.float32)
    return Held(np.array(vertices, np.float32), np.array(triangles), np.array(uv, np.float32), albedo, textured)
