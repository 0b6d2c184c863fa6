"""The table of the ablation."""

import json

import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

from peekaboo_training.ablate import ARMS, markdown, read_scores, slug  # noqa: E402


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
