"""What cameras and lights do to a training picture."""

import numpy as np
import pytest

pytest.importorskip("cv2")

from peekaboo_training.data.augment import photograph

PICTURES = 500


def test_some_pictures_stand_in_a_strong_coloured_light_but_none_with_exact_colours():
    grey = np.full((192, 192, 3), 150, np.float32)

    def share_of_coloured(expose: bool) -> float:
        rng, coloured = np.random.default_rng(1), 0
        for _ in range(PICTURES):
            mean = photograph(rng, grey, expose=expose).mean((0, 1))
            coloured += mean.min() < 0.65 * mean.max()
        return coloured / PICTURES

    assert 0.06 < share_of_coloured(expose=True) < 0.13
    assert share_of_coloured(expose=False) == 0
