"""Who is reserved and held back, and what mirroring does to numbers. Needs numpy only."""

import hashlib

import numpy as np

from peekaboo_training.data.faces import is_held_back, is_reserved, person_of
from peekaboo_training.scene.mirror import EXPRESSION_MIRROR, POINT_MIRROR, mirror_points, mirror_rotation


def test_reserved_people_are_those_whose_md5_ends_in_0_or_1():
    for name in ("Luis_Fonsi", "Al_Gore", "Zhang_Ziyi", "Raja_Zafar-ul-Haq", "Alan_Ball", "Bo"):
        expected = int(hashlib.md5(name.encode()).hexdigest(), 16) % 10 in (0, 1)
        assert is_reserved(f"{name}_0001") == is_reserved(f"{name}_21") == expected
    assert not is_reserved("20161219140525218")
    assert person_of("1_0_2_20161219140525218") is None


def test_a_fifth_of_people_are_reserved_and_validation_goes_by_person():
    stems = [f"Person_{chr(97 + k % 26)}{k}_0001" for k in range(2000)]
    assert 0.17 < np.mean([is_reserved(stem) for stem in stems]) < 0.23
    assert 0.06 < np.mean([is_held_back(stem) for stem in stems]) < 0.1
    assert all(is_held_back(stem) == is_held_back(stem.replace("_0001", "_0002")) for stem in stems)


def test_open_portraits_are_held_out_by_person():
    assert not any(is_held_back(stem) for k in range(999) for stem in (f"A{k:06}", f"icpsr-{k:06}"))
    assert 0.05 < np.mean([is_held_back(f"{10000 + k}") for k in range(2000)]) < 0.11
    assert 0.05 < np.mean([is_held_back(f"female-{k}") for k in range(2000)]) < 0.11
    assert np.mean([is_held_back(f"2016121914052{k:04}") for k in range(2000)]) < 0.04


def test_mirror_maps_are_their_own_inverse():
    assert (POINT_MIRROR[POINT_MIRROR] == np.arange(478)).all()
    assert (EXPRESSION_MIRROR[EXPRESSION_MIRROR] == np.arange(52)).all()
    assert [POINT_MIRROR[k] for k in (33, 61, 468, 469, 470, 472, 1)] == [263, 291, 473, 476, 475, 477, 1]


def test_mirroring_turns_pictures_and_points_alike():
    picture = np.zeros((240, 240), np.uint8)
    picture[100, 70] = 255
    points = np.zeros((478, 3), np.float32)
    points[33] = [70, 100, 5]
    x, y, z = mirror_points(points, 240)[263]
    assert picture[:, ::-1][int(y), int(x)] == 255 and z == 5


def test_mirrored_rotations_are_rotations():
    c, s = np.cos(0.4), np.sin(0.4)
    turned = mirror_rotation(np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]))
    assert np.allclose(turned, [[c, 0, -s], [0, 1, 0], [s, 0, c]])
