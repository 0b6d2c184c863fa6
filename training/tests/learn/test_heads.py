"""The bank of features gives what the network sees, and heads that train from it learn, alone."""

import copy
from itertools import islice

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.learn import feature_bank
from peekaboo_training.learn.feature_bank import LABELS, FeatureBank, collect, write_shard
from peekaboo_training.learn.heads import described, head_losses, train_heads
from peekaboo_training.learn.whiten import Whitened, unwhitened, whiten
from peekaboo_training.network.checkpoint import read_checkpoint
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.scene.geometry import FaceGeometry
from peekaboo_training.settings import TrainSettings
from synthetic_samples import random_face_model, random_sample

torch.set_num_threads(1)
STEPS = 12


def samples(seed=0):
    """Single samples of numpy arrays, as a dataset gives them."""
    while True:
        batch = random_sample(8, seed) | {"covered": torch.tensor([0.0, 1.0] * 4)}
        for k in range(8):
            yield {name: value[k].numpy() for name, value in batch.items()}
        seed += 1


def network():
    torch.manual_seed(3)
    made = PeekabooNetwork().eval()
    for layer in (made.mouth.final, made.landmarks.final, made.landmarks.direct_rest, made.face.correction):
        torch.nn.init.normal_(layer.weight, std=0.02)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("features")
    stream = samples()
    for k in range(3):
        write_shard(path / f"1-{k:04d}.npz", collect(network(), stream, 64))
    return path


def test_the_heads_say_the_same_from_the_bank_as_from_the_picture(folder):
    made, bank = network(), FeatureBank(folder)
    seen, labels = bank.whole("1-0000.npz")
    first = list(islice(samples(), 64))
    with torch.no_grad():
        outputs = made(torch.from_numpy(np.stack([sample["image"] for sample in first])))
        identity, expression, pose, landmarks = made.predict_face(seen)
    assert (outputs.identity - identity).abs().max() < 2e-2
    assert (outputs.expression - expression).abs().max() < 5e-3
    assert (outputs.pose - pose).abs().max() < 5e-3
    assert (outputs.landmarks - landmarks).abs().max() < 1e-3
    for name in LABELS:
        assert np.array_equal(labels[name].numpy(), np.stack([sample[name] for sample in first])), name


def test_a_batch_keeps_neighbours_together(folder):
    _, labels = FeatureBank(folder).batch(np.random.default_rng(0), 64)
    twins = labels["twin"].reshape(8, 8)
    # Eight neighbours hold three whole pairs at least; single draws would hardly hold any.
    assert all((row[1:] == row[:-1]).sum() >= 3 for row in twins)


def test_a_bank_takes_in_new_shards_and_says_no_to_an_empty_folder(folder, tmp_path):
    with pytest.raises(ValueError, match="collect-features"):
        FeatureBank(tmp_path)
    for path in sorted(folder.glob("*.npz"))[:1]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    bank = FeatureBank(tmp_path)
    assert len(bank) == 64
    write_shard(tmp_path / "2-0000.npz", collect(network(), samples(9), 16))
    bank.refresh()
    assert len(bank) == 80
    other = network()
    torch.nn.init.zeros_(other.landmarks.heat_fine.bias)
    torch.nn.init.ones_(other.landmarks.heat_fine.weight)
    write_shard(tmp_path / "3-0000.npz", collect(other, samples(9), 16))
    with pytest.raises(ValueError, match="made by other convolutions"):
        bank.refresh()


def test_a_whitened_layer_starts_as_it_was_and_folds_to_the_same():
    torch.manual_seed(0)
    layer, x = torch.nn.Linear(6, 4), torch.randn(200, 6) @ torch.randn(6, 6) + 5
    wanted, gain = layer(x).detach(), torch.tensor([1.0, 1.0, 0.5, 0.1])
    whitened = Whitened(layer, x, 0.01, gain)
    assert torch.allclose(whitened(x), wanted, atol=1e-5)
    torch.nn.init.normal_(whitened.change)
    torch.nn.init.normal_(whitened.shift)
    moved = whitened(x)
    assert (moved - wanted).abs().max() > 0.5
    assert torch.allclose(whitened.fold()(x), moved, atol=1e-3)


@torch.no_grad()
def cost_of(weights, bank, geometry):
    """What all losses come to on a shard that is trained on."""
    made = PeekabooNetwork().eval()
    made.load_state_dict(weights)
    seen, sample = bank.whole("1-0002.npz")
    return float(sum(head_losses(described(made, seen), sample, geometry).values()))


def test_heads_learn_and_the_rest_stays(folder, tmp_path):
    made, bank = network(), FeatureBank(folder)
    before = copy.deepcopy(made.state_dict())
    geometry = FaceGeometry(random_face_model(), photo_vertices=60, skin_vertices=60)

    def cost(weights):
        return cost_of(weights, bank, geometry)

    settings = TrainSettings(batch=64, samples=64 * STEPS, minutes=0, warmup_steps=2, log_every=100, ema=0.9)
    train_heads(made, bank, geometry, settings, tmp_path, rate=0.2)
    content = read_checkpoint(tmp_path / "checkpoint.pt")
    assert content.keys() == {"stage", "network", "progress"}  # weights alone: nothing pretends to be resumable
    assert (content["progress"]["step"], content["progress"]["samples"]) == (STEPS, 64 * STEPS)
    after = content["network"]
    assert cost(after) < 0.9 * cost(before)
    assert after.keys() == before.keys()
    moved = {name.split(".")[0] for name, value in after.items() if not torch.equal(value, before[name])}
    assert moved == {"face", "eyes", "mouth", "identity", "landmarks"}
    still = ("eyes.enter", "eyes.blocks", "eyes.heat", "landmarks.heat", "landmarks.middle", "landmarks.fine")
    assert all(torch.equal(value, before[name]) for name, value in after.items() if name.startswith(still))


def test_the_checkpoint_of_a_run_is_refused_before_any_step(folder, tmp_path):
    torch.save({"stage": "full", "optimizer": {}}, tmp_path / "checkpoint.pt")
    made, settings = network(), TrainSettings(batch=64, samples=64, minutes=0)
    before = copy.deepcopy(made.state_dict())
    with pytest.raises(ValueError, match="name another file"):
        train_heads(made, FeatureBank(folder), FaceGeometry(random_face_model(), 60, 60), settings, tmp_path)
    assert all(torch.equal(value, before[name]) for name, value in made.state_dict().items())


def test_whitening_changes_nothing_by_itself(folder):
    made, (seen, _) = network(), FeatureBank(folder).whole("1-0001.npz")
    with torch.no_grad():
        wanted = made.predict_face(seen)
        whiten(made, seen)
        whitened, plain = made.predict_face(seen), unwhitened(made).predict_face(seen)
    for one, two, three in zip(wanted, whitened, plain, strict=True):
        assert torch.allclose(one, two, atol=1e-4) and torch.allclose(one, three, atol=1e-4)


def test_the_command_says_what_it_reads():
    import argparse

    parser = argparse.ArgumentParser()
    feature_bank.add_arguments(parser)
    args = parser.parse_args(["--checkpoint", "a.pt", "--out", "b"])
    assert (args.count, args.render_share) == (30_000, 0.4)
