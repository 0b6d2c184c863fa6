"""Losses on the colours of the picture, the mask and presence."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from ..network.outputs import Outputs
from ..scene.camera import decode_pose, project
from ..scene.geometry import FaceGeometry
from ..scene.light import shade
from .batch import Batch
from .robust import huber, mean_over

_CHANNEL_WEIGHTS = (1.0, 0.5, 0.4)
FACING = 0.25  # least z of a normal whose vertex counts in the photometric loss


def photometric_loss(outputs: Outputs, batch: Batch, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Error of the shaded albedo to the picture's colours, where the fitted face is visible and uncovered."""
    with torch.no_grad():
        vertices = geometry.photo_vertices(batch["identity"], batch["expression"])
        uv = project(vertices, batch["pose"], geometry.origin)[..., :2]
        normals = geometry.photo_normals @ decode_pose(batch["pose"]).rotation.transpose(1, 2)
        place = (uv + 0.5) / 96 - 1  # grid_sample: -1 and 1 are the crop's edges
        colours = sample_at(batch["image"], place)
        covered = sample_at(batch["mask"][:, :1], place)[..., 0]
        known = sample_at(batch["mask_weight"][:, :1], place)[..., 0]
        seen = (normals[..., 2] > FACING) & (place.abs().amax(dim=-1) < 0.98) & (covered < 0.05) & (known > 0.5)
        seen = seen.float() * batch["has_fit"][:, None]
    value = shade(geometry.photo_albedo(outputs.albedo), normals, outputs.light)
    value = torch.where(value < 1, value, 1 + 0.1 * (value - 1))
    error = huber(8 * (value - colours)).mean(dim=-1)
    return {"photometric": (error * seen).sum() / seen.sum().clamp_min(1.0)}


def sample_at(picture: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
    """Sample a picture (B,C,H,W) bilinearly at places (B,N,2) in -1..1: (B,N,C)."""
    return F.grid_sample(picture.contiguous(), place[:, None], align_corners=False)[:, :, 0].transpose(1, 2)


def mask_losses(outputs: Outputs, batch: Batch) -> dict[str, torch.Tensor]:
    """Cross-entropy where the mask is labelled, at both resolutions, and the Dice loss of the occluder on faces."""
    target, weight = batch["mask"], batch["mask_weight"]
    channels = _entropy(outputs.mask, target, weight)
    coarse = _entropy(outputs.coarse_mask, F.avg_pool2d(target, 2), F.avg_pool2d(weight, 2))
    p, t, w = torch.sigmoid(outputs.mask[:, 0]), target[:, 0], weight[:, 0]
    overlap, total = (p * t * w).sum(dim=(1, 2)), ((p + t) * w).sum(dim=(1, 2))
    dice = 1 - (2 * overlap + 20) / (total + 20)
    return {"mask": channels, "coarse": coarse, "dice": mean_over(dice, batch["presence"])}


def _entropy(logits: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of a mask (B,3,H,W), edges more; occluder, skin and own with weights 1, 0.5 and 0.4."""
    edge = F.max_pool2d(target, 3, 1, 1) + F.max_pool2d(-target, 3, 1, 1)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight * (1 + 1.5 * edge)
    return (entropy.mean(dim=(2, 3)) * target.new_tensor(_CHANNEL_WEIGHTS)).sum(dim=1).mean()


def presence_loss(outputs: Outputs, batch: Batch) -> dict[str, torch.Tensor]:
    """Cross-entropy of presence."""
    return {"presence": F.binary_cross_entropy_with_logits(outputs.presence[:, 0], batch["presence"])}
