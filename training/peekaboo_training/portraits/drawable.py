"""A portrait decoded for drawing: linear textures, the grids in the head's axes, colours of eyes and mouth."""

from __future__ import annotations

import cv2
import numpy as np

from ..scene.rasterise import vertex_normals
from .light import shine
from .pictures import LINEAR, ramp, sample_at
from .portrait import Portrait
from .surface import FACE, GUMS, MOUTH, TEETH, TEXTURE_SIZE, TONGUE, PortraitSurface, project, unproject
from .surroundings import GRID_SIZE, GRID_STEP

_PUPIL_MM, _IRIS_MM = 2.6, 5.8
_STRETCH_BLUR = 6.0
_HEAD_BOTTOM, _BODY_TOP = -85.0, -160.0


_BELOW, _BESIDE, _OUTER_STEP = 10, 6, 8.0
"""Rows and columns of vertices that continue the grids below and beside the stored crop, px apart: the texture's edge
is repeated there, so that a body does not end where the crop did."""


def _axis(before: int, after: int) -> np.ndarray:
    inner = np.arange(GRID_SIZE) * float(GRID_STEP)
    left, right = np.arange(before, 0, -1) * -_OUTER_STEP, inner[-1] + np.arange(1, after + 1) * _OUTER_STEP
    return np.concatenate([left, inner, right])


