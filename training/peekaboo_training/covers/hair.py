"""Drawn hair before a face: fringes, locks and beards. None of it is an occluder; fringes and locks are own hair."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .cloth import smooth_noise
from .paste import FaceView, Layer

_HAIRLINE = [127, 162, 21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 389, 356]
_BEARD = [58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 427, 426, 327, 2, 98, 206, 207]
_LIPS = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185]
_COLOURS = np.array([[28, 24, 22], [48, 36, 28], [78, 55, 38], [115, 82, 52], [165, 130, 88], [120, 66, 40],
                     [140, 138, 135], [205, 202, 196]], np.float32)  # fmt: skip
_SHADES = 9
_STEPS = np.linspace(0, 1, 9)[:, None]


def hair(rng: np.random.Generator, picture: np.ndarray, face: FaceView) -> Layer:
    """Draw a fringe, some locks or a beard, mostly in the colour of the hair in the picture (S, S, 3), 0..255."""
    colour = _colour(rng, picture, face)
    return _beard(rng, face, colour) if rng.random() < 0.4 else _fringe(rng, face, colour)


def _colour(rng: np.random.Generator, picture: np.ndarray, face: FaceView) -> np.ndarray:
    """Take the colour above the forehead when it is darker than the skin, else one that hair has."""
    above = face.points[10, :2] - face.direction(0, 1) * face.size * rng.uniform(0.08, 0.2)
    x, y = np.clip(above.round().astype(int), 3, CROP_SIZE - 4)
    found = np.median(picture[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3), 0)
    if rng.random() < 0.75 and found.mean() < 0.8 * face.skin.mean():
        return found.astype(np.float32)
    light = np.clip(face.skin.mean() / 170, 0.3, 1.1)
    return _COLOURS[rng.integers(len(_COLOURS))] * light * rng.uniform(0.8, 1.2)


def _fringe(rng: np.random.Generator, face: FaceView, colour: np.ndarray) -> Layer:
    """Draw strands in clumps from above the hairline down over the forehead or beside the face."""
    roots = face.points[_HAIRLINE, :2]
    whole = rng.random() < 0.65
    part = rng.uniform(0.15, 0.85)
    down = face.direction(0, 1) * face.size
    sweep = rng.normal(0, 0.25)
    length = rng.uniform(0.1, 0.34)
    strands = []
    for _ in range(int(rng.integers(22, 40)) if whole else int(rng.integers(2, 9))):
        place = rng.uniform(0.03, 0.97)
        away = np.sign(place - part) * rng.uniform(0, 0.3) if sweep > 0 else sweep
        long = length * rng.uniform(0.6, 1.25) * (1 + 1.6 * (abs(place - 0.5) > 0.36) * rng.random())
        strands += _clump(rng, face, roots, place, down, away, long)
    return _drawn(rng, strands, colour, max(1, round(face.size / 110)))


def _clump(rng: np.random.Generator, face: FaceView, roots: np.ndarray, place: float, down: np.ndarray, away: float,
           long: float) -> list[np.ndarray]:  # fmt: skip
    """Give the strands (9, 2) of a clump: roots side by side, tips together."""
    count = int(rng.integers(12, 34))
    spread = rng.uniform(0.02, 0.06)
    places = np.clip(place + rng.normal(0, spread, count), 0, 1) * (len(roots) - 1)
    low = np.minimum(places.astype(int), len(roots) - 2)
    share = (places - low)[:, None]
    start = roots[low] * (1 - share) + roots[low + 1] * share
    start = start - down * rng.uniform(0.03, 0.16, (count, 1))
    right = face.direction(1, 0) * face.size
    middle = start.mean(0) + down * (long + 0.09) + right * away * long
    end = middle + (start - start.mean(0)) * rng.uniform(0.1, 0.7) + rng.normal(0, 0.025, (count, 1)) * down
    bow = 0.5 * (start + end) + right * (rng.normal(0, 0.05) + rng.normal(0, 0.008, (count, 1)))
    return [a * (1 - _STEPS) ** 2 + 2 * b * _STEPS * (1 - _STEPS) + c * _STEPS**2
            for a, b, c in zip(start, bow, end, strict=True)]  # fmt: skip


def _drawn(rng: np.random.Generator, strands: list[np.ndarray], colour: np.ndarray, thick: int) -> Layer:
    """Draw strands (K, 2) in shades of a colour, at twice the size, dark ones first."""
    canvas = np.zeros((2 * CROP_SIZE, 2 * CROP_SIZE, 4), np.uint8)
    lines = [((strand * 2 + 0.5) * 16).round().astype(np.int32) for strand in strands]
    shades = np.sort(np.exp(rng.normal(0, rng.uniform(0.08, 0.25), _SHADES)))
    for k, shade in enumerate(shades):
        some = lines[k::_SHADES]
        value = np.clip(colour * shade, 0, 255)
        cv2.polylines(canvas, some, False, (*map(float, value), 255.0), thick, cv2.LINE_AA, 4)
    small = cv2.resize(canvas, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_AREA).astype(np.float32)
    alpha = small[..., 3] / 255
    return Layer(np.minimum(small[..., :3], small[..., 3:]), alpha, hides=False, own=True)


def _beard(rng: np.random.Generator, face: FaceView, colour: np.ndarray) -> Layer:
    """Draw a beard of fine noise combed downwards, from stubble to full, sometimes a moustache or goatee alone."""
    region = np.zeros((CROP_SIZE, CROP_SIZE), np.uint8)
    points = (face.points[:, :2] * 16).round().astype(np.int32)
    outline = _BEARD
    if rng.random() < 0.3:
        outline = [61, 150, 149, 176, 148, 152, 377, 400, 378, 379, 291, 426, 327, 2, 98, 206]
    cv2.fillPoly(region, [points[outline]], 255, cv2.LINE_AA, 4)
    grown = max(1, round(face.size * rng.uniform(0, 0.06)))
    region = cv2.dilate(region, np.ones((grown, 2 * (grown // 2) + 1), np.uint8), anchor=(grown // 2, grown - 1))
    cv2.fillPoly(region, [points[_LIPS]], 0, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(region.astype(np.float32) / 255, (0, 0), face.size * rng.uniform(0.012, 0.035))
    strands = rng.standard_normal((CROP_SIZE, CROP_SIZE), np.float32)
    kernel = np.zeros((7, 7), np.float32)
    tilt = rng.normal(0, 1.5) + 3 * np.sin(face.roll)
    cv2.line(kernel, (round(3 + tilt), 0), (round(3 - tilt), 6), 1.0)
    strands = cv2.filter2D(strands, -1, kernel / np.sqrt(kernel.sum()))
    full = rng.uniform(0.25, 1.1)
    alpha = np.clip(soft * full + (soft > 0.05) * soft * strands * rng.uniform(0.1, 0.3), 0, 0.97)
    shade = 1 + rng.uniform(0.08, 0.25) * strands + smooth_noise(rng, 5, 0.1)
    values = np.clip(colour * shade[..., None], 0, 255) * alpha[..., None]
    return Layer(values.astype(np.float32), alpha.astype(np.float32), hides=False)
