"""`breakdown`: figures by skin tone, age, yaw and cover on held-out faces; reliability of presence and visibility;
every coefficient on held-out renders relative to all zeros; recognition of people by identity.
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

from ..covers.paste import FaceView
from ..dataset.face_dataset import FaceDataset, Shares
from ..dataset.validation import validation_items
from ..face_model.format import REGION_NAMES, FaceModel, read_face_model
from ..learn.point_losses import model_points, seen_points
from ..network.checkpoint import read_checkpoint
from ..network.network import PeekabooNetwork
from ..scene.eye_distance import METRIC_FLOOR_PX, eye_distance
from ..scene.geometry import FaceGeometry, read_geometry
from ..settings import DATA_FOLDER, DEFAULT_FACE_MODEL
from .coefficients import measure_coefficients
from .evaluate import VALIDATION_SEED, predict, validation_renders
from .groups import age, splits, tone
from .recognition import measure_people
from .reliability import reliability


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `breakdown`."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL)
    parser.add_argument("--shift", type=Path, help="landmark-shift.bin of the weights (default: points on the mesh)")
    parser.add_argument("--count", type=int, default=200, help="faces per collection (default: 200)")
    parser.add_argument("--renders", type=int, default=600, help="held-out renders (default: 600)")
    parser.add_argument("--json", type=Path, help="write all results to this file")
    parser.add_argument("--plot", type=Path, help="plot the reliability of presence and visibility into this PNG")


def run(args: argparse.Namespace) -> int:
    """Print the tables, and write results with --json and --plot."""
    torch.set_num_threads(1)
    network = PeekabooNetwork().eval()
    network.load_state_dict(read_checkpoint(args.checkpoint)["network"])
    geometry, regions = read_geometry(args.face_model, args.shift), point_regions(read_face_model(args.face_model))
    rows, seen = measure(network, geometry, regions, validation_items(args.data, args.face_model, args.count))
    presence = [(row["presence"], 1.0) for row in rows] + [(p, 0.0) for p in negatives(network, args)]
    result = {
        "splits": splits(rows),
        "visibility": {name: reliability(pairs) for name, pairs in seen.items()},
        "presence": reliability(presence),
        "renders": measure_coefficients(
            network, geometry, validation_renders(args.data, args.face_model, args.renders)
        ),
        "people": measure_people(network, args.data, args.face_model),
    }
    print(markdown(result))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(result, indent=1) + "\n")
    if args.plot:
        args.plot.parent.mkdir(parents=True, exist_ok=True)
        from .reliability_plot import plot_reliability

        plot_reliability({"presence": result["presence"]} | result["visibility"]).savefig(args.plot)
    return 0


@torch.no_grad()
def measure(
    network: PeekabooNetwork, geometry: FaceGeometry, regions: dict[str, np.ndarray],
    items: Iterable[tuple[dict, dict]],
):  # fmt: skip
    """Give a row of figures for each face, clean and covered, and for each region pairs of visible shares.

    A pair is (predicted, true). `regions` maps names to indices of the 478 points.
    """
    rows, seen = [], defaultdict(list)
    for clean, covered in items:
        picture = np.ascontiguousarray(clean["image"].transpose(1, 2, 0) * 255)
        view = FaceView.of(picture, clean["points"])
        about = {"tone": tone(view.skin), "yaw": abs(float(np.degrees(view.yaw))), "age": age(clean["key"])}
        for sample in (clean, covered):
            outputs, batch = predict(network, sample)
            surface, points = model_points(outputs, geometry), seen_points(outputs, batch, geometry)
            unit = eye_distance(batch["points"], METRIC_FLOOR_PX)
            error = 100 * float((points[:, :468, :2] - batch["points"][:, :468, :2]).norm(dim=-1).mean() / unit)
            predicted, true = torch.sigmoid(outputs.mask[0, 0]).numpy(), sample["mask"][0]
            row = about | {"nme": error, "presence": float(torch.sigmoid(outputs.presence))}
            face = np.maximum(sample["mask"][1], true * clean["mask"][1]) > 0.5
            row["cover"] = float((true[face] > 0.5).mean()) if face.any() else 0.0
            row["iou"] = iou(predicted > 0.5, true > 0.5, face)
            rows.append(row)
            for name, ids in regions.items():
                seen[name].append(
                    (visible(predicted, surface[0, ids, :2].numpy()), visible(true, sample["points"][ids, :2]))
                )
    return rows, dict(seen)


def iou(predicted: np.ndarray, true: np.ndarray, face: np.ndarray) -> float | None:
    """IoU of two masks on the face; None where nothing covers it."""
    union = (predicted | true) & face
    return float((predicted & true & face)[union].mean()) if true[face].any() else None


def point_regions(model: FaceModel) -> dict[str, np.ndarray]:
    """Give the indices of the 468 mesh points whose weight in each region is above 0.5."""
    weights = np.einsum("nk,rnk->rn", model.mediapipe_barycentric, model.region_weights[:, model.mediapipe_triangles])
    return {name: np.flatnonzero(weight[:468] > 0.5) for name, weight in zip(REGION_NAMES, weights, strict=True)}


def visible(mask: np.ndarray, points: np.ndarray) -> float:
    """Share of points (K,2), crop px, that a mask (96,96) leaves visible; points outside the crop count as visible."""
    cells = np.floor((points + 0.5) / 2).astype(int)
    inside = ((cells >= 0) & (cells < len(mask))).all(axis=1)
    hidden = mask[cells[inside, 1], cells[inside, 0]] > 0.5
    return 1 - float(hidden.sum()) / max(len(points), 1)


@torch.no_grad()
def negatives(network: PeekabooNetwork, args: argparse.Namespace) -> Iterator[float]:
    """Predict presence on crops without a face."""
    shares = Shares(negatives=1.0, renders=0.0, twins=0.0)
    for sample in islice(FaceDataset(args.data, args.face_model, VALIDATION_SEED, shares=shares), args.count):
        yield float(torch.sigmoid(predict(network, sample)[0].presence))


def markdown(result: dict) -> str:
    """Format the results as Markdown tables."""
    lines = ["| faces | number | NME median | p90 | failures % | occluder IoU % |", "|---|---|---|---|---|---|"]
    for group in result["splits"].values():
        for name, row in group.items():
            cells = (row["faces"], row["median"], row["p90"], row["failures"], row.get("iou", "–"))
            lines.append(f"| {name} | {' | '.join(str(cell) for cell in cells)} |")
    lines += ["", "| predicted against true | mean gap |", "|---|---|", f"| presence | {result['presence']['gap']} |"]
    lines += [f"| {name} visible | {value['gap']} |" for name, value in result["visibility"].items()]
    lines += ["", "| on renders | error / that of zeros | correlation |", "|---|---|---|"]
    lines += [f"| {name} | {row['ratio']} | {row['correlation']} |" for name, row in result["renders"].items()]
    lines += ["", "| heads on renders | mm | mm of zeros |", "|---|---|---|"]
    heads = {name: row for name, row in result["renders"].items() if "mm" in row}
    lines += [f"| {name} | {row['mm']} | {row['mmOfZeros']} |" for name, row in heads.items()]
    return "\n".join([*lines, "", f"people: {result['people']}"])
