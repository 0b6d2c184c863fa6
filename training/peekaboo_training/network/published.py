"""Read the weights of a bundle's network.onnx into torch, so that training can continue from a published network.

`export` keeps the parameters' names in the graph. Bundles before the mask's third channel (own hair and headwear) are
read, too; that channel keeps its initial weights. Slopes a of PReLU become constants (1+a)/2 (`PlainPReLU`), identified
by the order in which they were traced. A bundle lacks the auxiliary branch, which only training uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

from ..settings import CROP_SIZE
from .decoder import CHANNELS, gated_mask
from .network import PeekabooNetwork

if TYPE_CHECKING:
    import onnx

PREFIX = "network."
MASK_LAYER = ("decoder.final.weight", "decoder.final.bias")
COARSE_LAYER = ("decoder.coarse.weight", "decoder.coarse.bias")
TRAINING_ONLY = ("trunk.points_branch.", "trunk.presence_branch.")
"""Branches that no bundle has; bundles before the third channel of the mask lack decoder.coarse, too."""
TOLERANCE = 1e-4


def read_published(path: Path) -> dict[str, torch.Tensor]:
    """Read the state dict of PeekabooNetwork, float32, without the branches that only training uses.

    Raises ValueError when the graph lacks a parameter, or gives other outputs than the network with these weights: it
    was exported from another version of the network.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(path)
    constants = {
        entry.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(entry).copy()).float()
        for entry in model.graph.initializer
    }
    network = PeekabooNetwork().eval()
    own = {name: value for name, value in network.state_dict().items() if not name.startswith(TRAINING_ONLY)}
    state = {
        name: constants[PREFIX + name].reshape(value.shape) if constants[PREFIX + name].numel() == value.numel()
        else constants[PREFIX + name] for name, value in own.items() if PREFIX + name in constants
    }  # fmt: skip
    slopes = [2 * constants[name].flatten() - 1 for name in _factor_names(model)]
    names = _prelus_in_order(network)
    if len(slopes) != len(names):
        raise ValueError(f"{path}: {len(slopes)} PReLUs, this version's network has {len(names)}")
    state |= dict(zip(names, slopes, strict=True))
    state |= {name: constants[kept].clone() for name, kept in _layer_biases(model) if name in own and name not in state}
    for name in MASK_LAYER:
        if name in state and len(state[name]) < CHANNELS:
            state[name] = torch.cat([state[name], own[name][len(state[name]) :]])
    if len(constants[PREFIX + MASK_LAYER[1]]) < CHANNELS:
        state |= {name: own[name] for name in COARSE_LAYER}
    lacking = sorted(own.keys() - state.keys())
    different = sorted(name for name in own.keys() & state.keys() if own[name].shape != state[name].shape)
    if lacking or different:
        raise ValueError(f"{path}: not this version's network: lacks {lacking}, other shapes {different}")
    network.load_state_dict(state, strict=False)
    _check(network, path)
    return state


def _factor_names(model: onnx.ModelProto) -> list[str]:
    """List the constants (1+a)/2 of PlainPReLU in the order of tracing, given by their numbers (onnx::Mul_1114)."""
    sizes = {node.output[0]: node.input[0] for node in model.graph.node if node.op_type == "Abs"}
    factors = {}  # (value, constant) of every product with a numbered constant
    for node in model.graph.node:
        if node.op_type == "Mul" and re.fullmatch(r"onnx::Mul_\d+", node.input[1]):
            factors[node.input[0]] = node.input[1]
    names = [factors[value] for size, value in sizes.items() if size in factors and value in factors]
    return sorted(names, key=lambda name: int(name.rsplit("_", 1)[1]))


def nodes_of(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """Give the nodes of a graph and of the branches of its If nodes."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from nodes_of(attribute.g)


def _layer_biases(model: onnx.ModelProto) -> Iterator[tuple[str, str]]:
    """Map the bias of each layer to its constant; the graph stores equal biases once, under one layer's name."""
    for node in nodes_of(model.graph):
        if node.op_type in ("Conv", "Gemm") and len(node.input) == 3 and node.input[1].endswith(".weight"):
            yield node.input[1].removeprefix(PREFIX).removesuffix("weight") + "bias", node.input[2]


def _prelus_in_order(network: PeekabooNetwork) -> list[str]:
    """Names of the PReLUs' slopes in the order in which they run."""
    names: list[str] = []
    handles = [
        module.register_forward_hook(lambda *_, name=name: names.append(f"{name}.weight"))
        for name, module in network.named_modules()
        if isinstance(module, nn.PReLU)
    ]
    with torch.no_grad():
        network(torch.zeros(1, 3, CROP_SIZE, CROP_SIZE))
    for handle in handles:
        handle.remove()
    return names


def _check(network: PeekabooNetwork, path: Path) -> None:
    """Raise ValueError when torch with these weights gives other outputs than the graph."""
    import onnx
    import onnxruntime

    image = torch.rand(1, 3, CROP_SIZE, CROP_SIZE, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        named = network(image)._asdict()
    for name in ("presence", "mask", "coarse_mask"):
        named[name] = torch.sigmoid(named[name])
    if any(node.op_type == "If" for node in onnx.load(path).graph.node):
        named["mask"] = gated_mask(named["mask"], named["coarse_mask"])
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for output in session.get_outputs():
        predicted = torch.from_numpy(session.run([output.name], {"image": image.numpy()})[0])
        channels = predicted.shape[1]  # fewer of the mask in older bundles
        worst = float((named[output.name][:, :channels] - predicted).abs().max())
        if worst > TOLERANCE:
            raise ValueError(f"{path}: {output.name} differs from this version's network by {worst:.1e}")
