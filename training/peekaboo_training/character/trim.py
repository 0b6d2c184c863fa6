"""Eyebrows and eyelashes: geometry that goes with the skin it grows on."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from .lids import Eye
from .surface import Poses, Surface, joined, surface, tube, vertex_normals

# Middle line of the left brow, mm from the middle between the eyes (sideways, up); half height and depth along it.
BROW = np.array([[13.5, 21.5], [21.0, 25.0], [31.0, 27.5], [41.0, 27.5], [50.0, 24.0], [55.5, 20.0]])
BROW_HEIGHT = np.array([2.2, 3.4, 3.5, 2.9, 1.9, 0.4])
BROW_DEPTH, BROW_RINGS, BROW_AROUND = 1.9, 25, 10
BROW_COLOUR = np.array([0.115, 0.040, 0.019])
LASH_COLOUR = np.array([0.018, 0.009, 0.007])
LASH_RINGS = 28


def brows(neutral: np.ndarray, poses: Poses, triangles: np.ndarray, skin: np.ndarray) -> Surface:
    """Both brows; `skin` are the vertices that they may grow on."""
    return joined([_brow(neutral, poses, triangles, skin, side) for side in (1, -1)])


def _brow(neutral, poses, triangles, skin, side: int) -> Surface:
    t = np.linspace(0, 1, BROW_RINGS)
    knots = np.linspace(0, 1, len(BROW))

    def fit(values: np.ndarray) -> np.ndarray:
        return np.polynomial.Polynomial.fit(knots, values, 4)(t)

    normals = vertex_normals(neutral, triangles)
    front = skin[neutral[skin, 2] > -40]
    tree = cKDTree(neutral[front, :2])
    line = np.stack([side * fit(BROW[:, 0]), fit(BROW[:, 1])], 1)
    away, near = tree.query(line, k=10)
    weight = np.exp(-((away / 3.0) ** 2))
    weight /= weight.sum(1, keepdims=True)
    near = front[near]
    at = np.concatenate([line, (weight * neutral[near, 2]).sum(1)[:, None]], 1)
    out = np.einsum("nk,nkc->nc", weight, normals[near])
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    along = np.gradient(at, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    up = np.cross(out, along) * side
    turn = 2 * np.pi * np.arange(BROW_AROUND) / BROW_AROUND * side
    high = np.maximum(np.interp(t, knots, BROW_HEIGHT), 0.2) * np.minimum(1, 4 * t + 0.35)
    deep = BROW_DEPTH * np.minimum(1, high / 2.2)
    rings = (
        at[:, None] + 0.5 * out[:, None]
        + up[:, None] * (high[:, None] * np.cos(turn))[..., None]
        + out[:, None] * (deep[:, None] * np.sin(turn))[..., None]
    )  # fmt: skip
    moves = {
        name: np.repeat(np.einsum("nk,nkc->nc", weight, (pose - neutral)[near]), BROW_AROUND, axis=0)
        for name, pose in poses.items()
        if name.startswith(("brow", "eyeSquint", "eyeBlink", "eyeWide", "noseSneer", "cheekSquint"))
    }
    points = rings.reshape(-1, 3)
    groove = 1 + 0.25 * np.cos(np.arange(BROW_AROUND) * np.pi)
    colour = np.repeat(BROW_COLOUR[None], len(points), 0) * np.tile(groove, BROW_RINGS)[:, None]
    return surface(points, tube(rings), {n: points + move for n, move in moves.items()}, colour=colour)


def lashes(neutral: np.ndarray, poses: Poses, eyes: list[Eye]) -> Surface:
    """A dark, tapering edge on each upper lid, longer to the outside."""
    pieces = []
    for eye in eyes:
        side = "Left" if eye.side > 0 else "Right"
        chosen = {n: p for n, p in poses.items() if n.startswith("eye") and n.endswith(side)}
        points = _upper_lash(neutral, neutral, eye)
        triangles = tube(points.reshape(LASH_RINGS, -1, 3))
        if eye.side > 0:
            triangles = triangles[:, ::-1]
        moved = {name: _upper_lash(pose, neutral, eye) for name, pose in chosen.items()}
        pieces.append(surface(points, triangles, moved, colour=np.tile(LASH_COLOUR, (len(points), 1))))
    return joined(pieces)


def _line(vertices: np.ndarray, rim: np.ndarray) -> np.ndarray:
    """A rim as LASH_RINGS places at even distances, a little smoothed (LASH_RINGS, 3)."""
    points = vertices[rim]
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])

    def fit(values: np.ndarray) -> np.ndarray:
        return np.polynomial.Polynomial.fit(length / length[-1], values, 6)(np.linspace(0, 1, LASH_RINGS))

    return np.stack([fit(points[:, k]) for k in range(3)], 1)


def _upper_lash(vertices, neutral, eye: Eye) -> np.ndarray:
    """(LASH_RINGS * 4, 3)"""
    start, at = _line(neutral, eye.upper), _line(vertices, eye.upper)
    x, angle, _ = eye.polar(start)
    _, now, _ = eye.polar(at)
    t = np.linspace(0, 1, LASH_RINGS)
    long = np.interp(t, [0, 0.3, 0.6, 0.85, 0.94, 1], [0.7, 1.5, 2.3, 3.5, 3.6, 2.4])
    thick = np.interp(t, [0, 0.2, 0.6, 0.85, 1], [0.4, 0.65, 0.8, 0.6, 0.1])
    lift = angle + np.radians(42) + 0.85 * (now - angle)
    sideways = np.interp(t, [0, 0.5, 1], [-0.25, 0.15, 0.95])
    tip = np.stack([sideways * eye.side, np.sin(lift), np.cos(lift)], 1)
    tip /= np.linalg.norm(tip, axis=1, keepdims=True)
    out = at - eye.centre
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    over = np.stack([np.zeros(LASH_RINGS), np.cos(now), -np.sin(now)], 1)
    end = at + tip * long[:, None]
    rings = np.stack([
        at - 0.3 * out - over * (0.4 * thick)[:, None], at + 1.1 * out - over * (0.25 * thick)[:, None],
        end, at + 0.5 * out + over * thick[:, None],
    ], 1)  # fmt: skip
    return rings.reshape(-1, 3)
