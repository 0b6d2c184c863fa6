"""Choice of the covers over a face, and things held in front of it: objects, microphones, shapes."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from . import wear
from .cloth import cloth, plain_colour, smooth_noise
from .hair import hair
from .hands import hand, skin_tone
from .headwear import brimmed_hat, cap, furred_hat, hood, woollen_hat
from .material import Material
from .paste import FaceView, Layer, Masks, fill, paste, polygon, warp_sprite
from .solids import bars, board, rod, solid, veil

_SECOND_COVER = 0.35
_HAIR = 0.08
_MOST_HIDDEN = 0.85


def cover(rng: np.random.Generator, material: Material, picture: np.ndarray, face: FaceView, masks: Masks,
          ) -> tuple[np.ndarray, Masks]:  # fmt: skip
    """Cover a face: gives the picture (S, S, 3) float32 0..255 and the masks with the covers.

    A cover that would hide 85 % of the face or more is left out. Some faces get hair below the covers.
    """
    if rng.random() < _HAIR:
        picture, masks = paste(rng, picture, masks, hair(rng, picture, face), face)
    for _ in range(1 + (rng.random() < _SECOND_COVER)):
        layer = draw(rng, material, face)
        if _hidden_share(np.maximum(masks.occluder, layer.alpha), face) < _MOST_HIDDEN:
            picture, masks = paste(rng, picture, masks, layer, face)
    return picture, masks


def _hidden_share(mask: np.ndarray, face: FaceView) -> float:
    """Give the share of the face's mesh points under the mask; points outside the crop count as hidden."""
    at = face.points[:468:3, :2].round().astype(int)
    inside = ((at >= 0) & (at < CROP_SIZE)).all(1)
    return 1 - float((mask[at[inside, 1], at[inside, 0]] < 0.5).sum()) / len(at)


