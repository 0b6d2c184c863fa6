"""Who the figures are for, and what can be believed: on hand-made values."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("cv2")

from peekaboo_training.measure.breakdown import visible
from peekaboo_training.measure.coefficients import against_zero, moved_against_zero
from peekaboo_training.measure.groups import age, splits, tone
from peekaboo_training.measure.recognition import recognition
from peekaboo_training.measure.reliability import reliability
from peekaboo_training.measure.worst import worst_rows


def test_reliability_is_the_gap_between_said_and_true():
    honest = [(0.25, 0.0)] * 3 + [(0.25, 1.0)]
    assert reliability(honest)["gap"] == 0
    assert reliability([(0.95, 0.0)] * 4)["gap"] == pytest.approx(0.95)
    assert reliability([(1.0, 1.0), (0.0, 0.0)])["bins"] == [[0.0, 0.0, 1], [1.0, 1.0, 1]]


def test_tones_go_from_light_to_dark():
    names = [tone(np.array(skin)) for skin in ((240, 210, 190), (190, 140, 110), (150, 105, 75), (70, 45, 35))]
    assert names == ["light", "medium", "brown", "dark"]


def test_splits_keep_covered_and_clear_apart():
    row = {"tone": "dark", "age": None, "yaw": 20.0, "cover": 0.0, "nme": 2.0, "iou": None}
    rows = [row, row | {"cover": 0.3, "nme": 12.0, "iou": 0.5}]
    table = splits(rows)
    assert table["tone"]["dark, covered"] == {"faces": 1, "median": 12.0, "p90": 12.0, "failures": 100.0, "iou": 50.0}
    assert table["age"] == {}
    aged = splits([row | {"age": years} for years in (0, 12, 13, 61)])["age"]
    assert {name: figures["faces"] for name, figures in aged.items()} == {
        "age 00 to 3, clear": 1, "age 03 to 13, clear": 1, "age 13 to 20, clear": 1, "age 60 to 120, clear": 1,
    }  # fmt: skip
    assert table["yaw"]["15 to 30, clear"]["failures"] == 0 and set(table["cover"]) == {"none", "25 to 40"}


def test_ages_are_read_from_names():
    names = ("utk/26_1_0_20170116.jpg.chip", "utk_more/100_0_3_2017", "lfw/Luis_Fonsi_0001", "p1/Bob_1_2_00", "2_0_1_2")
    assert [age(name) for name in names] == [26, 100, None, None, 2]


def test_a_head_is_off_by_millimetres():
    basis = torch.randn(80, 7, 3, generator=torch.Generator().manual_seed(1))

    def move(identity):
        return torch.einsum("bk,knc->bnc", identity, basis)

    true = np.random.default_rng(2).normal(size=(9, 80)).astype(np.float32)
    assert moved_against_zero(move, true, true)["mm"] == 0
    half = moved_against_zero(move, true / 2, true)
    assert (half["ratio"], half["correlation"]) == (0.5, 1.0)
    assert half["mm"] == pytest.approx(half["mmOfZeros"] / 2, abs=1e-3)


def test_a_point_under_the_mask_is_hidden():
    mask = np.zeros((96, 96))
    mask[10, 20] = 1
    assert visible(mask, np.array([[40.5, 20.5], [43.0, 20.5], [500.0, 0.0]])) == pytest.approx(2 / 3)


def test_zeros_score_one_and_truth_scores_none():
    true = np.random.default_rng(0).random((50, 3))
    assert against_zero(np.zeros_like(true), true)["ratio"] == 1
    assert against_zero(true, true) == {"ratio": 0.0, "correlation": 1.0}


def test_recognition_tells_people_apart():
    vectors = np.repeat(np.eye(4), 2, axis=0) + 0.01 * np.random.default_rng(0).normal(size=(8, 4))
    people = np.repeat(np.arange(4), 2)
    assert recognition(vectors, people) == {"pictures": 8, "people": 4, "rank1": 100.0, "auc": 1.0}
    assert recognition(vectors, np.tile(np.arange(4), 2))["rank1"] == 0


def test_the_worst_come_first_and_what_has_no_figure_is_left_out():
    rows = [{"nme": 1.0, "iou": 90.0}, {"nme": 5.0, "iou": 20.0}, {"nme": None}]
    assert [row["nme"] for row in worst_rows(rows, "nme", 5)] == [5.0, 1.0]
    assert [row["iou"] for row in worst_rows(rows, "iou", 1)] == [20.0]


def test_calibrated_values_lie_on_the_diagonal_of_the_plot_and_others_off_it(tmp_path):
    pytest.importorskip("matplotlib")
    from peekaboo_training.measure.reliability_plot import COLUMNS, plot_reliability

    quantities = {"presence": (0.5, 0.5), "mouth": (0.5, 0.25), "nose": (0.9, 0.9), "jaw": (0, 0), "eyes": (1, 1)}
    bins = {name: {"bins": [[*pair, 1000]], "gap": abs(pair[0] - pair[1])} for name, pair in quantities.items()}
    figure = plot_reliability(bins)
    panels = [panel for panel in figure.axes if panel.axison]
    assert len(figure.axes) == 2 * COLUMNS and len(panels) == len(quantities)
    assert [tuple(panel.collections[0].get_offsets()[0]) for panel in panels] == list(quantities.values())
    assert panels[1].get_title() == "mouth, gap 0.250"
    figure.savefig(tmp_path / "reliability.png")
    assert (tmp_path / "reliability.png").read_bytes().startswith(b"\x89PNG")


def test_identity_has_a_row_for_every_ten_coefficients(monkeypatch):
    from peekaboo_training.measure import coefficients
    from peekaboo_training.network.network import PeekabooNetwork
    from peekaboo_training.scene.geometry import FaceGeometry
    from synthetic_samples import random_face_model, random_sample

    network = PeekabooNetwork().eval()  # says zeros
    samples = [{name: value[0].numpy() for name, value in random_sample(1).items()} for _ in range(3)]
    for sample in samples:
        sample["identity"][30:40] = 0
    said = network(torch.from_numpy(samples[0]["image"])[None])
    knows = said._replace(identity=said.identity + 1.0)
    monkeypatch.setattr(coefficients, "predict", lambda *_: (knows, None))
    rows = coefficients.measure_coefficients(network, FaceGeometry(random_face_model(), 60, 60), samples)
    names = [name for name in rows if name.startswith("identity ")]
    assert names[0] == "identity 1 to 10" and names[-1] == "identity 71 to 80" and len(names) == 8
    true = np.stack([sample["identity"] for sample in samples])[:, 10:20]
    wanted = np.sqrt(((1 - true) ** 2).mean() / (true**2).mean())
    assert rows["identity 11 to 20"]["ratio"] == pytest.approx(wanted, abs=2e-3)
    assert rows["identity 31 to 40"]["ratio"] > 100
