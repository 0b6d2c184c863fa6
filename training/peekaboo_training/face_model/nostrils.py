"""Nostrils: MakeHuman's are flat just behind their rim; here they become about as deep as ICT's."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, identity, vstack
from scipy.sparse.linalg import splu

from .mesh import PART
from .register import Surface, enclosed, spread
from .registration import Registration

_LOW, _HIGH = np.array([-16.0, -18.0, -40.0]), np.array([16.0, 10.0, -4.0])
"""Where nostrils are, mm from the tip of the nose: x to the left, y up, z forward."""
_STIFFNESS = (3, 2, 1.5, 1, 1, 0.7, 0.7, 0.5, 0.5, 0.4, 0.4, 0.3, 0.3, 0.3, 0.3)
_OFF_MOUTH = 9.0  # least distance in mm to the lining of the mouth; with less, some people's would intersect
_REACH = 3.0  # largest distance in mm between our deep lining and the point of ICT's that gives its modes


def nostril_lining(found: Registration) -> np.ndarray:
    """Mask (B,) of our vertices behind the nostrils' rims."""
    face = found.mesh.part[: found.count] == PART["face"]
    inside = face & _in_nose(found, found.mean) & enclosed(found.start, found.triangles, 25.0)
    return inside | inside[found.mirror]


def deepen_nostrils(found: Registration, mean: np.ndarray, modes: np.ndarray, lining: np.ndarray,
                    ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Move the lining (B,) of `mean` (B, 3) onto ICT's nostrils, and interpolate its `modes` (80, B, 3) there.

    Each sample of ICT's lining attracts the nearest point of ours; displacements stay smooth, and all other vertices
    stay in place.
    """
    target = _ict_lining(found)
    wall = found.triangles[lining[found.triangles].any(1)]
    corners = np.repeat(np.arange(len(target.samples)), 3)
    few = np.sqrt(len(target.samples) / lining.sum())
    deep = mean.copy()
    for stiffness in _STIFFNESS:
        hits = Surface(deep, wall, 3).closest(target.samples)
        shape = (len(target.samples), found.count)
        at_hits = csr_matrix((hits.weights.ravel(), (corners, wall[hits.triangle].ravel())), shape)
        matrix = vstack([at_hits / few, stiffness * found.smooth]).tocsc()[:, lining]
        side = np.concatenate([(target.samples - at_hits @ mean) / few, np.zeros((found.count, 3))])
        normal = matrix.T @ matrix + 1e-6 * identity(matrix.shape[1])
        deep = mean.copy()
        deep[lining] += splu(normal.tocsc()).solve(matrix.T @ side)
        deep = found.symmetric(deep)
    deep = found.symmetric(_keep_off_mouth(found, deep, lining))
    return deep, _read_modes(found, deep, modes, lining, target)


def _keep_off_mouth(found: Registration, deep: np.ndarray, lining: np.ndarray) -> np.ndarray:
    """Lift the lining off the mouth's, which lies below it."""
    mouth = deep[found.mesh.part[: found.count] == PART["mouth"]]
    lifted = deep.copy()
    for vertex in np.flatnonzero(lining):
        below = mouth - deep[vertex]
        level = np.hypot(below[:, 0], below[:, 2])
        room = np.where(level < _OFF_MOUTH, -below[:, 1] - np.sqrt(np.maximum(_OFF_MOUTH**2 - level**2, 0)), np.inf)
        lifted[vertex, 1] -= min(room.min(), 0.0)
    return lifted


def _read_modes(found: Registration, deep: np.ndarray, modes: np.ndarray, lining: np.ndarray, target: Surface,
                ) -> np.ndarray:  # fmt: skip
    """Modes (80, B, 3) with the lining's as ICT's are at the nearest place, and smooth where that is far."""
    hits = target.closest(deep)
    values = modes.transpose(1, 0, 2).reshape(found.count, -1).astype(float)
    theirs = found.heads["id_basis"].astype(float).transpose(1, 0, 2).reshape(len(target.vertices), -1)
    near = hits.distance < _REACH
    values[lining] = target.field(hits, theirs)[lining]
    spread_over = spread(found.smooth, np.where(lining, near, 30.0), values, 0.7)
    values[lining] = spread_over[lining]
    return values.reshape(found.count, -1, 3).transpose(1, 0, 2)


def _ict_lining(found: Registration) -> Surface:
    """ICT's nostrils behind their rims."""
    skin, vertices = found.target.triangles, found.target.vertices
    inside = _in_nose(found, vertices) & enclosed(vertices, skin, 25.0)
    return Surface(vertices, skin[inside[skin].all(1)], 3)


def _in_nose(found: Registration, vertices: np.ndarray) -> np.ndarray:
    """Mask of the vertices (N, 3) where nostrils are, the middle line left out."""
    at = vertices - found.heads["mean"][found.heads["lm68"][30]]
    return ((at > _LOW) & (at < _HIGH)).all(1) & (np.abs(at[:, 0]) > 0.3)
