"""Which poses, expressions, identities and lights a portrait can be drawn with.

A portrait shows one side of a head: what was never photographed has to be invented, and some inventions look wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face_model.format import EXPRESSION_NAMES
from ..scene.mirror import EXPRESSION_MIRROR
from ..scene.random_face import random_expression, random_light
from ..settings import LIGHT_BASE
from .portrait import Portrait

LOWEST_PITCH, HIGHEST_PITCH = -16.0, 20.0
"""Degrees; hats and hair that the picture's edge cuts show a flat top beyond."""
SPECTACLES_YAW, HAIR_YAW, LARGEST_YAW = 25.0, 45.0, 60.0
"""Degrees: spectacles in the texture lie flat on the skin, long hair has no depth, and ears are seen from behind."""
OWN_TURN = 9.0
"""Degrees; portraits turned further are drawn turned the same way: the far cheek was not seen."""
_BARE_TEMPLES = 0.45
_GREY = 0.03
_LARGEST_LIGHT_ERROR = 0.8
_GAZE_SHARE = 0.6
_IDENTITY_SHARE, _IDENTITY_SPREAD = 0.5, 0.35
_INDEX = {name: k for k, name in enumerate(EXPRESSION_NAMES)}
_BLINKS = [_INDEX["eyeBlinkLeft"], _INDEX["eyeBlinkRight"]]
_OPEN_EYES = 0.35
"""Largest blink behind spectacles."""

_SINGLE_SHAPES: tuple[tuple[float, dict[str, float]], ...] = (
    (2.0, {}),
    (2.5, {"jawOpen": 0.8, "mouthLowerDown": 0.2}),
    (2.5, {"eyeBlink": 1.0}),
    (2.0, {"mouthSmile": 1.0, "cheekSquint": 0.5, "mouthUpperUp": 0.3, "jawOpen": 0.1}),
    (1.0, {"eyeSquint": 1.0, "eyeBlink": 0.3}),
    (1.5, {"mouthPucker": 1.0, "mouthFunnel": 0.3}),
    (1.0, {"mouthFunnel": 0.9, "jawOpen": 0.3}),
    (1.5, {"browInnerUp": 1.0, "browOuterUp": 1.0, "eyeWide": 0.4}),
    (1.0, {"browDown": 1.0, "noseSneer": 0.4}),
    (1.0, {"mouthFrown": 0.8, "mouthShrugLower": 0.5}),
    (0.7, {"mouthPress": 0.7, "mouthRollLower": 0.4, "mouthRollUpper": 0.3}),
    (0.7, {"mouthStretch": 0.8, "jawOpen": 0.15}),
    (0.6, {"cheekPuff": 0.8}),
    (0.7, {"mouthUpperUp": 0.7, "noseSneer": 0.7}),
    (0.5, {"mouthLeft": 0.8}),
    (0.5, {"mouthRight": 0.8}),
    (0.5, {"jawLeft": 0.7, "jawOpen": 0.2}),
    (0.5, {"jawRight": 0.7, "jawOpen": 0.2}),
    (0.5, {"eyeBlinkLeft": 1.0}),
    (0.5, {"eyeBlinkRight": 1.0}),
    (0.5, {"tongueOut": 0.8, "jawOpen": 0.5}),
)
"""Share and shapes at full strength; a name without a side stands for both."""


@dataclass(frozen=True)
class Support:
    """What a portrait supports: the largest turn in degrees, the side (-1 or 1, 0 for both) and what is in it."""

    largest_yaw: float
    side: int
    spectacles: bool
    relight: bool


def support_of(portrait: Portrait) -> Support:
    """Judge a portrait by what was measured when it was prepared."""
    spectacles = float(portrait.spectacles) > 0
    bare = float(portrait.bare_temples)
    largest = SPECTACLES_YAW if spectacles else LARGEST_YAW if bare > _BARE_TEMPLES else HAIR_YAW
    side = int(np.sign(portrait.yaw)) if abs(portrait.yaw) > OWN_TURN else 0
    relight = float(portrait.colourful) > _GREY and float(portrait.light_error) < _LARGEST_LIGHT_ERROR
    return Support(largest, side, spectacles, relight)


