"""Crops without a face, for which presence is 0."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import cv2
import numpy as np

from ..covers.choose import draw, has_hands
from ..covers.cloth import cloth
from ..covers.hands import hand
from ..covers.material import Material
from ..covers.paste import FaceView, Masks, paste
from ..settings import CROP_SIZE
from .decoys import fur, suit, torso


class Faces(Protocol):
    """A source of faces: photographs or rendered heads."""

    def missed(self, rng: np.random.Generator) -> np.ndarray:
        """Make a crop (S, S, 3) float32 0..255 that misses the face."""

    def whole(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Make a crop (S, S, 3) float32 0..255 with a face in its centre; gives also the points (478, 3) in crop px."""


def no_face(rng: np.random.Generator, faces: Faces, material: Material, hands: float = 0.1,
            ) -> tuple[np.ndarray, Masks]:  # fmt: skip
    """Draw a picture (S, S, 3) float32 0..255 without a face, and the masks of what was pasted on it.

    With probability `hands` a hand takes the place of a face, if the material has hands.
    """
    alone = has_hands(material) and rng.random() < hands
    choice = rng.random()
    if choice < 0.25 and not alone:
        return faces.missed(rng), Masks.empty()
    if not alone and choice < 0.65:
        return _without_face(rng, material), Masks.empty()
    face, points = faces.whole(rng)
    if alone:
        return _hand_alone(rng, faces.missed(rng), FaceView.of(face, points), material)
    if choice < 0.77:
        return _shuffled(rng, face), Masks.empty()
    picture = cloth(rng, material) if choice < 0.92 else _blurred(rng, face)
    masks = Masks.empty()
    if rng.random() < 0.6:
        picture, masks = paste(rng, picture, masks, draw(rng, material, FaceView.of(picture, points)), None)
    return picture, masks


def _without_face(rng: np.random.Generator, material: Material) -> np.ndarray:
    """Draw what detectors take for a face: part of a clothed or bare body, or fur."""
    choice = rng.random()
    if choice < 0.6 and material.bodies:
        return _body(rng, material)
    if choice < 0.75:
        return suit(rng, cloth(rng, material))
    return torso(rng) if choice < 0.88 else fur(rng)


def _body(rng: np.random.Generator, material: Material) -> np.ndarray:
    """Cut a turned square out of the picture of a body without a face."""
    picture = material.bodies[rng.integers(len(material.bodies))]
    height, width = picture.shape[:2]
    side = min(height, width) * rng.uniform(0.55, 1.0)
    x, y = (rng.uniform(side / 2, max(length - side / 2, side / 2 + 1)) for length in (width, height))
    matrix = cv2.getRotationMatrix2D((x, y), rng.normal(0, 12), CROP_SIZE / side)
    matrix[:, 2] += CROP_SIZE / 2 - np.array([x, y])
    cropped = cut(picture, matrix, reflect=True).astype(np.float32)
    return np.ascontiguousarray(cropped[:, ::-1]) if rng.random() < 0.5 else cropped


def cut(picture: np.ndarray, matrix: np.ndarray, reflect: bool = False, black: bool = False) -> np.ndarray:
    """Cut the network's crop out of a picture; `matrix` (2, 3) maps picture px to crop px."""
    border = cv2.BORDER_REFLECT if reflect else cv2.BORDER_CONSTANT if black else cv2.BORDER_REPLICATE
    return cv2.warpAffine(picture, matrix, (CROP_SIZE, CROP_SIZE), borderMode=border)


def _hand_alone(rng: np.random.Generator, picture: np.ndarray, face: FaceView, material: Material,
                ) -> tuple[np.ndarray, Masks]:  # fmt: skip
    """Paste a hand in the place of a face, 1.0 to 1.6 times its size: detectors report some of these as faces.

    Takes the largest of three hands, since many lie at the edge.
    """
    grow = np.float32(rng.uniform(1.0, 1.6))
    larger = replace(face, points=face.points * grow, centre=face.centre * grow, size=face.size * grow)
    back = (1 - grow) * np.float32(CROP_SIZE / 2)
    larger.points[:, :2] += back
    larger.centre[:] += back
    layer = max((hand(rng, material, larger) for _ in range(3)), key=lambda layer: layer.alpha.sum())
    return paste(rng, picture, Masks.empty(), layer, None)


def _shuffled(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Shuffle 2 x 2 to 4 x 4 tiles; a permutation with more than a quarter of fixed points is drawn again."""
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
    """Enlarge a corner of the picture."""
    side = CROP_SIZE // 4
    x, y = rng.integers(0, 2, 2) * (CROP_SIZE - side)
    part = picture[y : y + side, x : x + side]
    return cv2.resize(part, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_CUBIC).astype(np.float32)
