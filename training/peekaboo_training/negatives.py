"""Crops without a face: the network's presence must say no."""

from __future__ import annotations

import cv2
import numpy as np

from .covers import draw
from .cloth import cloth
from .jitter import crop_matrix, miss
from .material import Material
from .paste import FaceView, paste
from .settings import CROP_SIZE
from .store import FaceStore


def no_face(rng: np.random.Generator, store: FaceStore, material: Material) -> tuple[np.ndarray, np.ndarray]:
    """Give a picture (S, S, 3) float32 0..255 without a face, and the mask of what was pasted on it."""
    mask = np.zeros((CROP_SIZE, CROP_SIZE), np.float32)
    choice = rng.random()
    face = _some_face(rng, store)
    if choice < 0.4:
        return cut(face, miss(rng), rng.random() < 0.3).astype(np.float32), mask
    if choice < 0.6:
        return _shuffled(rng, cut(face, crop_matrix(0, 1, np.zeros(2)), False)).astype(np.float32), mask
    picture = cloth(rng, material) if choice < 0.85 else _blurred(rng, face)
    if rng.random() < 0.6:
        index = int(rng.integers(len(store)))
        points = store.points[index] - np.array([24, 24, 0], np.float32)
        view = FaceView.of(picture, points)
        picture, mask = paste(rng, picture, mask, draw(rng, material, view), None)
    return picture, mask


def cut(picture: np.ndarray, matrix: np.ndarray, reflect: bool = False, black: bool = False) -> np.ndarray:
    """Cut the network's crop out of a picture with a map (2, 3) from its pixels to the crop's."""
    border = cv2.BORDER_REFLECT if reflect else cv2.BORDER_CONSTANT if black else cv2.BORDER_REPLICATE
    return cv2.warpAffine(picture, matrix, (CROP_SIZE, CROP_SIZE), borderMode=border)


def _some_face(rng: np.random.Generator, store: FaceStore) -> np.ndarray:
    return store.picture(int(rng.integers(len(store))))


def _shuffled(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Cut into 2x2 to 4x4 tiles and mix them up; a permutation that leaves most in place is drawn again."""
    count = int(rng.integers(2, 5))
    tile = CROP_SIZE // count
    order = rng.permutation(count * count)
    while (order == np.arange(len(order))).mean() > 0.25:
        order = rng.permutation(count * count)
    mixed = picture.copy()
    for to, source in enumerate(order):
        y, x, v, u = (k * tile for k in (*divmod(to, count), *divmod(int(source), count)))
        mixed[y : y + tile, x : x + tile] = picture[v : v + tile, u : u + tile]
    return mixed


def _blurred(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Give the colours of a picture's corner, magnified."""
    x, y = rng.integers(0, 2, 2) * 180
    part = picture[y : y + 60, x : x + 60]
    return cv2.resize(part, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_CUBIC).astype(np.float32)
