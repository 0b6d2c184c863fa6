"""The head's mesh: the kept vertices of MakeHuman, own eyeballs, triangles, mirror, texture coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .format import PART_NAMES
from .makehuman import PART_OF_GROUP, BaseMesh, read_mirror

PART = {name: index for index, name in enumerate(PART_NAMES)}

# Eyeball: rings of this many vertices at these angles (degrees) from the pupil's centre; doubled where colours meet.
EYE_SEGMENTS = 16
EYE_ANGLES = (11.5, 13.5, 25.5, 28.0, 30.0, 45.0, 62.0, 82.0, 105.0)
EYE_VERTICES = 1 + EYE_SEGMENTS * len(EYE_ANGLES)
IRIS_RING = 3  # index into EYE_ANGLES: the iris's edge
EYE_RADIUS = 12.5  # mm


@dataclass
class HeadMesh:
    """V vertices: those of `base_ids` first, then the left and the right eyeball."""

    base_ids: np.ndarray  # (B,) vertex ids in MakeHuman's base mesh
    part: np.ndarray  # (V,) index into PART_NAMES
    triangles: np.ndarray  # (F, 3)
    mirror: np.ndarray  # (V,)

    @property
    def skin(self) -> np.ndarray:
        """Mask (V,) of the outer skin: face, ears, head."""
        return (self.part == PART["face"]) | (self.part == PART["head"])

    @property
    def eye_start(self) -> tuple[int, int]:
        """First vertex of the left and of the right eyeball."""
        return len(self.base_ids), len(self.base_ids) + EYE_VERTICES


def build_mesh(base: BaseMesh, base_ids: np.ndarray, part: np.ndarray) -> HeadMesh:
    """Kept vertices (B,) in rising order and their parts -> mesh with eyeballs."""
    index = np.full(len(base.vertices), -1)
    index[base_ids] = np.arange(len(base_ids))
    triangles = _kept_triangles(base, index)
    mirror = index[read_mirror(base)[base_ids]]
    if (mirror < 0).any():
        raise ValueError("a kept vertex has no kept mirror image")
    eye, ring_mirror = eye_triangles(), eye_mirror()
    left, right = len(base_ids), len(base_ids) + EYE_VERTICES
    return HeadMesh(
        base_ids,
        np.concatenate([part, np.full(EYE_VERTICES, PART["eyeLeft"]), np.full(EYE_VERTICES, PART["eyeRight"])]),
        np.concatenate([triangles, eye + left, eye + right]),
        np.concatenate([mirror, ring_mirror + right, ring_mirror + left]),
    )


def _kept_triangles(base: BaseMesh, index: np.ndarray) -> np.ndarray:
    """Quads whose corners are kept, cut along the shorter diagonal (the same on both sides); half a quad at the rim."""
    quads = np.array([ids for group, ids, _ in base.faces if group in PART_OF_GROUP])
    kept = index[quads] >= 0
    full = quads[kept.all(1)]
    v = base.vertices[full]
    first = np.linalg.norm(v[:, 0] - v[:, 2], axis=1) <= np.linalg.norm(v[:, 1] - v[:, 3], axis=1) + 1e-6
    whole = np.where(first[:, None, None], full[:, [[0, 1, 2], [0, 2, 3]]], full[:, [[1, 2, 3], [1, 3, 0]]])
    half = kept.sum(1) == 3
    missing = kept[half].argmin(1)
    corners = (missing[:, None] + [1, 2, 3]) % 4
    return index[np.concatenate([whole.reshape(-1, 3), np.take_along_axis(quads[half], corners, 1)])]


def close_mouth_cavity(triangles: np.ndarray, part: np.ndarray, mean: np.ndarray, mirror: np.ndarray) -> np.ndarray:
    """Triangles (n, 3) that close the cut end of the mouth, a fan from the rim's lowest vertex in the middle."""
    inner = triangles[(part[triangles] == PART["mouth"]).all(1)]
    known = set(map(tuple, directed_edges(triangles).tolist()))
    following = {}
    for a, b in directed_edges(inner).tolist():
        if (b, a) not in known:
            following[b] = a  # the cap's edges run opposite to the rim's
    middle = [v for v in following if mirror[v] == v]
    start = min(middle, key=lambda v: mean[v, 1])
    loop, at = [], following[start]
    while at != start:
        loop.append(at)
        at = following[at]
    return np.array([(start, a, b) for a, b in zip(loop[:-1], loop[1:], strict=True)])


def directed_edges(triangles: np.ndarray) -> np.ndarray:
    """The three directed edges of every triangle (3F, 2)."""
    return np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])


