"""The network's outputs, the inputs of its heads, and the sizes of its vectors."""

from __future__ import annotations

from typing import NamedTuple

import torch

IDENTITY, EXPRESSION, POSE, ALBEDO, LIGHT = 80, 52, 9, 10, 27
FEATURES = 128 * 3 * 3


class Outputs(NamedTuple):
    """Outputs for a batch; expression is 0..1, presence and mask are logits."""

    identity: torch.Tensor  # (B,80) standard deviations
    expression: torch.Tensor  # (B,52)
    pose: torch.Tensor  # (B,9) see camera.py
    albedo: torch.Tensor  # (B,10) standard deviations
    light: torch.Tensor  # (B,27)
    presence: torch.Tensor  # (B,1)
    mask: torch.Tensor  # (B,3,96,96) occluder, visible skin, own hair and headwear
    points: torch.Tensor | None  # (B,468,3) crop px of the auxiliary branch, in stage points only
    landmarks: torch.Tensor  # (B,78,2) crop px of mesh_points.LANDMARKS, from the landmark branch
    coarse_mask: torch.Tensor  # (B,3,48,48) the mask at half the resolution


class HeadInputs(NamedTuple):
    """Everything that the heads read; the convolutions compute it."""

    features: torch.Tensor  # (B,128,3,3) of the points branch
    map6: torch.Tensor  # (B,128,6,6)
    eyes: torch.Tensor  # (B,64) places of the eye branch
    mouth_fine: torch.Tensor  # (B,16,40,56) the mouth window of the 96x96 map
    mouth_half: torch.Tensor  # (B,32,20,28) the mouth window of the 48x48 map
    moments: torch.Tensor  # (B,78,3) of the landmark heat maps: mean of x, y, x²+y²
