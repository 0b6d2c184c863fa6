"""Errors of coefficients on renders, relative to all zeros."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np
import torch

from ..face_model.format import EXPRESSION_NAMES
from ..network.network import PeekabooNetwork
from ..scene.geometry import FaceGeometry
from .evaluate import correlation, look

IDENTITY_BLOCK = 10
"""Coefficients of identity that share a row."""


@torch.no_grad()
def measure_coefficients(
    network: PeekabooNetwork, geometry: FaceGeometry, samples: Iterable[dict]
) -> dict[str, dict[str, float]]:
    """By coefficient or group: RMS error over that of all zeros, correlation. Colours where the camera left them.

    "head" and "head's form" are identities as they move the skin, as they are and free of size and place: mean
    distances over that of zeros, and in mm. "identity 1 to 10" and so on are its coefficients, roughly by how much they
    move.
    """
    said, true = defaultdict(list), defaultdict(list)
    for sample in samples:
        outputs, _ = look(network, sample)
        for group in ("identity", "expression", *(("albedo", "light") if sample["true_colour"] else ())):
            said[group].append(getattr(outputs, group)[0].numpy())
            true[group].append(sample[group])
    result = {}
    for group in said:
        p, t = np.stack(said[group]), np.stack(true[group])
        result[group] = against_zero(p, t)
        if group == "identity":
            moves = {"head": geometry.skin_moves, "head's form": geometry.form_moves}
            result |= {name: moved_against_zero(move, p, t) for name, move in moves.items()}
            for first in range(0, p.shape[1], IDENTITY_BLOCK):
                block = slice(first, first + IDENTITY_BLOCK)
                result[f"identity {first + 1} to {first + IDENTITY_BLOCK}"] = against_zero(p[:, block], t[:, block])
        if group == "expression":
            result |= {name: against_zero(p[:, k], t[:, k]) for k, name in enumerate(EXPRESSION_NAMES)}
    return result


def against_zero(said: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """RMS error in units of what zeros would score, and correlation over all numbers."""
    ratio = np.sqrt(((said - true) ** 2).mean() / max((true**2).mean(), 1e-12))
    return {"ratio": round(float(ratio), 3), "correlation": round(correlation(said.ravel(), true.ravel()), 3)}


def moved_against_zero(move: Callable, said: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Mean distance of vertices that coefficients (N,80) move, mm; that of zeros; their ratio, and the correlation."""
    moved, target = move(torch.from_numpy(said)), move(torch.from_numpy(true))
    error, zero = (float(way.norm(dim=-1).mean()) for way in (moved - target, target))
    return {"ratio": round(error / max(zero, 1e-12), 3), "mm": round(error, 3), "mmOfZeros": round(zero, 3),
            "correlation": round(correlation(moved.numpy().ravel(), target.numpy().ravel()), 3)}  # fmt: skip
