"""Sunglasses and clear spectacles: lenses of many shapes, in thin or thick frames."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .cloth import cloth, plain_colour, smooth_noise
from .material import Material
from .paste import FaceView, Layer, fill, polygon

_LIKE_SKIN = 0.2  # share of drawn lenses with the colour of the surrounding skin
_MIRRORING = 0.5  # share of drawn lenses that reflect a picture
_METALS = np.array([[205, 170, 95], [190, 190, 195], [60, 58, 55], [150, 105, 70]], np.float32)


def drawn_sunglasses(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw sunglasses over the eyes: lenses that let more or less light through, rims, bridge and temples."""
    outlines = _outlines(rng, face)
    lenses = np.maximum.reduce([polygon(outline) for outline in outlines])
    return _frame(rng, face, outlines).over(_glass(rng, material, face, lenses))


def drawn_spectacles(rng: np.random.Generator, face: FaceView) -> Layer:
    """Draw clear spectacles: rims, bridge and temples, and faint reflections. They hide nothing."""
    outlines = _outlines(rng, face)
    lenses = np.maximum.reduce([polygon(outline) for outline in outlines]).astype(np.float32) / 255
    frame = _frame(rng, face, outlines)
    strength = rng.choice([0.0, rng.uniform(0.02, 0.12), rng.uniform(0.1, 0.45)], p=[0.4, 0.45, 0.15])
    veil = lenses * np.clip(strength * (0.5 + smooth_noise(rng, int(rng.integers(2, 6)), 0.5)), 0, 0.6)
    colour = 255 * np.clip(0.5 + 0.5 * lens_hue(rng), 0, 1)
    shine = Layer((veil[..., None] * colour).astype(np.float32), veil.astype(np.float32))
    layer = frame.over(shine)
    layer.hides = False
    return layer


def _outlines(rng: np.random.Generator, face: FaceView) -> list[np.ndarray]:
    """Give the outline (K, 2) of each lens: round, angular, drop-shaped, cat's eyes, or one shield."""
    p = face.points[:, :2]
    across, down = face.direction(1, 0), face.direction(0, 1)
    eyes = [p[[33, 133]].mean(0), p[[263, 362]].mean(0)]
    kind = rng.choice(["round", "angular", "drop", "cat", "shield"], p=[0.25, 0.28, 0.25, 0.12, 0.1])
    # Half a lens: real ones are 45 to 60 mm wide, a face about 180 mm high.
    widths = {"round": rng.uniform(0.1, 0.16), "shield": rng.uniform(0.32, 0.4)}
    width = face.size * widths.get(kind, rng.uniform(0.115, 0.17))
    height = {"round": width * rng.uniform(0.9, 1.1), "shield": face.size * rng.uniform(0.09, 0.14)}.get(
        kind, face.size * rng.uniform(0.07, 0.13)
    )
    power = 2.0 if kind == "round" else rng.uniform(2.2, 4.5)
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x, y = (np.sign(f(turn)) * np.abs(f(turn)) ** (2 / power) for f in (np.cos, np.sin))
    lower = rng.normal(0, 0.02) * face.size + (0.03 * face.size if kind == "drop" else 0)
    result = []
    for side, eye in zip((-1, 1), [0.5 * (eyes[0] + eyes[1])] if kind == "shield" else eyes, strict=False):
        own_x, own_y = x.copy(), y.copy()
        if kind == "drop":  # narrower towards the nose below
            own_x = own_x + side * 0.35 * np.clip(own_y, 0, 1) * (1 - np.abs(own_x)) + side * 0.08 * own_y
        if kind == "cat":  # the outer upper corner is drawn out
            own_y = own_y - 0.45 * np.clip(side * own_x, 0, 1) * np.clip(-own_y, 0, 1)
        if kind == "shield":
            own_y = own_y * (1 - 0.35 * np.clip(1 - (own_x / 0.25) ** 2, 0, 1) * (own_y > 0))
        result.append(eye + np.outer(own_x * width, across) + np.outer(own_y * height + lower, down))
    return result


