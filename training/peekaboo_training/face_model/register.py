"""Non-rigid registration of one head's surface to another's, and transfer of vertex values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.sparse import coo_matrix, csr_matrix, diags, identity, vstack
from scipy.sparse.linalg import factorized, splu
from scipy.spatial import cKDTree

from .normals import vertex_normals


@dataclass
class Hits:
    """Closest points on a surface."""

    triangle: np.ndarray  # (N,) index
    weights: np.ndarray  # (N, 3) barycentric
    point: np.ndarray  # (N, 3)
    normal: np.ndarray  # (N, 3) unit, interpolated
    distance: np.ndarray  # (N,)


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Scale, rotation, shift that lay source (N, 3) onto target (N, 3): target = scale * source @ R.T + shift."""
    a, b = source.mean(0), target.mean(0)
    u, s, vt = np.linalg.svd((target - b).T @ (source - a))
    sign = np.diag([1, 1, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ sign @ vt
    scale = (s * np.diag(sign)).sum() / ((source - a) ** 2).sum()
    return scale, rotation, b - scale * rotation @ a


class Surface:
    """A triangle mesh to find closest points on: samples in a tree, then the exact point on the triangles nearby."""

    def __init__(self, vertices: np.ndarray, triangles: np.ndarray, divide: int = 4):
        self.vertices, self.triangles = np.asarray(vertices, float), np.asarray(triangles)
        self.normals = vertex_normals(self.vertices, self.triangles)
        cells = [(i + 1 / 3, j + 1 / 3) for i in range(divide) for j in range(divide - i)]
        cells += [(i + 2 / 3, j + 2 / 3) for i in range(divide - 1) for j in range(divide - 1 - i)]
        weights = np.array([(i, j, divide - i - j) for i, j in cells]) / divide
        samples = np.einsum("sk,tkc->tsc", weights, self.vertices[self.triangles]).reshape(-1, 3)
        self.owner = np.repeat(np.arange(len(self.triangles)), len(weights))
        self.tree, self.samples = cKDTree(samples), samples
        sample_normals = np.einsum("sk,tkc->tsc", weights, self.normals[self.triangles]).reshape(-1, 3)
        self.sample_normals = sample_normals / np.maximum(np.linalg.norm(sample_normals, axis=1, keepdims=True), 1e-12)

    def closest(self, points: np.ndarray, normals: np.ndarray | None = None, near: int = 8) -> Hits:
        """Closest surface points; with normals (N, 3), places that face another way are passed over if possible."""
        _, index = self.tree.query(points, near)
        triangle, count = self.owner[index], len(points)
        corners = self.vertices[self.triangles[triangle]].reshape(-1, 3, 3)
        weights = closest_weights(np.repeat(points, near, 0), corners)
        found = np.einsum("nk,nkc->nc", weights, corners).reshape(count, near, 3)
        cost = np.linalg.norm(found - points[:, None], axis=2)
        if normals is not None:
            agree = np.einsum("nkc,nc->nk", self.sample_normals[index], normals)
            cost = cost + 8.0 * np.clip(0.6 - agree, 0, None)
        row, best = np.arange(count), cost.argmin(1)
        triangle, point = triangle[row, best], found[row, best]
        weights = weights.reshape(count, near, 3)[row, best]
        normal = np.einsum("nk,nkc->nc", weights, self.normals[self.triangles[triangle]])
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        return Hits(triangle, weights, point, normal, np.linalg.norm(points - point, axis=1))

    def field(self, hits: Hits, values: np.ndarray) -> np.ndarray:
        """Vertex values (V, ...) at the hits (N, ...)."""
        return np.einsum("nk,nk...->n...", hits.weights, values[self.triangles[hits.triangle]])

    def on_rim(self, hits: Hits) -> np.ndarray:
        """Mask (N,): the hit lies on a triangle at the surface's open rim."""
        sides = [self.triangles[:, pair] for pair in ([0, 1], [1, 2], [2, 0])]
        edges = np.sort(np.concatenate(sides), 1)
        unique, count = np.unique(edges, axis=0, return_counts=True)
        rim = np.zeros(len(self.vertices), bool)
        rim[unique[count == 1]] = True
        return (rim[self.triangles[hits.triangle]] & (hits.weights > 1e-6)).sum(1) >= (hits.weights > 1e-6).sum(1)


def closest_weights(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Barycentric weights (N, 3) of the point of triangle n (N, 3 corners, 3) closest to points (N, 3)."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    best, result = np.full(len(points), np.inf), np.zeros((len(points), 3))

    def offer(weights):
        d = np.linalg.norm(np.einsum("nk,nkc->nc", weights, corners) - points, axis=1)
        ok = (weights.min(1) >= -1e-12) & (d < best)
        best[ok], result[ok] = d[ok], weights[ok]

    u, v, w = b - a, c - a, points - a
    uu, uv, vv = (u * u).sum(1), (u * v).sum(1), (v * v).sum(1)
    wu, wv = (w * u).sum(1), (w * v).sum(1)
    det = np.maximum(uu * vv - uv * uv, 1e-12)
    s, t = (wu * vv - wv * uv) / det, (wv * uu - wu * uv) / det
    offer(np.stack([1 - s - t, s, t], 1))
    for i, j in ((0, 1), (1, 2), (2, 0)):
        edge = corners[:, j] - corners[:, i]
        r = np.clip(((points - corners[:, i]) * edge).sum(1) / np.maximum((edge**2).sum(1), 1e-12), 0, 1)
        weights = np.zeros_like(result)
        weights[:, i], weights[:, j] = 1 - r, r
        offer(weights)
    return result


def warp(source: np.ndarray, target: np.ndarray, points: np.ndarray, smoothing: float = 1.0) -> np.ndarray:
    """Thin-plate warp that takes source (N, 3) about onto target (N, 3), applied to points (M, 3)."""
    return points + RBFInterpolator(source, target - source, kernel="linear", smoothing=smoothing, degree=1)(points)


def laplacian(vertices: np.ndarray, triangles: np.ndarray, count: int) -> csr_matrix:
    """Laplacian (count, count), rows weighted by inverse edge length, sum 1 on the diagonal."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = np.unique(np.sort(edges, 1), axis=0)
    i, j = np.concatenate([edges, edges[:, ::-1]]).T
    weight = 1 / np.maximum(np.linalg.norm(vertices[i] - vertices[j], axis=1), 0.3)
    w = coo_matrix((weight, (i, j)), (count, count)).tocsr()
    total = np.asarray(w.sum(1)).ravel()
    return diags((total > 0).astype(float)) - diags(1 / np.maximum(total, 1e-9)) @ w


def solve_displacement(smooth, stiffness, hits, weights, tangential, start, anchors):
    """One step: displacement (N, 3) that brings start (N, 3) to the hits' planes, held smooth.

    weights (N,): pull of the hit's plane; tangential: share of the pull along the surface as well;
    anchors: list of (matrix (A, N), targets (A, 3), weight).
    """
    count = len(start)
    normal = hits.normal
    lines = coo_matrix(
        (
            (weights[:, None] * normal).ravel(),
            (np.repeat(np.arange(count), 3), (np.arange(count)[:, None] + count * np.arange(3)).ravel()),
        ),
        (count, 3 * count),
    )
    gap = hits.point - start
    rows, sides = [lines], [weights * (normal * gap).sum(1)]
    along = weights * tangential
    blocks = [(stiffness * smooth, np.zeros((smooth.shape[0], 3))), (diags(along), gap * along[:, None])]
    blocks += [(weight * matrix, weight * (target - matrix @ start)) for matrix, target, weight in anchors]
    for matrix, side in blocks:
        matrix = matrix.tocoo()
        for axis in range(3):
            places = (matrix.row, matrix.col + axis * count)
            rows.append(coo_matrix((matrix.data, places), (matrix.shape[0], 3 * count)))
            sides.append(side[:, axis])
    a = vstack(rows).tocsc()
    b = np.concatenate(sides)
    normal_matrix = (a.T @ a + 1e-6 * identity(3 * count)).tocsc()
    return splu(normal_matrix).solve(a.T @ b).reshape(3, count).T


def spread(smooth: csr_matrix, weights: np.ndarray, values: np.ndarray, stiffness: float) -> np.ndarray:
    """Values (N, K) known with weights (N,) -> smooth values everywhere: min |w (f - values)|² + stiffness² |L f|²."""
    w = diags(weights**2)
    solve = factorized((w + stiffness**2 * (smooth.T @ smooth) + 1e-9 * identity(len(weights))).tocsc())
    return np.stack([solve(column) for column in (w @ values).T], 1)


def enclosed(vertices: np.ndarray, triangles: np.ndarray, reach: float, lift: float = 0.3) -> np.ndarray:
    """Mask (V,): a ray from the vertex along its normal meets the surface within `reach` mm (nostril, mouth)."""
    normals = vertex_normals(vertices, triangles)
    a = vertices[triangles[:, 0]]
    u, v = vertices[triangles[:, 1]] - a, vertices[triangles[:, 2]] - a
    result = np.zeros(len(vertices), bool)
    for n, (start, direction) in enumerate(zip(vertices + lift * normals, normals, strict=True)):
        h = np.cross(direction, v)
        det = (u * h).sum(1)
        ok = np.abs(det) > 1e-9
        f = np.where(ok, 1 / np.where(ok, det, 1), 0)
        s = start - a
        p = f * (s * h).sum(1)
        q = np.cross(s, u)
        r = f * (q @ direction)
        t = f * (q * v).sum(1)
        result[n] = (ok & (p >= 0) & (r >= 0) & (p + r <= 1) & (t > 1e-3) & (t < reach)).any()
    return result
