"""An independent eye: MediaPipe finds a drawn portrait's points where the labels are."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
cv2 = pytest.importorskip("cv2")
pytest.importorskip("mediapipe")
pytest.importorskip("ai_edge_litert")

from peekaboo_training.data.fits import Fit
from peekaboo_training.data.jitter import crop_matrix, place_head
from peekaboo_training.data.label import Landmarker, label_picture, landmarker_model, pad
from peekaboo_training.face_model.format import EXPRESSION_NAMES
from peekaboo_training.fit.fit import prior_weights
from peekaboo_training.fit.gauss_newton import fit_points
from peekaboo_training.fit.point_model import PointModel
from peekaboo_training.fit.points import INNER
from peekaboo_training.portraits.choose import rotation_of
from peekaboo_training.portraits.draw import PortraitRenderer, View
from peekaboo_training.portraits.drawable import DrawablePortrait
from peekaboo_training.portraits.lift import lift
from peekaboo_training.portraits.matte import Segmentation, fetch_segmentation
from peekaboo_training.portraits.surface import PortraitSurface
from peekaboo_training.settings import DATA_FOLDER, GOLDEN_FOLDER
from portrait_people import published_model

_MODELS = DATA_FOLDER / "models"
_MOST = 3.0
"""Mean error of the inner points, % of the distance of the outer eye corners in space."""


def test_mediapipe_agrees_with_the_labels_of_a_drawn_portrait():
    model = published_model()
    surface = PortraitSurface(model)
    with Landmarker(landmarker_model(_MODELS)) as landmarker:
        encoded, points, scores, _ = label_picture(landmarker, cv2.imread(str(GOLDEN_FOLDER / "network-clean.png")))
        known = dict(zip(landmarker.blendshape_names, scores, strict=True))
        prior = np.array([[known.get(name, 0) for name in EXPRESSION_NAMES]], np.float32)
        result = fit_points(PointModel.of(model, model.mediapipe_offset), points[None], prior, prior_weights())
        coefficients = result.coefficients[0].numpy()
        pose = [part[0].numpy() for part in result.pose]
        fit = Fit(coefficients[:80], coefficients[80:], *pose)
        picture = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)[..., ::-1].copy()
        portrait = lift(surface, "golden/1", picture, Segmentation(fetch_segmentation(_MODELS)).matte(picture), fit)
        for yaw in (-20, 0, 20):
            assert disagreement(landmarker, surface, portrait, yaw) < _MOST


def disagreement(landmarker: Landmarker, surface: PortraitSurface, portrait, yaw: float) -> float:
    """Draw with a neutral expression at yaw degrees; give MediaPipe's mean error, % of the eye distance."""
    expression, rotation = np.zeros(52, np.float32), rotation_of(yaw, 0, 0)
    shape = surface.model.mediapipe_points(surface.vertices(portrait.identity, expression))
    pose = place_head(shape, surface.origin, rotation, crop_matrix(0, 1, np.zeros(2)))
    person = DrawablePortrait(surface, portrait)
    drawn = PortraitRenderer(surface).draw(person, View(portrait.identity, expression, rotation, pose), 192)
    padded = pad(np.ascontiguousarray(drawn.picture[..., ::-1].astype(np.uint8)))
    found = landmarker.find(padded)
    assert found is not None, f"no face found at {yaw} degrees"
    border = (padded.shape[0] - 192) / 2
    assert border == round(border)
    error = np.linalg.norm(found[0][:, :2] - border - drawn.points[:, :2], axis=1)[INNER].mean()
    return 100 * float(error) / float(np.linalg.norm(drawn.points[33] - drawn.points[263]))
