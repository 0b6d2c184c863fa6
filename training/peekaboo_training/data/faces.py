"""Labelled faces on disk: crops as JPEG with MediaPipe's points and blendshapes, and the held-out split.

A collection is one `labels/NAME.npz`: `jpeg` all files concatenated, `offsets` (N+1) into it, `points` (N, 478, 3)
in pixels of the 240x240 crop, z growing away from the viewer, `blendshapes` (N, K), `blendshape_names` (K),
`names` (N) the pictures' stems.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..settings import DATA_FOLDER

STORED_SIZE = 240
"""Side of a stored crop in px: 1.25 times the network's crop, at the same scale."""
STORED_MARGIN = 1.25
BORDER = (STORED_SIZE - 192) // 2
"""Margin of a stored crop around the network's crop, px on each side."""
_PERSON = re.compile(r"^(?P<person>[A-Za-z].*)_\d+$")
_PERSONS_HELD_BACK = 0.08
_PICTURES_HELD_BACK = 0.02
_CONGRESS = re.compile(r"^(icpsr-\d+|[A-Z]\d{6})$")
"""Portraits of members of Congress: a person can have several names, so none of them is held out."""
_SINGLE_PORTRAIT = re.compile(r"^(\d{5}|(fe)?male-\d+)$")
"""Portraits of members of Parliament and generated portraits: one picture per person."""


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """Declare --data, which all commands that read training data share."""
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, metavar="DIR", help="training data (default: data/)")


@dataclass(frozen=True)
class LabelledFaces:
    """One collection in memory; the module's docstring describes the arrays."""

    name: str
    jpeg: np.ndarray
    offsets: np.ndarray
    points: np.ndarray
    blendshapes: np.ndarray
    blendshape_names: list[str]
    names: list[str]

    def __len__(self) -> int:
        return len(self.names)

    def encoded(self, index: int) -> np.ndarray:
        """Give the JPEG file of one face as uint8 bytes."""
        return self.jpeg[self.offsets[index] : self.offsets[index + 1]]


def write_faces(path: Path, jpegs: list[bytes], points: np.ndarray, blendshapes: np.ndarray,
                blendshape_names: list[str], names: list[str]) -> None:  # fmt: skip
    """Write a collection; a file at `path` is replaced only by a complete one."""
    offsets = np.concatenate([[0], np.cumsum([len(data) for data in jpegs], dtype=np.int64)])
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        jpeg=np.frombuffer(b"".join(jpegs), np.uint8),
        offsets=offsets,
        points=np.asarray(points, np.float32),
        blendshapes=np.asarray(blendshapes, np.float32),
        blendshape_names=np.array(blendshape_names),
        names=np.array(names),
    )
    part.replace(path)


def read_faces(path: Path) -> LabelledFaces:
    """Read a collection. Raises KeyError when an array is missing."""
    with np.load(path) as data:
        return LabelledFaces(
            path.stem,
            data["jpeg"],
            data["offsets"],
            data["points"],
            data["blendshapes"],
            [str(name) for name in data["blendshape_names"]],
            [str(name) for name in data["names"]],
        )


def read_collections(labels: Path) -> list[LabelledFaces]:
    """Read all collections of a folder, sorted by name. Raises FileNotFoundError when there is none."""
    paths = sorted(path for path in labels.glob("*.npz") if not path.name.endswith(".part.npz"))
    if not paths:
        raise FileNotFoundError(f"no labelled faces in {labels}: run the label command first")
    return [read_faces(path) for path in paths]


def person_of(stem: str) -> str | None:
    """Give the person of a picture named like Luis_Fonsi_0001; None for names of another form."""
    match = _PERSON.match(stem)
    return match["person"] if match else None


def is_reserved(stem: str) -> bool:
    """Tell whether a picture belongs to a person who is reserved for scoring and must never be trained on.

    These are the people whose name's MD5, as a decimal number, ends in 0 or 1, as in the scoring sets made from
    Labeled Faces in the Wild and YouTube Faces.
    """
    person = person_of(stem)
    return person is not None and int(hashlib.md5(person.encode()).hexdigest(), 16) % 10 in (0, 1)


def is_held_back(stem: str) -> bool:
    """Tell whether a picture is held out for validation: by person where the name identifies one, else by picture."""
    if _CONGRESS.match(stem):
        return False
    person = person_of(stem)
    share = _PERSONS_HELD_BACK if person or _SINGLE_PORTRAIT.match(stem) else _PICTURES_HELD_BACK
    digest = hashlib.md5(f"validation {person or stem}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32
