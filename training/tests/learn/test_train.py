"""The training loop on tiny random data: it learns, resumes, and stops after the samples asked for."""

import argparse
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.learn import train as training
from peekaboo_training.learn.losses import WEIGHTS, stage_losses
from peekaboo_training.learn.schedule import rate_factor, share_done
from peekaboo_training.learn.train import add_arguments, settings_from, train
from peekaboo_training.network.checkpoint import Progress, read_checkpoint, save_weights
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.scene.geometry import FaceGeometry
from peekaboo_training.settings import TrainSettings
from synthetic_samples import random_face_model, random_sample, random_samples

torch.set_num_threads(1)
SMALL = dict(batch=4, minutes=5.0, warmup_steps=2, log_every=2)


def geometry():
    return FaceGeometry(random_face_model(), photo_vertices=60, skin_vertices=60)


def test_every_loss_is_finite_and_has_a_weight():
    sample = random_sample(4)
    outputs = PeekabooNetwork()(sample["image"], freeze=48, auxiliary=True)
    early, full = stage_losses("points", outputs, sample, None), stage_losses("full", outputs, sample, geometry())
    assert set(early) | set(full) == set(WEIGHTS)
    for losses in (early, full):
        assert all(torch.isfinite(value) for value in losses.values())
        sum(losses.values()).backward(retain_graph=True)


def test_perfect_outputs_have_no_point_and_fit_loss():
    model, sample = geometry(), random_sample(4)
    outputs = PeekabooNetwork()(sample["image"], auxiliary=True)
    outputs = outputs._replace(**{name: sample[name] for name in ("identity", "expression", "pose", "albedo", "light")})
    from peekaboo_training.learn.point_losses import model_points

    sample["points"] = model_points(outputs, model)
    losses = stage_losses("full", outputs, sample, model)
    for name in ("points", "openings", "gaze", "identityShape", "expression", "rotation", "scale", "exactAlbedo"):
        assert losses[name] < 1e-4, name


@pytest.mark.parametrize("stage", ["points", "full"])
def test_loss_falls(stage, tmp_path, capsys):
    def same():
        while True:
            yield random_sample(4)

    settings = TrainSettings(stage=stage, samples=40, **SMALL)
    progress = train(PeekabooNetwork(), same(), geometry(), settings, tmp_path)
    assert progress.samples == 40
    lines = capsys.readouterr().out.splitlines()
    masks = [float(line.split(" mask ")[1].split()[0]) for line in lines if " mask " in line]
    assert masks[-1] < masks[0]


def test_resume_goes_on_and_frozen_layers_stay(tmp_path):
    network = PeekabooNetwork()
    before = network.trunk.stem.convolution.weight.clone()
    train(network, random_samples(4), None, TrainSettings(stage="points", samples=8, **SMALL), tmp_path)
    assert torch.equal(before, network.trunk.stem.convolution.weight)
    fresh = PeekabooNetwork()
    settings = TrainSettings(stage="points", samples=16, **SMALL)
    progress = train(fresh, random_samples(4), None, settings, tmp_path, resume=True)
    assert (progress.step, progress.samples) == (4, 16)
    assert read_checkpoint(tmp_path / "checkpoint.pt")["stage"] == "points"


def test_weights_alone_cannot_be_resumed(tmp_path):
    save_weights(tmp_path / "checkpoint.pt", PeekabooNetwork().state_dict(), Progress(), "points")
    settings = TrainSettings(stage="points", samples=8, **SMALL)
    with pytest.raises(ValueError, match="--start"):
        train(PeekabooNetwork(), random_samples(4), None, settings, tmp_path, resume=True)


def test_command_line_defaults_are_the_settings():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert settings_from(parser.parse_args(["--out", "x"])) == TrainSettings()
    assert settings_from(parser.parse_args(["--out", "x", "--unfreeze"])).freeze == 0


def test_points_slide_by_the_shift_that_the_command_line_names(monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(training, "read_geometry", lambda *paths: seen.append(paths) or geometry())
    monkeypatch.setattr(training, "open_samples", lambda *_: iter(()))
    monkeypatch.setattr(training, "start_network", lambda *_: None)
    monkeypatch.setattr(training, "train", lambda *_, **__: None)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    training.run(parser.parse_args(["--out", str(tmp_path), "--face-model", "f.bin", "--shift", "s.bin"]))
    assert seen == [(Path("f.bin"), "s.bin")] and TrainSettings.load(tmp_path / "settings.json").shift == "s.bin"


def test_rate_falls_along_a_cosine():
    settings = TrainSettings(samples=100, minutes=0.0, warmup_steps=1)
    factors = [rate_factor(Progress(samples=n), settings) for n in (0, 50, 100)]
    assert factors == pytest.approx([1.0, 0.51, 0.02])
    assert share_done(Progress(samples=500), settings) == 1.0


def test_resumed_runs_draw_other_samples(tmp_path, monkeypatch):
    seeds = []
    monkeypatch.setattr(training, "FaceDataset", lambda data, model, seed, **_: seeds.append(seed))
    monkeypatch.setattr(training, "make_loader", lambda *_: [])
    settings = TrainSettings(stage="points", samples=8, **SMALL)
    train(PeekabooNetwork(), random_samples(4), None, settings, tmp_path)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    monkeypatch.setattr(training, "start_network", lambda *_: None)
    monkeypatch.setattr(training, "train", lambda *_, **__: None)
    for more in ([], ["--resume"]):
        training.run(parser.parse_args(["--stage", "points", "--out", str(tmp_path), *more]))
    assert seeds == [1, training.stream_seed(1, 2)]
    assert len({training.stream_seed(1, step) for step in (0, 1, 2, 1000)}) == 4
