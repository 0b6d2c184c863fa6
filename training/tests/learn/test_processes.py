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


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """What two processes, started as torchrun does, leave behind: the folder, and the results of both."""
    folder, here = tmp_path_factory.mktemp("processes"), Path(__file__).parent
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    python_path = os.pathsep.join(map(str, (here.parents[1], here.parent)))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": python_path}
    subprocess.run([*command, str(here / "two_processes.py"), str(folder)], check=True, env=environment, timeout=240)
    return folder, [torch.load(folder / f"rank{rank}.pt", weights_only=True) for rank in (0, 1)]


def test_two_processes_learn_the_same(runs):
    folder, (first, second) = runs
    assert torch.equal(first["decoder"], second["decoder"])
    assert read_checkpoint(folder / "checkpoint.pt")["progress"]["samples"] == 16


def test_two_processes_agree_on_prior_and_guard(runs):
    _, (first, second) = runs
    assert torch.equal(first["spread"], second["spread"]) and torch.equal(first["bias"], second["bias"])
    assert first["spread"][0] == pytest.approx((0.045**2 + (0.1**2 + 0.2**2) / 2) ** 0.5, abs=1e-4)
    assert torch.allclose(first["bias"], torch.full((3,), -1.0))  # the mask collapsed in one process: both restored it
