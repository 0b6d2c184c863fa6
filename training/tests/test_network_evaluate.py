"""The figures of the evaluation on hand-made values."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("cv2")

from peekaboo_training.contact_sheet import draw, drawn_error  # noqa: E402
from peekaboo_training.evaluate import correlation, look, measure_faces, measure_renders, summarise  # noqa: E402
from peekaboo_training.geometry import FaceGeometry  # noqa: E402
from peekaboo_training.network import PeekabooNetwork  # noqa: E402

from synthetic_samples import random_face_model, random_sample  # noqa: E402


def single(seed):
    return {name: value[0].numpy() for name, value in random_sample(4, seed).items()}


def test_failures_are_errors_above_ten_percent():
    figures = summarise({"points/covered": [1.0, 2.0, 30.0, 11.0], "presence/clean": [1.0] * 4})
    assert figures["points"]["covered"]["failures"] == 50.0
    assert figures["points"]["covered"]["median"] == 6.5
    assert figures["faces"] == 4


def test_correlation_of_a_constant_is_zero():
    assert correlation(np.ones(5), np.arange(5.0)) == 0.0
    assert correlation(np.arange(5.0), np.arange(5.0)) == pytest.approx(1.0)


def test_a_network_that_says_zero_scores_one_on_renders():
    network = PeekabooNetwork().eval()
    figures = measure_renders(network, [single(seed) for seed in range(2)])
    for group in ("identity", "albedo", "light"):
        assert figures[group] == pytest.approx(1.0, abs=1e-3)


def test_all_figures_are_there():
    network, geometry = PeekabooNetwork().eval(), FaceGeometry(random_face_model(), 60, 60)
    fitted = single(0) | {"has_fit": np.float32(1), "source": "x"}
    figures = measure_faces(network, geometry, [(fitted, fitted), (fitted, fitted)])
    assert set(figures) >= {"faces", "points", "iou", "falseOccluder", "presence", "expression"}


def test_a_sheet_shows_the_error_of_what_it_draws():
    network, model = PeekabooNetwork().eval(), random_face_model()
    geometry, sample = FaceGeometry(model), single(0) | {"source": "x"}
    figures = measure_faces(network, geometry, [(sample, sample)])
    outputs, batch = look(network, sample)
    assert drawn_error(outputs, batch, geometry) == pytest.approx(figures["points"]["covered"]["median"], abs=1e-3)
    early = measure_faces(network, None, [(sample, sample)])
    assert drawn_error(outputs, batch, None) == pytest.approx(early["auxiliary"]["covered"]["median"], abs=1e-3)
    with torch.no_grad():
        assert draw(network, model, sample).shape == draw(network, None, sample).shape == (384, 3 * 384, 3)
