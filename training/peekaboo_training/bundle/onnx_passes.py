"""Passes over an exported ONNX graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import onnx

FORBIDDEN = {"PRelu", "Max", "Min"}
LEAST_HALVED = 256


def simplify(source: Path, target: Path) -> None:
    """Fold constants and paddings, store weights as float16. Raises ValueError for operators that WebGPU lacks."""
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
    """Merge zero paddings of rows and columns into the convolutions that read them: a Pad node copies the whole map.

    Paddings of channels stay, and those with a reader that is not a convolution.
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
    """Remove constants that no node reads; runtimes warn about each when they load the network."""
    read = {name for node in model.graph.node for name in node.input}
    for constant in [entry for entry in model.graph.initializer if entry.name not in read]:
        model.graph.initializer.remove(constant)


def store_halves(model: onnx.ModelProto) -> None:
    """Store large constants as float16 where that is exact, with a Cast that runtimes fold when loading."""
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
