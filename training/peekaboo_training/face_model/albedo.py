"""Skin colours: skins of all tones with painted brows, lips, beards and hair, reduced to a mean and ten modes."""

from __future__ import annotations

import numpy as np

from .format import ALBEDO_COUNT

SAMPLES = 4000
# Layer -> (probability, least and largest opacity).
LAYERS = {
    "brow_dark": (1.0, 0.3, 0.95),
    "beard": (0.22, 0.2, 0.9),
    "moustache": (0.25, 0.2, 0.9),
    "lips_red": (1.0, 0.0, 0.55),
    "lash_liner": (0.3, 0.1, 0.4),
    "blush": (0.4, 0.0, 0.25),
    "scalp_hair": (0.0, 0.0, 0.0),
}


def sample_skins(heads: dict, rng: np.random.Generator) -> np.ndarray:
    """Log albedo (SAMPLES, N, 3) at ICT's vertices: a mix of two of MakeHuman's skins, even over tones, plus layers."""
    skins = heads["skin_coefs"]
    log_mean, basis = np.log(np.maximum(heads["albedo_mean"], 1e-3)), heads["albedo_logpca"].astype(float)
    tones = (log_mean.mean() + (skins[:, :, None, None] * basis).sum(1).mean((1, 2))).argsort()
    # Dark and light skins are drawn as often as those in between.
    place = rng.uniform(-0.5, len(tones) - 0.5, SAMPLES).round().astype(int).clip(0, len(tones) - 1)
    other = (place + rng.integers(-4, 5, SAMPLES)).clip(0, len(tones) - 1)
    share = rng.uniform(0, 1, (SAMPLES, 1))
    mixed = share * skins[tones[place]] + (1 - share) * skins[tones[other]]
    mixed = mixed + rng.normal(0, 0.15, mixed.shape)
    albedo = np.exp(log_mean + np.tensordot(mixed, basis, 1))
    names = [str(name) for name in heads["layer_names"]]
    for name, (chance, least, most) in LAYERS.items():
        layer = names.index(name)
        weight = rng.uniform(least, most, SAMPLES) * (rng.uniform(size=SAMPLES) < chance)
        mask = weight[:, None, None] * heads["layer_mask"][layer].astype(float)[:, None]
        colour = heads["layer_rgb"][layer] * np.exp(rng.normal(0, 0.35, (SAMPLES, 1, 1)))
        albedo = albedo * (1 - mask) + colour * mask
    return np.log(np.clip(albedo, 3e-3, 0.95))


def learn_albedo(found) -> tuple[np.ndarray, np.ndarray]:
    """Registration -> mean (B, 3), linear RGB, and ten log components per standard deviation (10, B, 3)."""
    samples = sample_skins(found.heads, np.random.default_rng(7)).astype(np.float32)
    mean = samples.mean(0)
    flat = (samples - mean).reshape(SAMPLES, -1)
    # Only the face counts for the variance; eyes and mouth are coloured by hand.
    counts = np.repeat(np.isin(found.heads["part"], [0, 6]), 3)
    _, values, modes = np.linalg.svd(flat[:, counts][::2], full_matrices=False)
    scores = flat[:, counts] @ modes[:ALBEDO_COUNT].T
    # Tones are spread evenly, not normally: the outermost skins shall lie at 2.3 standard deviations.
    deviation = np.minimum(scores.std(0), np.percentile(np.abs(scores), 99.5, axis=0) / 2.3)
    basis = np.linalg.lstsq(scores / deviation, flat, rcond=None)[0].reshape(ALBEDO_COUNT, -1, 3)
    fields = np.concatenate([mean[None], basis]).transpose(1, 0, 2).reshape(len(mean), -1)
    carried = found.carry(fields, 0.15).reshape(found.count, 1 + ALBEDO_COUNT, 3).transpose(1, 0, 2)
    # The mean is the same on both sides; people's skins are not, but MakeHuman's nearly are.
    carried = 0.5 * (carried + carried[:, found.mirror])
    return np.exp(carried[0]), carried[1:]
