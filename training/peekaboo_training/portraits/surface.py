"""What the portrait renderer needs of a face model besides its bases: texels, opacity of the rim, eyes, nostrils.

Regions are boxes in mm of the mean face, in model axes: x to the subject's left, y up, z to the viewer.
"""

from __future__ import annotations

import numpy as np
import torch

from ..face_model.format import PART_NAMES, FaceModel
from ..scene.rasterise import FAR, interpolate, rasterise
from ..settings import POSE_DISTANCE
from .pictures import ramp

TEXTURE_SIZE = 256
_LONGEST_TEXEL_EDGE = 40
FACE, HEAD, EYE_LEFT, EYE_RIGHT, TEETH, GUMS, MOUTH, TONGUE = range(len(PART_NAMES))
EYES = (EYE_LEFT, EYE_RIGHT)


class PortraitSurface:
    """A face model's surface, prepared once for all portraits."""

    def __init__(self, model: FaceModel) -> None:
        self.model = model
        self.mean, self.origin = model.mean.astype(np.float32), model.origin.astype(np.float32)
        self.triangles, self.part = model.triangles.astype(np.int64), model.part
        bases = np.concatenate([model.identity_basis, model.expression_basis])
        self._basis = torch.tensor(bases.reshape(len(bases), -1).T.copy(), dtype=torch.float32)
        self.uv = (np.stack([model.uv[:, 0], 1 - model.uv[:, 1]], 1) * TEXTURE_SIZE - 0.5).astype(np.float32)
        self.skin = self.part <= HEAD
        self.nostrils = self._nostrils()
        corners = self.part[self.triangles]
        self.textured = (corners <= HEAD).all(1) & ~self.nostrils[self.triangles].any(1)
        """(F,) triangles that get the texture; the others get vertex colours: eyes, mouth, nostrils."""
        self.lining = ~self.textured & (corners <= HEAD).all(1)
        """(F,) triangles inside the nostrils."""
        self.seam = ~self.textured & (corners <= HEAD).any(1)
        """(F,) triangles from lips, lids and nostrils inwards; the texture's map is torn there."""
        self._map_texels()
        self.opacity = self._opacity()
        """(V,) opacity of the mesh over the surroundings: soft at its rim, 0 at the head's sides."""
        self.eyes = [np.flatnonzero(self.part == eye) for eye in EYES]
        self.eye_fronts = [eye[np.argmax(self.mean[eye, 2])] for eye in self.eyes]
        self.eye_radii = [np.hypot(*(self.mean[eye] - self.mean[front])[:, :2].T)
                          for eye, front in zip(self.eyes, self.eye_fronts, strict=True)]  # fmt: skip
        """Per eye (E,): mm of its vertices from the axis through the pupil."""
        self.eye_height = float(np.mean([self.mean[eye, 1].mean() for eye in self.eyes]))
        self.rim = np.setdiff1d(np.unique(self.triangles[self.seam]), np.flatnonzero(~self.skin | self.nostrils))
        """Vertices of the skin at the seam."""

    def vertices(self, identity: np.ndarray, expression: np.ndarray) -> np.ndarray:
        """Give the vertices (V, 3), mm, of coefficients (80,) and (52,)."""
        weights = torch.from_numpy(np.concatenate([identity, expression]).astype(np.float32))
        return self.mean + torch.mv(self._basis, weights).numpy().reshape(-1, 3)

    def on_texels(self, values: np.ndarray) -> np.ndarray:
        """Interpolate values of vertices (V, C) over the texture: (T, T, C), 0 where no skin maps to."""
        result = np.zeros((*self.is_texel.shape, values.shape[1]), np.float32)
        values = np.ascontiguousarray(values, np.float32)
        result[self.is_texel] = interpolate(values, self._texel_corners, self._texel_weights)
        return result

    def _nostrils(self) -> np.ndarray:
        """(V,) vertices of the nostrils' lining, which the model's albedo darkens."""
        x, y, z = self.mean.T
        nose = (np.abs(x) < 22) & (y > -30) & (y < 15) & (z > 85) & (self.part == FACE)
        brightness = self.model.albedo_mean.mean(1)
        return nose & (brightness < 0.55 * np.median(brightness[self.part == FACE]))

    def _map_texels(self) -> None:
        """Find the vertices around each texel of the skin, and their weights."""
        size = np.linalg.norm(np.ptp(self.uv[self.triangles], axis=1), axis=1)
        ids = np.flatnonzero(self.textured & (size < _LONGEST_TEXEL_EDGE))
        flat = np.column_stack([self.uv, np.zeros(len(self.uv), np.float32)]).astype(np.float32)
        texel, weights, _ = triangles_at(flat, self.triangles[ids], TEXTURE_SIZE)
        self.is_texel = texel >= 0
        self._texel_corners = self.triangles[ids][texel[self.is_texel]]
        self._texel_weights = weights[self.is_texel]
        self.texel_mean = self.on_texels(self.mean)
        """(T, T, 3) mm: the mean face at each texel, to choose regions by."""
        self.texel_albedo = self.on_texels(self.model.albedo_mean)
        basis = self.model.albedo_basis.transpose(1, 2, 0)
        self.texel_albedo_basis = self.on_texels(basis.reshape(len(basis), -1)).reshape(*self.is_texel.shape, 3, -1)

    def _opacity(self) -> np.ndarray:
        x, y, z = self.mean.T
        opacity = ramp(self._rings_from_rim(), 1, 4)
        opacity[(np.abs(x) < 52) & (y > -75) & (y < 60) & (z > 50)] = 1
        opacity *= ramp(z, 40, 56) * ramp(y, 98, 72)
        opacity[~self.skin] = 1
        return opacity.astype(np.float32)

    def _rings_from_rim(self) -> np.ndarray:
        """(V,) how many edges away the nearest vertex is that is no textured vertex of the face part, up to 5."""
        skin = self.triangles[self.textured]
        rings = np.zeros(len(self.part))
        inside = (self.part == FACE) & ~self._open_edge()
        for _ in range(5):
            rings[inside] += 1
            least = inside[skin].all(1)
            outside = np.unique(skin[~least])
            inside = inside.copy()
            inside[outside] = False
        return rings

    def _open_edge(self) -> np.ndarray:
        """(V,) vertices at the mesh's open edges: neck and back of the head."""
        edges = np.sort(np.concatenate([self.triangles[:, pair] for pair in ([0, 1], [1, 2], [2, 0])]), 1)
        unique, count = np.unique(edges, axis=0, return_counts=True)
        result = np.zeros(len(self.part), bool)
        result[unique[count == 1]] = True
        return result


