"""The label-own command: finds each labelled person's own hair and headwear, from the picture's colours alone.

A mixture of Gaussians (CIELAB) describes the skin inside the face, another one what lies above and beside the face
within the person's outline. Their log-likelihood ratio, smoothed and joined to the region above the face, is the
probability. Beards, clothes and shadowed necks look alike: there the certainty is low or zero.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import cv2
import numpy as np

from ..data.faces import add_data_argument, read_collections
from ..data.own_maps import OWN_FOLDER, encode_map
from ..data.picture_files import write_files
from .matte import Segmentation, fetch_segmentation

_SKIN = ([117, 118, 101, 36, 205, 187, 123, 116], [346, 347, 330, 266, 425, 411, 352, 345],
         [168, 6, 197, 195, 5, 4, 45, 220, 198, 236, 456, 420, 440, 275], [9, 107, 108, 151, 337, 336])  # fmt: skip
"""Mesh points around cheeks, nose and the lower forehead."""
_INNER = [70, 63, 105, 66, 107, 9, 336, 296, 334, 293, 300, 446, 340, 346, 352, 411, 425, 287, 410, 18, 186, 57, 205,
          187, 123, 117, 111, 226]  # fmt: skip
"""Outline of brows, eyes, nose and mouth, which hair seldom reaches."""
_OVAL = [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
         150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]  # fmt: skip
_SHADOWS = (-70, -45, -22, 20)
"""Changes of lightness under which skin is still skin."""
_LEAST_SEED, _MOST_FITTED = 120, 1500
_SKIN_CLUSTERS, _HAIR_CLUSTERS = 2, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)


def run(args: argparse.Namespace) -> None:
    """Write own/COLLECTION.npz for every collection of labels."""
    cv2.setNumThreads(1)
    segmentation = Segmentation(fetch_segmentation(args.data / "models"))
    for faces in read_collections(args.data / "labels"):
        pngs = []
        for k in range(len(faces)):
            picture = cv2.cvtColor(cv2.imdecode(faces.encoded(k), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
            pngs.append(encode_map(*find_own(picture, faces.points[k], segmentation.matte(picture))))
            if (k + 1) % 500 == 0:
                print(f"{faces.name}: {k + 1} of {len(faces)}", flush=True)
        write_files(args.data / OWN_FOLDER / f"{faces.name}.npz", faces.names, pngs)


@dataclass(frozen=True)
class _Layout:
    """Regions of a stored crop (H, W): `right`, `down` from the middle of the eyes, in units of the face's size."""

    right: np.ndarray
    down: np.ndarray
    oval: np.ndarray
    inner: np.ndarray
    skin: np.ndarray


