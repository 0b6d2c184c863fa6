"""The weights that a training run starts from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
import torch.nn.functional as F

from ..network.checkpoint import read_checkpoint
from ..network.face_mesh_file import fetch_face_mesh, load_face_mesh
from ..network.network import PeekabooNetwork
from ..network.published import read_published
from ..settings import TrainSettings
from .batch import Sample
from .ridge import ridge_start


def start_network(args: argparse.Namespace, settings: TrainSettings, samples: Iterator[Sample]) -> PeekabooNetwork:
    """Face mesh weights, or an earlier stage's; the linear head by ridge regression when stage full begins."""
    network = PeekabooNetwork()
    if args.resume:
        return network
    stage = None
    if args.start:
        state, stage = read_start(args.start)
        if args.start.suffix == ".onnx":
            network.trunk = load_face_mesh(fetch_face_mesh(args.data / "models"))
        load_fitting(network, state)
    else:
        network.trunk = load_face_mesh(fetch_face_mesh(args.data / "models"))
    if settings.stage == "full" and stage != "full":
        r2 = ridge_start(network, samples, settings.ridge_samples)
        print("ridge start, held-back R2", {name: round(value, 3) for name, value in r2.items()}, flush=True)
    return network


def read_start(path: Path) -> tuple[Mapping[str, torch.Tensor], str]:
    """Weights to start from and the stage that they have been through: a checkpoint's, or a bundle's network.onnx."""
    if path.suffix == ".onnx":
        return read_published(path), "full"
    content = read_checkpoint(path)
    return content["network"], content["stage"]


def load_fitting(network: PeekabooNetwork, state: Mapping[str, torch.Tensor]) -> None:
    """Take over every tensor that the network still has in this shape; says which parts start anew.

    A dense layer that reads more than it did keeps its weights, and hears nothing of the rest at first.
    """
    own = network.state_dict()
    state = {name: widened(value, own[name]) if name in own else value for name, value in state.items()}
    fitting = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
    network.load_state_dict(fitting, strict=False)
    anew = sorted({name.split(".")[0] for name in own.keys() - fitting.keys()})
    if anew:
        print(f"parts that start anew, at least partly: {', '.join(anew)}", flush=True)


def widened(weight: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """A dense layer's weight (O,I) with zeros for inputs that only `own` (O,I+N) has; anything else as it is."""
    if weight.dim() != 2 or own.dim() != 2 or len(weight) != len(own) or weight.shape[1] >= own.shape[1]:
        return weight
    return F.pad(weight, (0, own.shape[1] - weight.shape[1]))
