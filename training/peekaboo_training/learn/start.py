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
from .batch import Batch
from .ridge import ridge_start


def start_network(args: argparse.Namespace, settings: TrainSettings, samples: Iterator[Batch]) -> PeekabooNetwork:
    """Load the face mesh's weights or those of --start; for a new stage full, fit the linear head by ridge regression.

    With --resume the network stays uninitialised: `train` loads the checkpoint.
    """
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
    """Read the weights and the stage of a checkpoint, or of a bundle's network.onnx."""
    if path.suffix == ".onnx":
        return read_published(path), "full"
    content = read_checkpoint(path)
    return content["network"], content["stage"]


def load_fitting(network: PeekabooNetwork, state: Mapping[str, torch.Tensor]) -> None:
    """Load every tensor whose name and shape the network has; prints the parts that keep their initial weights.

    A dense layer with additional inputs keeps its weights; those of the new inputs start at 0.
    """
    own = network.state_dict()
    state = {name: widened(value, own[name]) if name in own else value for name, value in state.items()}
    fitting = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
    network.load_state_dict(fitting, strict=False)
    anew = sorted({name.split(".")[0] for name in own.keys() - fitting.keys()})
    if anew:
        print(f"parts with initial weights, at least in part: {', '.join(anew)}", flush=True)


def widened(weight: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """Fit a layer's weight to a larger layer `own`; any other tensor is unchanged.

    A dense layer (O,I) is padded with zeros for new inputs. New outputs keep the initial values of `own`.
    """
    if weight.dim() and weight.shape[1:] == own.shape[1:] and len(weight) < len(own):
        return torch.cat([weight, own[len(weight) :]])
    if weight.dim() != 2 or own.dim() != 2 or len(weight) != len(own) or weight.shape[1] >= own.shape[1]:
        return weight
    return F.pad(weight, (0, own.shape[1] - weight.shape[1]))
