"""The character: a valid file that a test can rebuild, eyes that close, balls that stay behind their lids."""

from __future__ import annotations

import importlib.util
import json
import struct

import numpy as np
import pytest

from peekaboo_training.face_model.format import EXPRESSION_NAMES

if importlib.util.find_spec("anny") is None:
    pytest.skip("anny is not installed", allow_module_level=True)

from peekaboo_training.character.base import read_child
from peekaboo_training.character.build import DEFAULT_OUT, build_character
from peekaboo_training.character.eyes import RETREAT
from peekaboo_training.character.face import build_face
from peekaboo_training.character.lids import RADIUS
from peekaboo_training.character.refine import refine
from peekaboo_training.character.warp import warp

SIZE_LIMIT = 3_500_000
DTYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


@pytest.fixture(scope="module")
def content() -> bytes:
    return build_character()


@pytest.fixture(scope="module")
def face():
    return build_face(read_child())


def parse(content: bytes) -> tuple[dict, bytes]:
    magic, version, length = struct.unpack_from("<4sII", content)
    assert (magic, version, length) == (b"glTF", 2, len(content))
    size, kind = struct.unpack_from("<I4s", content, 12)
    assert kind == b"JSON"
    text, body = content[20 : 20 + size], content[28 + size :]
    assert struct.unpack_from("<I4s", content, 20 + size) == (len(body), b"BIN\0")
    return json.loads(text), body


def raw(gltf: dict, body: bytes, view: int, kind: int, count: int, width: int) -> np.ndarray:
    """Numbers (count, width) of a buffer view."""
    spec = gltf["bufferViews"][view]
    assert spec["byteOffset"] % 4 == 0 and spec["byteOffset"] + spec["byteLength"] <= len(body)
    item = np.dtype(DTYPES[kind]).itemsize
    stride = spec.get("byteStride", width * item)
    assert stride % 4 == 0 or "byteStride" not in spec
    assert (count - 1) * stride + width * item <= spec["byteLength"]
    data = body[spec["byteOffset"] : spec["byteOffset"] + spec["byteLength"]]
    rows = np.ndarray((count, width), DTYPES[kind], data, strides=(stride, item))
    return rows.astype(float)


def read(gltf: dict, body: bytes, index: int) -> np.ndarray:
    """An accessor's values (count, width), sparse ones filled in, normalised ones scaled."""
    spec = gltf["accessors"][index]
    count, width, kind = spec["count"], WIDTHS[spec["type"]], spec["componentType"]
    values = np.zeros((count, width))
    if "bufferView" in spec:
        values = raw(gltf, body, spec["bufferView"], kind, count, width)
    if sparse := spec.get("sparse"):
        rows = raw(gltf, body, sparse["indices"]["bufferView"], sparse["indices"]["componentType"], sparse["count"], 1)
        rows = rows[:, 0].astype(int)
        assert (np.diff(rows) > 0).all() and rows[-1] < count
        values[rows] = raw(gltf, body, sparse["values"]["bufferView"], kind, sparse["count"], width)
    scale = {5120: 127, 5122: 32767, 5121: 255, 5123: 65535}[kind] if spec.get("normalized") else 1
    return values / scale


def test_file_is_valid(content):
    gltf, body = parse(content)
    assert len(content) <= SIZE_LIMIT
    for mesh in gltf["meshes"]:
        (primitive,) = mesh["primitives"]
        values = {name: read(gltf, body, index) for name, index in primitive["attributes"].items()}
        assert len({len(v) for v in values.values()}) == 1, mesh["name"]
        assert all(np.isfinite(v).all() for v in values.values())
        np.testing.assert_allclose(np.linalg.norm(values["NORMAL"], axis=1), 1, atol=1e-3)
        bounds = gltf["accessors"][primitive["attributes"]["POSITION"]]
        box = [values["POSITION"].min(0), values["POSITION"].max(0)]
        np.testing.assert_allclose(box, [bounds["min"], bounds["max"]])
        corners = read(gltf, body, primitive["indices"])
        assert corners.max() < len(values["POSITION"])
        for target in primitive.get("targets", []):
            shapes = [read(gltf, body, index) for index in target.values()]
            assert set(target) == {"POSITION", "NORMAL"}
            assert all(np.isfinite(s).all() and s.shape == values["POSITION"].shape for s in shapes)


