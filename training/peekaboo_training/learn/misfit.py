"""The misfit and the losses of FOCUS's alternation (Li et al., CVPR 2023, sections 3.2 to 3.4).

Misfit is FOCUS's term for the image residual: the picture minus the rendered face. The misfit trains the mask, and the
mask selects the pixels that train the face. FOCUS rasterises the face; here it is evaluated at vertices: each is shaded
and compared with the picture, averaged to 96 x 96, at the place it projects to. The loss is differentiable in pose,
shape, expression, albedo and light, and cheap. E step: `teacher` gives the probability that the face is visible in each
mask cell, and `mask_by_misfit` trains the mask on it. M step: `seen_photometric` fits the face to the pixels that the
mask leaves visible.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.distributed as distributed
import torch.nn.functional as F

from ..network.outputs import Outputs
from ..scene.camera import decode_pose, project
from ..scene.geometry import FaceGeometry
from ..scene.light import shade
from .picture_losses import FACING, sample_at

CELLS = 48
"""Side of the grid on which the misfit trains the mask: cells of 4 x 4 crop px."""
SENSOR = 0.045
"""Standard deviation of a picture's colours, 0..1, around a perfect rendering."""
VISIBLE_PRIOR = 0.9
SURE = 0.75
"""The mask is trained where the teacher's probability of either class is above this."""


class Misfit(NamedTuple):
    """The image residual at N vertices of each face."""

    error: torch.Tensor  # (B,N,3) picture minus rendering, colours 0..1
    place: torch.Tensor  # (B,N,2) where the vertices are in the crop, -1..1
    facing: torch.Tensor  # (B,N) 1 where a vertex looks at the camera and is inside the crop


def misfit(outputs: Outputs, image: torch.Tensor, geometry: FaceGeometry) -> Misfit:
    """Evaluate the predicted faces at their vertices, and subtract them from the picture (B,3,192,192)."""
    uv = project(geometry.photo_vertices(outputs.identity, outputs.expression), outputs.pose, geometry.origin)[..., :2]
    place = (uv + 0.5) / 96 - 1
    normals = geometry.turned_normals(outputs.identity, outputs.expression, decode_pose(outputs.pose).rotation)
    facing = ((normals[..., 2] > FACING) & (place.abs().amax(dim=-1) < 0.98)).float().detach()
    colours = sample_at(F.avg_pool2d(image, 2), place)
    drawn = shade(geometry.photo_albedo(outputs.albedo), normals, outputs.light)
    drawn = torch.where(drawn < 1, drawn, 1 + 0.1 * (drawn - 1))
    return Misfit(colours - drawn, place, facing)


