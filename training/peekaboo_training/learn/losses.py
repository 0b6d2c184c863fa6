"""The losses of each training stage with their weights. Each loss is a mean over the samples that it applies to.

Errors of points are in units of the distance between the eyes. Most losses of a sample pass through c*log(1 + l/c), so
that faces which a cover hides completely do not dominate.
"""

from __future__ import annotations

import torch

from ..network.outputs import Outputs
from ..scene.eye_distance import LOSS_FLOOR_PX, eye_distance
from ..scene.geometry import FaceGeometry
from ..scene.mesh_points import (
    LANDMARKS,
)  # fmt: skip
from .batch import Batch
from .coefficient_losses import exact_losses, fit_losses, person_loss, priors
from .picture_losses import mask_losses, photometric_loss, presence_loss
from .point_losses import auxiliary_loss, drift_loss, landmark_loss, point_losses, seen_points
from .robust import mean_over

WEIGHTS = {
    "auxiliary": 0.3, "points": 0.5, "landmarks": 0.25, "openings": 1.5, "gaze": 3.0,
    "identityShape": 0.15, "expressionShape": 0.15, "expression": 3.0, "rotation": 6.0, "scale": 2.0,
    "exactShape": 0.25, "exactForm": 0.6, "exactIdentity": 0.3, "exactExpression": 1.0, "drift": 0.5, "person": 0.15,
    "exactAlbedo": 0.6, "exactLight": 0.6,
    "photometric": 1.0, "mask": 2.2, "coarse": 0.6, "dice": 1.2, "presence": 0.3,
    "identityPrior": 0.003, "expressionPrior": 0.02, "albedoPrior": 0.01, "lightPrior": 0.003,
}  # fmt: skip


def stage_losses(
    stage: str, outputs: Outputs, batch: Batch, geometry: FaceGeometry | None
) -> dict[str, torch.Tensor]:
    """Weighted losses by name; stage "points" needs no face model, "full" does."""
    losses = {**mask_losses(outputs, batch), **presence_loss(outputs, batch)}
    if stage == "points":
        losses |= auxiliary_loss(outputs, batch)
    if stage == "full":
        losses |= point_losses(outputs, batch, geometry)
        losses |= landmark_loss(outputs, batch)
        losses |= fit_losses(outputs, batch, geometry)
        losses |= exact_losses(outputs, batch, geometry)
        losses |= photometric_loss(outputs, batch, geometry)
        losses |= drift_loss(outputs, batch, geometry)
        losses |= person_loss(outputs, batch)
        losses |= priors(outputs)
    return {name: WEIGHTS[name] * value for name, value in losses.items()}


@torch.no_grad()
def figures(stage: str, outputs: Outputs, batch: Batch, geometry: FaceGeometry | None) -> dict[str, float]:
    """Figures for the log: error of the stage's points and the landmarks, % of the eye distance; occluder IoU."""
    chosen, unit = batch["has_points"], eye_distance(batch["points"], LOSS_FLOOR_PX)

    def error(points: torch.Tensor) -> float:
        distance = (points[:, :468, :2] - batch["points"][:, :468, :2]).norm(dim=-1).mean(dim=1)
        return 100 * float(mean_over(distance / unit, chosen))

    known = batch["mask_weight"][:, 0] > 0.5
    predicted, true = (outputs.mask[:, 0] > 0) & known, (batch["mask"][:, 0] > 0.5) & known
    union = (predicted | true).sum(dim=(1, 2))
    iou = (predicted & true).sum(dim=(1, 2)) / union.clamp_min(1)
    with_cover = (true.sum(dim=(1, 2)) > 40).float()
    places = batch["points"][:, list(LANDMARKS), :2]
    landmarks = (outputs.landmarks - places).norm(dim=-1).median(dim=1).values
    own_known = batch["mask_weight"][:, 2] > 0.5
    own = [(mask > 0) & own_known for mask in (outputs.mask[:, 2], batch["mask"][:, 2] - 0.5)]
    shared, either = ((own[0] & own[1]).sum(dim=(1, 2)), (own[0] | own[1]).sum(dim=(1, 2)))
    result = {
        "landmarkNme": 100 * float(mean_over(landmarks / unit, chosen)), "iou": float(mean_over(iou, with_cover)),
        "ownIou": float(mean_over(shared / either.clamp_min(1), (own[1].sum(dim=(1, 2)) > 40).float())),
    }  # fmt: skip
    if stage == "points":
        return result | {"auxiliaryNme": error(outputs.points)}
    return result | {"nme": error(seen_points(outputs, batch, geometry))}
