"""Random heads: identity, skin, expression, gaze, rotation and light."""

from __future__ import annotations

import numpy as np

from ..face_model.format import EXPRESSION_NAMES
from ..settings import LIGHT_BASE
from .mirror import EXPRESSION_MIRROR

_INDEX = {name: k for k, name in enumerate(EXPRESSION_NAMES)}
_LOOKS = [name for name in EXPRESSION_NAMES if name.startswith("eyeLook")]
_FREE = np.array([k for name, k in _INDEX.items() if name not in (*_LOOKS, "tongueOut", "mouthClose")])
_UNTAUGHT = (("cheekPuff", 0.12), ("noseSneerLeft", 0.12), ("eyeWideLeft", 0.12), ("tongueOut", 0.2),
             ("eyeBlinkLeft", 0.15), ("jawOpen", 0.15), ("mouthPucker", 0.08), ("mouthFunnel", 0.08),
             ("mouthFrownLeft", 0.08), ("browInnerUp", 0.1), ("browOuterUpLeft", 0.08),
             ("mouthSmileLeft", 0.08))  # fmt: skip
"""Shapes that are rare in photographs, and the probability with which each is added."""
_SIDEWAYS = (("jawLeft", "jawRight"), ("mouthLeft", "mouthRight"))
_SIDEWAYS_SHARE = 0.12  # of each pair
_CLOSED_SHARE = 0.12  # closed lips over an open jaw, which points of photographs cannot distinguish from a long chin
_LAMBERT = np.array([1.0, 2 / 3, 2 / 3, 2 / 3, 0.25, 0.25, 0.25, 0.25, 0.25])
_Y = np.array([0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274])


def random_identity(rng: np.random.Generator) -> np.ndarray:
    """Draw an identity (80,) in standard deviations, limited to 3."""
    return np.clip(rng.normal(0, 1, 80), -3, 3).astype(np.float32)


def random_albedo(rng: np.random.Generator) -> np.ndarray:
    """Draw an albedo (10,) in standard deviations; the first, light to dark skin, is mostly uniform."""
    values = rng.normal(0, 0.9, 10)
    if rng.random() < 0.6:
        values[0] = rng.uniform(-1.8, 1.8)
    return np.clip(values, -2.5, 2.5).astype(np.float32)


def random_rotation(rng: np.random.Generator) -> np.ndarray:
    """Draw a rotation (3, 3): half of them nearly frontal, the others with yaw up to 75 degrees; pitch up to 35."""
    yaw = rng.normal(0, 15) if rng.random() < 0.5 else rng.uniform(-75, 75)
    pitch, roll = np.clip(rng.normal(0, 13), -35, 35), rng.normal(0, 6)
    cy, sy, cp, sp, cr, sr = (f(np.radians(a)) for a in (yaw, pitch, roll) for f in (np.cos, np.sin))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return about_z @ about_x @ about_y


def random_expression(rng: np.random.Generator, known: np.ndarray | None) -> np.ndarray:
    """Draw an expression (52,), 0..1: one of the `known` (N, 52), or a mixture of a few shapes; rare shapes are added.

    `mouthClose` is at most `jawOpen`, and 0 while the tongue is out.
    """
    if known is not None and rng.random() < 0.4:
        expression = known[rng.integers(len(known))].astype(np.float32)
        expression = expression[EXPRESSION_MIRROR] if rng.random() < 0.5 else expression.copy()
    else:
        expression = _mixture(rng)
    for name, share in _UNTAUGHT:
        if rng.random() < share:
            _raise(rng, expression, _INDEX[name], rng.uniform(0.2, 1))
    for pair in _SIDEWAYS:
        if rng.random() < _SIDEWAYS_SHARE:
            side = int(rng.integers(2))
            expression[[_INDEX[pair[side]], _INDEX[pair[1 - side]]]] = rng.uniform(0.2, 1), 0
    if rng.random() < 0.6:
        _look(rng, expression)
    tongue, jaw, close = (_INDEX[name] for name in ("tongueOut", "jawOpen", "mouthClose"))
    if rng.random() < _CLOSED_SHARE:
        expression[jaw] = max(expression[jaw], rng.uniform(0.2, 0.8))
        expression[close] = expression[jaw] * rng.uniform(0.5, 1)
    if expression[tongue] > 0:
        expression[jaw] = max(expression[jaw], rng.uniform(0.2, 0.6))
        expression[close] = 0
    expression[close] = min(expression[close], expression[jaw])
    return np.clip(expression, 0, 1)


def _mixture(rng: np.random.Generator) -> np.ndarray:
    expression = np.zeros(52, np.float32)
    count = 0 if rng.random() < 0.2 else int(rng.integers(1, 11))
    for k in rng.choice(_FREE, count, replace=False):
        _raise(rng, expression, int(k), rng.uniform(0, 1) * rng.uniform(0.4, 1))
    return expression


def _raise(rng: np.random.Generator, expression: np.ndarray, k: int, value: float) -> None:
    """Set one shape, and with probability 0.75 its mirror image to a similar value."""
    expression[k] = value
    other = EXPRESSION_MIRROR[k]
    if other != k and rng.random() < 0.75:
        expression[other] = np.clip(value * rng.uniform(0.8, 1.2), 0, 1)


def _look(rng: np.random.Generator, expression: np.ndarray) -> None:
    """Draw a gaze of both eyes; `left` is the subject's."""
    left, up = np.clip(rng.normal(0, 0.45), -1, 1), np.clip(rng.normal(0, 0.35), -1, 1)
    values = {
        "eyeLookOutLeft": left, "eyeLookInRight": left, "eyeLookInLeft": -left, "eyeLookOutRight": -left,
        "eyeLookUpLeft": up, "eyeLookUpRight": up, "eyeLookDownLeft": -up, "eyeLookDownRight": -up,
    }  # fmt: skip
    for name, value in values.items():
        expression[_INDEX[name]] = max(value, 0)


def random_light(rng: np.random.Generator, skin: float = 0.2) -> np.ndarray:
    """Draw a light vector (27,): ambient light and one to three lamps, tinted.

    Its brightness is that of an automatic exposure of a face with mean linear albedo `skin`, with some variation.
    """
    total = np.zeros((3, 9))
    total[:, 0] = rng.uniform(0.15, 0.8) * _tint(rng) / 0.282095
    for _ in range(int(rng.integers(1, 4))):
        direction = rng.normal(0, 1, 3) + np.array([0, 0.4, rng.uniform(0, 1.5)])
        x, y, z = direction / np.linalg.norm(direction)
        shape = np.array([1, y, z, x, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y]) * _Y
        total += np.outer(_tint(rng), shape * _LAMBERT) * rng.uniform(0.2, 1.6)
    ahead = total[:, 0].mean() * 0.282095 + max(total[:, 2].mean(), 0) * 0.488603
    total *= 0.95 * np.exp(rng.normal(-0.05, 0.28)) * (0.2 / skin) ** 0.55 / ahead
    total[:, 0] -= LIGHT_BASE
    return total.reshape(27).astype(np.float32)


def _tint(rng: np.random.Generator) -> np.ndarray:
    warmth = rng.normal(0, 0.12)
    return np.array([1 + warmth, 1 + rng.normal(0, 0.02), 1 - warmth])
