"""The landmark branch: places of 78 landmarks, and the correction of the coefficients that follows from them."""

from __future__ import annotations

import torch
from torch import nn

from ..scene.mesh_points import LANDMARKS
from ..settings import CROP_CENTRE
from .decoder import Decoder
from .face_mesh import Block
from .outputs import EXPRESSION, IDENTITY, POSE


class LandmarkBranch(nn.Module):
    """Places of the landmarks, visible or not, and the correction of the coefficients that follows from them.

    Each landmark is the mean of a softmax over a 24x24 map (integral regression, Sun et al. 2018), since the 3x3 map is
    too coarse; the places have a loss of their own. From them, their spread and the heads' first estimate a small
    network computes a correction: one learnt step of a fit.
    """

    SIDE = 24
    CELLS = 24.0  # crop px per grid unit

    def __init__(self, hidden: int = 128):
        super().__init__()
        count, estimate = len(LANDMARKS), IDENTITY + EXPRESSION + POSE
        self.middle = Block(Decoder.WIDTHS[24], Decoder.WIDTHS[24])
        self.fine = Block(Decoder.WIDTHS[48], Decoder.WIDTHS[48])
        self.heat_middle = nn.Conv2d(Decoder.WIDTHS[24], count, 1)
        self.heat_fine = nn.Conv2d(Decoder.WIDTHS[48], count, 2, 2)
        self.direct = nn.Linear(2 * count, estimate)
        self.direct_rest = nn.Linear(count + estimate, estimate)
        self.hidden = nn.Linear(3 * count + estimate, hidden)
        self.activation = nn.PReLU(hidden)
        self.final = nn.Linear(hidden, estimate)
        for module in (self.middle, self.fine):
            for layer in (module.depthwise, module.pointwise):
                nn.init.kaiming_normal_(layer.weight, a=0.25)
                nn.init.zeros_(layer.bias)
        for layer in (self.direct, self.direct_rest, self.final):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        line = (8 * torch.arange(self.SIDE) + 3.5 - CROP_CENTRE) / self.CELLS
        y, x = torch.meshgrid(line, line, indexing="ij")
        self.register_buffer("grid", torch.stack([x.flatten(), y.flatten(), (x**2 + y**2).flatten()], dim=1))

    def moments(self, middle: torch.Tensor, fine: torch.Tensor) -> torch.Tensor:
        """Decoder maps (B,48,24,24), (B,32,48,48) -> moments (B,P,3): means of x, y, x²+y² in grid units."""
        heat = self.heat_middle(self.middle(middle)) + self.heat_fine(self.fine(fine))
        return torch.softmax(heat.flatten(2), dim=-1) @ self.grid

    def forward(self, moments: torch.Tensor, estimate: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Moments (B,P,3), estimate (B,141) -> correction of the estimate (B,141), places (B,P,2) crop px."""
        places = moments[..., :2]
        spread = moments[..., 2] - (places * places).sum(dim=-1)
        flat, rest = places.flatten(1), torch.cat([spread, estimate], dim=1)
        hidden = self.activation(self.hidden(torch.cat([flat, rest], dim=1)))
        return self.direct(flat) + self.direct_rest(rest) + self.final(hidden), CROP_CENTRE + self.CELLS * places
