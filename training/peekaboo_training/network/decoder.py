"""The decoder of the occlusion mask."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .face_mesh import FaceMesh

CHANNELS = 3
"""Of the mask: occluder, visible skin, own hair and headwear."""


FINE_THRESHOLD = 0.25
"""The fine mask counts where the coarse one has an occluder with a higher probability anywhere."""


def gated_mask(mask: torch.Tensor, coarse: torch.Tensor) -> torch.Tensor:
    """Choose between probabilities (1,3,96,96) and coarse ones (1,3,48,48), as a bundle's graph does: (1,3,96,96)."""
    if coarse[:, 0].max() > FINE_THRESHOLD:
        return mask
    return F.interpolate(coarse, scale_factor=2, mode="bilinear", align_corners=False)


class ReluBlock(nn.Module):
    """3x3 depthwise + 1x1 convolution with ReLU, added to the input."""

    def __init__(self, channels: int):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.pointwise = nn.Conv2d(channels, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + F.relu(self.pointwise(self.depthwise(x)))


class Decoder(nn.Module):
    """Trunk maps and the 3x3 map of the presence branch -> mask logits (B,3,96,96).

    The channels are occluder, visible skin, own hair and headwear. A coarse mask (B,3,48,48) has a loss of its own, so
    that it can decide alone whether anything is in front.
    """

    WIDTHS = {6: 64, 12: 64, 24: 48, 48: 32, 96: 16}
    BLOCKS = {6: 1, 12: 2, 24: 5, 48: 3, 96: 2}

    def __init__(self):
        super().__init__()
        self.rise = nn.ModuleDict()
        self.skip = nn.ModuleDict()
        self.blocks = nn.ModuleDict()
        previous = 128
        for resolution, width in self.WIDTHS.items():
            self.rise[str(resolution)] = nn.Conv2d(previous, width, 1)
            self.skip[str(resolution)] = nn.Conv2d(FaceMesh.CHANNELS[resolution], width, 1)
            blocks = [ReluBlock(width) for _ in range(self.BLOCKS[resolution])]
            self.blocks[str(resolution)] = nn.Sequential(*blocks)
            previous = width
        self.final = nn.Conv2d(previous, CHANNELS, 1)
        self.coarse = nn.Conv2d(self.WIDTHS[48], CHANNELS, 1)
        for layer in (self.final, self.coarse):
            nn.init.constant_(layer.bias, -2.0)

    def forward(self, maps: dict[int, torch.Tensor], x: torch.Tensor) -> tuple[torch.Tensor, dict[int, torch.Tensor]]:
        """Give mask logits (B,3,96,96), and the decoder's maps by resolution, which encode occlusion."""
        own = {}
        for resolution in self.WIDTHS:
            key = str(resolution)
            risen = F.interpolate(self.rise[key](x), scale_factor=2, mode="bilinear", align_corners=False)
            x = self.blocks[key](F.relu(risen + self.skip[key](maps[resolution])))
            own[resolution] = x
        return self.final(x), own
