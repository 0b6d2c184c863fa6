"""Encoded pictures of many faces in one file per collection, `FOLDER/NAME.npz`, which belongs to `labels/NAME.npz`.

Arrays: `files` all encoded pictures concatenated, `offsets` (N+1) into it, `names` (N) the labelled pictures' stems.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np


def write_files(path: Path, names: list[str], files: list[bytes]) -> None:
    """Write a collection's pictures; a file at `path` is replaced only by a complete one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    offsets = np.concatenate([[0], np.cumsum([len(data) for data in files], dtype=np.int64)])
    part = path.with_suffix(".part.npz")
    np.savez(part, files=np.frombuffer(b"".join(files), np.uint8), offsets=offsets, names=np.array(names))
    part.replace(path)


def read_files(folder: Path) -> dict[str, np.ndarray]:
    """Map the keys COLLECTION/NAME of a folder's pictures to their bytes, uint8; a missing folder holds none.

    Raises KeyError when a file lacks an array.
    """
    found: dict[str, np.ndarray] = {}
    for path in sorted(folder.glob("*.npz")):
        if path.name.endswith(".part.npz"):
            continue
        with np.load(path) as data:
            files, offsets = data["files"], data["offsets"]
            for k, name in enumerate(data["names"]):
                found[f"{path.stem}/{name}"] = files[offsets[k] : offsets[k + 1]]
    return found
