"""The network: MediaPipe's face mesh as trunk, heads for the face model's coefficients, a decoder for the mask."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

from ..scene.mesh_points import LANDMARKS
from ..settings import CROP_CENTRE
from .face_mesh import Block, FaceMesh

IDENTITY, EXPRESSION, POSE, ALBEDO, LIGHT = 80, 52, 9, 10, 27
FEATURES = 128 * 3 * 3
PRESENCE_GAIN = 0.3
COLOURS = 3 * 6 * 6
Window = tuple[slice, slice]
EYE_WINDOW: Window = (slice(24, 56), slice(16, 80))  # rows and columns of the 96x96 map where a good crop's eyes lie
MOUTH_WINDOW: Window = (slice(44, 84), slice(20, 76))  # and its mouth, from the nose's base to the chin


class Outputs(NamedTuple):
    """What the network says of a batch; expression is 0..1, presence and mask are logits."""

    identity: torch.Tensor  # (B,80) standard deviations
    expression: torch.Tensor  # (B,52)
    pose: torch.Tensor  # (B,9) see camera.py
    albedo: torch.Tensor  # (B,10) standard deviations
    light: torch.Tensor  # (B,27)
    presence: torch.Tensor  # (B,1)
    mask: torch.Tensor  # (B,2,96,96) occluder, visible skin
    points: torch.Tensor | None  # (B,468,3) crop px from the auxiliary branch, in stage points only
    landmarks: torch.Tensor  # (B,78,2) crop px, what the landmark branch found for mesh_points.LANDMARKS


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
        self.final = nn.Conv2d(previous, 2, 1)
        nn.init.constant_(self.final.bias, -2.0)

    def forward(self, maps: dict[int, torch.Tensor], x: torch.Tensor) -> tuple[torch.Tensor, dict[int, torch.Tensor]]:
        """Mask logits (B,2,96,96), and the maps by resolution on the way there, which know what hides what."""
        own = {}
        for resolution in self.WIDTHS:
            key = str(resolution)
            risen = F.interpolate(self.rise[key](x), scale_factor=2, mode="bilinear", align_corners=False)
            x = self.blocks[key](F.relu(risen + self.skip[key](maps[resolution])))
            own[resolution] = x
        return self.final(x), own


class PlaceBranch(nn.Module):
    """Where small things stand, which the 3x3 map has lost (irises, lids; lips, teeth, tongue): a window of the finest
    maps -> logits (B,52).

    Channels become places by the mean of a softmax over the window, so that one look at an eye teaches all places;
    with dense layers instead it learnt pictures by heart. Its blocks keep a way past each activation: plain ReLUs died.
    With `values`, the means of as many channels under each softmax (attention pooling) say what stands there too: a
    tongue fills a mouth whose lips lie as they do without one.
    """

    PLACES = 32
    CELL = 0.375  # units of the grid for each of its cells, 4x4 crop px

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
        """The window in the 96x96 and in the 48x48 map."""
        rows, columns = self.window
        half = (slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2))
        return maps[96][:, :, rows, columns], maps[48][:, :, half[0], half[1]]

    def places(self, fine: torch.Tensor, half: torch.Tensor) -> torch.Tensor:
        """Both windows (`cut`) -> (B, (2+values)*32): x and y of each place by turns, then the values of each."""
        x = self.blocks(self.enter(fine) + half)
        weights = torch.softmax(0.5 * self.heat(x).flatten(2), dim=-1)
        places = (weights @ self.grid).flatten(1)
        if self.value is None:
            return places
        values = weights @ self.value(x).flatten(2).transpose(1, 2)
        return torch.cat([places, values.flatten(1)], dim=1)

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        """What `places` gave -> logits (B,52)."""
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
        scale = torch.cat([torch.full((n,), s) for n, s in zip(self.SIZES, self.CORRECTION_SCALES, strict=True)])
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


class Seen(NamedTuple):
    """What the heads go by: all that convolutions found, but for the mask."""

    features: torch.Tensor  # (B,128,3,3) of the points' branch
    map6: torch.Tensor  # (B,128,6,6)
    eyes: torch.Tensor  # (B,64) places of the eyes' branch
    mouth_fine: torch.Tensor  # (B,16,40,56) the mouth's window of the 96x96 map
    mouth_half: torch.Tensor  # (B,32,20,28) and of the 48x48 map
    moments: torch.Tensor  # (B,78,3) of the landmarks' heat: x, y, mean of the squared radius


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


class LandmarkBranch(nn.Module):
    """Where landmarks stand, seen or guessed, and the coefficients' correction that follows from it.

    Each landmark is the mean of a softmax over a 24x24 map (integral regression, Sun et al. 2018), which the 3x3 map is
    too coarse for; the places themselves are trained. From them, their spread and the heads' first estimate a small
    network says what to correct: one learnt step of a fit.
    """

    SIDE = 24
    CELLS = 24.0  # crop px of a unit of the grid

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

    def look(self, middle: torch.Tensor, fine: torch.Tensor) -> torch.Tensor:
        """Decoder's maps (B,48,24,24), (B,32,48,48) -> moments (B,P,3): x, y, x²+y² in units of the grid."""
        heat = self.heat_middle(self.middle(middle)) + self.heat_fine(self.fine(fine))
        return torch.softmax(heat.flatten(2), dim=-1) @ self.grid

    def forward(self, moments: torch.Tensor, estimate: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Moments (B,P,3), estimate (B,141) -> its correction, places (B,P,2) crop px."""
        places = moments[..., :2]
        spread = moments[..., 2] - (places * places).sum(dim=-1)
        flat, rest = places.flatten(1), torch.cat([spread, estimate], dim=1)
        hidden = self.activation(self.hidden(torch.cat([flat, rest], dim=1)))
        return self.direct(flat) + self.direct_rest(rest) + self.final(hidden), CROP_CENTRE + self.CELLS * places


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
        self.eyes = PlaceBranch(EYE_WINDOW)
        self.mouth = PlaceBranch(MOUTH_WINDOW, values=8)
        self.face = FaceHead()
        self.identity = IdentityBranch()
        self.landmarks = LandmarkBranch()
        self.colour = ColourHead()
        self.presence = nn.Linear(FEATURES, 1)
        nn.init.zeros_(self.presence.weight)
        nn.init.zeros_(self.presence.bias)

    def forward(self, image: torch.Tensor, freeze: int = 0, auxiliary: bool = False) -> Outputs:
        """Run the network; `freeze`: no gradient in trunk layers down to this resolution (0: all learn)."""
        seen, presence3, mask = self.see(image, freeze)
        identity, expression, pose, landmarks = self.describe(seen)
        albedo, light = self.colour(self.face.standardise(seen.features), image)
        presence = self.presence(presence3.flatten(1) * PRESENCE_GAIN)
        points = self.auxiliary_points(seen.features) if auxiliary else None
        return Outputs(identity, expression, pose, albedo, light, presence, mask, points, landmarks)

    def presence_inputs(self, image: torch.Tensor) -> torch.Tensor:
        """Crop (B,3,192,192) -> what the presence layer reads (B,1152)."""
        return self.trunk.presence3(self.trunk.features(image, 0)[6]).flatten(1) * PRESENCE_GAIN

    def see(self, image: torch.Tensor, freeze: int = 0) -> tuple[Seen, torch.Tensor, torch.Tensor]:
        """Crop (B,3,192,192) -> what the heads go by, the presence branch's (B,128,3,3), and the mask's logits."""
        maps = self.trunk.features(image, freeze)
        presence3 = self.trunk.presence3(maps[6])
        mask, own = self.decoder(maps, presence3)
        eyes = self.eyes.places(*self.eyes.cut(maps))
        moments = self.landmarks.look(own[24], own[48])
        return Seen(self.trunk.points3(maps[6]), maps[6], eyes, *self.mouth.cut(maps), moments), presence3, mask

    def describe(self, seen: Seen) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Identity (B,80), expression (B,52), pose (B,9) and the landmarks (B,78,2) in crop px."""
        identity, expression, pose = self.face(self.face.standardise(seen.features))
        expression = expression + self.eyes(seen.eyes) + self.mouth(self.mouth.places(seen.mouth_fine, seen.mouth_half))
        first = torch.cat([identity + self.identity(seen.map6), expression, pose], dim=1)
        scale = self.face.correction_scale
        correction, landmarks = self.landmarks(seen.moments, first / scale)
        identity, expression, pose = (first + scale * correction).split(FaceHead.SIZES, dim=1)
        return identity, torch.sigmoid(expression), pose, landmarks

    def auxiliary_points(self, features: torch.Tensor) -> torch.Tensor:
        """The face mesh's own 468 points (B,468,3); its pixels have edges at whole numbers, ours centres."""
        points = self.trunk.points_branch(features).unflatten(1, (468, 3))
        return torch.cat([points[..., :2] - 0.5, points[..., 2:]], dim=-1)

    def shared_features(self, image: torch.Tensor) -> torch.Tensor:
        """(B,128,3,3) features that the heads read, without gradient."""
        with torch.no_grad():
            return self.trunk.points3(self.trunk.features(image)[6])
