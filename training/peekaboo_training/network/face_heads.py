"""Heads that read the 3x3 and 6x6 maps: face, identity, colour."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .face_mesh import Block
from .outputs import ALBEDO, EXPRESSION, FEATURES, IDENTITY, LIGHT, POSE

COLOURS = 3 * 6 * 6


class FaceHead(nn.Module):
    """3x3x128 features -> identity, expression logits and pose: a linear map (ridge.py) plus a learnt correction."""

    SIZES = (IDENTITY, EXPRESSION, POSE)
    CORRECTION_SCALES = (0.4, 0.4, 0.12)

    def __init__(self, hidden: int = 192):
        super().__init__()
        self.linear = nn.Linear(FEATURES, sum(self.SIZES))
        self.convolution = nn.Conv2d(128, hidden, 3)
        self.activation = nn.PReLU(hidden)
        self.correction = nn.Linear(hidden, sum(self.SIZES))
        for layer in (self.linear, self.correction):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        nn.init.constant_(self.linear.bias[IDENTITY : IDENTITY + EXPRESSION], -2.5)
        scale = torch.cat([torch.full((n,), s) for n, s in zip(self.SIZES, self.CORRECTION_SCALES, strict=True)])
        self.register_buffer("correction_scale", scale)
        self.register_buffer("feature_mean", torch.zeros(FEATURES))
        self.register_buffer("feature_gain", torch.ones(FEATURES))

    def standardise(self, features: torch.Tensor) -> torch.Tensor:
        """Standardise features (B,128,3,3) -> (B,1152), with the statistics of the ridge start."""
        return (features.flatten(1) - self.feature_mean) * self.feature_gain

    def forward(self, standard: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        hidden = self.activation(self.convolution(standard.unflatten(1, (128, 3, 3)))).flatten(1)
        values = self.linear(standard) + self.correction_scale * self.correction(hidden)
        return values.split(self.SIZES, dim=1)


class IdentityBranch(nn.Module):
    """6x6x128 map -> a correction of identity (B,80), at a finer resolution than the 3x3 map."""

    def __init__(self, hidden: int = 64):
        super().__init__()
        self.block = Block(128, 128, 2)
        self.hidden = nn.Linear(FEATURES, hidden)
        self.activation = nn.PReLU(hidden)
        self.final = nn.Linear(hidden, IDENTITY)
        nn.init.zeros_(self.final.weight)
        nn.init.zeros_(self.final.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.final(self.activation(self.hidden(self.block(0.3 * x).flatten(1))))


class ColourHead(nn.Module):
    """Features (without gradient) and the crop's 6x6 mean colours -> albedo (B,10), light (B,27)."""

    def __init__(self, hidden: int = 96):
        super().__init__()
        self.hidden = nn.Linear(FEATURES + COLOURS, hidden)
        self.activation = nn.PReLU(hidden)
        self.final = nn.Linear(hidden, ALBEDO + LIGHT)
        nn.init.zeros_(self.final.weight)
        nn.init.zeros_(self.final.bias)

    def forward(self, standard: torch.Tensor, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        colours = F.avg_pool2d(image, 32).flatten(1) * 4 - 2
        hidden = self.activation(self.hidden(torch.cat([standard.detach(), colours], dim=1)))
        return self.final(hidden).split((ALBEDO, LIGHT), dim=1)
