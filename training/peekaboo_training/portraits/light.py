"""Light of a portrait: nine spherical harmonics of luminance and a tint, fitted together with the albedo.

Light is (3, 9): one row a colour, in the order of `scene.light.sh9`, in camera axes, without any base added. It is
meaningful only as a ratio: brightness of light and tone of skin are exchangeable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from .kernels import irradiance

_FLOOR = 0.2
_ROUNDS = 10
_DARK = 3e-3
_ALBEDO_PRIOR = np.array([0.01] + [0.05] * 9 + [0.3] * 3)
_LIGHT_PRIOR = 3e-3 * np.array([1e-4, 0.3, 0.3, 0.3, 3, 3, 3, 3, 3])
_OUTLIER = 0.12
_MOST_ALBEDO = 2.3


@dataclass(frozen=True)
class Observations:
    """What N texels of a face show: linear colour (N, 3), unit normals in camera axes (N, 3), weight (N,), the face
    model's mean albedo (N, 3) and its logarithmic basis (N, 3, 10)."""

    colour: np.ndarray
    normals: np.ndarray
    weight: np.ndarray
    albedo: np.ndarray
    basis: np.ndarray


@dataclass(frozen=True)
class LightFit:
    """Light (3, 9), albedo coefficients (10,), and the median error of the logarithm of the colours."""

    light: np.ndarray
    albedo: np.ndarray
    error: float


def harmonics(normals: np.ndarray) -> np.ndarray:
    """Evaluate the nine spherical harmonics at unit normals (N, 3): (N, 9)."""
    x, y, z = np.asarray(normals, np.float64).T
    one = np.full_like(x, 0.282095)
    linear = [0.488603 * v for v in (y, z, x)]
    pairs = [1.092548 * x * y, 1.092548 * y * z, 0.315392 * (3 * z * z - 1), 1.092548 * x * z]
    return np.stack([one, *linear, *pairs, 0.546274 * (x * x - y * y)], 1)


@cache
def _facing_harmonics() -> np.ndarray:
    """Evaluate the harmonics at 64 directions spread over the hemisphere that faces the viewer: (64, 9).

    The directions are those of a Fibonacci spiral.
    """
    k = np.arange(64) + 0.5
    z, turn = 1 - k / 64, k * np.pi * (3 - 5**0.5)
    across = np.sqrt(1 - z * z)
    return harmonics(np.stack([across * np.cos(turn), across * np.sin(turn), z], 1))


def shine(normals: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Give the irradiance (..., 3) at unit normals (..., 3), at least a fifth of its median over the facing side."""
    floor = _FLOOR * np.maximum(np.median(_facing_harmonics() @ light.T, 0), 1e-3)
    flat = np.ascontiguousarray(normals, np.float32).reshape(-1, 3)
    return irradiance(flat, light.astype(np.float32), floor.astype(np.float32)).reshape(normals.shape)


def fit_light(seen: Observations) -> LightFit:
    """Fit light and albedo by alternating least squares with weights that fall with the error.

    Light is fitted to linear luminance, for relative errors would let dark texels shrink it; albedo and tint to
    logarithms, held by priors.
    """
    count = len(seen.weight)
    basis = np.concatenate([seen.basis, np.broadcast_to(np.eye(3), (count, 3, 3))], 2).reshape(-1, 13)
    colour = np.maximum(seen.colour, _DARK)
    log_ratio = np.log(colour) - np.log(seen.albedo)
    shapes, weight, x = harmonics(seen.normals), seen.weight, np.zeros(13)
    for _ in range(_ROUNDS):
        albedo = (seen.albedo * np.exp((basis @ x).reshape(-1, 3))).mean(1)
        columns = shapes * albedo[:, None]
        ridge = np.diag(_LIGHT_PRIOR * np.median(albedo) ** 2 * count)
        luminance = _solve(columns, colour.mean(1), weight, ridge)
        lit = shapes @ luminance
        lit = np.maximum(lit, 0.25 * max(np.median(lit), 1e-3))
        residual = (log_ratio - np.log(lit)[:, None]).ravel()
        x = _solve(basis, residual, np.repeat(weight, 3), np.diag(_ALBEDO_PRIOR * count))
        x[:10] = np.clip(x[:10], -_MOST_ALBEDO, _MOST_ALBEDO)
        error = np.abs(residual - basis @ x).reshape(-1, 3).max(1)
        middle = float(np.median(error))
        weight = seen.weight / (1 + (error / max(_OUTLIER, 1.2 * middle)) ** 2)
    light = np.exp(x[10:])[:, None] * luminance
    return LightFit(light.astype(np.float32), x[:10].astype(np.float32), middle)


def _solve(columns: np.ndarray, target: np.ndarray, weight: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Weighted ridge regression of target (N,) on columns (N, K): (K,)."""
    weighted = columns * weight[:, None]
    return np.linalg.solve(weighted.T @ columns + ridge, weighted.T @ target)
