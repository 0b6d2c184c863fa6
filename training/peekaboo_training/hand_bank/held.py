"""Things that a rendered hand holds, as simple meshes in the hand frame: x to the thumb, y to the fingers, -z palm.

Each gives a `Held`: vertices (V, 3) mm, triangles (F, 3), texture coordinates (V, 2), and linear albedo (V, 3).
"""

from __future__ import annotations

import numpy as np

from .bones import bone, unit
from .shapes import AROUND, Held, box, joined, lathe


def held(rng: np.random.Generator, kind: str, heads: np.ndarray, tails: np.ndarray, colour: np.ndarray) -> Held:
    """Make one thing in a posed hand (bone heads and tails (B, 3)) in a linear colour (3,)."""
    return _MAKERS[kind](rng, heads, tails, colour)


def _turned(rng: np.random.Generator, axes: np.ndarray, spread: float) -> np.ndarray:
    axes = np.array([unit(axis) for axis in axes + rng.normal(0, spread, (3, 3))])
    first, second = axes[0], unit(axes[1] - axes[0] * (axes[1] @ axes[0]))
    return np.stack([first, second, np.cross(first, second)])


def _hold(heads: np.ndarray, tails: np.ndarray, depth: float) -> np.ndarray:
    """Give the centre of the space that bent fingers and palm enclose, `depth` mm in front of the palm."""
    knuckles = np.mean([heads[bone(f, 1)] for f in range(2, 6)], 0)
    tips = np.mean([tails[bone(f, 3)] for f in range(2, 6)], 0)
    middle = 0.5 * (knuckles + tips)
    return np.array([middle[0], middle[1], min(knuckles[2], 0) - depth])


def _phone(rng, heads, tails, colour) -> Held:
    axes = _turned(rng, np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1.0]]), 0.15)
    centre = _hold(heads, tails, rng.uniform(18, 30)) + [rng.normal(0, 8), rng.uniform(0, 45), 0]
    dark = colour * rng.uniform(0.05, 0.3) if rng.random() < 0.7 else colour
    size = np.array([rng.uniform(66, 80), rng.uniform(135, 165), rng.uniform(7, 12)])
    return box(centre, axes, size, dark, rng.random() < 0.2)


def _mug(rng, heads, tails, colour) -> Held:
    radius, height = rng.uniform(33, 45), rng.uniform(80, 120)
    axis = np.array([1, rng.normal(0, 0.2), rng.normal(0, 0.2)])
    start = _hold(heads, tails, radius + 6) - unit(axis) * height * 0.5
    top = rng.uniform(1.0, 1.2)
    profile = np.array([[0, 0.1], [0, radius * 0.95], [height / 2, radius], [height, radius * top],
                        [height, radius * top - 3], [height * 0.9, radius * top - 4],
                        [height * 0.88, 0.1]])  # fmt: skip
    return lathe(profile, start, axis, colour, textured=rng.random() < 0.4, gloss=0.5)


def _bottle(rng, heads, tails, colour) -> Held:
    radius, height = rng.uniform(26, 36), rng.uniform(180, 230)
    axis = np.array([1, rng.normal(0, 0.2), rng.normal(0, 0.2)])
    start = _hold(heads, tails, radius + 4) - unit(axis) * height * rng.uniform(0.3, 0.5)
    profile = np.array([[0, 0.1], [0, radius], [height * 0.6, radius], [height * 0.8, radius * 0.45],
                        [height, radius * 0.4], [height, 0.1]])  # fmt: skip
    return lathe(profile, start, axis, colour, textured=rng.random() < 0.4, gloss=0.6)


def _ball(rng, heads, tails, colour) -> Held:
    radius = rng.uniform(25, 50)
    turn = np.linspace(0.02, np.pi - 0.02, 14)
    profile = np.stack([-radius * np.cos(turn), radius * np.sin(turn)], 1)
    return lathe(profile, _hold(heads, tails, radius + 4), np.array([0, 1, 0.2]), colour,
                 textured=rng.random() < 0.5, gloss=0.2)  # fmt: skip


