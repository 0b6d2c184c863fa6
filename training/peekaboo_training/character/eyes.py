"""Eyeballs with a painted iris, the shade of the lids on them, and catch-lights."""

from __future__ import annotations

import numpy as np

from .lids import CLOSED_GAP, RADIUS, Eye
from .surface import Poses, Surface, joined, surface, tube
from .warp import ease

SEGMENTS, CAP_SEGMENTS = 40, 18
ANGLES = np.radians([0.5, 5, 10, 14, 18, 22, 26, 30, 33, 37, 42, 48, 56, 66, 78, 92, 108])
SIDEWAYS, UP_DOWN = 30.0, 22.0  # degrees of eyeLook… at 1.0
# How far the ball moves back in shapes that close the lids, mm, so that their linear path does not intersect it.
RETREAT = {"eyeBlink": 2.2, "eyeSquint": 0.8, "cheekSquint": 0.6}
TEXTURE_ANGLE = np.radians(110)  # at the texture's edge
SHADE_HEIGHT, SHADE_GAP, LIGHT_GAP = 6.0, 0.15, 0.32
# Place of a catch-light (degrees outward to the viewer's left, up), its half size in degrees.
LIGHTS = ((-17.0, 17.0, 8.6), (14.0, -15.0, 3.6))
MEET = np.radians(-20.0)  # elevation of closed lids
LIGHT_FOLLOWS = 0.35  # share of the gaze


def eyeball(eye: Eye) -> Surface:
    """One ball; its uv is a disc, so that angles from the pupil are distances from the texture's centre."""
    points, angle, turn = _sphere(RADIUS)
    reach = 0.5 * angle / TEXTURE_ANGLE
    uv = np.stack([0.5 + reach * np.cos(turn), 0.5 - reach * np.sin(turn)], 1)
    still = ease(angle, np.radians(100), np.radians(60))[:, None]
    poses = {name: points + (points @ turned.T - points) * still for name, turned in _gazes(eye.side, 1.0).items()}
    poses |= _retreats(points, eye)
    triangles = tube(points.reshape(-1, SEGMENTS, 3))[:, ::-1]
    return surface(points, triangles, poses, uv=uv)


def shade(eye: Eye, face: np.ndarray) -> Surface:
    """A dark film over the ball that thickens towards the lids."""
    keep = ANGLES < np.radians(80)
    points, _, _ = _sphere(RADIUS + SHADE_GAP, ANGLES[keep])
    points = points + eye.centre
    rim = face[np.concatenate([eye.upper, eye.lower])]
    away = np.linalg.norm(points[:, None] - rim, axis=2)
    from_upper, from_lower = away[:, : len(eye.upper)].min(1), away[:, len(eye.upper) :].min(1)
    alpha = 0.62 * np.exp(-(from_upper / SHADE_HEIGHT) ** 2) + 0.22 * np.exp(-(from_lower / 3.0) ** 2)
    colour = np.concatenate([np.tile([0.12, 0.05, 0.05], (len(points), 1)), alpha.clip(0, 0.75)[:, None]], 1)
    triangles = tube(points.reshape(-1, SEGMENTS, 3))[:, ::-1]
    return surface(points, triangles, _retreats(points, eye), colour=colour)


def catch_lights(eye: Eye) -> Surface:
    """Small white caps over the ball that follow the gaze a little."""
    return joined([_catch_light(eye, *light) for light in LIGHTS])


def _catch_light(eye: Eye, across: float, up: float, size: float) -> Surface:
    cap, _, _ = _sphere(RADIUS + LIGHT_GAP, np.radians([0.05, 0.6 * size, size]), CAP_SEGMENTS)
    at = _turn(across, -up)
    points = cap @ at.T
    poses = {name: points @ turned.T + eye.centre for name, turned in _gazes(eye.side, LIGHT_FOLLOWS).items()}
    poses |= _retreats(points + eye.centre, eye)
    # Behind a closing lid the catch-light shrinks towards the line where the lids meet.
    meet = np.array([0, np.sin(MEET), np.cos(MEET)]) * (RADIUS + CLOSED_GAP) + eye.centre
    shut = meet - [0, 0, RETREAT["eyeBlink"]] + 0.02 * points
    poses["eyeBlinkLeft" if eye.side > 0 else "eyeBlinkRight"] = shut
    triangles = tube(points.reshape(-1, CAP_SEGMENTS, 3))[:, ::-1]
    return surface(points + eye.centre, triangles, poses)


