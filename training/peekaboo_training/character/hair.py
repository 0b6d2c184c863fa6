"""Hair: a cap on the skull, and locks swept over it as tapering, grooved tubes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from .scalp import CENTRE, Scalp, outward
from .surface import Surface, joined, surface, tube

STEPS = 14
# Angles around a lock, radians, from one side over the top to the other, and one below, which is hidden.
AROUND = np.radians([-20, 14, 45, 68, 90, 112, 135, 166, 200])
ROOT, TIP = np.array([0.075, 0.022, 0.010]), np.array([0.33, 0.105, 0.036])  # linear RGB
CROWN = (178.0, 62.0)
# Height of the hairline (degrees) by turn from the front, both sides alike.
HAIRLINE = np.array([
    [0, 46], [25, 46], [42, 38], [58, 18], [72, 6], [90, 0], [105, -16], [125, -34], [150, -45], [180, -48],
])  # fmt: skip


@dataclass
class Lock:
    """The path of a lock over the skull, and its thickness."""

    way: list[tuple[float, float, float]]  # turn and height in degrees, mm off the skin
    width: float  # mm, half
    depth: float  # mm, half
    tint: float = 1.0


def hair(skin: np.ndarray) -> Surface:
    """Cap and locks over the head's skin (N, 3)."""
    scalp = Scalp(skin)
    return joined([_cap(scalp)] + [_swept(scalp, lock) for lock in _back() + _sides() + _fringe() + _tuft()])


def hairline(turn: np.ndarray) -> np.ndarray:
    """Turn in degrees, any -> height in degrees."""
    folded = np.abs((np.asarray(turn) + 180) % 360 - 180)
    return np.interp(folded, HAIRLINE[:, 0], HAIRLINE[:, 1])


def _cap(scalp: Scalp) -> Surface:
    turn = np.linspace(0, 360, 72, endpoint=False)
    share = np.linspace(0, 1, 22)
    low = hairline(turn)
    height = 90 - (90 - low)[None] * share[:, None]
    turns = np.broadcast_to(turn, height.shape)
    lift = np.interp(share, [0, 0.85, 1], [4.0, 3.0, -1.5])[:, None] * np.ones_like(height)
    points = scalp.place(outward(turns.ravel(), height.ravel()), lift.ravel())
    triangles = tube(points.reshape(22, 72, 3), closed_ends=False)[:, ::-1]
    return surface(points, triangles, colour=np.tile(0.6 * ROOT + 0.25 * TIP, (len(points), 1)))


def _swept(scalp: Scalp, lock: Lock) -> Surface:
    way = np.array(lock.way, float)
    t = np.linspace(0, 1, STEPS) ** 0.92
    knots = np.concatenate([outward(way[:, 0], way[:, 1]), way[:, 2:]], 1)
    smooth = CubicSpline(np.linspace(0, 1, len(way)), knots)(t)
    line = scalp.place(smooth[:, :3] / np.linalg.norm(smooth[:, :3], axis=1, keepdims=True), smooth[:, 3])
    line[1:-1] = 0.25 * line[:-2] + 0.5 * line[1:-1] + 0.25 * line[2:]
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    off = line - CENTRE
    off -= (off * along).sum(1, keepdims=True) * along
    off /= np.linalg.norm(off, axis=1, keepdims=True)
    beside = np.cross(off, along)
    swell = np.interp(t, [0, 0.22, 0.6, 0.85, 1], [0.05, 0.85, 1.0, 0.62, 0.03])
    swell = np.convolve(np.pad(swell, 2, "edge"), np.array([1, 2, 3, 2, 1]) / 9, "valid")
    swell[[0, -1]] = 0.02
    turn = AROUND
    groove = 1 + 0.14 * np.cos(4 * (turn - np.pi / 2) + np.pi) * (np.sin(turn) > 0.3)
    rings = (
        line[:, None]
        + beside[:, None] * (swell[:, None] * lock.width * np.cos(turn))[..., None]
        + off[:, None] * (swell[:, None] ** 0.8 * lock.depth * np.sin(turn) * groove)[..., None]
    )
    shade = (ROOT + (TIP - ROOT) * (0.15 + 0.85 * t[:, None] ** 1.2)) * lock.tint
    colour = shade[:, None] * (0.85 + 0.15 * np.sin(turn) ** 2 * np.cos(4 * turn - np.pi))[None, :, None]
    return surface(rings.reshape(-1, 3), tube(rings), colour=colour.reshape(-1, 3))


def _tints(seed: int, count: int) -> np.ndarray:
    return 1 + 0.16 * np.random.default_rng(seed).uniform(-1, 1, count)


