"""`import-bundle DIR --name NAME`: turn a development bundle (npz face model + onnx) into public/models/NAME.

Needs numpy and onnx only. The result is for development: it is never committed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from .. import settings
from ..face_model.format import EXPRESSION_NAMES, PART_NAMES, REGION_NAMES, FaceModel, write_face_model
from .manifest import FACE_MODEL_FILE, NETWORK_FILE, build_manifest, sha256, write_manifest

# Part numbers of the npz; 2 and 3 are the eyes, distinguished by their side.
SOURCE_PARTS = {0: "face", 6: "head", 4: "teeth", 5: "gums", 1: "mouth", 7: "tongue"}
# iBUG points at the centre of each region, and its radius in mm.
REGION_POINTS = {
    "eyeLeft": (range(42, 48), 12.0),
    "eyeRight": (range(36, 42), 12.0),
    "browLeft": (range(22, 27), 10.0),
    "browRight": (range(17, 22), 10.0),
    "nose": (range(27, 36), 14.0),
    "mouth": (range(48, 68), 12.0),
    "jaw": (range(4, 13), 20.0),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `import-bundle`."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with manifest.json, *.onnx and *.npz")
    parser.add_argument("--name", default="trial", help="folder under public/models (default: trial)")


def run(args: argparse.Namespace) -> int:
    """Write public/models/NAME and print its path."""
    target = settings.MODELS_FOLDER / args.name
    import_bundle(args.folder, target, args.name)
    print(f"wrote {target}")
    return 0


def import_bundle(source: Path, target: Path, name: str) -> None:
    """Convert the bundle in `source`. Raises ValueError for another format or a wrong checksum."""
    described = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    if described.get("format") != "peekaboo-trial/1":
        raise ValueError(f"{source}: format {described.get('format')!r}, expected 'peekaboo-trial/1'")
    for file, expected in described["sha256"].items():
        if sha256(source / file) != expected:
            raise ValueError(f"{source / file}: checksum differs from the manifest")
    target.mkdir(parents=True, exist_ok=True)
    write_face_model(target / FACE_MODEL_FILE, read_trial_model(source / described["faceModel"]))
    move_crop_centre(source / described["network"], target / NETWORK_FILE)
    manifest = build_manifest(target, name, described["terms"], figures={})
    write_manifest(target, manifest)


def read_trial_model(path: Path) -> FaceModel:
    """The npz arrays as a FaceModel (mm, subject's left is +x)."""
    with np.load(path) as file:
        arrays = {key: file[key] for key in file.files}
    mean = arrays["mean"].astype(np.float32)
    part = convert_parts(arrays["part"], mean)
    if tuple(arrays["exp_names"]) != EXPRESSION_NAMES:
        raise ValueError(f"{path}: another order of expressions")
    return FaceModel(
        mean=mean,
        triangles=arrays["tri"].astype(np.uint16),
        part=part,
        identity_basis=arrays["id_basis"].astype(np.float32),
        expression_basis=arrays["exp_basis"].astype(np.float32),
        albedo_mean=arrays["albedo_mean"].astype(np.float32),
        albedo_basis=arrays["albedo_logpca"].astype(np.float32),
        uv=convert_uv(arrays["uv"]),
        landmarks68=arrays["lm68"].astype(np.uint16),
        mediapipe_triangles=arrays["mp478_tri"].astype(np.uint16),
        mediapipe_barycentric=arrays["mp478_bary"].astype(np.float32),
        mediapipe_offset=arrays["mp478_offset"].astype(np.float32),
        region_weights=region_weights(mean, part, mean[arrays["lm68"]]),
        mirror=arrays["mirror"].astype(np.uint16),
        origin=arrays["origin"].astype(np.float32),
        sources=[
            {"name": "ICT-FaceKit Light, (c) 2020 USC Institute for Creative Technologies", "licence": "MIT"},
            {"name": "MakeHuman skins", "licence": "CC0-1.0"},
        ],
    )


def convert_parts(numbers: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """(V,) part numbers of the npz -> indices into PART_NAMES."""
    part = np.zeros(len(numbers), np.uint8)
    for number, name in SOURCE_PARTS.items():
        part[numbers == number] = PART_NAMES.index(name)
    eyes = (numbers == 2) | (numbers == 3)
    part[eyes & (mean[:, 0] > 0)] = PART_NAMES.index("eyeLeft")
    part[eyes & (mean[:, 0] <= 0)] = PART_NAMES.index("eyeRight")
    return part


def convert_uv(uv: np.ndarray) -> np.ndarray:
    """(V,2) texture coordinates with one tile per part -> every tile folded onto 0..1."""
    folded = uv.astype(np.float32).copy()
    outside = (folded < 0) | (folded > 1)
    folded[outside] -= np.floor(folded[outside])
    return folded


def region_weights(mean: np.ndarray, part: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(10,V) soft regions 0..1 from the distance to the iBUG points; mean (V,3), points (68,3), both mm."""
    weights = np.zeros((len(REGION_NAMES), len(mean)), np.float32)
    for name, (indices, reach) in REGION_POINTS.items():
        weights[REGION_NAMES.index(name)] = fade(distance(mean, points[list(indices)]), reach)
    for side, sign, eye in (("Left", 1, "eyeLeft"), ("Right", -1, "eyeRight")):
        centre = np.array([[sign * 42.0, points[30, 1] - 8.0, points[30, 2] - 35.0]])
        weights[REGION_NAMES.index(f"cheek{side}")] = fade(distance(mean, centre), 22.0)
        weights[REGION_NAMES.index(eye)][part == PART_NAMES.index(eye)] = 1.0
    brows = points[17:27, 1].mean()
    above = np.clip((mean[:, 1] - brows - 8.0) / 12.0, 0, 1) * np.clip((brows + 55.0 - mean[:, 1]) / 15.0, 0, 1)
    weights[REGION_NAMES.index("forehead")] = above * np.clip((mean[:, 2] - 40.0) / 20.0, 0, 1)
    eyes = (PART_NAMES.index("eyeLeft"), PART_NAMES.index("eyeRight"))
    weights[:, ~np.isin(part, (0, *eyes))] = 0.0
    return weights


def distance(mean: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(V,) mm from each vertex to the nearest of (n,3) points."""
    return np.linalg.norm(mean[:, None] - points[None], axis=2).min(axis=1)


def fade(value: np.ndarray, reach: float) -> np.ndarray:
    """1 up to half the reach, 0 beyond the reach, smooth in between."""
    t = np.clip(2.0 - 2.0 * value / reach, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def move_crop_centre(source: Path, target: Path) -> None:
    """Copy the network, adding half a pixel to the translation: its crop centre is 96.0, ours 95.5."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(source)
    offset = np.zeros((1, 9), np.float32)
    offset[0, 6:8] = (96.0 - settings.CROP_CENTRE) / settings.HALF_CROP
    for node in model.graph.node:
        for index, output in enumerate(node.output):
            if output == "pose":
                node.output[index] = "pose_centre_96"
    model.graph.initializer.append(numpy_helper.from_array(offset, "pose_centre_offset"))
    model.graph.node.append(helper.make_node("Add", ["pose_centre_96", "pose_centre_offset"], ["pose"]))
    onnx.checker.check_model(model)
    onnx.save(model, target)
