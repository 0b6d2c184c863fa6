"""`worst`: contact sheets of the pictures of a scoring set that are worst in each figure.

Each picture shows our points (yellow), the true ones (cyan), our mask (red), the true mask's edge (green), the figure.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from .tiles import arrange

TILE = 220
COLUMNS = 8
LOW_IS_WORSE = {"iou", "iou_face", "boundary_f"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `worst`."""
    parser.add_argument("--predictions", type=Path, required=True, help="output of `npm run score`, with score.json")
    parser.add_argument("--sets", type=Path, required=True, help="folder of the scoring sets")
    parser.add_argument("--out", type=Path, required=True, help="folder of the sheets: SET-FIGURE.jpg")
    parser.add_argument("--figures", nargs="+", default=["nme", "drift", "iou", "false_share"])
    parser.add_argument("--count", type=int, default=40)


def run(args: argparse.Namespace) -> int:
    """Write one sheet for each combination of set and figure that has values."""
    args.out.mkdir(parents=True, exist_ok=True)
    for result in read_results(args.predictions):
        for figure in args.figures:
            rows = worst_rows(result["rows"], figure, args.count)
            if rows:
                path = args.out / f"{result['set']}-{figure}.jpg"
                cv2.imwrite(str(path), sheet(result["set"], figure, rows, args))
                print(f"wrote {path}: {rows[0][figure]:.1f} to {rows[-1][figure]:.1f}")
    return 0


def read_results(folder: Path) -> list[dict]:
    """Read score.json, or the score-SET.json of single sets; raises FileNotFoundError when there is neither."""
    paths = sorted(folder.glob("score.json")) or sorted(folder.glob("score-*.json"))
    if not paths:
        raise FileNotFoundError(f"no score.json in {folder}: run `npm run score` first")
    loaded = [json.loads(path.read_text()) for path in paths]
    return [result for some in loaded for result in (some if isinstance(some, list) else [some])]


def worst_rows(rows: list[dict], figure: str, count: int) -> list[dict]:
    """Give the `count` rows with the worst values of a figure, the worst first; rows without it are left out."""
    known = [row for row in rows if isinstance(row.get(figure), (int, float))]
    return sorted(known, key=lambda row: row[figure], reverse=figure not in LOW_IS_WORSE)[:count]


def sheet(name: str, figure: str, rows: list[dict], args: argparse.Namespace) -> np.ndarray:
    """Draw tiles (BGR) of the rows' pictures from the set `name`."""
    truth = {image["file"]: image for image in json.loads((args.sets / name / "truth.json").read_text())["images"]}
    lines = (args.predictions / name / "frames.jsonl").read_text().splitlines()
    faces = {line["file"]: line["faces"] for line in map(json.loads, lines)}
    tiles = []
    for row in rows:
        predicted = faces.get(row["file"]) or []
        tiles.append(tile(args, name, truth[row["file"]], predicted, f"{row[figure]:.1f} {row['file'][:22]}"))
    return arrange(tiles, COLUMNS)


def tile(args: argparse.Namespace, name: str, image: dict, faces: list[dict], text: str) -> np.ndarray:
    """Draw one picture, cropped to the face, with points, masks and a caption."""
    picture = cv2.imread(str(args.sets / name / "images" / image["file"]))
    mask = cv2.imread(str(args.predictions / name / "masks" / f"{Path(image['file']).stem}.png"), cv2.IMREAD_GRAYSCALE)
    if mask is not None:
        picture[mask > 127] = (0.55 * picture[mask > 127] + [0, 0, 115]).astype(np.uint8)
    outline = np.array(image["outline"] or [[0, 0], [image["width"], image["height"]]], np.float32)
    centre, side = (outline.min(0) + outline.max(0)) / 2, 1.7 * float(np.ptp(outline, axis=0).max())
    scale = TILE / side
    matrix = np.array([[scale, 0, TILE / 2 - scale * centre[0]], [0, scale, TILE / 2 - scale * centre[1]]])
    drawn = cv2.warpAffine(picture, matrix, (TILE, TILE))
    if image["mask"]:
        true = cv2.imread(str(args.sets / name / image["mask"]), cv2.IMREAD_GRAYSCALE)
        true = cv2.warpAffine(true, matrix, (TILE, TILE))
        edges, _ = cv2.findContours((true > 127).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(drawn, edges, -1, (90, 255, 90), 1)
    for points, colour in ((list((image["points"] or {}).values()), (255, 255, 0)),
                           (faces[0]["points68"] if faces else [], (0, 230, 255))):  # fmt: skip
        for x, y in points:
            cv2.circle(drawn, tuple(int(v) for v in matrix[:, :2] @ [x, y] + matrix[:, 2]), 1, colour, -1)
    cv2.putText(drawn, text, (3, TILE - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255, 255, 255), 1, cv2.LINE_AA)
    return drawn
