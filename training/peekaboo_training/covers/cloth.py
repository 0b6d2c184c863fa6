"""Surfaces for drawn covers: plain, striped or photographed, with folds."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE
from .material import Material

_RAMP = np.arange(CROP_SIZE, dtype=np.float32)


def smooth_noise(rng: np.random.Generator, cells: int, strength: float) -> np.ndarray:
    """Give smooth noise (S, S) about 0 with `cells` bumps across."""
    coarse = rng.normal(0, strength, (cells + 2, cells + 2)).astype(np.float32)
    return cv2.resize(coarse, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_CUBIC)


def plain_colour(rng: np.random.Generator) -> np.ndarray:
    """Draw a colour (3,), 0..255: greys, blacks and whites as often as strong colours."""
    grey = rng.choice([rng.uniform(5, 60), rng.uniform(60, 200), rng.uniform(190, 250)])
    strength = rng.choice([0.0, rng.uniform(0, 0.4), rng.uniform(0.4, 1.0)])
    return np.clip(grey * (1 - strength) + strength * rng.uniform(0, 255, 3), 0, 255).astype(np.float32)


def cloth(rng: np.random.Generator, material: Material, folds: float = 0.1) -> np.ndarray:
    """Give a surface (S, S, 3), 0..255, float32."""
    choice = rng.random()
    if choice < 0.4 and material.textures:
        surface = _photographed(rng, material)
    elif choice < 0.55:
        surface = _striped(rng)
    else:
        surface = np.broadcast_to(plain_colour(rng), (CROP_SIZE, CROP_SIZE, 3))
    shade = 1 + smooth_noise(rng, int(rng.integers(2, 7)), folds)
    return np.clip(surface * shade[..., None], 0, 255).astype(np.float32)


def _photographed(rng: np.random.Generator, material: Material) -> np.ndarray:
    texture = material.textures[rng.integers(len(material.textures))]
    side = int(rng.integers(40, min(texture.shape[:2]) + 1))
    y, x = rng.integers(0, texture.shape[0] - side + 1), rng.integers(0, texture.shape[1] - side + 1)
    part = cv2.resize(texture[y : y + side, x : x + side], (CROP_SIZE, CROP_SIZE)).astype(np.float32)
    if rng.random() < 0.5:
        part = part.mean(2, keepdims=True) * (plain_colour(rng) / 128)
    return part


def _striped(rng: np.random.Generator) -> np.ndarray:
    angle, wave = rng.uniform(0, np.pi), 2 * np.pi / rng.uniform(5, 40)
    phase = wave * (np.cos(angle) * _RAMP[None, :] + np.sin(angle) * _RAMP[:, None])
    share = (np.sin(phase) > rng.uniform(-0.5, 0.5)).astype(np.float32)[..., None]
    return share * plain_colour(rng) + (1 - share) * plain_colour(rng)
