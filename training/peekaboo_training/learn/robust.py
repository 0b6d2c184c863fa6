"""Robust error functions, and means over chosen samples."""

from __future__ import annotations

import torch
import torch.nn.functional as F


def soften(loss: torch.Tensor, c: float) -> torch.Tensor:
    """c*log(1 + l/c): close to l for l << c, logarithmic above c."""
    return c * torch.log1p(loss / c)


def mean_over(values: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """Mean of (B,) values over the samples with weight (B,); 0 when there is none."""
    return (values * chosen).sum() / chosen.sum().clamp_min(1.0)


def huber(error: torch.Tensor) -> torch.Tensor:
    """Smooth L1 of each element."""
    return F.smooth_l1_loss(error, torch.zeros_like(error), reduction="none")
