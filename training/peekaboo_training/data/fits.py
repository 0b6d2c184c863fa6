"""Fits of the face model to labelled faces, as `fit` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..face_model.format import FaceModel

TRUSTED_FIT = 3.0
"""Fits with a mean error above this, in % of the outer eye distance, are not used as targets."""
_OFFSET_TOLERANCE = 0.05
"""Largest difference of offsets, mm, up to which fits count as made with a model."""


@dataclass(frozen=True)
class Fit:
    """One face: identity (80,), expression (52,), and its pose in px of the stored crop; see `camera.Pose`."""

    identity: np.ndarray
    expression: np.ndarray
    rotation: np.ndarray  # (3, 3)
    translation: np.ndarray  # (2,)
    scale: np.ndarray  # ()


@dataclass(frozen=True)
class Fits:
    """Fitted coefficients of N faces; poses are in px of the stored crop. `keys` are COLLECTION/PICTURE."""

    keys: list[str]
    identity: np.ndarray  # (N, 80)
    expression: np.ndarray  # (N, 52)
    rotation: np.ndarray  # (N, 3, 3)
    translation: np.ndarray  # (N, 2)
    scale: np.ndarray  # (N,)
    error: np.ndarray  # (N,) % of the outer eye distance
    offset: np.ndarray | None = None  # (478, 3) mm: the model's offsets of MediaPipe's points in these fits

    def save(self, path: Path) -> None:
        """Write as npz; a file at `path` is replaced only by a complete one."""
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
        """Tell whether these fits were made with the model's offsets; True for a file that stores no offsets."""
        return self.offset is None or bool(np.abs(self.offset - model.mediapipe_offset).max() < _OFFSET_TOLERANCE)


def read_fits(path: Path, model: FaceModel) -> Fits | None:
    """Read the fits that were made with `model`; None when there is no file.

    Raises ValueError when they were made with other offsets.
    """
    if not path.exists():
        return None
    fits = Fits.load(path)
    if not fits.belong_to(model):
        raise ValueError(f"{path}: made with other offsets than the face model's; run fit again")
    return fits
