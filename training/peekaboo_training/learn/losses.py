"""What training asks of the network. Each loss is a mean over the samples that it concerns.

A sample is a dict of tensors with a leading batch dimension (dataset.py). Errors of points are measured in units
of the distance between the eyes. Losses of a sample go through c*log(1 + l/c), so that hopeless covers do not rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F

from ..face_model.format import EXPRESSION_NAMES
from ..network.network import Outputs
from ..scene.camera import decode_pose, project
from ..scene.geometry import FaceGeometry
from ..scene.landmark_shift import shift_inputs
from ..scene.light import irradiance, shade
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
    OUTER_EYES,
    OVAL,
    SIDES,
)  # fmt: skip
from ..scene.random_face import random_expression
from ..settings import CROP_SIZE

Sample = Mapping[str, torch.Tensor]

WEIGHTS = {
    "auxiliary": 0.3, "points": 0.5, "landmarks": 0.25, "openings": 1.5, "gaze": 3.0,
    "identityShape": 0.15, "expressionShape": 0.15, "expression": 3.0, "rotation": 6.0, "scale": 2.0,
    "exactShape": 0.25, "exactForm": 0.6, "exactIdentity": 0.3, "exactExpression": 1.0, "drift": 0.5, "person": 0.15,
    "exactAlbedo": 0.6, "exactLight": 0.6,
    "photometric": 1.0, "mask": 2.2, "dice": 1.2, "presence": 0.3,
    "identityPrior": 0.003, "expressionPrior": 0.02, "albedoPrior": 0.01, "lightPrior": 0.003,
}  # fmt: skip
EXPRESSION_WEIGHTS = {"eyeBlink": 4.0, "eyeLook": 6.0, "jawOpen": 2.0, "mouthSmile": 1.5, "brow": 1.5}
EYE_DISTANCE_SHARE = 0.72  # distance of the eyes' centres over that of their outer corners
LEAST_EYE_PIXELS = 60.0  # a turned head's eyes come close to each other; its errors do not grow for it
SHARPNESS = 60.0  # an error of a point counts by its square below 1/60 eye distances and by its size above
FACING = 0.25  # a vertex counts in the photometric loss if its normal's z is above


def stage_losses(
    stage: str, outputs: Outputs, sample: Sample, geometry: FaceGeometry | None
) -> dict[str, torch.Tensor]:
    """Weighted losses by name; stage "points" needs no face model, "full" does."""
    losses = {**mask_losses(outputs, sample), **presence_loss(outputs, sample)}
    if stage == "points":
        losses |= auxiliary_loss(outputs, sample)
    if stage == "full":
        losses |= point_losses(outputs, sample, geometry)
        losses |= landmark_loss(outputs, sample)
        losses |= fit_losses(outputs, sample, geometry)
        losses |= exact_losses(outputs, sample, geometry)
        losses |= photometric_loss(outputs, sample, geometry)
        losses |= drift_loss(outputs, sample, geometry)
        losses |= person_loss(outputs, sample)
        losses |= priors(outputs)
    return {name: WEIGHTS[name] * value for name, value in losses.items()}


def soften(loss: torch.Tensor, c: float) -> torch.Tensor:
    """c*log(1 + l/c): l where small, growing ever slower above c."""
    return c * torch.log1p(loss / c)


def mean_over(values: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """Mean of (B,) values over the samples with weight (B,); 0 when there is none."""
    return (values * chosen).sum() / chosen.sum().clamp_min(1.0)


def huber(error: torch.Tensor) -> torch.Tensor:
    """Elementwise smooth L1 of an error."""
    return F.smooth_l1_loss(error, torch.zeros_like(error), reduction="none")


def eye_distance(points: torch.Tensor, least: float = LEAST_EYE_PIXELS) -> torch.Tensor:
    """(B,P,2+) crop px -> (B,) px between the eyes, the unit of the point errors; outer corners `least` px apart."""
    right, left = OUTER_EYES
    across = (points[:, right, :2] - points[:, left, :2]).norm(dim=1)
    return across.clamp_min(least) * EYE_DISTANCE_SHARE


def point_error(predicted: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """(B,P,3) px -> (B,P,3) error in eye distances; depth is compared up to an offset."""
    error = predicted - target
    depth = error[..., 2:] - error[..., 2:].median(dim=1, keepdim=True).values
    return torch.cat([error[..., :2], depth], dim=-1) / eye_distance(target)[:, None, None]


def auxiliary_loss(outputs: Outputs, sample: Sample) -> dict[str, torch.Tensor]:
    """The face mesh's own branch against the 468 points."""
    error = huber(SHARPNESS * point_error(outputs.points, sample["points"][:, :468]))
    weight = error.new_tensor([1.0, 1.0, 0.3])
    return {"auxiliary": mean_over(soften((error * weight).mean(dim=(1, 2)), 3.0), sample["has_points"])}


