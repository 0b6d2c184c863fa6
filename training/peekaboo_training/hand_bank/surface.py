"""Appearance of skin: tones, palms, nails, creases. And sleeves: rings of cloth around the forearm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..scene.rasterise import vertex_normals
from .bones import FINGERS, bone, elbow, unit
from .mesh import ArmMesh, ArmShape
from .shapes import Held, lathe

_TONES = np.array([[0.028, 0.015, 0.010], [0.065, 0.034, 0.021], [0.135, 0.070, 0.042], [0.260, 0.145, 0.090],
                   [0.420, 0.255, 0.175], [0.560, 0.375, 0.285], [0.700, 0.510, 0.420]])  # fmt: skip
"""Linear albedo from dark to light."""
_FINGERTIP = np.array([1.08, 0.90, 0.90])


@dataclass(frozen=True)
class SkinMaps:
    """Values at the fine vertices (N,): weights of palm, nail and finger tip, mm to the joint; rest places (N, 3)."""

    palm: np.ndarray
    nail: np.ndarray
    joint: np.ndarray
    tip: np.ndarray
    rest: np.ndarray


def skin_maps(mesh: ArmMesh, shape: ArmShape) -> SkinMaps:
    """Compute the maps of a shape at rest."""
    rest = (mesh.subdivision @ shape.vertices).astype(np.float32)
    normals = vertex_normals(rest, mesh.triangles)
    palm = np.clip(0.35 - 1.4 * normals[:, 2], 0, 1)
    joint, tip = np.full(len(rest), 40.0), np.zeros(len(rest))
    for finger in range(1, FINGERS + 1):
        chain = [bone(finger, k) for k in (1, 2, 3)]
        own = mesh.fine_weights[:, chain].sum(1) > 0.5
        dorsal = mesh.dorsal(shape, finger)
        palm[own] = np.clip(0.45 - 1.3 * (normals[own] @ dorsal), 0, 1)
        for b in chain:
            along = unit(shape.tails[b] - shape.heads[b])
            far = (rest[own] - shape.heads[b]) @ along
            nearer = np.abs(far) < np.abs(joint[own])
            joint[np.flatnonzero(own)[nearer]] = far[nearer]
        tip[own] = np.clip(1 - np.linalg.norm(rest[own] - shape.tails[chain[2]], axis=1) / 22, 0, 1)
    arm = mesh.fine_weights[:, :2].sum(1)
    palm = palm * (1 - 0.7 * np.clip(arm, 0, 1))
    return SkinMaps(palm.astype(np.float32), mesh.nail, joint.astype(np.float32), tip.astype(np.float32), rest)


def skin_tone(rng: np.random.Generator) -> np.ndarray:
    """Draw a linear albedo (3,), uniformly from dark to light."""
    place = rng.uniform(0, len(_TONES) - 1)
    low = min(int(place), len(_TONES) - 2)
    tone = _TONES[low] ** (1 - place + low) * _TONES[low + 1] ** (place - low)
    return np.clip(tone * np.exp(rng.normal(0, [0.05, 0.07, 0.11])), 0.006, 0.8)


def skin_albedo(rng: np.random.Generator, maps: SkinMaps, tone: np.ndarray) -> np.ndarray:
    """Give the linear albedo (N, 3): paler palms on dark skin, redder tips, nails bare or painted."""
    lightness = tone.mean()
    pale = tone ** np.clip(0.55 + 1.2 * lightness, 0.55, 0.95) * np.array([1.0, 0.92, 0.9])
    share = maps.palm[:, None] * rng.uniform(0.6, 1.0)
    albedo = tone * (1 - share) + pale * share
    albedo = albedo * _FINGERTIP ** (maps.tip[:, None] * rng.uniform(0, 1.5))
    if rng.random() < 0.2:
        nail = rng.uniform(0, 1, 3) ** 2 * 0.8
    else:
        nail = np.clip(tone ** rng.uniform(0.6, 0.9) * [1.05, 0.95, 0.95] * rng.uniform(0.85, 1.1), 0, 0.85)
    worn = maps.nail[:, None] > 0.4
    return np.where(worn, nail, albedo).astype(np.float32)


def creases(rng_phase: float, palm: np.ndarray, joint: np.ndarray, rough: np.ndarray) -> np.ndarray:
    """Give factors on the albedo at pixels (P,): folds at joints on the palm's side, wrinkles on the back.

    `joint`: mm to the finger joint; `rough`: noise around 0, which bends the lines.
    """
    at = joint + rough * 1.2
    fold = np.exp(-((at / 0.9) ** 2)) * palm * 0.4
    wrinkle = (0.5 + 0.5 * np.cos(at * (1.9 + 0.3 * np.sin(rng_phase)) + rng_phase)) ** 3 * np.exp(-((at / 6) ** 2))
    knuckle = np.exp(-((at / 7) ** 2)) * 0.12
    return 1 - fold - (0.28 * wrinkle + knuckle) * (1 - palm)


def sleeve(rng: np.random.Generator, vertices: np.ndarray, heads: np.ndarray, wrist: np.ndarray, cuff: float,
           colour: np.ndarray, long: float = 720.0) -> Held:  # fmt: skip
    """Make a sleeve around the forearm that begins `cuff` mm behind the wrist and is `long` mm long."""
    along = unit(elbow(heads) - wrist)
    far = (vertices - wrist) @ along
    places = cuff + long * np.linspace(0, 1, 30) ** 1.4
    wide = rng.uniform(1.06, 1.5) if rng.random() < 0.75 else rng.uniform(1.5, 2.2)
    radius, rows = [], []
    centres = []
    for place in places:
        near = np.abs(far - place) < 16 + 0.04 * place
        ring = vertices[near] if near.sum() > 8 else rows[-1]
        rows.append(ring)
        middle = 0.5 * (ring.min(0) + ring.max(0)) - wrist
        centres.append(middle - along * (middle @ along))
        off = ring - wrist - centres[-1]
        radius.append(np.linalg.norm(off - np.outer(off @ along, along), axis=1).max())
    radius = np.convolve(np.pad(radius, 2, mode="edge"), np.full(5, 0.2), "valid") * wide + rng.uniform(1.5, 5)
    radius = radius * (1 + np.linspace(0, rng.uniform(0, 0.5), len(radius)))
    if rng.random() < 0.3:
        radius[:2] = radius[:2].min() * rng.uniform(0.92, 1.0)
    fold = rng.uniform(0, 0.09)
    wave = 1 + fold * np.cumsum(rng.normal(0, 0.6, (len(places), 20)), 0).clip(-1.5, 1.5)
    wave = 0.5 * wave + 0.25 * (np.roll(wave, 1, 1) + np.roll(wave, -1, 1))
    profile = np.stack([places, radius], 1)
    profile = np.concatenate([[[cuff + 12, radius[0] * 0.86]], profile])
    wave = np.concatenate([wave[:1], wave])
    mesh = lathe(profile, wrist, along, colour, textured=True, gloss=0.0, wave=wave)
    moved = mesh.vertices + np.repeat(np.array([centres[0], *centres]), 20, 0).astype(np.float32) * 0.8
    return Held(moved.astype(np.float32), mesh.triangles, mesh.uv, mesh.albedo, True, 0.0)
