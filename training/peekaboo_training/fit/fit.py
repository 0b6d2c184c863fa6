"""`fit`: the face model's coefficients for every labelled face, and the offsets of MediaPipe's points on the model."""

from __future__ import annotations

import argparse
import dataclasses
import time
from pathlib import Path

import numpy as np
import torch

from ..data.faces import LabelledFaces, add_data_argument, read_collections
from ..data.fits import TRUSTED_FIT, Fits
from ..data.store import people_of
from ..face_model.format import EXPRESSION_NAMES, FaceModel, read_face_model, write_face_model
from ..scene.camera import Pose
from ..scene.mesh_points import EYES, LIPS
from ..scene.mirror import POINT_MIRROR
from ..settings import DEFAULT_FACE_MODEL
from .gauss_newton import fit_points
from .point_model import FitResult, PointModel
from .points import INNER, point_yaw

_PRIOR = 8.0
_PRIORS = {"jawOpen": 60.0, "mouthLowerDown": 30.0, "mouthUpperUp": 30.0, "mouthFunnel": 30.0, "mouthPucker": 30.0}
"""Higher weights, without which shapes of the lips would explain the opening of the jaw."""
_HELD = 300.0
_OFFSET_FACES = 768
_OFFSET_ROUNDS = 8
_FRONTAL_DEGREES = 22.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    add_data_argument(parser)
    parser.add_argument("--face-model", type=Path, default=DEFAULT_FACE_MODEL, metavar="FILE")
    parser.add_argument("--keep-offsets", action="store_true", help="use the model's offsets, do not learn them")
    parser.add_argument("--update-model", action="store_true", help="write the learnt offsets into the face model")
    parser.add_argument("--limit", type=int, default=None, metavar="N", help="largest number of faces per collection")
    parser.add_argument("--threads", type=int, default=1)


def run(args: argparse.Namespace) -> None:
    """Fit all labelled faces; writes fits.npz and offsets.npz into the data folder."""
    torch.set_num_threads(args.threads)
    model = read_face_model(args.face_model)
    collections = read_collections(args.data / "labels")
    points = np.concatenate([faces.points[: args.limit] for faces in collections])
    prior = expression_prior(collections, args.limit)
    offset = model.mediapipe_offset
    if not args.keep_offsets:
        offset = learn_offsets(model, points, prior)
        np.savez(args.data / "offsets.npz", offset=offset)
        if args.update_model:
            write_face_model(args.face_model, dataclasses.replace(model, mediapipe_offset=offset.astype(np.float32)))
    started = time.monotonic()
    result = fit_points(PointModel.of(model, offset), points, prior, prior_weights())
    print(f"fitted {len(points)} faces in {time.monotonic() - started:.0f} s")
    names = [name for faces in collections for name in faces.names[: args.limit]]
    result = share_identities(PointModel.of(model, offset), result, points, prior, names)
    keys = [f"{faces.name}/{name}" for faces in collections for name in faces.names[: args.limit]]
    as_fits(keys, result, offset).save(args.data / "fits.npz")
    report(result, points, prior)


def prior_weights() -> np.ndarray:
    """Give the weights (52,) of the prior that keeps expressions near MediaPipe's blendshapes."""
    return np.array([_PRIORS.get(name.removesuffix("Left").removesuffix("Right"), _PRIOR) for name in EXPRESSION_NAMES])


def expression_prior(collections: list[LabelledFaces], limit: int | None = None) -> np.ndarray:
    """Give MediaPipe's blendshapes (N, 52) in our order, without their bias: (score - median) / (1 - median)."""
    scores = np.concatenate([_in_our_order(faces)[:limit] for faces in collections])
    median = np.median(scores, 0)
    return np.clip((scores - median) / np.maximum(1 - median, 1e-3), 0, 1).astype(np.float32)


