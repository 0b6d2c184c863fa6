"""Labelling: points stay on the picture through padding and cutting; small and missing faces are left out."""

import numpy as np
import pytest

pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")

from peekaboo_training.data import label as label_module
from peekaboo_training.data.faces import read_faces
from peekaboo_training.data.label import label_folder, label_picture, pad


class FakeLandmarker:
    """Finds a fixed oval of points around the brightest blob of a picture."""

    blendshape_names = ["jawOpen"]

    def __init__(self, *_: object, half: float = 40.0) -> None:
        self.half = half

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find(self, picture):
        value = picture.max(2).astype(float) * (picture.max(2) > 128)
        if not value.any():
            return None
        ys, xs = np.mgrid[: picture.shape[0], : picture.shape[1]]
        middle = np.array([(value * xs).sum(), (value * ys).sum()]) / value.sum()
        turn = np.linspace(0, 2 * np.pi, 478, endpoint=False)
        points = np.stack([middle[0] + self.half * np.cos(turn), middle[1] + self.half * np.sin(turn), 0 * turn], 1)
        points[33, :2], points[263, :2], points[0, :2] = middle - [20, 0], middle + [20, 0], middle
        return points, np.array([0.5])


def picture_with_dot() -> np.ndarray:
    picture = np.zeros((300, 200, 3), np.uint8)
    cv2.circle(picture, (120, 90), 4, (255, 255, 255), -1)
    return picture


def test_the_point_stays_on_its_dot():
    encoded, points, shapes, _ = label_picture(FakeLandmarker(), picture_with_dot())
    crop = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_GRAYSCALE).astype(float)
    assert crop.shape == (240, 240) and points.shape == (478, 3) and shapes.tolist() == [0.5]
    ys, xs = np.mgrid[:240, :240]
    crop *= crop > 64
    middle = (crop * xs).sum() / crop.sum(), (crop * ys).sum() / crop.sum()
    assert middle == pytest.approx(tuple(points[0, :2]), abs=0.5)
    assert np.ptp(points[:, 0]) == pytest.approx(240 / 1.25 / 1.5, rel=0.01)


def test_the_surroundings_have_the_stored_crop_in_their_centre():
    ys, xs = np.mgrid[:300, :400]
    stripes = (140 + 50 * np.sin(ys / 2) * np.sin(xs / 3)).astype(np.uint8)
    encoded, *_, wide = label_picture(FakeLandmarker(), np.stack([stripes] * 3, 2))
    crop, around = (cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE).astype(float)
                    for data in (encoded, wide))  # fmt: skip
    assert around.shape == (336, 336)
    assert np.abs(around[48:288, 48:288] - crop).mean() < 3
    assert np.abs(around[50:290, 48:288] - crop).mean() > 10


def test_no_face_small_faces_and_broken_pictures_give_nothing():
    assert label_picture(FakeLandmarker(), None) is None
    assert label_picture(FakeLandmarker(), np.zeros((300, 300, 3), np.uint8)) is None
    assert label_picture(FakeLandmarker(half=20.0), picture_with_dot()) is None


def test_small_pictures_are_padded_and_enlarged():
    padded = pad(np.full((64, 48, 3), 77, np.uint8))
    assert min(padded.shape[:2]) >= 256 and (padded == 77).all()


def test_reserved_people_and_known_pictures_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(label_module, "Landmarker", FakeLandmarker)
    monkeypatch.setattr(label_module, "is_reserved", lambda stem: stem.startswith("Reserved"))
    for folder, names in (("first", ["a", "Reserved_0001"]), ("second", ["a", "b"])):
        (tmp_path / folder).mkdir()
        for name in names:
            cv2.imwrite(str(tmp_path / folder / f"{name}.png"), picture_with_dot())
    for folder in ("first", "second"):
        label_folder(tmp_path / folder, tmp_path / "labels", tmp_path)
    assert read_faces(tmp_path / "labels" / "first.npz").names == ["a"]
    assert read_faces(tmp_path / "labels" / "second.npz").names == ["b"]
