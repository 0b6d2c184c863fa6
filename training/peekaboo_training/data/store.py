"""All labelled faces in memory: pictures, points, fits, and how often each is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..face_model.format import FaceModel
from .doubts import DOUBTS_FILE, read_doubtful
from .faces import LabelledFaces, is_held_back, person_of, read_collections

TRUSTED_FIT = 3.0
"""Fits with a mean error above this, in % of the outer eye distance, are not used as targets."""
_SAME_OFFSET = 0.05
_SOURCE_POWER = 0.3


@dataclass(frozen=True)
class Fits:
    """Fitted coefficients of N faces; poses are in pixels of the stored crop. `keys` name collection and picture."""

    keys: list[str]
    identity: np.ndarray  # (N, 80)
    expression: np.ndarray  # (N, 52)
    rotation: np.ndarray  # (N, 3, 3)
    translation: np.ndarray  # (N, 2)
    scale: np.ndarray  # (N,)
    error: np.ndarray  # (N,) % of the outer eye distance
    offset: np.ndarray | None = None  # (478, 3) mm: the model's offsets of MediaPipe's points in these fits

    def save(self, path: Path) -> None:
        """Write as npz; the file appears only when it is whole."""
        part = path.with_suffix(".part.npz")
        np.savez(part, keys=np.array(self.keys), identity=self.identity, expression=self.expression,
                 rotation=self.rotation, translation=self.translation, scale=self.scale, error=self.error,
                 **({} if self.offset is None else {"offset": self.offset}))  # fmt: skip
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Fits:
        """Read what `save` wrote. Raises KeyError when an array is missing."""
        with np.load(path) as data:
            arrays = {name: data[name].astype(np.float32) for name in
                      ("identity", "expression", "rotation", "translation", "scale", "error")}  # fmt: skip
            arrays["offset"] = data["offset"].astype(np.float32) if "offset" in data else None
            return cls([str(key) for key in data["keys"]], **arrays)

    def belong_to(self, model: FaceModel) -> bool:
        """Say whether these fits were made with the model's offsets; True when the file does not say."""
        return self.offset is None or bool(np.abs(self.offset - model.mediapipe_offset).max() < _SAME_OFFSET)


