"""The presence layer learnt alone."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("cv2")

from peekaboo_training.__main__ import main
from peekaboo_training.learn import presence as learn_presence
from peekaboo_training.learn.presence import PresenceSamples, learn, report
from peekaboo_training.network.checkpoint import Progress, save_weights
from peekaboo_training.network.network import PeekabooNetwork
from synthetic_samples import random_sample


def some_samples(count: int, seed: int = 0) -> PresenceSamples:
    """Inputs whose first says face, and whose second says hand, which the layer does not know of yet."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(0, 0.1, (count, 12)).astype(np.float32)
    present = (np.arange(count) % 2).astype(np.float32)
    hand = (np.arange(count) % 4 == 0).astype(np.float32)
    inputs[:, 0] += present + hand
    inputs[:, 1] += hand
    return PresenceSamples(torch.from_numpy(inputs), torch.from_numpy(present), torch.zeros(count))


def test_hands_are_told_from_faces_and_faces_stay():
    weight, bias = torch.zeros(12), torch.tensor([-5.0])
    weight[0] = 10.0
    apart = some_samples(400, seed=1)
    assert report(apart, weight, bias).splitlines()[0] == "  no face: 50.00 % of 200 wrong"
    told = report(apart, *learn(weight, bias, some_samples(800)))
    wrong = [float(line.split(":")[1].split("%")[0]) for line in told.splitlines()[:2]]
    assert wrong[0] < 15 and wrong[1] < 1


def test_a_large_penalty_keeps_the_layer():
    weight, bias = torch.linspace(-1, 1, 12), torch.tensor([0.3])
    learnt, _ = learn(weight, bias, some_samples(200), penalty=1e4)
    assert torch.allclose(learnt, weight, atol=1e-3)


def test_the_command_changes_the_presence_layer_alone(tmp_path, monkeypatch, capsys):
    torch.manual_seed(0)
    network = PeekabooNetwork()
    start, out = tmp_path / "checkpoint.pt", tmp_path / "new.pt"
    progress = {"step": 1, "samples": 32, "seconds": 1.0}
    torch.save({"stage": "full", "network": network.state_dict(), "progress": progress}, start)
    batch = random_sample(120)
    batch["presence"] = (torch.arange(120) % 2).float()
    samples = [{name: value[k].numpy() for name, value in batch.items()} for k in range(120)]
    monkeypatch.setattr(learn_presence, "FaceDataset", lambda *_, **__: iter(samples))
    assert main(["presence", "--checkpoint", str(start), "--out", str(out), "--count", "120"]) == 0
    assert "24 held-out pictures" in capsys.readouterr().out
    old, new = (torch.load(path, weights_only=True)["network"] for path in (start, out))
    changed = {name for name in old if not torch.equal(old[name], new[name])}
    assert changed == {"presence.weight", "presence.bias"}


def test_a_runs_checkpoint_is_not_written_over(tmp_path):
    path = tmp_path / "checkpoint.pt"
    torch.save({"stage": "full", "optimizer": {}}, path)
    with pytest.raises(ValueError, match="the checkpoint of a run, which would be overwritten"):
        save_weights(path, {}, Progress(), "full")
    assert torch.load(path, weights_only=True) == {"stage": "full", "optimizer": {}}


def test_inputs_are_what_the_layer_reads():
    torch.manual_seed(1)
    network = PeekabooNetwork().eval()
    torch.nn.init.normal_(network.presence.weight)
    image = torch.rand(2, 3, 192, 192)
    with torch.no_grad():
        assert torch.allclose(network.presence(network.presence_inputs(image)), network(image).presence, atol=1e-5)
