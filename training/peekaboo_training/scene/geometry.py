"""The face model in torch, evaluated at the points that training uses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..face_model.format import PART_NAMES, FaceModel, read_face_model
from .landmark_shift import LandmarkShift, read_shift


class FaceGeometry(nn.Module):
    """Linear maps from coefficients to MediaPipe's 478 points, to skin vertices, and to vertices with colour.

    All positions are in mm in model coordinates; `camera.project` subtracts `origin` and applies the pose.
    """

    def __init__(self, model: FaceModel, photo_vertices: int = 700, skin_vertices: int = 600,
                 shift: LandmarkShift | None = None):  # fmt: skip
        """`shift`: residual of the model's points to MediaPipe's, for losses on photographs."""
        super().__init__()
        self.shift = shift
        corners, weights = model.mediapipe_triangles, model.mediapipe_barycentric

        def on_points(arrays: np.ndarray) -> np.ndarray:
            return np.einsum("nk,...nkc->...nc", weights, arrays[..., corners, :])

        photo = photo_vertex_ids(model, photo_vertices)
        skin = spread(np.flatnonzero(model.part == PART_NAMES.index("face")), skin_vertices)
        self.keep("origin", model.origin)
        self.keep("point_mean", on_points(model.mean) + model.mediapipe_offset)
        self.keep("point_identity", on_points(model.identity_basis))
        self.keep("point_expression", on_points(model.expression_basis))
        self.keep("skin_identity", model.identity_basis[:, skin])
        self.keep("skin_similarities", similarities(model.mean[skin]))
        self.keep("photo_mean", model.mean[photo])
        self.keep("photo_identity", model.identity_basis[:, photo])
        self.keep("photo_expression", model.expression_basis[:, photo])
        self.keep("photo_normals", model.normals(model.mean)[photo])
        self.keep("photo_normal_basis", normal_moves(model, photo))
        self.keep("albedo_mean", model.albedo_mean[photo])
        self.keep("albedo_basis", model.albedo_basis[:, photo])

    def keep(self, name: str, array: np.ndarray) -> None:
        self.register_buffer(name, torch.tensor(np.ascontiguousarray(array), dtype=torch.float32))

    def points(self, identity: torch.Tensor, expression: torch.Tensor) -> torch.Tensor:
        """(B,80), (B,52) -> (B,478,3)."""
        return self.point_mean + self.identity_moves(identity) + self.expression_moves(expression)

    def identity_moves(self, identity: torch.Tensor) -> torch.Tensor:
        """(B,80) -> (B,478,3) displacement of the points by identity."""
        return moves(identity, self.point_identity)

    def expression_moves(self, expression: torch.Tensor) -> torch.Tensor:
        """(B,52) -> (B,478,3) displacement of the points by expression."""
        return moves(expression, self.point_expression)

    def skin_moves(self, identity: torch.Tensor) -> torch.Tensor:
        """(B,80) -> (B,N,3) displacement of vertices spread over the face by identity."""
        return moves(identity, self.skin_identity)

    def form_moves(self, identity: torch.Tensor) -> torch.Tensor:
        """(B,80) -> (B,N,3) `skin_moves` without their part that is a similarity (rotation, shift, scale)."""
        flat = self.skin_moves(identity).flatten(1)
        return (flat - (flat @ self.skin_similarities) @ self.skin_similarities.T).unflatten(1, (-1, 3))

    def photo_vertices(self, identity: torch.Tensor, expression: torch.Tensor) -> torch.Tensor:
        """(B,80), (B,52) -> (B,N,3) the vertices whose colours are compared."""
        return self.photo_mean + moves(identity, self.photo_identity) + moves(expression, self.photo_expression)

    def turned_normals(self, identity: torch.Tensor, expression: torch.Tensor, rotation: torch.Tensor) -> torch.Tensor:
        """(B,80), (B,52), (B,3,3) -> (B,N,3) unit normals in camera axes; linearised in the shape."""
        moved = self.photo_normals + moves(torch.cat([identity, expression], dim=1), self.photo_normal_basis)
        return nn.functional.normalize(moved, dim=-1) @ rotation.transpose(1, 2)

    def photo_albedo(self, albedo: torch.Tensor) -> torch.Tensor:
        """(B,10) -> (B,N,3) linear RGB; the factor on the mean is limited to e^-3..e^3."""
        return self.albedo_mean * torch.exp(moves(albedo, self.albedo_basis).clamp(-3, 3))


def read_geometry(face_model: Path, shift: Path | str | None = None) -> FaceGeometry:
    """Read a face-model.bin and, optionally, a landmark-shift.bin.

    Raises ValueError for a file of another format, OSError for one that cannot be read.
    """
    return FaceGeometry(read_face_model(face_model), shift=read_shift(Path(shift)) if shift else None)


def moves(coefficients: torch.Tensor, basis: torch.Tensor) -> torch.Tensor:
    """(B,K) times (K,N,3) -> (B,N,3)."""
    return (coefficients @ basis.flatten(1)).unflatten(1, basis.shape[1:])


def similarities(vertices: np.ndarray) -> np.ndarray:
    """Orthonormal displacements (N*3, 7) of vertices (N,3) by small rotations, shifts and scalings."""
    centred = vertices - vertices.mean(axis=0)
    moves = [np.broadcast_to(axis, centred.shape) for axis in np.eye(3)]
    moves += [np.cross(axis, centred) for axis in np.eye(3)] + [centred]
    return np.linalg.qr(np.stack([move.ravel() for move in moves], axis=1))[0]


def normal_moves(model: FaceModel, ids: np.ndarray) -> np.ndarray:
    """Change of the mean face's unit normals (132,N,3) per unit of each coefficient, to first order."""
    rest, small = model.normals(model.mean)[ids], 0.05
    bases = [*model.identity_basis, *model.expression_basis]
    return np.stack([(model.normals(model.mean + small * basis)[ids] - rest) / small for basis in bases])


def spread(ids: np.ndarray, count: int) -> np.ndarray:
    """Draw at most `count` of the ids uniformly, with a fixed seed."""
    return np.sort(np.random.default_rng(0).permutation(ids)[:count])


def photo_vertex_ids(model: FaceModel, count: int) -> np.ndarray:
    """Draw skin vertices that face forward and lie within the 468 points, where the picture shows the face's colour."""
    points = model.mediapipe_points(model.mean)[:468]
    x, y = model.mean[:, 0], model.mean[:, 1]
    inside = (y > points[:, 1].min() + 4) & (y < points[:, 1].max() - 4) & (np.abs(x) < points[:, 0].max() - 6)
    forward = model.normals(model.mean)[:, 2] > 0.15
    return spread(np.flatnonzero((model.part == PART_NAMES.index("face")) & forward & inside), count)
