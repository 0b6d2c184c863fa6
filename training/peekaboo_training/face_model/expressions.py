"""MakeHuman's face units, carried onto the people's mean."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import RBFInterpolator

from .eyes import Eyes, keep_off
from .format import EXPRESSION_NAMES
from .mesh import EYE_RADIUS, HeadMesh

OVERLAP = 1.2  # mm that the upper lid lies below the lower one's rim in a blink


def carry_expressions(start, skin, units, mesh: HeadMesh, eyes: Eyes, rims) -> np.ndarray:
    """Units (52, B, 3) on MakeHuman's head `start` (B, 3) -> displacements (52, B, 3) on `skin` (B, 3).

    rims: (upper, lower) vertices along the left eye's and the right eye's lids, two pairs.
    Around the eyes the moved vertices go through the same warp as the head, so that closed lids meet on it too.
    """
    result = units.copy()
    near = np.linalg.norm(skin[:, None] - (eyes.centres + [0, 0, 8]), axis=2).min(1)
    share = np.interp(near, [22.0, 34.0], [1.0, 0.0])
    outer = mesh.skin[: len(start)]
    field = RBFInterpolator(start[outer], (skin - start)[outer], neighbors=12, kernel="linear")
    for unit, moved in enumerate(result):
        lids = np.flatnonzero((share > 0) & (np.abs(moved).max(1) > 0.05))
        if len(lids):
            there = start[lids] + units[unit, lids]
            warped = there + field(there) - skin[lids]
            result[unit, lids] += share[lids, None] * (warped - units[unit, lids])
    for unit, name in enumerate(EXPRESSION_NAMES):
        if name.startswith("eyeBlink"):
            result[unit] = close_lids(skin, result[unit], rims, name.endswith("Left"))
            closed = keep_off(skin + result[unit], eyes.centres, EYE_RADIUS + 1.0)
            moved = np.abs(result[unit]).max(1) > 0.05
            result[unit, moved] = (closed - skin)[moved]
    return symmetric(result, mesh.mirror[: len(skin)])


def close_lids(skin, moved, rims, left: bool) -> np.ndarray:
    """Correct a blink (B, 3) so that the upper lid's rim comes to lie OVERLAP mm below the lower one's.

    What a vertex of the rim lacks is shared out over the upper lid around it.
    """
    upper, lower = rims[0 if left else 1]
    closed = skin + moved
    curve = np.polynomial.Polynomial.fit(closed[lower, 0], closed[lower, 1], 4)
    inner, outer = closed[lower, 0].min(), closed[lower, 0].max()
    gap = curve(closed[upper, 0].clip(inner, outer)) - closed[upper, 1]
    # At the corners both lids meet already: no overlap there.
    overlap = OVERLAP * np.clip(np.minimum(skin[upper, 0] - inner, outer - skin[upper, 0]) / 4, 0, 1)
    gap = np.where(overlap > 0, gap - overlap, 0)
    away = np.linalg.norm(skin[:, None] - skin[upper], axis=2)
    share = np.exp(-((away / 2.5) ** 2) / 2)
    correction = (share @ gap) / (share.sum(1) + 1e-12) * np.exp(-((away.min(1) / 6.0) ** 2))
    on_upper = moved[:, 1] < -0.05
    on_upper[lower] = False
    on_upper[upper] = True
    correction[upper] = gap
    result = moved.copy()
    result[on_upper, 1] += correction[on_upper]
    return result


def symmetric(units: np.ndarray, mirror: np.ndarray) -> np.ndarray:
    """Make left and right shapes exact mirror images, and the middle ones their own."""
    turned = [name.replace("Left", "#").replace("Right", "Left").replace("#", "Right") for name in EXPRESSION_NAMES]
    partner = [EXPRESSION_NAMES.index(name) for name in turned]
    return 0.5 * (units + units[partner][:, mirror] * [-1, 1, 1])