def draw(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw one cover of a random kind; about half of them are hands."""
    kinds, shares = zip(*_KINDS, strict=True)
    kind = kinds[rng.choice(len(kinds), p=np.array(shares) / sum(shares))]
    if kind is hand and not has_hands(material):
        kind = shape
    layer = kind(rng, material, face)
    layer.own = kind in _HEADWEAR
    return layer


def has_hands(material: Material) -> bool:
    """Tell whether the material has hands."""
    return bool(material.hands or material.rendered_hands)


def thing(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a photographed object, or a drawn cup, telephone or book."""
    if not material.objects or rng.random() < 0.6:
        return _drawn_thing(rng, material, face)
    stock = material.objects if rng.random() < 0.5 or not material.scarves else material.scarves
    sprite = stock[rng.integers(len(stock))]
    scale = face.size * rng.uniform(0.3, 0.9) / max(sprite.size)
    return warp_sprite(sprite, _around(rng, face, scale, rng.normal(0, 0.5), sprite.size))


def _drawn_thing(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a flat thing with rounded corners, narrower at one end, shaded across."""
    width, height = face.size * rng.uniform(0.15, 0.5), face.size * rng.uniform(0.2, 0.8)
    taper = rng.uniform(0.6, 1.0)
    corners = np.array([[-width, -height], [width, -height], [width * taper, height], [-width * taper, height]]) / 2
    outline = wear.rounded(corners, rng.integers(1, 3)) if rng.random() < 0.6 else corners
    matrix = _around(rng, face, 1.0, rng.normal(0, 0.4), (0, 0))
    outline = outline @ matrix[:, :2].T + matrix[:, 2]
    layer = fill(polygon(outline), cloth(rng, material, folds=0.06))
    if rng.random() < 0.5:
        return _fingers(rng, face, outline).over(layer)
    return layer


def _fingers(rng: np.random.Generator, face: FaceView, outline: np.ndarray) -> Layer:
    """Draw two to four fingers that reach around a thing's edge."""
    tone = skin_tone(rng) if rng.random() < 0.4 else face.skin * rng.uniform(0.8, 1.15)
    start = int(rng.integers(len(outline)))
    a, b = outline[start], outline[(start + 1) % len(outline)]
    inward = outline.mean(0) - 0.5 * (a + b)
    inward = inward / max(np.linalg.norm(inward), 1e-6)
    along = (b - a) / max(np.linalg.norm(b - a), 1e-6)
    thick = face.size * rng.uniform(0.06, 0.1)
    alpha = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    for k in range(int(rng.integers(2, 5))):
        root = a + along * thick * 1.1 * (k + 0.5)
        ends = np.array([root - inward * thick, root + inward * thick * rng.uniform(1.0, 2.5)])
        first, second = (tuple(int(v) for v in end) for end in (ends * 16).round())
        cv2.line(alpha, first, second, 255, max(1, round(thick)), cv2.LINE_AA, 4)
    return fill(alpha, np.clip(tone, 5, 250) * (1 + smooth_noise(rng, 6, 0.08))[..., None])


def microphone(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a microphone in front of mouth or chin, on a stick from below or from the side."""
    p = face.points[:, :2]
    head = p[rng.choice([13, 17, 152, 61, 291])] + rng.normal(0, 0.08 * face.size, 2)
    far = head + face.direction(rng.normal(0, 0.6), 1) * 250
    alpha = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    radius = face.size * rng.uniform(0.07, 0.17)
    first, second = (tuple(int(v) for v in (end * 16).round()) for end in (head, far))
    cv2.line(alpha, first, second, 255, max(1, round(radius * rng.uniform(0.4, 1.3))), cv2.LINE_AA, 4)
    stretch = rng.uniform(1.0, 1.5)
    tilt = np.degrees(np.arctan2(far[1] - head[1], far[0] - head[0]))
    axes = (int(radius * stretch * 16), int(radius * 16))
    cv2.ellipse(alpha, first, axes, float(tilt), 0, 360, 255, -1, cv2.LINE_AA, 4)
    colour = plain_colour(rng) if rng.random() < 0.3 else np.full(3, rng.uniform(8, 80), np.float32)
    grain = 1 + smooth_noise(rng, 3, 0.25) + rng.normal(0, 0.12, (CROP_SIZE, CROP_SIZE)).astype(np.float32)
    layer = fill(alpha, np.clip(colour * grain[..., None], 0, 255))
    if has_hands(material) and rng.random() < 0.4:
        return hand(rng, material, face).over(layer)
    return layer


def shape(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a polygon, angular or rounded, of random size and place over the face."""
    count = int(rng.integers(3, 11))
    turn = np.sort(rng.uniform(0, 2 * np.pi, count))
    reach = face.size * rng.uniform(0.06, 0.42) * rng.uniform(0.5, 1.2, (count, 1))
    outline = np.stack([np.cos(turn), np.sin(turn)], 1) * reach * [1.0, rng.uniform(0.4, 1.6)]
    if rng.random() < 0.6:
        outline = wear.rounded(outline, 2)
    matrix = _around(rng, face, 1.0, rng.uniform(0, 2 * np.pi), (0, 0))
    surface = cloth(rng, material)
    if rng.random() < 0.25:
        surface = np.clip(face.skin * rng.uniform(0.6, 1.2) * (1 + smooth_noise(rng, 4, 0.15))[..., None], 0, 255)
    return fill(polygon(outline @ matrix[:, :2].T + matrix[:, 2]), surface)


def _around(rng: np.random.Generator, face: FaceView, scale: float, angle: float, size: tuple[int, int]) -> np.ndarray:
    """Give a map (2, 3) that places the centre of something of `size` at random over the face."""
    c, s = np.cos(angle + face.roll) * scale, np.sin(angle + face.roll) * scale
    turn = np.array([[c, -s], [s, c]])
    on_point = rng.random() < 0.6
    target = face.points[rng.integers(468), :2] if on_point else face.centre + rng.normal(0, 0.3 * face.size, 2)
    return np.concatenate([turn, (target - turn @ (np.array(size) / 2))[:, None]], 1)


_HEADWEAR = (wear.hat, cap, woollen_hat, brimmed_hat, furred_hat, hood)
_KINDS = (
    (hand, 0.5),
    (thing, 0.08),
    (solid, 0.1),
    (shape, 0.03),
    (board, 0.04),
    (bars, 0.012),
    (rod, 0.035),
    (veil, 0.02),
    (wear.face_mask, 0.11),
    (wear.sunglasses, 0.1),
    (microphone, 0.04),
    (wear.scarf, 0.03),
    (wear.hat, 0.01),
    (cap, 0.02),
    (woollen_hat, 0.02),
    (brimmed_hat, 0.02),
    (furred_hat, 0.015),
    (hood, 0.03),
)
