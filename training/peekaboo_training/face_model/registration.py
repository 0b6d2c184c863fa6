"""Registration of MakeHuman's head to ICT's mean."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from . import points
from .crop import choose_vertices, eye_centres, faces_eye, texture_mask
from .makehuman import BaseMesh
from .mesh import PART, build_mesh
from .normals import vertex_normals
from .register import Hits, Surface, enclosed, laplacian, similarity, solve_displacement, spread, warp

# Stiffness, weight of the points, largest distance of a closest point in mm, for each step.
SCHEDULE = (
    (20, 0.5, 25), (12, 0.4, 15), (8, 0.3, 12), (5, 0.2, 8), (3, 0.15, 6),
    (2, 0.1, 5), (1.5, 0.08, 4), (1.2, 0.06, 4), (1.0, 0.05, 4), (1.0, 0.05, 4), (1.0, 0.05, 4), (1.0, 0.05, 4),
)  # fmt: skip
# Landmarks of the right side and their mirror images.
LANDMARK_PAIRS = (
    [(i, 16 - i) for i in range(8)] + [(17 + i, 26 - i) for i in range(5)] + [(31, 35), (32, 34)]
    + [(36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46)]
    + [(48, 54), (49, 53), (50, 52), (59, 55), (58, 56), (60, 64), (61, 63), (67, 65)]
)  # fmt: skip


class Registration:
    """MakeHuman's head on ICT's mean. `start` is the head after the similarity, `mean` after all."""

    def __init__(self, base: BaseMesh, heads: dict, prototype: dict):
        self.base, self.heads = base, heads
        ids, part = choose_vertices(base)
        self.mesh = build_mesh(base, ids, part)
        self.count = len(ids)
        self.skin, self.mirror = self.mesh.skin[: self.count], self.mesh.mirror[: self.count]
        self.triangles = self.mesh.triangles[(self.mesh.triangles < self.count).all(1)]
        outer = np.isin(heads["part"], [0, 6])
        self.target = Surface(heads["mean"].astype(float), heads["tri"][outer[heads["tri"]].all(1)])
        corners = heads["mean"][heads["mp478_tri"]].astype(float)
        self.points = np.einsum("nk,nkc->nc", heads["mp478_bary"], corners)[:468]
        self._place(prototype)
        self._lay()

    def symmetric(self, vertices: np.ndarray) -> np.ndarray:
        """Mean of the vertices (B, 3) and their mirror image."""
        return 0.5 * (vertices + vertices[self.mirror] * [-1, 1, 1])

    def _place(self, prototype: dict) -> None:
        """Similarity (turning about x only) on MediaPipe's points."""
        index = np.full(len(self.base.vertices), -1)
        index[self.mesh.base_ids] = np.arange(self.count)
        corners = index[base_vertices_of(self.base, prototype)[prototype["mp468_tri"]]]
        self.kept = (corners >= 0).all(1)
        rows = np.repeat(np.arange(self.kept.sum()), 3)
        weights = prototype["mp468_bary"][self.kept].ravel()
        self.at_points = csr_matrix((weights, (rows, corners[self.kept].ravel())), (self.kept.sum(), self.count))
        source = self.base.vertices[self.mesh.base_ids]
        target = self.points[self.kept]
        self.scale, turn, _ = similarity(self.at_points @ source, target)
        a = np.arctan2(turn[2, 1], turn[1, 1])
        self.rotation = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
        placed = self.scale * source @ self.rotation.T
        self.shift = (target - self.at_points @ placed).mean(0) * [0, 1, 1]
        self.start = placed + self.shift

    def _lay(self) -> None:
        """Thin-plate warp on the points, then the non-rigid closest-point steps."""
        self.smooth = laplacian(self.start, self.triangles, self.count)
        target = self.points[self.kept]
        rims = set(points.LIPS_OUTER + points.LIPS_INNER + points.EYE_L + points.EYE_R)
        strong = np.isin(np.flatnonzero(self.kept), list(rims))
        inner = enclosed(self.start, self.triangles, 40.0)
        centres = self.scale * eye_centres(self.base) @ self.rotation.T + self.shift
        inner |= faces_eye(self.start, vertex_normals(self.start, self.triangles), centres, 21.0, -0.1)
        ear = texture_mask(self.base, "ears")[self.mesh.base_ids] > 0.3
        self.trust = self.skin * ~(inner | inner[self.mirror]) * np.where(ear, 0.15, 1.0)
        at = self.symmetric(warp(self.at_points @ self.start, target, self.start, 3.0))
        landmarks = []
        for stiffness, pull, far in SCHEDULE:
            if not landmarks and stiffness == SCHEDULE[-1][0]:
                landmarks = [self.landmark_anchor(at)]
            hits, weights = self.hits(at, far)
            w = pull + strong * 0.5
            anchors = landmarks + [
                (csr_matrix(self.at_points.multiply(w[:, None])), w[:, None] * target, 1.0),
                (stiffness * self.smooth, stiffness * (self.smooth @ self.start), 1.0),
            ]
            at = self.symmetric(at + solve_displacement(self.smooth, stiffness, hits, weights, 0.1, at, anchors))
        self.mean = at

    def landmark_anchor(self, at: np.ndarray) -> tuple[csr_matrix, np.ndarray, float]:
        """The vertices nearest to the landmarks shall come to lie on them, for landmarks are vertices in the file.

        Not those of the eyes and the mouth's line: there the mesh is fine, and lids and lips must stay the unit's.
        """
        self.landmarks = learn_landmarks(self, at)
        chosen = np.r_[0:36, 55:60]
        number = len(chosen)
        matrix = csr_matrix((np.ones(number), (np.arange(number), self.landmarks[chosen])), (number, self.count))
        return matrix, self.heads["mean"][self.heads["lm68"][chosen]].astype(float), 2.0

    def hits(self, at: np.ndarray, far: float) -> tuple[Hits, np.ndarray]:
        """Closest points on ICT's skin and their weights (B,)."""
        normals = vertex_normals(at, self.triangles)
        hits = self.target.closest(at, normals)
        agree = (normals * hits.normal).sum(1) > 0.5
        return hits, self.trust * agree * (hits.distance < far) * ~self.target.on_rim(hits)

    def carry(self, values: np.ndarray, stiffness: float) -> np.ndarray:
        """Values at ICT's vertices (N, K) -> at ours (B, K), smooth where ICT has none."""
        hits, weights = self.hits(self.mean, 3.0)
        return spread(self.smooth, weights, self.target.field(hits, values), stiffness)


