"""`train`: the training loop. One process, or several with torchrun (DistributedDataParallel).

On CPUs the processes talk by gloo; on GPUs by NCCL, each on the GPU of its LOCAL_RANK.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from ..data.dataset import FaceDataset, Shares, make_loader
from ..network.checkpoint import Average, Progress, read_checkpoint, restore, save_checkpoint
from ..network.face_mesh import fetch_face_mesh, load_face_mesh
from ..network.network import PeekabooNetwork
from ..network.published import read_published
from ..scene.geometry import FaceGeometry, read_geometry
from ..settings import DATA_FOLDER, MODELS_FOLDER, TrainSettings
from .alternation import Alternation, MaskGuard
from .losses import Sample, figures, stage_losses
from .ridge import ridge_start

CHECKPOINT = "checkpoint.pt"
FACE_MODEL = MODELS_FOLDER / "peekaboo" / "face-model.bin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `train`: every field of TrainSettings, and where things lie."""
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run, e.g. data/runs/full")
    parser.add_argument("--start", type=Path, help="checkpoint.pt, or a bundle's network.onnx, to start from")
    parser.add_argument("--resume", action="store_true", help="go on with the checkpoint in --out")
    parser.add_argument("--face-model", type=Path, default=FACE_MODEL, help="face-model.bin (stage full)")
    for field in fields(TrainSettings):
        kind = {"int": int, "float": float, "str": str}[field.type]
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    parser.add_argument(
        "--unfreeze", dest="freeze", action="store_const", const=0, default=TrainSettings.freeze,
        help="let the whole trunk learn",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Train by the command line; a signal (INT, TERM) ends the run after the step, with a checkpoint."""
    settings = settings_from(args)
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    rank, world = join_group(settings.device)
    args.out.mkdir(parents=True, exist_ok=True)
    if rank == 0:
        settings.save(args.out / "settings.json")
    settings = replace(settings, device=own_device(settings.device))
    geometry = None
    if settings.stage == "full":
        geometry = read_geometry(args.face_model, settings.shift).to(settings.device)
    step = read_checkpoint(args.out / CHECKPOINT)["progress"]["step"] if args.resume else 0
    samples = open_samples(args.data, args.face_model if geometry else None, settings, rank, step)
    network = start_network(args, settings, samples)
    train(network, samples, geometry, settings, args.out, resume=args.resume)
    if world > 1:
        distributed.destroy_process_group()
    return 0


def settings_from(args: argparse.Namespace) -> TrainSettings:
    """The run's settings from the command line."""
    return TrainSettings(**{field.name: getattr(args, field.name) for field in fields(TrainSettings)})


def open_samples(
    data: Path, face_model: Path | None, settings: TrainSettings, rank: int, step: int = 0
) -> Iterator[Sample]:
    """Endless batches of the training data from `step` on; without a face model there are neither fits nor renders."""
    renders = settings.render_share if face_model else 0.0
    shares = Shares(renders=renders, photographs=renders < 1)
    dataset = FaceDataset(data, face_model, stream_seed(settings.seed, step), rank=rank, shares=shares)
    return iter(make_loader(dataset, settings.batch, settings.workers))


def stream_seed(seed: int, step: int) -> int:
    """The seed of the samples of a run that begins, or goes on, at `step`: another one after each resume."""
    return int(np.random.SeedSequence([seed, step]).generate_state(1)[0]) if step else seed


def join_group(device: str = "cpu") -> tuple[int, int]:
    """Rank and number of processes; joins torchrun's group if there is one: NCCL for CUDA devices, else gloo."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world > 1 and not distributed.is_initialized():
        distributed.init_process_group("nccl" if torch.device(device).type == "cuda" else "gloo")
    return int(os.environ.get("RANK", "0")), world


def own_device(device: str) -> str:
    """This process's device: under torchrun `cuda` is the GPU of LOCAL_RANK, which becomes the current one."""
    if device != "cuda" or "LOCAL_RANK" not in os.environ:
        return device
    own = f"cuda:{os.environ['LOCAL_RANK']}"
    torch.cuda.set_device(own)
    return own


def start_network(args: argparse.Namespace, settings: TrainSettings, samples: Iterator[Sample]) -> PeekabooNetwork:
    """Face mesh weights, or an earlier stage's; the linear head by ridge regression when stage full begins."""
    network = PeekabooNetwork()
    if args.resume:
        return network
    stage = None
    if args.start:
        state, stage = read_start(args.start)
        if args.start.suffix == ".onnx":
            network.trunk = load_face_mesh(fetch_face_mesh(args.data / "models"))
        load_fitting(network, state)
    else:
        network.trunk = load_face_mesh(fetch_face_mesh(args.data / "models"))
    if settings.stage == "full" and stage != "full":
        r2 = ridge_start(network, samples, settings.ridge_samples)
        print("ridge start, held-back R2", {name: round(value, 3) for name, value in r2.items()}, flush=True)
    return network


def read_start(path: Path) -> tuple[Mapping[str, torch.Tensor], str]:
    """Weights to start from and the stage that they have been through: a checkpoint's, or a bundle's network.onnx."""
    if path.suffix == ".onnx":
        return read_published(path), "full"
    content = read_checkpoint(path)
    return content["network"], content["stage"]


def load_fitting(network: PeekabooNetwork, state: Mapping[str, torch.Tensor]) -> None:
    """Take over every tensor that the network still has in this shape; says which parts start anew.

    A dense layer that reads more than it did keeps its weights, and hears nothing of the rest at first.
    """
    own = network.state_dict()
    state = {name: widened(value, own[name]) if name in own else value for name, value in state.items()}
    fitting = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
    network.load_state_dict(fitting, strict=False)
    anew = sorted({name.split(".")[0] for name in own.keys() - fitting.keys()})
    if anew:
        print(f"parts that start anew, at least partly: {', '.join(anew)}", flush=True)


def widened(weight: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """A dense layer's weight (O,I) with zeros for inputs that only `own` (O,I+N) has; anything else as it is."""
    if weight.dim() != 2 or own.dim() != 2 or len(weight) != len(own) or weight.shape[1] >= own.shape[1]:
        return weight
    return F.pad(weight, (0, own.shape[1] - weight.shape[1]))


class StopSignal:
    """Set by SIGINT or SIGTERM; asked by all processes together, so that they stop after the same step."""

    def __init__(self, device: str = "cpu"):
        """`device` is where the processes exchange what they know: NCCL takes only tensors of its own GPU."""
        self.asked, self.device = False, device
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "asked", True))

    def agreed(self, progress: Progress, settings: TrainSettings) -> bool:
        """True in every process as soon as one was told to stop or the run is used up.

        All take over the first process's seconds: their learning rates follow the time and must be the same.
        """
        if distributed.is_initialized():
            seconds = progress.seconds if distributed.get_rank() == 0 else 0.0
            shared = torch.tensor([float(self.asked), seconds], dtype=torch.float64, device=self.device)
            distributed.all_reduce(shared, distributed.ReduceOp.MAX)
            asked, progress.seconds = shared.tolist()
            self.asked = asked > 0
        return self.asked or share_done(progress, settings) >= 1