def _microphone(rng, heads, tails, colour) -> Held:
    radius, head = rng.uniform(11, 17), rng.uniform(20, 30)
    axis = np.array([1, rng.normal(0.1, 0.2), rng.normal(0, 0.2)])
    start = _hold(heads, tails, radius + 5) - unit(axis) * 120
    long = rng.uniform(190, 250)
    turn = np.linspace(0.5, np.pi - 0.02, 9)
    ball = np.stack([long - head * np.cos(turn), head * np.sin(turn)], 1)
    profile = np.concatenate([[[0, 0.1], [0, radius * 0.8], [long - head * 0.9, radius]], ball])
    dark = colour * rng.uniform(0.03, 0.3) if rng.random() < 0.75 else colour
    mesh = lathe(profile, start, axis, dark, gloss=0.3)
    grille = np.repeat(np.arange(len(profile)) > 2, AROUND)[:, None]
    tint = rng.choice([0.02, 0.05, 0.25, 0.5])
    return Held(mesh.vertices, mesh.triangles, mesh.uv, np.where(grille, np.float32(tint), mesh.albedo), gloss=0.3)


def _stick(rng, heads, tails, colour) -> Held:
    start, axis = _between(rng, heads, tails)
    radius, long = rng.uniform(3, 7), rng.uniform(120, 170)
    profile = np.array([[-long * 0.45, 0.1], [-long * 0.45, radius], [long * 0.45, radius], [long * 0.55, 0.3]])
    return lathe(profile, start, axis, colour, gloss=0.4)


def _fork(rng, heads, tails, colour) -> Held:
    start, axis = _between(rng, heads, tails)
    metal = np.full(3, rng.uniform(0.35, 0.7)) if rng.random() < 0.8 else colour
    stem = lathe(np.array([[-90, 5], [-40, 4], [25, 2.5], [55, 3]]), start, axis, metal, gloss=1.0, flat=0.5)
    side = unit(np.cross(axis, [0.3, 0.1, 1.0]))
    base = lathe(np.array([[52, 3], [60, 11], [75, 12], [78, 11]]), start, axis, metal, flat=0.15)
    prongs = [lathe(np.array([[74, 1.8], [105, 1.2], [108, 0.2]]), start + side * x, axis, metal)
              for x in (-9.5, -3.2, 3.2, 9.5)]  # fmt: skip
    return joined([stem, base, *prongs])


def _spoon(rng, heads, tails, colour) -> Held:
    start, axis = _between(rng, heads, tails)
    metal = np.full(3, rng.uniform(0.35, 0.7)) if rng.random() < 0.8 else colour
    profile = np.array([[-90, 5], [-40, 4], [25, 2.5], [55, 3], [62, 10], [75, 17], [90, 17], [102, 10], [106, 0.2]])
    return lathe(profile, start, axis, metal, gloss=1.0, flat=0.3)


def _between(rng, heads, tails) -> tuple[np.ndarray, np.ndarray]:
    """Give where thumb and index hold a stick, and its direction, thicker end first, out over the finger tips."""
    tip = 0.5 * (tails[bone(1, 3)] + tails[bone(2, 3)])
    web = 0.5 * (heads[bone(2, 1)] + heads[bone(1, 2)])
    axis = unit(unit(tip - web) + rng.normal(0, 0.25, 3) + [0.35, 0, 0])
    return tip - axis * rng.uniform(-5, 15), axis


def _book(rng, heads, tails, colour) -> Held:
    axes = _turned(rng, np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1.0]]), 0.12)
    size = np.array([rng.uniform(110, 170), rng.uniform(150, 230), rng.uniform(6, 25)])
    centre = _hold(heads, tails, 12 + size[2]) + [rng.normal(0, 25), rng.uniform(10, 80), 0]
    return box(centre, axes, size, colour, rng.random() < 0.6)


def _paper(rng, heads, tails, colour) -> Held:
    axes = _turned(rng, np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1.0]]), 0.15)
    centre = _hold(heads, tails, 14) + [rng.normal(0, 30), rng.uniform(30, 100), 0]
    white = np.full(3, rng.uniform(0.6, 0.85))
    return box(centre, axes, np.array([rng.uniform(100, 210), rng.uniform(120, 290), 1.5]), white, rng.random() < 0.3)


_MAKERS = {"phone": _phone, "mug": _mug, "bottle": _bottle, "ball": _ball, "microphone": _microphone, "fork": _fork,
           "spoon": _spoon, "pen": _stick, "stick": _stick, "book": _book, "paper": _paper}  # fmt: skip
KINDS = tuple(_MAKERS)
