"""Covers about the head: caps with brims, knitted hats, hoods and headscarves that frame the face."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .cloth import cloth, plain_colour, smooth_noise
from .material import Material
from .paste import FaceView, Layer, fill, polygon

FACE_OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
         148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]  # fmt: skip
_TEMPLES = [127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356]
_FAR = 260.0


def cap(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a cap with a curved brim that juts down over the forehead, in its own shadow below."""
    rim, up = _rim(rng, face, (-0.02, 0.1))
    surface = cloth(rng, material)
    crown = fill(_dome(rng, face, rim, up, rng.uniform(0.45, 0.7)), surface * _roundness(rng, face)[..., None])
    bow = np.sin(np.linspace(0, np.pi, len(rim)))[:, None] ** rng.uniform(0.6, 1.2)
    drop = rng.uniform(0.05, 0.2) * face.size
    wide = (rim - rim.mean(0)) * rng.uniform(1.0, 1.12) + rim.mean(0)
    lower = wide - up * (bow * drop - 0.02 * face.size)
    brim = polygon(np.concatenate([lower, (rim + up * bow * 0.06 * face.size)[::-1]]))
    colour = surface if rng.random() < 0.6 else plain_colour(rng)
    edge = fill(brim, np.clip(colour * np.float32(rng.uniform(0.45, 0.95)), 0, 255))
    return _logo(rng, face, rim, up).over(edge.over(crown)) if rng.random() < 0.4 else edge.over(crown)


