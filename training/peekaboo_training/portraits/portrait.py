"""A portrait taken apart, as it is kept on disk: about 45 kB, pictures as JPEG and PNG inside an npz."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import cv2
import numpy as np

PORTRAITS_FOLDER = "portraits"
"""Folder below the training data where `prepare-portraits` writes."""
_QUALITY = 90
_PICTURES = ("texture", "front", "background", "back")
_MASKS = ("matte", "front_alpha")
_DEPTHS = ("front_depth", "back_depth")
FORMAT = 1
"""Raised whenever prepared portraits of an older version cannot be drawn any more."""


@dataclass(frozen=True)
class Portrait:
    """One portrait, ready to draw. Pictures are RGB uint8 with gamma; masks uint8; lengths in stored-crop px and mm."""

    key: str  # collection and picture, e.g. congress/A000014
    texture: np.ndarray  # (256, 256, 3) albedo of the skin in the face model's uv
    front: np.ndarray  # (240, 240, 3) surroundings, colours spread beyond their rim
    front_alpha: np.ndarray  # (240, 240)
    back: np.ndarray  # (60, 60, 3) colours of the head's back
    matte: np.ndarray  # (240, 240)
    background: np.ndarray  # (240, 240, 3) without the person
    front_depth: np.ndarray  # (61, 61) mm towards the viewer
    back_depth: np.ndarray  # (61, 61)
    light: np.ndarray  # (3, 9) of the photograph
    albedo: np.ndarray  # (10,) fitted coefficients, for ears and eyelids
    iris: np.ndarray  # (3,) linear albedo
    white: np.ndarray  # (3,)
    identity: np.ndarray  # (80,)
    expression: np.ndarray  # (52,)
    rotation: np.ndarray  # (3, 3) of the photograph
    translation: np.ndarray  # (2,) px
    scale: np.ndarray  # () px per mm
    light_error: np.ndarray  # () median error of the fitted logarithm of the colours
    bare_temples: np.ndarray  # () 0..1, share of the temples that looks like skin
    spectacles: np.ndarray  # () score, see texture.spectacles_score
    colourful: np.ndarray  # () 0..1: mean difference between channels; near 0 for grey pictures
    detail: np.ndarray  # () how sharp the face is: energy of the finest details over that of coarser ones

    @property
    def yaw(self) -> float:
        """Degrees that the photographed head is turned; positive towards the picture's right."""
        return float(np.degrees(np.arctan2(self.rotation[0, 2], self.rotation[2, 2])))


def save_portrait(path: Path, portrait: Portrait) -> None:
    """Write a portrait; the file appears only when it is whole."""
    values = {field.name: getattr(portrait, field.name) for field in fields(Portrait)}
    for name in _PICTURES:
        bgr = np.ascontiguousarray(values[name][..., ::-1])
        values[name] = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    for name in _MASKS:
        values[name] = cv2.imencode(".png", values[name])[1]
    for name in _DEPTHS:
        values[name] = values[name].astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, format=FORMAT, **values)
    part.replace(path)


def load_portrait(path: Path) -> Portrait:
    """Read a portrait. Raises ValueError for another format, KeyError when an array is missing."""
    with np.load(path) as data:
        if int(data["format"]) != FORMAT:
            raise ValueError(f"{path}: format {int(data['format'])}, expected {FORMAT}: run prepare-portraits again")
        values = {field.name: data[field.name] for field in fields(Portrait)}
    values["key"] = str(values["key"])
    for name in _PICTURES:
        values[name] = np.ascontiguousarray(cv2.imdecode(values[name], cv2.IMREAD_COLOR)[..., ::-1])
    for name in _MASKS:
        values[name] = cv2.imdecode(values[name], cv2.IMREAD_GRAYSCALE)
    for name in _DEPTHS:
        values[name] = values[name].astype(np.float32)
    return Portrait(**values)


def portrait_path(folder: Path, key: str) -> Path:
    """Where the portrait of a key (collection/picture) lies."""
    return folder / f"{key}.npz"