def choose_parameters(network: PeekabooNetwork, settings: TrainSettings) -> list[dict]:
    """Freeze what this stage leaves alone; give the optimizer's groups with their rates."""
    still: list[nn.Parameter] = [*network.trunk.frozen_parameters(settings.freeze)]
    still += network.trunk.presence_branch.parameters()
    if settings.stage == "points":
        for module in (network.face, network.eyes, network.mouth, network.identity, network.landmarks, network.colour):
            still += module.parameters()
    else:
        still += network.trunk.points_branch.parameters()
    for parameter in still:
        parameter.requires_grad_(False)
    head = network.face
    groups = [
        (network.trunk.parameters(), settings.trunk_rate),
        (network.decoder.parameters(), settings.decoder_rate),
        (head.linear.parameters(), settings.linear_rate),
        ([*head.convolution.parameters(), *head.activation.parameters(), *head.correction.parameters()],
         settings.head_rate),
        (network.presence.parameters(), settings.head_rate),
        ([*network.eyes.parameters(), *network.mouth.parameters()], settings.eyes_rate),
        (network.identity.parameters(), settings.identity_rate),
        (network.landmarks.parameters(), settings.landmarks_rate),
        (network.colour.parameters(), settings.colour_rate),
    ]  # fmt: skip
    chosen = [([p for p in parameters if p.requires_grad], rate) for parameters, rate in groups]
    return [{"params": parameters, "lr": rate, "base": rate} for parameters, rate in chosen if parameters]


def share_done(progress: Progress, settings: TrainSettings) -> float:
    """0 at the start, 1 when the minutes or the samples are used up."""
    by_samples = progress.samples / settings.samples if settings.samples else 0.0
    by_time = progress.seconds / 60 / settings.minutes if settings.minutes else 0.0
    return min(1.0, max(by_samples, by_time))


def rate_factor(progress: Progress, settings: TrainSettings) -> float:
    """Warm-up, then half a cosine down to the final share."""
    warm = min(1.0, (progress.step + 1) / settings.warmup_steps)
    cosine = 0.5 + 0.5 * math.cos(math.pi * share_done(progress, settings))
    return warm * (cosine * (1 - settings.final_rate_share) + settings.final_rate_share)


