"""Lids of the large eyes: places of the eyeballs, clearance of the lids, and blinks that close completely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .warp import ease

RADIUS = 16.5  # mm of the eyeball
# Millimetres off the ball: rims at rest, closed lids, how much farther the lining is then; upper lid over the lower.
RIM_GAP, CLOSED_GAP, LINING_GAP, OVERLAP = 0.9, 2.7, 1.6, 1.0
CLOSING = 0.2  # where lids meet: share of the way from the lower lid to the upper one
UPPER_SPAN, LOWER_SPAN, REACH = 11.0, 9.0, 16.0  # mm from the rim to where the lid's skin is at rest; off the ball


@dataclass
class Eye:
    """One eye of the refined cartoon face; angles are elevations about the ball's sideways axis."""

    side: int  # +1 left, -1 right
    centre: np.ndarray  # (3,) mm
    upper: np.ndarray  # vertices of the rims, from the inner corner to the outer one
    lower: np.ndarray
    inner: float  # mm sideways from the centre, inner corner negative on the left eye
    outer: float

    def polar(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """-> sideways in mm (outward positive), elevation in radians, distance from the sideways axis in mm."""
        away = points - self.centre
        return away[..., 0] * self.side, np.arctan2(away[..., 1], away[..., 2]), np.hypot(away[..., 1], away[..., 2])

    def place(self, x, angle, distance) -> np.ndarray:
        """The reverse of `polar`."""
        return np.stack([x * self.side, distance * np.sin(angle), distance * np.cos(angle)], -1) + self.centre


def find_eye(vertices: np.ndarray, upper: np.ndarray, lower: np.ndarray, side: int) -> Eye:
    """The ball that touches the middle of the lids, and the rims in order."""
    rim = vertices[np.concatenate([upper, lower])]
    x, y = (rim[:, 0].min() + rim[:, 0].max()) / 2, (rim[:, 1].min() + rim[:, 1].max()) / 2
    middle = rim[np.abs(rim[:, 0] - x) < 9]
    reach = np.sqrt((RADIUS + RIM_GAP) ** 2 - (middle[:, 0] - x) ** 2 - (middle[:, 1] - y) ** 2)
    centre = np.array([x, y, (middle[:, 2] - reach).mean()])
    outward = (rim[:, 0] - x) * side

    def order(ids: np.ndarray) -> np.ndarray:
        return ids[np.argsort(vertices[ids, 0] * side, kind="stable")]

    return Eye(side, centre, order(upper), order(lower), outward.min(), outward.max())


def keep_off(points: np.ndarray, eyes: list[Eye], gap: float = RIM_GAP) -> np.ndarray:
    """Push points in front of a ball's centre out of it, straight from its centre."""
    result = points.copy()
    for eye in eyes:
        away = result - eye.centre
        distance = np.linalg.norm(away, axis=1)
        inside = (distance < RADIUS + gap) & (away[:, 2] > -2)
        result[inside] = eye.centre + away[inside] * ((RADIUS + gap) / distance[inside])[:, None]
    return result


def blink(vertices: np.ndarray, eye: Eye) -> np.ndarray:
    """Neutral vertices (N, 3) -> the same with this eye closed: the lids slide over the ball and meet."""
    near = np.flatnonzero(np.linalg.norm(vertices - eye.centre, axis=1) < RADIUS + REACH)
    near = near[vertices[near, 2] > eye.centre[2] - 2]
    points = vertices[near]
    rims = np.concatenate([eye.upper, eye.lower])
    turns = closing_turns(vertices, eye)
    away = np.linalg.norm(points[:, None] - vertices[rims], axis=2)
    weight = 1 / (away**2 + 0.04) ** 1.5
    weight /= weight.sum(1, keepdims=True)
    is_upper = weight[:, : len(eye.upper)].sum(1)
    fade = ease(away.min(1), is_upper * UPPER_SPAN + (1 - is_upper) * LOWER_SPAN, 0.3)
    result = vertices.copy()
    result[near] = _slide(points, eye, weight @ turns * fade, weight @ np.clip(np.abs(turns) / 0.3, 0, 1) * fade)
    return result


def closing_turns(vertices: np.ndarray, eye: Eye) -> np.ndarray:
    """How far each vertex of the rims turns to close: those of the upper rim, then of the lower one; radians."""
    x, angle, _ = eye.polar(vertices[np.concatenate([eye.upper, eye.lower])])
    count = len(eye.upper)
    corners = [angle[np.argsort(x)[:3]].mean(), angle[np.argsort(x)[-3:]].mean()]
    straight = np.interp(x, [eye.inner, eye.outer], corners)
    t = (2 * x - eye.inner - eye.outer) / (eye.outer - eye.inner)
    middle = np.abs(t) < 0.3
    upper, lower = angle[:count][middle[:count]].mean(), angle[count:][middle[count:]].mean()
    meet = straight + (lower + CLOSING * (upper - lower) - np.mean(corners)) * (1 - t**2)
    lap = OVERLAP / RADIUS * (1 - t**2) * (np.arange(len(x)) < count)
    return meet - lap - angle


def _slide(points, eye: Eye, turn, share) -> np.ndarray:
    """Turn points about the ball's sideways axis, and lay the skin on a sphere around the ball by `share`."""
    x, angle, radius = eye.polar(points)
    away = eye.place(x, angle + turn, radius) - eye.centre
    distance = np.linalg.norm(away, axis=1)
    outside = ease(distance - RADIUS, RIM_GAP, RIM_GAP + 1.0)  # the lids' lining stays next to the ball
    wanted = distance + share * (outside * (RADIUS + CLOSED_GAP - distance) + (1 - outside) * LINING_GAP)
    return eye.centre + away * (wanted / distance)[:, None]
