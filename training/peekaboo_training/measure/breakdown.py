"""`breakdown`: for whom and when the network is right. Held-back faces by skin tone, age, turn and cover; how far
presence and visibility can be believed; every coefficient on held-back renders against the zero baseline; identities of
the same person.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch

from ..bundle.manifest import FACE_MODEL_FILE
from ..covers.material import read_material
from ..covers.paste import FaceView
from ..data.dataset import FaceDataset, RealFaces, Shares, validation_items
from ..data.jitter import tracker_error
from ..data.store import FaceStore
from ..face_model.format import EXPRESSION_NAMES, REGION_NAMES, FaceModel, read_face_model
from ..learn.losses import eye_distance, model_points, seen_points
from ..network.checkpoint import read_checkpoint
from ..network.network import PeekabooNetwork
from ..scene.geometry import FaceGeometry, read_geometry
from ..settings import DATA_FOLDER, MODELS_FOLDER
from .evaluate import FAILURE, LEAST_EYE_PIXELS, VALIDATION_SEED, correlation, look, validation_renders
from .reliability_plot import draw_reliability

TONES = ((41.0, "light"), (19.0, "medium"), (-10.0, "brown"), (-90.1, "dark"))
"""Individual typology angle in degrees from which skin has this name (after Chardon et al. 1991, joined)."""
AGES = (3, 13, 20, 40, 60, 120)
"""Limits of the bands of age, years."""
BINS = np.linspace(0, 1, 11)
IDENTITY_BLOCK = 10
"""Coefficients of identity that share a row."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `breakdown`."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--face-model", type=Path, default=MODELS_FOLDER / "peekaboo" / FACE_MODEL_FILE)
    parser.add_argument("--shift", type=Path, help="landmark-shift.bin of the weights (default: points on the mesh)")
    parser.add_argument("--count", type=int, default=200, help="faces of each collection (default: 200)")
    parser.add_argument("--renders", type=int, default=600, help="held-back renders (default: 600)")
    parser.add_argument("--json", type=Path, help="write everything here")
    parser.add_argument("--plot", type=Path, help="draw reliability of presence and visibility here (png)")


def run(args: argparse.Namespace) -> int:
    """Print the tables and write them as JSON if asked."""
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
        cv2.imwrite(str(args.plot), draw_reliability({"presence": result["presence"]} | result["visibility"]))
    return 0


@torch.no_grad()
def measure(
    network: PeekabooNetwork, geometry: FaceGeometry, regions: dict[str, np.ndarray],
    items: Iterable[tuple[dict, dict]],
):  # fmt: skip
    """A row of figures for each face, clean and covered, and for each region pairs (visible share said, true).

    `regions` are numbers of the 478 points by name.
    """
    rows, seen = [], defaultdict(list)
    for clean, covered in items:
        picture = np.ascontiguousarray(clean["image"].transpose(1, 2, 0) * 255)
        view = FaceView.of(picture, clean["points"])
        about = {"tone": tone(view.skin), "yaw": abs(float(np.degrees(view.yaw))), "age": age(clean["key"])}
        for sample in (clean, covered):
            outputs, batch = look(network, sample)
            surface, points = model_points(outputs, geometry), seen_points(outputs, batch, geometry)
            unit = eye_distance(batch["points"], least=LEAST_EYE_PIXELS)
            error = 100 * float((points[:, :468, :2] - batch["points"][:, :468, :2]).norm(dim=-1).mean() / unit)
            said, true = torch.sigmoid(outputs.mask[0, 0]).numpy(), sample["mask"][0]
            row = about | {"nme": error, "presence": float(torch.sigmoid(outputs.presence))}
            face = np.maximum(sample["mask"][1], true * clean["mask"][1]) > 0.5
            row["cover"] = float((true[face] > 0.5).mean()) if face.any() else 0.0
            union = ((said > 0.5) | (true > 0.5)) & face
            row["iou"] = float(((said > 0.5) & (true > 0.5) & face)[union].mean()) if (true[face] > 0.5).any() else None
            rows.append(row)
            for name, ids in regions.items():
                seen[name].append(
                    (visible(said, surface[0, ids, :2].numpy()), visible(true, sample["points"][ids, :2]))
                )
    return rows, dict(seen)


def point_regions(model: FaceModel) -> dict[str, np.ndarray]:
    """For each region those of the 478 points that belong to it by more than half."""
    weights = np.einsum("nk,rnk->rn", model.mediapipe_barycentric, model.region_weights[:, model.mediapipe_triangles])
    return {name: np.flatnonzero(weight[:468] > 0.5) for name, weight in zip(REGION_NAMES, weights, strict=True)}


def visible(mask: np.ndarray, points: np.ndarray) -> float:
    """Share of points (K,2), crop px, that a mask (96,96) leaves visible; points outside the crop are."""
    cells = np.floor((points + 0.5) / 2).astype(int)
    inside = ((cells >= 0) & (cells < len(mask))).all(axis=1)
    hidden = mask[cells[inside, 1], cells[inside, 0]] > 0.5
    return 1 - float(hidden.sum()) / max(len(points), 1)


