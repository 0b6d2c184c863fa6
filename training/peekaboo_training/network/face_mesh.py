"""MediaPipe's face mesh (npm @mediapipe/face_mesh, Apache-2.0) as a torch module: the network's starting point."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

PACKAGE = "@mediapipe/face_mesh@0.4.1657299874"
ARCHIVE = "mediapipe-face_mesh-0.4.1657299874.tgz"
ASSETS = "package/face_mesh_solution_packed_assets.data"
MODEL_BYTES = slice(2_495_952, 3_737_848)
MODEL_SHA256 = "c603fa6149219a3e9487dc9abd7a0c24474c77263273d24868378cdf40aa26d1"


def fetch_face_mesh(folder: Path) -> Path:
    """Give the path of face_landmark.tflite in `folder`, fetching it from npm if it is not there.

    Raises ValueError when its checksum is not the known one.
    """
    path = folder / "face_landmark.tflite"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(folder / ARCHIVE) as archive:
            assets = archive.extractfile(ASSETS).read()
        path.write_bytes(assets[MODEL_BYTES])
    if hashlib.sha256(path.read_bytes()).hexdigest() != MODEL_SHA256:
        raise ValueError(f"{path}: checksum differs from the known one; delete it to fetch it again")
    return path


def pad_same(x: torch.Tensor) -> torch.Tensor:
    """TensorFlow's SAME padding of a 3x3 convolution with stride 2 on an even size: one row and column at the end."""
    return F.pad(x, (0, 1, 0, 1))


class Block(nn.Module):
    """3x3 depthwise + 1x1 convolution, added to the input (halved and zero-padded in channels if need be), PReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, stride, 1 if stride == 1 else 0, groups=inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)
        self.activation = nn.PReLU(outputs)
        self.stride = stride
        self.extra = outputs - inputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.pointwise(self.depthwise(x if self.stride == 1 else pad_same(x)))
        if self.stride == 2:
            x = F.max_pool2d(x, 2)
        if self.extra > 0:
            x = F.pad(x, (0, 0, 0, 0, 0, self.extra))
        return self.activation(x + y)


class Stem(nn.Module):
    """RGB (B,3,192,192) in 0..1 -> (B,16,96,96)."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 16, 3, 2)
        self.activation = nn.PReLU(16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.activation(self.convolution(pad_same(x)))


class Branch(nn.Module):
    """Last layers of an output: 3x3x128 features -> (B,outputs)."""

    def __init__(self, outputs: int):
        super().__init__()
        self.reduce = nn.Conv2d(128, 32, 1)
        self.activation = nn.PReLU(32)
        self.block = Block(32, 32)
        self.final = nn.Conv2d(32, outputs, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.final(self.block(self.activation(self.reduce(x)))).flatten(1)


class FaceMesh(nn.Module):
    """The face mesh network: six resolutions, then a branch for 468 points and one for presence.

    `features(x)` gives the maps by resolution; `points3` and `presence3` are the 3x3x128 maps of the branches.
    """

    RESOLUTIONS = (96, 48, 24, 12, 6)
    CHANNELS = {96: 16, 48: 32, 24: 64, 12: 128, 6: 128}

    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.stages = nn.ModuleDict()
        previous = 16
        for resolution, channels in self.CHANNELS.items():
            blocks = [Block(previous, channels, 1 if resolution == 96 else 2), Block(channels, channels)]
            if resolution != 96:
                blocks.append(Block(channels, channels))
            self.stages[str(resolution)] = nn.Sequential(*blocks)
            previous = channels
        self.points3 = nn.Sequential(Block(128, 128, 2), Block(128, 128), Block(128, 128))
        self.presence3 = nn.Sequential(Block(128, 128, 2))
        self.points_branch = Branch(468 * 3)
        self.presence_branch = Branch(1)

    def features(self, x: torch.Tensor, freeze: int = 0) -> dict[int, torch.Tensor]:
        """Maps (B,C,R,R) by resolution R, without gradient down to resolution `freeze` (0: with all gradients)."""
        maps = {}
        for resolution in self.RESOLUTIONS:
            with torch.set_grad_enabled(torch.is_grad_enabled() and resolution < (freeze or 1000)):
                x = self.stages[str(resolution)](self.stem(x) if resolution == 96 else x)
            maps[resolution] = x
        return maps

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(B,3,192,192) -> points (B,468,3) in crop px with pixel edges at whole numbers, presence logit (B,1)."""
        last = self.features(x)[6]
        points = self.points_branch(self.points3(last)).unflatten(1, (468, 3))
        return points, self.presence_branch(self.presence3(last))

    def frozen_parameters(self, freeze: int) -> Iterator[nn.Parameter]:
        """Parameters of the layers down to resolution `freeze`; none for 0."""
        if freeze:
            yield from self.stem.parameters()
        for resolution in self.RESOLUTIONS:
            if freeze and resolution >= freeze:
                yield from self.stages[str(resolution)].parameters()


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
    """A tflite file's operators by the tensor they make; `fill_*` walk from an output back to the input.

    Each takes the id of a layer's output, copies the layer's weights into a module, and gives its input's id.
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
        """Inputs of the operator that makes `tensor`, which must be of this kind."""
        operator = self.made_by[tensor]
        if self.kind(tensor) != kind:
            raise ValueError(f"tensor {tensor} is made by {self.kind(tensor)}, expected {kind}")
        return [int(i) for i in operator.InputsAsNumpy()]

    def kind(self, tensor: int) -> str:
        """Name of the operator that makes `tensor`; empty for the image."""
        if tensor not in self.made_by:
            return ""
        code = self.model.OperatorCodes(self.made_by[tensor].OpcodeIndex())
        return self.names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    def weights(self, tensor: int) -> np.ndarray:
        """Constant `tensor`, whose float16 values the file may turn to float32 by an operator."""
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
