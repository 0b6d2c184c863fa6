"""Where a labelled photograph shows the person's own hair or headwear: maps written by the `label-own` command.

`own/NAME.npz` belongs to `labels/NAME.npz`: `png` all files concatenated, `offsets` (N+1) into it, `names` (N). Each
file is a grey picture (480, 240) uint8: above, the probability of hair or headwear; below, how certain it is.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .faces import STORED_SIZE

OWN_FOLDER = "own"


def encode_map(own: np.ndarray, certainty: np.ndarray) -> bytes:
    """Encode a map: probability and certainty (240, 240), 0..1."""
    both = np.clip(np.concatenate([own, certainty]), 0, 1)
    return cv2.imencode(".png", (both * 255 + 0.5).astype(np.uint8))[1].tobytes()


def write_maps(path: Path, names: list[str], pngs: list[bytes]) -> None:
    """Write a collection's maps; a file at `path` is replaced only by a complete one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    offsets = np.concatenate([[0], np.cumsum([len(data) for data in pngs], dtype=np.int64)])
    part = path.with_suffix(".part.npz")
    np.savez(part, png=np.frombuffer(b"".join(pngs), np.uint8), offsets=offsets, names=np.array(names))
    part.replace(path)


class OwnMaps:
    """The maps of several collections, decoded one at a time."""

    def __init__(self, folder: Path) -> None:
        """Read `*.npz` of a folder; a missing folder holds no map."""
        self._files: dict[str, np.ndarray] = {}
        for path in sorted(folder.glob("*.npz")):
            if path.name.endswith(".part.npz"):
                continue
            with np.load(path) as data:
                png, offsets = data["png"], data["offsets"]
                for k, name in enumerate(data["names"]):
                    self._files[f"{path.stem}/{name}"] = png[offsets[k] : offsets[k + 1]]

    def __len__(self) -> int:
        return len(self._files)

    def get(self, key: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Give the probability of hair or headwear and its certainty, (240, 240) float32 each; None if unlabelled."""
        data = self._files.get(key)
        if data is None:
            return None
        both = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE).astype(np.float32) * np.float32(1 / 255)
        return both[:STORED_SIZE], both[STORED_SIZE:]
