"""The misfit between picture and drawn face: what it teaches the mask, what it leaves alone, and the guard."""

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.learn.alternation import WATCHED, Alternation, MaskGuard
from peekaboo_training.learn.misfit import (
    Misfit,
    MisfitPrior,
    inlier,
    mask_by_misfit,
    misfit,
    seen_photometric,
    teacher,
)
from peekaboo_training.network.network import PeekabooNetwork
from peekaboo_training.scene.geometry import FaceGeometry
from synthetic_samples import random_face_model, random_sample, random_samples

torch.set_num_threads(1)
COUNT = 400


def found(error: float, covered_left: float | None = None) -> Misfit:
    """Vertices spread over the crop with one misfit, another on the left half."""
    g = torch.Generator().manual_seed(0)
    place = torch.rand(1, COUNT, 2, generator=g) * 1.2 - 0.6
    errors = torch.full((1, COUNT, 3), error)
    if covered_left is not None:
        errors[place[..., 0] < 0] = covered_left
    return Misfit(errors, place, torch.ones(1, COUNT))


def spread(value: float = 0.1) -> torch.Tensor:
    return torch.full((COUNT,), value)


def test_small_misfits_are_face_and_large_ones_are_not():
    q = inlier(found(0.02, covered_left=0.5), spread())
    left = found(0, 0).place[..., 0] < 0
    assert q[left].max() < 0.05 and q[~left].min() > 0.9


def test_a_common_gain_is_not_an_outlier_and_a_large_usual_misfit_forgives():
    assert inlier(found(0.08), spread(0.06)).min() > 0.8
    q = [float(inlier(found(0.0, covered_left=0.45), spread(s)).min()) for s in (0.08, 0.3)]
    assert q[0] < 0.1 < 0.6 < q[1]


def test_the_teacher_gives_the_side_that_differs():
    q, told = teacher(found(0.0, covered_left=0.5), spread())
    inside = told[0].bool()
    left = torch.arange(48)[None].expand(48, 48) < 22
    right = torch.arange(48)[None].expand(48, 48) > 26
    assert q[0][inside & left].mean() < 0.1 and q[0][inside & right].mean() > 0.9
    assert not told[0, :5].any()


def test_the_mask_learns_outliers_keeps_hands_that_look_like_face_and_spares_pasted_covers():
    logits = torch.zeros(1, 96, 96, requires_grad=True)
    q, told = teacher(found(0.0, covered_left=0.5), spread())
    mask_by_misfit(logits, q, told, torch.zeros(1, 96, 96), torch.ones(1)).backward()
    assert logits.grad[0, 40:56, 30:40].mean() < 0 < logits.grad[0, 40:56, 56:66].mean()
    coarse = torch.zeros(1, 48, 48, requires_grad=True)
    mask_by_misfit(coarse, q, told, torch.zeros(1, 96, 96), torch.ones(1)).backward()
    assert coarse.grad[0, 20:28, 15:20].mean() < 0 < coarse.grad[0, 20:28, 28:33].mean()
    sure = torch.full((1, 96, 96), 3.0, requires_grad=True)
    mask_by_misfit(sure, q, told, torch.zeros(1, 96, 96), torch.ones(1)).backward()
    assert sure.grad[0, 40:56, 56:66].abs().max() == 0
    logits.grad = None
    mask_by_misfit(logits, q, told, torch.ones(1, 96, 96), torch.ones(1)).backward()
    assert logits.grad.abs().max() == 0


def test_covered_vertices_teach_the_face_nothing():
    error = torch.full((1, COUNT, 3), 0.3, requires_grad=True)
    place = found(0).place
    covered = torch.zeros(1, 96, 96)
    covered[:, :, :48] = 1.0
    seen_photometric(Misfit(error, place, torch.ones(1, COUNT)), covered, spread(), torch.ones(1)).backward()
    moved = error.grad.abs().sum(dim=-1)[0]
    assert moved[place[0, :, 0] < -0.05].max() < 1e-6 and moved[place[0, :, 0] > 0.05].min() > 0


def test_the_photometric_loss_reaches_pose_shape_and_light():
    geometry, sample = FaceGeometry(random_face_model(), 80, 60), random_sample(2)
    outputs = PeekabooNetwork()(sample["image"])
    names = ("identity", "expression", "pose", "albedo", "light")
    leaves = {name: torch.zeros_like(getattr(outputs, name)).requires_grad_() for name in names}
    difference = misfit(outputs._replace(**leaves), sample["image"], geometry)
    seen_photometric(difference, torch.zeros(2, 96, 96), torch.full((80,), 0.1), torch.ones(2)).backward()
    for name, leaf in leaves.items():
        assert leaf.grad.abs().sum() > 0, name


def test_the_prior_forgets_what_is_in_front():
    prior = MisfitPrior(COUNT)
    for _ in range(30):
        prior.add(found(0.1, covered_left=0.9), torch.ones(1))
    assert float(prior.spread().max()) == pytest.approx((0.045**2 + 0.1**2) ** 0.5, abs=0.01)


def test_steps_alternate_and_add_one_loss_each():
    geometry, sample = FaceGeometry(random_face_model(), 80, 60), random_sample(4)
    alternation = Alternation(geometry, "map")
    network = PeekabooNetwork()
    alternation.measure_prior(network, random_samples(2), batches=2)
    outputs = network(sample["image"])
    names = [next(iter(alternation.losses(step, outputs, sample))) for step in (0, 59, 60, 199, 200)]
    assert names == ["misfitMask", "misfitMask", "seen", "seen", "misfitMask"]
    with pytest.raises(ValueError, match="map or flat"):
        Alternation(geometry, "none")


def test_the_guard_takes_a_collapsed_mask_back():
    network, sample = PeekabooNetwork(), random_sample(4) | {"covered": torch.zeros(4)}
    guard, healthy = MaskGuard(network), network.decoder.final.bias.detach().clone()
    outputs = network(sample["image"])
    assert not any(
        guard.watch(outputs._replace(mask=torch.full_like(outputs.mask, -5)), sample, 0.7) for _ in range(WATCHED)
    )
    with torch.no_grad():
        network.decoder.final.bias.fill_(9.0)
    taken = [guard.watch(outputs._replace(mask=torch.full_like(outputs.mask, 5)), sample, 0.7) for _ in range(WATCHED)]
    assert taken[-1] and torch.equal(network.decoder.final.bias, healthy)