def woollen_hat(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a knitted hat down to the brows or the hairline, with a turned-up band."""
    rim, up = _rim(rng, face, (-0.06, 0.08))
    surface = _knitted(rng, face) if rng.random() < 0.7 else cloth(rng, material, folds=0.15)
    surface = surface * _roundness(rng, face)[..., None]
    hat = fill(_dome(rng, face, rim, up, rng.uniform(0.45, 0.75)), np.clip(surface, 0, 255))
    if rng.random() < 0.6:
        high = up * face.size * rng.uniform(0.1, 0.22)
        out = (rim - rim.mean(0)) * 1.04 + rim.mean(0)
        outline = np.concatenate([out, (out + high)[::-1]])
        band = fill(polygon(outline), np.clip(surface * rng.uniform(0.7, 1.25), 0, 255))
        return band.over(hat)
    return hat


def brimmed_hat(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a hat with a brim all around, seen from the front: crown, band and a wide, bent brim before the forehead."""
    rim, up = _rim(rng, face, (-0.02, 0.14))
    middle, half = 0.5 * (rim[0] + rim[-1]), (rim[-1] - rim[0]) * 0.5
    surface = cloth(rng, material, folds=0.08) * _roundness(rng, face)[..., None]
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    wide, flat, bend = rng.uniform(1.3, 2.1), face.size * rng.uniform(0.05, 0.16), face.size * rng.uniform(-0.12, 0.1)
    lift = rng.uniform(0.0, 0.12) * face.size
    across = np.cos(turn) * wide
    brim = middle + across[:, None] * half + (lift + bend * across**2 / wide**2 - np.sin(turn) * flat)[:, None] * up
    narrow = np.linspace(-1, 1, 12)[:, None] * rng.uniform(0.6, 0.95) * half + middle + lift * up
    crown = fill(_dome(rng, face, narrow, up, rng.uniform(0.3, 0.6)), np.clip(surface, 0, 255))
    if rng.random() < 0.6:
        high = up * face.size * rng.uniform(0.04, 0.1)
        outline = np.concatenate([narrow + 0.6 * high, (narrow + 1.6 * high)[::-1]])
        crown = fill(polygon(outline), plain_colour(rng)).over(crown)
    if rng.random() < 0.4:
        crown = _logo(rng, face, narrow, up).over(crown)
    edge = surface if rng.random() < 0.7 else cloth(rng, material)
    brim = fill(polygon(brim), np.clip(edge * np.float32(rng.uniform(0.5, 1.05)), 0, 255))
    return brim.over(crown) if rng.random() < 0.6 else crown.over(brim)


def furred_hat(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a pointed or round hat with a band of another, often light and fluffy, stuff along the hairline."""
    rim, up = _rim(rng, face, (0.0, 0.16))
    shape = rim
    if rng.random() < 0.6:
        tip = (
            0.5 * (rim[0] + rim[-1])
            + up * face.size * rng.uniform(0.6, 1.0)
            + (rim[-1] - rim[0]) * rng.uniform(-0.6, 0.6)
        )
        crown = polygon(
            np.concatenate([rim, rim[-1:] + up * 0.2 * face.size, tip[None], rim[:1] + up * 0.2 * face.size])
        )
    else:
        crown = _dome(rng, face, shape, up, rng.uniform(0.4, 0.7))
    top = fill(crown, np.clip(cloth(rng, material, folds=0.2) * _roundness(rng, face)[..., None], 0, 255))
    out = (rim - rim.mean(0)) * rng.uniform(1.0, 1.1) + rim.mean(0)
    ragged = rng.normal(0, 0.012 * face.size, (2, len(out), 1)) * up
    band = np.concatenate([out + ragged[0], (out + up * face.size * rng.uniform(0.08, 0.2) + ragged[1])[::-1]])
    colour = plain_colour(rng) if rng.random() < 0.4 else np.full(3, rng.uniform(180, 250), np.float32)
    grain = 1 + smooth_noise(rng, 40, 0.05) + smooth_noise(rng, 6, 0.08)
    return fill(polygon(band), np.clip(colour * grain[..., None], 0, 255)).over(top)


def hood(rng: np.random.Generator, material: Material, face: FaceView) -> Layer:
    """Draw a hood or headscarf: cloth around an opening that covers the edge of the face slightly."""
    points = face.points[FACE_OVAL, :2]
    right, down = face.direction(1, 0), face.direction(0, 1)
    offset = points - face.centre
    across, along = offset @ right, offset @ down
    along = along / max(np.abs(along).max(), 1e-6)
    top, side, below = rng.uniform(0.78, 1.12), rng.uniform(0.86, 1.08), rng.uniform(0.9, 1.15)
    tall = np.where(along < 0, top, below)
    opening = face.centre + np.outer(across * side, right) + np.outer(offset @ down * tall, down)
    if rng.random() < 0.35:
        # Open below the chin, as a hood is: the sides run on downwards.
        low = along > rng.uniform(0.2, 0.7)
        opening = opening + np.outer(low * (along * face.size * rng.uniform(0.5, 1.2)), down)
    outer = face.centre + 1.0 * np.outer(across * rng.uniform(1.35, 1.8), right)
    outer = outer + np.outer(offset @ down * rng.uniform(1.3, 1.6), down)
    shape = polygon(outer)
    wide, far = right * face.size * 0.55, down * _FAR
    shoulders = [face.centre - wide, face.centre + wide, face.centre + 2 * wide + far, face.centre - 2 * wide + far]
    shape = np.maximum(shape, polygon(np.array(shoulders)))
    hole = polygon(opening)
    alpha = np.minimum(shape, 255 - hole)
    surface = cloth(rng, material, folds=rng.uniform(0.08, 0.25)) * _roundness(rng, face, 0.5)[..., None]
    depth = cv2.GaussianBlur(hole, (0, 0), face.size * 0.05).astype(np.float32) / 255
    surface = surface * (1 - rng.uniform(-0.15, 0.6) * depth)[..., None]
    return fill(alpha, np.clip(surface, 0, 255))


def _rim(rng: np.random.Generator, face: FaceView, lift: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Give the lower edge of a hat, from temple to temple (K, 2), and the way up (2,)."""
    up = -face.direction(0, 1)
    high = face.points[_TEMPLES, :2]
    brow = face.points[[127, 70, 63, 105, 66, 107, 55, 9, 285, 336, 296, 334, 293, 300, 356], :2]
    share = rng.uniform(0.0, 0.85)
    rim = brow * share + high * (1 - share) + up * face.size * (rng.uniform(*lift) + 0.02)
    # Brows are uneven, rims are not: fit a parabola from temple to temple.
    place = np.linspace(-1, 1, len(rim))
    basis = np.stack([np.ones_like(place), place, place**2], 1)
    smooth = basis @ np.linalg.lstsq(basis, rim, rcond=None)[0]
    tilt = rng.normal(0, 0.03) * face.size * place[:, None]
    return smooth + up * tilt, up


def _dome(rng: np.random.Generator, face: FaceView, rim: np.ndarray, up: np.ndarray, tall: float) -> np.ndarray:
    """Fill from a rim up over the head's round."""
    turn = np.linspace(0, np.pi, 24)
    middle = 0.5 * (rim[0] + rim[-1])
    side = (rim[-1] - rim[0]) * 0.5 * rng.uniform(1.04, 1.25)
    square = rng.uniform(0.6, 1.0)
    across = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** square
    arc = middle + across[:, None] * side + (np.sin(turn) ** square)[:, None] * up * face.size * tall
    return polygon(np.concatenate([rim, arc]))


def _roundness(rng: np.random.Generator, face: FaceView, strength: float = 0.9) -> np.ndarray:
    """Give the shading (S, S) of a round shape: darker towards the sides, brightest off centre."""
    ys, xs = np.mgrid[:CROP_SIZE, :CROP_SIZE].astype(np.float32)
    right = face.direction(1, 0)
    across = ((xs - face.centre[0]) * right[0] + (ys - face.centre[1]) * right[1]) / (0.6 * face.size)
    shade = 1.05 - strength * rng.uniform(0.1, 0.6) * (across - rng.normal(0, 0.3)) ** 2
    return np.clip(shade + smooth_noise(rng, 5, 0.04), 0.25, 1.2).astype(np.float32)


def _knitted(rng: np.random.Generator, face: FaceView) -> np.ndarray:
    """Give a ribbed or plaited surface (S, S, 3) in one or two colours."""
    ys, xs = np.mgrid[:CROP_SIZE, :CROP_SIZE].astype(np.float32)
    right, down = face.direction(1, 0), face.direction(0, 1)
    across = xs * right[0] + ys * right[1]
    along = xs * down[0] + ys * down[1]
    wave = 2 * np.pi / rng.uniform(3.0, 8.0)
    rows = 0.5 + 0.5 * np.sin(across * wave + rng.uniform(0, 1.2) * np.sin(along * wave * 0.9))
    colour = np.broadcast_to(plain_colour(rng), (CROP_SIZE, CROP_SIZE, 3))
    if rng.random() < 0.35:
        stripe = np.sin(along * 2 * np.pi / (face.size * rng.uniform(0.1, 0.4)) + rng.uniform(0, 6)) > 0
        colour = np.where(stripe[..., None], colour, plain_colour(rng))
    return np.clip(colour * (rng.uniform(0.55, 0.8) + 0.4 * rows)[..., None], 0, 255).astype(np.float32)


def _logo(rng: np.random.Generator, face: FaceView, rim: np.ndarray, up: np.ndarray) -> Layer:
    """Draw an irregular logo on a cap's front."""
    turn = np.linspace(0, 2 * np.pi, int(rng.integers(4, 12)), endpoint=False)
    reach = face.size * rng.uniform(0.03, 0.09) * rng.uniform(0.5, 1.2, len(turn))
    at = rim[len(rim) // 2] + up * face.size * rng.uniform(0.12, 0.25)
    shape = at + np.stack([np.cos(turn) * 1.3, np.sin(turn)], 1) * reach[:, None]
    return fill(polygon(shape), plain_colour(rng))