class FaceStore:
    """The faces of some collections, one after the other: either those for training or those held back."""

    def __init__(self, collections: list[LabelledFaces], held_back: bool, fits: Fits | None = None,
                 limit: int | None = None, doubtful: Collection[str] = ()) -> None:  # fmt: skip
        """Take the faces whose `is_held_back` is `held_back`, at most `limit` of each collection.

        `doubtful`: keys of pictures that have something in front of the face already. A name that a collection has
        twice has no fit: it could be the other picture's. Raises ValueError when no face is left.
        """
        self._places: list[tuple[LabelledFaces, int]] = []
        for faces in collections:
            chosen = [i for i, name in enumerate(faces.names) if is_held_back(name) == held_back]
            self._places += [(faces, i) for i in chosen[:limit]]
        if not self._places:
            raise ValueError("no labelled faces are left after the split")
        self.points = np.stack([faces.points[i] for faces, i in self._places])
        self.keys = [f"{faces.name}/{faces.names[i]}" for faces, i in self._places]
        self.doubtful = np.array([key in doubtful for key in self.keys])
        self.fits = fits
        repeated = _repeated(self.keys) | _repeated(fits.keys if fits else [])
        known = {key: i for i, key in enumerate(fits.keys) if key not in repeated} if fits else {}
        self.fit_of = np.array([known.get(key, -1) for key in self.keys])
        self.person, self._pictures = people_of([faces.names[i] for faces, i in self._places])
        self._shared_identity = self._mean_identities() if fits else {}

    @classmethod
    def read(cls, data: Path, held_back: bool, limit: int | None = None) -> FaceStore:
        """Read `labels/*.npz` and, if they are there, `fits.npz` and `doubts.npz` under `data`."""
        path = data / "fits.npz"
        fits = Fits.load(path) if path.exists() else None
        return cls(read_collections(data / "labels"), held_back, fits, limit, read_doubtful(data / DOUBTS_FILE))

    def __len__(self) -> int:
        return len(self._places)

    def picture(self, index: int) -> np.ndarray:
        """Decode one face: RGB uint8 (240, 240, 3)."""
        faces, i = self._places[index]
        return cv2.cvtColor(cv2.imdecode(faces.encoded(i), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)

    def source(self, index: int) -> str:
        """Name the collection of one face."""
        return self._places[index][0].name

    def trusted_fit(self, index: int) -> int:
        """Give the row in `fits` of one face, or -1 when it has none or a poor one."""
        row = int(self.fit_of[index])
        return row if row >= 0 and self.fits.error[row] < TRUSTED_FIT else -1

    def identity(self, index: int) -> np.ndarray:
        """Give the identity (80,) of a face with a trusted fit: the mean over all trusted fits of the same person."""
        shared = self._shared_identity.get(int(self.person[index]))
        return self.fits.identity[self.trusted_fit(index)] if shared is None else shared

    def other_picture(self, rng: np.random.Generator, index: int) -> int:
        """Give another picture of the same person, or `index` where there is none."""
        others = self._pictures.get(int(self.person[index]), ())
        return int(rng.choice([k for k in others if k != index])) if len(others) > 1 else index

    def _mean_identities(self) -> dict[int, np.ndarray]:
        """Map people with several trusted fits to the mean identity; turned heads, which show less, count less."""
        frontal = np.cos(np.clip(np.abs(self.yaws()), 0, 1.4)) ** 2
        means = {}
        for person, pictures in self._pictures.items():
            rows = [(self.trusted_fit(k), frontal[k]) for k in pictures if self.trusted_fit(k) >= 0]
            if len(rows) > 1:
                ids, weights = zip(*rows, strict=True)
                means[person] = np.average(self.fits.identity[list(ids)], axis=0, weights=weights).astype(np.float32)
        return means

    def sampling_weights(self) -> np.ndarray:
        """Give (N,) shares, summing to 1: turned heads, blinks, open mouths and dark skin are drawn more often."""
        weights = np.ones(len(self))
        weights += np.minimum((np.abs(self.yaws()) / np.radians(20)) ** 2, 2.0)
        for name, start, extra in (("eyeBlinkLeft", 0.4, 2.0), ("jawOpen", 0.15, 1.0), ("mouthPucker", 0.5, 0.7)):
            weights += extra * (self._blendshape(name) > start)
        weights += 1.2 * (self._luminance() < 85)
        sources = np.array([faces.name.removesuffix("_more") for faces, _ in self._places])
        for name in np.unique(sources):
            chosen = sources == name
            weights[chosen] *= chosen.sum() ** (_SOURCE_POWER - 1)
        return weights / weights.sum()

    def yaws(self) -> np.ndarray:
        """Give about how far each head is turned (N,), radians, from the depth of the cheeks."""
        across = self.points[:, 454] - self.points[:, 234]
        return np.arctan2(across[:, 2], np.maximum(np.hypot(across[:, 0], across[:, 1]), 1e-3))

    def _blendshape(self, name: str) -> np.ndarray:
        return np.array([faces.blendshapes[i, faces.blendshape_names.index(name)] for faces, i in self._places])

    def _luminance(self) -> np.ndarray:
        """Give the brightness (N,), 0..255, of the middle of each crop, decoded at an eighth of its size."""
        values = np.empty(len(self))
        for k, (faces, i) in enumerate(self._places):
            small = cv2.imdecode(faces.encoded(i), cv2.IMREAD_REDUCED_GRAYSCALE_8)
            size = small.shape[0]
            values[k] = small[size * 3 // 8 : size * 6 // 8, size * 3 // 8 : size * 5 // 8].mean()
        return values


def people_of(names: list[str]) -> tuple[np.ndarray, dict[int, list[int]]]:
    """Number the people of pictures by name: (N,), every picture without a name another; and each one's pictures."""
    numbers: dict[str, int] = {}
    person = np.array([numbers.setdefault(person_of(name) or f"{k}", len(numbers)) for k, name in enumerate(names)])
    pictures: dict[int, list[int]] = {}
    for k, number in enumerate(person):
        pictures.setdefault(int(number), []).append(k)
    return person, {number: some for number, some in pictures.items() if len(some) > 1}


def _repeated(keys: list[str]) -> set[str]:
    return {key for key, count in Counter(keys).items() if count > 1}