def iris_texture(size: int = 512) -> np.ndarray:
    """sRGB picture (size, size, 3) uint8: pupil, iris with fibres, dark edge, warm white."""
    y, x = (np.mgrid[:size, :size] + 0.5) / size * 2 - 1
    degrees = np.hypot(x, y) * np.degrees(TEXTURE_ANGLE)
    turn = np.arctan2(y, x)
    rng = np.random.default_rng(7)
    wave = 0.7 * np.sin(degrees / 5)
    fibres = sum(rng.uniform(0.4, 1) * np.cos(n * turn + rng.uniform(0, 6.3) + wave) for n in range(17, 90, 6))
    fibres = 0.10 * fibres / np.abs(fibres).max()
    across = np.clip((degrees - PUPIL) / (IRIS - PUPIL), 0, 1)
    inner, outer, light = np.array([0.30, 0.17, 0.06]), np.array([0.05, 0.20, 0.17]), np.array([0.30, 0.52, 0.36])
    iris = inner + (light - inner) * ease(across, 0.0, 0.45)[..., None]
    iris = iris + (outer - iris) * ease(across, 0.5, 1.0)[..., None]
    below = 1 + 0.55 * np.clip(y * np.degrees(TEXTURE_ANGLE) / IRIS, -0.7, 1)  # light gathers on the far side
    iris = iris * (1 + fibres * 2.2 * ease(across, 0.02, 0.3))[..., None] * below[..., None]
    white = np.array([0.93, 0.90, 0.88]) - [0.10, 0.17, 0.17] * ease(degrees, 45, 75)[..., None]
    colour = iris + (white - iris) * ease(degrees, IRIS - 0.8, IRIS + 1.6)[..., None]
    edge = np.exp(-(((degrees - IRIS + 1.2) / 1.8) ** 2))[..., None]
    colour = colour * (1 - 0.75 * edge) + np.array([0.02, 0.05, 0.05]) * 0.75 * edge
    pupil = ease(degrees, PUPIL + 1, PUPIL - 0.6)[..., None]
    colour = colour * (1 - pupil) + 0.012 * pupil
    return np.round(255 * np.clip(colour, 0, 1) ** (1 / 2.2)).astype(np.uint8)


PUPIL, IRIS = 15.5, 35.5  # degrees from the pupil's centre to its edge and the iris's


def _sphere(radius: float, angles=ANGLES, segments: int = SEGMENTS) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rings around +z: points (N, 3), angle from z (N,), turn about z (N,)."""
    angle, turn = np.meshgrid(angles, 2 * np.pi * np.arange(segments) / segments, indexing="ij")
    points = np.stack([np.sin(angle) * np.cos(turn), np.sin(angle) * np.sin(turn), np.cos(angle)], -1) * radius
    return points.reshape(-1, 3), angle.ravel(), turn.ravel()


def _turn(yaw: float, pitch: float) -> np.ndarray:
    """Degrees to the subject's left, then down."""
    a, b = np.radians([yaw, pitch])
    around_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    around_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return around_x @ around_y


def _gazes(side: int, share: float) -> dict[str, np.ndarray]:
    name = "Left" if side > 0 else "Right"
    out = side * SIDEWAYS * share
    return {
        f"eyeLookOut{name}": _turn(out, 0), f"eyeLookIn{name}": _turn(-out, 0),
        f"eyeLookUp{name}": _turn(0, -UP_DOWN * share), f"eyeLookDown{name}": _turn(0, UP_DOWN * share),
    }  # fmt: skip


def _retreats(points: np.ndarray, eye: Eye) -> Poses:
    side = "Left" if eye.side > 0 else "Right"
    return {name + side: points - [0, 0, back] for name, back in RETREAT.items()}
