"""Golden values of the committed face model, which the Python and the TypeScript tests share.

    python -m peekaboo_training.face_model.golden     writes test/golden/face-model.json
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from .build import DEFAULT_OUT
from .format import ALBEDO_COUNT, EXPRESSION_COUNT, IDENTITY_COUNT, read_face_model

GOLDEN = Path(__file__).parents[3] / "test/golden/face-model.json"
VERTICES = 40
SEED = 20


def golden_values(path: Path) -> dict:
    """Values of the model in `path` for seeded coefficients: mm in model coordinates, unit normals, linear albedo."""
    model, rng = read_face_model(path), np.random.default_rng(SEED)
    identity = rng.normal(size=IDENTITY_COUNT).clip(-2.5, 2.5).round(4)
    expression = (rng.uniform(size=EXPRESSION_COUNT) * (rng.uniform(size=EXPRESSION_COUNT) < 0.3)).round(4)
    albedo = rng.normal(size=ALBEDO_COUNT).clip(-2, 2).round(4)
    ids = np.sort(rng.choice(len(model.mean), VERTICES, replace=False))
    vertices = model.vertices(identity, expression)
    return {
        "file": "public/models/peekaboo/face-model.bin",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "tolerance": {"mm": 1e-3, "normal": 1e-3, "albedo": 1e-4},
        "identity": identity.tolist(),
        "expression": expression.tolist(),
        "albedo": albedo.tolist(),
        "vertexIds": ids.tolist(),
        "positions": rounded(vertices[ids], 5),
        "normals": rounded(model.normals(vertices)[ids], 5),
        "albedos": rounded(model.albedo(albedo)[ids], 6),
        "landmarks68": rounded(model.landmarks(vertices), 5),
        "landmarks478": rounded(model.mediapipe_points(vertices), 5),
    }


def rounded(values: np.ndarray, digits: int) -> list:
    """Nested lists of floats with so many digits."""
    return np.asarray(values, np.float64).round(digits).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--out", type=Path, default=GOLDEN)
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(golden_values(args.model)) + "\n")
    print(args.out)


if __name__ == "__main__":
    main()
