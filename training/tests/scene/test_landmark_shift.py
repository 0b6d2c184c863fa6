"""Landmark shifts: what is learnt of known slides, how they lean with the head, and the file."""

import json

import numpy as np
import pytest

from peekaboo_training import settings
from peekaboo_training.bundle.manifest import SHIFT_FILE, name_shift, sha256
from peekaboo_training.scene.landmark_shift import (
    INPUTS,
    LandmarkShift,
    left_over,
    mirror_inputs,
    picture_axes,
    read_shift,
    shift_inputs,
    write_shift,
)
from peekaboo_training.scene.mesh_points import MEDIAPIPE_OF_IBUG
from peekaboo_training.scene.mirror import EXPRESSION_MIRROR, POINT_MIRROR, mirror_rotation

R = np.random.default_rng(3)


def turned(yaw, roll):
    """Rotations (B, 3, 3) of angles (B,) in radians: about y, then in the picture."""
    zero, one = np.zeros_like(yaw), np.ones_like(yaw)

    def rows(*r):
        return np.stack([np.stack(x, -1) for x in r], 1)

    c, s, cr, sr = np.cos(yaw), np.sin(yaw), np.cos(roll), np.sin(roll)
    return rows((cr, -sr, zero), (sr, cr, zero), (zero, zero, one)) @ rows(
        (c, zero, s), (zero, one, zero), (-s, zero, c)
    )


def some_faces(count):
    """Identities, expressions and rotations of so many heads."""
    rotation = turned(R.uniform(-1, 1, count), R.uniform(-0.4, 0.4, count))
    return R.normal(0, 1, (count, 80)), R.uniform(0, 1, (count, 52)), rotation


def some_shift(rank=3):
    reduce = np.zeros((rank, INPUTS))
    reduce[np.arange(rank), [85, 132, 137][:rank]] = 1
    return LandmarkShift(reduce, R.normal(0, 1, (rank, 956)))


def test_up_goes_up_the_picture_and_right_to_the_right():
    np.testing.assert_allclose(picture_axes(np.eye(3)[None])[0], [[1, 0], [0, -1]], atol=1e-12)
    # A head leaning a quarter turn towards the picture's left: its up points left, its right up.
    leaning = turned(np.zeros(1), np.full(1, np.pi / 2))
    np.testing.assert_allclose(picture_axes(leaning)[0], [[0, -1], [-1, 0]], atol=1e-12)


def test_what_is_left_over_is_what_move_adds():
    identity, expression, rotation = some_faces(5)
    inputs, scale = shift_inputs(identity, expression, rotation), R.uniform(0.5, 2, 5)
    shift, points = some_shift(), R.uniform(0, 192, (5, 478, 3))
    moved = shift.move(points, inputs, rotation, scale)
    np.testing.assert_allclose(left_over(points, moved, rotation, scale), shift.shifts(inputs), atol=1e-4)
    assert (moved[..., 2] == points[..., 2]).all()
    flat = points[:, :68, :2].copy()
    flat[:, 17:] = points[:, list(MEDIAPIPE_OF_IBUG), :2]
    moved68 = shift.move68(flat, inputs, rotation, scale)
    np.testing.assert_allclose(moved68[:, 17:], moved[:, list(MEDIAPIPE_OF_IBUG), :2])
    assert (moved68[:, :17] == flat[:, :17]).all()


def test_a_head_that_leans_has_the_same_shifts():
    identity, expression, _ = some_faces(1)
    yaw = np.full(1, 0.5)
    upright, leaning = (shift_inputs(identity, expression, turned(yaw, np.full(1, roll))) for roll in (0.0, 0.6))
    np.testing.assert_allclose(upright, leaning, atol=1e-12)


def test_known_slides_are_learnt_and_mirrored_faces_slide_the_other_way():
    pytest.importorskip("torch")
    from peekaboo_training.learn.shift import learn

    inputs = shift_inputs(*some_faces(3000))
    shift = some_shift()
    mirrored = mirror_inputs(inputs, np.eye(80))
    other = shift.shifts(mirrored)[:, POINT_MIRROR] * [-1, 1]
    both = (shift.shifts(inputs) + other) / 2
    found = learn(inputs, (both + R.normal(0, 0.3, both.shape)).astype(np.float32), np.eye(80))
    error = np.abs(found.shifts(inputs) - both).mean()
    assert error < 0.1 * np.abs(both).mean()
    again = found.shifts(mirrored)[:, POINT_MIRROR] * [-1, 1]
    np.testing.assert_allclose(again, found.shifts(inputs), atol=1e-3)
    unlike = learn(inputs, R.permutation(both).astype(np.float32), np.eye(80))
    assert np.abs(unlike.shifts(inputs) - both).mean() > 0.5 * np.abs(both - both.mean(axis=0)).mean()


def test_a_mirrored_face_is_seen_from_the_other_side():
    identity, expression, rotation = some_faces(4)
    flipped = identity * np.resize([1, -1], 80)
    wanted = mirror_inputs(shift_inputs(identity, expression, rotation), np.diag(np.resize([1.0, -1.0], 80)))
    found = shift_inputs(flipped, expression[:, EXPRESSION_MIRROR], mirror_rotation(rotation))
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_the_file_says_the_same_and_a_cut_one_is_refused(tmp_path):
    shift = some_shift()
    write_shift(tmp_path / "a.bin", shift)
    back = read_shift(tmp_path / "a.bin")
    np.testing.assert_allclose(back.spread, shift.spread, rtol=1e-3)
    assert (back.reduce == shift.reduce).all()
    (tmp_path / "a.bin").write_bytes((tmp_path / "a.bin").read_bytes()[:-2])
    with pytest.raises(ValueError, match="no landmark shift"):
        read_shift(tmp_path / "a.bin")
    with pytest.raises(ValueError, match="float16"):
        write_shift(tmp_path / "b.bin", LandmarkShift(shift.reduce * 1e6, shift.spread))


def test_the_manifest_says_how_the_file_is_read(tmp_path):
    (tmp_path / "manifest.json").write_text('{"files": {"network": "n"}, "sha256": {}}')
    write_shift(tmp_path / SHIFT_FILE, some_shift())
    name_shift(tmp_path, rank=3)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["files"] == {"network": "n", "landmarkShift": SHIFT_FILE}
    assert (manifest["landmarkShift"]["rank"], manifest["landmarkShift"]["inputs"][-1]) == (3, "1")
    assert manifest["sha256"][SHIFT_FILE] == sha256(tmp_path / SHIFT_FILE)


def test_a_shift_is_learnt_for_the_bundle_s_own_network_only():
    torch = pytest.importorskip("torch")
    pytest.importorskip("cv2")
    pytest.importorskip("onnxruntime")
    from peekaboo_training.learn import shift as learn_shift
    from peekaboo_training.network.network import PeekabooNetwork

    torch.manual_seed(0)
    with pytest.raises(ValueError, match="differs from torch"):
        learn_shift.check_same(PeekabooNetwork().eval(), settings.MODELS_FOLDER / "peekaboo" / "network.onnx")
