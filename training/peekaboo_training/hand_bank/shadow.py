"""How much light reaches each pixel of a scene: ambient occlusion and the main light's shadow."""

from __future__ import annotations

import cv2
import numpy as np

from ..scene.rasterise import FAR, draw_depth
from .view import Scene

_SHADOW_MAP, _SHADOW_SPAN = 256, 420.0
"""Side of the shadow map in px, and what it shows in mm."""
_BIAS, _RAMP = 5.0, 6.0
"""A surface this many mm behind another begins to lie in its shadow, and is fully in it that many mm further."""


def ambient_light(rng: np.random.Generator, depth: np.ndarray) -> np.ndarray:
    """Give the ambient light (H, W), 0..1: darker where a pixel lies deeper than its surroundings in `depth` (H, W)."""
    there = (depth < FAR).astype(np.float32)
    z = np.where(there > 0, depth, 0).astype(np.float32)
    shade = np.ones_like(z)
    small_there, small_z = (cv2.resize(v, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for v in (there, z))
    for radius, reach, weight in ((1.6, 4.0, 0.35), (5.0, 14.0, 0.5), (12.0, 35.0, 0.35)):
        share = np.maximum(cv2.GaussianBlur(small_there, (0, 0), radius), 1e-3)
        around = cv2.GaussianBlur(small_z, (0, 0), radius) / share
        around = cv2.resize(around, depth.shape[::-1], interpolation=cv2.INTER_LINEAR)
        shade *= 1 - weight * np.clip((z - around) / reach, 0, 1)
    shade = 1 - (1 - shade) * rng.uniform(0.6, 1.3)
    return cv2.GaussianBlur(np.clip(shade, 0.1, 1), (0, 0), 1.0)


def main_direction(light: np.ndarray) -> np.ndarray:
    """Give the unit direction (3,) that most of the light (27,) comes from; to the viewer for even light."""
    y, z, x = light.reshape(3, 9)[:, 1:4].mean(0)
    direction = np.array([x, y, z])
    length = np.linalg.norm(direction)
    return direction / length if length > 1e-6 else np.array([0.0, 0.0, 1.0])


def cast_shadow(scene: Scene, depth: np.ndarray, toward_light: np.ndarray) -> np.ndarray:
    """Give how much of the main light is hidden at each pixel (H, W), 0..1, with soft edges: a shadow map."""
    side = np.cross([0.05, 1.0, 0.1], toward_light)
    side = side / max(np.linalg.norm(side), 1e-6)
    axes = np.stack([side, np.cross(toward_light, side), -toward_light])
    scale = _SHADOW_MAP / _SHADOW_SPAN
    lit_depth = np.full((_SHADOW_MAP, _SHADOW_MAP), FAR, np.float32)
    for surface in scene.surfaces:
        points = surface.vertices @ axes.T
        points[:, :2] = points[:, :2] * scale + _SHADOW_MAP / 2
        draw_depth(points.astype(np.float32), surface.triangles, lit_depth)
    ys, xs = np.nonzero(depth < FAR)
    own = scene.unproject(xs, ys, depth[ys, xs]) @ axes.T
    place = np.clip((own[:, :2] * scale + _SHADOW_MAP / 2).round().astype(int), 0, _SHADOW_MAP - 1)
    hidden = np.zeros(depth.shape, np.float32)
    hidden[ys, xs] = np.clip((own[:, 2] - lit_depth[place[:, 1], place[:, 0]] - _BIAS) / _RAMP, 0, 1)
    there = (depth < FAR).astype(np.float32)
    soft = cv2.GaussianBlur(hidden, (0, 0), 3.0) / np.maximum(cv2.GaussianBlur(there, (0, 0), 3.0), 1e-3)
    return np.clip(soft, 0, 1)
