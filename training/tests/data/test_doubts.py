"""Which pictures are doubtful, and what that takes off their masks."""

import numpy as np
import pytest

pytest.importorskip("cv2")
pytest.importorskip("torch")

from peekaboo_training.covers.paste import Masks
from peekaboo_training.data.doubts import ABOUT_EYES, lens_brightness, read_doubtful
from peekaboo_training.data.sample import empty_sample, leave_unknown, set_masks


def face_with_lenses(brightness):
    """A light square whose upper half about the eyes has the given brightness."""
    picture = np.full((192, 192, 3), 180, np.uint8)
    picture[40:100] = brightness
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = [96, 150]
    for side, x in zip(ABOUT_EYES, (60, 130), strict=True):
        points[side, :2] = [x, 70]
    return picture, points


def test_dark_lenses_are_doubtful_and_skin_is_not():
    assert lens_brightness(*face_with_lenses(30)) < 0.2
    assert lens_brightness(*face_with_lenses(170)) > 0.9


def test_a_shadow_over_one_eye_is_no_lens():
    picture, points = face_with_lenses(30)
    picture[:, 96:] = 180
    assert lens_brightness(picture, points) > 0.9


def test_doubts_are_read_by_key(tmp_path):
    path = tmp_path / "doubts.npz"
    assert read_doubtful(path) == set()
    np.savez(path, keys=np.array(["a/1", "a/2", "b/3"]), covered=[0.0, 0.2, 0.0], lenses=[0.9, 0.9, 0.3])
    assert read_doubtful(path) == {"a/2", "b/3"}


def test_only_what_was_pasted_teaches_the_mask_on_a_doubtful_face():
    sample, masks = empty_sample(), Masks.empty(own_known=1)
    masks.occluder[50:90, 20:60] = 1
    set_masks(sample, masks, np.ones_like(masks.occluder))
    leave_unknown(sample)
    weight = sample["mask_weight"]
    assert (weight[:, 25:45, 10:30] > 0).all()
    assert weight[:, 60:].max() == 0 and weight[:, :, 40:].max() == 0
