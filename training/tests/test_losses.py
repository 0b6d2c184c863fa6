"""Losses against exact coefficients."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.geometry import FaceGeometry  # noqa: E402
from peekaboo_training.losses import WEIGHTS, exact_shape_losses, stage_losses, usual_squares  # noqa: E402
from peekaboo_training.network import PeekabooNetwork  # noqa: E402

from synthetic_samples import random_face_model, random_sample  # noqa: E402

GEOMETRY = FaceGeometry(random_face_model(), photo_vertices=60, skin_vertices=60)


def answer(sample, **other):
    """What a network would say that knows the sample's coefficients."""
    outputs = PeekabooNetwork().eval()(sample["image"])
    return outputs._replace(identity=sample["identity"], expression=sample["expression"])._replace(**other)


def test_the_truth_costs_nothing_and_zeros_cost_one():
    sample = random_sample(4)
    sample["expression"] = torch.tensor(usual_squares()).sqrt().repeat(4, 1)
    assert not any(exact_shape_losses(answer(sample), sample, GEOMETRY).values())
    zeros = exact_shape_losses(answer(sample, expression=torch.zeros(4, 52)), sample, GEOMETRY)
    assert zeros["exactExpression"].item() == pytest.approx(1, abs=1e-4) and not zeros["exactForm"]


def test_photographs_have_no_exact_coefficients():
    sample = random_sample(4)
    sample["exact"] = torch.zeros(4)
    assert not any(exact_shape_losses(answer(sample, identity=torch.ones(4, 80)), sample, GEOMETRY).values())


def test_rare_expressions_are_usual_too():
    squares = np.array(usual_squares())
    assert squares.shape == (52,) and np.sort(squares)[1] > 0.01 and squares.max() < 0.3


def test_every_loss_of_the_stage_has_a_weight_and_is_finite():
    sample = random_sample(4)
    losses = stage_losses("full", PeekabooNetwork()(sample["image"]), sample, GEOMETRY)
    assert all(torch.isfinite(loss) for loss in losses.values()) and losses.keys() <= WEIGHTS.keys()
