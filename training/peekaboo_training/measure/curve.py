"""`curve`: fit figures of the scoring sets against training samples, and predict the samples that a goal needs.

    python -m peekaboo_training curve 20e3=out/ablation/misfit/score 1.6e6=public/models/peekaboo/manifest.json

Errors of networks fall as a power of the samples (Hestness et al. 2017), until the network's size, the labels or the
pictures limit them: error = a * samples^-b, fitted in logarithms. A figure that should be high counts as its distance
to the best value.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..bundle.figures import read_scores
from .worst import LOW_IS_WORSE, read_results

GOALS: dict[tuple[str, str], float] = {
    ("clear", "nme_median"): 1.8,
    ("covered", "nme_median"): 2.7,
    ("covered", "nme_p90"): 4.5,
    ("covered", "nme_hidden_points"): 3.2,
    ("covered", "drift_median"): 1.8,
    ("covered", "iou"): 85.0,
    ("wildcovered", "failure"): 4.0,
    ("wildcovered", "nme_p90"): 8.0,
    ("wildcovered", "drift_median"): 2.6,
    ("wildcovered", "iou"): 78.0,
    ("plain", "false_share"): 0.5,
    ("geometry", "similarity_median_mm"): 1.0,
    ("geometry", "occluded_minus_neutral_mm"): 0.05,
    ("geometry", "within_mm"): 0.5,
    ("geometry", "between_mm"): 1.5,
}
"""The goal of each figure, % or mm."""
BEST = {name: 100.0 for name in LOW_IS_WORSE} | {"between_mm": 3.68}
"""Best values of figures that should be high: 100 % for shares; for the distance between people's shapes that of the
true heads, as the set's tool prints it."""
Curves = dict[tuple[str, str], list[tuple[float, float]]]
"""For each set and figure [(samples, figure in % or mm)], sorted by samples."""


@dataclass(frozen=True)
class PowerLaw:
    """error = factor * samples^-power, error in % or mm."""

    factor: float
    power: float

    def samples_for(self, error: float) -> float:
        """Samples at which the error reaches this value; infinite when it does not fall."""
        if self.power <= 0:
            return float("inf")
        exponent = np.log(self.factor / error) / self.power
        return float(np.exp(exponent)) if exponent < 700 else float("inf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Command line of `curve`."""
    parser.add_argument("points", nargs="+", metavar="SAMPLES=PATH", help="a bundle's manifest.json or a score folder")
    parser.add_argument("--fit-from", type=float, default=0.0, help="fit only points with at least this many samples")
    parser.add_argument("--plot", type=Path, help="plot the curves into this PNG")


def run(args: argparse.Namespace) -> int:
    """Print the table, and plot the curves with --plot."""
    curves = read_curves(args.points)
    laws = {key: fit(key[1], [p for p in points if p[0] >= args.fit_from]) for key, points in curves.items()}
    if not any(laws.values()):
        raise SystemExit("curve requires a figure at two numbers of samples or more")
    print(table(curves, laws))
    if args.plot:
        args.plot.parent.mkdir(parents=True, exist_ok=True)
        from .curve_plot import plot_curves

        plot_curves(curves, GOALS).savefig(args.plot)
        print(f"wrote {args.plot}")
    return 0


def read_curves(points: list[str]) -> Curves:
    """Read the figures of GOALS from arguments SAMPLES=PATH; exits when one cannot be read."""
    curves: Curves = {key: [] for key in GOALS}
    for point in points:
        text, _, path = point.partition("=")
        try:
            samples, figures = float(text), _figures(Path(path))
            if not 0 < samples < float("inf"):
                raise ValueError("SAMPLES must be above 0")
        except (OSError, ValueError, KeyError) as error:
            raise SystemExit(
                f"{point}: expected SAMPLES=PATH, of a manifest.json or a score folder ({error})"
            ) from error
        for name, figure in GOALS:
            if figure in figures.get(name, {}):
                curves[name, figure].append((samples, figures[name][figure]))
    return {key: sorted(values) for key, values in curves.items()}


def _figures(path: Path) -> dict[str, dict[str, float]]:
    if path.is_dir():
        geometry = read_scores(path / "geometry.json") if (path / "geometry.json").exists() else {}
        results = [] if geometry and not any(path.glob("score*.json")) else read_results(path)
        sets = {
            result["set"]: {name: v[0] for name, v in result["figures"].items() if v[0] is not None}
            for result in results
        }
        return sets | geometry
    return json.loads(path.read_text())["figures"]["scores"]


def error_of(figure: str, value: float) -> float:
    """Convert a figure to an error: the figure itself, or its distance to the best value."""
    return BEST[figure] - value if figure in BEST else value


def fit(figure: str, points: list[tuple[float, float]]) -> PowerLaw | None:
    """Fit a power law to the logarithms of the errors; None with errors at less than two numbers of samples."""
    pairs = [(np.log(samples), np.log(error_of(figure, v))) for samples, v in points if error_of(figure, v) > 0]
    if len({samples for samples, _ in pairs}) < 2:
        return None
    slope, start = np.polyfit(*zip(*pairs, strict=True), 1)
    return PowerLaw(float(np.exp(start)), float(-slope))


def table(curves: Curves, laws: dict[tuple[str, str], PowerLaw | None]) -> str:
    """Format a row for each figure: values, error reduction per doubling of the samples, samples for the goal."""
    steps = sorted({samples for points in curves.values() for samples, _ in points})
    counts = " | ".join(f"{samples:,.0f}" for samples in steps)
    lines = [f"| set | figure | {counts} | goal | reduction per doubling | samples for goal |"]
    lines.append("|---" * (len(steps) + 5) + "|")
    for (name, figure), points in curves.items():
        law, goal = laws[name, figure], GOALS[name, figure]
        if not law:
            continue
        known = dict(points)
        cells = [f"{known[samples]:.2f}" if samples in known else "–" for samples in steps]
        wanted = law.samples_for(error_of(figure, goal))
        off = f"{100 * (1 - 2**-law.power):.1f} %"
        lines.append(f"| {name} | {figure} | {' | '.join(cells)} | {goal:g} | {off} | {_count(wanted)} |")
    return "\n".join(lines)


def _count(samples: float) -> str:
    return f"{samples:.1e}" if samples < 1e12 else "never at this rate"
