"""Errors of coefficients on renders, relative to all zeros."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np
import torch

from ..face_model.format import EXPRESSION_NAMES
from ..network.network import PeekabooNetwork
from ..scene.geometry import FaceGeometry
from .evaluate import correlation, predict

IDENTITY_BLOCK = 10
"""Number of identity coefficients per row."""


@torch.no_grad()
def measure_coefficients(
    network: PeekabooNetwork, geometry: FaceGeometry, samples: Iterable[dict]
) -> dict[str, dict[str, float]]:
    """RMS error relative to all zeros, and correlation, by coefficient or group; colours on exact pictures only.

    "head" and "head's form" are displacements of the skin by identity, the second without rotation, shift and scale:
    mean distances in mm and relative to all zeros. Rows such as "identity 1 to 10" are sorted roughly by displacement.
    """
    predicted, true = defaultdict(list), defaultdict(list)
    for sample in samples:
        outputs, _ = predict(network, sample)
        for group in ("identity", "expression", *(("albedo", "light") if sample["true_colour"] else ())):
            predicted[group].append(getattr(outputs, group)[0].numpy())
            true[group].append(sample[group])
    result = {}
    for group in predicted:
        p, t = np.stack(predicted[group]), np.stack(true[group])
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


def against_zero(predicted: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """RMS error relative to that of all zeros, and correlation over all numbers."""
    ratio = np.sqrt(((predicted - true) ** 2).mean() / max((true**2).mean(), 1e-12))
    return {"ratio": round(float(ratio), 3), "correlation": round(correlation(predicted.ravel(), true.ravel()), 3)}


def moved_against_zero(move: Callable, predicted: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Mean distance in mm of vertices displaced by coefficients (N,80), that of all zeros, ratio and correlation."""
    moved, target = move(torch.from_numpy(predicted)), move(torch.from_numpy(true))
    error, zero = (float(way.norm(dim=-1).mean()) for way in (moved - target, target))
    return {"ratio": round(error / max(zero, 1e-12), 3), "mm": round(error, 3), "mmOfZeros": round(zero, 3),
            "correlation": round(correlation(moved.numpy().ravel(), target.numpy().ravel()), 3)}  # fmt: skip