def landmark_loss(outputs: Outputs, sample: Sample) -> dict[str, torch.Tensor]:
    """The landmark branch's places against the same points; what lies outside the crop does not count."""
    target = sample["points"][:, list(LANDMARKS), :2]
    inside = ((target > 0) & (target < CROP_SIZE - 1)).all(dim=-1).float()
    unit = eye_distance(sample["points"])[:, None, None]
    error = huber(SHARPNESS * (outputs.landmarks - target) / unit).sum(dim=-1)
    each = (error * inside).sum(dim=1) / inside.sum(dim=1).clamp_min(1.0)
    return {"landmarks": mean_over(soften(each, 6.0), sample["has_points"])}


def point_weights(sample: Sample) -> torch.Tensor:
    """(B,478) weights that sum to 1: landmarks, lips, eyes, brows, irises up; the contour down, most when turned."""
    device = sample["points"].device
    base = torch.ones(478, device=device)
    for points, weight in ((LANDMARKS, 2.0), (LIPS, 2.5), (EYES, 3.5), (BROWS, 2.5), (IRIS_POINTS, 3.0)):
        base[list(points)] = weight
    rotation = decode_pose(sample["pose"]).rotation
    yaw = torch.rad2deg(torch.atan2(rotation[:, 0, 2], rotation[:, 2, 2])).abs()[:, None]
    oval, sides = torch.zeros(478, device=device), torch.zeros(478, device=device)
    oval[list(OVAL)], sides[list(SIDES)] = 1.0, 1.0
    oval_share = torch.where(yaw > 25, 0.05, torch.where(yaw > 12, 0.2, 0.5))
    sides_share = torch.where(yaw > 25, 0.2, 0.6)
    weights = base * (1 - oval * (1 - oval_share)) * (1 - sides * (1 - sides_share))
    return weights / weights.sum(dim=1, keepdim=True)


def model_points(outputs: Outputs, geometry: FaceGeometry) -> torch.Tensor:
    """(B,478,3) crop px of the face that the network describes."""
    return project(geometry.points(outputs.identity, outputs.expression), outputs.pose, geometry.origin)


def seen_points(outputs: Outputs, sample: Sample, geometry: FaceGeometry) -> torch.Tensor:
    """(B,478,3) crop px: `model_points`, moved by the geometry's shift where a sample is not "exact".

    MediaPipe's points slide over the skin of photographs; those of renders do not. The slide is a constant to the
    gradient, so that shape and pose are not bent to make one.
    """
    points = model_points(outputs, geometry)
    if geometry.shift is None:
        return points
    pose = decode_pose(outputs.pose.detach())
    said = (outputs.identity, outputs.expression, pose.rotation, pose.scale)
    identity, expression, rotation, scale = (part.detach().cpu().double().numpy() for part in said)
    still = np.zeros((*points.shape[:2], 2))
    slide = geometry.shift.move(still, shift_inputs(identity, expression, rotation), rotation, scale)
    slide = F.pad(points.new_tensor(slide), (0, 1))  # no depth
    return points + slide * (1 - sample["exact"])[:, None, None]


