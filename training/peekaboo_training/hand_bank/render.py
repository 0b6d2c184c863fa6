"""Draws a scene of hands, sleeves and things as an RGBA sprite, under spherical-harmonic light with soft shadows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit

from ..scene.rasterise import interpolate, lit_colours, vertex_normals
from ..settings import GAMMA, LIGHT_BASE
from .shadow import ambient_light, cast_shadow, main_direction
from .surface import creases
from .view import CLOTH, HEIGHT, SKIN, WIDTH, Scene, Surface, find_visible


@dataclass(frozen=True)
class Drawn:
    """A sprite: straight RGBA uint8 (H, W, 4), the fraction of skin (H, W), and depth in mm, supersampled."""

    rgba: np.ndarray
    skin: np.ndarray
    depth: np.ndarray


def draw(rng: np.random.Generator, scene: Scene) -> Drawn:
    """Draw a scene; `rng` varies the strength of shadows."""
    visible = find_visible(scene)
    picture = np.zeros((*visible.depth.shape, 4), np.float32)
    skin = np.zeros(visible.depth.shape, np.float32)
    ambient = ambient_light(rng, visible.depth)
    toward_light = main_direction(scene.light)
    shadow = cast_shadow(scene, visible.depth, toward_light)
    strength = rng.uniform(0.2, 0.65)
    for n, surface in enumerate(scene.surfaces):
        chosen = visible.pixels_of(n)
        if not chosen.any():
            continue
        corners = surface.triangles[visible.triangle_at[chosen] - visible.starts[n]]
        material = _material(scene, surface, corners, visible.weights[chosen])
        picture[chosen, :3] = _lit(scene, material, ambient[chosen], shadow[chosen], toward_light, strength)
        picture[chosen, 3] = 1
        skin[chosen] = surface.kind == SKIN
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    alpha = small[..., 3:]
    straight = np.where(alpha > 0.01, small[..., :3] / np.maximum(alpha, 0.01), 0)
    rgba = np.concatenate([np.clip(straight, 0, 1), alpha], 2) * 255
    share = cv2.resize(skin, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return Drawn(rgba.round().astype(np.uint8), share, visible.depth)


Material = tuple[np.ndarray, np.ndarray, np.ndarray]
"""At P pixels: linear albedo (P, 3), unit normals (P, 3) in camera axes, gloss (P,)."""


def _lit(scene: Scene, material: Material, ambient: np.ndarray, shadow: np.ndarray, toward_light: np.ndarray,
         strength: float) -> np.ndarray:  # fmt: skip
    """Give the colours (P, 3), 0..1, of pixels with `ambient` light (P,) and `shadow` (P,)."""
    albedo, normals, gloss = material
    facing = np.clip(normals @ toward_light, 0, 1)
    dark = ambient * (1 - strength * shadow * np.clip(facing * 3, 0, 1))
    light = np.ascontiguousarray(scene.light.reshape(3, 9), np.float32)
    half = toward_light + [0, 0, 1]
    shine = gloss * np.clip(normals @ (half / np.linalg.norm(half)), 0, 1) ** 24 * (1 - shadow)
    albedo = np.ascontiguousarray(albedo * dark[:, None], np.float32)
    colours = lit_colours(albedo, np.ascontiguousarray(normals, np.float32), light, LIGHT_BASE, GAMMA)
    return np.clip(colours + shine[:, None], 0, 1)


def _material(scene: Scene, surface: Surface, corners: np.ndarray, weights: np.ndarray) -> Material:
    """Evaluate a surface at pixels, whose triangles have `corners` (P, 3) with barycentric `weights` (P, 2)."""
    own = vertex_normals(np.ascontiguousarray(surface.vertices, np.float32), surface.triangles)
    columns = [own, surface.albedo]
    if surface.maps is not None:
        maps = surface.maps
        columns += [maps.rest, maps.palm[:, None], maps.nail[:, None], maps.joint[:, None]]
    elif surface.surface is not None:
        columns.append(surface.uv)
    values = interpolate(np.concatenate(columns, 1).astype(np.float32), corners, weights)
    normals, albedo = values[:, :3], values[:, 3:6]
    gloss = np.full(len(albedo), surface.gloss * 0.25, np.float32)
    if surface.maps is not None:
        albedo, normals, gloss = _skin_detail(scene, values, gloss)
    elif surface.surface is not None:
        side = np.array(surface.surface.shape[1::-1]) - 1
        uv = (np.clip(values[:, 6:8], 0, 1) * side).round().astype(int)
        albedo = surface.surface[uv[:, 1], uv[:, 0]]
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    if surface.maps is None:
        inside = normals[:, 2] < -0.05
        normals = np.where(inside[:, None], -normals, normals)
        albedo = np.where((inside & (surface.kind == CLOTH))[:, None], albedo * 0.45, albedo)
    return albedo, normals, gloss


def _skin_detail(scene: Scene, values: np.ndarray, gloss: np.ndarray) -> Material:
    """Add creases, noise and nails to skin; `values` (P, 12): normal, albedo, rest position, palm, nail, joint."""
    normals, albedo = values[:, :3], values[:, 3:6]
    rough, slope = _ripples(values[:, 6:9], scene.noise.astype(np.float32))
    palm, nail = values[:, 9], values[:, 10] > 0.4
    factor = creases(scene.noise[0, 3], palm, values[:, 11], rough)
    factor = np.where(nail, 1, factor * (1 + scene.grain[0] * rough))
    normals = np.where(nail[:, None], normals, normals + slope * scene.grain[1])
    return albedo * factor[:, None], normals, np.where(nail, 0.12, gloss)


@njit(cache=True, fastmath=True)
def _ripples(places: np.ndarray, waves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum sine waves (W, 4: wave vector, phase) at places (P, 3): values (P,) of unit variance, and slopes (P, 3)."""
    rough = np.zeros(places.shape[0], np.float32)
    slope = np.zeros((places.shape[0], 3), np.float32)
    scale = np.float32(np.sqrt(2.0 / waves.shape[0]))
    for p in range(places.shape[0]):
        for w in range(waves.shape[0]):
            phase = waves[w, 3]
            for q in range(3):
                phase += places[p, q] * waves[w, q]
            rough[p] += np.sin(phase) * scale
            slant = np.cos(phase) * scale
            for q in range(3):
                slope[p, q] += slant * waves[w, q]
    return rough, slope
