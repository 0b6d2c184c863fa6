"""`figures`: update the quality figures in a bundle's manifest, and the tables made from them.

The manifest's `figures` has three parts: `heldBack`, the output of `evaluate`; `groups`, the groups of held-out faces
in the output of `breakdown`; and `scores`, one row for each scoring set from the JSON files of `npm run score`. Needs
numpy only.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .. import settings
from .manifest import TERMS, TERMS_OF_BUNDLES, write_manifest
from .sources import SOURCES_OF_BUNDLES

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
SCORES = {
    "found": "found %", "nme_median": "NME median %", "nme_p90": "NME p90 %", "failure": "failures %",
    "drift_median": "drift median %", "smile_seen": "smile seen %", "iou": "occluder IoU, head %",
    "boundary_f": "boundary F %", "false_share": "false occluder %",
}  # fmt: skip
"""Figures of the scoring tool that the manifest keeps, and the titles of their columns."""
GEOMETRY = ("similarity", "rigid")
"""Alignments of the geometry set; the manifest keeps the median error of each, in mm."""


GROUPS = {"tone": "skin tone", "age": "age in years", "yaw": "yaw in degrees", "cover": "covered % of the face"}
"""Titles of the groups that `breakdown` measures."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `figures`."""
    parser.add_argument("--bundle", default="peekaboo", help="folder under public/models (default: peekaboo)")
    add_figure_arguments(parser)
    parser.add_argument("--keep-terms", action="store_true", help="keep the terms, e.g. of an imported bundle")
    parser.add_argument("--write", type=Path, nargs="+", default=[], metavar="FILE",
                        help=f"put the tables between {BEGIN} and {END} of these files")  # fmt: skip


def add_figure_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that `figures` and `export` share."""
    parser.add_argument("--held-back", "--figures", dest="held_back", type=Path, metavar="FILE",
                        help="figures on held-out faces, written by `evaluate --json`")  # fmt: skip
    parser.add_argument("--breakdown", type=Path, metavar="FILE",
                        help="figures by skin tone, age, pose and cover, written by `breakdown --json`")  # fmt: skip
    parser.add_argument("--scores", type=Path, nargs="+", default=[], metavar="FILE",
                        help="score.json, score-SET.json and geometry.json of `npm run score`")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Update the manifest's figures, terms and sources; parts without an option are unchanged."""
    folder = settings.MODELS_FOLDER / args.bundle
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["figures"] |= read_figures(args.held_back, args.scores, args.breakdown)
    if not args.keep_terms:
        manifest["terms"] = TERMS_OF_BUNDLES.get(args.bundle, TERMS)
    if args.bundle in SOURCES_OF_BUNDLES:
        manifest["sources"] = SOURCES_OF_BUNDLES[args.bundle]
    print(f"wrote {write_manifest(folder, manifest)}")
    for path in args.write:
        fill(path, tables(manifest["figures"]))
        print(f"wrote {path}")
    return 0


def read_figures(held_back: Path | None, scores: Iterable[Path], breakdown: Path | None = None) -> dict[str, Any]:
    """Read the parts of the manifest's `figures` from files. Raises ValueError for a file of another format."""
    figures: dict[str, Any] = {}
    if held_back:
        figures["heldBack"] = json.loads(held_back.read_text(encoding="utf-8"))
    if breakdown:
        figures["groups"] = json.loads(breakdown.read_text(encoding="utf-8"))["splits"]
    rows: dict[str, Any] = {}
    for path in scores:
        rows |= read_scores(path)
    return figures | ({"scores": rows} if rows else {})


