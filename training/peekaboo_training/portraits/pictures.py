"""Picture operations that lifting and drawing share. Linear values are floats 0..1, stored ones uint8 with gamma."""

from __future__ import annotations

import cv2
import numpy as np

from ..settings import GAMMA

LINEAR = ((np.arange(256) / 255) ** GAMMA).astype(np.float32)
"""Linear value of each stored one: `LINEAR[picture]`."""


def to_stored(linear: np.ndarray) -> np.ndarray:
    """Give linear values as uint8, gamma applied."""
    return (np.clip(linear, 0, 1) ** (1 / GAMMA) * 255 + 0.5).astype(np.uint8)


def ramp(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Rise from 0 at `low` to 1 at `high`; `low` may be the larger one."""
    return np.clip((values - low) / (high - low), 0, 1)


def sample_at(picture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Sample a float32 picture (H, W) or (H, W, C) bilinearly at pixel positions x, y (h, w)."""
    maps = np.ascontiguousarray(x, np.float32), np.ascontiguousarray(y, np.float32)
    return cv2.remap(picture.astype(np.float32), *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def disc(size: int) -> np.ndarray:
    """Give a round structuring element `size` px wide."""
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def push_pull(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Fill values (H, W, C) where weights (H, W), 0..1, are low, from coarser and coarser weighted means."""
    values, weights = np.asarray(values, np.float32), np.asarray(weights, np.float32)
    if min(weights.shape) <= 2:
        return np.broadcast_to(_mean(values, weights), values.shape).astype(np.float32)
    size = ((weights.shape[1] + 1) // 2, (weights.shape[0] + 1) // 2)
    shrink = {"dsize": size, "interpolation": cv2.INTER_AREA}
    share = cv2.resize(weights, **shrink)
    total = cv2.resize(values * weights[..., None], **shrink).reshape(*share.shape, -1)
    coarse = push_pull(total / np.maximum(share, 1e-6)[..., None], np.minimum(4 * share, 1))
    below = cv2.resize(coarse, weights.shape[::-1], interpolation=cv2.INTER_LINEAR).reshape(values.shape)
    return values * weights[..., None] + below * (1 - weights[..., None])


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean (C,) of values (H, W, C)."""
    return (values * weights[..., None]).sum((0, 1)) / max(float(weights.sum()), 1e-6)
