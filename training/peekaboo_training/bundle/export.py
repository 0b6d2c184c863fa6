"""`export`: a checkpoint as a bundle for the browser: network.onnx, face-model.bin, manifest.json.

onnxruntime-web's WebGPU has no PRelu, Max or Min, and Relu takes several times as long as
Abs in its wasm: PReLU is written as (1+a)/2 * x + (1-a)/2 * |x|.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from ..face_model.format import read_face_model
from ..network.checkpoint import read_checkpoint
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

if TYPE_CHECKING:
    import onnx

OPSET = 17
FORBIDDEN = {"PRelu", "Max", "Min"}
TOLERANCE = 1e-4
LEAST_HALVED = 256


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `export`."""
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt of a training run")
    parser.add_argument("--name", default="peekaboo", help="folder under public/models (default: peekaboo)")
    parser.add_argument("--face-model", type=Path, help="face-model.bin (default: the one in the bundle's folder)")
    add_figure_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Write the bundle and say how big and how exact it is."""
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
        print(f"removed {folder / SHIFT_FILE}, which belonged to other weights: run landmark-shift again")
    figures = read_figures(args.held_back, args.scores)
    terms = TERMS_OF_BUNDLES.get(args.name, TERMS)
    write_manifest(folder, build_manifest(folder, args.name, terms, figures))
    size = (folder / NETWORK_FILE).stat().st_size / 1e6
    print(f"wrote {folder}: network {size:.2f} MB, largest difference between torch and onnxruntime {difference:.1e}")
    return 0


def load_network(checkpoint: Path) -> PeekabooNetwork:
    """The averaged weights of a checkpoint as a bundle keeps them (`round_to_half`), ready to run."""
    network = PeekabooNetwork()
    network.load_state_dict(read_checkpoint(checkpoint)["network"])
    return round_to_half(network.eval())


@torch.no_grad()
def round_to_half(network: PeekabooNetwork) -> PeekabooNetwork:
    """Round all weights to what 16 bits can say, so that the file needs half the bytes; gives the network back."""
    for parameter in network.parameters():
        parameter.copy_(parameter.half().float())
    return network


class PlainPReLU(nn.Module):
    """PReLU by operators that every provider has."""

    def __init__(self, slope: torch.Tensor):
        super().__init__()
        self.register_buffer("odd", (1 + slope.detach()) / 2)
        self.register_buffer("even", (1 - slope.detach()) / 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape = (1, -1) + (1,) * (x.dim() - 2)
        return x * self.odd.view(shape) + torch.abs(x) * self.even.view(shape)


def replace_prelu(module: nn.Module) -> None:
    """Swap every PReLU below `module` for PlainPReLU."""
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
        named["presence"], named["mask"] = torch.sigmoid(named["presence"]), torch.sigmoid(named["mask"])
        return tuple(named[name] for name in OUTPUTS)


def export_network(network: PeekabooNetwork, path: Path) -> float:
    """Write network.onnx; returns the largest difference between torch and onnxruntime, raises if it is too large."""
    wrapped = BundleNetwork(network).eval()
    image = torch.rand(1, 3, CROP_SIZE, CROP_SIZE, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = wrapped(image)
    replace_prelu(wrapped)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            wrapped, (image,), raw, input_names=["image"], output_names=list(OUTPUTS), opset_version=OPSET, dynamo=False
        )
        simplify(raw, path)
    return compare(path, image, expected)


def simplify(source: Path, target: Path) -> None:
    """Fold constants and paddings by onnxruntime's basic passes; refuse operators that WebGPU lacks."""
    import onnx
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    model = onnx.load(target)
    foreign = {node.op_type for node in model.graph.node if node.domain or node.op_type in FORBIDDEN}
    if foreign:
        raise ValueError(f"{target}: operators that not every provider has: {sorted(foreign)}")
    standard = [entry for entry in model.opset_import if not entry.domain]
    del model.opset_import[:]
    model.opset_import.extend(standard)
    model.producer_name = "peekaboo"
    fold_paddings(model)
    store_halves(model)
    onnx.checker.check_model(model)
    onnx.save(model, target)


def fold_paddings(model: onnx.ModelProto) -> None:
    """Leave zeros about rows and columns to the convolutions that read them: a Pad of its own copies the whole map.

    Paddings of channels stay, and those that anything else than a convolution reads.
    """
    from onnx import numpy_helper

    constants = {entry.name: numpy_helper.to_array(entry) for entry in model.graph.initializer}
    for pad in [node for node in model.graph.node if node.op_type == "Pad"]:
        before, after = constants[pad.input[1]].reshape(2, -1).tolist()
        value = float(constants[pad.input[2]].item()) if len(pad.input) > 2 and pad.input[2] else 0.0
        readers = [node for node in model.graph.node if pad.output[0] in node.input]
        if value or any(before[:2] + after[:2]) or any(reader.op_type != "Conv" for reader in readers):
            continue
        for reader in readers:
            reader.input[0] = pad.input[0]
            pads = next(attribute for attribute in reader.attribute if attribute.name == "pads")
            pads.ints[:] = [own + more for own, more in zip(pads.ints, before[2:] + after[2:], strict=True)]
        model.graph.node.remove(pad)
    drop_unread_constants(model)


def drop_unread_constants(model: onnx.ModelProto) -> None:
    """Remove constants that no node reads: runtimes complain of each whenever they load the network."""
    read = {name for node in model.graph.node for name in node.input}
    for constant in [entry for entry in model.graph.initializer if entry.name not in read]:
        model.graph.initializer.remove(constant)


def store_halves(model: onnx.ModelProto) -> None:
    """Keep large constants that lose nothing by it as float16, with a Cast that every runtime folds when it loads."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for constant in model.graph.initializer:
        values = numpy_helper.to_array(constant)
        if (
            values.dtype != np.float32
            or values.size < LEAST_HALVED
            or not np.array_equal(values.astype(np.float16), values)
        ):
            continue
        name = constant.name
        constant.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def compare(path: Path, image: torch.Tensor, expected: tuple[torch.Tensor, ...]) -> float:
    """Largest difference of any output; raises ValueError above the tolerance."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs = session.run(list(OUTPUTS), {"image": image.numpy()})
    worst = max(float(np.abs(a.numpy() - b).max()) for a, b in zip(expected, outputs, strict=True))
    if worst > TOLERANCE:
        raise ValueError(f"{path}: differs from torch by {worst:.1e}, more than {TOLERANCE:.0e}")
    return worst
