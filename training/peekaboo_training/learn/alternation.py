"""The alternation of FOCUS within a training run: the losses that E and M steps add, and a guard for the mask.

Supervised losses (pasted covers, points, renders) apply in every step, so that 25 to 50 % of each batch have labelled
masks. E steps train the mask from the misfit, with the face fixed; M steps train the face by the photometric loss, with
the mask fixed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import torch
import torch.distributed as distributed

from ..network.network import PeekabooNetwork
from ..network.outputs import Outputs
from ..scene.geometry import FaceGeometry
from .batch import Batch
from .misfit import MisfitPrior, mask_by_misfit, misfit, seen_photometric, teacher

E_STEPS, M_STEPS = 60, 140
PRIOR_BATCHES = 40
WEIGHTS = {"misfitMask": 0.3, "seen": 0.25}
WATCHED = 200
LEAST_VISIBLE = 0.5
MOST_LOST_IOU = 0.1


class Alternation:
    """E and M steps of one run; `prior`: "map" for the misfit's usual size at each vertex, "flat" for one value."""

    def __init__(self, geometry: FaceGeometry, prior: str):
        if prior not in ("map", "flat"):
            raise ValueError(f"misfit prior {prior!r}: map or flat")
        self.geometry, self.prior = geometry, prior
        self.spread = torch.zeros(0)

    @torch.no_grad()
    def measure_prior(self, network: PeekabooNetwork, samples: Iterator[Batch], batches: int = PRIOR_BATCHES) -> None:
        """Measure the misfit on uncovered faces, photographed and rendered, with the present network."""
        measured = MisfitPrior(len(self.geometry.photo_normals))
        for _ in range(batches):
            sample = next(samples)
            image = sample["image"].to(self.geometry.origin.device)
            outputs = network(image)
            uncovered = (sample["presence"] * (1 - sample["covered"])).to(image.device)
            measured.add(misfit(outputs, image, self.geometry), uncovered)
        measured.gather()
        spread = measured.spread() if self.prior == "map" else measured.flat()
        self.spread = spread.to(self.geometry.origin.device)
        print(f"misfit prior ({self.prior}): {spread.min():.3f} to {spread.max():.3f}, median {spread.median():.3f}",
              flush=True)  # fmt: skip

    def losses(self, step: int, outputs: Outputs, sample: Batch) -> dict[str, torch.Tensor]:
        """Give the loss that this step adds, on photographs only: of the mask in E steps, of the face in M steps."""
        real = sample["has_points"] * (1 - sample["exact"])
        if step % (E_STEPS + M_STEPS) < E_STEPS:
            with torch.no_grad():
                q, known = teacher(misfit(outputs, sample["image"], self.geometry), self.spread)
            masks = (outputs.mask[:, 0], outputs.coarse_mask[:, 0])
            fine, coarse = (mask_by_misfit(logits, q, known, sample["mask"][:, 0], real) for logits in masks)
            return {"misfitMask": WEIGHTS["misfitMask"] * fine, "misfitCoarse": WEIGHTS["misfitMask"] * coarse}
        covered = torch.sigmoid(outputs.mask[:, 0]).detach()
        value = seen_photometric(misfit(outputs, sample["image"], self.geometry), covered, self.spread, real)
        return {"seen": WEIGHTS["seen"] * value}


class MaskGuard:
    """Restores the mask decoder when it begins to mark faces as covered, or to miss pasted covers."""

    def __init__(self, network: PeekabooNetwork):
        self.network = network
        self.visible: deque[float] = deque(maxlen=WATCHED)
        self.iou: deque[float] = deque(maxlen=WATCHED)
        self.best_iou = 0.0
        self.healthy = self._decoder()

    def watch(self, outputs: Outputs, sample: Batch, iou: float) -> bool:
        """Record one step; every `WATCHED` steps store the decoder, or restore the stored one and give True."""
        share = visible_share(outputs, sample)
        if share is not None:
            self.visible.append(share)
        self.iou.append(iou)
        if len(self.iou) < WATCHED:
            return False
        visible, mean = mean_over_processes(
            sum(self.visible) / max(len(self.visible), 1), sum(self.iou) / len(self.iou), device=sample["image"].device
        )
        self.visible.clear()
        self.iou.clear()
        if visible < LEAST_VISIBLE or mean < self.best_iou - MOST_LOST_IOU:
            print(f"mask guard: visible {visible:.2f}, IoU {mean:.2f}: decoder restored", flush=True)
            self.network.decoder.load_state_dict(self.healthy)
            return True
        self.best_iou = max(self.best_iou, mean)
        self.healthy = self._decoder()
        return False

    def _decoder(self) -> dict[str, torch.Tensor]:
        return {name: value.detach().clone() for name, value in self.network.decoder.state_dict().items()}


def mean_over_processes(*values: float, device: torch.device) -> list[float]:
    """Average values over torchrun's processes, which must make equal decisions; a single process keeps its values."""
    if not distributed.is_initialized():
        return list(values)
    shared = torch.tensor(values, dtype=torch.float64, device=device)
    distributed.all_reduce(shared)
    return (shared / distributed.get_world_size()).tolist()


@torch.no_grad()
def visible_share(outputs: Outputs, sample: Batch) -> float | None:
    """Share of uncovered faces' skin that the mask leaves visible; None when the batch has no uncovered face."""
    chosen = (sample["presence"] * (1 - sample["covered"])) > 0
    if not bool(chosen.any()):
        return None
    skin = sample["mask"][chosen, 1] > 0.5
    visible = (outputs.mask[chosen, 0] < 0) & skin
    return float(visible.sum() / skin.sum().clamp_min(1))