def base_vertices_of(base: BaseMesh, prototype: dict) -> np.ndarray:
    """The prototype's vertices -> vertices of the base mesh, through their texture coordinates."""
    pairs = np.unique(
        np.stack([np.concatenate([f[1] for f in base.faces]), np.concatenate([f[2] for f in base.faces])], 1), axis=0
    )
    _, nearest = cKDTree(base.uv[pairs[:, 1]]).query(prototype["uv_corner"].astype(float).reshape(-1, 2))
    candidates, corners = pairs[nearest, 0], prototype["tri"].ravel()
    result = np.zeros(len(prototype["mean"]), int)
    for vertex in range(len(result)):
        found, votes = np.unique(candidates[corners == vertex], return_counts=True)
        result[vertex] = found[votes.argmax()]
    return result


def learn_landmarks(found: Registration, mean: np.ndarray) -> np.ndarray:
    """iBUG's 68 points as our vertices (68,): the nearest that face the same way, the right side mirrored."""
    ids = found.heads["lm68"]
    target = found.heads["mean"][ids].astype(float)
    target_normals = found.target.normals[ids]
    ours = vertex_normals(mean, found.triangles)
    cost = np.linalg.norm(target[:, None] - mean, axis=2) + 2.0 * (1 - target_normals @ ours.T)
    cost[:, ~np.isin(found.mesh.part[: found.count], [PART["face"], PART["head"]])] = np.inf
    centre = np.isin(np.arange(68), [8, 27, 28, 29, 30, 33, 51, 57, 62, 66])
    middle = np.abs(mean[:, 0]) < 1e-6
    cost[np.ix_(centre, ~middle)] = np.inf
    chosen = cost.argmin(1)
    for right, left in LANDMARK_PAIRS:
        chosen[left] = found.mirror[chosen[right]]
    return chosen
