"""The network: MediaPipe's face mesh as trunk, heads for the face model's coefficients, a decoder for the mask."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

from .face_mesh import Block, FaceMesh

IDENTITY, EXPRESSION, POSE, ALBEDO, LIGHT = 80, 52, 9, 10, 27
FEATURES = 128 * 3 * 3
COLOURS = 3 * 6 * 6
EYE_WINDOW = (slice(24, 56), slice(16, 80))  # rows and columns of the 96x96 map where the eyes of a good crop lie


class Outputs(NamedTuple):
    """What the network says of a batch; expression is 0..1, presence and mask are logits."""

    identity: torch.Tensor  # (B,80) standard deviations
    expression: torch.Tensor  # (B,52)
    pose: torch.Tensor  # (B,9) see camera.py
    albedo: torch.Tensor  # (B,10) standard deviations
    light: torch.Tensor  # (B,27)
    presence: torch.Tensor  # (B,1)
    mask: torch.Tensor  # (B,2,96,96) occluder, visible skin
    points: torch.Tensor | None  # (B,468,3) crop px from the auxiliary branch, in training only


class ReluBlock(nn.Module):
    """3x3 depthwise + 1x1 convolution with ReLU, added to the input."""

    def __init__(self, channels: int):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.pointwise = nn.Conv2d(channels, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + F.relu(self.pointwise(self.depthwise(x)))


class Decoder(nn.Module):
    """Trunk maps and the 3x3 map of the presence branch -> mask logits (B,2,96,96)."""

    WIDTHS = {6: 64, 12: 64, 24: 48, 48: 32, 96: 16}
    BLOCKS = {6: 1, 12: 2, 24: 2, 48: 1, 96: 2}

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
        self.final = nn.Conv2d(previous, 2, 1)
        nn.init.constant_(self.final.bias, -2.0)

    def forward(self, maps: dict[int, torch.Tensor], x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mask logits (B,2,96,96), and the map (B,48,24,24) on the way there, which knows what hides what."""
        for resolution in self.WIDTHS:
            key = str(resolution)
            risen = F.interpolate(self.rise[key](x), scale_factor=2, mode="bilinear", align_corners=False)
            x = self.blocks[key](F.relu(risen + self.skip[key](maps[resolution])))
            if resolution == 24:
                middle = x
        return self.final(x), middle