def lid_rims(mesh: HeadMesh, mean: np.ndarray, rows: int = 2) -> list[tuple[np.ndarray, np.ndarray]]:
    """Vertices along the upper and the lower lid's rim, left eye first; the mesh ends `rows` rows behind them."""
    edges = directed_edges(mesh.triangles[(mesh.part[mesh.triangles] == PART["face"]).all(1)])
    known = set(map(tuple, directed_edges(mesh.triangles).tolist()))
    border = np.array([a for a, b in edges.tolist() if (b, a) not in known])
    x, z = mean[border, 0], mean[border, 2]
    rims = []
    for sign in (1, -1):
        centre = mean[border[(x * sign > 5) & (x * sign < 55) & (z > 65)]].mean(0)
        row = seen = set(border[np.linalg.norm(mean[border] - centre, axis=1) < 25].tolist())
        for _ in range(rows):
            inside = np.isin(edges, list(row)).any(1)
            row = set(edges[inside].ravel().tolist()) - seen
            seen = seen | row
        rim = np.array(sorted(row))
        inner, outer = rim[mean[rim, 0].argmin()], rim[mean[rim, 0].argmax()]
        line = np.interp(mean[rim, 0], mean[[inner, outer], 0], mean[[inner, outer], 1])
        rims.append((rim[mean[rim, 1] > line], rim[mean[rim, 1] <= line]))
    return rims


def eye_points() -> tuple[np.ndarray, np.ndarray]:
    """Unit eyeball looking along z: points (E, 3) and their angle (E,) in degrees from the pupil's centre.

    Ring vertex 0 lies on the +x side, then on counter-clockwise as seen from the front.
    """
    turn = 2 * np.pi * np.arange(EYE_SEGMENTS) / EYE_SEGMENTS
    points, angles = [np.array([[0.0, 0.0, 1.0]])], [np.zeros(1)]
    for angle in EYE_ANGLES:
        a = np.radians(angle)
        ring = np.stack([np.sin(a) * np.cos(turn), np.sin(a) * np.sin(turn), np.full_like(turn, np.cos(a))], 1)
        points.append(ring)
        angles.append(np.full(EYE_SEGMENTS, angle))
    return np.concatenate(points), np.concatenate(angles)


def eye_triangles() -> np.ndarray:
    """Triangles of one eyeball (counter-clockwise from outside), open at the back."""
    n, result = EYE_SEGMENTS, []
    for k in range(n):
        result.append((0, 1 + k, 1 + (k + 1) % n))
    for ring in range(len(EYE_ANGLES) - 1):
        inner, outer = 1 + ring * n, 1 + (ring + 1) * n
        for k in range(n):
            m = (k + 1) % n
            # The diagonal turns over at the top and bottom, so that left and right are mirror images.
            if k < n // 4 or n // 2 <= k < 3 * n // 4:
                result += [(inner + k, outer + k, outer + m), (inner + k, outer + m, inner + m)]
            else:
                result += [(inner + k, outer + k, inner + m), (inner + m, outer + k, outer + m)]
    return np.array(result)


def eye_mirror() -> np.ndarray:
    """Vertex of the other eyeball for each vertex of one (x turned over)."""
    n = EYE_SEGMENTS
    ring = (n // 2 - np.arange(n)) % n
    return np.concatenate([[0], *[1 + r * n + ring for r in range(len(EYE_ANGLES))]])


def texture_coordinates(mean: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Mean (V, 3) -> uv (V, 2): a cylinder around the head for the skin, small boxes below it for what is inside."""
    uv = np.zeros((len(mean), 2))
    skin = (part == PART["face"]) | (part == PART["head"])
    angle = np.arctan2(mean[:, 0], mean[:, 2] - (mean[skin, 2].max() - 105.0))
    low, high = mean[skin, 1].min(), mean[skin, 1].max()
    uv[skin, 0] = 0.5 + 0.49 * angle[skin] / np.abs(angle[skin]).max()
    uv[skin, 1] = 0.15 + 0.84 * (mean[skin, 1] - low) / (high - low)
    boxes = ("eyeLeft", "eyeRight", "teeth", "gums", "mouth", "tongue")
    for n, name in enumerate(boxes):
        inside = part == PART[name]
        if inside.any():
            flat = mean[inside, :2]
            flat = (flat - flat.min(0)) / np.ptp(flat, axis=0)
            uv[inside] = [(n + 0.06) / len(boxes), 0.01] + flat * [0.88 / len(boxes), 0.12]
    return uv
