"""Figures by group: skin tone, age, yaw and covered fraction."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

import cv2
import numpy as np

from .evaluate import FAILURE

TONES = ((41.0, "light"), (19.0, "medium"), (-10.0, "brown"), (-90.1, "dark"))
"""Least individual typology angle, degrees, of each skin tone (after Chardon et al. 1991, classes merged)."""
AGES = (3, 13, 20, 40, 60, 120)
"""Upper limits of the age groups, years."""


def tone(skin: np.ndarray) -> str:
    """Name the tone of a skin colour (3,), RGB 0..255, by its typology angle; lighting affects the result."""
    lab = cv2.cvtColor(np.clip(skin, 0, 255).astype(np.float32).reshape(1, 1, 3) / 255, cv2.COLOR_RGB2LAB)[0, 0]
    angle = float(np.degrees(np.arctan2(lab[0] - 50, max(float(lab[2]), 1e-3))))
    return next((name for least, name in TONES if angle >= least), TONES[-1][1])


def age(key: str) -> int | None:
    """Read the age in years from UTKFace's file name (`26_1_0_2017….jpg`); None for other names."""
    found = re.match(r"(\d{1,3})_[01]_[0-4]_\d+", key.rpartition("/")[2])
    return int(found[1]) if found else None


def splits(rows: list[dict]) -> dict[str, dict[str, dict[str, float]]]:
    """Summarise rows by tone, age, yaw and covered share; see `summary`."""
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
    """Group rows by the name that `choose` gives, sorted by name."""
    groups = defaultdict(list)
    for row in rows:
        groups[choose(row)].append(row)
    return iter(sorted(groups.items()))


def band(value: float, limits: tuple[float, ...]) -> str:
    """Name the interval between two `limits` that a value of at least 0 lies in."""
    low = 0.0
    for limit in limits:
        if value < limit:
            return f"{low:02.0f} to {limit:.0f}" if limit >= 1 else "none"
        low = limit
    return f"from {limits[-1]:.0f}"


def summary(rows: list[dict]) -> dict[str, float]:
    """Median, 90th percentile and failures of the error in %, and the mean IoU in % where something covers the face."""
    nme = np.array([row["nme"] for row in rows])
    iou = [row["iou"] for row in rows if row["iou"] is not None]
    figures = {"faces": len(rows), "median": np.median(nme), "p90": np.percentile(nme, 90),
               "failures": 100 * np.mean(nme > FAILURE)}  # fmt: skip
    return {k: round(float(v), 2) for k, v in (figures | ({"iou": 100 * np.mean(iou)} if iou else {})).items()}
