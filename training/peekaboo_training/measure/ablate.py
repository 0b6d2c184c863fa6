"""`ablate`: measure what each part of the training contributes.

All arms start from the same weights with the same seed; each adds one part to the one before. The result is a table of
the scoring sets' figures with 95 % intervals.

    python -m peekaboo_training train --stage full --samples 32 --out data/runs/warm    # the face mesh, heads by ridge
    python -m peekaboo_training ablate train --start data/runs/warm/checkpoint.pt --out out/ablation
    for arm in out/ablation/*/bundle; do npm run score -- SETS --bundle $arm --out $(dirname $arm)/score; done
    python -m peekaboo_training ablate table --out out/ablation
    python -m peekaboo_training ablate masks --out out/ablation    # on things that were never pasted: table, masks.jpg
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

import cv2

from ..bundle.export import export_network, load_network
from ..bundle.manifest import FACE_MODEL_FILE, NETWORK_FILE, TERMS, build_manifest, write_manifest
from ..network.checkpoint import read_checkpoint
from ..settings import DATA_FOLDER, DEFAULT_FACE_MODEL
from .ablate_masks import covered_shares, occluder_masks, photographs, sheet, table
from .worst import read_results

_ALONE = ["--render-share", "0.15", "--portrait-share", "0.4"]
ARMS: dict[str, list[str] | None] = {
    "starting weights": None,
    "+ pasted covers": ["--render-share", "0", "--misfit", "off"],
    "+ rendered heads": ["--render-share", "0.35", "--misfit", "off"],
    "+ misfit": ["--render-share", "0.35", "--misfit", "map"],
    "misfit without the prior": ["--render-share", "0.35", "--misfit", "flat"],
    "covers with labels": [*_ALONE, "--misfit", "off"],
    "misfit alone": [*_ALONE, "--covers", "none", "--misfit", "map"],
    "misfit alone without the prior": [*_ALONE, "--covers", "none", "--misfit", "flat"],
    "misfit with covers without labels": [*_ALONE, "--covers", "unlabelled", "--misfit", "map"],
}
"""Options of `train` for each arm; None: the starting weights themselves.

The last four arms show what FOCUS's misfit learns by itself. In FOCUS's setting, the pictures contain occluders that
nobody has labelled: this is the last arm."""
Columns = tuple[tuple[str, str], ...]
BEFORE_MISFIT, MISFIT = "+ rendered heads", "+ misfit"
FOCUS_COLUMNS = tuple(
    (name, figure)
    for name in ("covered", "real", "wildcovered")
    for figure in ("iou", "visible_accuracy", "visible_precision", "visible_recall", "visible_f1")
)
"""IoU of the occluder, and the figures that FOCUS reports, where the visible face is the positive class."""
COLUMNS = (
    ("clear", "nme_median"), ("covered", "nme_median"), ("covered", "failure"), ("covered", "iou"),
    ("wildcovered", "failure"),
    ("wildcovered", "nme_median"), ("wildcovered", "iou"), ("real", "iou"), ("clip", "iou"), ("plain", "false_share"),
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `ablate`."""
    parser.add_argument("action", choices=["train", "table", "masks"])
    parser.add_argument("--start", type=Path, help="checkpoint that every arm starts from (train)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the arms")
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--arms", nargs="+", choices=list(ARMS), default=list(ARMS),
                        help="train these arms only (train)")  # fmt: skip
    parser.add_argument("--focus", action="store_true", help="print the figures of the FOCUS paper instead (table)")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--data", type=Path, default=DATA_FOLDER, help="training data (default: data/)")
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL)
    parser.add_argument("--json", type=Path, help="write the table's numbers here (table)")


