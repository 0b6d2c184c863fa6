"""Labelled faces in memory: pictures, points, fits, and sampling weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import cv2
import numpy as np

from ..face_model.format import FaceModel
from .doubts import DOUBTS_FILE, read_doubtful
from .faces import LabelledFaces, is_held_back, person_of, read_collections
from .fits import TRUSTED_FIT, Fit, Fits, read_fits

FITS_FILE = "fits.npz"
_OWN = ("expression", "rotation", "translation", "scale")
_SOURCE_POWER = 0.15


class FaceStore:
    """The faces of several collections in order: either the training faces or the held-out ones."""

    def __init__(self, collections: list[LabelledFaces], held_back: bool, fits: Fits | None = None,
                 limit: int | None = None, doubtful: Collection[str] = ()) -> None:  # fmt: skip
        """Take the faces whose `is_held_back` is `held_back`, at most `limit` of each collection.

        `doubtful`: keys of pictures in which something covers the face already. A name that occurs twice in a
        collection has no fit, since it could be the other picture's. Raises ValueError when no face is left.
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
    def read(cls, data: Path, held_back: bool, model: FaceModel | None, limit: int | None = None) -> FaceStore:
        """Read `labels/*.npz` and, where they exist, `doubts.npz` and the `fits.npz` of `model` under `data`.

        Without a model there are no fits. Raises ValueError when the fits were made with another model's offsets.
        """
        fits = read_fits(data / FITS_FILE, model) if model else None
        return cls(read_collections(data / "labels"), held_back, fits, limit, read_doubtful(data / DOUBTS_FILE))

    def __len__(self) -> int:
        return len(self._places)

    def picture(self, index: int) -> np.ndarray:
        """Decode the stored crop of one face: RGB uint8 (240, 240, 3)."""
        faces, i = self._places[index]
        return cv2.cvtColor(cv2.imdecode(faces.encoded(i), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)

    def source(self, index: int) -> str:
        """Give the name of a face's collection."""
        return self._places[index][0].name

    def trusted_row(self, index: int) -> int | None:
        """Give the row in `fits` of one face; None when it has no fit, or one with an error of TRUSTED_FIT or more."""
        row = int(self.fit_of[index])
        return row if row >= 0 and self.fits.error[row] < TRUSTED_FIT else None

    def trusted_fit(self, index: int) -> Fit | None:
        """Give the fit of one face, or None; see `trusted_row`.

        Its identity is the mean over all trusted fits of the same person.
        """
        row = self.trusted_row(index)
        if row is None:
            return None
        identity = self._shared_identity.get(int(self.person[index]), self.fits.identity[row])
        return Fit(identity, *(getattr(self.fits, name)[row] for name in _OWN))

    def trusted_expressions(self) -> np.ndarray | None:
        """Give the expressions (N, 52) of all trusted fits; None when there is none."""
        rows = [row for index in range(len(self)) if (row := self.trusted_row(index)) is not None]
        return self.fits.expression[rows] if rows else None

    def other_picture(self, rng: np.random.Generator, index: int) -> int:
        """Draw another picture of the same person; `index` itself when there is none."""
        others = self._pictures.get(int(self.person[index]), ())
        return int(rng.choice([k for k in others if k != index])) if len(others) > 1 else index

    def _mean_identities(self) -> dict[int, np.ndarray]:
        """Map people with several trusted fits to their mean identity (80,), with weights cos(yaw)^2."""
        frontal = np.cos(np.clip(np.abs(self.yaws()), 0, 1.4)) ** 2
        means = {}
        for person, pictures in self._pictures.items():
            rows = [(row, frontal[k]) for k in pictures if (row := self.trusted_row(k)) is not None]
            if len(rows) > 1:
                ids, weights = zip(*rows, strict=True)
                means[person] = np.average(self.fits.identity[list(ids)], axis=0, weights=weights).astype(np.float32)
        return means

    def sampling_weights(self) -> np.ndarray:
        """Give sampling probabilities (N,): turned heads, blinks, open mouths and dark skin are drawn more often."""
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
        """Estimate each head's yaw (N,), radians, from the depth of the cheeks."""
        across = self.points[:, 454] - self.points[:, 234]
        return np.arctan2(across[:, 2], np.maximum(np.hypot(across[:, 0], across[:, 1]), 1e-3))

    def _blendshape(self, name: str) -> np.ndarray:
        return np.array([faces.blendshapes[i, faces.blendshape_names.index(name)] for faces, i in self._places])

    def _luminance(self) -> np.ndarray:
        """Give the mean brightness (N,), 0..255, of the centre of each crop, decoded at 1/8 of its size."""
        values = np.empty(len(self))
        for k, (faces, i) in enumerate(self._places):
            small = cv2.imdecode(faces.encoded(i), cv2.IMREAD_REDUCED_GRAYSCALE_8)
            size = small.shape[0]
            values[k] = small[size * 3 // 8 : size * 6 // 8, size * 3 // 8 : size * 5 // 8].mean()
        return values


def people_of(names: list[str]) -> tuple[np.ndarray, dict[int, list[int]]]:
    """Number the people in pictures by name (N,), and list the pictures of people with several.

    A picture whose name tells no person counts as another person.
    """
    numbers: dict[str, int] = {}
    person = np.array([numbers.setdefault(person_of(name) or f"{k}", len(numbers)) for k, name in enumerate(names)])
    pictures: dict[int, list[int]] = {}
    for k, number in enumerate(person):
        pictures.setdefault(int(number), []).append(k)
    return person, {number: some for number, some in pictures.items() if len(some) > 1}


def _repeated(keys: list[str]) -> set[str]:
    return {key for key, count in Counter(keys).items() if count > 1}
