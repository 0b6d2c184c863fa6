"""`evaluate`: measure a checkpoint on held-out faces, clean and covered, and on held-out renders.

Errors are means over 468 points against MediaPipe's points on the uncovered picture, in % of the distance between the
eyes; a failure is an error above 10 %. Figures on clean faces measure the distance to MediaPipe, not to the truth.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from ..dataset.face_dataset import FaceDataset, Shares
from ..dataset.validation import validation_items
from ..face_model.format import EXPRESSION_NAMES
from ..learn.point_losses import openings, seen_points
from ..network.checkpoint import read_checkpoint
from ..network.network import PeekabooNetwork
from ..network.outputs import Outputs
from ..scene.eye_distance import METRIC_FLOOR_PX, eye_distance
from ..scene.geometry import FaceGeometry, read_geometry
from ..scene.mesh_points import LID_PAIRS
from ..settings import DATA_FOLDER, DEFAULT_FACE_MODEL

FAILURE = 10.0
VALIDATION_SEED = 900_001
REPORTED_EXPRESSIONS = (
    "eyeBlinkLeft", "eyeBlinkRight", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeLookDownLeft", "jawOpen",
    "mouthSmileLeft", "mouthSmileRight", "mouthPucker", "browInnerUp", "browDownLeft",
)  # fmt: skip
OPENINGS = {"eyes": slice(0, len(LID_PAIRS)), "mouth": slice(len(LID_PAIRS), len(LID_PAIRS) + 7)}
"""Slices of `openings`: the lids, and the inner rims of the lips."""
TEXTS = ("source", "key")
"""Fields of validation samples that hold text."""
GROUPS = ("identity", "expression", "albedo", "light")
Items = Iterable[tuple[dict, dict]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `evaluate`."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL)
    parser.add_argument("--shift", type=Path, help="landmark-shift.bin of the weights (default: points on the mesh)")
    parser.add_argument("--count", type=int, default=150, help="faces per collection (default: 150)")
    parser.add_argument("--renders", type=int, default=200, help="held-out renders (default: 200)")
    parser.add_argument("--json", type=Path, help="write the figures here, for `export` and `figures --held-back`")


def run(args: argparse.Namespace) -> int:
    """Print the figures, and write them as JSON with --json."""
    torch.set_num_threads(1)
    content = read_checkpoint(args.checkpoint)
    network = PeekabooNetwork().eval()
    network.load_state_dict(content["network"])
    full = content["stage"] == "full"
    face_model = args.face_model if full else None
    geometry = read_geometry(face_model, args.shift) if full else None
    figures = measure_faces(network, geometry, validation_items(args.data, face_model, args.count))
    if full and args.renders:
        figures["renders"] = measure_renders(network, validation_renders(args.data, face_model, args.renders))
    figures["samplesSeen"] = content["progress"]["samples"]
    print(json.dumps(figures, indent=1))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def validation_renders(data: Path, face_model: Path, count: int) -> Iterator[dict]:
    """Make uncovered rendered heads with exact coefficients, from a seed that training does not use."""
    shares = Shares(covered=0.0, negatives=0.0, renders=1.0, twins=0.0)
    return islice(FaceDataset(data, face_model, VALIDATION_SEED, shares=shares), count)


@torch.no_grad()
def predict(network: PeekabooNetwork, sample: dict) -> tuple[Outputs, dict[str, torch.Tensor]]:
    """Run the network on one sample as a batch of one: outputs, and the batch's tensors."""
    batch = {name: torch.as_tensor(value)[None] for name, value in sample.items() if name not in TEXTS}
    return network(batch["image"], auxiliary=True), batch


def measure_faces(network: PeekabooNetwork, geometry: FaceGeometry | None, items: Items) -> dict:
    """Compute figures over pairs (clean, covered) of the same face."""
    values: dict[str, list] = defaultdict(list)
    expressions: dict[str, list] = defaultdict(list)
    opened: dict[str, list] = defaultdict(list)
    for pair in items:
        for kind, sample in zip(("clean", "covered"), pair, strict=True):
            outputs, batch = predict(network, sample)
            note_points(values, kind, outputs, batch, geometry)
            if geometry:
                note_openings(opened, kind, outputs, batch, geometry)
            note_mask(values, kind, outputs, batch)
            values[f"presence/{kind}"].append(float(torch.sigmoid(outputs.presence)))
            if sample["has_fit"]:
                expressions[kind].append(outputs.expression[0].numpy())
                expressions[f"{kind}Target"].append(sample["expression"])
    return summarise(values) | {"expression": correlations(expressions), "openings": compare_openings(opened)}


