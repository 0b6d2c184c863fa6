"""Golden values of the crop: a small picture, and samples of crops from it, in plain numpy float64."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from ..settings import CROP_SIZE
from .golden_geometry import crop_to_frame


def sample(image: np.ndarray, crop: dict[str, float]) -> np.ndarray:
    """Image (h,w,3) 0..255 -> crop (192,192,3): bilinear, border replicated, box-averaged when shrinking.

    From side/192 > 1.2 on, n = floor(side/192 + 0.2) samples each way; each pixel is the mean of n x n bilinear
    samples at offsets ((i + 0.5)/n - 0.5) crop pixels.
    """
    ratio = crop["side"] / CROP_SIZE
    n = int(np.floor(ratio + 0.2)) if ratio > 1.2 else 1
    offsets = (np.arange(n) + 0.5) / n - 0.5
    total = np.zeros((CROP_SIZE, CROP_SIZE, 3))
    for dy in offsets:
        for dx in offsets:
            v, u = np.mgrid[:CROP_SIZE, :CROP_SIZE].astype(float)
            points = np.stack([u + dx, v + dy], axis=-1).reshape(-1, 2)
            total += bilinear(image, crop_to_frame(points, crop)).reshape(total.shape)
    return total / n**2


def bilinear(image: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Values (n,3) of an image (h,w,3) at points (n,2), borders replicated."""
    height, width = image.shape[:2]
    x, y = np.clip(points[:, 0], 0, width - 1), np.clip(points[:, 1], 0, height - 1)
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    x1, y1 = np.minimum(x0 + 1, width - 1), np.minimum(y0 + 1, height - 1)
    fx, fy = (x - x0)[:, None], (y - y0)[:, None]
    top = image[y0, x0] * (1 - fx) + image[y0, x1] * fx
    bottom = image[y1, x0] * (1 - fx) + image[y1, x1] * fx
    return top * (1 - fy) + bottom * fy


def crop_golden() -> dict[str, Any]:
    """Content of crop.json: a small picture and samples of four crops from it, the last one averaged 3 x 3."""
    random = np.random.default_rng(12)
    height, width = 120, 160
    y, x = np.mgrid[:height, :width]
    waves = [127 + 60 * np.sin(x / a + y / b) + 50 * np.cos(x * y / 900 + a) for a, b in ((9, 17), (5, -7), (21, 4))]
    noise = random.normal(0, 12, (height, width, 3))
    image = np.clip(np.stack(waves, axis=-1) + noise, 0, 255).astype(np.uint8)
    crops = [
        {"centreX": 80.0, "centreY": 60.0, "side": 96.0, "angle": 0.0},
        {"centreX": 70.5, "centreY": 66.25, "side": 192.0, "angle": 0.35},
        {"centreX": 20.0, "centreY": 110.0, "side": 400.0, "angle": -0.7},
        {"centreX": 90.0, "centreY": 50.0, "side": 560.0, "angle": 2.0},
    ]
    cases = []
    for crop in crops:
        values = sample(image.astype(float), crop)
        at = [(int(i), int(j)) for i in range(3, 192, 21) for j in range(5, 192, 21)]
        cases.append({"crop": crop, "samples": [[j, i, *np.round(values[i, j], 4).tolist()] for i, j in at]})
    return {
        "how": "samples are [x, y, r, g, b] with values 0..255 before rounding; tolerance 0.51 where bytes are kept",
        "image": {"width": width, "height": height, "rgb": base64.b64encode(image.tobytes()).decode()},
        "cases": cases,
    }
