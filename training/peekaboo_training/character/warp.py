"""From a child's face to a cartoon's: one smooth, reversible deformation of space.

Shapes go through it as poses, not as displacements: lids that meet before still meet after.
"""

from __future__ import annotations

import numpy as np

EYE = np.array([26.15, 0.0, 0.0])  # MakeHuman's left eyeball, mm; the right one is its mirror image
# Scaled on the unrolled surface of the head about a point on the lids, so that the surrounding face keeps its curve.
EYE_ANCHOR, EYE_SCALE, EYE_CORE, EYE_REACH = np.array([26.15, 0.0, 11.0]), 1.38, 8.0, 60.0
EYE_SHIFT = np.array([5.0, -1.0, -1.0])
AXIS, RADIUS = -50.0, 62.0  # mm: z of the head's vertical axis, and the radius of the unrolled cylinder
NOSE, NOSE_SCALE = np.array([0.0, -27.0, 22.0]), np.array([0.70, 0.86, 0.95])
MOUTH, MOUTH_SCALE, MOUTH_SHIFT = np.array([0.0, -58.0, 22.0]), np.array([1.0, 0.80, 0.80]), -2.5
NECK_AXIS, NECK_END = np.array([0.0, 0.0, -52.0]), -98.0  # everything below the end is compressed
EARS, EARS_SCALE = np.array([66.0, -10.0, -42.0]), 1.12


def warp(points: np.ndarray) -> np.ndarray:
    """Points (…, 3) in mm around the child's eyes -> the same in the cartoon."""
    result = np.array(points, float)
    for field in (_eyes, _nose, _mouth, _ears, _skull, _face, _neck):
        result = field(result)
    return result


def ease(value: np.ndarray, start: float, end: float) -> np.ndarray:
    """0 at `start`, 1 at `end`, smooth in between; start may be the larger one."""
    t = np.clip((value - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


def eye_place(side: int) -> np.ndarray:
    """Where the eyeball's centre goes; side +1 left, -1 right."""
    return warp((EYE * [side, 1, 1])[None])[0]


def _scaled(p: np.ndarray, centre, scale, core: float, reach: float) -> np.ndarray:
    """Scale about a centre, whole within `core`, nothing beyond `reach`."""
    away = p - centre
    weight = ease(np.linalg.norm(away, axis=-1), reach, core)[..., None]
    return p + away * (np.asarray(scale) - 1) * weight


def _eyes(p: np.ndarray) -> np.ndarray:
    flat = _roll_out(p)
    left, right = (flat - _roll_out(EYE_ANCHOR * [side, 1, 1]) for side in (1, -1))
    weights = [ease(np.linalg.norm(away * [1, 1, 0.6], axis=-1), EYE_REACH, EYE_CORE) for away in (left, right)]
    total = np.maximum(weights[0] + weights[1], 1.0)
    for away, weight, side in ((left, weights[0], 1), (right, weights[1], -1)):
        flat = flat + (weight / total)[..., None] * (away * (EYE_SCALE - 1) + EYE_SHIFT * [side, 1, 1])
    return _roll_up(flat)


def _roll_out(p: np.ndarray) -> np.ndarray:
    """-> along the surface sideways, up, off the surface; all in mm."""
    x, depth = p[..., 0], p[..., 2] - AXIS
    return np.stack([RADIUS * np.arctan2(x, depth), p[..., 1], np.hypot(x, depth) - RADIUS], -1)


def _roll_up(flat: np.ndarray) -> np.ndarray:
    angle, radius = flat[..., 0] / RADIUS, flat[..., 2] + RADIUS
    return np.stack([radius * np.sin(angle), flat[..., 1], radius * np.cos(angle) + AXIS], -1)


def _nose(p: np.ndarray) -> np.ndarray:
    p = _scaled(p, NOSE, NOSE_SCALE, 12.0, 30.0)
    lift = ease(np.linalg.norm(p - NOSE, axis=-1), 34.0, 8.0)
    ball = np.exp(-((p[..., 0] / 7.5) ** 2) - ((p[..., 1] + 24.0) / 8.0) ** 2) * ease(p[..., 2], 8.0, 20.0)
    return p + lift[..., None] * [0, 3.0, 2.0] + ball[..., None] * [0, 0, 4.5]


def _mouth(p: np.ndarray) -> np.ndarray:
    p = _scaled(p, MOUTH, MOUTH_SCALE, 26.0, 52.0)
    return p + ease(np.linalg.norm(p - MOUTH, axis=-1), 40.0, 14.0)[..., None] * [0, MOUTH_SHIFT, 0]


def _ears(p: np.ndarray) -> np.ndarray:
    for side in (1, -1):
        p = _scaled(p, EARS * [side, 1, 1], EARS_SCALE, 24.0, 44.0)
    return p


def _skull(p: np.ndarray) -> np.ndarray:
    """A higher, rounder skull."""
    above = ease(p[..., 1], 0.0, 90.0)
    wide = 1 + 0.07 * ease(p[..., 1], -30.0, 50.0)
    return np.stack([p[..., 0] * wide, p[..., 1] * (1 + 0.07 * above), p[..., 2] + 3.0 * above], -1)


def _face(p: np.ndarray) -> np.ndarray:
    """Shorter below the eyes, full cheeks, a small round chin."""
    y = p[..., 1]
    cheeks = np.exp(-(((y + 36) / 30) ** 2)) * ease(p[..., 2], -60.0, 0.0)
    chin = ease(y, -62.0, -100.0)
    wide = 1 + 0.08 * cheeks - 0.05 * chin
    below = np.minimum(y, 0)
    lift = -0.09 * below * ease(below, 0.0, -60.0)
    return np.stack([p[..., 0] * wide, y + lift, p[..., 2] + 2.0 * cheeks * ease(np.abs(p[..., 0]), 0, 30)], -1)


def _neck(p: np.ndarray) -> np.ndarray:
    """Thinner and upright; below, where the collar hides it, no wider than the collar."""
    weight = ease(p[..., 1], -62.0, -95.0) * ease(p[..., 2], 18.0, -12.0)
    narrow = 1 - 0.18 * weight[..., None] * [1, 0, 1]
    p = NECK_AXIS + (p + [0, 0, 13.0] * weight[..., None] - NECK_AXIS) * narrow
    away = (p - NECK_AXIS) * [1, 0, 1]
    radius = np.maximum(np.linalg.norm(away, axis=-1), 1e-6)
    limited = np.minimum(radius, 27 + 4 * (1 - np.exp(-np.maximum(radius - 27, 0) / 4)))
    share = ease(p[..., 1], -84.0, -96.0) * ease(p[..., 2], -5.0, -15.0)
    p = p + away * (share * (limited / radius - 1))[..., None]
    below = np.minimum(p[..., 1] - NECK_END, 0) * ease(p[..., 2], -5.0, -15.0)
    return p - 0.85 * below[..., None] * [0, 1, 0]
