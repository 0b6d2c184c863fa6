"""`doubts`: which labelled pictures have something in front of the face already, by a network and by dark lenses.

Hands, microphones and sunglasses that were in a picture from the start carry no label; to call them face would teach
the mask not to see them. The mask's supervised loss is left out on these pictures, but for what is pasted onto them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ..settings import CROP_SIZE, MODELS_FOLDER
from .faces import BORDER, LabelledFaces, add_data_argument, read_collections

if TYPE_CHECKING:
    import onnxruntime

DOUBTS_FILE = "doubts.npz"
COVERED_SHARE = 0.015
"""A face of which the network calls more covered is doubtful."""
DARK_LENSES = 0.55
"""A face is doubtful, too, when the skin about its eyes is darker than this share of its cheeks."""
ABOUT_EYES = ([230, 229, 231, 119, 120, 159, 145, 27, 23], [450, 449, 451, 348, 349, 386, 374, 257, 253])
_CHEEKS = [50, 280, 205, 425, 101, 330, 118, 347]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)
    network = MODELS_FOLDER / "peekaboo" / "network.onnx"
    parser.add_argument("--network", type=Path, default=network, metavar="FILE", help="network.onnx of a bundle")


def run(args: argparse.Namespace) -> None:
    """Write doubts.npz under the data folder and say how many pictures are doubtful, and why."""
    session = open_network(args.network)
    keys, covered, lenses = [], [], []
    for faces in read_collections(args.data / "labels"):
        for index, name in enumerate(faces.names):
            picture, points = _crop(faces, index)
            keys.append(f"{faces.name}/{name}")
            covered.append(covered_share(session, picture, points))
            lenses.append(lens_brightness(picture, points))
            if len(keys) % 2000 == 0:
                print(f"{len(keys)} faces", flush=True)
    part = args.data / "doubts.part.npz"
    np.savez(part, keys=np.array(keys), covered=np.array(covered, np.float32), lenses=np.array(lenses, np.float32))
    part.replace(args.data / DOUBTS_FILE)
    by_mask, by_lens = np.array(covered) > COVERED_SHARE, np.array(lenses) < DARK_LENSES
    both = by_mask | by_lens
    print(f"{both.sum()} of {len(keys)} doubtful: {by_mask.sum()} by the mask, {by_lens.sum()} by lenses")


def open_network(path: Path) -> onnxruntime.InferenceSession:
    """A bundle's network.onnx on the CPU, one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def read_doubtful(path: Path) -> set[str]:
    """Give the keys (collection/name) of doubtful pictures; none where the file is missing."""
    if not path.exists():
        return set()
    with np.load(path) as data:
        chosen = (data["covered"] > COVERED_SHARE) | (data["lenses"] < DARK_LENSES)
        return {str(key) for key in data["keys"][chosen]}


def covered_share(session: onnxruntime.InferenceSession, picture: np.ndarray, points: np.ndarray) -> float:
    """Share of the face, the hull of the 468 points, that the network calls covered; picture RGB uint8 192x192."""
    image = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / 255
    occluder = session.run(["mask"], {"image": image})[0][0, 0]
    hull = face_cells(points, len(occluder))
    return float((hull * (occluder > 0.5)).sum() / max(hull.sum(), 1))


def face_cells(points: np.ndarray, side: int) -> np.ndarray:
    """The hull of the 468 points (crop px) as cells (side, side), 0 or 1."""
    hull = np.zeros((side, side), np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull((points[:468, :2] * (side / CROP_SIZE)).round().astype(np.int32)), 1)
    return hull


def lens_brightness(picture: np.ndarray, points: np.ndarray) -> float:
    """Brightness about the brighter eye over that of the cheeks: dark lenses, not the shadow of a brow, lower it."""
    grey = cv2.blur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (9, 9)).astype(float)
    x, y = np.clip(points[:, :2].round().astype(int), 0, CROP_SIZE - 1).T
    eyes = max(np.median(grey[y[side], x[side]]) for side in ABOUT_EYES)
    return float(eyes / max(np.median(grey[y[_CHEEKS], x[_CHEEKS]]), 20))


def _crop(faces: LabelledFaces, index: int) -> tuple[np.ndarray, np.ndarray]:
    """The middle of a stored crop, as the network sees it, RGB, and its points (478, 3)."""
    stored = cv2.cvtColor(cv2.imdecode(faces.encoded(index), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    picture = stored[BORDER : BORDER + CROP_SIZE, BORDER : BORDER + CROP_SIZE]
    return picture, faces.points[index] - np.array([BORDER, BORDER, 0], np.float32)