def _glass(rng: np.random.Generator, material: Material, face: FaceView, lenses: np.ndarray) -> Layer:
    """Fill lenses: transmission, often with a vertical gradient, and reflections."""
    alpha = lenses.astype(np.float32) / 255
    ys, xs = np.mgrid[:CROP_SIZE, :CROP_SIZE].astype(np.float32)
    down, right = face.direction(0, 1), face.direction(1, 0)
    middle = face.points[[33, 263], :2].mean(0)
    along = ((xs - middle[0]) * down[0] + (ys - middle[1]) * down[1]) / (0.15 * face.size)
    across = ((xs - middle[0]) * right[0] + (ys - middle[1]) * right[1]) / (0.4 * face.size)
    light = rng.choice([rng.uniform(0.0, 0.06), rng.uniform(0.06, 0.25), rng.uniform(0.25, 0.6)], p=[0.35, 0.4, 0.25])
    hue = face.skin / max(face.skin.max(), 1) if rng.random() < _LIKE_SKIN else lens_hue(rng)
    ramp = 1 + rng.uniform(0, 1.2) * np.clip(along, -0.8, 1.0) if rng.random() < 0.5 else np.ones_like(along)
    through = np.clip(light * ramp[..., None] * hue, 0, 0.85)
    mirrored = rng.choice([rng.uniform(0, 25), rng.uniform(20, 90), rng.uniform(90, 230)], p=[0.3, 0.4, 0.3])
    tint = (0.6 * hue + 0.4 * lens_hue(rng)) ** rng.uniform(1, 2.5)  # above 1: deeper colours
    own = (
        np.clip(mirrored * tint, 0, 255)[None, None]
        * (1 - 0.35 * along + 0.2 * across)[..., None]
    )
    own = own * (1 + smooth_noise(rng, int(rng.integers(3, 12)), 0.3))[..., None]
    if rng.random() < _MIRRORING:
        own = own * _scene(rng, material)[..., None]
    if rng.random() < 0.5:
        band = np.sin((across * rng.uniform(2, 7) + along * rng.uniform(-2, 2)) * np.pi + rng.uniform(0, 6))
        own = own + (band > rng.uniform(0.3, 0.9))[..., None] * rng.uniform(10, 70)
    colour = np.clip(own, 0, 255) * alpha[..., None]
    return Layer(colour.astype(np.float32), alpha, glass=(through * alpha[..., None]).astype(np.float32))


def _scene(rng: np.random.Generator, material: Material) -> np.ndarray:
    """Draw the brightness (S, S) of what lenses reflect, around 1: the photograph of a surface, or a pattern."""
    brightness = cloth(rng, material).mean(2) + 1
    return (brightness / brightness.mean()) ** rng.uniform(0.5, 1.8)


def lens_hue(rng: np.random.Generator) -> np.ndarray:
    """Draw the colour of lenses (3,), 0..1: grey, brown, green, blue, pink, yellow or any."""
    choices = ([1, 1, 1], [1, 0.6, 0.35], [0.7, 1, 0.75], [0.55, 0.75, 1], [1, 0.4, 0.65], [1, 0.85, 0.3])
    if rng.random() < 0.2:
        return rng.uniform(0.2, 1, 3)
    return np.clip(
        np.array(choices[rng.choice(6, p=[0.26, 0.38, 0.07, 0.09, 0.12, 0.08])]) + rng.normal(0, 0.06, 3), 0.05, 1
    )


def _frame(rng: np.random.Generator, face: FaceView, outlines: list[np.ndarray]) -> Layer:
    """Draw rims about the lenses, the bridge, and temples towards the ears."""
    p = face.points[:, :2]
    alpha = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    share = rng.uniform(0.005, 0.013) if rng.random() < 0.65 else rng.uniform(0.013, 0.035)
    thick = max(1, round(face.size * share))

    def line(points: np.ndarray, closed: bool, width: int) -> None:
        cv2.polylines(alpha, [(points * 16).round().astype(np.int32)], closed, 255, width, cv2.LINE_AA, 4)

    if rng.random() < 0.85:
        for outline in outlines:
            line(outline, True, thick)
    across = face.direction(1, 0)
    left, right = outlines[0], outlines[-1]
    if len(outlines) > 1:
        line(np.stack([left[np.argmax(left @ across)], right[np.argmin(right @ across)]]), False, thick)
    for outline, sign, ear in ((left, -1, p[127]), (right, 1, p[356])):
        line(np.stack([outline[np.argmax(sign * (outline @ across))], ear]), False, thick)
    metal = rng.random() < 0.5
    colour = _METALS[rng.integers(len(_METALS))] if metal else plain_colour(rng) * rng.uniform(0.1, 1.0)
    return fill(alpha, np.clip(colour * (1 + smooth_noise(rng, 6, 0.15))[..., None], 0, 255))