def test_every_expression_moves_something(content):
    gltf, body = parse(content)
    moved = set()
    for mesh in gltf["meshes"]:
        names = mesh.get("extras", {}).get("targetNames", [])
        targets = mesh["primitives"][0].get("targets", [])
        assert len(names) == len(targets)
        for name, target in zip(names, targets, strict=True):
            if np.abs(read(gltf, body, target["POSITION"])).max() > 0.0015:
                moved.add(name)
        if mesh["name"] == "Head":
            assert names == list(EXPRESSION_NAMES)
    assert moved == set(EXPRESSION_NAMES)


def test_same_bytes_twice(content):
    assert build_character() == content


def test_committed_file_is_what_the_script_makes(content):
    """Up to the last digits, which other versions of the libraries may round otherwise."""
    (new, new_body), (old, old_body) = parse(content), parse(DEFAULT_OUT.read_bytes())
    assert [m["name"] for m in new["meshes"]] == [m["name"] for m in old["meshes"]]
    for fresh, kept in zip(new["meshes"], old["meshes"], strict=True):
        a, b = (
            read(g, body, m["primitives"][0]["attributes"]["POSITION"])
            for g, body, m in ((new, new_body, fresh), (old, old_body, kept))
        )
        np.testing.assert_allclose(a, b, atol=1e-4)


@pytest.mark.parametrize("side", [0, 1])
def test_blink_closes(face, side):
    """The upper lid's rim comes to lie on or below the lower one's, by 2 mm at most, all along the eye."""
    eye = face.eyes[side]
    closed = face.poses[("eyeBlinkLeft", "eyeBlinkRight")[side]]
    x, upper, _ = eye.polar(closed[eye.upper])
    at, lower, _ = eye.polar(closed[eye.lower])
    order = np.argsort(at)
    gap = RADIUS * (upper - np.interp(x, at[order], lower[order]))
    middle = (x > eye.inner + 3) & (x < eye.outer - 3)
    assert gap[middle].max() <= 0.3
    assert gap[middle].min() >= -2.0
    _, open_upper, _ = eye.polar(face.neutral[eye.upper])
    _, open_lower, _ = eye.polar(face.neutral[eye.lower])
    assert RADIUS * (open_upper.max() - open_lower.min()) > 10  # it was open before


LID_SHAPES = ["neutral", "eyeBlink", "eyeSquint", "eyeWide", "eyeLookDown", "eyeLookUp", "cheekSquint"]


@pytest.mark.parametrize("name", LID_SHAPES)
def test_balls_stay_behind_the_lids(face, name):
    """At rest, on the way and at the shape's end, the rims lie outside the ball."""
    for side, eye in zip(("Left", "Right"), face.eyes, strict=True):
        pose = face.neutral if name == "neutral" else face.poses[name + side]
        for share in (0.25, 0.5, 0.75, 1.0):
            moved = face.neutral + share * (pose - face.neutral)
            ball = eye.centre - [0, 0, share * RETREAT.get(name, 0.0)]
            away = np.linalg.norm(moved[np.concatenate([eye.upper, eye.lower])] - ball, axis=1)
            assert away.min() > RADIUS - 0.1, (name, side, share)


def test_warp_turns_nothing_inside_out():
    """Small steps in any of three directions keep their handedness all over the child's skin."""
    base = read_child()
    points = base.vertices[np.unique(base.quads["skin"])]
    points = points[points[:, 1] > -80]  # below, the collar hides a neck that is pressed together
    step = 0.05
    columns = [(warp(points + step * axis) - warp(points - step * axis)) / (2 * step) for axis in np.eye(3)]
    assert np.linalg.det(np.stack(columns, -1)).min() > 0.02


def test_refined_mesh_of_a_cube_is_rounder_and_closed():
    cube = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
    refined = refine(quads, 8, np.ones(6, bool))
    points = refined(cube)
    assert points.shape == (26, 3) and len(refined.triangles) == 48
    np.testing.assert_allclose(points[:8], cube * 5 / 9)  # Catmull-Clark's rule for a corner of three faces
    edges = {tuple(e) for t in refined.triangles.tolist() for e in zip(t, t[1:] + t[:1], strict=True)}
    assert all((b, a) in edges for a, b in edges)


def test_partly_refined_mesh_has_no_cracks():
    """Every edge within the sheet has a triangle on both sides."""
    quads = np.array([[0, 1, 4, 3], [1, 2, 5, 4]])
    refined = refine(quads, 6, np.array([True, False]))
    assert refined.face.tolist() == [0] * 8 + [1] * 3
    edges = {tuple(e) for t in refined.triangles.tolist() for e in zip(t, t[1:] + t[:1], strict=True)}
    alone = {e for e in edges if e[::-1] not in edges}
    assert len(alone) == 3 * 2 + 3  # the sheet's outline: halves on the refined side, whole edges on the other
