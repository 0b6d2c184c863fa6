"""Draws meshes of hands, sleeves and things under spherical-harmonic light, with soft shadows, as RGBA."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit

from ..scene.rasterise import FAR, lit_colours, vertex_normals
from ..settings import GAMMA, LIGHT_BASE
from .surface import SkinMaps, creases

WIDTH, HEIGHT = 320, 360
PIXELS_PER_MM = 0.75
_FINER = 2
SKIN, CLOTH, THING = 0, 1, 2
_SHADOW_MAP = 256


@dataclass
class Surface:
    """One mesh in camera space, mm: x right, y up, z to the viewer, seen from `distance` mm before the origin.

    `surface` (S, S, 3) linear, a print over texture coordinates `uv` (N, 2); `maps` of skin.
    """

    kind: int
    vertices: np.ndarray
    triangles: np.ndarray
    albedo: np.ndarray
    uv: np.ndarray | None = None
    surface: np.ndarray | None = None
    maps: SkinMaps | None = None
    gloss: float = 0.15


@dataclass
class Scene:
    """Surfaces, the light (27,), the viewer's distance, and where on the picture the origin lies.

    `noise` (W, 4): waves on the skin, direction in radians a mm and phase; `grain`: how much they change albedo and
    normals.
    """

    surfaces: list[Surface]
    light: np.ndarray
    distance: float
    origin: tuple[float, float]
    noise: np.ndarray
    grain: tuple[float, float]

    def project(self, points: np.ndarray) -> np.ndarray:
        """Give pixels and depth (N, 3) of points in camera space."""
        depth = self.distance - points[:, 2]
        k = PIXELS_PER_MM * self.distance / np.maximum(depth, 50)
        return np.stack([self.origin[0] + k * points[:, 0], self.origin[1] - k * points[:, 1], depth], 1)


@dataclass(frozen=True)
class Drawn:
    """A straight RGBA picture uint8 (H, W, 4), each pixel's share of skin (H, W), and depth at twice the size."""

    rgba: np.ndarray
    skin: np.ndarray
    depth: np.ndarray


