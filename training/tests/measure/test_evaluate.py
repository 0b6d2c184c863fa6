"""The figures of the evaluation on hand-made values."""

import collections

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("cv2")

from peekaboo_training.measure import evaluate
from peekaboo_training.measure.contact_sheet import draw, drawn_error
from peekaboo_training.measure.evaluate import correlation, measure_faces, measure_renders, predict, summarise
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.scene.eye_distance import METRIC_FLOOR_PX, eye_distance
from peekaboo_training.scene.geometry import FaceGeometry
from peekaboo_training.scene.mesh_points import LID_PAIRS, LIP_PAIRS
from synthetic_samples import random_face_model, random_sample


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
    assert set(figures) >= {"faces", "points", "iou", "falseOccluder", "presence", "expression", "openings"}
    assert set(figures["openings"]) == {"eyes", "mouth"}


def test_openings_are_those_of_lids_and_inner_lips_in_shares_of_the_eyes_distance(monkeypatch):
    true = torch.zeros(1, 478, 3)
    true[0, 33, 0], true[0, 263, 0] = -30.0, 30.0
    said = true.clone()
    for points, eye, mouth in ((true, 6.0, 3.0), (said, 9.0, 0.0)):
        points[0, [a for a, _ in LID_PAIRS], 1] = -eye
        points[0, [a for a, _ in LIP_PAIRS[:7]], 1] = -mouth
        points[0, [a for a, _ in LIP_PAIRS[7:]], 1] = -40.0  # the outer lips, which are no opening
    monkeypatch.setattr(evaluate, "seen_points", lambda *_: said)
    opened = collections.defaultdict(list)
    evaluate.note_openings(opened, "clean", None, {"points": true}, None)
    unit = float(eye_distance(true, METRIC_FLOOR_PX))
    assert opened["eyes/clean"] == [[pytest.approx(900 / unit), pytest.approx(600 / unit)]]
    assert opened["mouth/clean"] == [[0.0, pytest.approx(300 / unit)]]
    told = evaluate.compare_openings({"eyes/clean": [[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]]})
    assert told == {"eyes": {"clean": {"correlation": 1.0, "medianError": 2.0}}}


def test_a_sheet_shows_the_error_of_what_it_draws():
    network, model = PeekabooNetwork().eval(), random_face_model()
    geometry, sample = FaceGeometry(model), single(0) | {"source": "x"}
    figures = measure_faces(network, geometry, [(sample, sample)])
    outputs, batch = predict(network, sample)
    assert drawn_error(outputs, batch, geometry) == pytest.approx(figures["points"]["covered"]["median"], abs=1e-3)
    early = measure_faces(network, None, [(sample, sample)])
    assert drawn_error(outputs, batch, None) == pytest.approx(early["auxiliary"]["covered"]["median"], abs=1e-3)
    with torch.no_grad():
        assert draw(network, model, sample).shape == draw(network, None, sample).shape == (384, 3 * 384, 3)
