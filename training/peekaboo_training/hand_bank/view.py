"""What a hand sprite shows: surfaces, light and camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..scene.rasterise import FAR, rasterise
from .surface import SkinMaps

WIDTH, HEIGHT = 320, 360
"""Size of a sprite before it is cropped, px."""
PIXELS_PER_MM = 0.75
SUPERSAMPLING = 2
"""Scenes are drawn at this many times the size, then averaged."""
SKIN, CLOTH, THING = 0, 1, 2


@dataclass
class Surface:
    """One mesh in camera space, mm: x right, y up, z to the viewer.

    `kind`: SKIN, CLOTH or THING; `albedo` (N, 3) linear; `surface` (S, S, 3) linear: a texture over texture coordinates
    `uv` (N, 2), which replaces `albedo`; `maps`: details of skin; `gloss` 0..1.
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
    """Surfaces, the light (27,), the camera's distance from the origin in mm, and the origin's place in px.

    `noise` (W, 4): sine waves on the skin, wave vector in radians per mm and phase; `grain`: their amplitude on albedo
    and on normals.
    """

    surfaces: list[Surface]
    light: np.ndarray
    distance: float
    origin: tuple[float, float]
    noise: np.ndarray
    grain: tuple[float, float]

    def project(self, points: np.ndarray) -> np.ndarray:
        """Project points (N, 3) in camera space: x, y in sprite px and the distance to the camera in mm (N, 3)."""
        depth = self.distance - points[:, 2]
        k = PIXELS_PER_MM * self.distance / np.maximum(depth, 50)
        return np.stack([self.origin[0] + k * points[:, 0], self.origin[1] - k * points[:, 1], depth], 1)

    def unproject(self, x: np.ndarray, y: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Give the points (N, 3) in camera space of supersampled pixels x, y (N,) at `depth` (N,), mm."""
        k = PIXELS_PER_MM * self.distance / depth
        right = ((x + 0.5) / SUPERSAMPLING - 0.5 - self.origin[0]) / k
        up = (self.origin[1] - (y + 0.5) / SUPERSAMPLING + 0.5) / k
        return np.stack([right, up, self.distance - depth], 1)


@dataclass(frozen=True)
class Visible:
    """What each supersampled pixel (H, W) shows.

    `depth` in mm, FAR where there is nothing; `triangle_at` the triangle, numbered through all surfaces, or -1;
    `weights` (H, W, 2) barycentric; `starts` (K + 1,) the first triangle of each surface.
    """

    depth: np.ndarray
    triangle_at: np.ndarray
    weights: np.ndarray
    starts: np.ndarray

    def pixels_of(self, surface: int) -> np.ndarray:
        """Mask (H, W) of the pixels that show a surface."""
        return (self.triangle_at >= self.starts[surface]) & (self.triangle_at < self.starts[surface + 1])


def find_visible(scene: Scene) -> Visible:
    """Rasterise all surfaces of a scene."""
    height, width = HEIGHT * SUPERSAMPLING, WIDTH * SUPERSAMPLING
    depth = np.full((height, width), FAR, np.float32)
    triangle_at = np.full((height, width), -1, np.int32)
    weights = np.zeros((height, width, 2), np.float32)
    starts = np.cumsum([0] + [len(surface.triangles) for surface in scene.surfaces])
    for surface, start in zip(scene.surfaces, starts[:-1], strict=True):
        points = scene.project(surface.vertices)
        points[:, :2] = points[:, :2] * SUPERSAMPLING + (SUPERSAMPLING - 1) / 2
        rasterise(points.astype(np.float32), surface.triangles, False, int(start), depth, triangle_at, weights)
    return Visible(depth, triangle_at, weights, starts)
