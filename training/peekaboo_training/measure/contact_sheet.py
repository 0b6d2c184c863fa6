"""`contact-sheet`: held-out faces with the predicted mesh or points, and the mask, drawn over them."""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch

from ..dataset.validation import validation_items
from ..face_model.format import PART_NAMES, FaceModel, read_face_model
from ..network.checkpoint import read_checkpoint
from ..network.network import PeekabooNetwork
from ..network.outputs import Outputs
from ..scene.camera import project
from ..scene.geometry import FaceGeometry
from ..settings import DATA_FOLDER, DEFAULT_FACE_MODEL
from .evaluate import note_points, predict
from .tiles import arrange

ZOOM = 2
COLUMNS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `contact-sheet`."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL)
    parser.add_argument("--out", type=Path, required=True, help="picture to write (jpg or png)")
    parser.add_argument("--count", type=int, default=18, help="faces (default: 18)")
    parser.add_argument("--every", type=int, default=13, help="take every n-th held-out face (default: 13)")


def run(args: argparse.Namespace) -> int:
    """Write the sheet: for each face the covered crop, the mesh (or points), and the mask."""
    torch.set_num_threads(1)
    content = read_checkpoint(args.checkpoint)
    network = PeekabooNetwork().eval()
    network.load_state_dict(content["network"])
    model = read_face_model(args.face_model) if content["stage"] == "full" else None
    pairs = validation_items(args.data, None, 200)
    chosen = islice(pairs, 0, args.count * args.every, args.every)
    tiles = [draw(network, model, covered) for _, covered in chosen]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(args.out), arrange(tiles, COLUMNS))
    print(f"wrote {args.out}")
    return 0


def draw(network: PeekabooNetwork, model: FaceModel | None, sample: dict) -> np.ndarray:
    """One row of three pictures, BGR uint8; on the middle one the mean error of its points, % of the eye distance."""
    outputs, batch = predict(network, sample)
    geometry = FaceGeometry(model) if model else None
    image = np.ascontiguousarray((sample["image"].transpose(1, 2, 0)[..., ::-1] * 255).astype(np.uint8))
    large = cv2.resize(image, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
    over = draw_mesh(large, outputs, model) if model else draw_points(large, outputs)
    error = f"{drawn_error(outputs, batch, geometry):.1f}"
    cv2.putText(over, error, (6, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 255, 255), 2)
    return np.concatenate([large, over, draw_mask(large, outputs)], axis=1)


def drawn_error(outputs: Outputs, batch: dict[str, torch.Tensor], geometry: FaceGeometry | None) -> float:
    """Mean error of the drawn points, measured as in `evaluate`: the model's, or the auxiliary branch's."""
    values: dict[str, list[float]] = defaultdict(list)
    note_points(values, "drawn", outputs, batch, geometry)
    return values["points/drawn" if geometry else "auxiliary/drawn"][0]


def draw_points(image: np.ndarray, outputs: Outputs) -> np.ndarray:
    """The auxiliary branch's 468 points as dots."""
    result = image.copy()
    for x, y, _ in outputs.points[0].numpy() * ZOOM + (ZOOM - 1) / 2:
        cv2.circle(result, (int(round(float(x))), int(round(float(y)))), 1, (0, 255, 0), -1)
    return result


def draw_mesh(image: np.ndarray, outputs: Outputs, model: FaceModel) -> np.ndarray:
    """Front-facing triangles of skin and eyes as a wire mesh."""
    vertices = model.vertices(outputs.identity[0].numpy(), outputs.expression[0].numpy())
    uv = project(torch.from_numpy(vertices), outputs.pose[0], torch.from_numpy(model.origin))[:, :2].numpy()
    drawn = [PART_NAMES.index(name) for name in ("face", "eyeLeft", "eyeRight")]
    triangles = model.triangles[np.isin(model.part[model.triangles], drawn).all(axis=1)]
    a, b, c = (uv[triangles[:, k]] for k in range(3))
    facing = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0] < 0
    lines = [np.round((uv[t] * ZOOM + (ZOOM - 1) / 2) * 8).astype(np.int32)[:, None] for t in triangles[facing]]
    wire = image.copy()
    cv2.polylines(wire, lines, True, (120, 255, 120), 1, cv2.LINE_AA, 3)
    return cv2.addWeighted(image, 0.55, wire, 0.45, 0)


def draw_mask(image: np.ndarray, outputs: Outputs) -> np.ndarray:
    """Occluder in red, visible skin in blue."""
    mask = torch.sigmoid(outputs.mask[0]).permute(1, 2, 0).numpy()
    mask = cv2.resize(mask, image.shape[1::-1])
    tint = np.dstack([255 * mask[..., 1], np.zeros_like(mask[..., 0]), 255 * mask[..., 0]])
    return np.clip(0.6 * image + 0.4 * tint, 0, 255).astype(np.uint8)
