"""`doubts`: find labelled pictures in which something covers the face already, by a network and by dark lenses.

Hands, microphones and sunglasses in the original picture have no label, and training them as skin would teach the mask
to miss them. On these pictures the mask's loss counts only where a cover was pasted.
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
"""A face is doubtful when the network predicts a larger covered share."""
DARK_LENSES = 0.55
"""A face is doubtful when the skin around its eyes is darker than this share of its cheeks."""
ABOUT_EYES = ([230, 229, 231, 119, 120, 159, 145, 27, 23], [450, 449, 451, 348, 349, 386, 374, 257, 253])
_CHEEKS = [50, 280, 205, 425, 101, 330, 118, 347]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)
    network = MODELS_FOLDER / "peekaboo" / "network.onnx"
    parser.add_argument("--network", type=Path, default=network, metavar="FILE", help="network.onnx of a bundle")


def run(args: argparse.Namespace) -> None:
    """Write doubts.npz into the data folder and print how many pictures are doubtful, and why."""
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
    """Open a bundle's network.onnx on the CPU, with one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def read_doubtful(path: Path) -> set[str]:
    """Read the keys COLLECTION/PICTURE of doubtful pictures; an empty set when there is no file."""
    if not path.exists():
        return set()
    with np.load(path) as data:
        chosen = (data["covered"] > COVERED_SHARE) | (data["lenses"] < DARK_LENSES)
        return {str(key) for key in data["keys"][chosen]}


def covered_share(session: onnxruntime.InferenceSession, picture: np.ndarray, points: np.ndarray) -> float:
    """Predict the covered share of the face, the hull of the 468 points; picture RGB uint8 (192, 192, 3)."""
    image = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / 255
    occluder = session.run(["mask"], {"image": image})[0][0, 0]
    hull = face_cells(points, len(occluder))
    return float((hull * (occluder > 0.5)).sum() / max(hull.sum(), 1))


def face_cells(points: np.ndarray, side: int) -> np.ndarray:
    """Fill the hull of the 468 points (crop px) in a grid (side, side), 0 or 1."""
    hull = np.zeros((side, side), np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull((points[:468, :2] * (side / CROP_SIZE)).round().astype(np.int32)), 1)
    return hull


def lens_brightness(picture: np.ndarray, points: np.ndarray) -> float:
    """Brightness around the brighter eye divided by that of the cheeks; dark lenses lower it."""
    grey = cv2.blur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (9, 9)).astype(float)
    x, y = np.clip(points[:, :2].round().astype(int), 0, CROP_SIZE - 1).T
    eyes = max(np.median(grey[y[side], x[side]]) for side in ABOUT_EYES)
    return float(eyes / max(np.median(grey[y[_CHEEKS], x[_CHEEKS]]), 20))


def _crop(faces: LabelledFaces, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut the network's crop out of a stored one: RGB (192, 192, 3), and the points (478, 3) in its px."""
    stored = cv2.cvtColor(cv2.imdecode(faces.encoded(index), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    picture = stored[BORDER : BORDER + CROP_SIZE, BORDER : BORDER + CROP_SIZE]
    return picture, faces.points[index] - np.array([BORDER, BORDER, 0], np.float32)
