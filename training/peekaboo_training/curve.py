"""`curve`: how figures of the scoring sets fell with the samples seen, and how many more a goal would take.

    python -m peekaboo_training curve 20e3=out/ablation/misfit/score 1.6e6=public/models/peekaboo/manifest.json

Errors of networks fall as a power of the samples (Hestness et al. 2017), until size, labels or pictures hold them up:
error = a * samples^-b, fitted in logarithms. What should be high counts as its distance to 100 %.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .worst import read_results

GOALS: dict[tuple[str, str], float] = {
    ("clear", "nme_median"): 1.8,
    ("covered", "nme_median"): 2.7,
    ("covered", "nme_p90"): 4.5,
    ("covered", "drift_median"): 1.8,
    ("covered", "iou"): 85.0,
    ("wildcovered", "failure"): 4.0,
    ("wildcovered", "nme_p90"): 8.0,
    ("wildcovered", "drift_median"): 2.6,
    ("wildcovered", "iou"): 78.0,
}
"""What each figure is to reach, %."""
HIGH = {"iou"}
PANEL, MARGIN, COLUMNS = 220, 34, 3
_INK, _RULE, _LINE, _GOAL = (40, 40, 40), (200, 200, 200), (180, 90, 20), (60, 140, 40)


@dataclass(frozen=True)
class PowerLaw:
    """error = factor * samples^-power."""

    factor: float
    power: float

    def samples_for(self, error: float) -> float:
        """Samples at which the error comes down to this; infinite where it does not fall."""
        if self.power <= 0:
            return float("inf")
        exponent = np.log(self.factor / error) / self.power
        return float(np.exp(exponent)) if exponent < 700 else float("inf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `curve`."""
    parser.add_argument("points", nargs="+", metavar="SAMPLES=PATH", help="a bundle's manifest.json or a score folder")
    parser.add_argument("--fit-from", type=float, default=0.0, help="fit only points of at least so many samples")
    parser.add_argument("--plot", type=Path, help="draw the curves into this PNG")


def run(args: argparse.Namespace) -> int:
    """Print the table, draw the plot."""
    curves = read_curves(args.points)
    if len({samples for points in curves.values() for samples, _ in points if samples >= args.fit_from}) < 2:
        raise SystemExit("curve wants figures at two numbers of samples at least")
    print(table(curves, args.fit_from))
    if args.plot:
        args.plot.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(args.plot), draw(curves))
        print(f"wrote {args.plot}")
    return 0


def read_curves(points: list[str]) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Of each set and figure of GOALS, [(samples, figure)] by samples; exits where an argument cannot be read."""
    curves: dict[tuple[str, str], list[tuple[float, float]]] = {key: [] for key in GOALS}
    for point in points:
        text, _, path = point.partition("=")
        try:
            samples, figures = float(text), _figures(Path(path))
        except (OSError, ValueError, KeyError) as error:
            raise SystemExit(
                f"{point}: SAMPLES=PATH of a manifest.json or a score folder is wanted ({error})"
            ) from error
        for name, figure in GOALS:
            if figure in figures.get(name, {}):
                curves[name, figure].append((samples, figures[name][figure]))
    return {key: sorted(values) for key, values in curves.items()}


def _figures(path: Path) -> dict[str, dict[str, float]]:
    if path.is_dir():
        return {result["set"]: {k: v[0] for k, v in result["figures"].items()} for result in read_results(path)}
    return json.loads(path.read_text())["figures"]["scores"]


def error_of(figure: str, value: float) -> float:
    """What is to fall to 0: the figure itself, or its distance to 100 %."""
    return 100 - value if figure in HIGH else value


def fit(figure: str, points: list[tuple[float, float]]) -> PowerLaw:
    """The power law nearest to the logarithms of the errors; points without error are left out."""
    pairs = [(np.log(samples), np.log(error_of(figure, v))) for samples, v in points if error_of(figure, v) > 0]
    slope, start = np.polyfit(*zip(*pairs), 1)
    return PowerLaw(float(np.exp(start)), float(-slope))


def table(curves: dict[tuple[str, str], list[tuple[float, float]]], fit_from: float) -> str:
    """A row for each figure: its values, what doubling the samples takes off the error, the samples for the goal."""
    steps = sorted({samples for points in curves.values() for samples, _ in points})
    header = [
        "set",
        "figure",
        *(f"{samples:,.0f}" for samples in steps),
        "goal",
        "a doubling takes off",
        "goal at samples",
    ]
    lines = [f"| {' | '.join(header)} |", "|---" * len(header) + "|"]
    for (name, figure), points in curves.items():
        known = dict(points)
        chosen = [point for point in points if point[0] >= fit_from]
        if len(chosen) < 2:
            continue
        law, goal = fit(figure, chosen), GOALS[name, figure]
        cells = [f"{known[samples]:.2f}" if samples in known else "–" for samples in steps]
        wanted = law.samples_for(error_of(figure, goal))
        off = f"{100 * (1 - 2**-law.power):.1f} %"
        lines.append(f"| {name} | {figure} | {' | '.join(cells)} | {goal:g} | {off} | {_count(wanted)} |")
    return "\n".join(lines)


def _count(samples: float) -> str:
    return f"{samples:.1e}" if samples < 1e12 else "never, as it goes"


def draw(curves: dict[tuple[str, str], list[tuple[float, float]]]) -> np.ndarray:
    """A panel (BGR) for each figure: samples along, in logarithms; the figure up; the goal in green."""
    panels = [
        _panel(f"{name} {figure}", points, GOALS[name, figure]) for (name, figure), points in curves.items() if points
    ]
    panels += [np.full_like(panels[0], 255)] * (-len(panels) % COLUMNS)
    return np.vstack([np.hstack(panels[k : k + COLUMNS]) for k in range(0, len(panels), COLUMNS)])


def _panel(title: str, points: list[tuple[float, float]], goal: float) -> np.ndarray:
    picture = np.full((PANEL, PANEL, 3), 255, np.uint8)
    along = np.log10([samples for samples, _ in points])
    left, right = along.min() - 0.1, along.max() + 0.1
    values = [value for _, value in points] + [goal]
    low, high = min(values), max(values)
    span, room = PANEL - 2 * MARGIN, max(high - low, 1e-6)

    def place(x: float, value: float) -> tuple[int, int]:
        return round(MARGIN + span * (x - left) / (right - left)), round(PANEL - MARGIN - span * (value - low) / room)

    def write(text: str, at: tuple[int, int]) -> None:
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.36, _INK, 1, cv2.LINE_AA)

    cv2.rectangle(picture, (MARGIN, MARGIN), (PANEL - MARGIN, PANEL - MARGIN), _RULE, 1)
    cv2.line(picture, place(left, goal), place(right, goal), _GOAL, 1, cv2.LINE_AA)
    line = [place(x, value) for x, (_, value) in zip(along, points)]
    cv2.polylines(picture, [np.array(line, np.int32)], False, _LINE, 1, cv2.LINE_AA)
    for point in line:
        cv2.circle(picture, point, 3, _LINE, -1, cv2.LINE_AA)
    write(title, (MARGIN, 20))
    write(f"{high:.1f}", (2, MARGIN + 4))
    write(f"{low:.1f}", (2, PANEL - MARGIN + 4))
    for samples, x in ((points[0][0], MARGIN - 4), (points[-1][0], PANEL - MARGIN - 30)):
        write(f"{samples:.1e}".replace("e+0", "e"), (x, PANEL - 12))
    return picture
