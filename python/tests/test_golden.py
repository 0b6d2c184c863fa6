"""The reader computes the golden values that TypeScript computes too."""

import json
from pathlib import Path

import numpy as np
import pytest

from peekaboo_reader import Camera, FaceModel, FaceModelError, project

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "test/golden"
FACE = json.loads((GOLDEN / "face-model.json").read_text())
GEOMETRY = json.loads((GOLDEN / "geometry.json").read_text())
MODEL = FaceModel.load(ROOT / FACE["file"])


def test_vertices() -> None:
    found = MODEL.vertices(FACE["identity"], FACE["expression"])
    assert np.abs(found[FACE["vertexIds"]] - FACE["positions"]).max() < FACE["tolerance"]["mm"]
    by_name = dict(zip(MODEL.expression_names, FACE["expression"], strict=True))
    assert np.array_equal(MODEL.vertices(FACE["identity"], by_name), found)


def test_vertices_without_expression_are_neutral() -> None:
    neutral = MODEL.vertices(np.zeros(80))
    assert np.allclose(neutral, MODEL.arrays["mean"])


def test_landmarks() -> None:
    vertices = MODEL.vertices(FACE["identity"], FACE["expression"])
    tolerance = FACE["tolerance"]["mm"]
    assert np.abs(vertices[MODEL.arrays["landmarks68"]] - FACE["landmarks68"]).max() < tolerance
    assert np.abs(MODEL.mediapipe_points(vertices) - FACE["landmarks478"]).max() < tolerance


def test_albedo() -> None:
    found = MODEL.albedo(FACE["albedo"])[FACE["vertexIds"]]
    assert np.abs(found - FACE["albedos"]).max() < FACE["tolerance"]["albedo"]


@pytest.mark.parametrize("case", GEOMETRY["cases"])
def test_project(case: dict) -> None:
    given = case["cropCamera"]
    camera = Camera(np.array(given["rotation"]), np.array(given["centre"]), given["scale"], given["distance"])
    found = project(np.array(case["points"]), camera, np.array(GEOMETRY["origin"]))
    assert np.abs(found - case["framePoints"]).max() < 1e-4


def test_unknown_expression() -> None:
    with pytest.raises(KeyError, match="smirk"):
        MODEL.vertices(np.zeros(80), {"smirk": 1.0})


def test_other_file(tmp_path: Path) -> None:
    path = tmp_path / "face-model.bin"
    path.write_bytes(b"no model at all")
    with pytest.raises(FaceModelError, match="not a face model"):
        FaceModel.load(path)
