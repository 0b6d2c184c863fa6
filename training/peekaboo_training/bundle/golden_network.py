"""Golden values of a committed network: all outputs on one face, clean and covered, decoded in plain numpy.

The picture is scikit-image's astronaut (NASA, public domain); the crops lie beside the numbers as PNG.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..face_model.format import FaceModel, read_face_model
from ..scene.landmark_shift import LandmarkShift, read_shift, shift_inputs
from ..scene.mirror import identity_mirror
from .golden_crop import sample
from .golden_geometry import decode_pose, project
from .manifest import FACE_MODEL_FILE, NETWORK_FILE, OUTPUTS, SHIFT_FILE, sha256

CROP = {"centreX": 223.9156, "centreY": 124.3649, "side": 157.9156, "angle": 0.0534366}
MASK_SAMPLES = range(8, 96, 16)


def network_golden(bundle: Path, folder: Path) -> dict[str, Any]:
    """Content of network.json for the bundle; writes the crops into `folder` when they are not there yet."""
    import onnxruntime
    from PIL import Image

    session = onnxruntime.InferenceSession(bundle / NETWORK_FILE, providers=["CPUExecutionProvider"])
    model = read_face_model(bundle / FACE_MODEL_FILE)
    named = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))["files"]
    shift = read_shift(bundle / SHIFT_FILE) if "landmarkShift" in named else None
    cases = []
    for name, picture in crops(folder).items():
        path = folder / f"network-{name}.png"
        if not path.exists():
            Image.fromarray(picture).save(path, optimize=True)
        pixels = np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1)[None] / 255
        outputs = dict(zip(OUTPUTS, session.run(list(OUTPUTS), {"image": np.ascontiguousarray(pixels)}), strict=True))
        cases.append(describe(name, path.name, outputs, model, shift))
    identity = np.sin(np.arange(len(model.identity_basis), dtype=np.float32))
    mirrored = {"identity": rounded(identity), "mirrored": rounded(identity_mirror(model) @ identity)}
    files = (NETWORK_FILE, FACE_MODEL_FILE, *([SHIFT_FILE] if shift else []))
    digests = {file: sha256(bundle / file) for file in files}
    return {
        "how": "PNG bytes / 255, RGB, to the network; points by the manifest's formulas",
        "picture": "scikit-image astronaut (NASA, public domain)", "crop": CROP, "sha256": digests,
        "tolerance": {"network": 1e-3, "points": 0.05}, "identityMirror": mirrored, "cases": cases,
    }  # fmt: skip


def crops(folder: Path) -> dict[str, np.ndarray | None]:
    """The two crops (192,192,3) uint8, or their names alone when their files are there."""
    names = ("clean", "covered")
    if all((folder / f"network-{name}.png").exists() for name in names):
        return dict.fromkeys(names)
    from skimage.data import astronaut

    clean = np.round(sample(astronaut().astype(float), CROP)).astype(np.uint8)
    return {"clean": clean, "covered": draw_covers(clean)}


def draw_covers(picture: np.ndarray) -> np.ndarray:
    """An ellipse over the subject's left eye and a striped board over mouth and chin."""
    covered = picture.copy()
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(float)
    along, across = (x - 124) * 0.9 + (y - 74) * 0.43, (y - 74) * 0.9 - (x - 124) * 0.43
    covered[(along / 30) ** 2 + (across / 17) ** 2 < 1] = (60, 90, 40)
    board = (np.abs(x - 92) < 36) & (np.abs(y - 136) < 28)
    covered[board] = (180, 160, 150)
    covered[board & (np.floor(y / 7) % 2 == 0)] = (120, 130, 170)
    return covered


def describe(
    name: str, image: str, outputs: dict[str, np.ndarray], model: FaceModel, shift: LandmarkShift | None
) -> dict[str, Any]:
    """One case: outputs, mask samples [channel, row, column, probability], decoded and shifted points in crop px."""
    rotation, translation, scale = decode_pose(outputs["pose"][0].astype(float))
    vertices = model.vertices(outputs["identity"][0], outputs["expression"][0]).astype(float)

    def place(points: np.ndarray) -> np.ndarray:
        return project(points, rotation, translation, scale, model.origin.astype(float))

    points68, points478 = place(model.landmarks(vertices))[:, :2], place(model.mediapipe_points(vertices))
    if shift:
        inputs = shift_inputs(outputs["identity"], outputs["expression"], rotation[None])
        view = inputs, rotation[None], np.array([scale])
        points68, points478 = shift.move68(points68[None], *view)[0], shift.move(points478[None], *view)[0]
    mask = outputs["mask"][0]
    samples = [[c, i, j, round(float(mask[c, i, j]), 5)] for c in (0, 1) for i in MASK_SAMPLES for j in MASK_SAMPLES]
    return {
        "name": name, "image": image,
        "outputs": {key: rounded(value.ravel()) for key, value in outputs.items() if key != "mask"},
        "mask": {"mean": rounded(mask.mean(axis=(1, 2))), "samples": samples},
        "rotation": rounded(rotation),
        "points68": rounded(points68, 4),
        "points478": rounded(points478, 4),
    }  # fmt: skip


def rounded(values: np.ndarray, digits: int = 6) -> list:
    """Nested lists of rounded floats."""
    return np.round(values.astype(float), digits).tolist()
