"""Camera simulation: exposure, colour casts, blur, noise, compression, low resolution."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import CROP_SIZE


def photograph(rng: np.random.Generator, picture: np.ndarray, expose: bool = True) -> np.ndarray:
    """Simulate a poor camera on a picture (S, S, 3) float32 0..255: RGB float32 0..1.

    Without `expose` gain, gamma and colour cast stay unchanged, so that a render's albedo and light remain exact.
    """
    values = np.clip(picture, 0, 255) * np.float32(1 / 255)
    if expose:
        values = _expose(rng, values)
    if rng.random() < 0.2:
        values = _few_pixels(rng, values)
    if rng.random() < 0.25:
        values = cv2.GaussianBlur(values, (0, 0), rng.uniform(0.4, 1.8))
    elif rng.random() < 0.05:
        values = cv2.GaussianBlur(values, (0, 0), rng.uniform(1.8, 6))
    if rng.random() < 0.12:
        values = cv2.filter2D(values, -1, motion_kernel(rng))
    if rng.random() < 0.3:
        values = values + _noise(rng)
    elif expose and rng.random() < 0.04:
        values = _dark(rng, values)
    if rng.random() < 0.35:
        values = _compressed(rng, values)
    return np.clip(values, 0, 1)


def motion_kernel(rng: np.random.Generator) -> np.ndarray:
    """Draw the kernel of a linear motion blur, 3 to 9 px long, that sums to 1."""
    size = 2 * int(rng.integers(1, 5)) + 1
    kernel = np.zeros((size, size), np.float32)
    kernel[size // 2] = 1
    turn = cv2.getRotationMatrix2D((size // 2, size // 2), rng.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, turn, (size, size))
    return kernel / kernel.sum()


def _expose(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Apply gamma, gain, colour cast and offset by one lookup table, then saturation and a brightness ramp."""
    table = np.linspace(0, 1, 256, dtype=np.float32)[:, None].repeat(3, 1)
    if rng.random() < 0.5:
        table = table ** np.exp(rng.normal(0, 0.3))
    if rng.random() < 0.6:
        table = table * np.exp(rng.normal(0, 0.18)) * np.exp(rng.normal(0, 0.06, 3)) + rng.normal(0, 0.03)
    if rng.random() < 0.05:
        table = table * rng.uniform(0.3, 0.6)
    elif rng.random() < 0.05:
        table = table * rng.uniform(1.4, 2.6)
    if rng.random() < 0.12:
        table = table * _stage_light(rng)
    table = (np.clip(table, 0, 1) * 255).astype(np.uint8)
    exposed = cv2.LUT((values * 255).astype(np.uint8), table[None]).astype(np.float32) * np.float32(1 / 255)
    if rng.random() < 0.15:
        grey = exposed.mean(2, keepdims=True)
        exposed = grey + (exposed - grey) * np.float32(rng.choice([0.0, 0.0, 0.5, 1.5, 2.0]))
    if rng.random() < 0.15:
        slope = rng.uniform(-0.4, 0.4, 2)
        ramp = np.linspace(-0.5, 0.5, CROP_SIZE, dtype=np.float32)
        exposed = exposed * (1 + slope[0] * ramp[None, :, None] + slope[1] * ramp[:, None, None]).astype(np.float32)
    return exposed


def _stage_light(rng: np.random.Generator) -> np.ndarray:
    """Draw the colour (3,) of strong stage light: its largest channel is 1.15."""
    colour = rng.uniform(0.2, 1.0, 3)
    return colour * (1.15 / colour.max())


def _few_pixels(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Shrink the crop to 60 to 150 px (a face of about 40 to 100 px), and enlarge it again."""
    side = int(rng.uniform(60, 150))
    small = cv2.resize(values, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_LINEAR)


def _noise(rng: np.random.Generator) -> np.ndarray:
    strength = np.float32(rng.uniform(0.005, 0.05))
    channels = 1 if rng.random() < 0.4 else 3
    return rng.standard_normal((CROP_SIZE, CROP_SIZE, channels), np.float32) * strength


def _dark(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Simulate a dark room: few photons, so that the noise grows with the gain."""
    exposure = np.float32(rng.uniform(0.06, 0.3))
    noise = rng.standard_normal(values.shape, np.float32) * np.float32(rng.uniform(0.01, 0.035))
    return np.clip(values * exposure + noise, 0, 1) * np.float32(rng.uniform(1, 0.8 / exposure))


def _compressed(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    whole = (np.clip(values, 0, 1) * 255).astype(np.uint8)
    data = cv2.imencode(".jpg", whole, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR).astype(np.float32) * np.float32(1 / 255)
