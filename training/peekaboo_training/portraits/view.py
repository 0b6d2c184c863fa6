"""One labelled portrait with its fitted face: pixels, vertices and what of the face is seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from ..data.faces import STORED_SIZE
from ..data.fits import Fit
from ..scene.rasterise import vertex_normals
from .pictures import LINEAR, disc, ramp, sample_at
from .surface import FACE, PortraitSurface, project, triangles_at

_FINE = 2
"""The face is rasterised at this multiple of the stored crop's resolution."""
_HIDDEN_MM = 2.0
_EYE_MOUTH_MARGIN = 13


@dataclass(frozen=True)
class TexelView:
    """What the portrait shows of each texel (T, T): linear colour (T, T, 3), unit normal in camera axes (T, T, 3),
    weight 0..1, and whether it lies within 3 px of an eye's or the mouth's opening (0..1)."""

    colour: np.ndarray
    normal: np.ndarray
    weight: np.ndarray
    near_opening: np.ndarray


class PortraitView:
    """A stored crop (240, 240, 3) RGB uint8, its matte (240, 240), 0..1, and its fit."""

    def __init__(self, surface: PortraitSurface, picture: np.ndarray, matte: np.ndarray, fit: Fit) -> None:
        self.surface, self.fit = surface, fit
        self.scale = float(fit.scale)
        """Px of the stored crop per mm at the origin's depth."""
        self.linear = LINEAR[picture]
        rotation = fit.rotation.astype(np.float32)
        self.vertices = surface.vertices(fit.identity, fit.expression)
        camera = (self.vertices - surface.origin) @ rotation.T
        self.points = project(camera, fit.translation, self.scale)
        self.normals = (vertex_normals(self.vertices, surface.triangles) @ rotation.T).astype(np.float32)
        fine = self.points.copy()
        fine[:, :2] = fine[:, :2] * _FINE + (_FINE - 1) / 2
        self._fine_points = fine
        self.ids, _, self.depth = triangles_at(fine, surface.triangles, STORED_SIZE * _FINE)
        seen_face = self.to_crop((self._seen_part == FACE).astype(np.float32))
        inside = cv2.erode(seen_face, np.ones((5, 5), np.uint8)) > 0.5
        self.matte = np.maximum(matte, inside).astype(np.float32)

    @staticmethod
    def to_crop(fine: np.ndarray) -> np.ndarray:
        """Average a picture of the fine raster over the stored crop's pixels."""
        return cv2.resize(fine, (STORED_SIZE, STORED_SIZE), interpolation=cv2.INTER_AREA)

    @property
    def on_mesh(self) -> np.ndarray:
        """(480, 480) whether the mesh covers the fine pixel."""
        return self.ids >= 0

    @cached_property
    def _seen_part(self) -> np.ndarray:
        """(480, 480) part of the mesh at each fine pixel, 255 where there is none."""
        part = self.surface.part[self.surface.triangles[np.maximum(self.ids, 0), 0]]
        return np.where(self.on_mesh, part, 255).astype(np.uint8)

    def at_corner(self, values: np.ndarray) -> np.ndarray:
        """Give a value per vertex (V,) at each fine pixel, 0 off the mesh (taken from one corner of the triangle)."""
        corner = self.surface.triangles[np.maximum(self.ids, 0), 0]
        return np.where(self.on_mesh, values[corner], 0).astype(np.float32)

    @property
    def skin(self) -> np.ndarray:
        """(480, 480) whether the fine pixel shows skin of the mesh."""
        return self.on_mesh & (self._seen_part <= 1)

    @cached_property
    def openings(self) -> np.ndarray:
        """(480, 480) 1 near eyes, mouth and nostrils: what shows there is no skin."""
        untextured = self.on_mesh & ~self.surface.textured[np.maximum(self.ids, 0)]
        return cv2.dilate(untextured.astype(np.uint8), disc(_EYE_MOUTH_MARGIN)).astype(np.float32)

    def texels(self) -> TexelView:
        """Look up the picture at each texel of the texture."""
        surface = self.surface
        normal = surface.on_texels(self.normals)
        normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-6)
        x, y, z = np.moveaxis(surface.on_texels(self._fine_points), 2, 0)
        near = sample_at(self.openings, x, y) * surface.is_texel
        seen = surface.is_texel & (near < 0.05)
        seen &= z < sample_at(np.minimum(self.depth, 1e4), x, y) + _HIDDEN_MM * self.scale
        at = ((x - (_FINE - 1) / 2) / _FINE, (y - (_FINE - 1) / 2) / _FINE)
        weight = ramp(normal[..., 2], 0.2, 0.5) * seen * ramp(sample_at(self.matte, *at), 0.5, 1)
        return TexelView(sample_at(self.linear, *at), normal, weight.astype(np.float32), near)

    def colours_at(self, triangles: np.ndarray) -> np.ndarray:
        """Give the linear colours (K, 3) at the middles of those triangles (F, 3) that are seen and face the viewer."""
        nothing = np.zeros((0, 3), np.float32)
        if not len(triangles):
            return nothing
        middle, normal = self._fine_points[triangles].mean(1), self.normals[triangles].mean(1)
        x, y, z = middle.T[:, None]
        seen = (z < sample_at(np.minimum(self.depth, 1e4), x, y) + _HIDDEN_MM * self.scale)[0]
        seen &= normal[:, 2] > 0.25
        at = (middle[seen, :2] - (_FINE - 1) / 2) / _FINE
        return sample_at(self.linear, at[None, :, 0], at[None, :, 1])[0] if seen.any() else nothing
