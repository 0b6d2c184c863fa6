"""`export`: write a checkpoint as a bundle for the browser: network.onnx, face-model.bin, manifest.json.

The fine mask is computed only where the coarse one shows an occluder (`onnx_passes.gate_fine_mask`).

onnxruntime-web's WebGPU provider lacks PRelu, Max and Min, and its wasm provider runs Relu several times slower than
Abs: PReLU is exported as (1+a)/2 * x + (1-a)/2 * |x|.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..face_model.format import read_face_model
from ..network.checkpoint import read_checkpoint
from ..network.decoder import gated_mask
from ..network.network import PeekabooNetwork
from ..settings import CROP_SIZE, MODELS_FOLDER
from .figures import add_figure_arguments, read_figures
from .manifest import (
    FACE_MODEL_FILE,
    NETWORK_FILE,
    OUTPUTS,
    SHIFT_FILE,
    TERMS,
    TERMS_OF_BUNDLES,
    build_manifest,
    write_manifest,
)  # fmt: skip
from .onnx_passes import COARSE_MASK, MASK, simplify

OPSET = 17
TOLERANCE = 1e-4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `export`."""
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt of a training run")
    parser.add_argument("--name", default="peekaboo", help="folder under public/models (default: peekaboo)")
    parser.add_argument("--face-model", type=Path, help="face-model.bin (default: the one in the bundle's folder)")
    add_figure_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Write the bundle and print its size and its deviation from torch."""
    folder = MODELS_FOLDER / args.name
    folder.mkdir(parents=True, exist_ok=True)
    face_model = args.face_model or folder / FACE_MODEL_FILE
    read_face_model(face_model)
    network = load_network(args.checkpoint)
    difference = export_network(network, folder / NETWORK_FILE)
    if face_model.resolve() != (folder / FACE_MODEL_FILE).resolve():
        shutil.copyfile(face_model, folder / FACE_MODEL_FILE)
    if (folder / SHIFT_FILE).exists():
        (folder / SHIFT_FILE).unlink()
        print(f"removed {folder / SHIFT_FILE}, made for other weights: run landmark-shift again")
    figures = read_figures(args.held_back, args.scores, args.breakdown)
    terms = TERMS_OF_BUNDLES.get(args.name, TERMS)
    write_manifest(folder, build_manifest(folder, args.name, terms, figures))
    size = (folder / NETWORK_FILE).stat().st_size / 1e6
    print(f"wrote {folder}: network {size:.2f} MB, largest difference between torch and onnxruntime {difference:.1e}")
    return 0


def load_network(checkpoint: Path) -> PeekabooNetwork:
    """Load the averaged weights of a checkpoint in the precision of a bundle (`round_to_half`), for inference."""
    network = PeekabooNetwork()
    network.load_state_dict(read_checkpoint(checkpoint)["network"])
    return round_to_half(network.eval())


@torch.no_grad()
def round_to_half(network: PeekabooNetwork) -> PeekabooNetwork:
    """Round all weights to float16 values in place, so that the file takes half the bytes; gives the network."""
    for parameter in network.parameters():
        parameter.copy_(parameter.half().float())
    return network


class PlainPReLU(nn.Module):
    """PReLU made of operators that every provider supports."""

    def __init__(self, slope: torch.Tensor):
        super().__init__()
        self.register_buffer("odd", (1 + slope.detach()) / 2)
        self.register_buffer("even", (1 - slope.detach()) / 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape = (1, -1) + (1,) * (x.dim() - 2)
        return x * self.odd.view(shape) + torch.abs(x) * self.even.view(shape)


def replace_prelu(module: nn.Module) -> None:
    """Replace every PReLU below `module` by PlainPReLU."""
    for name, child in module.named_children():
        if isinstance(child, nn.PReLU):
            setattr(module, name, PlainPReLU(child.weight))
        else:
            replace_prelu(child)


class BundleNetwork(nn.Module):
    """The network with the outputs of the bundle: probabilities instead of logits, in the manifest's order."""

    def __init__(self, network: PeekabooNetwork):
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        named = self.network(image)._asdict()
        for name in ("presence", MASK, COARSE_MASK):
            named[name] = torch.sigmoid(named[name])
        return tuple(named[name] for name in (*OUTPUTS, COARSE_MASK))


def export_network(network: PeekabooNetwork, path: Path) -> float:
    """Write network.onnx; gives the largest difference to torch. Raises ValueError when it is above TOLERANCE."""
    wrapped = BundleNetwork(network).eval()
    image = torch.rand(1, 3, CROP_SIZE, CROP_SIZE, generator=torch.Generator().manual_seed(0))
    expected = expected_outputs(wrapped, image)
    replace_prelu(wrapped)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            wrapped, (image,), raw, input_names=["image"], output_names=[*OUTPUTS, COARSE_MASK], opset_version=OPSET,
            dynamo=False,
        )
        simplify(raw, path)
    return compare(path, image, expected)


@torch.no_grad()
def expected_outputs(network: BundleNetwork, image: torch.Tensor) -> list[torch.Tensor]:
    """Give what the bundle's graph gives for an image (1,3,192,192), in the manifest's order."""
    *outputs, mask, coarse = network(image)
    return [*outputs, gated_mask(mask, coarse)]


def compare(path: Path, image: torch.Tensor, expected: list[torch.Tensor]) -> float:
    """Largest difference of any output; raises ValueError above the tolerance."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs = session.run(list(OUTPUTS), {"image": image.numpy()})
    shapes = [tuple(a.shape) for a in expected], [b.shape for b in outputs]
    if shapes[0] != shapes[1]:
        raise ValueError(f"{path}: differs from torch in the shapes of its outputs: {shapes[1]}, not {shapes[0]}")
    worst = max(float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, outputs, strict=True))
    if worst > TOLERANCE:
        raise ValueError(f"{path}: differs from torch by {worst:.1e}, more than {TOLERANCE:.0e}")
    return worst
