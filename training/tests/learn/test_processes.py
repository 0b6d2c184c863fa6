"""Several training processes: their group, their devices, and that they end up with the same weights."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.learn import processes
from peekaboo_training.network.checkpoint import Progress, read_checkpoint
from peekaboo_training.settings import TrainSettings


@pytest.mark.parametrize(("device", "backend"), [("cpu", "gloo"), ("cuda", "nccl"), ("cuda:1", "nccl")])
@pytest.mark.parametrize("cuda", [False, True])
def test_processes_talk_by_what_their_device_needs(device, backend, cuda, monkeypatch):
    asked = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(processes.distributed, "init_process_group", asked.append)
    for name, value in (("WORLD_SIZE", "2"), ("RANK", "1")):
        monkeypatch.setenv(name, value)
    assert processes.join_group(device) == (1, 2)
    assert asked == [backend]


def test_each_process_has_its_own_gpu(monkeypatch):
    chosen = []
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    assert processes.own_device("cuda") == "cuda"
    monkeypatch.setenv("LOCAL_RANK", "3")
    assert processes.own_device("cpu") == "cpu"
    assert processes.own_device("cuda") == "cuda:3"
    assert chosen == ["cuda:3"]


def test_processes_agree_on_the_device_that_they_train_on(monkeypatch):
    devices = []
    monkeypatch.setattr(processes.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(processes.distributed, "get_rank", lambda: 0)
    monkeypatch.setattr(processes.distributed, "all_reduce", lambda shared, _: devices.append(shared.device.type))
    monkeypatch.setattr(torch.Tensor, "tolist", lambda shared: [0.0, 60.0])
    progress = Progress(seconds=30.0)
    assert processes.StopSignal("meta").agreed(progress, TrainSettings(minutes=1.0))
    assert (devices, progress.seconds) == (["meta"], 60.0)


SCRIPT = """
import sys; sys.path.insert(0, {tests!r})
import torch; torch.set_num_threads(1)
from pathlib import Path
from synthetic_samples import random_samples
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.settings import TrainSettings
from peekaboo_training.learn.processes import join_group
from peekaboo_training.learn.train import train
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
from peekaboo_training.learn.processes import join_group
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