def read_scores(path: Path) -> dict[str, dict[str, float]]:
    """One file of `npm run score`: set -> images and figures without intervals; see SCORES, GEOMETRY, `_steadiness`."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(content, dict) and "conditions" in content:
        whole = content["conditions"]["all"]
        medians = {f"{name}_median_mm": round(whole[name]["median"], 3) for name in GEOMETRY}
        return {"geometry": {"images": whole["images"]} | medians | _steadiness(content)}
    entries = content if isinstance(content, list) else [content]
    if not all(isinstance(entry, dict) and {"set", "images", "figures"} <= entry.keys() for entry in entries):
        raise ValueError(f"{path}: neither score.json nor geometry.json of `npm run score`")
    return {entry["set"]: {"images": entry["images"]} | compact(entry["figures"]) for entry in entries}


def _steadiness(content: dict[str, Any]) -> dict[str, float]:
    """Additional error of covered faces, and distances of one person's and of different people's meshes, mm."""
    covered = content.get("occluded_minus_neutral", {}).get("similarity", {}).get("occluded")
    apart = content.get("consistency") or {}
    result = {"occluded_minus_neutral_mm": covered["mean"]} if covered else {}
    result |= {f"{name}_mm": apart.get(name) for name in ("within", "between")}
    return {name: round(value, 3) for name, value in result.items() if value is not None}


def compact(figures: dict[str, list[float]]) -> dict[str, float]:
    """Keep the value of each figure [value, low, high, count] that SCORES lists."""
    return {name: figures[name][0] for name in SCORES if figures.get(name) and figures[name][0] is not None}


def tables(figures: dict[str, Any]) -> str:
    """Markdown of the manifest's figures: a table of the scoring sets, geometry, the held-back faces."""
    parts = []
    scores = dict(figures.get("scores", {}))
    geometry = scores.pop("geometry", None)
    if scores:
        parts.append(score_table(scores))
    if geometry:
        parts.append(geometry_text(geometry))
    if "points" in figures.get("heldBack", {}):
        parts.append(held_back_table(figures["heldBack"]))
    if figures.get("groups"):
        parts.append(group_table(figures["groups"]))
    return "\n\n".join(parts) if parts else "No figures yet."


def geometry_text(geometry: dict[str, float]) -> str:
    """Describe the errors of neutral meshes."""
    text = (
        f"Neutral meshes of {geometry['images']} pictures of rendered heads, compared with the true surfaces: the "
        f"median error is {geometry['similarity_median_mm']:.2f} mm after similarity alignment (rotation, translation, "
        f"scale) and {geometry['rigid_median_mm']:.2f} mm after rigid alignment (rotation, translation)."
    )
    if "occluded_minus_neutral_mm" in geometry:
        text += (
            f" If an occluder covers the face, the error is on average {geometry['occluded_minus_neutral_mm']:.2f} mm "
            "higher."
        )
    if {"within_mm", "between_mm"} <= geometry.keys():
        text += (
            f" The distance of a person's meshes from that person's mean mesh is {geometry['within_mm']:.2f} mm (rms), "
            f"the distance of these mean meshes from the overall mean is {geometry['between_mm']:.2f} mm."
        )
    return text


def score_table(scores: dict[str, dict[str, float]]) -> str:
    """Format a row for each set, and a column for each figure that any set has."""
    names = [name for name in SCORES if any(name in row for row in scores.values())]
    head = ["set", "images", *(SCORES[name] for name in names)]
    rows = [[set_name, str(row["images"]), *(number(row.get(name)) for name in names)]
            for set_name, row in scores.items()]  # fmt: skip
    return markdown(head, rows)


def held_back_table(figures: dict[str, Any]) -> str:
    """Format the figures of `evaluate` on clean and covered held-out faces."""
    head = ["held-back faces", "NME median %", "NME p90 %", "failures %", "occluder IoU %", "false occluder %"]
    iou = {"covered": 100 * figures["iou"]["covered"]["mean"]} if "iou" in figures else {}
    false = {"clean": figures["falseOccluder"]["clean"]["mean"]} if "falseOccluder" in figures else {}
    rows = []
    for kind in ("clean", "covered"):
        points = figures["points"][kind]
        measured = [points["median"], points["p90"], points["failures"], iou.get(kind), false.get(kind)]
        rows.append([f"{figures['faces']} {kind}", *map(number, measured)])
    return markdown(head, rows)


def group_table(groups: dict[str, dict[str, dict[str, float]]]) -> str:
    """Format the figures of held-out faces, clean and covered, by group; groups without a face are left out."""
    head = ["group of held-out faces", "pictures", "NME median %", "NME p90 %", "failures %", "occluder IoU %"]
    rows = [
        [f"{GROUPS.get(kind, kind)}: {name.removeprefix('age ')}", str(round(row["faces"])),
         *(number(row.get(key)) for key in ("median", "p90", "failures", "iou"))]
        for kind, group in groups.items() for name, row in group.items() if row["faces"]
    ]  # fmt: skip
    return markdown(head, rows)


def number(value: float | None) -> str:
    """Format with two decimals below ten, else one; a dash for None."""
    if value is None:
        return "–"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """Format a Markdown table with right-aligned numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fill(path: Path, text: str) -> None:
    """Replace the text between the markers in a file. Raises ValueError unless each occurs once, in order."""
    content = path.read_text(encoding="utf-8")
    before, begin, rest = content.partition(BEGIN)
    inside, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise ValueError(f"{path}: needs {BEGIN} and, below it, {END}, once each")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