def random_turn(rng: np.random.Generator, support: Support) -> tuple[float, float, float]:
    """Draw yaw, pitch and roll in degrees: four in ten near the front, the others up to the largest yaw."""
    yaw = abs(rng.normal(0, 15)) if rng.random() < 0.4 else rng.uniform(0, support.largest_yaw)
    side = support.side or int(rng.choice([-1, 1]))
    pitch = np.clip(rng.normal(0, 9), LOWEST_PITCH, HIGHEST_PITCH)
    return side * min(yaw, support.largest_yaw), float(pitch), float(rng.normal(0, 6))


def rotation_of(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Give the rotation (3, 3) of a head: yaw first, then pitch, then roll, degrees."""
    cy, sy, cp, sp, cr, sr = (f(np.radians(a)) for a in (yaw, pitch, roll) for f in (np.cos, np.sin))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return (about_z @ about_x @ about_y).astype(np.float32)


def random_look(rng: np.random.Generator, portrait: Portrait, support: Support, known: np.ndarray) -> np.ndarray:
    """Draw an expression (52,): the portrait's own, another person's of `known` (N, 52), one shape, or a mixture."""
    choice = rng.random()
    if choice < 0.25:
        expression = portrait.expression.copy()
    elif choice < 0.5:
        expression = known[rng.integers(len(known))].astype(np.float32)
        expression = expression[EXPRESSION_MIRROR] if rng.random() < 0.5 else expression.copy()
    elif choice < 0.9:
        expression = _single_shape(rng)
    else:
        return _limited(random_expression(rng, known).astype(np.float32), support)
    if rng.random() < _GAZE_SHARE:
        _look_aside(rng, expression)
    return _limited(expression, support)


def _limited(expression: np.ndarray, support: Support) -> np.ndarray:
    """Keep the eyes open behind spectacles, whose lenses would close with them."""
    if support.spectacles:
        expression[_BLINKS] = np.minimum(expression[_BLINKS], _OPEN_EYES)
    return expression


def _single_shape(rng: np.random.Generator) -> np.ndarray:
    shares = np.array([share for share, _ in _SINGLE_SHAPES])
    shapes = _SINGLE_SHAPES[rng.choice(len(shares), p=shares / shares.sum())][1]
    strength = rng.uniform(0.3, 1)
    if "eyeBlink" in shapes and rng.random() < 0.6:
        strength = 1.0
    expression = np.zeros(52, np.float32)
    for name, value in shapes.items():
        for side in ("", "Left", "Right"):
            if name + side in _INDEX:
                expression[_INDEX[name + side]] = value * strength
    return expression


def _look_aside(rng: np.random.Generator, expression: np.ndarray) -> None:
    """Turn both eyes the same way, seldom far."""
    left, up = np.clip(rng.normal(0, 0.4), -1, 1), np.clip(rng.normal(0, 0.25), -1, 1)
    for side, out in (("Left", left), ("Right", -left)):
        expression[_INDEX[f"eyeLookOut{side}"]] = max(out, 0)
        expression[_INDEX[f"eyeLookIn{side}"]] = max(-out, 0)
        expression[_INDEX[f"eyeLookUp{side}"]] = max(up, 0)
        expression[_INDEX[f"eyeLookDown{side}"]] = max(-up, 0)


def random_person(rng: np.random.Generator, identity: np.ndarray) -> np.ndarray:
    """Draw an identity (80,): the portrait's own, or one near it."""
    if rng.random() > _IDENTITY_SHARE:
        return identity.copy()
    return np.clip(identity + rng.normal(0, _IDENTITY_SPREAD, len(identity)), -3, 3).astype(np.float32)


def new_light(rng: np.random.Generator, skin: float) -> np.ndarray:
    """Draw a light (3, 9) for skin of the mean linear albedo `skin`."""
    light = random_light(rng, max(skin, 0.05)).reshape(3, 9).copy()
    light[:, 0] += LIGHT_BASE
    return light