class EyeBranch(nn.Module):
    """Where irises, lids and corners stand, which the 3x3 map has lost: finest maps' eye window -> logits (B,52).

    Channels become places by the mean of a softmax over the window, so that one look at an eye teaches all places;
    with dense layers instead it learnt pictures by heart. Its blocks keep a way past each activation: plain ReLUs died.
    """

    PLACES = 32

    def __init__(self):
        super().__init__()
        self.enter = Block(16, 32, 2)
        self.blocks = nn.Sequential(Block(32, 32), Block(32, 32))
        self.heat = nn.Conv2d(32, self.PLACES, 1)
        self.hidden = nn.Linear(2 * self.PLACES, 64)
        self.activation = nn.PReLU(64)
        self.final = nn.Linear(64, EXPRESSION)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight, a=0.25)
                nn.init.zeros_(module.bias)
        nn.init.zeros_(self.final.weight)
        y, x = torch.meshgrid(torch.linspace(-3, 3, 16), torch.linspace(-6, 6, 32), indexing="ij")
        self.register_buffer("grid", torch.stack([x.flatten(), y.flatten()], dim=1))

    def forward(self, maps: dict[int, torch.Tensor]) -> torch.Tensor:
        rows, columns = EYE_WINDOW
        half = (slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2))
        x = self.enter(maps[96][:, :, rows, columns]) + maps[48][:, :, half[0], half[1]]
        weights = torch.softmax(0.5 * self.heat(self.blocks(x)).flatten(2), dim=-1)
        places = (weights @ self.grid).flatten(1)
        return self.final(self.activation(self.hidden(places)))


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
        scale = torch.cat([torch.full((n,), s) for n, s in zip(self.SIZES, self.CORRECTION_SCALES)])
        self.register_buffer("correction_scale", scale)
        self.register_buffer("feature_mean", torch.zeros(FEATURES))
        self.register_buffer("feature_gain", torch.ones(FEATURES))

    def standardise(self, features: torch.Tensor) -> torch.Tensor:
        """(B,128,3,3) -> (B,1152) with the mean and spread that the ridge start measured."""
        return (features.flatten(1) - self.feature_mean) * self.feature_gain

    def forward(self, standard: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        hidden = self.activation(self.convolution(standard.unflatten(1, (128, 3, 3)))).flatten(1)
        values = self.linear(standard) + self.correction_scale * self.correction(hidden)
        return values.split(self.SIZES, dim=1)


class IdentityBranch(nn.Module):
    """6x6x128 map -> a correction of identity (B,80), from more places than the 3x3 map keeps."""

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


class PlaceBranch(nn.Module):
    """The decoder's 24x24 map -> corrections of identity, expression logits and pose, from where things stand.

    Channels become places by the mean of a softmax over the map, as in EyeBranch: finer than the 3x3 map can tell.
    """

    PLACES = 40

    def __init__(self, hidden: int = 96):
        super().__init__()
        width = Decoder.WIDTHS[24]
        self.block = Block(width, width)
        self.heat = nn.Conv2d(width, self.PLACES, 1)
        self.hidden = nn.Linear(2 * self.PLACES, hidden)
        self.activation = nn.PReLU(hidden)
        self.final = nn.Linear(hidden, IDENTITY + EXPRESSION + POSE)
        for module in (self.block.depthwise, self.block.pointwise, self.heat, self.hidden):
            nn.init.kaiming_normal_(module.weight, a=0.25)
            nn.init.zeros_(module.bias)
        nn.init.zeros_(self.final.weight)
        nn.init.zeros_(self.final.bias)
        y, x = torch.meshgrid(torch.linspace(-4, 4, 24), torch.linspace(-4, 4, 24), indexing="ij")
        self.register_buffer("grid", torch.stack([x.flatten(), y.flatten()], dim=1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weights = torch.softmax(self.heat(self.block(x)).flatten(2), dim=-1)
        return self.final(self.activation(self.hidden((weights @ self.grid).flatten(1))))


class ColourHead(nn.Module):
    """Features (no gradient goes back) and the crop's 6x6 mean colours -> albedo (B,10), light (B,27)."""

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


class PeekabooNetwork(nn.Module):
    """Crop (B,3,192,192) RGB 0..1 -> Outputs."""

    def __init__(self):
        super().__init__()
        self.trunk = FaceMesh()
        self.decoder = Decoder()
        self.eyes = EyeBranch()
        self.face = FaceHead()
        self.identity = IdentityBranch()
        self.places = PlaceBranch()
        self.colour = ColourHead()
        self.presence = nn.Linear(FEATURES, 1)
        nn.init.zeros_(self.presence.weight)
        nn.init.zeros_(self.presence.bias)

    def forward(self, image: torch.Tensor, freeze: int = 0, auxiliary: bool = False) -> Outputs:
        """Run the network; `freeze`: no gradient in trunk layers down to this resolution (0: all learn)."""
        maps = self.trunk.features(image, freeze)
        features = self.trunk.points3(maps[6])
        presence3 = self.trunk.presence3(maps[6])
        standard = self.face.standardise(features)
        mask, middle = self.decoder(maps, presence3)
        places = self.face.correction_scale * self.places(middle)
        identity, expression, pose = (a + b for a, b in zip(self.face(standard), places.split(FaceHead.SIZES, dim=1)))
        identity = identity + self.identity(maps[6])
        expression = torch.sigmoid(expression + self.eyes(maps))
        albedo, light = self.colour(standard, image)
        presence = self.presence(presence3.flatten(1) * 0.3)
        points = self.auxiliary_points(features) if auxiliary else None
        return Outputs(identity, expression, pose, albedo, light, presence, mask, points)

    def auxiliary_points(self, features: torch.Tensor) -> torch.Tensor:
        """The face mesh's own 468 points (B,468,3); its pixels have their edges at whole numbers, ours their centres."""
        points = self.trunk.points_branch(features).unflatten(1, (468, 3))
        return torch.cat([points[..., :2] - 0.5, points[..., 2:]], dim=-1)

    def shared_features(self, image: torch.Tensor) -> torch.Tensor:
        """(B,128,3,3) features that the heads read, without gradient."""
        with torch.no_grad():
            return self.trunk.points3(self.trunk.features(image)[6])
