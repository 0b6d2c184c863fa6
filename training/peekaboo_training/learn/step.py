"""One step of gradient descent."""

from __future__ import annotations

import torch
from torch import nn


def set_rates(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Set the learning rate of each parameter group to `factor` times its "base"."""
    for group in optimizer.param_groups:
        group["lr"] = group["base"] * factor


def descend(
    losses: dict[str, torch.Tensor], optimizer: torch.optim.Optimizer, clip: float, step: int
) -> torch.Tensor:
    """Minimise the sum of the losses by one step; gives the norm of the gradient before it is clipped to `clip`.

    A gradient that is not finite is reported with the number of the step, and changes nothing.
    """
    optimizer.zero_grad(set_to_none=True)
    sum(losses.values()).backward()
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    norm = nn.utils.clip_grad_norm_(parameters, clip)
    if torch.isfinite(norm):
        optimizer.step()
    else:
        print(f"step {step}: gradient not finite, step skipped", flush=True)
    return norm
