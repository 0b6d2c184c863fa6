"""MediaPipe's face mesh (npm @mediapipe/face_mesh, Apache-2.0) as a torch module: the network's starting point."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import nn


def pad_same(x: torch.Tensor) -> torch.Tensor:
    """TensorFlow's SAME padding of a 3x3 convolution with stride 2 on an even size: one row and column at the end."""
    return F.pad(x, (0, 1, 0, 1))


class Block(nn.Module):
    """3x3 depthwise + 1x1 convolution, added to the input (halved and zero-padded in channels if need be), PReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, stride, 1 if stride == 1 else 0, groups=inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)
        self.activation = nn.PReLU(outputs)
        self.stride = stride
        self.extra = outputs - inputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.pointwise(self.depthwise(x if self.stride == 1 else pad_same(x)))
        if self.stride == 2:
            x = F.max_pool2d(x, 2)
        if self.extra > 0:
            x = F.pad(x, (0, 0, 0, 0, 0, self.extra))
        return self.activation(x + y)


class Stem(nn.Module):
    """RGB (B,3,192,192) in 0..1 -> (B,16,96,96)."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 16, 3, 2)
        self.activation = nn.PReLU(16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.activation(self.convolution(pad_same(x)))


class Branch(nn.Module):
    """Last layers of one output: 3x3x128 features -> (B,outputs)."""

    def __init__(self, outputs: int):
        super().__init__()
        self.reduce = nn.Conv2d(128, 32, 1)
        self.activation = nn.PReLU(32)
        self.block = Block(32, 32)
        self.final = nn.Conv2d(32, outputs, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.final(self.block(self.activation(self.reduce(x)))).flatten(1)


class FaceMesh(nn.Module):
    """The face mesh network: six resolutions, then a branch for 468 points and one for presence.

    `features(x)` gives the maps by resolution; `points3` and `presence3` are the 3x3x128 maps of the branches.
    """

    RESOLUTIONS = (96, 48, 24, 12, 6)
    CHANNELS = {96: 16, 48: 32, 24: 64, 12: 128, 6: 128}

    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.stages = nn.ModuleDict()
        previous = 16
        for resolution, channels in self.CHANNELS.items():
            blocks = [Block(previous, channels, 1 if resolution == 96 else 2), Block(channels, channels)]
            if resolution != 96:
                blocks.append(Block(channels, channels))
            self.stages[str(resolution)] = nn.Sequential(*blocks)
            previous = channels
        self.points3 = nn.Sequential(Block(128, 128, 2), Block(128, 128), Block(128, 128))
        self.presence3 = nn.Sequential(Block(128, 128, 2))
        self.points_branch = Branch(468 * 3)
        self.presence_branch = Branch(1)

    def features(self, x: torch.Tensor, freeze: int = 0) -> dict[int, torch.Tensor]:
        """Maps (B,C,R,R) by resolution R; those down to resolution `freeze` have no gradient (0: all have one)."""
        maps = {}
        for resolution in self.RESOLUTIONS:
            with torch.set_grad_enabled(torch.is_grad_enabled() and resolution < (freeze or 1000)):
                x = self.stages[str(resolution)](self.stem(x) if resolution == 96 else x)
            maps[resolution] = x
        return maps

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(B,3,192,192) -> points (B,468,3) in crop px with pixel edges at integers, presence logit (B,1)."""
        last = self.features(x)[6]
        points = self.points_branch(self.points3(last)).unflatten(1, (468, 3))
        return points, self.presence_branch(self.presence3(last))

    def frozen_parameters(self, freeze: int) -> Iterator[nn.Parameter]:
        """Parameters of the layers down to resolution `freeze`; none for 0."""
        if freeze:
            yield from self.stem.parameters()
        for resolution in self.RESOLUTIONS:
            if freeze and resolution >= freeze:
                yield from self.stages[str(resolution)].parameters()
