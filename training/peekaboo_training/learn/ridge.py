"""Closed-form start of the linear head: ridge regression from trunk features to fitted faces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch

from ..network.network import PeekabooNetwork
from ..network.outputs import EXPRESSION, FEATURES, IDENTITY

LEAST_PROBABILITY = 0.02  # least distance of expression targets from 0 and 1, where the logit is infinite
SPREAD_FLOOR = 0.05  # added to the standard deviation, so that constant features are not amplified


def ridge_targets(sample: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Targets (B,141): identity, expression logits, pose."""
    expression = sample["expression"].clamp(LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    return torch.cat([sample["identity"], torch.logit(expression), sample["pose"]], dim=1)


def collect(network: PeekabooNetwork, samples: Iterator[Mapping], count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Features (n,1152) and targets (n,141) of at least `count` fitted samples."""
    features, targets, found = [], [], 0
    while found < count:
        sample = next(samples)
        fitted = sample["has_fit"] > 0
        image = sample["image"].to(memory_format=torch.channels_last)
        features.append(network.shared_features(image).flatten(1)[fitted].cpu())
        targets.append(ridge_targets(sample)[fitted].cpu())
        found += int(fitted.sum())
    return torch.cat(features), torch.cat(targets)


def solve(features: torch.Tensor, targets: torch.Tensor, penalty: float) -> torch.Tensor:
    """Weights (1152,141) of centred targets, double precision."""
    gram = features.T @ features + penalty * torch.eye(FEATURES, dtype=torch.double)
    return torch.linalg.solve(gram, features.T @ targets)


@torch.no_grad()
def ridge_start(
    network: PeekabooNetwork, samples: Iterator[Mapping], count: int, penalty: float = 600.0
) -> dict[str, float]:
    """Set the head's standardisation and linear layer; gives held-out R2 of identity, expression and pose."""
    features, targets = collect(network, samples, count)
    head = network.face
    mean, gain = features.mean(dim=0), 1 / (features.std(dim=0) + SPREAD_FLOOR)
    x = ((features - mean) * gain).double()
    centre = targets.mean(dim=0).double()
    y = targets.double() - centre
    held = max(1, len(x) // 10)
    residual = x[:held] @ solve(x[held:], y[held:], penalty) - y[:held]
    r2 = 1 - residual.pow(2).mean(dim=0) / y[:held].var(dim=0).clamp_min(1e-9)
    head.feature_mean.copy_(mean)
    head.feature_gain.copy_(gain)
    head.linear.weight.copy_(solve(x, y, penalty).T)
    head.linear.bias.copy_(centre)
    parts = {"identity": r2[:IDENTITY], "expression": r2[IDENTITY : IDENTITY + EXPRESSION]}
    parts["pose"] = r2[IDENTITY + EXPRESSION :]
    return {name: float(values.mean()) for name, values in parts.items()}