def point_losses(outputs: Outputs, sample: Sample, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """The model's 478 points, how far lids and lips are open, and where the irises stand between the corners."""
    target, chosen = sample["points"], sample["has_points"]
    predicted = seen_points(outputs, sample, geometry)
    error = huber(SHARPNESS * point_error(predicted, target)) * target.new_tensor([1.0, 1.0, 0.15])
    points = soften((error.sum(dim=-1) * point_weights(sample)).sum(dim=1), 6.0)
    unit = eye_distance(target)[:, None, None]
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
    """(B,P,3) -> (B,pairs,2) px from the lower to the upper point of lids and lips."""
    upper, lower = zip(*LID_PAIRS, *LIP_PAIRS, strict=True)
    return points[:, list(upper), :2] - points[:, list(lower), :2]


def iris_places(points: torch.Tensor) -> torch.Tensor:
    """(B,478,3) -> (B,2,2) px from the middle of each eye's corners to its iris, right eye first."""
    places = [points[:, IRIS[s], :2] - points[:, list(EYE_CORNERS[s]), :2].mean(dim=1) for s in ("right", "left")]
    return torch.stack(places, dim=1)


def lid_openness(points: torch.Tensor) -> torch.Tensor:
    """(B,478,3) -> (B,2) opening over width of each eye, right eye first."""
    result = []
    for upper, lower, side in ((159, 145, "right"), (386, 374, "left")):
        inner, outer = EYE_CORNERS[side]
        width = (points[:, inner, :2] - points[:, outer, :2]).norm(dim=1).clamp_min(4.0)
        result.append((points[:, upper, :2] - points[:, lower, :2]).norm(dim=1) / width)
    return torch.stack(result, dim=1)


def entropy(share: torch.Tensor) -> torch.Tensor:
    """The cross-entropy (..., of a share 0..1) that remains when the share itself is said."""
    share = share.clamp(1e-4, 1 - 1e-4)
    return F.binary_cross_entropy(share, share, reduction="none")


def expression_weights(device: torch.device) -> torch.Tensor:
    """(52,) weights with mean 1."""
    values = [next((w for k, w in EXPRESSION_WEIGHTS.items() if n.startswith(k)), 1.0) for n in EXPRESSION_NAMES]
    weights = torch.tensor(values, device=device)
    return weights / weights.mean()


def fit_losses(outputs: Outputs, sample: Sample, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Against the fitted (or rendered) face: shape and expression as they move the points, expression, pose.

    Cross-entropy for the expressions: a squared error cannot lift a shape whose sigmoid has gone to sleep.
    """
    chosen = sample["has_fit"]
    identity = geometry.identity_moves(outputs.identity - sample["identity"]).abs().mean(dim=(1, 2))
    expression = geometry.expression_moves(outputs.expression - sample["expression"]).abs().mean(dim=(1, 2))
    said = outputs.expression.clamp(1e-4, 1 - 1e-4)
    coefficients = F.binary_cross_entropy(said, sample["expression"].clamp(0, 1), reduction="none")
    coefficients = (coefficients - entropy(sample["expression"])) * expression_weights(chosen.device)
    predicted, target = decode_pose(outputs.pose), decode_pose(sample["pose"])
    rotation = ((predicted.rotation - target.rotation) ** 2).sum(dim=(1, 2))
    return {
        "identityShape": mean_over(identity, chosen),
        "expressionShape": mean_over(expression, chosen),
        "expression": mean_over(coefficients.mean(dim=1), chosen),
        "rotation": mean_over(soften(rotation, 0.05), chosen),
        "scale": mean_over((outputs.pose[:, 8] - sample["pose"][:, 8]) ** 2, chosen),
    }


def exact_losses(outputs: Outputs, sample: Sample, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """On renders, whose coefficients are exact: identity and expression (`exact_shape_losses`), albedo, light."""
    coloured = sample["true_colour"]
    albedo = huber(outputs.albedo - sample["albedo"]).mean(dim=1)
    normals = geometry.photo_normals @ decode_pose(sample["pose"]).rotation.transpose(1, 2)
    difference = irradiance(normals, outputs.light) - irradiance(normals, sample["light"])
    light = huber(3 * difference * (normals[..., 2:] > FACING)).mean(dim=(1, 2))
    return {
        **exact_shape_losses(outputs, sample, geometry),
        "exactAlbedo": mean_over(albedo, coloured),
        "exactLight": mean_over(light, coloured),
    }


def exact_shape_losses(outputs: Outputs, sample: Sample, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """The part of `exact_losses` about identity and expression: what they do to vertices (mm), and the coefficients.

    Squared errors of the coefficients count by what all zeros would get, each expression alike, however rare.
    """
    chosen = sample["exact"]
    error = outputs.identity - sample["identity"]
    shape = geometry.skin_moves(error).norm(dim=-1).mean(dim=1)
    form = geometry.form_moves(error).norm(dim=-1).mean(dim=1)
    usual = error.new_tensor(usual_squares())
    expression = ((outputs.expression - sample["expression"]) ** 2 / usual).mean(dim=1)
    return {
        "exactShape": mean_over(shape, chosen),
        "exactForm": mean_over(form, chosen),
        "exactIdentity": mean_over((error**2).mean(dim=1), chosen),
        "exactExpression": mean_over(expression, chosen),
    }


@lru_cache(maxsize=1)
def usual_squares() -> tuple[float, ...]:
    """The mean square (52) of each expression among random heads."""
    rng = np.random.default_rng(0)
    squares = np.mean([random_expression(rng, None) ** 2 for _ in range(2000)], axis=0)
    return tuple(squares.tolist())


def drift_loss(outputs: Outputs, sample: Sample, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Of one crop clean and covered: the covered face's points go where the clean one's are, which stay."""
    points = model_points(outputs, geometry)
    together = (sample["twin"][1:] == sample["twin"][:-1]) & (sample["twin"][1:] > 0) & (sample["same_crop"][1:] > 0)
    error = huber(20 * point_error(points[1:], points[:-1].detach())) * points.new_tensor([1.0, 1.0, 0.15])
    return {"drift": mean_over(soften(error.sum(dim=-1).mean(dim=1), 1.5), together.float())}


def person_loss(outputs: Outputs, sample: Sample) -> dict[str, torch.Tensor]:
    """Identities of one real person point the same way from the batch's mean, and another way than other people's.

    Cross-entropy over cosines (InfoNCE, van den Oord et al. 2018, temperature 0.1).
    """
    real = sample["person"] > 0
    identity, person = outputs.identity[real], sample["person"][real]
    if len(person) < 3:
        return {"person": outputs.identity.sum() * 0.0}
    direction = F.normalize(identity - identity.mean(dim=0, keepdim=True).detach(), dim=1, eps=1e-3)
    itself = torch.eye(len(person), dtype=torch.bool, device=person.device)
    logits = (direction @ direction.T / 0.1).masked_fill(itself, -1e4)
    same = (person[:, None] == person[None]) & ~itself
    entropy = logits.logsumexp(dim=1) - (logits * same).sum(dim=1) / same.sum(dim=1).clamp_min(1)
    return {"person": mean_over(entropy, same.any(dim=1).float())}


def photometric_loss(outputs: Outputs, sample: Sample, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Lit albedo against the picture's colours where the fitted face is visible and uncovered."""
    with torch.no_grad():
        vertices = geometry.photo_vertices(sample["identity"], sample["expression"])
        uv = project(vertices, sample["pose"], geometry.origin)[..., :2]
        normals = geometry.photo_normals @ decode_pose(sample["pose"]).rotation.transpose(1, 2)
        place = (uv + 0.5) / 96 - 1  # grid_sample: -1 and 1 are the crop's edges
        colours = sample_at(sample["image"], place)
        covered = sample_at(sample["mask"][:, :1], place)[..., 0]
        known = sample_at(sample["mask_weight"][:, :1], place)[..., 0]
        seen = (normals[..., 2] > FACING) & (place.abs().amax(dim=-1) < 0.98) & (covered < 0.05) & (known > 0.5)
        seen = seen.float() * sample["has_fit"][:, None]
    value = shade(geometry.photo_albedo(outputs.albedo), normals, outputs.light)
    value = torch.where(value < 1, value, 1 + 0.1 * (value - 1))
    error = huber(8 * (value - colours)).mean(dim=-1)
    return {"photometric": (error * seen).sum() / seen.sum().clamp_min(1.0)}


def sample_at(picture: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
    """(B,C,H,W) at places (B,N,2) in -1..1 -> (B,N,C)."""
    return F.grid_sample(picture.contiguous(), place[:, None], align_corners=False)[:, :, 0].transpose(1, 2)


def mask_losses(outputs: Outputs, sample: Sample) -> dict[str, torch.Tensor]:
    """Cross-entropy where the mask is known, and Dice of the occluder on faces."""
    target, weight = sample["mask"], sample["mask_weight"]
    edge = F.max_pool2d(target, 3, 1, 1) + F.max_pool2d(-target, 3, 1, 1)
    entropy = F.binary_cross_entropy_with_logits(outputs.mask, target, reduction="none") * weight * (1 + 1.5 * edge)
    channels = entropy.mean(dim=(2, 3)) * target.new_tensor([1.0, 0.5])
    p, t, w = torch.sigmoid(outputs.mask[:, 0]), target[:, 0], weight[:, 0]
    overlap, total = (p * t * w).sum(dim=(1, 2)), ((p + t) * w).sum(dim=(1, 2))
    dice = 1 - (2 * overlap + 20) / (total + 20)
    return {"mask": channels.sum(dim=1).mean(), "dice": mean_over(dice, sample["presence"])}


def presence_loss(outputs: Outputs, sample: Sample) -> dict[str, torch.Tensor]:
    """Face or no face."""
    return {"presence": F.binary_cross_entropy_with_logits(outputs.presence[:, 0], sample["presence"])}


def priors(outputs: Outputs) -> dict[str, torch.Tensor]:
    """Coefficients near zero unless there is a reason."""
    return {
        "identityPrior": (outputs.identity**2).mean(),
        "expressionPrior": outputs.expression.mean(),
        "albedoPrior": (outputs.albedo**2).mean(),
        "lightPrior": (outputs.light**2).mean(),
    }


@torch.no_grad()
def figures(stage: str, outputs: Outputs, sample: Sample, geometry: FaceGeometry | None) -> dict[str, float]:
    """For the log: mean errors of the stage's points and the landmarks, % of the eye distance, and occluder IoU."""
    chosen, unit = sample["has_points"], eye_distance(sample["points"])

    def error(points: torch.Tensor) -> float:
        distance = (points[:, :468, :2] - sample["points"][:, :468, :2]).norm(dim=-1).mean(dim=1)
        return 100 * float(mean_over(distance / unit, chosen))

    known = sample["mask_weight"][:, 0] > 0.5
    said, true = (outputs.mask[:, 0] > 0) & known, (sample["mask"][:, 0] > 0.5) & known
    union = (said | true).sum(dim=(1, 2))
    iou = (said & true).sum(dim=(1, 2)) / union.clamp_min(1)
    with_cover = (true.sum(dim=(1, 2)) > 40).float()
    places = sample["points"][:, list(LANDMARKS), :2]
    landmarks = (outputs.landmarks - places).norm(dim=-1).median(dim=1).values
    result = {"landmarkNme": 100 * float(mean_over(landmarks / unit, chosen)), "iou": float(mean_over(iou, with_cover))}
    if stage == "points":
        return result | {"auxiliaryNme": error(outputs.points)}
    return result | {"nme": error(seen_points(outputs, sample, geometry))}
