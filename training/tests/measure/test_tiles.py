"""Pictures in rows."""

import numpy as np
import pytest

from peekaboo_training.measure.tiles import arrange


def test_tiles_lie_in_rows_and_the_rest_is_filled():
    tiles = [np.full((2, 3, 3), value, np.uint8) for value in (1, 2, 3)]
    sheet = arrange(tiles, 2, fill=255)
    assert sheet.shape == (4, 6, 3)
    assert sheet[::2, ::3, 0].tolist() == [[1, 2], [3, 255]]
    assert len(tiles) == 3


def test_no_tile_is_an_error():
    with pytest.raises(ValueError, match="no tile"):
        arrange([], 2)