def triangles_at(points: np.ndarray, triangles: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rasterise points (V, 3) px at size x size: triangle at each pixel, -1 where none; barycentric weights of its
    first two corners (size, size, 2); depth (size, size)."""
    ids, depth = np.full((size, size), -1, np.int32), np.full((size, size), FAR, np.float32)
    weights = np.zeros((size, size, 2), np.float32)
    rasterise(points, triangles, False, 0, depth, ids, weights)
    return ids, weights, depth


def project(camera: np.ndarray, translation: np.ndarray, scale: float) -> np.ndarray:
    """Project points (N, 3), mm about the origin in camera axes, to px and depth in px; see `scene.camera.project`."""
    per_mm = scale * POSE_DISTANCE / (POSE_DISTANCE - camera[:, 2])
    u, v = translation[0] + per_mm * camera[:, 0], translation[1] - per_mm * camera[:, 1]
    return np.stack([u, v, -scale * camera[:, 2]], 1).astype(np.float32)


def unproject(u: np.ndarray, v: np.ndarray, z: np.ndarray, translation: np.ndarray, scale: float) -> np.ndarray:
    """Give the points (..., 3), mm in camera axes, that lie at pixels u, v with z mm towards the viewer."""
    per_mm = scale * POSE_DISTANCE / (POSE_DISTANCE - z)
    return np.stack([(u - translation[0]) / per_mm, (translation[1] - v) / per_mm, z], -1).astype(np.float32)
