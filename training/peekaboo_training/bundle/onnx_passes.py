"""Passes over an exported ONNX graph."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..network.decoder import FINE_THRESHOLD
from ..network.published import nodes_of

if TYPE_CHECKING:
    import onnx

FORBIDDEN = {"PRelu", "Max", "Min"}
LEAST_HALVED = 256
MASK, COARSE_MASK = "mask", "coarse_mask"


def simplify(source: Path, target: Path) -> None:
    """Fold constants and paddings, gate the fine mask, store weights as float16.

    Raises ValueError for operators that WebGPU lacks.
    """
    import onnx
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    model = onnx.load(target)
    foreign = {node.op_type for node in nodes_of(model.graph) if node.domain or node.op_type in FORBIDDEN}
    if foreign:
        raise ValueError(f"{target}: operators that not every provider has: {sorted(foreign)}")
    standard = [entry for entry in model.opset_import if not entry.domain]
    del model.opset_import[:]
    model.opset_import.extend(standard)
    model.producer_name = "peekaboo"
    fold_paddings(model)
    flatten_convolutions(model)
    gate_fine_mask(model)
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
    read = {name for node in nodes_of(model.graph) for name in node.input}
    for constant in [entry for entry in model.graph.initializer if entry.name not in read]:
        model.graph.initializer.remove(constant)


def flatten_convolutions(model: onnx.ModelProto) -> None:
    """Turn convolutions without padding whose kernel is as large as their map into products with a matrix.

    Runtimes would copy the map first (im2col): the product takes a fifth of the time.
    """
    from onnx import helper, numpy_helper, shape_inference

    inferred = shape_inference.infer_shapes(model).graph
    shapes = {info.name: [d.dim_value for d in info.type.tensor_type.shape.dim] for info in inferred.value_info}
    constants = {entry.name: entry for entry in model.graph.initializer}
    for place, node in reversed(list(enumerate(model.graph.node))):
        if node.op_type != "Conv" or node.input[1] not in constants or node.input[0] not in shapes:
            continue
        kernel, options = constants[node.input[1]], {a.name: helper.get_attribute_value(a) for a in node.attribute}
        plain = options.get("group", 1) == 1 and not any(options.get("pads", [0]))
        if not plain or list(kernel.dims[1:]) != shapes[node.input[0]][1:] or kernel.dims[2] == 1:
            continue
        flat, product, target = (f"{node.name}/{part}" for part in ("flat", "product", "shape"))
        values = numpy_helper.to_array(kernel).reshape(kernel.dims[0], -1)
        kernel.CopyFrom(numpy_helper.from_array(values, kernel.name))
        model.graph.initializer.append(numpy_helper.from_array(np.array([-1, len(values), 1, 1], np.int64), target))
        nodes = [
            helper.make_node("Flatten", [node.input[0]], [flat], name=f"{node.name}/Flatten"),
            helper.make_node("Gemm", [flat, *node.input[1:]], [product], name=f"{node.name}/Gemm", transB=1),
            helper.make_node("Reshape", [product, target], node.output, name=f"{node.name}/Reshape"),
        ]
        model.graph.node.remove(node)
        for more in reversed(nodes):
            model.graph.node.insert(place, more)


def gate_fine_mask(model: onnx.ModelProto) -> None:
    """Compute the fine mask only where the coarse one shows an occluder; otherwise enlarge the coarse one.

    The output COARSE_MASK disappears. All nodes that only the fine mask needs become a branch of an If node.
    """
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    others = [output.name for output in graph.output if output.name != MASK]
    needed, fine = _ancestors(graph, others), _ancestors(graph, [MASK])
    branch = [node for node in graph.node if node.output[0] in fine and node.output[0] not in needed]
    for node in branch:
        graph.node.remove(node)
    branch[-1].output[0] = f"{MASK}_fine"
    size = [d.dim_value for d in next(o for o in graph.output if o.name == MASK).type.tensor_type.shape.dim]
    kept = [output for output in graph.output if output.name != COARSE_MASK]
    del graph.output[:]
    graph.output.extend(kept)

    def branch_of(name: str, nodes: list) -> onnx.GraphProto:
        output = helper.make_tensor_value_info(f"{MASK}_{name}", TensorProto.FLOAT, size)
        return helper.make_graph(nodes, name, [], [output])

    enlarge = helper.make_node("Resize", [COARSE_MASK, "", "mask_scales"], [f"{MASK}_coarse"], mode="linear",
                               coordinate_transformation_mode="half_pixel")  # fmt: skip
    constants = {"mask_starts": [0], "mask_ends": [1], "mask_axes": [1]}
    values = [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in constants.items()]
    values.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "mask_scales"))
    values.append(numpy_helper.from_array(np.float32(FINE_THRESHOLD), "mask_threshold"))
    graph.initializer.extend(values)
    graph.node.extend([
        helper.make_node("Slice", [COARSE_MASK, *constants], ["coarse_occluder"], name="/mask/Slice"),
        helper.make_node("ReduceMax", ["coarse_occluder"], ["most_occluder"], name="/mask/ReduceMax", keepdims=0),
        helper.make_node("Greater", ["most_occluder", "mask_threshold"], ["has_occluder"], name="/mask/Greater"),
        helper.make_node("If", ["has_occluder"], [MASK], name="/mask/If", then_branch=branch_of("fine", branch),
                         else_branch=branch_of("coarse", [enlarge])),
    ])  # fmt: skip


def _ancestors(graph: onnx.GraphProto, names: list[str]) -> set[str]:
    """Give the names of all values that `names` depend on, with themselves."""
    maker = {name: node for node in graph.node for name in node.output}
    found, open_names = set(), list(names)
    while open_names:
        name = open_names.pop()
        if name not in found:
            found.add(name)
            open_names += maker[name].input if name in maker else []
    return found


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
