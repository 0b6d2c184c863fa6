"""The eye branch and the mouth branch: expression from a window of the finest maps."""

from __future__ import annotations

import torch
from torch import nn

from .face_mesh import Block
from .outputs import EXPRESSION

Window = tuple[slice, slice]
EYE_WINDOW: Window = (slice(24, 56), slice(16, 80))  # rows and columns of the 96x96 map with a good crop's eyes
MOUTH_WINDOW: Window = (slice(44, 84), slice(20, 76))  # the same for the mouth, from the base of the nose to the chin


class PlaceBranch(nn.Module):
    """A window of the finest maps -> expression logits (B,52), from details that the 3x3 map loses.

    Each of PLACES channels becomes a place, the mean of a softmax over the window; dense layers overfitted here. Blocks
    are residual, since units with plain ReLUs died. With `values`, this many channels are averaged under each softmax,
    too (attention pooling): a tongue changes what is in the mouth, but not where the lips are.
    """

    PLACES = 32
    CELL = 0.375  # grid units per cell of the window; a cell is 4x4 crop px

    def __init__(self, window: Window, values: int = 0):
        super().__init__()
        self.window = window
        self.enter = Block(16, 32, 2)
        self.blocks = nn.Sequential(Block(32, 32), Block(32, 32))
        self.heat = nn.Conv2d(32, self.PLACES, 1)
        self.value = nn.Conv2d(32, values, 1) if values else None
        self.hidden = nn.Linear((2 + values) * self.PLACES, 64)
        self.activation = nn.PReLU(64)
        self.final = nn.Linear(64, EXPRESSION)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight, a=0.25)
                nn.init.zeros_(module.bias)
        nn.init.zeros_(self.final.weight)
        rows, columns = (torch.linspace(-n, n, count) for count in self.size for n in [self.CELL * count / 2])
        y, x = torch.meshgrid(rows, columns, indexing="ij")
        self.register_buffer("grid", torch.stack([x.flatten(), y.flatten()], dim=1))

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the window in the 48x48 map."""
        rows, columns = self.window
        return (rows.stop - rows.start) // 2, (columns.stop - columns.start) // 2

    def cut(self, maps: dict[int, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """Cut the window out of the 96x96 and the 48x48 map."""
        rows, columns = self.window
        half = (slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2))
        return maps[96][:, :, rows, columns], maps[48][:, :, half[0], half[1]]

    def places(self, fine: torch.Tensor, half: torch.Tensor) -> torch.Tensor:
        """Both windows (`cut`) -> (B, (2+values)*32): x and y of each place alternating, then the values of each."""
        x = self.blocks(self.enter(fine) + half)
        weights = torch.softmax(0.5 * self.heat(x).flatten(2), dim=-1)
        places = (weights @ self.grid).flatten(1)
        if self.value is None:
            return places
        values = weights @ self.value(x).flatten(2).transpose(1, 2)
        return torch.cat([places, values.flatten(1)], dim=1)

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        """The result of `places` -> logits (B,52)."""
        return self.final(self.activation(self.hidden(places)))
