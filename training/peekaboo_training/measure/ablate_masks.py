"""`ablate masks`: the covered share that each arm predicts on held-out photographs where nothing was pasted.

Doubtful pictures (`doubts`) show an unlabelled hand, microphone, hat or pair of dark glasses.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from ..data.doubts import face_cells, open_network
from ..data.faces import BORDER
from ..data.store import FaceStore
from ..settings import CROP_SIZE
from .tiles import arrange

SHRINK, COLUMNS, PICTURES = 0.7, 4, 32
CHANGED = 0.02
"""A mask counts as changed when the covered share of the face differs by more than this."""


def photographs(data: Path) -> tuple[list[tuple[np.ndarray, np.ndarray]], np.ndarray]:
    """Read the held-out faces as network crops, RGB uint8 with points (478, 3); tells also which are doubtful (N,)."""
    store = FaceStore.read(data, held_back=True, model=None)
    middle = slice(BORDER, BORDER + CROP_SIZE)
    shift = np.array([BORDER, BORDER, 0], np.float32)
    return [(store.picture(k)[middle, middle], store.points[k] - shift) for k in range(len(store))], store.doubtful


def occluder_masks(network: Path, pictures: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Predict the occluder of each picture (N, 96, 96), 0 outside the face, with a bundle's network.onnx."""
    session = open_network(network)
    masks = []
    for picture, points in pictures:
        image = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32) / 255
        occluder = session.run(["mask"], {"image": image})[0][0, 0]
        masks.append(occluder * face_cells(points, len(occluder)))
    return np.stack(masks)


def covered_shares(masks: np.ndarray, pictures: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Predicted covered share of each face (N,), 0..1."""
    sizes = [face_cells(points, masks.shape[1]).sum() for _, points in pictures]
    return (masks > 0.5).sum((1, 2)) / np.maximum(sizes, 1)


def table(shares: dict[str, np.ndarray], doubtful: np.ndarray, before: str) -> str:
    """Format the mean covered share in % on doubtful and other pictures, and how many masks differ from `before`."""
    lines = ["| arm | covered, % of a doubtful face | of another face | doubtful changed | others changed |",
             "|---" * 5 + "|"]  # fmt: skip
    for name, share in shares.items():
        changed = np.abs(share - shares[before]) > CHANGED
        lines.append(
            f"| {name} | {100 * share[doubtful].mean():.2f} | {100 * share[~doubtful].mean():.2f} "
            f"| {changed[doubtful].sum()} of {doubtful.sum()} | {changed[~doubtful].sum()} of {(~doubtful).sum()} |"
        )
    return "\n".join(lines)


def sheet(pictures: list[tuple[np.ndarray, np.ndarray]], before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Draw the pictures whose masks differ most, BGR: each without a mask, with that of `before`, and of `after`."""
    order = np.argsort(-np.abs(after - before).sum((1, 2)))[:PICTURES]
    tiles = [np.hstack([_tinted(pictures[k][0], mask) for mask in (None, before[k], after[k])]) for k in order]
    return arrange(tiles, COLUMNS)


def _tinted(picture: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    drawn = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    if mask is not None:
        hit = cv2.resize(mask, picture.shape[1::-1]) > 0.5
        drawn[hit] = (0.5 * drawn[hit] + [0, 0, 127]).astype(np.uint8)
    return cv2.resize(drawn, None, fx=SHRINK, fy=SHRINK, interpolation=cv2.INTER_AREA)
