"""Hands in front of a face: rendered ones, and photographed palms in any skin tone with drawn forearms and sleeves."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .cloth import cloth, smooth_noise
from .hand_place import rendered_hand
from .material import Material, Sprite
from .paste import FaceView, Layer, fill, polygon, warp_sprite

_ANCHORS = np.array([13, 13, 14, 1, 4, 152, 152, 148, 377, 50, 280, 205, 425, 159, 386, 172, 397, 234, 454, 10, 151])
"""Points that hands often touch: mouth, nose, chin, cheeks, eyes, jaw, temples, forehead."""
_RIM = np.array([152, 148, 377, 150, 379, 172, 397, 58, 288, 132, 361, 127, 356, 10, 67, 297])
_RENDERED_SHARE = 0.6
_DARKEST = np.array([52, 34, 26], np.float32)
_LIGHTEST = np.array([240, 204, 182], np.float32)
_GRID = np.stack(np.meshgrid(np.arange(CROP_SIZE), np.arange(CROP_SIZE)), -1).astype(np.float32)


def hand(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw one hand, rendered or photographed; the material must have one of them."""
    if material.rendered_hands and (not material.hands or rng.random() < _RENDERED_SHARE):
        layer = rendered_hand(rng, material, face)
        _shade(rng, layer, face, int(rng.integers(3, 16)))
        return layer
    return _photographed(rng, material, face)


def _photographed(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a photographed hand, with forearm or sleeve in most cases."""
    sprite = material.hands[rng.integers(len(material.hands))]
    small = rng.random() < 0.25
    matrix = _placement(rng, sprite, face, small)
    tone = _tone(rng, sprite, face)
    layer = warp_sprite(sprite, matrix, _recolouring(sprite, tone))
    _shade(rng, layer, face, 3)
    if rng.random() < 0.85:
        return layer.over(_arm(rng, material, sprite, matrix, tone))
    return layer


def _shade(rng: np.random.Generator, layer: Layer, face: FaceView, waves: int) -> None:
    """Shade a hand in place: blotches, and darker towards its outline, where fingers turn away from the light."""
    if rng.random() < 0.5:
        layer.colour *= smooth_noise(rng, waves, 0.12)[..., None] + 1
    if rng.random() < 0.4:
        inside = cv2.GaussianBlur(layer.alpha, (0, 0), face.size * rng.uniform(0.01, 0.035))
        layer.colour *= np.clip(1 - rng.uniform(0.3, 1.2) * (1 - inside), 0.15, 1)[..., None].astype(np.float32)


def skin_tone(rng: np.random.Generator) -> np.ndarray:
    """Draw a skin colour (3,), 0..255, evenly from dark to light."""
    share = rng.random()
    tone = _DARKEST * (1 - share) + _LIGHTEST * share
    return np.clip(tone * (1 + rng.normal(0, [0.03, 0.04, 0.06])), 8, 250).astype(np.float32)


def _tone(rng: np.random.Generator, sprite: Sprite, face: FaceView) -> np.ndarray:
    choice = rng.random()
    if choice < 0.5:
        tone = face.skin * rng.uniform(0.75, 1.2) * (1 + rng.normal(0, 0.03, 3))
    elif choice < 0.85:
        tone = skin_tone(rng) * np.clip((face.skin.mean() / 140) ** 0.5, 0.5, 1.2)
    else:
        tone = sprite.colour * rng.uniform(0.6, 1.4)
    return np.clip(tone, 12, 245).astype(np.float32)


def _recolouring(sprite: Sprite, tone: np.ndarray) -> np.ndarray:
    """Give the table (256, 3) that takes the sprite's mean colour to `tone`; the more it brightens, the flatter."""
    ratio = tone / sprite.colour
    # One power for all channels: with different ones shadows would turn purple.
    power = 0.85 * max(float(ratio.mean()), 1.0) ** -0.7
    values = np.arange(256, dtype=np.float32)[:, None] / sprite.colour
    return np.clip(tone * values**power, 0, 255).astype(np.uint8)


def _placement(rng: np.random.Generator, sprite: Sprite, face: FaceView, small: bool) -> np.ndarray:
    """Give the map (2, 3) from the sprite's pixels to the crop's; the wrist points down or outwards."""
    points = _RIM if small else _ANCHORS
    target = face.points[points[rng.integers(len(points))], :2] + rng.normal(0, 0.06 * face.size, 2)
    length = face.size * (rng.uniform(0.35, 0.7) if small else rng.uniform(0.65, 1.25))
    scale = length / max(sprite.size)
    outward = np.arctan2(*(target - face.centre)[::-1]) - np.pi / 2
    wrist = outward * rng.uniform(0, 1) if abs(outward) < 2.2 else 0.0
    angle = face.roll * 0.5 + wrist + rng.normal(0, 0.55)
    flip = -1.0 if rng.random() < 0.5 else 1.0
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    turn = np.array([[c * flip, -s], [s * flip, c]])
    turn = turn @ np.diag([1.0, rng.uniform(0.8, 1.1)])
    touching = sprite.tip if small or rng.random() < 0.35 else sprite.inside[rng.integers(len(sprite.inside))]
    return np.concatenate([turn, (target - turn @ touching)[:, None]], 1)


def _arm(rng: np.random.Generator, material: Material, sprite: Sprite, matrix: np.ndarray, tone: np.ndarray) -> Layer:
    """Draw the forearm from the wrist on, bare or in a sleeve."""
    x, y, width = sprite.base
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    half = 0.5 * width * scale
    wrist = matrix[:, :2] @ np.array([x, y - 0.06 * sprite.size[1]]) + matrix[:, 2]
    along = matrix[:, 1] / max(np.linalg.norm(matrix[:, 1]), 1e-6)
    bend = rng.normal(0, 0.25)
    c, s = np.cos(bend), np.sin(bend)
    along = np.array([along[0] * c - along[1] * s, along[0] * s + along[1] * c])
    cuff = half * rng.uniform(0.1, 7) if rng.random() < 0.75 else 1000.0
    skin = _tube(wrist, along, 0.0, min(cuff + 4, 400), half, half * rng.uniform(1.1, 1.6), tone)
    if cuff > 300:
        return skin
    start = half * rng.uniform(1.1, 1.5)
    sleeve = _tube(wrist, along, cuff, 400, start, start * rng.uniform(1.1, 2.2), cloth(rng, material))
    return sleeve.over(skin)


def _tube(start: np.ndarray, along: np.ndarray, near: float, far: float, half_near: float, half_far: float,
          colour: np.ndarray) -> Layer:  # fmt: skip
    """Draw a tapered tube from `near` to `far` px along a direction, darker towards its sides."""
    across = np.array([-along[1], along[0]])
    a, b = start + along * near, start + along * far
    first, last = across * half_near, across * half_far
    alpha = polygon(np.array([a + first, b + last, b - last, a - first]))
    left, top, width, height = cv2.boundingRect(alpha)
    box = (slice(top, top + height), slice(left, left + width))
    offset = (_GRID[box] - start.astype(np.float32)) @ np.stack([across, along], 1).astype(np.float32)
    half = half_near + (half_far - half_near) * np.clip((offset[..., 1] - near) / max(far - near, 1), 0, 1)
    shade = np.ones_like(alpha, np.float32)
    shade[box] = 1 - 0.4 * np.clip(offset[..., 0] / half, -1, 1) ** 2
    return fill(alpha, colour * shade[..., None])
