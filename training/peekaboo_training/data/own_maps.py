"""Where a labelled photograph shows the person's own hair or headwear: maps written by the `label-own` command.

`own/NAME.npz` belongs to `labels/NAME.npz` and has the format of `picture_files`. Each file is a grey picture (480,
240) uint8: above, the probability of hair or headwear; below, how certain it is.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .faces import STORED_SIZE
from .picture_files import read_files

OWN_FOLDER = "own"


def encode_map(own: np.ndarray, certainty: np.ndarray) -> bytes:
    """Encode a map: probability and certainty (240, 240), 0..1."""
    both = np.clip(np.concatenate([own, certainty]), 0, 1)
    return cv2.imencode(".png", (both * 255 + 0.5).astype(np.uint8))[1].tobytes()


class OwnMaps:
    """The maps of several collections, decoded one at a time."""

    def __init__(self, folder: Path) -> None:
        """Read `*.npz` of a folder; a missing folder holds no map."""
        self._files = read_files(folder)

    def __len__(self) -> int:
        return len(self._files)

    def get(self, key: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Give the probability of hair or headwear and its certainty, (240, 240) float32 each; None if unlabelled."""
        data = self._files.get(key)
        if data is None:
            return None
        both = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE).astype(np.float32) * np.float32(1 / 255)
        return both[:STORED_SIZE], both[STORED_SIZE:]