def _grid_triangles(rows: int, columns: int) -> np.ndarray:
    """Two triangles a cell of the grid: (F, 3)."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]))
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])


_U, _V = (axis.astype(np.float32) for axis in np.meshgrid(_axis(_BESIDE, _BESIDE), _axis(0, _BELOW)))
GRID_SHAPE = _U.shape
"""Rows and columns of the drawn grids."""
GRID_TRIANGLES = _grid_triangles(*GRID_SHAPE)
GRID_UV = np.stack([_U, _V], -1).reshape(-1, 2)


def _continued(depth: np.ndarray) -> np.ndarray:
    """Continue a stored depth (61, 61) over the drawn grid."""
    return np.pad(depth, ((0, _BELOW), (_BESIDE, _BESIDE)), "edge")


def _visible_triangles(alpha: np.ndarray) -> np.ndarray:
    """Give the triangles (K, 3) of the grid under which alpha (240, 240) is anywhere above 0.02."""
    reach = 2 * GRID_STEP + 1
    near = cv2.dilate(alpha, np.ones((reach, reach), np.uint8))
    x, y = (np.clip(axis.ravel().round().astype(int), 0, len(alpha) - 1) for axis in (_U, _V))
    return GRID_TRIANGLES[(near[y, x] > 0.02)[GRID_TRIANGLES].any(1)]


class DrawablePortrait:
    """Everything about a portrait that does not depend on how it is drawn. Grids have G vertices."""

    def __init__(self, surface: PortraitSurface, portrait: Portrait, own: np.ndarray | None = None) -> None:
        """`own` (240, 240), 0..1: where the stored crop shows own hair or headwear; None when that is unknown."""
        self.portrait = portrait
        self.own_known = float(own is not None)
        own = np.zeros(portrait.front_alpha.shape, np.float32) if own is None else np.ascontiguousarray(own, np.float32)
        opaque = np.full((TEXTURE_SIZE, TEXTURE_SIZE), 1, np.float32)
        self.texture = np.dstack([LINEAR[portrait.texture], opaque, self._own_of_texels(surface, own)])  # (T, T, 5)
        alpha = portrait.front_alpha.astype(np.float32) / 255
        front = LINEAR[portrait.front]
        self.front = np.dstack([front, alpha, own])  # (240, 240, 5)
        self.front_blurred = np.dstack([cv2.GaussianBlur(front, (0, 0), _STRETCH_BLUR), alpha, own])
        self._own = own
        self.back = self._back_texture()
        self.background = LINEAR[portrait.background]
        self.front_triangles = _visible_triangles(self.front[..., 3])
        self.back_triangles = _visible_triangles(self.back[..., 3])
        self._place_grids()
        self.skin = np.median(self.texture[surface.is_texel][:, :3], 0)
        """(3,) median linear albedo of the skin."""
        self.albedo = self._vertex_albedo(surface)
        at = np.clip(np.round(surface.uv[surface.rim]), 0, TEXTURE_SIZE - 1).astype(int)
        self.rim_albedo = self.texture[at[:, 1], at[:, 0], :3]
        """Albedo of the skin's vertices where lips and lids turn inwards."""

    def _back_texture(self) -> np.ndarray:
        matte = cv2.dilate(self.portrait.matte, np.ones((5, 5), np.uint8))
        alpha = cv2.GaussianBlur(matte, (0, 0), 0.7).astype(np.float32) / 255
        colours = cv2.resize(LINEAR[self.portrait.back], alpha.shape[::-1], interpolation=cv2.INTER_LINEAR)
        return np.dstack([colours, alpha, cv2.dilate(self._own, np.ones((9, 9), np.uint8))])

    def _own_of_texels(self, surface: PortraitSurface, own: np.ndarray) -> np.ndarray:
        """Look up `own` (240, 240) where the portrait shows each texel: (T, T)."""
        p = self.portrait
        camera = (surface.vertices(p.identity, p.expression) - surface.origin) @ p.rotation.T
        x, y, _ = np.moveaxis(surface.on_texels(project(camera, p.translation, float(p.scale))), 2, 0)
        return sample_at(own, x, y) * surface.is_texel

    def _place_grids(self) -> None:
        p, back_depth = self.portrait, _continued(self.portrait.back_depth)
        camera = unproject(_U, _V, _continued(p.front_depth), p.translation, float(p.scale))
        back = unproject(_U, _V, back_depth, p.translation, float(p.scale))
        smooth = np.ascontiguousarray(cv2.blur(camera, (5, 5)).reshape(-1, 3))
        self.photographed_normals = vertex_normals(smooth, GRID_TRIANGLES)  # (G, 3) camera axes of the photograph
        self.front_points = camera.reshape(-1, 3) @ p.rotation  # (G, 3) mm from the origin, axes of the head
        self.back_points = back.reshape(-1, 3) @ p.rotation
        self.front_normals = self.photographed_normals @ p.rotation
        self.photographed_light = shine(self.photographed_normals, p.light)  # (G, 3)
        self.front_head, self.back_head = (self._head_share(q) for q in (self.front_points, self.back_points))
        self.back_shade = 1 - 0.3 * ramp(back_depth.ravel(), -105, -195).astype(np.float32)

    @staticmethod
    def _head_share(points: np.ndarray) -> np.ndarray:
        """(G,) 1 where a vertex turns with the head, 0 where it belongs to the body, smooth between."""
        share = ramp(points[:, 1], _BODY_TOP, _HEAD_BOTTOM)
        return (share * share * (3 - 2 * share)).astype(np.float32)

    def _vertex_albedo(self, surface: PortraitSurface) -> np.ndarray:
        """(V, 3) linear albedo of what has no texture."""
        part = surface.part
        albedo = surface.model.albedo(self.portrait.albedo).astype(np.float32)
        skin = float(self.skin.mean())
        white_level = float(np.clip(0.85 * self.portrait.white.mean(), 0.5 * skin + 0.04, 0.85 * skin + 0.1))
        for eye, radius in zip(surface.eyes, surface.eye_radii, strict=True):
            albedo[eye] = self._eye_albedo(radius, white_level)
        lining = 0.25 * np.median(albedo[part == FACE], 0)
        albedo[surface.nostrils] = np.minimum(albedo[surface.nostrils], lining)
        albedo[part == MOUTH] *= 0.44
        albedo[part == GUMS] *= 0.7
        albedo[part == TONGUE] *= 0.55
        albedo[part == TEETH] = np.clip(0.8 * albedo[part == TEETH], 0, 0.42) * [1.1, 1, 0.82]
        return np.ascontiguousarray(albedo, np.float32)

    def _eye_albedo(self, radius: np.ndarray, white_level: float) -> np.ndarray:
        """Albedo (E, 3) of an eye's vertices by their distance, mm, from the pupil's axis."""
        seen = self.portrait.iris
        blue = float(ramp(seen[2] / max(float(seen[0]), 0.03), 0.55, 1.05))
        level = float(np.clip(seen.mean(), 0.02 * white_level, (0.1 + 0.18 * blue) * white_level))
        tint = (1 - blue) * np.array([1.45, 0.9, 0.65]) + blue * np.array([0.95, 1, 1.05])
        ring = np.clip(1.15 - 0.12 * np.clip(radius - 3.2, 0, 3), 0.7, 1.2)[:, None]
        white = ramp(radius, _IRIS_MM - 0.4, _IRIS_MM + 0.4)[:, None]
        eye = level * tint * ring * (1 - white) + white_level * np.array([1, 0.93, 0.88]) * white
        return np.where((radius < _PUPIL_MM)[:, None], min(0.012, 0.4 * level), eye)


