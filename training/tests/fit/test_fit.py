"""Fitting: what was projected is found again; priors, bounds, offsets and the mirror hold."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("cv2")

from peekaboo_training.data.faces import LabelledFaces
from peekaboo_training.data.fits import Fits
from peekaboo_training.fit.fit import (
    as_fits,
    expression_prior,
    learn_offsets,
    person_identities,
    prior_weights,
    share_identities,
)
from peekaboo_training.fit.gauss_newton import fit_points
from peekaboo_training.fit.point_model import PointModel
from peekaboo_training.scene.camera import Pose, encode_pose, project_pose
from peekaboo_training.scene.mirror import (
    EXPRESSION_MIRROR,
    POINT_MIRROR,
    identity_mirror,
    mirror_points,
    mirror_rotation,
)  # fmt: skip
from synthetic_model import synthetic_model


@pytest.fixture(scope="module")
def model():
    return synthetic_model()


def faces(model, count: int, offset: float = 0.0) -> tuple[np.ndarray, np.ndarray, Pose]:
    """Random faces, turned up to 20 degrees: points (N, 478, 3), expressions (N, 52), pose."""
    rng = np.random.default_rng(4)
    identity = rng.normal(0, 0.5, (count, 80)).astype(np.float32)
    expression = (rng.uniform(0.2, 0.6, (count, 52)) * (rng.random((count, 52)) < 0.1)).astype(np.float32)
    yaw = np.radians([5, -10, 15, 20, -20, 0][:count])
    rotation = np.stack([[[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]] for a in yaw])
    pose = Pose(torch.tensor(rotation, dtype=torch.float32), torch.full((count, 2), 119.0), torch.full((count,), 0.8))
    coefficients = torch.tensor(np.concatenate([identity, expression], 1))
    shape = PointModel.of(model, np.full((478, 3), offset)).shape(coefficients)
    return project_pose(shape, pose, torch.zeros(3)).numpy(), expression, pose


def test_projected_faces_are_found_again(model):
    points, expression, pose = faces(model, 6)
    result = fit_points(PointModel.of(model, np.zeros((478, 3))), points, expression, np.full(52, 100.0), rounds=6)
    assert result.error.mean() < 0.5
    assert torch.allclose(result.pose.rotation, pose.rotation, atol=0.03)
    assert torch.allclose(result.pose.scale, pose.scale, rtol=0.03)
    assert 0 <= result.coefficients[:, 80:].min() and result.coefficients[:, 80:].max() <= 1


def test_faces_do_not_depend_on_their_batch(model):
    points, expression, _ = faces(model, 6)
    whole = fit_points(PointModel.of(model, np.zeros((478, 3))), points, expression, prior_weights())
    single = fit_points(PointModel.of(model, np.zeros((478, 3))), points[4:5], expression[4:5], prior_weights())
    assert torch.allclose(whole.coefficients[4], single.coefficients[0], atol=0.05)
    assert torch.allclose(whole.error[4], single.error[0], atol=0.1)


def test_the_mirrored_face_has_the_mirrored_fit(model):
    points, expression, _ = faces(model, 1)
    point_model = PointModel.of(model, np.zeros((478, 3)))
    one = fit_points(point_model, points, expression, prior_weights(), rounds=8)
    flipped = mirror_points(points[0], 240)[None]
    other = fit_points(point_model, flipped, expression[:, EXPRESSION_MIRROR], prior_weights(), rounds=8)
    assert torch.allclose(one.error[0], other.error[0][POINT_MIRROR], atol=0.1)
    identity = identity_mirror(model) @ one.coefficients[0, :80].numpy()
    assert np.allclose(identity, other.coefficients[0, :80], atol=0.1)
    assert np.allclose(one.coefficients[0, 80:][EXPRESSION_MIRROR], other.coefficients[0, 80:], atol=0.05)
    assert np.allclose(mirror_rotation(one.pose.rotation[0].numpy()), other.pose.rotation[0], atol=2e-3)
    assert 239 - one.pose.translation[0, 0] == pytest.approx(float(other.pose.translation[0, 0]), abs=0.05)


def test_offsets_are_the_same_left_and_right_and_lower_the_error(model, capsys):
    moved = synthetic_model()
    bump = np.random.default_rng(2).normal(0, 1.5, (478, 3)) * [1, 1, 0]
    bump = 0.5 * (bump + bump[POINT_MIRROR] * [-1, 1, 1])
    moved.mediapipe_offset = bump.astype(np.float32)
    rng = np.random.default_rng(5)
    pose = Pose(torch.eye(3).repeat(24, 1, 1), torch.full((24, 2), 119.0), torch.full((24,), 0.8))
    neutral = np.concatenate([rng.normal(0, 0.5, (24, 80)), np.zeros((24, 52))], 1)
    coefficients = torch.tensor(neutral, dtype=torch.float32)
    points = project_pose(PointModel.of(model, bump).shape(coefficients), pose, torch.zeros(3)).numpy()
    offset = learn_offsets(model, points, np.zeros((24, 52), np.float32))
    assert np.allclose(offset, offset[POINT_MIRROR] * [-1, 1, 1])
    before, after = (fit_points(PointModel.of(model, o), points, np.zeros((24, 52)), np.full(52, 300.0)).error.mean()
                     for o in (np.zeros((478, 3)), offset))  # fmt: skip
    assert after < 0.6 * before


def test_the_prior_takes_the_blendshapes_bias_away():
    names = ["_neutral", "jawOpen", "eyeBlinkLeft"]
    scores = np.array([[0, 0.2, 0.1], [0, 0.2, 0.1], [0, 0.6, 0.1], [0, 0.1, 0.1]], np.float32)
    prior = expression_prior([LabelledFaces("a", None, None, None, scores, names, ["1", "2", "3", "4"])])
    assert prior.shape == (4, 52)
    assert prior[:, 17].tolist() == pytest.approx([0, 0, 0.5, 0])
    assert prior[:, 51].max() == 0


def test_the_jaw_is_held_most():
    weights = prior_weights()
    assert weights[17] == 60 and weights[37] == weights[38] == weights[20] == 30 and weights[0] == 8


def test_fits_survive_writing_and_reading(model, tmp_path):
    points, expression, _ = faces(model, 2)
    result = fit_points(PointModel.of(model, np.zeros((478, 3))), points, expression, prior_weights())
    as_fits(["a/1", "a/2"], result, np.zeros((478, 3))).save(tmp_path / "fits.npz")
    fits = Fits.load(tmp_path / "fits.npz")
    assert fits.keys == ["a/1", "a/2"] and fits.identity.shape == (2, 80) and fits.error.shape == (2,)
    assert fits.belong_to(model)
    moved = synthetic_model()
    moved.mediapipe_offset = moved.mediapipe_offset + 1
    assert not fits.belong_to(moved)
    pose = Pose(*(torch.from_numpy(v) for v in (fits.rotation, fits.translation, fits.scale)))
    assert torch.isfinite(encode_pose(pose)).all()


def test_pictures_of_one_person_share_the_identity_and_still_fit(model):
    points, expression, _ = faces(model, 1)
    points = np.repeat(points, 2, 0)
    points[1, :, :2] += np.random.default_rng(0).normal(0, 0.4, (478, 2))
    names, expression = ["Ann_Lee_0001", "Ann_Lee_0002"], np.repeat(expression, 2, 0)
    point_model = PointModel.of(model, np.zeros((478, 3)))
    alone = fit_points(point_model, points, expression, prior_weights())
    shared = share_identities(point_model, alone, points, expression, names)
    apart = [(r.coefficients[0, :80] - r.coefficients[1, :80]).norm() for r in (alone, shared)]
    assert apart[1] < 0.2 * apart[0]
    assert shared.error.mean() < 1.3 * alone.error.mean()


def test_pictures_without_a_name_or_partner_keep_their_own_fit(model):
    points, expression, _ = faces(model, 2)
    result = fit_points(PointModel.of(model, np.zeros((478, 3))), points, expression, prior_weights())
    assert np.isnan(person_identities(result, points, ["20161219140525218.jpg", "Ann_Lee_0001"])).all()
