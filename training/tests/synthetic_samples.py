"""Random training samples of the right shapes, and a random face model: stand-ins for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

from peekaboo_training.face_model.format import FaceModel


def random_sample(batch: int, seed: int = 0) -> dict[str, torch.Tensor]:
    """A batch as the dataset gives it: faces, one no-face, half of the faces renders."""
    import torch

    g = torch.Generator().manual_seed(seed)

    def rand(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, generator=g)

    present = torch.ones(batch)
    present[-1] = 0.0
    exact = present.clone()
    exact[: batch // 2] = 0.0
    return {
        "image": rand(batch, 3, 192, 192),
        "points": rand(batch, 478, 3) * torch.tensor([120.0, 120.0, 30.0]) + 36,
        "has_points": present,
        "identity": rand(batch, 80) * 2 - 1,
        "expression": rand(batch, 52) * 0.5,
        "pose": rand(batch, 9) * 0.2 - 0.1,
        "has_fit": present,
        "exact": exact,
        "albedo": rand(batch, 10) - 0.5,
        "light": rand(batch, 27) * 0.4 - 0.2,
        "mask": (rand(batch, 3, 96, 96) > 0.7).float(),
        "mask_weight": torch.ones(batch, 3, 96, 96),
        "presence": present,
        "covered": present,
        "same_crop": present,
        "true_colour": exact,
        "twin": torch.arange(batch) // 2 + 1,
        "person": (torch.arange(batch) // 2 + 1) * (1 - exact.long()) * present.long(),
    }


def random_samples(batch: int, seed: int = 0):
    """An endless stream of batches."""
    while True:
        yield random_sample(batch, seed)
        seed += 1


def random_face_model(vertices: int = 900) -> FaceModel:
    """A face-sized cloud of vertices with random bases; valid, but no face."""
    r = np.random.default_rng(0)
    mean = r.normal(0, 1, (vertices, 3)).astype(np.float32)
    mean *= np.array([70, 90, 70]) / np.linalg.norm(mean, axis=1, keepdims=True)

    def normal(*shape: int) -> np.ndarray:
        return r.normal(0, 1, shape).astype(np.float32)

    return FaceModel(
        mean=mean.astype(np.float32),
        triangles=r.integers(0, vertices, (1500, 3)),
        part=np.zeros(vertices, np.uint8),
        identity_basis=normal(80, vertices, 3),
        expression_basis=normal(52, vertices, 3),
        albedo_mean=np.full((vertices, 3), 0.4, np.float32),
        albedo_basis=normal(10, vertices, 3) * 0.1,
        uv=r.random((vertices, 2)).astype(np.float32),
        landmarks68=r.integers(0, vertices, 68),
        mediapipe_triangles=r.integers(0, vertices, (478, 3)),
        mediapipe_barycentric=np.full((478, 3), 1 / 3, np.float32),
        mediapipe_offset=np.zeros((478, 3), np.float32),
        region_weights=np.zeros((10, vertices), np.float32),
        mirror=np.arange(vertices),
        origin=np.zeros(3, np.float32),
    )
