"""`train`: the training loop, in one process or in several with torchrun (DistributedDataParallel)."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
from torch.nn.parallel import DistributedDataParallel

from ..dataset.face_dataset import FaceDataset, Shares, make_loader
from ..network.checkpoint import Average, Progress, read_checkpoint, restore, save_checkpoint
from ..network.network import PeekabooNetwork
from ..scene.geometry import FaceGeometry, read_geometry
from ..settings import DATA_FOLDER, DEFAULT_FACE_MODEL, TrainSettings
from .alternation import Alternation, MaskGuard
from .batch import Batch
from .log import Log
from .losses import figures, stage_losses
from .processes import StopSignal, join_group, own_device
from .schedule import choose_parameters, rate_factor
from .start import start_network
from .step import descend, set_rates

CHECKPOINT = "checkpoint.pt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `train`: every field of TrainSettings, and the paths."""
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run, e.g. data/runs/full")
    parser.add_argument("--start", type=Path, help="checkpoint.pt, or a bundle's network.onnx, to start from")
    parser.add_argument("--resume", action="store_true", help="resume from the checkpoint in --out")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL, help="face-model.bin (stage full)")
    for field in fields(TrainSettings):
        kind = {"int": int, "float": float, "str": str}[field.type]
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    parser.add_argument(
        "--unfreeze", dest="freeze", action="store_const", const=0, default=TrainSettings.freeze,
        help="train the whole trunk",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Train; SIGINT or SIGTERM ends the run after the current step, with a checkpoint."""
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
    """Read the run's settings from the command line."""
    return TrainSettings(**{field.name: getattr(args, field.name) for field in fields(TrainSettings)})


def open_samples(
    data: Path, face_model: Path | None, settings: TrainSettings, rank: int, step: int = 0
) -> Iterator[Batch]:
    """Give endless batches for a run that starts at `step`; without a face model there are neither fits nor renders."""
    renders = settings.render_share if face_model else 0.0
    portraits = settings.portrait_share if face_model else 0.0
    shares = Shares(renders=renders, portraits=portraits, photographs=renders < 1, covers=settings.covers)
    seed = stream_seed(settings.seed, step)
    dataset = FaceDataset(data, face_model, seed, rank=rank, shares=shares, reuse=settings.reuse)
    return iter(make_loader(dataset, settings.batch, settings.workers))


def stream_seed(seed: int, step: int) -> int:
    """Give the seed of the samples of a run that starts or resumes at `step`, different for each step."""
    return int(np.random.SeedSequence([seed, step]).generate_state(1)[0]) if step else seed


def to_device(sample: Batch, device: str) -> dict[str, torch.Tensor]:
    """Move a batch to a device, images with channels last."""
    moved = {name: value.to(device, non_blocking=True) for name, value in sample.items()}
    moved["image"] = moved["image"].to(memory_format=torch.channels_last)
    return moved


def start_alternation(
    network: PeekabooNetwork, samples: Iterator[Batch], geometry: FaceGeometry | None, settings: TrainSettings
) -> Alternation | None:
    """Set up FOCUS's alternation and measure its prior; None when the settings switch it off.

    Raises ValueError without a face model.
    """
    if settings.misfit == "off":
        return None
    if geometry is None:
        raise ValueError("misfit needs the face model: stage full")
    alternation = Alternation(geometry, settings.misfit)
    alternation.measure_prior(network, samples)
    return alternation


def train(
    network: PeekabooNetwork, samples: Iterator[Batch], geometry: FaceGeometry | None, settings: TrainSettings,
    out: Path, resume: bool = False,
) -> Progress:  # fmt: skip
    """Train until the settings' minutes or samples are used up, or a signal arrives; writes out/checkpoint.pt."""
    network.to(settings.device, memory_format=torch.channels_last).train()
    network.mixed = bool(settings.mixed)
    groups = choose_parameters(network, settings)
    optimizer = torch.optim.AdamW(groups, weight_decay=settings.weight_decay, betas=(0.9, 0.98))
    average, progress = Average(network, settings.ema), Progress()
    if resume:
        progress = restore(read_checkpoint(out / CHECKPOINT), network, average, optimizer)
    parallel = DistributedDataParallel(network) if distributed.is_initialized() else network
    first = not distributed.is_initialized() or distributed.get_rank() == 0
    alternation = start_alternation(network, samples, geometry, settings)
    guard = MaskGuard(network)
    stop, log = StopSignal(settings.device), Log(settings.log_every)
    saved = last = time.monotonic()
    while not stop.agreed(progress, settings):
        set_rates(optimizer, rate_factor(progress, settings))
        sample = to_device(next(samples), settings.device)
        outputs = parallel(sample["image"], freeze=settings.freeze, auxiliary=settings.stage == "points")
        losses = stage_losses(settings.stage, outputs, sample, geometry)
        if alternation:
            losses |= alternation.losses(progress.step, outputs, sample)
        norm = descend(losses, optimizer, settings.clip, progress.step)
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
