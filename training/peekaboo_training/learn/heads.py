"""`train-heads`: train the heads alone on a bank of features (feature_bank.py); convolutions, mask and colours stay.

A step costs a tenth of one of `train`. Large linear layers learn in whitened inputs: with plain gradient steps the
directions of small variance, in which faces differ, would need millions of samples.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from pathlib import Path

import numpy as np
import torch

from ..network.checkpoint import Average, Progress, refuse_run, save_weights
from ..network.network import PeekabooNetwork
from ..network.outputs import HeadInputs, Outputs
from ..scene.eye_distance import METRIC_FLOOR_PX, eye_distance
from ..scene.geometry import FaceGeometry, read_geometry
from ..settings import DEFAULT_FACE_MODEL, TrainSettings
from .batch import Batch
from .coefficient_losses import exact_shape_losses, fit_losses, person_loss
from .feature_bank import FeatureBank, digest_of
from .log import Log
from .losses import WEIGHTS
from .point_losses import drift_loss, point_losses, seen_points
from .processes import StopSignal
from .schedule import rate_factor
from .start import load_fitting, read_start
from .step import descend, set_rates
from .train import CHECKPOINT
from .whiten import unwhitened, whiten

BATCH = 256
RATES = {"linear": 3e-4, "landmarks": 6e-4, "face": 6e-4, "eyes": 6e-4, "mouth": 3e-3, "identity": 1e-3}
"""Learning rates: "linear" the whitened layer of the face head, "face" the rest of it."""
REFRESH_STEPS = 100
WHITENING_SAMPLES = 8192
"""Samples whose statistics whiten the linear layers; all of them in a smaller bank."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `train-heads`."""
    parser.add_argument("--start", type=Path, required=True, help="checkpoint.pt whose convolutions made the features")
    parser.add_argument("--features", type=Path, required=True, help="folder that collect-features wrote")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL)
    parser.add_argument("--shift", type=Path, help="landmark-shift.bin that --start was trained with")
    parser.add_argument("--out", type=Path, required=True, help="folder of this run")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.0, help="factor on the learning rates; below 1 to continue")
    parser.add_argument("--threads", type=int, default=1)


def run(args: argparse.Namespace) -> int:
    """Train; SIGINT or SIGTERM ends the run after the current step, with a checkpoint."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    settings = TrainSettings(minutes=args.minutes, seed=args.seed, batch=BATCH, threads=args.threads)
    own = {name: str(value) if isinstance(value, Path) else value for name, value in vars(args).items()}
    (args.out / "settings.json").write_text(json.dumps(own | {"batch": BATCH, "rates": RATES}, indent=1) + "\n")
    network = PeekabooNetwork()
    load_fitting(network, read_start(args.start)[0])
    bank = FeatureBank(args.features)
    if bank.convolutions != digest_of(network):
        raise SystemExit(f"{args.features}: made by another network than {args.start}; run collect-features with it")
    train_heads(network, bank, read_geometry(args.face_model, args.shift), settings, args.out, args.rate)
    return 0


def choose_heads(network: PeekabooNetwork) -> list[dict]:
    """Freeze everything but the heads; give the optimizer's groups with their rates."""
    face, landmarks, eyes = network.face, network.landmarks, network.eyes
    groups = {
        "linear": [face.linear.change, face.linear.shift],
        "face": [*face.convolution.parameters(), *face.activation.parameters(), *face.correction.parameters()],
        "landmarks": [
            *(p for layer in (landmarks.direct, landmarks.direct_rest) for p in (layer.change, layer.shift)),
            *landmarks.hidden.parameters(), *landmarks.activation.parameters(), *landmarks.final.parameters(),
        ],
        "eyes": [*eyes.hidden.parameters(), *eyes.activation.parameters(), *eyes.final.parameters()],
        "mouth": [*network.mouth.parameters()],
        "identity": [*network.identity.parameters()],
    }  # fmt: skip
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    for parameters in groups.values():
        for parameter in parameters:
            parameter.requires_grad_(True)
    return [{"params": ps, "lr": RATES[name], "base": RATES[name]} for name, ps in groups.items()]


def described(network: PeekabooNetwork, seen: HeadInputs) -> Outputs:
    """Run the heads; outputs that they do not give are None."""
    identity, expression, pose, landmarks = network.predict_face(seen)
    return Outputs(identity, expression, pose, None, None, None, None, None, landmarks, None)


def head_losses(outputs: Outputs, sample: Batch, geometry: FaceGeometry) -> dict[str, torch.Tensor]:
    """Weighted losses by name."""
    losses = {
        **point_losses(outputs, sample, geometry), **fit_losses(outputs, sample, geometry),
        **exact_shape_losses(outputs, sample, geometry), **drift_loss(outputs, sample, geometry),
        **person_loss(outputs, sample),
        "identityPrior": (outputs.identity**2).mean(), "expressionPrior": outputs.expression.mean(),
    }  # fmt: skip
    return {name: WEIGHTS[name] * value for name, value in losses.items()}