def learn_offsets(model: FaceModel, points: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Learn the offsets of MediaPipe's points from the model's surface (478, 3), mm, symmetric.

    They are the median residual of fits to frontal faces, with expressions fixed to the prior. The mean of the faces'
    identities is not subtracted: doing so made shapes worse on rendered heads.
    """
    ahead = np.nonzero(np.abs(point_yaw(points)) < _FRONTAL_DEGREES)[0]
    chosen = np.random.default_rng(0).permutation(ahead)[:_OFFSET_FACES]
    offset = model.mediapipe_offset.astype(np.float64)
    for count in range(_OFFSET_ROUNDS):
        result = fit_points(PointModel.of(model, offset), points[chosen], prior[chosen], np.full(52, _HELD))
        step = result.residual.median(0).values.double().numpy()
        offset = offset + 0.5 * (step + step[POINT_MIRROR] * [-1, 1, 1])
        error = result.error[:, INNER].mean()
        print(f"offsets, round {count + 1}: error before {error:.3f} % of the outer eye distance", flush=True)
    return offset


def share_identities(
    model: PointModel, result: FitResult, points: np.ndarray, prior: np.ndarray, names: list[str]
) -> FitResult:
    """Fit all pictures of people with several again, with each person's mean identity; see `person_identities`.

    Pose and expression are then consistent with the shared identity.
    """
    shared = person_identities(result, points, names)
    rows = np.flatnonzero(~np.isnan(shared[:, 0]))
    if not len(rows):
        return result
    again = fit_points(model, points[rows], prior[rows], prior_weights(), identity=shared[rows])
    before, after = (r.error.numpy()[:, INNER].mean() for r in (_rows(result, rows), again))
    print(f"{len(rows)} faces with a shared identity: error {before:.2f} -> {after:.2f} %", flush=True)
    return _replaced(result, rows, again)


def person_identities(result: FitResult, points: np.ndarray, names: list[str]) -> np.ndarray:
    """Give the mean identity of each picture's person (N, 80); NaN for people with less than two trusted fits.

    The mean leaves out poor fits and gives turned heads less weight.
    """
    identity, error = result.coefficients[:, :80].numpy(), result.error[:, INNER].mean(1).numpy()
    frontal = np.cos(np.radians(np.clip(np.abs(point_yaw(points)), 0, 80))) ** 2
    shared = np.full(identity.shape, np.nan)
    for pictures in people_of(names)[1].values():
        good = [k for k in pictures if error[k] < TRUSTED_FIT]
        if len(good) > 1:
            shared[pictures] = np.average(identity[good], axis=0, weights=frontal[good])
    return shared


def _rows(result: FitResult, rows: np.ndarray) -> FitResult:
    pose = Pose(*(part[rows] for part in result.pose))
    return FitResult(pose, result.coefficients[rows], result.error[rows], result.residual[rows])


def _replaced(result: FitResult, rows: np.ndarray, part: FitResult) -> FitResult:
    def join(old: torch.Tensor, new: torch.Tensor) -> torch.Tensor:
        joined = old.clone()
        joined[rows] = new
        return joined

    pose = Pose(*(join(a, b) for a, b in zip(result.pose, part.pose, strict=True)))
    return FitResult(pose, *(join(getattr(result, n), getattr(part, n)) for n in ("coefficients", "error", "residual")))


def as_fits(keys: list[str], result: FitResult, offset: np.ndarray) -> Fits:
    """Convert a result, fitted with `offset`, to Fits; the error is the mean over the inner points."""
    coefficients = result.coefficients.numpy()
    return Fits(keys, coefficients[:, :80], coefficients[:, 80:], result.pose.rotation.numpy(),
                result.pose.translation.numpy(), result.pose.scale.numpy(),
                result.error[:, INNER].mean(1).numpy(), offset.astype(np.float32))  # fmt: skip


def report(result: FitResult, points: np.ndarray, prior: np.ndarray) -> None:
    """Print errors of the points by yaw, and how well expressions agree with the blendshapes."""
    yaw, error = np.abs(point_yaw(points)), result.error.numpy()
    for low, high in ((0, 15), (15, 30), (30, 45), (45, 90)):
        some = error[(yaw >= low) & (yaw < high)]
        if len(some):
            inner, eyes, lips = (some[:, list(part)].mean() for part in (INNER, EYES, LIPS))
            print(f"yaw {low}-{high}: {len(some)} faces, error {inner:.2f} % (eyes {eyes:.2f}, lips {lips:.2f})")
    identity, expression = result.coefficients[:, :80], result.coefficients[:, 80:].numpy()
    print(f"identity: rms {identity.pow(2).mean().sqrt():.2f}, largest mean {identity.mean(0).abs().max():.2f}")
    for name in ("eyeBlinkLeft", "eyeLookInLeft", "jawOpen", "mouthSmileLeft", "mouthPucker", "browInnerUp"):
        k = EXPRESSION_NAMES.index(name)
        agreement = np.corrcoef(expression[:, k], prior[:, k])[0, 1]
        print(f"{name}: 95th percentile {np.percentile(expression[:, k], 95):.2f}, correlation {agreement:.2f}")


def _in_our_order(faces: LabelledFaces) -> np.ndarray:
    places = {name: k for k, name in enumerate(faces.blendshape_names)}
    nothing = np.zeros(len(faces))
    columns = [faces.blendshapes[:, places[name]] if name in places else nothing for name in EXPRESSION_NAMES]
    return np.stack(columns, 1)
