"""Labelled photographs cut wider than the stored crop, so that crops of any size and roll show what is really there.

`surroundings/NAME.npz` belongs to `labels/NAME.npz` and has the format of `picture_files`; the `label` command writes
both. Each file is a JPEG of 336 x 336 px, with the stored crop (240 x 240) in its centre, at the same scale. Beyond the
photograph's edge its border pixels are repeated, as the tracker does.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .faces import STORED_SIZE
from .picture_files import read_files

SURROUNDINGS_FOLDER = "surroundings"
SURROUNDINGS_SIZE = 336
"""Side in px: 1.75 times the network's crop, at the same scale."""
_TO_STORED = np.array([[1, 0, (STORED_SIZE - SURROUNDINGS_SIZE) / 2], [0, 1, (STORED_SIZE - SURROUNDINGS_SIZE) / 2],
                       [0, 0, 1]])  # fmt: skip


class Surroundings:
    """The wide pictures of several collections, decoded one at a time."""

    def __init__(self, folder: Path) -> None:
        """Read `*.npz` of a folder; a missing folder holds no picture."""
        self._files = read_files(folder)

    def __contains__(self, key: str) -> bool:
        return key in self._files

    def picture(self, key: str) -> np.ndarray:
        """Decode a picture: RGB uint8 (336, 336, 3). Raises KeyError for a face that has none."""
        return cv2.cvtColor(cv2.imdecode(self._files[key], cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def from_surroundings(matrix: np.ndarray) -> np.ndarray:
    """Give the map (2, 3) from pixels of a wide picture; `matrix` (2, 3) maps pixels of the stored crop."""
    return matrix @ _TO_STORED
