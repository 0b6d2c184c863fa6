"""How closely the face model can fit true shapes: a lower bound for any network.

    python -m peekaboo_training.face_model.measure --geometry DIR   best fit to the heads of a geometry set
    python -m peekaboo_training.face_model.measure --heads FILE     best fit to sampled heads of heads-ict.npz

DIR is a set in the format of score_geometry.py, which must lie two folders above.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np

from .build import DEFAULT_OUT
from .format import IDENTITY_COUNT, PART_NAMES, FaceModel, read_face_model
from .register import Surface, similarity

LANDMARKS7 = (36, 39, 42, 45, 33, 48, 54)  # iBUG numbers, in the order of score_geometry.py
LIMIT = 3.0  # standard deviations
STEPS = 10


def skin_triangles(model: FaceModel) -> np.ndarray:
    """Triangles of the outer skin."""
    skin = np.isin(model.part, [PART_NAMES.index("face"), PART_NAMES.index("head")])
    return model.triangles[skin[model.triangles].all(1)]


def fit_identity(model: FaceModel, points: np.ndarray, landmarks: np.ndarray, prior: float = 1.0) -> np.ndarray:
    """Fit coefficients (80,) within LIMIT to the neutral skin of points (N, 3), mm; landmarks (7, 3) give the start.

    Rotation and shift of the points are fitted, too.
    """
    triangles, marks = skin_triangles(model), model.landmarks68[list(LANDMARKS7)]
    identity = np.zeros(IDENTITY_COUNT)
    _, rotation, _ = similarity(landmarks, model.mean[marks].astype(float))
    placed = (points - landmarks.mean(0)) @ rotation.T + model.mean[marks].mean(0)
    for _ in range(STEPS):
        vertices = model.vertices(identity).astype(float)
        surface = Surface(vertices, triangles, 2)
        hits = surface.closest(placed, near=5)
        far = hits.distance <= np.quantile(hits.distance, 0.98)
        n, gap = hits.normal[far], (placed - hits.point)[far]
        corners = model.identity_basis[:, triangles[hits.triangle[far]]]
        modes = np.einsum("nk,inkc,nc->ni", hits.weights[far], corners, n)
        middle = placed.mean(0)
        arms = placed[far] - middle
        # Point-to-plane: modes move the skin, the other six unknowns move the points.
        pose = np.concatenate([-np.cross(arms, n), -n], 1)
        a = np.concatenate([modes, pose], 1)
        weight = np.diag(np.r_[np.full(IDENTITY_COUNT, prior), np.zeros(6)])
        side = a.T @ ((gap * n).sum(1) + modes @ identity)
        solution = np.linalg.solve(a.T @ a + weight + 1e-9 * np.eye(len(weight)), side)
        identity = solution[:IDENTITY_COUNT].clip(-LIMIT, LIMIT)
        turn, move = solution[-6:-3], solution[-3:]
        placed = placed + move + np.cross(turn, placed - middle)
    return identity


def measure_geometry(model: FaceModel, folder: Path) -> dict[str, float]:
    """Fit the model to every head of the set and score the fits with the set's own tool."""
    tool = _load_tool(folder)
    truth = tool.Truth(folder)
    triangles, errors, largest = skin_triangles(model), {mode: [] for mode in tool.MODES}, 0.0
    for person in sorted(truth.vertices):
        points = truth.points(person)
        identity = fit_identity(model, points[:: max(1, len(points) // 1500)], truth.landmarks(person))
        vertices = model.vertices(identity).astype(float)
        scores = tool.score_image(truth, person, (vertices, triangles, model.landmarks(vertices)[list(LANDMARKS7)]))
        for mode in errors:
            errors[mode].append(scores[mode])
        largest = max(largest, float(np.abs(identity).max()))
    result = {f"{mode} median": float(np.median(np.concatenate(e))) for mode, e in errors.items()}
    mean = np.concatenate(errors["similarity"])
    people = len(truth.vertices)
    return result | {"similarity mean": float(mean.mean()), "largest coefficient": largest, "people": people}


def measure_heads(model: FaceModel, path: Path, count: int = 30) -> dict[str, float]:
    """Fit the model to sampled heads of heads-ict.npz: rigid distance of their front skin to ours, mm.

    Their skin counts where its mean lies within 1.5 mm of ours: not the linings of nose, lids and lips.
    """
    heads, rng, triangles = np.load(path), np.random.default_rng(11), skin_triangles(model)
    front = np.linalg.norm(heads["mean"] - heads["mean"][heads["lm68"][30]], axis=1) < 95
    front &= Surface(model.mean, triangles).closest(heads["mean"].astype(float)).distance < 1.5
    face, marks = (heads["part"] == 0) & front, heads["lm68"][list(LANDMARKS7)]
    distances = []
    for _ in range(count):
        c = rng.normal(size=IDENTITY_COUNT).clip(-2.6, 2.6)
        head = heads["mean"] + np.tensordot(c, heads["id_basis"].astype(float), 1)
        ours = model.vertices(fit_identity(model, head[face], head[marks])).astype(float)
        surface, placed = Surface(ours, triangles), head[face]
        _, rotation, _ = similarity(head[marks], ours[model.landmarks68[list(LANDMARKS7)]])
        placed = (placed - head[marks].mean(0)) @ rotation.T + ours[model.landmarks68[list(LANDMARKS7)]].mean(0)
        for _ in range(10):
            _, rotation, _ = similarity(placed, surface.closest(placed).point)
            placed = (placed - placed.mean(0)) @ rotation.T + surface.closest(placed).point.mean(0)
        distances.append(surface.closest(placed).distance)
    d = np.concatenate(distances)
    high = float(np.quantile(d, 0.95))
    return {"median": float(np.median(d)), "mean": float(d.mean()), "95 %": high, "people": count}


def _load_tool(folder: Path):
    """The module score_geometry.py two folders above the set. Raises FileNotFoundError if it is not there."""
    path = Path(folder).resolve().parents[1] / "score_geometry.py"
    if not path.exists():
        raise FileNotFoundError(f"{path}: needed to score the set {folder}")
    spec = importlib.util.spec_from_file_location("score_geometry", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--geometry", type=Path, help="folder of a geometry set")
    parser.add_argument("--heads", type=Path, help="heads-ict.npz")
    args = parser.parse_args()
    model = read_face_model(args.model)
    for name, source, measure in (("geometry", args.geometry, measure_geometry), ("heads", args.heads, measure_heads)):
        if source:
            print(name + ": " + ", ".join(f"{key} {value:.3f}" for key, value in measure(model, source).items()))


if __name__ == "__main__":
    main()
