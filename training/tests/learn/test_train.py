"""The training loop on tiny random data: it learns, resumes, stops on time, and runs in two processes."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.learn import train as training
from peekaboo_training.learn.losses import WEIGHTS, stage_losses
from peekaboo_training.learn.ridge import ridge_start
from peekaboo_training.learn.train import add_arguments, rate_factor, settings_from, share_done, train
from peekaboo_training.network.checkpoint import Progress, read_checkpoint
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
    from peekaboo_training.learn.losses import model_points

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


@pytest.mark.parametrize(("device", "backend"), [("cpu", "gloo"), ("cuda", "nccl"), ("cuda:1", "nccl")])
@pytest.mark.parametrize("cuda", [False, True])
def test_processes_talk_by_what_their_device_needs(device, backend, cuda, monkeypatch):
    asked = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(training.distributed, "init_process_group", asked.append)
    for name, value in (("WORLD_SIZE", "2"), ("RANK", "1")):
        monkeypatch.setenv(name, value)
    assert training.join_group(device) == (1, 2)
    assert asked == [backend]


def test_each_process_has_its_own_gpu(monkeypatch):
    chosen = []
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    assert training.own_device("cuda") == "cuda"
    monkeypatch.setenv("LOCAL_RANK", "3")
    assert training.own_device("cpu") == "cpu"
    assert training.own_device("cuda") == "cuda:3"
    assert chosen == ["cuda:3"]


def test_processes_agree_on_the_device_that_they_train_on(monkeypatch):
    devices = []
    monkeypatch.setattr(training.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(training.distributed, "get_rank", lambda: 0)
    monkeypatch.setattr(training.distributed, "all_reduce", lambda shared, _: devices.append(shared.device.type))
    monkeypatch.setattr(torch.Tensor, "tolist", lambda shared: [0.0, 60.0])
    progress = Progress(seconds=30.0)
    assert training.StopSignal("meta").agreed(progress, TrainSettings(minutes=1.0))
    assert (devices, progress.seconds) == (["meta"], 60.0)


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


def test_ridge_finds_a_linear_relation():
    network = PeekabooNetwork()

    def linear():
        for sample in random_samples(8):
            features = network.shared_features(sample["image"]).flatten(1)
            sample["identity"] = features[:, :80] * 3
            yield sample

    r2 = ridge_start(network, linear(), 60, penalty=0.1)
    assert set(r2) == {"identity", "expression", "pose"}
    assert torch.isfinite(network.face.linear.weight).all()


SCRIPT = """
import sys; sys.path.insert(0, {tests!r})
import torch; torch.set_num_threads(1)
from pathlib import Path
from synthetic_samples import random_samples
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.settings import TrainSettings
from peekaboo_training.learn.train import join_group, train
rank, world = join_group()
torch.manual_seed(0)
settings = TrainSettings(stage="points", samples=16, batch=2, warmup_steps=1, log_every=1)
network = PeekabooNetwork()
train(network, random_samples(2, seed=100 * rank), None, settings, Path({out!r}))
torch.save(network.decoder.final.weight.detach(), Path({out!r}) / f"rank{{rank}}.pt")
"""


def run_in_two(folder, script):
    """Run a script in two processes as torchrun does; `tests` and `out` in it become folders."""
    path = folder / "run.py"
    path.write_text(script.format(tests=str(Path(__file__).parents[1]), out=str(folder)))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(path)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(command, check=True, env=environment, timeout=240, capture_output=True)


def test_two_processes_learn_the_same(tmp_path):
    run_in_two(tmp_path, SCRIPT)
    weights = [torch.load(tmp_path / f"rank{rank}.pt", weights_only=True) for rank in (0, 1)]
    assert torch.equal(*weights)
    assert read_checkpoint(tmp_path / "checkpoint.pt")["progress"]["samples"] == 16


AGREE = """
import sys; sys.path.insert(0, {tests!r})
import torch; torch.set_num_threads(1)
from pathlib import Path
from synthetic_samples import random_sample
from peekaboo_training.learn.alternation import WATCHED, MaskGuard
from peekaboo_training.learn.misfit import Misfit, MisfitPrior
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.learn.train import join_group
rank, world = join_group()
torch.manual_seed(0)
prior = MisfitPrior(3)
prior.add(Misfit(torch.full((30, 3, 3), 0.1 + 0.1 * rank), torch.zeros(30, 3, 2), torch.ones(30, 3)), torch.ones(30))
prior.gather()
network, sample = PeekabooNetwork(), random_sample(2) | {{"covered": torch.zeros(2)}}
guard = MaskGuard(network)
with torch.no_grad():
    outputs = network(sample["image"])
    for iou in (0.9, (0.9, 0.1)[rank]):
        network.decoder.final.bias += 1
        for _ in range(WATCHED):
            guard.watch(outputs, sample, iou)
torch.save([prior.spread(), network.decoder.final.bias.detach()], Path({out!r}) / f"rank{{rank}}.pt")
"""


def test_two_processes_agree_on_prior_and_guard(tmp_path):
    run_in_two(tmp_path, AGREE)
    (spread, bias), other = [torch.load(tmp_path / f"rank{rank}.pt", weights_only=True) for rank in (0, 1)]
    assert torch.equal(spread, other[0]) and torch.equal(bias, other[1])
    assert spread[0] == pytest.approx((0.045**2 + (0.1**2 + 0.2**2) / 2) ** 0.5, abs=1e-4)
    assert torch.allclose(bias, torch.full((2,), -1.0))  # one process saw the mask fall apart: both took it back
