"""Contact sheets of the face model.

    python -m peekaboo_training.measure.face_model_sheets [--model FILE] [--out DIR]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ..face_model.build import DEFAULT_OUT
from ..face_model.format import ALBEDO_COUNT, EXPRESSION_NAMES, IDENTITY_COUNT, FaceModel, read_face_model
from .face_model_picture import draw, grid

MOUTHS = (
    "jawOpen", "tongueOut", "mouthFunnel", "mouthPucker", "mouthSmileLeft", "mouthClose", "mouthRollLower",
    "mouthUpperUpLeft", "mouthLowerDownLeft", "mouthShrugUpper",
)  # fmt: skip


def show(model: FaceModel, text="", identity=None, expression=None, albedo=None, **view) -> np.ndarray:
    """One labelled picture of the model."""
    vertices = model.vertices(identity, expression)
    image = draw(vertices, model.triangles, model.normals(vertices), model.albedo(albedo), **view)
    picture = Image.fromarray(image)
    ImageDraw.Draw(picture).text((4, 2), text, fill=(0, 0, 0))
    return np.asarray(picture)


def unit(count: int, index: int, value: float) -> np.ndarray:
    """Coefficients (count,) that are zero except for one."""
    result = np.zeros(count)
    result[index] = value
    return result


def mean_sheet(model: FaceModel) -> np.ndarray:
    """The mean from several sides, grey and coloured, and close to eye and mouth."""
    views = [{"yaw": 0}, {"yaw": 35}, {"yaw": 90}, {"yaw": -35}, {"yaw": 0, "pitch": -30}, {"yaw": 0, "pitch": 30}]
    images = [show(model, size=400, scale=1.9, **view) for view in views]
    eye = model.mean[model.landmarks68[42:48]].mean(0)
    mouth = model.mean[model.landmarks68[48:68]].mean(0)
    for yaw in (0, 50, -30):
        images.append(show(model, size=400, scale=8, centre=eye, yaw=yaw))
        images.append(show(model, size=400, scale=6, centre=mouth, yaw=yaw))
    return grid(images, 6)


def identity_sheet(model: FaceModel, modes: int = 8) -> np.ndarray:
    """-2, 0, +2 standard deviations of the first modes."""
    images = []
    for mode in range(modes):
        for value in (-2, 2):
            coefficients = unit(IDENTITY_COUNT, mode, value)
            images.append(show(model, f"mode {mode}: {value:+d}", coefficients, size=240, scale=1.15))
            images.append(show(model, "", coefficients, size=240, scale=1.15, yaw=60))
    return grid(images, 8)


def people_sheet(model: FaceModel, count: int = 32) -> np.ndarray:
    """Random people."""
    rng = np.random.default_rng(3)
    draws = [(rng.normal(size=IDENTITY_COUNT), rng.normal(size=ALBEDO_COUNT)) for _ in range(count)]
    return grid([show(model, "", i, None, a, size=240, scale=1.15, yaw=rng.uniform(-30, 30)) for i, a in draws], 8)


def expression_sheet(model: FaceModel, value: float = 1.0) -> np.ndarray:
    """All 52 expressions at `value`."""
    return grid(
        [
            show(model, name, None, unit(len(EXPRESSION_NAMES), n, value),
                 size=256, scale=1.5, centre=(0, 0, 60), yaw=-12)  # fmt: skip
            for n, name in enumerate(EXPRESSION_NAMES)
        ],
        9,
    )


def close_sheet(model: FaceModel) -> np.ndarray:
    """Eyes at several stages of a blink and gazes, mouth at several openings."""
    eye = model.mean[model.landmarks68[42:48]].mean(0)
    mouth = model.mean[model.landmarks68[48:68]].mean(0)
    stages = [("eyeBlinkLeft", v) for v in (0.25, 0.5, 0.75, 1.0)]
    stages += [(f"eyeLook{way}Left", 1.0) for way in ("In", "Out", "Up", "Down")]
    stages += [("eyeWideLeft", 1.0), ("eyeSquintLeft", 1.0)]
    images = []
    for yaw in (0, 35, -35):
        for name, value in stages:
            c = unit(len(EXPRESSION_NAMES), EXPRESSION_NAMES.index(name), value)
            images.append(show(model, f"{name} {value}", None, c, size=240, scale=5.5, centre=eye, yaw=yaw))
    for name in MOUTHS:
        c = unit(len(EXPRESSION_NAMES), EXPRESSION_NAMES.index(name), 1.0)
        images.append(show(model, name, None, c, size=240, scale=2.6, centre=mouth, yaw=20))
    return grid(images, 10)


def albedo_sheet(model: FaceModel) -> np.ndarray:
    """-2 and +2 standard deviations of the albedo modes."""
    return grid(
        [
            show(model, f"{mode}: {value:+d}", None, None, unit(ALBEDO_COUNT, mode, value), size=240, scale=1.15)
            for mode in range(ALBEDO_COUNT)
            for value in (-2, 2)
        ],
        10,
    )


def points_sheet(model: FaceModel) -> np.ndarray:
    """The 68 landmarks (red) and MediaPipe's points (blue) on the mean."""
    images = []
    for yaw in (0, 40):
        picture = Image.fromarray(show(model, size=900, scale=5, yaw=yaw, centre=(0, 0, 60)))
        pen = ImageDraw.Draw(picture)
        a = np.radians(yaw)
        blue, red = model.mediapipe_points(model.mean), model.landmarks(model.mean)
        for points, colour, size in ((blue, (0, 0, 255), 2), (red, (255, 0, 0), 3)):
            for n, (x, y, z) in enumerate(points - [0, 0, 60]):
                u, v = 450 + 5 * (x * np.cos(a) + z * np.sin(a)), 450 - 5 * y
                pen.ellipse((u - size, v - size, u + size, v + size), fill=colour)
                if size == 3:
                    pen.text((u + 3, v - 5), str(n), fill=colour)
        images.append(np.asarray(picture))
    return grid(images, 2)


SHEETS = {
    "mean": mean_sheet, "identity": identity_sheet, "people": people_sheet, "expressions": expression_sheet,
    "close": close_sheet, "albedo": albedo_sheet, "points": points_sheet,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="contact sheets of the face model")
    parser.add_argument("--model", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--only", nargs="*", choices=SHEETS, default=list(SHEETS))
    args = parser.parse_args()
    model = read_face_model(args.model)
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.only:
        path = args.out / f"face-model-{name}.png"
        Image.fromarray(SHEETS[name](model)).save(path)
        print(path)


if __name__ == "__main__":
    main()
