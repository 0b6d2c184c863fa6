"""The portrait-sheet command: prepared portraits as training draws them, to look at before training."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from ..covers.material import read_material
from ..data.faces import add_data_argument
from ..data.store import FaceStore
from ..face_model.format import read_face_model
from ..portraits.portrait import PORTRAITS_FOLDER
from ..portraits.samples import PortraitFaces
from ..settings import MODELS_FOLDER
from .tiles import arrange

_BANDS = (25, 45)
"""Degrees of yaw between the pages."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)
    face_model = MODELS_FOLDER / "peekaboo" / "face-model.bin"
    parser.add_argument("--face-model", type=Path, default=face_model, metavar="FILE", help="model of the fits")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the sheets, a page a band")
    parser.add_argument("--count", type=int, default=200, help="pictures in all (default: 200)")
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--points", action="store_true", help="mark the 478 points")


def run(args: argparse.Namespace) -> None:
    """Write one page for each band of yaw: below 25, 25 to 45, above 45 degrees."""
    model = read_face_model(args.face_model)
    store = FaceStore.read(args.data, held_back=False, model=model)
    faces = PortraitFaces(model, store, read_material(args.data / "material"),
                          args.data / PORTRAITS_FOLDER)  # fmt: skip
    rng = np.random.default_rng(args.seed)
    pages: list[list[np.ndarray]] = [[] for _ in range(len(_BANDS) + 1)]
    for _ in range(args.count):
        head, drawn = faces.draw(rng)
        rotation = head.pose.rotation.numpy()
        yaw = abs(np.degrees(np.arctan2(rotation[0, 2], rotation[2, 2])))
        page = pages[int(np.searchsorted(_BANDS, yaw))]
        page.append(_tile(drawn.picture, drawn.points if args.points else None, f"{len(page)}"))
    args.out.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages):
        if page:
            path = args.out / f"portraits-{number}.png"
            cv2.imwrite(str(path), arrange(page, args.columns))
            print(f"{path}: {len(page)} pictures")


def _tile(picture: np.ndarray, points: np.ndarray | None, label: str) -> np.ndarray:
    tile = np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8)[..., ::-1])
    for x, y in [] if points is None else points[:, :2].round().astype(int):
        cv2.circle(tile, (int(x), int(y)), 0, (0, 255, 0), -1)
    return cv2.putText(tile, label, (2, 11), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 255, 0), 1)
