"""Losses on identity, expression, pose, albedo and light."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F

from ..face_model.format import EXPRESSION_NAMES
from ..network.outputs import Outputs
from ..scene.camera import decode_pose
from ..scene.geometry import FaceGeometry
from ..scene.light import irradiance
from ..scene.random_face import random_expression
from .batch import Batch
from .picture_losses import FACING
from .robust import huber, mean_over, soften

EXPRESSION_WEIGHTS = {"eyeBlink": 4.0, "eyeLook": 6.0, "jawOpen": 2.0, "mouthSmile": 1.5, "brow": 1.5}


def entropy(share: torch.Tensor) -> torch.Tensor:
    """The least cross-entropy with a target `share` in 0..1: that of predicting the share itself."""
    share = share.clamp(1e-4, 1 - 1e-4)
    return F.binary_cross_entropy(share, share, reduction="none")


def expression_weights(device: torch.device) -> torch.Tensor:
    """(52,) weights with mean 1."""
    values = [next((w for k, w in EXPRESSION_WEIGHTS.items() if n.startswith(k)), 1.0) for n in EXPRESSION_NAMES]
    weights = torch.tensor(values, device=device)
    return weights / weights.mean()


def fit_losses(outputs: Outputs, batch: Batch, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Errors to the fitted (or rendered) face: shape and expression as displacements of points, expression, pose.

    Expressions use cross-entropy: the gradient of a squared error vanishes where the sigmoid is saturated.
    """
    chosen = batch["has_fit"]
    identity = geometry.identity_moves(outputs.identity - batch["identity"]).abs().mean(dim=(1, 2))
    expression = geometry.expression_moves(outputs.expression - batch["expression"]).abs().mean(dim=(1, 2))
    said = outputs.expression.clamp(1e-4, 1 - 1e-4)
    coefficients = F.binary_cross_entropy(said, batch["expression"].clamp(0, 1), reduction="none")
    coefficients = (coefficients - entropy(batch["expression"])) * expression_weights(chosen.device)
    predicted, target = decode_pose(outputs.pose), decode_pose(batch["pose"])
    rotation = ((predicted.rotation - target.rotation) ** 2).sum(dim=(1, 2))
    return {
        "identityShape": mean_over(identity, chosen),
        "expressionShape": mean_over(expression, chosen),
        "expression": mean_over(coefficients.mean(dim=1), chosen),
        "rotation": mean_over(soften(rotation, 0.05), chosen),
        "scale": mean_over((outputs.pose[:, 8] - batch["pose"][:, 8]) ** 2, chosen),
    }


def exact_losses(outputs: Outputs, batch: Batch, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """On renders, whose coefficients are exact: identity and expression (`exact_shape_losses`), albedo, light."""
    coloured = batch["true_colour"]
    albedo = huber(outputs.albedo - batch["albedo"]).mean(dim=1)
    normals = geometry.photo_normals @ decode_pose(batch["pose"]).rotation.transpose(1, 2)
    difference = irradiance(normals, outputs.light) - irradiance(normals, batch["light"])
    light = huber(3 * difference * (normals[..., 2:] > FACING)).mean(dim=(1, 2))
    return {
        **exact_shape_losses(outputs, batch, geometry),
        "exactAlbedo": mean_over(albedo, coloured),
        "exactLight": mean_over(light, coloured),
    }


def exact_shape_losses(outputs: Outputs, batch: Batch, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Errors of identity and expression on renders: displacements of vertices (mm), and coefficients.

    The squared error of each expression is divided by its mean square among random heads, so that rare expressions
    count as much as frequent ones.
    """
    chosen = batch["exact"]
    error = outputs.identity - batch["identity"]
    shape = geometry.skin_moves(error).norm(dim=-1).mean(dim=1)
    form = geometry.form_moves(error).norm(dim=-1).mean(dim=1)
    usual = error.new_tensor(usual_squares())
    expression = ((outputs.expression - batch["expression"]) ** 2 / usual).mean(dim=1)
    return {
        "exactShape": mean_over(shape, chosen),
        "exactForm": mean_over(form, chosen),
        "exactIdentity": mean_over((error**2).mean(dim=1), chosen),
        "exactExpression": mean_over(expression, chosen),
    }


@lru_cache(maxsize=1)
def usual_squares() -> tuple[float, ...]:
    """The mean square of each expression (52) among 2000 random heads."""
    rng = np.random.default_rng(0)
    squares = np.mean([random_expression(rng, None) ** 2 for _ in range(2000)], axis=0)
    return tuple(squares.tolist())


def person_loss(outputs: Outputs, batch: Batch) -> dict[str, torch.Tensor]:
    """Contrastive loss on identities: pictures of one person are close, of different people apart.

    Cross-entropy over cosines about the batch's mean (InfoNCE, van den Oord et al. 2018, temperature 0.1).
    """
    real = batch["person"] > 0
    identity, person = outputs.identity[real], batch["person"][real]
    if len(person) < 3:
        return {"person": outputs.identity.sum() * 0.0}
    direction = F.normalize(identity - identity.mean(dim=0, keepdim=True).detach(), dim=1, eps=1e-3)
    itself = torch.eye(len(person), dtype=torch.bool, device=person.device)
    logits = (direction @ direction.T / 0.1).masked_fill(itself, -1e4)
    same = (person[:, None] == person[None]) & ~itself
    entropy = logits.logsumexp(dim=1) - (logits * same).sum(dim=1) / same.sum(dim=1).clamp_min(1)
    return {"person": mean_over(entropy, same.any(dim=1).float())}


def priors(outputs: Outputs) -> dict[str, torch.Tensor]:
    """Penalties that keep coefficients near zero."""
    return {
        "identityPrior": (outputs.identity**2).mean(),
        "expressionPrior": outputs.expression.mean(),
        "albedoPrior": (outputs.albedo**2).mean(),
        "lightPrior": (outputs.light**2).mean(),
    }
