"""Spherical harmonics: an even light shades all normals alike; a lamp shades the side it is on."""

import pytest

torch = pytest.importorskip("torch")

from peekaboo_training.scene.light import sh9, shade


def test_zero_light_is_even():
    normals = torch.nn.functional.normalize(torch.randn(50, 3, generator=torch.Generator().manual_seed(0)), dim=1)
    values = shade(torch.full((50, 3), 0.3), normals, torch.zeros(27))
    assert torch.allclose(values, torch.full((50, 3), (0.3 * 3.2 * 0.282095) ** (1 / 2.2)), atol=1e-5)


def test_the_basis_is_orthonormal_on_the_sphere():
    normals = torch.nn.functional.normalize(torch.randn(400_000, 3, generator=torch.Generator().manual_seed(0)), dim=1)
    basis = sh9(normals)
    product = basis.T @ basis / len(normals) * 4 * torch.pi
    assert torch.allclose(product, torch.eye(9), atol=0.02)


def test_light_from_the_left_shades_the_right():
    light = torch.zeros(3, 9)
    light[:, 3] = 1.0
    left, right = shade(torch.full((2, 3), 0.3), torch.tensor([[1.0, 0, 0], [-1.0, 0, 0]]), light.flatten())
    assert (left > right).all()


def test_black_has_a_gradient():
    albedo = torch.zeros(1, 3, requires_grad=True)
    shade(albedo, torch.tensor([[0.0, 0, 1]]), torch.zeros(27)).sum().backward()
    assert torch.isfinite(albedo.grad).all()
