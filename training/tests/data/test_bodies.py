"""Rendered bodies show no face: from the front only what is below the neck."""

import numpy as np
import pytest

pytest.importorskip("cv2")
pytest.importorskip("torch")
pytest.importorskip("numba")

from peekaboo_training.covers.material import Material
from peekaboo_training.data.bodies import _NECK, Bodies, _shot


def test_the_face_is_never_in_view():
    vertices = np.array([[0, 0, 0], [0.1, 1.7, 0.1], [-0.1, 1.0, 0]], np.float32)
    rng = np.random.default_rng(0)
    for _ in range(300):
        shot = _shot(rng, vertices)
        top = shot.middle[1] + 192 / shot.scale / 2
        assert shot.turn[2, 2] < -0.45 or top <= _NECK * 1.7 + 1e-6


def test_bodies_differ_and_fill_some_of_the_picture():
    pytest.importorskip("anny")
    bodies = Bodies(1)
    pictures = [bodies.draw(np.random.default_rng(seed), Material()) for seed in (1, 2)]
    for picture in pictures:
        assert picture.shape == (192, 192, 3) and picture.min() >= 0 and picture.max() <= 256 and picture.std() > 5
    assert np.abs(pictures[0] - pictures[1]).mean() > 5
