"""The texture of a portrait's skin: the fitted albedo times what the picture shows besides it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .light import LightFit, Observations, fit_light, shine
from .pictures import push_pull, ramp
from .surface import PortraitSurface
from .view import PortraitView, TexelView

_STEP = 3
_LARGEST_RATIO = 2.5
_BRIGHTEST = 0.8
"""How much brighter than the skin's median a texel may be, in the logarithm: more are dark folds under much light."""
_LOW_SIGMA = 8.0
_LID_SHADE = 0.14
_EAR_FREEDOM = 0.5
_SKIN_LIKE = 0.6
_SPECTACLES_BASE = 7.7
IRIS_RING, WHITE_RING = (3.2, 5.3), (6.3, 10.0)
"""mm from the axis of the pupil."""


@dataclass(frozen=True)
class SkinTexture:
    """Linear texture (T, T, 3) without the light; share of the texels that are seen; share of the temples' texels that
    look like skin, not hair."""

    texture: np.ndarray
    seen: float
    bare_temples: float


def light_of(view: PortraitView, texels: TexelView) -> LightFit:
    """Fit the light to every third texel of the skin within the face, dark places of the albedo left out."""
    surface = view.surface
    sub = (slice(1, None, _STEP), slice(1, None, _STEP))
    x, y, _ = np.moveaxis(surface.texel_mean[sub], 2, 0)
    albedo = surface.texel_albedo[sub]
    use = surface.is_texel[sub] & (np.abs(x) < 62) & (y < 72) & (y > -82)
    use &= albedo[..., 1] > 0.6 * np.median(albedo[..., 1][use])
    use &= texels.weight[sub] > 0.05
    seen = Observations(texels.colour[sub][use], texels.normal[sub][use], texels.weight[sub][use], albedo[use],
                        surface.texel_albedo_basis[sub][use])  # fmt: skip
    return fit_light(seen)


def lift_texture(view: PortraitView, texels: TexelView, fit: LightFit) -> SkinTexture:
    """Lift the texture; what is not seen comes from the other side, then from coarser levels.

    Ears and what lies behind them get the model's albedo in the tone of the cheek beside them.
    """
    surface = view.surface
    albedo = np.maximum(surface.texel_albedo * np.exp(surface.texel_albedo_basis @ fit.albedo), 2e-3)
    unlit = np.maximum(texels.colour, 2e-3) / (shine(texels.normal, fit.light) * albedo)
    ratio, weight = np.clip(np.log(unlit), -_LARGEST_RATIO, _LARGEST_RATIO), texels.weight
    middle = np.median(ratio[weight > 0.5], 0)
    ratio = np.minimum(ratio, middle + _BRIGHTEST).astype(np.float32)
    bare = _bare_temples(surface, texels, ratio, middle)
    low = _low_frequencies(ratio, weight)
    side = ramp(np.abs(surface.texel_mean[..., 0]), 66, 72) * surface.is_texel
    near = push_pull(low, (1 - side) * (cv2.GaussianBlur(weight, (0, 0), _LOW_SIGMA) > 0.2))
    near = np.clip(near, middle - _EAR_FREEDOM, middle + _EAR_FREEDOM)
    ratio = ratio * (1 - side[..., None]) + near * side[..., None]
    weight = np.maximum(weight * (1 - side), side)
    filled = _fill_from_other_side(ratio, weight, low)
    lids = cv2.GaussianBlur(_lids(surface, texels).astype(np.float32), (0, 0), 1)
    texture = np.clip(albedo * np.exp(filled), 0, 1) * (1 - _LID_SHADE * lids[..., None])
    texture = push_pull(texture, surface.is_texel.astype(np.float32))
    return SkinTexture(texture, float((weight > 0.5)[surface.is_texel].mean()), bare)


def _low_frequencies(ratio: np.ndarray, weight: np.ndarray) -> np.ndarray:
    share = cv2.GaussianBlur(weight, (0, 0), _LOW_SIGMA)
    blurred = cv2.GaussianBlur((ratio * weight[..., None]).astype(np.float32), (0, 0), _LOW_SIGMA)
    return push_pull(blurred / np.maximum(share, 1e-3)[..., None], np.clip(4 * share, 0, 1))


