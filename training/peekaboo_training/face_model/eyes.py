"""Eyeballs: their places, rotation, and clearance to the lids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import points
from .format import EXPRESSION_NAMES
from .mesh import EYE_RADIUS, EYE_SEGMENTS, EYE_VERTICES, IRIS_RING, HeadMesh, eye_points

CLEARANCE = 0.9  # mm between the ball and the lids' rim
RETREAT = 2.5  # mm at 1.0; also keeps every person's lids off the ball, halfway down as well
SIDEWAYS, UP_DOWN = 30.0, 25.0  # degrees at 1.0
# Rows of the ball beyond what shows: (angle, radius sideways, radius up and down, depth) in mm from the centre.
# They fill the corners of the eye, which a ball of this size does not reach, and do not turn.
SKIRT = {82.0: (14.5, 12.0, 2.2), 105.0: (16.0, 12.2, -3.5)}
# Linear RGB: pupil, iris, limbus, sclera, corners.
COLOURS = {
    11.5: (0.006, 0.006, 0.006),
    13.5: (0.075, 0.042, 0.022),
    25.5: (0.11, 0.065, 0.034),
    28.0: (0.03, 0.02, 0.015),
}
SCLERA, CORNER = (0.62, 0.57, 0.53), (0.42, 0.25, 0.22)


@dataclass
class Eyes:
    """Both eyeballs of the mean face."""

    centres: np.ndarray  # (2, 3) left, right
    shape: np.ndarray  # (E, 3) one ball from its centre, looking along z
    turning: np.ndarray  # (E,) 0..1, how much a row turns with the gaze

    def vertices(self) -> np.ndarray:
        """(2E, 3): left, then right."""
        return (self.centres[:, None] + self.shape).reshape(-1, 3)


def ball() -> tuple[np.ndarray, np.ndarray]:
    """-> shape (E, 3) in mm and turning (E,)."""
    unit, angles = eye_points()
    shape = unit * EYE_RADIUS
    for angle, (wide, high, depth) in SKIRT.items():
        ring = angles == angle
        radial = unit[ring, :2] / np.linalg.norm(unit[ring, :2], axis=1, keepdims=True)
        shape[ring] = np.c_[radial * [wide, high], np.full(ring.sum(), depth)]
    return shape, np.interp(angles, [45.0, 62.0, 82.0], [1.0, 0.7, 0.0])


def place_eyes(mean: np.ndarray, lids: np.ndarray) -> Eyes:
    """Mean (B, 3) without eyes and the lids' rim (2, R, 3), left and right -> eyes that touch the lids' middle."""
    shape, turning = ball()
    centres = []
    for rim in lids:
        x, y = (rim[:, 0].min() + rim[:, 0].max()) / 2, (rim[:, 1].min() + rim[:, 1].max()) / 2
        middle = rim[np.abs(rim[:, 0] - x) < 7]
        side = np.hypot(middle[:, 0] - x, middle[:, 1] - y)
        reach = np.sqrt(np.maximum((EYE_RADIUS + CLEARANCE) ** 2 - side**2, 0))
        centres.append([x, y, (middle[:, 2] - reach).mean()])
    centres = np.array(centres)
    centres[1] = centres[0] * [-1, 1, 1]
    return Eyes(centres, shape, turning)


def keep_off(vertices: np.ndarray, centres: np.ndarray, radius: float) -> np.ndarray:
    """Push vertices (B, 3) that lie inside a ball of `radius` mm out of it, straight from its centre."""
    result = vertices.copy()
    for centre in centres:
        away = result - centre
        distance = np.linalg.norm(away, axis=1)
        inside = (distance < radius) & (away[:, 2] > 0)
        result[inside] = centre + away[inside] * (radius / np.maximum(distance[inside], 1e-6))[:, None]
    return result


def gaze(eyes: Eyes) -> np.ndarray:
    """Displacement of both balls (52, 2E, 3): the eyeLook shapes turn them, a blink draws them back a little."""
    result = np.zeros((len(EXPRESSION_NAMES), 2, EYE_VERTICES, 3))
    for side, name in enumerate(("Left", "Right")):
        out = 1 if side == 0 else -1
        turns = {"Out": (out * SIDEWAYS, 0), "In": (-out * SIDEWAYS, 0), "Up": (0, -UP_DOWN), "Down": (0, UP_DOWN)}
        for direction, (yaw, pitch) in turns.items():
            a, b = np.radians([yaw, pitch])
            around_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
            around_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
            turned = eyes.shape @ (around_x @ around_y).T
            index = EXPRESSION_NAMES.index(f"eyeLook{direction}{name}")
            result[index, side] = (turned - eyes.shape) * eyes.turning[:, None]
        result[EXPRESSION_NAMES.index(f"eyeBlink{name}"), side] = [0, 0, -RETREAT] * eyes.turning[:, None]
    return result.reshape(len(EXPRESSION_NAMES), -1, 3)


def eye_identity(eyes: Eyes, moves: np.ndarray, basis: np.ndarray, lids: np.ndarray) -> np.ndarray:
    """Displacement of both balls per identity mode (80, 2E, 3).

    moves (2, 80, 2): sideways and up; how far forward follows from the lids, whose distance to the ball shall stay:
    lids (n, 3) are places of the left eye's lids, open and closed, and basis (80, n, 3), (80, n, 3) what the modes do
    to them on the left and on the right side.
    """
    result = np.zeros((moves.shape[1], 2, EYE_VERTICES, 3))
    for side in range(2):
        away = (lids - eyes.centres[0]) * [1 - 2 * side, 1, 1]
        away /= np.linalg.norm(away, axis=1, keepdims=True)
        lack = np.einsum("inc,nc->in", basis[side], away) - moves[side] @ away[:, :2].T
        forward = lack @ away[:, 2] / (away[:, 2] ** 2).sum()
        result[:, side] = np.c_[moves[side], forward][:, None]
    return result.reshape(moves.shape[1], -1, 3)


def eye_albedo() -> np.ndarray:
    """Linear RGB of both balls (2E, 3)."""
    _, angles = eye_points()
    colours = np.tile(np.array(SCLERA), (EYE_VERTICES, 1))
    colours[angles == 0] = COLOURS[11.5]
    for angle, colour in COLOURS.items():
        colours[angles == angle] = colour
    colours[angles >= 82] = CORNER
    return np.tile(colours, (2, 1))


def iris_points(mesh: HeadMesh) -> tuple[np.ndarray, np.ndarray]:
    """MediaPipe's points 468 to 477: vertex ids (10, 3) and weights (10, 3); right eye first, centre, then ring."""
    left, right = mesh.eye_start
    corners = []
    for start in (right, left):
        ring = start + 1 + IRIS_RING * EYE_SEGMENTS
        ids = [start] + [ring + EYE_SEGMENTS * angle // 360 for angle in points.IRIS_RING_ANGLES]
        corners += [(i, i, i) for i in ids]
    return np.array(corners), np.tile([1.0, 0.0, 0.0], (10, 1))
