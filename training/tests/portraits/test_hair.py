"""Own hair is found by its colour above the face, and bald heads have none."""

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2")
pytest.importorskip("torch")

from peekaboo_training.data.own_maps import OwnMaps, encode_map
from peekaboo_training.data.picture_files import write_files
from peekaboo_training.portraits.hair import _INNER, _OVAL, _SKIN, find_own

CENTRE = np.array([120.0, 120.0])


def painted(hair):
    """A person of plain colours: face, neck, jacket, and hair of a colour, if any; points, matte, and the hair."""
    rng = np.random.default_rng(0)
    points = np.zeros((478, 3), np.float32)
    turn = np.linspace(-np.pi / 2, 1.5 * np.pi, len(_OVAL), endpoint=False)
    points[:, :2] = CENTRE
    points[_OVAL, :2] = CENTRE + np.stack([45 * np.cos(turn), 60 * np.sin(turn)], 1)
    points[[33, 263], :2] = CENTRE + [[-22, -8], [22, -8]]
    for part, at in zip(_SKIN, ([-22, 18], [22, 18], [0, 8], [0, -25]), strict=True):
        around = np.linspace(0, 2 * np.pi, len(part), endpoint=False)
        points[part, :2] = CENTRE + at + np.stack([9 * np.cos(around), 8 * np.sin(around)], 1)
    around = np.linspace(np.pi, 3 * np.pi, len(_INNER), endpoint=False)
    points[_INNER, :2] = CENTRE + np.stack([28 * np.cos(around), 5 + 26 * np.sin(around)], 1)
    points[[33, 263], :2] = CENTRE + [[-22, -8], [22, -8]]
    picture = np.full((240, 240, 3), [60, 90, 160], np.uint8)
    matte, own = np.zeros((240, 240), np.uint8), np.zeros((240, 240), np.uint8)
    skin = (200, 150, 125)
    cv2.rectangle(matte, (70, 200), (170, 239), 1, -1)
    cv2.rectangle(picture, (70, 200), (170, 239), (40, 110, 60), -1)
    if hair:
        cv2.ellipse(own, (120, 110), (58, 76), 0, 180, 360, 1, -1)
        matte |= own
        picture[own > 0] = hair
    cv2.ellipse(matte, (120, 120), (45, 60), 0, 0, 360, 1, -1)
    cv2.ellipse(picture, (120, 120), (45, 60), 0, 0, 360, skin, -1)
    cv2.ellipse(own, (120, 120), (45, 60), 0, 0, 360, 0, -1)
    noisy = np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
    return noisy, points, matte.astype(np.float32), own > 0


@pytest.mark.parametrize("hair", [(40, 30, 25), (215, 190, 120), (150, 150, 150)])
def test_hair_is_found_and_skin_is_not(hair):
    picture, points, matte, own = painted(hair)
    found, certainty = find_own(picture, points, matte)
    inside = cv2.erode(own.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert found[inside].mean() > 0.9 and certainty[inside].mean() > 0.8
    assert found[100:140, 95:145].max() < 0.1 and certainty[110:130, 110:130].min() > 0.9
    assert found[:20, :20].max() < 0.1 and certainty[:20, :20].min() > 0.9


def test_a_bald_head_has_none():
    picture, points, matte, _ = painted(None)
    found, certainty = find_own(picture, points, matte)
    assert found.max() == 0 and certainty[100, 120] == 1 and certainty[230, 120] == 0


def test_maps_are_read_back_by_key(tmp_path):
    own, certainty = np.zeros((2, 240, 240), np.float32)
    own[:100], certainty[50:] = 1, 0.5
    write_files(tmp_path / "some.npz", ["a", "b"], [encode_map(own, certainty), encode_map(certainty, own)])
    maps = OwnMaps(tmp_path)
    assert len(maps) == 2 and maps.get("some/c") is None
    read = maps.get("some/a")
    assert np.abs(read[0] - own).max() < 0.01 and np.abs(read[1] - certainty).max() < 0.01
    assert len(OwnMaps(tmp_path / "missing")) == 0
