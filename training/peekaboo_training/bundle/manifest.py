"""manifest.json of a bundle: its files, the meaning of its numbers, and checksums."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from .. import settings
from ..face_model.format import AXES, EXPRESSION_NAMES, REGION_NAMES

OUTPUTS: dict[str, dict[str, Any]] = {
    "identity": {"shape": [1, 80], "activation": "none"},
    "expression": {"shape": [1, 52], "activation": "sigmoid"},
    "pose": {
        "shape": [1, 9],
        "activation": "none",
        "slices": {"rotation6d": [0, 6], "translation": [6, 8], "logScale": [8, 9]},
    },
    "albedo": {"shape": [1, 10], "activation": "none"},
    "light": {"shape": [1, 27], "activation": "none"},
    "presence": {"shape": [1, 1], "activation": "sigmoid", "threshold": 0.5},
    "mask": {"shape": [1, 3, 96, 96], "activation": "sigmoid", "channels": ["occluder", "skin", "own"]},
}
NETWORK_FILE = "network.onnx"
FACE_MODEL_FILE = "face-model.bin"
SHIFT_FILE = "landmark-shift.bin"
SHIFT_INPUTS = ["identity", "expression", "x", "y", "xx", "xy", "yy", "1"]
"""Inputs of a landmark shift (landmark_shift.py), in this order."""
TERMS = (
    "For research and private use only: the network was trained in part on pictures whose terms allow research only, "
    "see MODEL_CARD.md beside this file. Starting weights: MediaPipe Face Mesh (Apache-2.0). Face model and the code "
    "that made both: MIT."
)
"""Terms of weights that were trained on research pictures."""
OPEN_TERMS = (
    "MIT: the network was trained on openly licensed material only, listed with licences under sources and in "
    "MODEL_CARD.md beside this file. Portraits of members of the UK Parliament: CC BY 3.0, Chris McAndrew / UK "
    "Parliament. Starting weights: MediaPipe Face Mesh (Apache-2.0)."
)
"""Terms of weights that were trained on openly licensed material only."""
TERMS_OF_BUNDLES = {"peekaboo-open": OPEN_TERMS}
"""Bundles whose terms differ from TERMS, by name."""


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def build_manifest(folder: Path, name: str, terms: str, figures: dict[str, Any]) -> dict[str, Any]:
    """Build the manifest of a bundle whose network and face model are in `folder`."""
    files = (NETWORK_FILE, FACE_MODEL_FILE)
    return {
        "format": "peekaboo-bundle",
        "version": 1,
        "name": name,
        "terms": terms,
        "files": {"network": NETWORK_FILE, "faceModel": FACE_MODEL_FILE},
        "input": {
            "name": "image",
            "shape": [1, 3, settings.CROP_SIZE, settings.CROP_SIZE],
            "channels": "RGB",
            "range": [0, 1],
        },
        "outputs": OUTPUTS,
        "crop": {
            "size": settings.CROP_SIZE,
            "centre": settings.CROP_CENTRE,
            "scale": settings.CROP_SCALE,
            "maskCell": settings.MASK_CELL,
        },
        "pose": {
            "distance": int(settings.POSE_DISTANCE),
            "baseScale": settings.POSE_BASE_SCALE,
            "halfCrop": int(settings.HALF_CROP),
            "axes": AXES,
        },
        "light": {
            "base": settings.LIGHT_BASE,
            "gamma": settings.GAMMA,
            "order": "1 y z x xy yz 3zz-1 xz xx-yy",
        },
        "expressionNames": list(EXPRESSION_NAMES),
        "regionNames": list(REGION_NAMES),
        "figures": figures,
        "sha256": {file: sha256(folder / file) for file in files},
    }


def name_shift(folder: Path, rank: int) -> None:
    """Add the landmark shift in `folder` to its manifest, with rank and checksum."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["landmarkShift"] = SHIFT_FILE
    manifest["landmarkShift"] = {"points": 478, "rank": rank, "inputs": SHIFT_INPUTS, "unit": "mm"}
    manifest["sha256"][SHIFT_FILE] = sha256(folder / SHIFT_FILE)
    write_manifest(folder, manifest)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> Path:
    """Write folder/manifest.json; gives its path."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
