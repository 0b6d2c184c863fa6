"""A bundle on disk: its manifest, its checksums, its golden values, and the import of development bundles."""

import json

import numpy as np
import pytest

from peekaboo_training import settings
from peekaboo_training.bundle.import_bundle import import_bundle
from peekaboo_training.bundle.manifest import OUTPUTS, build_manifest, sha256, write_manifest
from peekaboo_training.face_model.format import EXPRESSION_NAMES, PART_NAMES, read_face_model, write_face_model
from peekaboo_training.scene.mesh_points import MEDIAPIPE_OF_IBUG
from synthetic_model import synthetic_model
from synthetic_samples import random_face_model

BUNDLES = [path.parent for path in sorted(settings.MODELS_FOLDER.glob("*/manifest.json"))]


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda folder: folder.name)
def test_manifest_matches_files(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["format"], manifest["version"]) == ("peekaboo-bundle", 1)
    assert manifest["name"] == folder.name
    mask = manifest["outputs"]["mask"]
    assert mask["channels"] in (["occluder", "skin"], ["occluder", "skin", "own"])
    assert mask["shape"] == [1, len(mask["channels"]), 96, 96]
    assert {**manifest["outputs"], "mask": OUTPUTS["mask"]} == OUTPUTS
    assert manifest["crop"]["centre"] == 95.5
    for file, expected in manifest["sha256"].items():
        assert sha256(folder / file) == expected


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda folder: folder.name)
def test_network_has_the_named_outputs(folder):
    onnxruntime = pytest.importorskip("onnxruntime")
    session = onnxruntime.InferenceSession(folder / "network.onnx", providers=["CPUExecutionProvider"])
    outputs = json.loads((folder / "manifest.json").read_text())["outputs"]
    assert {output.name: output.shape for output in session.get_outputs()} == {
        name: entry["shape"] for name, entry in outputs.items()
    }


def test_manifest_names_files_and_checksums(tmp_path):
    write_face_model(tmp_path / "face-model.bin", random_face_model())
    (tmp_path / "network.onnx").write_bytes(b"x")
    manifest = build_manifest(tmp_path, "test", "terms", {"nme": 1})
    write_manifest(tmp_path, manifest)
    read = json.loads((tmp_path / "manifest.json").read_text())
    assert read["outputs"]["mask"]["shape"] == [1, 3, 96, 96]
    assert len(read["expressionNames"]) == 52 and len(read["regionNames"]) == 10
    assert set(read["sha256"]) == {"network.onnx", "face-model.bin"}


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


def decode_shift(outputs, rotation, path):
    """How far the 68 points (68,2) go, crop px, by the formulas of docs/formats.md alone."""
    values = np.fromfile(path, "<f2").astype(float)
    rank = len(values) // (138 + 956)
    reduce, spread = values[: rank * 138].reshape(rank, 138), values[rank * 138 :].reshape(rank, 956)
    x, y = rotation[2, :2]
    inputs = np.concatenate([outputs["identity"][0], outputs["expression"][0], [x, y, x * x, x * y, y * y, 1]])
    right, up = (spread.T @ (reduce @ inputs)).reshape(478, 2)[list(MEDIAPIPE_OF_IBUG)].T
    a, b = rotation[:2, 1] / np.linalg.norm(rotation[:2, 1])
    scale = 0.8 * np.exp(float(outputs["pose"][0, 8]))
    moved = np.zeros((68, 2))
    moved[17:] = scale * np.stack([right * b + up * a, right * a - up * b], axis=1)
    return moved


def write_development_bundle(folder, pose):
    """A development bundle whose network says the same of every picture: `pose` (1,9), zeros else. Gives its model."""
    model = synthetic_model()
    part = np.zeros(len(model.mean), np.uint8)
    part[:8] = 2, 3, 6, 4, 5, 1, 7, 0
    np.savez(
        folder / "model.npz", mean=model.mean, part=part, exp_names=np.array(EXPRESSION_NAMES), tri=model.triangles,
        id_basis=model.identity_basis, exp_basis=model.expression_basis, albedo_mean=model.albedo_mean,
        albedo_logpca=model.albedo_basis, uv=model.uv + 1.25, lm68=model.landmarks68, mirror=model.mirror,
        mp478_tri=model.mediapipe_triangles, mp478_bary=model.mediapipe_barycentric,
        mp478_offset=model.mediapipe_offset, origin=model.origin,
    )  # fmt: skip
    onnx = pytest.importorskip("onnx")
    values = {name: np.zeros(entry["shape"], np.float32) for name, entry in OUTPUTS.items()} | {"pose": pose}

    def info(name, shape):
        return onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)

    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", [f"{name}_value"], [name]) for name in values], "constant",
        [info("image", [1, 3, 192, 192])], [info(name, value.shape) for name, value in values.items()],
        [onnx.numpy_helper.from_array(value, f"{name}_value") for name, value in values.items()],
    )  # fmt: skip
    opset = [onnx.helper.make_opsetid("", 17)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=8), folder / "some.onnx")
    described = {"format": "peekaboo-trial/1", "terms": "for tests", "network": "some.onnx", "faceModel": "model.npz",
                 "sha256": {file: sha256(folder / file) for file in ("some.onnx", "model.npz")}}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(described))
    return model