def seen_photometric(found: Misfit, covered: torch.Tensor, spread: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """M step: mean misfit of visible vertices, in standard deviations, over the faces `chosen` (B,).

    `covered` (B,96,96) is the mask's probability, without gradient here; `spread` (N,) the misfit's usual size. Each
    face is divided by the number of its visible vertices, at least a tenth of all.
    """
    weight = (found.facing * (1 - sample_at(covered.detach()[:, None], found.place.detach())[..., 0])).detach()
    error = ((found.error**2).sum(dim=-1) / (3 * spread**2) + 1e-4).sqrt()
    error = 2 * torch.log1p(error / 2)
    each = (error * weight).sum(dim=1) / weight.sum(dim=1).clamp_min(0.1 * error.shape[1])
    return (each * chosen).sum() / chosen.sum().clamp_min(1.0)


@torch.no_grad()
def inlier(found: Misfit, spread: torch.Tensor) -> torch.Tensor:
    """Probability (B,N) that a vertex is visible: a normal distribution of the misfit against a uniform one.

    q = p N(e; 0, S) / (p N(e; 0, S) + (1 - p) U), U = 1 over the cube of colours. The face's mean misfit, limited to
    0.1, is subtracted first, so that a wrong exposure does not make every vertex an outlier.
    """
    common = (found.error * found.facing[..., None]).sum(dim=1) / found.facing.sum(dim=1, keepdim=True).clamp_min(1)
    error = found.error - common.clamp(-0.1, 0.1)[:, None]
    square = (error**2).sum(dim=-1) / spread**2
    normal = torch.exp(-0.5 * square) / ((2 * np.pi) ** 1.5 * spread**3)
    return VISIBLE_PRIOR * normal / (VISIBLE_PRIOR * normal + (1 - VISIBLE_PRIOR))


@torch.no_grad()
def teacher(found: Misfit, spread: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """E step: probability that the face is visible (B,48,48), and 1 in cells with enough vertices (B,48,48)."""
    q = inlier(found, spread)
    batch, count = q.shape
    cell = ((found.place + 1) / 2 * CELLS).long().clamp(0, CELLS - 1)
    index = cell[..., 1] * CELLS + cell[..., 0]
    total = torch.zeros(batch, CELLS * CELLS, device=q.device)
    seen, number = total.clone(), total
    seen.scatter_add_(1, index, q * found.facing)
    number.scatter_add_(1, index, found.facing)
    seen, number = (F.avg_pool2d(x.unflatten(1, (1, CELLS, CELLS)), 3, 1, 1) for x in (seen, number))
    return (seen / number.clamp_min(1e-6))[:, 0], (number[:, 0] > 0.2).float()


def mask_by_misfit(
    logits: torch.Tensor, q: torch.Tensor, known: torch.Tensor, pasted: torch.Tensor, chosen: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of the occluder's logits with the teacher, in cells where nothing was pasted.

    The logits are those of the mask (B,96,96) or of the coarse mask (B,48,48).

    Cells do not count where the teacher is unsure, nor where the rendering fits but the mask predicts an occluder with
    high probability: it may be a hand of the face's colour.
    """
    coarse = F.avg_pool2d(logits[:, None], logits.shape[-1] // CELLS)[:, 0]
    free = (F.avg_pool2d(pasted[:, None], 2)[:, 0] < 0.02).float()
    outlier, fits = (q < 1 - SURE).float(), (q > SURE).float()
    unknown = fits * (coarse.detach() > 1.0).float()
    weight = known * free * (outlier + fits - unknown) * chosen[:, None, None]
    entropy = F.binary_cross_entropy_with_logits(coarse, 1 - q, reduction="none")
    return (entropy * weight).sum() / weight.sum().clamp_min(1.0)


class MisfitPrior:
    """The usual size of the misfit at each vertex of uncovered faces; brows, lips and stubble have the largest."""

    def __init__(self, count: int):
        self._total, self._weight = torch.zeros(count), torch.zeros(count)

    @torch.no_grad()
    def add(self, found: Misfit, chosen: torch.Tensor) -> None:
        """Add the faces `chosen` (B,); misfits above 0.35 count as occluders and are left out."""
        square = (found.error**2).sum(dim=-1) / 3
        weight = found.facing * chosen[:, None] * (square < 0.35**2)
        self._total += (square * weight).sum(dim=0).cpu()
        self._weight += weight.sum(dim=0).cpu()

    def gather(self) -> None:
        """Sum over torchrun's processes, so that all have the same prior."""
        if distributed.is_initialized():
            both = torch.stack([self._total, self._weight])
            distributed.all_reduce(both)
            self._total, self._weight = both

    def spread(self) -> torch.Tensor:
        """Standard deviation (N,) of each vertex: sensor and usual misfit; the mean where there is too little data."""
        mean = self._total.sum() / self._weight.sum().clamp_min(1)
        usual = torch.where(self._weight > 20, self._total / self._weight.clamp_min(1), mean)
        return (SENSOR**2 + usual).sqrt()

    def flat(self) -> torch.Tensor:
        """The same standard deviation (N,) for all vertices: the arm without a prior."""
        mean = self._total.sum() / self._weight.sum().clamp_min(1)
        return (SENSOR**2 + mean).sqrt().expand(len(self._total)).clone()
