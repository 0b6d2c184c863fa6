"""Shoulders in a sweater with a rolled collar: what hides where the head's mesh ends."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator

from .surface import Surface, surface, tube

AROUND, FINER = 56, 3
# Rings: up (mm from the eyes), half width, half depth, middle's depth. The collar from a floor inside it to its
# underside, the bust from within the collar's fold to its underside.
COLLAR = np.array([
    [-105.0, 0.5, 0.5, -50.0], [-103.0, 33.5, 33.5, -50.0], [-96.0, 36.5, 36.5, -50.0], [-91.0, 38.5, 38.5, -50.0],
    [-89.0, 41.0, 40.5, -50.0], [-91.0, 44.0, 43.5, -50.0], [-96.0, 46.0, 45.5, -50.5], [-101.0, 46.3, 45.8, -51.0],
    [-105.0, 45.5, 45.0, -51.0], [-107.5, 43.0, 42.0, -51.0], [-108.5, 37.0, 36.0, -51.0], [-108.5, 0.5, 0.5, -51.0],
])  # fmt: skip
BUST = np.array([
    [-100.0, 40.0, 39.5, -51.0], [-108.0, 42.0, 41.0, -51.0], [-115.0, 49.0, 46.0, -52.0], [-118.0, 60.0, 49.0, -53.0],
    [-124.0, 75.0, 52.0, -54.0], [-133.0, 89.0, 55.0, -54.0], [-146.0, 98.5, 58.0, -53.0], [-160.0, 102.0, 60.0, -51.0],
    [-174.0, 101.0, 60.5, -49.0], [-183.0, 97.0, 58.0, -49.0], [-188.0, 89.0, 52.0, -49.0], [-190.0, 70.0, 38.0, -49.0],
    [-190.5, 2.0, 2.0, -49.0],
])  # fmt: skip
LOWER = 2.0  # mm that all of it lies lower
CHIN = 4.5  # mm that the neckline is lower below the chin
KNIT, TRIM, STRIPE = np.array([0.030, 0.185, 0.205]), np.array([0.04, 0.22, 0.235]), np.array([0.80, 0.47, 0.10])


def collar() -> Surface:
    """Goes with the neck."""
    return _turned(COLLAR, lambda y: TRIM, 0.014)


def bust() -> Surface:
    """Static: head and collar turn above it."""
    return _turned(BUST, _stripes, 0.0)


def _stripes(y: np.ndarray) -> np.ndarray:
    return np.where((np.abs(y + 146) < 5.5) | (np.abs(y + 163) < 3.0), STRIPE, KNIT)


def _turned(profile: np.ndarray, paint, ribs: float) -> Surface:
    """Rings around the upright axis; paint: height (…, 1) in mm -> linear colour; ribs: share of the radius."""
    fine = np.linspace(0, len(profile) - 1, FINER * (len(profile) - 1) + 1)
    y, wide, deep, middle = PchipInterpolator(np.arange(len(profile)), profile)(fine).T[:, :, None]
    turn = 2 * np.pi * np.arange(AROUND) / AROUND
    rib = 1 + ribs * np.cos(turn * AROUND / 2)
    # The neckline lies lower in front, and lowest where the chin comes when the jaw is wide open.
    front = 5.0 * np.cos(turn) + CHIN * np.exp(-((np.sin(turn / 2) / 0.24) ** 2))
    drop = LOWER + np.exp(-(((y + 104) / 20) ** 2)) * front
    drop = drop * np.minimum(wide / 30, 1)
    rings = np.stack([wide * np.sin(turn) * rib, y - drop, deep * np.cos(turn) * rib + middle], -1)
    colour = np.broadcast_to(paint(y[..., None]), rings.shape)
    triangles = tube(rings, closed_ends=False)[:, ::-1]
    return surface(rings.reshape(-1, 3), triangles, colour=colour.reshape(-1, 3))