def note_points(values: dict, kind: str, outputs: Outputs, batch: dict, geometry: FaceGeometry | None) -> None:
    """Append the error of the model's points or, without a face model, of the auxiliary branch's points."""
    name, points = ("points", seen_points(outputs, batch, geometry)) if geometry else ("auxiliary", outputs.points)
    distance = (points[:, :468, :2] - batch["points"][:, :468, :2]).norm(dim=-1).mean()
    values[f"{name}/{kind}"].append(100 * float(distance / eye_distance(batch["points"], METRIC_FLOOR_PX)))


def note_openings(opened: dict, kind: str, outputs: Outputs, batch: dict, geometry: FaceGeometry) -> None:
    """Append the predicted and the true opening of eyes and mouth, in % of the eye distance."""
    unit = float(eye_distance(batch["points"], METRIC_FLOOR_PX))
    both = [openings(points)[0].norm(dim=-1) for points in (seen_points(outputs, batch, geometry), batch["points"])]
    for name, chosen in OPENINGS.items():
        opened[f"{name}/{kind}"].append([100 * float(lengths[chosen].mean()) / unit for lengths in both])


def compare_openings(opened: dict[str, list]) -> dict:
    """Correlation and median difference of predicted and true openings, for eyes and mouth."""
    result: dict = {}
    for name, pairs in opened.items():
        part, kind = name.split("/")
        said, true = np.array(pairs).T
        off = float(np.median(np.abs(said - true)))
        entry = {"correlation": round(correlation(said, true), 3), "medianError": round(off, 3)}
        result.setdefault(part, {})[kind] = entry
    return result


def note_mask(values: dict, kind: str, outputs: Outputs, batch: dict) -> None:
    """Append the occluder IoU of a covered crop, or the share of a clean face that is marked as covered, in %."""
    said, known = outputs.mask[0, 0] > 0, batch["mask_weight"][0, 0] > 0.5
    if kind == "covered":
        true = batch["mask"][0, 0] > 0.5
        union = ((said | true) & known).sum()
        if union > 0:
            values["iou/covered"].append(float((said & true & known).sum() / union))
    else:
        face = (batch["mask"][0, 1] > 0.5) & known
        values["falseOccluder/clean"].append(100 * float((said & face).sum() / face.sum().clamp_min(1)))


def summarise(values: dict[str, list]) -> dict:
    """Summarise lists of numbers: means, medians, percentiles and failure shares, rounded."""
    result: dict = {"faces": len(values["presence/clean"])}
    for name, numbers in values.items():
        group, kind = name.split("/")
        v = np.array(numbers)
        if group in ("points", "auxiliary"):
            entry = {"median": np.median(v), "p90": np.percentile(v, 90), "failures": 100 * np.mean(v > FAILURE)}
        else:
            entry = {"mean": np.mean(v), "median": np.median(v), "p5": np.percentile(v, 5)}
        result.setdefault(group, {})[kind] = {key: round(float(x), 3) for key, x in entry.items()}
    return result


def correlations(expressions: dict[str, list]) -> dict:
    """Correlation of REPORTED_EXPRESSIONS with the fits, and the 95th percentile of the predictions."""
    result = {}
    for name in REPORTED_EXPRESSIONS if expressions else ():
        i = EXPRESSION_NAMES.index(name)
        entry = {}
        for kind in ("clean", "covered"):
            predicted, target = np.stack(expressions[kind])[:, i], np.stack(expressions[f"{kind}Target"])[:, i]
            entry[kind] = round(correlation(predicted, target), 3)
            entry[f"{kind}P95"] = round(float(np.percentile(predicted, 95)), 3)
        result[name] = entry
    return result


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation; 0 when either is constant."""
    if a.std() < 1e-9 or b.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def measure_renders(network: PeekabooNetwork, samples: Iterable[dict]) -> dict:
    """RMS error of each group of coefficients divided by the RMS of the truth; all zeros would score 1."""
    errors, sizes = defaultdict(float), defaultdict(float)
    for sample in samples:
        outputs, _ = predict(network, sample)
        for group in GROUPS:
            truth = torch.as_tensor(sample[group])
            errors[group] += float(((getattr(outputs, group)[0] - truth) ** 2).mean())
            sizes[group] += float((truth**2).mean())
    return {group: round((errors[group] / max(sizes[group], 1e-12)) ** 0.5, 3) for group in errors}
