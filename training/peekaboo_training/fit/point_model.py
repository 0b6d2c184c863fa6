"""The face model at MediaPipe's points, and the result of a fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..face_model.format import FaceModel
from ..scene.camera import Pose


@dataclass
class PointModel:
    """The face model at P points: mean (P, 3) in mm about the origin, bases (132, P, 3), identity first."""

    mean: torch.Tensor
    basis: torch.Tensor

    @classmethod
    def of(cls, model: FaceModel, offset: np.ndarray) -> PointModel:
        """Evaluate the model at MediaPipe's points, moved by `offset` (478, 3) mm."""
        def at_points(values: np.ndarray) -> np.ndarray:
            corners = values[..., model.mediapipe_triangles, :]
            return np.einsum("nk,...nkc->...nc", model.mediapipe_barycentric, corners)

        basis = np.concatenate([model.identity_basis, model.expression_basis])
        mean = at_points(model.mean) + offset - model.origin
        return cls(torch.tensor(mean, dtype=torch.float32), torch.tensor(at_points(basis), dtype=torch.float32))

    def shape(self, coefficients: torch.Tensor) -> torch.Tensor:
        """Coefficients (B, 132) -> points (B, P, 3) in mm about the origin."""
        return self.mean + (coefficients @ self.basis.flatten(1)).unflatten(1, (-1, 3))


@dataclass
class FitResult:
    """Fitted faces: pose in the points' px, coefficients (N, 132), error (N, 478) in % of the outer eye distance.

    `residual` (N, 478, 3): target minus fit, in mm in the head's axes, without the component along the view.
    """

    pose: Pose
    coefficients: torch.Tensor
    error: torch.Tensor
    residual: torch.Tensor