@torch.no_grad()
def measure(network: PeekabooNetwork, bank: FeatureBank, names: list[str], geometry: FaceGeometry) -> dict[str, float]:
    """Figures on whole shards.

    "clean", "covered", "p90": error of points on photographs, % of the eye distance. On renders: "form" in mm, and RMS
    errors of identity and expression relative to those of all zeros.
    """
    rows: dict[str, list[torch.Tensor]] = {"clean": [], "covered": [], "form": []}
    predicted, true = [], []
    for name in names:
        seen, sample = bank.whole(name)
        outputs = described(network, seen)
        distance = (seen_points(outputs, sample, geometry) - sample["points"])[:, :468, :2].norm(dim=-1).mean(dim=1)
        error = 100 * distance / eye_distance(sample["points"], METRIC_FLOOR_PX)
        real, exact, covered = sample["exact"] == 0, sample["exact"] > 0, sample["covered"] > 0
        rows["clean"].append(error[real & ~covered])
        rows["covered"].append(error[real & covered])
        chosen = exact & ~covered
        rows["form"].append(geometry.form_moves(outputs.identity - sample["identity"]).norm(dim=-1).mean(dim=1)[chosen])
        predicted.append(torch.cat([outputs.identity, outputs.expression], dim=1)[chosen])
        true.append(torch.cat([sample["identity"], sample["expression"]], dim=1)[chosen])
    p, t = torch.cat(predicted), torch.cat(true)
    ratio = ((p - t) ** 2).mean(dim=0) / (t**2).mean(dim=0).clamp_min(1e-9)
    clean, covered = torch.cat(rows["clean"]), torch.cat(rows["covered"])
    return {
        "clean": float(clean.median()), "covered": float(covered.median()), "p90": float(covered.quantile(0.9)),
        "form": float(torch.cat(rows["form"]).mean()), "identity": float(ratio[:80].mean().sqrt()),
        "expression": float(ratio[80:].sqrt().mean()), "worst": float(ratio[80:].sqrt().max()),
    }  # fmt: skip


def train_heads(
    network: PeekabooNetwork, bank: FeatureBank, geometry: FaceGeometry, settings: TrainSettings, out: Path,
    rate: float = 1.0,
) -> Progress:  # fmt: skip
    """Train until the settings' minutes or samples are used up, or a signal comes; writes weights to out/checkpoint.pt.

    With more than two shards the first two are held out for `measure`: other samples, of the same faces. Raises
    ValueError when out/checkpoint.pt is the checkpoint of a run that can be resumed.
    """
    checkpoint = out / CHECKPOINT
    refuse_run(checkpoint)
    network.train()
    held = sorted(bank.shards)[:2] if len(bank.shards) > 2 else []
    rng = np.random.default_rng(settings.seed)
    whiten(network, bank.batch(rng, min(WHITENING_SAMPLES, len(bank)))[0])
    optimizer = torch.optim.AdamW(choose_heads(network), weight_decay=1e-3, betas=(0.9, 0.98))
    average, progress = Average(network, settings.ema), Progress()
    stop, log = StopSignal(), Log(settings.log_every)
    training = copy.copy(bank)
    began = saved = time.monotonic()

    def averaged() -> PeekabooNetwork:
        copied = copy.deepcopy(network)
        copied.load_state_dict(average.state(network))
        return unwhitened(copied)

    while not stop.agreed(progress, settings):
        if progress.step % REFRESH_STEPS == 0:
            bank.refresh()
            training.shards = {name: shard for name, shard in bank.shards.items() if name not in held}
            if held:
                figures = measure(averaged().eval(), bank, held, geometry)
                print(f"bank {len(bank)}", " ".join(f"{k} {v:.3f}" for k, v in figures.items()), flush=True)
        set_rates(optimizer, rate * rate_factor(progress, settings))
        seen, sample = training.batch(rng, settings.batch)
        losses = head_losses(described(network, seen), sample, geometry)
        descend(losses, optimizer, settings.clip, progress.step)
        progress.step += 1
        progress.samples += settings.batch
        progress.seconds = time.monotonic() - began
        average.update(network, progress.step)
        log.add({name: loss.item() for name, loss in losses.items()}, settings.batch)
        log.show(progress)
        if time.monotonic() - saved > 60 * settings.checkpoint_minutes:
            save_weights(checkpoint, averaged().state_dict(), progress, "full")
            saved = time.monotonic()
    save_weights(checkpoint, averaged().state_dict(), progress, "full")
    return progress
