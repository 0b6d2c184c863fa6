"""Pictures of one size, side by side in rows."""

from __future__ import annotations

import numpy as np


def arrange(tiles: list[np.ndarray], columns: int, fill: int = 0) -> np.ndarray:
    """Rows of `columns` tiles (H, W, 3) uint8; what is left of the last row has the grey level `fill`.

    Raises ValueError where there is no tile.
    """
    if not tiles:
        raise ValueError("no tile to arrange")
    tiles = tiles + [np.full_like(tiles[0], fill)] * (-len(tiles) % columns)
    return np.vstack([np.hstack(tiles[k : k + columns]) for k in range(0, len(tiles), columns)])
