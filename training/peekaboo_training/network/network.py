"""The network: MediaPipe's face mesh as trunk, heads for the face model's coefficients, a decoder for the mask."""

from __future__ import annotations

import torch
from torch import nn

from .decoder import Decoder
from .face_heads import ColourHead, FaceHead, IdentityBranch
from .face_mesh import FaceMesh
from .landmark_branch import LandmarkBranch
from .outputs import FEATURES, HeadInputs, Outputs
from .place_branch import EYE_WINDOW, MOUTH_WINDOW, PlaceBranch

PRESENCE_GAIN = 0.3


class PeekabooNetwork(nn.Module):
    """The whole network: crop (B,3,192,192) RGB 0..1 -> Outputs."""

    def __init__(self):
        super().__init__()
        self.mixed = False
        """Whether trunk and decoder compute in bfloat16, for training; their maps become float32 for the heads."""
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
        """Run the network. `freeze`: trunk layers down to this resolution get no gradient (0: all get one)."""
        seen, presence3, mask, coarse = self.head_inputs(image, freeze)
        identity, expression, pose, landmarks = self.predict_face(seen)
        albedo, light = self.colour(self.face.standardise(seen.features), image)
        presence = self.presence(presence3.flatten(1) * PRESENCE_GAIN)
        points = self.auxiliary_points(seen.features) if auxiliary else None
        return Outputs(identity, expression, pose, albedo, light, presence, mask, points, landmarks, coarse)

    def presence_inputs(self, image: torch.Tensor) -> torch.Tensor:
        """Crop (B,3,192,192) -> inputs of heads and presence layer (B,128,3,3), logits of mask and coarse mask."""
        return self.trunk.presence3(self.trunk.features(image, 0)[6]).flatten(1) * PRESENCE_GAIN

    def head_inputs(
        self, image: torch.Tensor, freeze: int = 0
    ) -> tuple[HeadInputs, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Crop (B,3,192,192) -> inputs of heads and presence layer, logits of the mask and the coarse mask."""
        with torch.autocast(image.device.type, torch.bfloat16, enabled=self.mixed):
            maps = self.trunk.features(image, freeze)
            presence3 = self.trunk.presence3(maps[6])
            mask, own = self.decoder(maps, presence3)
        if self.mixed:
            maps, own = ({size: x.float() for size, x in some.items()} for some in (maps, own))
            presence3, mask = presence3.float(), mask.float()
        eyes = self.eyes.places(*self.eyes.cut(maps))
        moments = self.landmarks.moments(own[24], own[48])
        seen = HeadInputs(self.trunk.points3(maps[6]), maps[6], eyes, *self.mouth.cut(maps), moments)
        return seen, presence3, mask, self.decoder.coarse(own[48])

    def predict_face(self, seen: HeadInputs) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Run the heads: identity (B,80), expression (B,52), pose (B,9), landmarks (B,78,2) in crop px."""
        identity, expression, pose = self.face(self.face.standardise(seen.features))
        expression = expression + self.eyes(seen.eyes) + self.mouth(self.mouth.places(seen.mouth_fine, seen.mouth_half))
        first = torch.cat([identity + self.identity(seen.map6), expression, pose], dim=1)
        scale = self.face.correction_scale
        correction, landmarks = self.landmarks(seen.moments, first / scale)
        identity, expression, pose = (first + scale * correction).split(FaceHead.SIZES, dim=1)
        return identity, torch.sigmoid(expression), pose, landmarks

    def auxiliary_points(self, features: torch.Tensor) -> torch.Tensor:
        """Points of the face mesh's own branch (B,468,3), crop px; its pixel edges lie at integers, ours half-way."""
        points = self.trunk.points_branch(features).unflatten(1, (468, 3))
        return torch.cat([points[..., :2] - 0.5, points[..., 2:]], dim=-1)

    def shared_features(self, image: torch.Tensor) -> torch.Tensor:
        """Features (B,128,3,3) that the heads read, without gradient."""
        with torch.no_grad():
            return self.trunk.points3(self.trunk.features(image)[6])
