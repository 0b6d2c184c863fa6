"""The crop's camera: poses there and back, projection by the written formula, crops that fit their points."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.scene.camera import (
    Crop,
    Pose,
    crop_from_points,
    decode_pose,
    encode_pose,
    invert_similarity,
    move_pose,
    project,
    project_pose,
    transform_points,
)  # fmt: skip


@pytest.fixture
def poses() -> "torch.Tensor":
    return torch.randn(6, 9, generator=torch.Generator().manual_seed(1)) * 0.3


def test_zero_is_a_frontal_face_in_the_middle_of_the_crop():
    pose = decode_pose(torch.zeros(9))
    assert torch.equal(pose.rotation, torch.eye(3))
    assert pose.translation.tolist() == [95.5, 95.5]
    assert pose.scale.item() == pytest.approx(0.8)


def test_poses_survive_decoding_and_encoding(poses):
    decoded = decode_pose(poses)
    again = decode_pose(encode_pose(decoded))
    assert torch.allclose(decoded.rotation @ decoded.rotation.transpose(1, 2), torch.eye(3), atol=1e-6)
    for a, b in zip(decoded, again, strict=True):
        assert torch.allclose(a, b, atol=1e-5)


def test_projection_follows_the_formula():
    point, origin = torch.tensor([[10.0, 20.0, 130.0]]), torch.tensor([0.0, 0.0, 90.0])
    u, v, depth = project(point, torch.zeros(9), origin)[0].tolist()
    k = 0.8 * 800 / (800 - 40)
    assert (u, v, depth) == pytest.approx((95.5 + k * 10, 95.5 - k * 20, -32.0), abs=1e-4)


def test_moving_a_pose_moves_what_it_projects_to(poses):
    vertices = torch.randn(1, 30, 3, generator=torch.Generator().manual_seed(2)) * 50
    origin = torch.tensor([0.0, 1.0, 90.0])
    matrix = Crop(100, 90, 150, 0.4).to_crop_matrix()
    pose = Pose(*(value[:1] for value in decode_pose(poses)))
    moved = project_pose(vertices, move_pose(pose, matrix), origin)[0].numpy()
    assert np.allclose(moved, transform_points(matrix, project_pose(vertices, pose, origin)[0].numpy()), atol=1e-3)


def test_crop_matrices_are_inverse_and_centred():
    crop = Crop(200.0, 120.0, 96.0, np.radians(30))
    there, back = crop.to_frame_matrix(), crop.to_crop_matrix()
    middle = np.array([[95.5, 95.5]])
    assert np.allclose(transform_points(there, middle), [[200, 120]])
    assert np.allclose(invert_similarity(there), back)
    right = transform_points(there, middle + [1, 0])[0] - [200, 120]
    assert np.allclose(right, 0.5 * np.array([np.cos(crop.angle), np.sin(crop.angle)]))


def test_the_crop_of_points_is_level_and_half_as_large_again():
    rng = np.random.default_rng(0)
    level = rng.uniform(-1, 1, (478, 3)) * [40, 60, 10]
    level[33, :2], level[263, :2] = [-20, 5], [20, 5]
    level[0, :2], level[1, :2] = [40, 60], [-40, -60]
    c, s = np.cos(0.3), np.sin(0.3)
    points = level.copy()
    points[:, :2] = level[:, :2] @ np.array([[c, -s], [s, c]]).T + [300, 200]
    crop = crop_from_points(points)
    assert crop.angle == pytest.approx(0.3)
    assert (crop.centre_x, crop.centre_y) == pytest.approx((300, 200))
    assert crop.side == pytest.approx(180)