@pytest.fixture
def development(tmp_path):
    """Folder of a development bundle, the pose that its network says, and its model."""
    folder = tmp_path / "development"
    folder.mkdir()
    pose = np.random.default_rng(4).normal(0, 0.2, (1, 9)).astype(np.float32)
    return folder, pose, write_development_bundle(folder, pose)


def test_an_imported_bundle_has_its_crop_centre_moved(development, tmp_path):
    source, pose, model = development
    reference = pytest.importorskip("onnx.reference")
    import_bundle(source, tmp_path / "some", "some")
    manifest = json.loads((tmp_path / "some/manifest.json").read_text())
    assert (manifest["name"], manifest["terms"], manifest["figures"]) == ("some", "for tests", {})
    assert all(sha256(tmp_path / "some" / file) == expected for file, expected in manifest["sha256"].items())
    network = reference.ReferenceEvaluator(str(tmp_path / "some/network.onnx"))
    values = network.run(None, {"image": np.zeros((1, 3, 192, 192), np.float32)})
    outputs = dict(zip(network.output_names, values, strict=True))
    assert list(outputs) == list(OUTPUTS)
    # The same place on the picture: 96 + 96 t there is 95.5 + 96 t here.
    np.testing.assert_allclose(95.5 + 96 * outputs["pose"][0, 6:8], 96.0 + 96 * pose[0, 6:8], atol=1e-4)
    np.testing.assert_array_equal(np.delete(outputs["pose"], [6, 7], 1), np.delete(pose, [6, 7], 1))
    moved = decode_points(outputs, model) - decode_points(outputs | {"pose": pose}, model)
    np.testing.assert_allclose(moved, 0.5, atol=1e-4)


def test_an_imported_face_model_is_the_same_with_our_parts_and_regions(development, tmp_path):
    source, _, model = development
    import_bundle(source, tmp_path / "some", "some")
    read = read_face_model(tmp_path / "some/face-model.bin")
    for name in ("mean", "triangles", "landmarks68", "mediapipe_triangles", "mirror", "origin"):
        np.testing.assert_allclose(getattr(read, name), getattr(model, name), atol=1e-6, err_msg=name)
    assert [PART_NAMES[k] for k in read.part[2:8]] == ["head", "teeth", "gums", "mouth", "tongue", "face"]
    assert {PART_NAMES[k] for k in read.part[:2]} <= {"eyeLeft", "eyeRight"}
    np.testing.assert_allclose(read.uv, 0.25, atol=1e-6)
    assert read.region_weights.min() >= 0 and read.region_weights.max() <= 1


def test_a_damaged_or_foreign_bundle_is_not_imported(development, tmp_path):
    source, _, _ = development
    described = json.loads((source / "manifest.json").read_text())
    (source / "some.onnx").write_bytes(b"x")
    with pytest.raises(ValueError, match="some.onnx: checksum"):
        import_bundle(source, tmp_path / "some", "some")
    (source / "manifest.json").write_text(json.dumps(described | {"format": "peekaboo-bundle"}))
    with pytest.raises(ValueError, match="peekaboo-bundle"):
        import_bundle(source, tmp_path / "some", "some")
    assert not (tmp_path / "some").exists()


def test_committed_network_gives_its_golden_values():
    onnxruntime, image = pytest.importorskip("onnxruntime"), pytest.importorskip("PIL.Image")
    golden = json.loads((settings.GOLDEN_FOLDER / "network.json").read_text())
    folder = settings.MODELS_FOLDER / "peekaboo"
    for file, expected in golden["sha256"].items():
        assert sha256(folder / file) == expected, f"{file} changed: run `golden` again"
    model = read_face_model(folder / "face-model.bin")
    session = onnxruntime.InferenceSession(folder / "network.onnx", providers=["CPUExecutionProvider"])
    for case in golden["cases"]:
        picture = image.open(settings.GOLDEN_FOLDER / case["image"]).convert("RGB")
        pixels = np.asarray(picture, np.float32).transpose(2, 0, 1)[None] / 255
        outputs = dict(zip(OUTPUTS, session.run(list(OUTPUTS), {"image": pixels}), strict=True))
        for name, values in case["outputs"].items():
            np.testing.assert_allclose(outputs[name].ravel(), values, atol=1e-3)
        for channel, row, column, value in case["mask"]["samples"]:
            assert outputs["mask"][0, channel, row, column] == pytest.approx(value, abs=1e-3)
        points = decode_points(outputs, model)
        if (folder / "landmark-shift.bin").exists():
            points += decode_shift(outputs, np.array(case["rotation"]), folder / "landmark-shift.bin")
        np.testing.assert_allclose(points, case["points68"], atol=0.05)
