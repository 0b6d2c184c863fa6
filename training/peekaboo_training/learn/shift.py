"""`landmark-shift`: learn the residual of the model's points to MediaPipe's, for a bundle (landmark_shift.py).

It is valid for one network only, since it is learnt from that network's residuals.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from ..bundle.export import BundleNetwork, compare, expected_outputs, load_network
from ..bundle.manifest import FACE_MODEL_FILE, NETWORK_FILE, SHIFT_FILE, name_shift
from ..dataset.face_dataset import FaceDataset, Shares
from ..dataset.validation import validation_items
from ..face_model.format import read_face_model
from ..network.network import PeekabooNetwork
from ..scene.camera import decode_pose
from ..scene.eye_distance import METRIC_FLOOR_PX, eye_distance
from ..scene.geometry import FaceGeometry
from ..scene.landmark_shift import LandmarkShift, left_over, mirror_inputs, shift_inputs, write_shift
from ..scene.mirror import POINT_MIRROR, identity_mirror
from ..settings import CROP_SIZE, DATA_FOLDER, MODELS_FOLDER
from .point_losses import model_points

RANK = 48
PENALTY = 0.01
"""Of the ridge regression, for inputs of variance 1."""
TRUSTED_MM = 2.0
"""A face with this mean residual, mm, has a quarter of the weight of one without."""
SEED = 700_001
BATCH = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `landmark-shift`."""
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt of the bundle's network")
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--name", default="peekaboo", help="bundle to write the shift into (default: peekaboo)")
    parser.add_argument("--count", type=int, default=12_000, help="faces to learn from (default: 12000)")


def run(args: argparse.Namespace) -> int:
    """Learn the shift, print its effect on held-out faces, and write it into the bundle."""
    torch.set_num_threads(1)
    folder = MODELS_FOLDER / args.name
    model = read_face_model(folder / FACE_MODEL_FILE)
    geometry = FaceGeometry(model)
    network = load_network(args.checkpoint)
    check_same(network, folder / NETWORK_FILE)
    network.to(memory_format=torch.channels_last)
    shares = Shares(renders=0.0, negatives=0.0)
    samples = islice(FaceDataset(args.data, folder / FACE_MODEL_FILE, SEED, shares=shares), args.count)
    shift = learn(*collect(network, geometry, samples), identity_mirror(model))
    report(network, geometry, shift, args.data)
    write_shift(folder / SHIFT_FILE, shift)
    name_shift(folder, len(shift.reduce))
    print(f"wrote {folder / SHIFT_FILE}: {(folder / SHIFT_FILE).stat().st_size} bytes")
    return 0


@torch.no_grad()
def check_same(network: PeekabooNetwork, path: Path) -> None:
    """Raise ValueError when the network of a bundle gives other outputs than this one."""
    image = torch.rand(1, 3, CROP_SIZE, CROP_SIZE, generator=torch.Generator().manual_seed(0))
    compare(path, image, expected_outputs(BundleNetwork(network), image))


@torch.no_grad()
def collect(network: PeekabooNetwork, geometry: FaceGeometry, samples: Iterator[dict]) -> tuple[np.ndarray, np.ndarray]:
    """Run the network on samples: inputs of the shift (N, INPUTS), and residuals of the points (N, 478, 2) mm."""
    inputs, rests, done = [], [], 0
    while some := list(islice(samples, BATCH)):
        outputs, read, rotation, scale = predict(network, some)
        target = np.stack([sample["points"] for sample in some])
        inputs.append(read)
        rests.append(left_over(model_points(outputs, geometry).numpy(), target, rotation, scale))
        done += len(some)
        if done % (BATCH * 32) == 0:
            print(f"{done} faces", flush=True)
    return np.concatenate(inputs), np.concatenate(rests)


def predict(network: PeekabooNetwork, samples: list[dict]) -> tuple:
    """Run the network on samples: its outputs, `shift_inputs`, rotations (B, 3, 3), px per mm (B,)."""
    image = torch.from_numpy(np.stack([sample["image"] for sample in samples]))
    outputs = network(image.to(memory_format=torch.channels_last))
    pose = decode_pose(outputs.pose)
    rotation, scale = pose.rotation.numpy(), pose.scale.numpy()
    return outputs, shift_inputs(outputs.identity.numpy(), outputs.expression.numpy(), rotation), rotation, scale


def learn(inputs: np.ndarray, rests: np.ndarray, mirror: np.ndarray, rank: int = RANK) -> LandmarkShift:
    """Fit the residuals by reduced-rank ridge regression; every face counts mirrored, too.

    `mirror` (80, 80) mirrors identities.
    """
    trust = 1 / (TRUSTED_MM + np.linalg.norm(rests, axis=-1).mean(axis=1)) ** 2
    trust = np.concatenate([trust, trust])
    trust /= trust.mean()
    x = np.concatenate([inputs, mirror_inputs(inputs, mirror)]).astype(np.float64)
    y = np.concatenate([rests, rests[:, POINT_MIRROR] * np.float32([-1, 1])]).reshape(len(x), -1)
    spread = np.sqrt(np.average((x - np.average(x, axis=0, weights=trust)) ** 2, axis=0, weights=trust))
    gain = 1 / np.where(spread > 1e-3, spread, 1.0)
    z = x * gain
    gram = (z * trust[:, None]).T @ z / len(z)
    penalty = np.full(len(gram), PENALTY)
    penalty[-1] = 1e-9
    weights = np.linalg.solve(gram + np.diag(penalty), (z * trust[:, None]).T @ y / len(z))
    root = np.linalg.cholesky(gram + np.diag(penalty))
    left, size, right = np.linalg.svd(root.T @ weights, full_matrices=False)
    reduce = np.linalg.solve(root.T, left[:, :rank]) * gain[:, None]
    return LandmarkShift(reduce.T, size[:rank, None] * right[:rank])


@torch.no_grad()
def report(network: PeekabooNetwork, geometry: FaceGeometry, shift: LandmarkShift, data: Path) -> None:
    """Print the median error of held-out faces' 468 points, % of the eye distance, without and with the shift."""
    errors: dict[str, list[tuple[float, float]]] = {"clean": [], "covered": []}
    for pair in validation_items(data):
        outputs, inputs, rotation, scale = predict(network, list(pair))
        points = model_points(outputs, geometry).numpy()
        moved = shift.move(points, inputs, rotation, scale)
        true = np.stack([sample["points"] for sample in pair])
        unit = eye_distance(torch.from_numpy(true), METRIC_FLOOR_PX).numpy()
        off = [np.linalg.norm((p - true)[:, :468, :2], axis=-1).mean(axis=1) / unit * 100 for p in (points, moved)]
        for k, kind in enumerate(errors):
            errors[kind].append((float(off[0][k]), float(off[1][k])))
    for kind, values in errors.items():
        before, after = np.median(values, axis=0)
        print(f"{kind}: median {before:.3f} to {after:.3f} % of the eyes' distance, {len(values)} faces", flush=True)
