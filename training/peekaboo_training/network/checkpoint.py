"""Checkpoints of a training run, and the running average of its weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn


class Average:
    """Exponential running average of a network's learning parameters; short at first."""

    def __init__(self, network: nn.Module, decay: float):
        self.decay = decay
        self.values = {n: p.detach().clone() for n, p in network.named_parameters() if p.requires_grad}

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Take in the parameters after `step` (from 1)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, parameter in network.named_parameters():
            if name in self.values:
                self.values[name].lerp_(parameter.detach(), 1 - decay)

    def state(self, network: nn.Module) -> dict[str, torch.Tensor]:
        """The network's state with averaged parameters."""
        return {name: self.values.get(name, value) for name, value in network.state_dict().items()}


@dataclass
class Progress:
    """How far a run is."""

    step: int = 0
    samples: int = 0
    seconds: float = 0.0


def save_checkpoint(
    path: Path, network: nn.Module, average: Average, optimizer: torch.optim.Optimizer, progress: Progress, stage: str
) -> None:
    """Write everything that resuming needs; the file is replaced at once, never half written.

    "network" holds the averaged weights, for evaluation and export; "raw" those that the optimizer moves.
    """
    content = {
        "stage": stage,
        "network": average.state(network),
        "raw": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "progress": vars(progress),
    }
    _replace(path, content)


def save_weights(path: Path, network: dict[str, torch.Tensor], progress: Progress, stage: str) -> None:
    """Write weights that were not trained as they are, to evaluate, export and start from; no run resumes from them.

    Raises ValueError where a run's own checkpoint lies, which only resuming can give back.
    """
    if path.exists() and "optimizer" in read_checkpoint(path):
        raise ValueError(f"{path}: a run's checkpoint, which would be lost; name another file")
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, {"stage": stage, "network": network, "progress": vars(progress)})


def _replace(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    torch.save(content, temporary)
    temporary.replace(path)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU; tensors and plain values only."""
    return torch.load(path, map_location="cpu", weights_only=True)


def restore(
    content: dict[str, Any], network: nn.Module, average: Average, optimizer: torch.optim.Optimizer
) -> Progress:
    """Put a checkpoint's state back where a run of the same stage left it."""
    network.load_state_dict(content["raw"])
    optimizer.load_state_dict(content["optimizer"])
    for name, value in average.values.items():
        value.copy_(content["network"][name])
    return Progress(**content["progress"])
