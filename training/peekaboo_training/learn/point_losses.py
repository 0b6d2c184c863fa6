"""Losses on the 478 points, the landmarks, and the openings of lids and lips."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from ..network.outputs import Outputs
from ..scene.camera import decode_pose, project
from ..scene.eye_distance import LOSS_FLOOR_PX, eye_distance
from ..scene.geometry import FaceGeometry
from ..scene.landmark_shift import shift_inputs
from ..scene.mesh_points import (
    BROWS,
    EYE_CORNERS,
    EYES,
    IRIS,
    IRIS_POINTS,
    LANDMARKS,
    LID_PAIRS,
    LIP_PAIRS,
    LIPS,
    OVAL,
    SIDES,
)  # fmt: skip
from ..settings import CROP_SIZE
from .batch import Batch
from .robust import huber, mean_over, soften

SHARPNESS = 60.0  # an error counts squared below 1/60 of the eye distance, and linearly above


def point_error(predicted: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """(B,P,3) px -> (B,P,3) error in eye distances; depth up to a constant offset per face."""
    error = predicted - target
    depth = error[..., 2:] - error[..., 2:].median(dim=1, keepdim=True).values
    return torch.cat([error[..., :2], depth], dim=-1) / eye_distance(target, LOSS_FLOOR_PX)[:, None, None]


def auxiliary_loss(outputs: Outputs, batch: Batch) -> dict[str, torch.Tensor]:
    """Error of the face mesh's own branch on the 468 points."""
    error = huber(SHARPNESS * point_error(outputs.points, batch["points"][:, :468]))
    weight = error.new_tensor([1.0, 1.0, 0.3])
    return {"auxiliary": mean_over(soften((error * weight).mean(dim=(1, 2)), 3.0), batch["has_points"])}


def landmark_loss(outputs: Outputs, batch: Batch) -> dict[str, torch.Tensor]:
    """Error of the landmark branch on its 78 points; points outside the crop do not count."""
    target = batch["points"][:, list(LANDMARKS), :2]
    inside = ((target > 0) & (target < CROP_SIZE - 1)).all(dim=-1).float()
    unit = eye_distance(batch["points"], LOSS_FLOOR_PX)[:, None, None]
    error = huber(SHARPNESS * (outputs.landmarks - target) / unit).sum(dim=-1)
    each = (error * inside).sum(dim=1) / inside.sum(dim=1).clamp_min(1.0)
    return {"landmarks": mean_over(soften(each, 6.0), batch["has_points"])}


def point_weights(batch: Batch) -> torch.Tensor:
    """(B,478) weights that sum to 1: high for landmarks, lips, eyes, brows and irises, low for the contour.

    The contour's weights fall with the head's yaw.
    """
    device = batch["points"].device
    base = torch.ones(478, device=device)
    for points, weight in ((LANDMARKS, 2.0), (LIPS, 2.5), (EYES, 3.5), (BROWS, 2.5), (IRIS_POINTS, 3.0)):
        base[list(points)] = weight
    rotation = decode_pose(batch["pose"]).rotation
    yaw = torch.rad2deg(torch.atan2(rotation[:, 0, 2], rotation[:, 2, 2])).abs()[:, None]
    oval, sides = torch.zeros(478, device=device), torch.zeros(478, device=device)
    oval[list(OVAL)], sides[list(SIDES)] = 1.0, 1.0
    oval_share = torch.where(yaw > 25, 0.05, torch.where(yaw > 12, 0.2, 0.5))
    sides_share = torch.where(yaw > 25, 0.2, 0.6)
    weights = base * (1 - oval * (1 - oval_share)) * (1 - sides * (1 - sides_share))
    return weights / weights.sum(dim=1, keepdim=True)


def model_points(outputs: Outputs, geometry: FaceGeometry) -> torch.Tensor:
    """(B,478,3) crop px of the predicted face."""
    return project(geometry.points(outputs.identity, outputs.expression), outputs.pose, geometry.origin)