def _back() -> list[Lock]:
    """From the crown down to the nape, in two shells."""
    result = []
    shells = [(19, 4.0, -7.0, 13.0), (16, 8.0, 6.0, 12.0), (13, 10.5, 24.0, 11.0)]
    for shell, (count, lift, end, width) in enumerate(shells):
        turns = np.linspace(72, 288, count) + shell * 5
        for turn, tint in zip(turns, _tints(shell, count), strict=True):
            low = float(hairline(turn)) + end
            start = CROWN[0] + (turn - CROWN[0]) * 0.45
            swirl = 7 * np.sin(turn * 1.7 + shell)
            result.append(Lock(
                [(start, 72.0, lift - 2), (CROWN[0] + (turn - CROWN[0]) * 0.85, 52.0, lift + 1.5),
                 (turn, 0.5 * (46 + low), lift + 1.0), (turn + swirl * 0.5, low + 9, lift),
                 (turn + swirl, low, lift + 2.5)],
                width, 4.6, tint))  # fmt: skip
    return result


def _sides() -> list[Lock]:
    """Over the temples, in front of and over the ears."""
    result = []
    for side, tints in ((1, _tints(11, 5)), (-1, _tints(12, 5))):
        for n, tint in enumerate(tints):
            turn = 57 + 11.0 * n
            low = float(hairline(turn)) - (10 if n < 3 else 4)
            result.append(Lock(
                [(side * (turn + 25), 74.0, 6.0), (side * (turn + 10), 52.0, 9.0), (side * (turn + 2), 28.0, 8.0),
                 (side * turn, low + 10, 6.5), (side * (turn - 6), low, 4.5)], 10.0, 4.6, tint))  # fmt: skip
    return result


def _fringe() -> list[Lock]:
    """From a parting on the left over the forehead to the right; a smaller sweep to the left."""
    result = []
    right = _tints(21, 8)
    for n, tint in enumerate(right):
        s = n / 7
        root = (30 + 14 * s, 52 + 22 * s)
        end = (-14 - 52 * s, 22.5 - 8 * s - 4 * (n % 2))
        result.append(Lock(
            [(root[0], root[1], 5.0), (root[0] - 22 - 8 * s, root[1] + 3 - 4 * s, 12.0),
             (0.45 * end[0] + 2, 47 + 3 * s, 14.5),
             (0.8 * end[0], 0.5 * (end[1] + 47), 11.0), (end[0], end[1], 7.0)], 11.0 - 1.5 * s, 5.0, tint))  # fmt: skip
    for n, tint in enumerate(_tints(22, 5)):
        root = (29 + 7 * n, 47 + 6 * n)
        end = (40 + 9 * n, 24 - 4 * n)
        result.append(Lock(
            [(root[0] - 2, root[1], 5.0), (root[0] + 6, root[1] - 6, 10.5),
             (0.5 * (root[0] + end[0]) + 5, 38 - 2 * n, 11.0),
             (end[0] + 1, end[1] + 7, 8.0), (end[0] - 4, end[1], 6.0)], 9.0, 4.6, tint))  # fmt: skip
    for n, tint in enumerate(_tints(24, 4)):
        root, end = (35 + n, 44 + 5.0 * n), (13 - 9 * n, 27 - 2.5 * n)
        result.append(Lock(
            [(root[0], root[1] - 2, 3.0), (root[0] - 5, root[1] + 5, 11.0), (0.6 * root[0], 47 + n, 12.5),
             (0.5 * (end[0] + 20), 37.0, 10.0), (end[0], end[1], 5.5)], 8.5, 4.6, tint))  # fmt: skip
    for n, tint in enumerate(_tints(23, 6)):
        s = n / 5
        result.append(Lock(
            [(38 + 90 * s, 66 + 12 * s, 5.0), (10 - 40 * s, 80.0, 13.0), (-52 - 30 * s, 66 - 2 * s, 13.0),
             (-70 - 28 * s, 44.0, 13.5), (-76 - 30 * s, 22 - 4 * s, 11.0)], 12.0, 5.0, tint))  # fmt: skip
    for n, tint in enumerate(_tints(25, 4)):
        result.append(Lock(
            [(40 + n, 62.0 + 2 * n, 4.0), (4.0, 70.0 + n, 13.0), (-34 - 6 * n, 62.0 + n, 14.5),
             (-54 - 6 * n, 43.0, 13.0), (-63 - 6 * n, 20.0 - n, 9.0)], 11.0, 5.0, tint))  # fmt: skip
    return result


def _tuft() -> list[Lock]:
    """A few ends that stand up at the crown."""
    return [
        Lock([(150, 66, 4), (120, 76, 12), (60, 82, 22), (20, 78, 30)], 6.0, 3.6, 1.05),
        Lock([(170, 60, 4), (190, 72, 12), (235, 80, 20), (270, 74, 25)], 5.0, 3.2, 1.15),
        Lock([(160, 60, 4), (160, 74, 11), (140, 84, 19), (60, 86, 24)], 5.0, 3.2, 0.95),
    ]
