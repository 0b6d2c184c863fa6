"""A bundle on disk: its manifest, its checksums, and the imported development bundle against its golden points."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from peekaboo_training import settings
from peekaboo_training.manifest import OUTPUTS, sha256

BUNDLES = [path.parent for path in sorted(settings.MODELS_FOLDER.glob("*/manifest.json"))]


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda folder: folder.name)
def test_manifest_matches_files(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["format"], manifest["version"]) == ("peekaboo-bundle", 1)
    assert manifest["name"] == folder.name
    assert manifest["outputs"] == OUTPUTS
    assert manifest["crop"]["centre"] == 95.5
    for file, expected in manifest["sha256"].items():
        assert sha256(folder / file) == expected


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda folder: folder.name)
def test_network_has_the_named_outputs(folder):
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(folder / "network.onnx", providers=["CPUExecutionProvider"])
    assert {output.name: output.shape for output in session.get_outputs()} == {
        name: entry["shape"] for name, entry in OUTPUTS.items()
    }


def decode_points(outputs, model):
    """Outputs of the network -> 68 points (68,2) crop px, by the formulas of the manifest alone."""
    pose = outputs["pose"][0].astype(float)
    a, b = np.array([1, 0, 0]) + pose[:3], np.array([0, 1, 0]) + pose[3:6]
    r1 = a / np.linalg.norm(a)
    r2 = b - (r1 @ b) * r1
    r2 /= np.linalg.norm(r2)
    rotation = np.stack([r1, r2, np.cross(r1, r2)], axis=1)
    vertices = model.vertices(outputs["identity"][0], outputs["expression"][0])
    turned = (vertices[model.landmarks68] - model.origin) @ rotation.T
    k = 0.8 * np.exp(pose[8]) * 800 / (800 - turned[:, 2])
    return np.stack([95.5 + 96 * pose[6] + k * turned[:, 0], 95.5 + 96 * pose[7] - k * turned[:, 1]], axis=1)


@pytest.mark.skipif("PEEKABOO_TRIAL" not in os.environ, reason="PEEKABOO_TRIAL names no trial folder")
def test_imported_bundle_reproduces_golden_points(tmp_path):
    onnxruntime, image = pytest.importorskip("onnxruntime"), pytest.importorskip("PIL.Image")
    from peekaboo_training.face_model.format import read_face_model
    from peekaboo_training.import_bundle import import_bundle

    source = Path(os.environ["PEEKABOO_TRIAL"])
    import_bundle(source, tmp_path, "trial")
    model = read_face_model(tmp_path / "face-model.bin")
    session = onnxruntime.InferenceSession(tmp_path / "network.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    for case in json.loads((source / "golden.json").read_text())["cases"]:
        pixels = np.asarray(image.open(source / case["image"]), np.float32).transpose(2, 0, 1)[None] / 255
        outputs = dict(zip(names, session.run(None, {"image": pixels})))
        np.testing.assert_allclose(decode_points(outputs, model), case["points68"], atol=0.05)


def test_committed_network_gives_its_golden_values():
    onnxruntime, image = pytest.importorskip("onnxruntime"), pytest.importorskip("PIL.Image")
    path = settings.GOLDEN_FOLDER / "network.json"
    if not path.exists():
        pytest.skip("no golden network")
    from peekaboo_training.face_model.format import read_face_model

    golden = json.loads(path.read_text())
    folder = settings.MODELS_FOLDER / "peekaboo"
    for file, expected in golden["sha256"].items():
        assert sha256(folder / file) == expected, f"{file} changed: run `golden` again"
    model = read_face_model(folder / "face-model.bin")
    session = onnxruntime.InferenceSession(folder / "network.onnx", providers=["CPUExecutionProvider"])
    for case in golden["cases"]:
        picture = image.open(settings.GOLDEN_FOLDER / case["image"]).convert("RGB")
        pixels = np.asarray(picture, np.float32).transpose(2, 0, 1)[None] / 255
        outputs = dict(zip(OUTPUTS, session.run(list(OUTPUTS), {"image": pixels})))
        for name, values in case["outputs"].items():
            np.testing.assert_allclose(outputs[name].ravel(), values, atol=1e-3)
        for channel, row, column, value in case["mask"]["samples"]:
            assert outputs["mask"][0, channel, row, column] == pytest.approx(value, abs=1e-3)
        np.testing.assert_allclose(decode_points(outputs, model), case["points68"], atol=0.05)
