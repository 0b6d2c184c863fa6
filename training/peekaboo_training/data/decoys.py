"""Drawn pictures that look a little like a face and are none: bare backs and bellies, suits, and fur."""

from __future__ import annotations

import cv2
import numpy as np

from ..covers.cloth import plain_colour, smooth_noise
from ..covers.hands import skin_tone
from ..settings import CROP_SIZE

_YS, _XS = (np.mgrid[:CROP_SIZE, :CROP_SIZE].astype(np.float32) - CROP_SIZE / 2) / CROP_SIZE


def torso(rng: np.random.Generator) -> np.ndarray:
    """Draw skin with the shading of a back, a chest or a belly (S, S, 3), 0..255: soft hollows, folds, dark spots."""
    light = 0.85 + 0.35 * (rng.normal(0, 1) * _XS + rng.normal(0, 1) * _YS) + smooth_noise(rng, 3, 0.12)
    for _ in range(int(rng.integers(1, 5))):
        light = light - rng.uniform(0.08, 0.35) * _ridge(rng, rng.uniform(0.01, 0.05))
    grain = smooth_noise(rng, 60, 0.015)
    picture = skin_tone(rng)[None, None] * np.clip(light + grain, 0.1, 1.5)[..., None]
    count = int(rng.choice([0, 1, 2, 2, 3]))
    for k in range(count):
        side = (k - (count - 1) / 2) * rng.uniform(0.25, 0.5)
        picture = picture * (1 - rng.uniform(0.2, 0.7) * _spot(rng, side, rng.uniform(0.01, 0.05)))[..., None]
    if rng.random() < 0.4:  # clothes from below or above
        edge = (_YS + 0.1 * _XS * rng.normal(0, 1)) * rng.choice([-1, 1]) > rng.uniform(0.0, 0.4)
        picture = np.where(edge[..., None], plain_colour(rng) * np.clip(light, 0.3, 1.2)[..., None], picture)
    return np.clip(picture, 0, 255).astype(np.float32)


def suit(rng: np.random.Generator, surface: np.ndarray) -> np.ndarray:
    """Draw a clothed chest (S, S, 3), 0..255: a shirt in the opening of a jacket of `surface`, a tie, buttons."""
    turn, low = rng.normal(0, 0.08), rng.uniform(0.0, 0.5)
    x, y = _XS + turn * _YS + rng.normal(0, 0.08), _YS + rng.normal(0, 0.1)
    opening = np.clip((low - y) * rng.uniform(0.25, 0.6), 0, None)
    shirt = plain_colour(rng) if rng.random() < 0.5 else np.full(3, rng.uniform(170, 250), np.float32)
    folds = 1 + smooth_noise(rng, int(rng.integers(3, 8)), 0.12)
    inside = np.abs(x) < opening
    picture = np.where(inside[..., None], shirt, surface) * folds[..., None]
    lapel = np.abs(np.abs(x) - opening) < rng.uniform(0.004, 0.015)
    picture = picture * (1 - rng.uniform(0.2, 0.6) * lapel)[..., None]
    if rng.random() < 0.6:
        tie = inside & (np.abs(x) < 0.03 + 0.05 * np.clip(y + 0.5, 0, 1))
        picture = np.where(tie[..., None], plain_colour(rng) * folds[..., None], picture)
    for _ in range(int(rng.integers(0, 4))):
        side = 0.0 if rng.random() < 0.5 else rng.choice([-1, 1]) * rng.uniform(0.12, 0.3)
        dark = _ball(side, rng.uniform(-0.3, 0.45), rng.uniform(0.006, 0.025))
        picture = picture * (1 - rng.uniform(0.3, 0.9) * dark)[..., None]
    return np.clip(picture, 0, 255).astype(np.float32)


def fur(rng: np.random.Generator) -> np.ndarray:
    """Draw fur or hair all over (S, S, 3), 0..255, at times with the dark eyes and nose of an animal."""
    base, other = (plain_colour(rng) * 0.6 + rng.uniform(0, 90) for _ in range(2))
    share = np.clip(0.5 + smooth_noise(rng, int(rng.integers(2, 6)), 0.5), 0, 1)[..., None]
    colour = base * share + other * (1 - share)
    flow = rng.uniform(0, np.pi) + smooth_noise(rng, 3, 0.5)
    strands = np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
    noise = rng.standard_normal((CROP_SIZE, CROP_SIZE), np.float32)
    reach = int(rng.integers(3, 8))
    for k in range(-reach, reach + 1):  # line integral along the flow
        x, y = _pixels(k * np.cos(flow), k * np.sin(flow))
        strands += cv2.remap(noise, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    strands /= np.sqrt(2 * reach + 1)
    light = 1 + rng.uniform(0.08, 0.3) * strands + smooth_noise(rng, 4, 0.12)
    picture = colour * np.clip(light, 0.1, 2)[..., None]
    if rng.random() < 0.6:
        apart, high, size = rng.uniform(0.2, 0.45), rng.uniform(-0.25, 0.1), rng.uniform(0.015, 0.045)
        for x, y, wide in ((-apart / 2, high, 1), (apart / 2, high, 1), (0, high + rng.uniform(0.15, 0.4), 1.6)):
            dark = _ball(x, y, size * wide)
            picture = picture * (1 - rng.uniform(0.7, 1) * dark)[..., None] + 12 * dark[..., None]
    return np.clip(picture, 0, 255).astype(np.float32)


def _pixels(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions to sample at: each pixel moved by x, y px."""
    half = CROP_SIZE / 2
    return (_XS * CROP_SIZE + half + x).astype(np.float32), (_YS * CROP_SIZE + half + y).astype(np.float32)


def _ridge(rng: np.random.Generator, wide: float) -> np.ndarray:
    """A soft, bent dark line through the picture (S, S), 0..1."""
    angle, offset, bend = rng.uniform(0, np.pi), rng.normal(0, 0.2), rng.normal(0, 0.6)
    across = np.cos(angle) * _XS + np.sin(angle) * _YS
    along = -np.sin(angle) * _XS + np.cos(angle) * _YS
    return np.exp(-(((across - offset - bend * along**2) / wide) ** 2))


def _spot(rng: np.random.Generator, side: float, size: float) -> np.ndarray:
    return _ball(side + rng.normal(0, 0.02), rng.uniform(-0.25, 0.25), size)


def _ball(x: float, y: float, size: float) -> np.ndarray:
    """A soft disc (S, S), 0..1, in units of the picture's side from its middle."""
    return 1 / (1 + np.exp(np.clip((np.hypot(_XS - x, _YS - y) - size) / 0.006, -30, 30)))
