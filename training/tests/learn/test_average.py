"""`average`: means of checkpoints' weights."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.__main__ import main
from peekaboo_training.network.checkpoint import read_checkpoint


def write(path, samples=10, stage="full", **tensors):
    torch.save({"stage": stage, "network": tensors, "progress": {"samples": samples}}, path)
    return str(path)


def test_the_mean_follows_the_shares_and_keeps_whole_numbers(tmp_path):
    first = write(tmp_path / "a.pt", weight=torch.tensor([1.0, 2.0]), count=torch.tensor([3]))
    second = write(tmp_path / "b.pt", 70, weight=torch.tensor([5.0, 2.0]), count=torch.tensor([9]))
    out = tmp_path / "mean" / "c.pt"
    assert main(["average", first, second, "--shares", "3", "1", "--out", str(out)]) == 0
    content = read_checkpoint(out)
    assert content["stage"] == "full" and content["progress"]["samples"] == 70
    assert content["network"]["weight"].tolist() == [2.0, 2.0]
    assert content["network"]["count"].tolist() == [3]


@pytest.mark.parametrize("other", [{"weight": torch.zeros(3)}, {"weight": torch.zeros(2), "more": torch.zeros(1)}, {}])
def test_weights_of_another_network_are_refused(tmp_path, other):
    first, second = write(tmp_path / "a.pt", weight=torch.zeros(2)), write(tmp_path / "b.pt", **other)
    with pytest.raises(SystemExit, match="weights of different networks: (weight|more)"):
        main(["average", first, second, "--out", str(tmp_path / "c.pt")])
    assert not (tmp_path / "c.pt").exists()


def test_weights_of_another_stage_are_refused(tmp_path):
    first = write(tmp_path / "a.pt", weight=torch.zeros(2))
    second = write(tmp_path / "b.pt", stage="points", weight=torch.zeros(2))
    with pytest.raises(SystemExit, match="different stages: full, points"):
        main(["average", first, second, "--out", str(tmp_path / "c.pt")])


@pytest.mark.parametrize("shares", [["1"], ["-1", "2"], ["0", "0"]])
def test_wrong_shares_are_refused(tmp_path, shares):
    first = write(tmp_path / "a.pt", weight=torch.zeros(2))
    with pytest.raises(SystemExit, match="--shares"):
        main(["average", first, first, "--shares", *shares, "--out", str(tmp_path / "c.pt")])