@njit(cache=True, fastmath=True)
def _rasterise(points, triangles, number, depth, which, shares):
    height, width = depth.shape
    for f in range(triangles.shape[0]):
        i, j, k = triangles[f, 0], triangles[f, 1], triangles[f, 2]
        x0, y0, x1, y1, x2, y2 = points[i, 0], points[i, 1], points[j, 0], points[j, 1], points[k, 0], points[k, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        scale = 1 / area
        left, right = max(int(np.ceil(min(x0, x1, x2))), 0), min(int(np.floor(max(x0, x1, x2))), width - 1)
        top, bottom = max(int(np.ceil(min(y0, y1, y2))), 0), min(int(np.floor(max(y0, y1, y2))), height - 1)
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                a = ((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)) * scale
                b = ((x2 - x) * (y0 - y) - (x0 - x) * (y2 - y)) * scale
                c = 1 - a - b
                if a >= -1e-6 and b >= -1e-6 and c >= -1e-6:
                    z = a * points[i, 2] + b * points[j, 2] + c * points[k, 2]
                    if z < depth[y, x]:
                        depth[y, x] = z
                        which[y, x] = number + f
                        shares[y, x, 0] = a
                        shares[y, x, 1] = b


@njit(cache=True, fastmath=True)
def _interpolate(values, corners, shares):
    """Values (N, K) at pixels: (P, K)."""
    result = np.empty((corners.shape[0], values.shape[1]), np.float32)
    for p in range(corners.shape[0]):
        i, j, k = corners[p, 0], corners[p, 1], corners[p, 2]
        a, b = shares[p, 0], shares[p, 1]
        for q in range(values.shape[1]):
            result[p, q] = a * values[i, q] + b * values[j, q] + (1 - a - b) * values[k, q]
    return result


@njit(cache=True, fastmath=True)
def _ripples(places, waves):
    """Give a sum of sine waves (W, 4: direction, phase) at places (P, 3), about 0 and 1 large, and its slope (P, 3)."""
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


def draw(rng: np.random.Generator, scene: Scene) -> Drawn:
    """Draw a scene."""
    height, width = HEIGHT * _FINER, WIDTH * _FINER
    depth = np.full((height, width), FAR, np.float32)
    which = np.full((height, width), -1, np.int32)
    shares = np.zeros((height, width, 2), np.float32)
    starts = np.cumsum([0] + [len(s.triangles) for s in scene.surfaces])
    for surface, start in zip(scene.surfaces, starts[:-1], strict=True):
        points = scene.project(surface.vertices)
        points[:, :2] = points[:, :2] * _FINER + (_FINER - 1) / 2
        _rasterise(points.astype(np.float32), surface.triangles, int(start), depth, which, shares)
    picture = np.zeros((height, width, 4), np.float32)
    skin = np.zeros((height, width), np.float32)
    shade = _hollows(rng, depth)
    lamp = _lamp(scene.light)
    shadow = _shadow(scene, depth, lamp)
    strength = rng.uniform(0.2, 0.65)
    for n, surface in enumerate(scene.surfaces):
        chosen = (which >= starts[n]) & (which < starts[n + 1])
        if not chosen.any():
            continue
        corners = surface.triangles[which[chosen] - starts[n]]
        albedo, normals, gloss = _material(scene, surface, corners, shares[chosen])
        facing = np.clip(normals @ lamp, 0, 1)
        dark = shade[chosen] * (1 - strength * shadow[chosen] * np.clip(facing * 3, 0, 1))
        light = np.ascontiguousarray(scene.light.reshape(3, 9), np.float32)
        half = lamp + [0, 0, 1]
        shine = gloss * np.clip(normals @ (half / np.linalg.norm(half)), 0, 1) ** 24 * (1 - shadow[chosen])
        lit = albedo * dark[:, None]
        colours = lit_colours(np.ascontiguousarray(lit, np.float32), np.ascontiguousarray(normals, np.float32), light,
                              LIGHT_BASE, GAMMA)  # fmt: skip
        picture[chosen, :3] = np.clip(colours + shine[:, None], 0, 1)
        picture[chosen, 3] = 1
        skin[chosen] = surface.kind == SKIN
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    alpha = small[..., 3:]
    straight = np.where(alpha > 0.01, small[..., :3] / np.maximum(alpha, 0.01), 0)
    rgba = np.concatenate([np.clip(straight, 0, 1), alpha], 2) * 255
    share = cv2.resize(skin, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return Drawn(rgba.round().astype(np.uint8), share, depth)


def _material(scene: Scene, surface: Surface, corners: np.ndarray, shares: np.ndarray):
    """Give albedo (P, 3), normals (P, 3) to the viewer, gloss (P,) at pixels."""

    own = vertex_normals(np.ascontiguousarray(surface.vertices, np.float32), surface.triangles)
    columns = [own, surface.albedo]
    if surface.maps is not None:
        maps = surface.maps
        columns += [maps.rest, maps.palm[:, None], maps.nail[:, None], maps.joint[:, None]]
    elif surface.surface is not None:
        columns.append(surface.uv)
    values = _interpolate(np.concatenate(columns, 1).astype(np.float32), corners, shares)
    normals, albedo = values[:, :3], values[:, 3:6]
    gloss = np.full(len(albedo), surface.gloss * 0.25, np.float32)
    if surface.maps is not None:
        rough, slope = _ripples(values[:, 6:9], scene.noise.astype(np.float32))
        palm, nail = values[:, 9], values[:, 10] > 0.4
        factor = creases(scene.noise[0, 3], palm, values[:, 11], rough)
        factor = np.where(nail, 1, factor * (1 + scene.grain[0] * rough))
        albedo = albedo * factor[:, None]
        normals = np.where(nail[:, None], normals, normals + slope * scene.grain[1])
        gloss = np.where(nail, 0.12, gloss)
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


def _hollows(rng, depth: np.ndarray) -> np.ndarray:
    """Give the light (H, W), 0..1, that reaches hollows: darker where the surroundings stand out before a pixel."""
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


def _lamp(light: np.ndarray) -> np.ndarray:
    """Give the direction (3,) that most light comes from."""
    y, z, x = light.reshape(3, 9)[:, 1:4].mean(0)
    direction = np.array([x, y, z])
    length = np.linalg.norm(direction)
    return direction / length if length > 1e-6 else np.array([0.0, 0.0, 1.0])


def _shadow(scene: Scene, depth: np.ndarray, lamp: np.ndarray) -> np.ndarray:
    """Give how much of the lamp is hidden at each pixel (H, W), 0..1, soft."""
    side = np.cross([0.05, 1.0, 0.1], lamp)
    side = side / max(np.linalg.norm(side), 1e-6)
    axes = np.stack([side, np.cross(lamp, side), -lamp])
    scale = _SHADOW_MAP / 420.0
    seen = np.full((_SHADOW_MAP, _SHADOW_MAP), FAR, np.float32)
    which = np.full(seen.shape, -1, np.int32)
    shares = np.zeros((*seen.shape, 2), np.float32)
    for surface in scene.surfaces:
        points = surface.vertices @ axes.T
        points[:, :2] = points[:, :2] * scale + _SHADOW_MAP / 2
        _rasterise(points.astype(np.float32), surface.triangles, 0, seen, which, shares)
    ys, xs = np.nonzero(depth < FAR)
    z = depth[ys, xs]
    k = PIXELS_PER_MM * scene.distance / z
    at = [((xs + 0.5) / _FINER - 0.5 - scene.origin[0]) / k, (scene.origin[1] - (ys + 0.5) / _FINER + 0.5) / k,
          scene.distance - z]  # fmt: skip
    own = np.stack(at, 1) @ axes.T
    place = np.clip((own[:, :2] * scale + _SHADOW_MAP / 2).round().astype(int), 0, _SHADOW_MAP - 1)
    hidden = np.zeros(depth.shape, np.float32)
    hidden[ys, xs] = np.clip((own[:, 2] - seen[place[:, 1], place[:, 0]] - 5.0) / 6.0, 0, 1)
    there = (depth < FAR).astype(np.float32)
    soft = cv2.GaussianBlur(hidden, (0, 0), 3.0) / np.maximum(cv2.GaussianBlur(there, (0, 0), 3.0), 1e-3)
    return np.clip(soft, 0, 1)
