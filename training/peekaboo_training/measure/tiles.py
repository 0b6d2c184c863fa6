"""Arrange pictures of one size in rows."""

from __future__ import annotations

import numpy as np


def arrange(tiles: list[np.ndarray], columns: int, fill: int = 0) -> np.ndarray:
    """Arrange tiles (H, W, 3) uint8 in rows of `columns`; the rest of the last row has the grey level `fill`.

    Raises ValueError without a tile.
    """
    if not tiles:
        raise ValueError("no tile to arrange")
    tiles = tiles + [np.full_like(tiles[0], fill)] * (-len(tiles) % columns)
    return np.vstack([np.hstack(tiles[k : k + columns]) for k in range(0, len(tiles), columns)])