def seen_points(outputs: Outputs, batch: Batch, geometry: FaceGeometry) -> torch.Tensor:
    """(B,478,3) crop px: `model_points`, plus the geometry's landmark shift where a sample is not "exact".

    On photographs MediaPipe's points slide over the skin; on renders they do not. The shift is a constant to the
    gradient, so that shape and pose are not distorted to reproduce it.
    """
    points = model_points(outputs, geometry)
    if geometry.shift is None:
        return points
    pose = decode_pose(outputs.pose.detach())
    values = (outputs.identity, outputs.expression, pose.rotation, pose.scale)
    identity, expression, rotation, scale = (part.detach().cpu().double().numpy() for part in values)
    still = np.zeros((*points.shape[:2], 2))
    slide = geometry.shift.move(still, shift_inputs(identity, expression, rotation), rotation, scale)
    slide = F.pad(points.new_tensor(slide), (0, 1))  # no depth
    return points + slide * (1 - batch["exact"])[:, None, None]


def point_losses(outputs: Outputs, batch: Batch, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Errors of the model's 478 points, of the openings of lids and lips, and of the irises relative to the corners."""
    target, chosen = batch["points"], batch["has_points"]
    predicted = seen_points(outputs, batch, geometry)
    error = huber(SHARPNESS * point_error(predicted, target)) * target.new_tensor([1.0, 1.0, 0.15])
    points = soften((error.sum(dim=-1) * point_weights(batch)).sum(dim=1), 6.0)
    unit = eye_distance(target, LOSS_FLOOR_PX)[:, None, None]
    opening = huber(30 * (openings(predicted) - openings(target)) / unit).sum(dim=-1).mean(dim=1)
    gaze = huber(30 * (iris_places(predicted) - iris_places(target)) / unit).sum(dim=-1)
    open_eyes = (lid_openness(target) > 0.12).float()
    gaze = (gaze * open_eyes).mean(dim=1)
    return {
        "points": mean_over(points, chosen),
        "openings": mean_over(torch.log1p(opening), chosen),
        "gaze": mean_over(torch.log1p(gaze), chosen),
    }


def openings(points: torch.Tensor) -> torch.Tensor:
    """(B,P,3) -> (B,pairs,2) px from the lower to the upper point of each pair of lids and lips."""
    upper, lower = zip(*LID_PAIRS, *LIP_PAIRS, strict=True)
    return points[:, list(upper), :2] - points[:, list(lower), :2]


def iris_places(points: torch.Tensor) -> torch.Tensor:
    """(B,478,3) -> (B,2,2) px from the centre of each eye's corners to its iris, right eye first."""
    places = [points[:, IRIS[s], :2] - points[:, list(EYE_CORNERS[s]), :2].mean(dim=1) for s in ("right", "left")]
    return torch.stack(places, dim=1)


def lid_openness(points: torch.Tensor) -> torch.Tensor:
    """(B,478,3) -> (B,2) ratio of opening to width of each eye, right eye first."""
    result = []
    for upper, lower, side in ((159, 145, "right"), (386, 374, "left")):
        inner, outer = EYE_CORNERS[side]
        width = (points[:, inner, :2] - points[:, outer, :2]).norm(dim=1).clamp_min(4.0)
        result.append((points[:, upper, :2] - points[:, lower, :2]).norm(dim=1) / width)
    return torch.stack(result, dim=1)


def drift_loss(outputs: Outputs, batch: Batch, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """For one crop clean and covered: distance of the covered face's points from the clean ones, held constant."""
    points = model_points(outputs, geometry)
    together = (batch["twin"][1:] == batch["twin"][:-1]) & (batch["twin"][1:] > 0) & (batch["same_crop"][1:] > 0)
    error = huber(20 * point_error(points[1:], points[:-1].detach())) * points.new_tensor([1.0, 1.0, 0.15])
    return {"drift": mean_over(soften(error.sum(dim=-1).mean(dim=1), 1.5), together.float())}