def _fill_from_other_side(ratio: np.ndarray, weight: np.ndarray, low: np.ndarray) -> np.ndarray:
    """Fill texels of low weight with the details of the mirrored texel over this side's low frequencies."""
    mirrored, rest = (ratio - low)[:, ::-1] + low, weight[:, ::-1] * 0.98 * (1 - weight)
    total = weight + rest
    both = ratio * weight[..., None] + mirrored * rest[..., None]
    return push_pull(both / np.maximum(total, 1e-4)[..., None], np.clip(total, 0, 1))


def _lids(surface: PortraitSurface, texels: TexelView) -> np.ndarray:
    """(T, T) texels near the eyes' openings: lids, which are darker when they are seen closed."""
    x, y, _ = np.moveaxis(surface.texel_mean, 2, 0)
    return (texels.near_opening > 0.05) & (y > 15) & (np.abs(x) > 12) & surface.is_texel


def _bare_temples(surface: PortraitSurface, texels: TexelView, ratio: np.ndarray, middle: np.ndarray) -> float:
    x, y, _ = np.moveaxis(surface.texel_mean, 2, 0)
    temple = surface.is_texel & (np.abs(x) > 56) & (np.abs(x) < 70) & (y > -20) & (y < 55)
    temple &= texels.normal[..., 2] > 0.1
    return float((np.abs(ratio - middle)[temple].max(1) < _SKIN_LIKE).mean()) if temple.any() else 0.0


def spectacles_score(surface: PortraitSurface, texture: np.ndarray) -> float:
    """Say how likely the texture (T, T, 3) shows spectacles; above 0 they are likely.

    Sums the logarithms of the detail of bridge, lower lids and temples, against forehead or cheeks, whichever are
    smoother: a fringe covers the one, a beard the other. Of 100 portraits it ranks those with spectacles first with
    an area under the curve of 0.99.
    """
    log = np.log(np.maximum(texture.mean(2), 2e-3)).astype(np.float32)
    energy = cv2.Laplacian(cv2.GaussianBlur(log, (0, 0), 1), cv2.CV_32F) ** 2
    x, y, _ = np.moveaxis(surface.texel_mean, 2, 0)
    x, y = np.abs(x), y - surface.eye_height

    def detail(low_x: float, high_x: float, low_y: float, high_y: float) -> float:
        chosen = surface.is_texel & (x >= low_x) & (x < high_x) & (y > low_y) & (y < high_y)
        return float(np.log(energy[chosen].mean() + 1e-5))

    bridge, lids, temples = detail(0, 9, -8, 8), detail(17, 45, -25, -13), detail(52, 66, -8, 8)
    smooth = min(detail(0, 40, 32, 55), detail(22, 48, -52, -32))
    return bridge + lids + 0.5 * temples - 2.5 * smooth - _SPECTACLES_BASE


def eye_colours(view: PortraitView, texels: TexelView, fit: LightFit) -> tuple[np.ndarray, np.ndarray]:
    """Give albedos (3,) of iris and white of the eyes: the picture over the light on the skin.

    The 25th percentile of the iris leaves catch lights out, the 80th of the white lashes.
    """
    lit = np.median(shine(texels.normal[texels.weight > 0.5], fit.light), 0)
    iris = _ring_colour(view, IRIS_RING, 25)
    white = _ring_colour(view, WHITE_RING, 80)
    return (np.array([0.05, 0.04, 0.03]) if iris is None else iris / lit,
            np.array([0.3, 0.28, 0.27]) if white is None else white / lit)  # fmt: skip


def _ring_colour(view: PortraitView, ring: tuple[float, float], percentile: float) -> np.ndarray | None:
    surface, colours = view.surface, []
    for eye, radius in zip(surface.eyes, surface.eye_radii, strict=True):
        of_vertex = np.full(len(surface.part), np.inf)
        of_vertex[eye] = radius
        middle = of_vertex[surface.triangles].mean(1)
        colours.append(view.colours_at(surface.triangles[(middle > ring[0]) & (middle < ring[1])]))
    colours = np.concatenate(colours)
    return np.percentile(colours, percentile, axis=0) if len(colours) else None
