"""`golden`: write the values under test/golden that Python and TypeScript must both reproduce."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from .. import settings
from .golden_crop import crop_golden
from .golden_geometry import geometry_golden
from .golden_network import network_golden


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `golden`."""
    parser.add_argument("--out", type=Path, default=settings.GOLDEN_FOLDER, help="folder (default: test/golden)")
    parser.add_argument("--name", default="peekaboo", help="bundle whose network is run (default: peekaboo)")


def run(args: argparse.Namespace) -> int:
    """Write all golden files and print the folder."""
    args.out.mkdir(parents=True, exist_ok=True)
    write_json(args.out / "geometry.json", geometry_golden())
    write_json(args.out / "crop.json", crop_golden())
    bundle = settings.MODELS_FOLDER / args.name
    if (bundle / "manifest.json").exists():
        write_json(args.out / "network.json", network_golden(bundle, args.out))
    print(f"wrote {args.out}")
    return 0


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write one golden file, a line per top-level entry."""
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