def tone(skin: np.ndarray) -> str:
    """The name of a skin colour (3,), RGB 0..255: lightness against yellowness (ITA). Light in the room counts too."""
    lab = cv2.cvtColor(np.clip(skin, 0, 255).astype(np.float32).reshape(1, 1, 3) / 255, cv2.COLOR_RGB2LAB)[0, 0]
    angle = float(np.degrees(np.arctan2(lab[0] - 50, max(float(lab[2]), 1e-3))))
    return next((name for least, name in TONES if angle >= least), TONES[-1][1])


def age(key: str) -> int | None:
    """Years that UTKFace's name of a picture says (`26_1_0_2017….jpg`), None for other collections'."""
    found = re.match(r"(\d{1,3})_[01]_[0-4]_\d+", key.rpartition("/")[2])
    return int(found[1]) if found else None


def splits(rows: list[dict]) -> dict[str, dict[str, dict[str, float]]]:
    """Median, p90 and failures of the points and IoU, by tone, age, turn and cover."""
    aged = [row for row in rows if row["age"] is not None]
    by: dict[str, Callable[[dict], str]] = {
        "tone": lambda row: row["tone"] + (", covered" if row["cover"] > 0 else ", clear"),
        "age": lambda row: "age " + band(row["age"], AGES) + (", covered" if row["cover"] > 0 else ", clear"),
        "yaw": lambda row: band(row["yaw"], (15, 30, 45, 90)) + (", covered" if row["cover"] > 0 else ", clear"),
        "cover": lambda row: band(100 * row["cover"], (0.01, 10, 25, 40, 60, 100)),
    }
    return {
        name: {key: summary(some) for key, some in grouped(aged if name == "age" else rows, choose)}
        for name, choose in by.items()
    }


def grouped(rows: list[dict], choose: Callable[[dict], str]) -> Iterator[tuple[str, list[dict]]]:
    """Rows with the same name together, by name."""
    groups = defaultdict(list)
    for row in rows:
        groups[choose(row)].append(row)
    return iter(sorted(groups.items()))


def band(value: float, limits: tuple[float, ...]) -> str:
    """The band between two limits that a value from 0 on lies in."""
    low = 0.0
    for limit in limits:
        if value < limit:
            return f"{low:02.0f} to {limit:.0f}" if limit >= 1 else "none"
        low = limit
    return f"from {limits[-1]:.0f}"


def summary(rows: list[dict]) -> dict[str, float]:
    """Figures of some faces."""
    nme = np.array([row["nme"] for row in rows])
    iou = [row["iou"] for row in rows if row["iou"] is not None]
    figures = {"faces": len(rows), "median": np.median(nme), "p90": np.percentile(nme, 90),
               "failures": 100 * np.mean(nme > FAILURE)}  # fmt: skip
    return {k: round(float(v), 2) for k, v in (figures | ({"iou": 100 * np.mean(iou)} if iou else {})).items()}


def reliability(pairs: list[tuple[float, float]]) -> dict:
    """What was said against what was true, in ten bins: [mean said, mean true, count]; and the mean gap (ECE)."""
    said, true = np.array(pairs, float).T
    which = np.clip(np.digitize(said, BINS) - 1, 0, 9)
    bins = [[float(said[which == k].mean()), float(true[which == k].mean()), int((which == k).sum())]
            for k in range(10) if (which == k).any()]  # fmt: skip
    gap = sum(abs(s - t) * n for s, t, n in bins) / len(said)
    return {"gap": round(gap, 4), "bins": [[round(s, 3), round(t, 3), n] for s, t, n in bins]}


@torch.no_grad()
def negatives(network: PeekabooNetwork, args: argparse.Namespace) -> Iterator[float]:
    """Presence that the network gives to crops without a face."""
    shares = Shares(negatives=1.0, renders=0.0, twins=0.0)
    for sample in islice(FaceDataset(args.data, args.face_model, VALIDATION_SEED, shares=shares), args.count):
        yield float(torch.sigmoid(look(network, sample)[0].presence))


