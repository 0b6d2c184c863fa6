"""The table of the ablation."""

import json

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

from peekaboo_training.measure import ablate_masks as masks
from peekaboo_training.measure.ablate import ARMS, FOCUS_COLUMNS, markdown, read_scores, slug


def test_every_arm_has_a_folder_of_its_own():
    assert len({slug(name) for name in ARMS}) == len(ARMS)
    assert slug("+ pasted covers") == "pasted-covers"


def test_the_table_has_values_with_intervals_of_what_was_scored(tmp_path):
    folder = tmp_path / "misfit" / "score"
    folder.mkdir(parents=True)
    (folder / "score.json").write_text(json.dumps([{"set": "real", "figures": {"iou": [90.12, 86.0, 92.0, 13]}}]))
    rows = read_scores(tmp_path)
    assert rows == {"+ misfit": {"real iou": [90.12, 86.0, 92.0]}}
    assert "| + misfit | –" in markdown(rows) and "90.1 (86.0–92.0)" in markdown(rows)


def test_the_figures_of_focus_have_a_table_of_their_own(tmp_path):
    folder = tmp_path / "misfit-alone" / "score"
    folder.mkdir(parents=True)
    figures = {"iou": [20.0, 15.0, 25.0, 13], "visible_f1": [88.0, 80.0, 90.0, 13]}
    (folder / "score.json").write_text(json.dumps([{"set": "real", "figures": figures}]))
    rows = read_scores(tmp_path, FOCUS_COLUMNS)
    assert rows == {"misfit alone": {"real iou": [20.0, 15.0, 25.0], "real visible_f1": [88.0, 80.0, 90.0]}}
    assert "88.0 (80.0–90.0)" in markdown(rows, FOCUS_COLUMNS)


def test_shares_count_inside_the_face_and_the_table_tells_doubtful_from_others():
    square = np.array([[40, 40, 0], [140, 40, 0], [140, 140, 0], [40, 140, 0]] * 117 + [[90, 90, 0]] * 10, np.float32)
    pictures = [(np.zeros((192, 192, 3), np.uint8), square)] * 3
    found = np.zeros((3, 96, 96))
    found[0, 20:71, 20:45] = 1  # the left half of the face's 51 x 51 cells
    shares = masks.covered_shares(found, pictures)
    assert shares.tolist() == pytest.approx([25 / 51, 0, 0])
    text = masks.table({"a": np.zeros(3), "b": shares}, np.array([True, False, False]), "a")
    assert "| a | 0.00 | 0.00 | 0 of 1 | 0 of 2 |" in text and "| b | 49.02 | 0.00 | 1 of 1 | 0 of 2 |" in text


def test_the_sheet_begins_with_the_mask_that_changed_most():
    pictures = [(np.full((192, 192, 3), 40 * k, np.uint8), np.zeros((478, 3), np.float32)) for k in range(3)]
    before, after = np.zeros((3, 96, 96)), np.zeros((3, 96, 96))
    after[2] = 1
    drawn = masks.sheet(pictures, before, after)
    assert drawn[50, 50].tolist() == [80] * 3 and drawn[50, 134 + 50].tolist() == [80] * 3
    assert drawn[50, 268 + 50].tolist() == [40, 40, 167]
