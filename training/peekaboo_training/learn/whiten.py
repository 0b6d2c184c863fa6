"""Linear layers that learn in whitened inputs."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from ..network.network import PeekabooNetwork
from ..network.outputs import HeadInputs

RIDGE = {"face": 0.1, "landmarks": 0.02}
"""Added to the variances of standardised inputs before whitening; directions of less variance are noise."""


class Whitened(nn.Module):
    """A frozen linear layer plus a learnt change in whitened inputs; `fold` merges both into one layer."""

    def __init__(self, layer: nn.Linear, inputs: torch.Tensor, ridge: float, gain: torch.Tensor):
        """`inputs` (N,K) of the layer give the statistics; `gain` (outputs,) scales the change of each output."""
        super().__init__()
        for parameter in layer.parameters():
            parameter.requires_grad_(False)
        self.layer = layer
        self.change = nn.Parameter(torch.zeros_like(layer.weight))
        self.shift = nn.Parameter(torch.zeros(layer.out_features))
        spread = inputs.std(dim=0) + 1e-3
        centred = (inputs - inputs.mean(dim=0)) / spread
        values, vectors = torch.linalg.eigh(centred.double().T @ centred.double() / len(centred))
        matrix = vectors / (values.clamp_min(0) + ridge).sqrt()
        self.register_buffer("mean", inputs.mean(dim=0))
        self.register_buffer("matrix", (matrix / spread[:, None]).float())
        self.register_buffer("gain", gain)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        change = F.linear((x - self.mean) @ self.matrix, self.change, self.shift)
        return self.layer(x) + self.gain * change

    @torch.no_grad()
    def fold(self) -> nn.Linear:
        """Give one linear layer with the same output."""
        weight = self.gain[:, None] * (self.change @ self.matrix.T)
        folded = copy.deepcopy(self.layer)
        folded.weight += weight
        folded.bias += self.gain * self.shift - weight @ self.mean
        return folded


@torch.no_grad()
def whiten(network: PeekabooNetwork, seen: HeadInputs) -> None:
    """Replace the large linear layers by Whitened, with the statistics of these features."""
    face, landmarks, scale = network.face, network.landmarks, network.face.correction_scale
    read: dict[str, torch.Tensor] = {}
    layers = {"direct": landmarks.direct, "direct_rest": landmarks.direct_rest}

    def keep(name: str) -> Callable:
        return lambda _, inputs: read.__setitem__(name, inputs[0])

    hooks = [layer.register_forward_pre_hook(keep(name)) for name, layer in layers.items()]
    network.predict_face(seen)
    for hook in hooks:
        hook.remove()
    face.linear = Whitened(face.linear, face.standardise(seen.features), RIDGE["face"], scale / scale.max())
    ones = torch.ones(len(scale))
    for name, layer in layers.items():
        setattr(landmarks, name, Whitened(layer, read[name], RIDGE["landmarks"], ones))


def unwhitened(network: PeekabooNetwork) -> PeekabooNetwork:
    """Copy a network and fold every Whitened."""
    plain = copy.deepcopy(network)
    for module in (plain.face, plain.landmarks):
        for name, child in list(module.named_children()):
            if isinstance(child, Whitened):
                setattr(module, name, child.fold())
    return plain