def find_own(picture: np.ndarray, points: np.ndarray, matte: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the probability of own hair or headwear and its certainty, (H, W) float32 each, 0..1.

    `picture` (H, W, 3) RGB uint8, `points` (478, 3) px, `matte` (H, W) 0..1, the person's share.
    """
    layout = _layout(points[:, :2], picture.shape[:2])
    lab = cv2.cvtColor(cv2.GaussianBlur(picture, (0, 0), 0.8), cv2.COLOR_RGB2LAB).astype(np.float32)
    skin = _fit(_near_median(lab[layout.skin]), _SKIN_CLUSTERS)
    as_skin = _log_likelihood(skin, lab)
    outside = cv2.dilate(layout.oval.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0
    unlike = as_skin < np.percentile(as_skin[layout.skin], 3) - 4
    seed = outside & (matte > 0.9) & (layout.down < 0.12) & (np.abs(layout.right) < 0.75) & unlike
    if seed.sum() < _LEAST_SEED:
        return np.zeros_like(matte, np.float32), _certainty_of_bald(layout, matte)
    score = _score(lab, layout, matte, skin, as_skin, _fit(lab[seed], _HAIR_CLUSTERS))
    own = 1 / (1 + np.exp(-score)) * np.clip((matte - 0.3) / 0.4, 0, 1)
    own[layout.inner] = 0
    joined = _joined(own > 0.5, seed)
    certainty = _certainty(own, joined, layout, matte)
    return np.where(joined | (own <= 0.5), own, 0).astype(np.float32), certainty.astype(np.float32)


def _layout(points: np.ndarray, shape: tuple[int, int]) -> _Layout:
    across = points[263] - points[33]
    right = across / np.linalg.norm(across)
    size, middle = np.ptp(points[:468], axis=0).max(), points[[33, 263]].mean(0)
    ys, xs = np.mgrid[: shape[0], : shape[1]]
    x, y = (xs - middle[0]) / size, (ys - middle[1]) / size
    at = points.round().astype(np.int32)

    def filled(outline: np.ndarray) -> np.ndarray:
        return cv2.fillPoly(np.zeros(shape, np.uint8), [outline], 1) > 0

    skin = np.logical_or.reduce([filled(cv2.convexHull(at[part])) for part in _SKIN])
    oval = filled(cv2.convexHull(at[_OVAL]))
    return _Layout(x * right[0] + y * right[1], y * right[0] - x * right[1], oval, filled(at[_INNER]), skin)


def _near_median(colours: np.ndarray) -> np.ndarray:
    """Leave out spectacles, lashes and highlights."""
    near = np.abs(colours - np.median(colours, 0)).max(1) < 40
    return colours[near]


def _fit(colours: np.ndarray, clusters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit a mixture of Gaussians to colours (N, 3): weights (K,), means (K, 3), covariances (K, 3, 3)."""
    rng = np.random.default_rng(0)
    some = colours if len(colours) <= _MOST_FITTED else colours[rng.choice(len(colours), _MOST_FITTED, replace=False)]
    mixture = cv2.ml.EM_create()
    mixture.setClustersNumber(clusters)
    mixture.setCovarianceMatrixType(cv2.ml.EM_COV_MAT_GENERIC)
    mixture.setTermCriteria((3, 12, 0.1))
    mixture.trainEM(some.astype(np.float64) + rng.normal(0, 1.5, some.shape))
    covariances = np.stack(mixture.getCovs()) + 4 * np.eye(3)
    return mixture.getWeights()[0], mixture.getMeans(), covariances


def _log_likelihood(mixture: tuple[np.ndarray, np.ndarray, np.ndarray], lab: np.ndarray) -> np.ndarray:
    """Logarithm of the mixture's density, up to a constant, at each pixel of lab (H, W, 3)."""
    flat, parts = lab.reshape(-1, 3), []
    for weight, mean, covariance in zip(*mixture, strict=True):
        away = flat - mean
        distance = np.einsum("nd,de,ne->n", away, np.linalg.inv(covariance), away)
        parts.append(np.log(weight + 1e-9) - 0.5 * (distance + np.log(np.linalg.det(covariance))))
    return np.logaddexp.reduce(parts).reshape(lab.shape[:2])


def _score(lab, layout: _Layout, matte, skin, as_skin, hair) -> np.ndarray:
    """Smoothed log-likelihood ratio (H, W) of hair to skin in any shade, and to clothes below the face."""
    as_hair = _log_likelihood(hair, lab)
    shaded = [_log_likelihood(skin, lab - np.float32([d, 0, 0])) - 0.02 * abs(d) - 1.5 for d in _SHADOWS]
    score = as_hair - np.logaddexp.reduce([as_skin, *shaded])
    clothes = (matte > 0.9) & (layout.down > 0.95)
    if (clothes & (score < 2)).sum() > 150:
        as_clothes = _log_likelihood(_fit(lab[clothes & (score < 2)], _HAIR_CLUSTERS), lab)
        score = np.where(layout.down > 0.55, np.minimum(score, as_hair - as_clothes - 1), score)
    score = cv2.bilateralFilter(np.clip(score, -8, 8).astype(np.float32), 7, 6, 3)
    return cv2.GaussianBlur(score, (0, 0), 0.8)


def _joined(likely: np.ndarray, seed: np.ndarray) -> np.ndarray:
    """Keep the regions of `likely` (H, W) that touch the seed and are no specks."""
    _, label, stats, _ = cv2.connectedComponentsWithStats(likely.astype(np.uint8), connectivity=8)
    good = np.unique(label[seed & likely])
    return likely & np.isin(label, good) & (stats[:, cv2.CC_STAT_AREA] >= 60)[label]


def _certainty(own: np.ndarray, joined: np.ndarray, layout: _Layout, matte: np.ndarray) -> np.ndarray:
    certainty = np.abs(2 * own - 1)
    certainty[(own > 0.5) & ~joined] = 0
    certainty[(matte >= 0.05) & (matte < 0.5)] *= 0.3
    certainty[layout.oval & (layout.down > 0.25) & ~layout.inner] = 0  # a beard, or the shadow of the jaw
    beside = ~layout.oval & (layout.down > 0.2)
    certainty[beside & (own > 0.5) & ((np.abs(layout.right) < 0.42) | (layout.down > 0.6))] = 0  # neck, clothes
    certainty[layout.inner | (matte < 0.05)] = 1
    return certainty


def _certainty_of_bald(layout: _Layout, matte: np.ndarray) -> np.ndarray:
    """Certain that there is no hair on the face, above the ears, and outside the person."""
    return (layout.oval | (layout.down < 0.1) | (matte < 0.05)).astype(np.float32)
