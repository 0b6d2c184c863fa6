"""Losses against exact coefficients."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.learn.coefficient_losses import exact_shape_losses, usual_squares
from peekaboo_training.learn.losses import WEIGHTS, stage_losses
from peekaboo_training.learn.point_losses import model_points, point_losses, seen_points
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.scene.camera import decode_pose
from peekaboo_training.scene.geometry import FaceGeometry
from peekaboo_training.scene.landmark_shift import INPUTS, LandmarkShift, shift_inputs
from synthetic_samples import random_face_model, random_sample

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
    assert squares.shape == (52,) and squares.min() > 0.01 and squares.max() < 0.3


def test_every_loss_of_the_stage_has_a_weight_and_is_finite():
    sample = random_sample(4)
    losses = stage_losses("full", PeekabooNetwork()(sample["image"]), sample, GEOMETRY)
    assert all(torch.isfinite(loss) for loss in losses.values()) and losses.keys() <= WEIGHTS.keys()


def test_points_of_photographs_slide_and_those_of_renders_stay():
    model, sample = random_face_model(), random_sample(4)
    sample["exact"] = torch.tensor([1.0, 0.0, 1.0, 0.0])
    reduce = np.zeros((1, INPUTS))
    reduce[0, -1] = 1.0
    upwards = LandmarkShift(reduce, np.tile([0.0, 2.0], (1, 478)))
    sliding = FaceGeometry(model, photo_vertices=60, skin_vertices=60, shift=upwards)
    outputs = answer(sample, pose=torch.zeros(4, 9))  # looks ahead
    moved = seen_points(outputs, sample, sliding) - model_points(outputs, sliding)
    assert not moved[[0, 2]].any() and not moved[..., [0, 2]].any()
    assert (moved[[1, 3], :, 1] < -1).all()  # two mm up, y down


def test_a_face_whose_points_slide_as_they_should_costs_nothing_and_shape_is_not_bent_for_it():
    sample = random_sample(2)
    sample["exact"] = torch.zeros(2)
    reduce = np.random.default_rng(0).normal(0, 1, (3, INPUTS)) / 10
    shift = LandmarkShift(reduce, np.random.default_rng(1).normal(0, 1, (3, 956)))
    sliding = FaceGeometry(random_face_model(), photo_vertices=60, skin_vertices=60, shift=shift)
    outputs = answer(sample)
    pose = decode_pose(outputs.pose.detach())
    inputs = shift_inputs(sample["identity"].numpy(), sample["expression"].numpy(), pose.rotation.numpy())
    points = model_points(outputs, sliding).detach().numpy()
    sample["points"] = torch.tensor(shift.move(points, inputs, pose.rotation.numpy(), pose.scale.numpy())).float()
    assert all(loss < 1e-6 for loss in point_losses(outputs, sample, sliding).values())
    assert point_losses(outputs, sample, GEOMETRY)["points"] > 0.1
    identity = sample["identity"].clone().requires_grad_()
    plain, slid = (
        torch.autograd.grad(points.sum(), identity)[0]
        for said in [outputs._replace(identity=identity)]
        for points in (model_points(said, sliding), seen_points(said, sample, sliding))
    )
    assert torch.allclose(plain, slid)