@torch.no_grad()
def measure_coefficients(
    network: PeekabooNetwork, geometry: FaceGeometry, samples: Iterable[dict]
) -> dict[str, dict[str, float]]:
    """By coefficient or group: RMS error over that of all zeros, correlation. Colours where the camera left them.

    "head" and "head's form" are identities as they move the skin, as they are and free of size and place: mean
    distances over that of zeros, and in mm. "identity 1 to 10" and so on are its coefficients, roughly by how much they
    move.
    """
    said, true = defaultdict(list), defaultdict(list)
    for sample in samples:
        outputs, _ = look(network, sample)
        for group in ("identity", "expression", *(("albedo", "light") if sample["true_colour"] else ())):
            said[group].append(getattr(outputs, group)[0].numpy())
            true[group].append(sample[group])
    result = {}
    for group in said:
        p, t = np.stack(said[group]), np.stack(true[group])
        result[group] = against_zero(p, t)
        if group == "identity":
            moves = {"head": geometry.skin_moves, "head's form": geometry.form_moves}
            result |= {name: moved_against_zero(move, p, t) for name, move in moves.items()}
            for first in range(0, p.shape[1], IDENTITY_BLOCK):
                block = slice(first, first + IDENTITY_BLOCK)
                result[f"identity {first + 1} to {first + IDENTITY_BLOCK}"] = against_zero(p[:, block], t[:, block])
        if group == "expression":
            result |= {name: against_zero(p[:, k], t[:, k]) for k, name in enumerate(EXPRESSION_NAMES)}
    return result


def against_zero(said: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """RMS error in units of what zeros would score, and correlation over all numbers."""
    ratio = np.sqrt(((said - true) ** 2).mean() / max((true**2).mean(), 1e-12))
    return {"ratio": round(float(ratio), 3), "correlation": round(correlation(said.ravel(), true.ravel()), 3)}


def moved_against_zero(move: Callable, said: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Mean distance of vertices that coefficients (N,80) move, mm; that of zeros; their ratio, and the correlation."""
    moved, target = move(torch.from_numpy(said)), move(torch.from_numpy(true))
    error, zero = (float(way.norm(dim=-1).mean()) for way in (moved - target, target))
    return {"ratio": round(error / max(zero, 1e-12), 3), "mm": round(error, 3), "mmOfZeros": round(zero, 3),
            "correlation": round(correlation(moved.numpy().ravel(), target.numpy().ravel()), 3)}  # fmt: skip


@torch.no_grad()
def measure_people(network: PeekabooNetwork, data: Path, face_model: Path) -> dict[str, float]:
    """Identities of held-back people with several pictures: rank-1 and AUC of the cosine, clean against clean."""
    store = FaceStore.read(data, held_back=True)
    store.fit_of[:] = -1
    faces = RealFaces(store, read_material(data / "material"), None)
    vectors, people = [], []
    for number in np.unique(store.person):
        pictures = np.flatnonzero(store.person == number)
        for index in pictures[:4] if len(pictures) > 1 else ():
            rng = np.random.default_rng([13, int(index)])
            outputs, _ = look(network, faces.sample(rng, int(index), False, tracker_error(rng), poor=False))
            vectors.append(outputs.identity[0].numpy())
            people.append(int(number))
    return recognition(np.stack(vectors), np.array(people)) if vectors else {}


def recognition(vectors: np.ndarray, people: np.ndarray) -> dict[str, float]:
    """Rank-1 (nearest other picture is the same person's) and AUC of the cosine of centred vectors (N,K)."""
    centred = vectors - vectors.mean(axis=0)
    cosine = centred @ centred.T / np.outer(*[np.linalg.norm(centred, axis=1).clip(1e-9)] * 2)
    same, other = people[:, None] == people, ~np.eye(len(people), dtype=bool)
    nearest = np.where(other, cosine, -2).argmax(axis=1)
    yes, no = cosine[same & other], cosine[~same]
    ranks = np.argsort(np.argsort(np.concatenate([yes, no]))) + 1
    auc = (ranks[: len(yes)].sum() - len(yes) * (len(yes) + 1) / 2) / (len(yes) * max(len(no), 1))
    figures = {"pictures": len(people), "people": len(np.unique(people)),
               "rank1": 100 * (people[nearest] == people).mean(), "auc": auc}  # fmt: skip
    return {name: round(float(value), 3) for name, value in figures.items()}


def markdown(result: dict) -> str:
    """The tables for people."""
    lines = ["| faces | number | NME median | p90 | failures % | occluder IoU % |", "|---|---|---|---|---|---|"]
    for group in result["splits"].values():
        for name, row in group.items():
            cells = (row["faces"], row["median"], row["p90"], row["failures"], row.get("iou", "–"))
            lines.append(f"| {name} | {' | '.join(str(cell) for cell in cells)} |")
    lines += ["", "| said against true | mean gap |", "|---|---|", f"| presence | {result['presence']['gap']} |"]
    lines += [f"| {name} visible | {value['gap']} |" for name, value in result["visibility"].items()]
    lines += ["", "| on renders | error / that of zeros | correlation |", "|---|---|---|"]
    lines += [f"| {name} | {row['ratio']} | {row['correlation']} |" for name, row in result["renders"].items()]
    lines += ["", "| heads on renders | mm | mm of zeros |", "|---|---|---|"]
    heads = {name: row for name, row in result["renders"].items() if "mm" in row}
    lines += [f"| {name} | {row['mm']} | {row['mmOfZeros']} |" for name, row in heads.items()]
    return "\n".join([*lines, "", f"people: {result['people']}"])