def run(args: argparse.Namespace) -> int:
    """Train the arms that have no bundle yet, or print one of the tables."""
    if args.action == "table":
        columns = FOCUS_COLUMNS if args.focus else COLUMNS
        rows = read_scores(args.out, columns)
        print(markdown(rows, columns))
        if args.json:
            args.json.write_text(json.dumps(rows, indent=1) + "\n")
        return 0
    if args.action == "masks":
        compare_masks(args)
        return 0
    if not args.start:
        raise SystemExit("ablate train needs --start CHECKPOINT")
    for name in args.arms:
        folder, options = args.out / slug(name), ARMS[name]
        if (folder / "bundle" / NETWORK_FILE).exists():
            continue
        checkpoint = args.start if options is None else train_arm(args, folder, options)
        write_bundle(folder / "bundle", name, checkpoint, args.face_model)
        print(f"{name}: {folder / 'bundle'}", flush=True)
    return 0


def compare_masks(args: argparse.Namespace) -> None:
    """Print the table of `ablate_masks` over the trained arms, and write masks.jpg, which compares two of them."""
    pictures, doubtful = photographs(args.data)
    networks = {name: args.out / slug(name) / "bundle" / NETWORK_FILE for name in ARMS}
    masks = {name: occluder_masks(path, pictures) for name, path in networks.items() if path.exists()}
    if not {BEFORE_MISFIT, MISFIT} <= masks.keys():
        raise SystemExit(f"ablate masks compares {BEFORE_MISFIT!r} with {MISFIT!r}: train them first")
    shares = {name: covered_shares(some, pictures) for name, some in masks.items()}
    print(table(shares, doubtful, BEFORE_MISFIT))
    cv2.imwrite(str(args.out / "masks.jpg"), sheet(pictures, masks[BEFORE_MISFIT], masks[MISFIT]))
    print(f"wrote {args.out / 'masks.jpg'}")


def slug(name: str) -> str:
    """Give the folder name of an arm."""
    return "-".join("".join(c if c.isalnum() else " " for c in name).split())


def train_arm(args: argparse.Namespace, folder: Path, options: list[str]) -> Path:
    """Run `train` for one arm; gives its checkpoint. Raises CalledProcessError when the command fails."""
    command = [sys.executable, "-m", "peekaboo_training", "train", "--stage", "full", "--start", str(args.start),
               "--out", str(folder), "--samples", str(args.samples), "--minutes", "0", "--seed", str(args.seed),
               "--data", str(args.data), "--face-model", str(args.face_model), *options]  # fmt: skip
    subprocess.run(command, check=True)
    seen = read_checkpoint(folder / "checkpoint.pt")["progress"]["samples"]
    if seen < args.samples:
        raise SystemExit(f"{folder}: stopped after {seen} of {args.samples} samples; run ablate train again")
    return folder / "checkpoint.pt"


def write_bundle(folder: Path, name: str, checkpoint: Path, face_model: Path) -> None:
    """Export one arm's weights as a bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(face_model, folder / FACE_MODEL_FILE)
    export_network(load_network(checkpoint), folder / NETWORK_FILE)
    write_manifest(folder, build_manifest(folder, name, TERMS, {}))


def read_scores(out: Path, columns: Columns = COLUMNS) -> dict[str, dict[str, list[float]]]:
    """Read the figures [value, low, high] of each scored arm, by "SET FIGURE"."""
    rows = {}
    for name in ARMS:
        folder = out / slug(name) / "score"
        if any(folder.glob("score*.json")):
            figures = {result["set"]: result["figures"] for result in read_results(folder)}
            rows[name] = {f"{s} {f}": figures[s][f][:3] for s, f in columns if f in figures.get(s, {})}
    return rows


def markdown(rows: dict[str, dict[str, list[float]]], columns: Columns = COLUMNS) -> str:
    """Format the figures as a Markdown table."""
    names = [f"{s} {f}" for s, f in columns]
    lines = [f"| arm | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for arm, figures in rows.items():
        cells = ["{:.1f} ({:.1f}–{:.1f})".format(*figures[name]) if name in figures else "–" for name in names]
        lines.append(f"| {arm} | {' | '.join(cells)} |")
    return "\n".join(lines)
