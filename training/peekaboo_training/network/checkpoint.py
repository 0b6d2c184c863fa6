"""Checkpoints of a training run, and the running average of its weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn


class Average:
    """Exponential running average of a network's trainable parameters, over fewer steps at the start."""

    def __init__(self, network: nn.Module, decay: float):
        self.decay = decay
        self.values = {n: p.detach().clone() for n, p in network.named_parameters() if p.requires_grad}

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Add the parameters after `step` (counted from 1)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, parameter in network.named_parameters():
            if name in self.values:
                self.values[name].lerp_(parameter.detach(), 1 - decay)

    def state(self, network: nn.Module) -> dict[str, torch.Tensor]:
        """Give the network's state dict with averaged parameters."""
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
    """Write everything that resuming needs; a file at `path` is replaced only by a complete one.

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
    """Write weights alone, to evaluate, export and start from; no run can resume from them.

    Raises ValueError where `refuse_run` does.
    """
    refuse_run(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, {"stage": stage, "network": network, "progress": vars(progress)})


def refuse_run(path: Path) -> None:
    """Raise ValueError when `path` holds a checkpoint that a run can resume from, which weights would overwrite."""
    if path.exists() and "optimizer" in read_checkpoint(path):
        raise ValueError(f"{path}: the checkpoint of a run, which would be overwritten; name another file")


def _replace(path: Path, content: dict[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    torch.save(content, temporary)
    temporary.replace(path)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU; refuses anything but tensors and plain values."""
    return torch.load(path, map_location="cpu", weights_only=True)


def restore(
    content: dict[str, Any], network: nn.Module, average: Average, optimizer: torch.optim.Optimizer
) -> Progress:
    """Load a checkpoint into a run of the same stage, to resume it.

    Raises ValueError for a checkpoint that holds weights alone.
    """
    if "optimizer" not in content:
        raise ValueError("the checkpoint holds weights alone: start from it with --start instead of --resume")
    network.load_state_dict(content["raw"])
    optimizer.load_state_dict(content["optimizer"])
    for name, value in average.values.items():
        value.copy_(content["network"][name])
    return Progress(**content["progress"])