def to_device(sample: Sample, device: str) -> dict[str, torch.Tensor]:
    """The sample on the device, its images channels last."""
    moved = {name: value.to(device, non_blocking=True) for name, value in sample.items()}
    moved["image"] = moved["image"].to(memory_format=torch.channels_last)
    return moved


def start_alternation(
    network: PeekabooNetwork, samples: Iterator[Sample], geometry: FaceGeometry | None, settings: TrainSettings
) -> Alternation | None:
    """FOCUS's alternation with its prior measured, when the run asks for it; raises ValueError without a face model."""
    if settings.misfit == "off":
        return None
    if geometry is None:
        raise ValueError("misfit needs the face model: stage full")
    alternation = Alternation(geometry, settings.misfit)
    alternation.measure_prior(network, samples)
    return alternation


class Log:
    """Collects numbers and prints their means every so many steps."""

    def __init__(self, every: int):
        self.every, self.began = every, time.monotonic()
        self.values: dict[str, list[float]] = defaultdict(list)
        self.samples = 0

    def add(self, numbers: Mapping[str, float], samples: int) -> None:
        for name, value in numbers.items():
            self.values[name].append(value)
        self.samples += samples

    def show(self, progress: Progress) -> None:
        """Print a line when it is time."""
        if progress.step % self.every and progress.step not in (1, 5, 20):
            return
        speed = self.samples / (time.monotonic() - self.began)
        means = " ".join(f"{name} {sum(v) / len(v):.3f}" for name, v in self.values.items())
        print(f"{time.strftime('%H:%M:%S')} step {progress.step} samples {progress.samples} "
              f"{speed:.0f}/s {means}", flush=True)  # fmt: skip
        self.values.clear()
        self.samples, self.began = 0, time.monotonic()


def train(
    network: PeekabooNetwork, samples: Iterator[Sample], geometry: FaceGeometry | None, settings: TrainSettings,
    out: Path, resume: bool = False,
) -> Progress:  # fmt: skip
    """Train until minutes or samples are used up or a signal comes; writes out/checkpoint.pt."""
    network.to(settings.device, memory_format=torch.channels_last).train()
    groups = choose_parameters(network, settings)
    optimizer = torch.optim.AdamW(groups, weight_decay=settings.weight_decay, betas=(0.9, 0.98))
    average, progress = Average(network, settings.ema), Progress()
    if resume:
        progress = restore(read_checkpoint(out / CHECKPOINT), network, average, optimizer)
    parallel = DistributedDataParallel(network) if distributed.is_initialized() else network
    first = not distributed.is_initialized() or distributed.get_rank() == 0
    learning = [parameter for group in groups for parameter in group["params"]]
    alternation = start_alternation(network, samples, geometry, settings)
    guard = MaskGuard(network)
    stop, log = StopSignal(settings.device), Log(settings.log_every)
    saved = last = time.monotonic()
    while not stop.agreed(progress, settings):
        factor = rate_factor(progress, settings)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * factor
        sample = to_device(next(samples), settings.device)
        outputs = parallel(sample["image"], freeze=settings.freeze, auxiliary=settings.stage == "points")
        losses = stage_losses(settings.stage, outputs, sample, geometry)
        if alternation:
            losses |= alternation.losses(progress.step, outputs, sample)
        optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        norm = nn.utils.clip_grad_norm_(learning, settings.clip)
        if torch.isfinite(norm):
            optimizer.step()
        else:
            print(f"step {progress.step}: gradient not finite, step skipped", flush=True)
        progress.step += 1
        progress.samples += len(sample["image"]) * (distributed.get_world_size() if distributed.is_initialized() else 1)
        now = time.monotonic()
        progress.seconds, last = progress.seconds + now - last, now
        average.update(network, progress.step)
        measured = figures(settings.stage, outputs, sample, geometry) if first or alternation else {}
        if alternation:
            guard.watch(outputs, sample, measured["iou"])
        if first:
            numbers = {name: loss.item() for name, loss in losses.items()} | {"norm": norm.item()}
            log.add(numbers | measured, len(sample["image"]))
            log.show(progress)
            if now - saved > 60 * settings.checkpoint_minutes:
                save_checkpoint(out / CHECKPOINT, network, average, optimizer, progress, settings.stage)
                saved = now
    if first:
        save_checkpoint(out / CHECKPOINT, network, average, optimizer, progress, settings.stage)
        print(f"done: {progress.samples} samples in {progress.seconds / 60:.1f} minutes", flush=True)
    return progress
