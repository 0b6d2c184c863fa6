"""Light as 9 spherical harmonics per colour, and the picture value of a lit surface.

Normals are in camera axes: x right, y up, z to the viewer. Torch functions; any leading batch shape.
"""

from __future__ import annotations

import torch

from ..settings import GAMMA, LIGHT_BASE

_BLACK = 1e-6


def sh9(normals: torch.Tensor) -> torch.Tensor:
    """Evaluate the basis at unit normals (..., 3): (..., 9), in the order 1 y z x xy yz 3zz-1 xz xx-yy."""
    x, y, z = normals.unbind(-1)
    return torch.stack(
        [
            torch.full_like(x, 0.282095),
            0.488603 * y,
            0.488603 * z,
            0.488603 * x,
            1.092548 * x * y,
            1.092548 * y * z,
            0.315392 * (3 * z * z - 1),
            1.092548 * x * z,
            0.546274 * (x * x - y * y),
        ],
        -1,
    )


def irradiance(normals: torch.Tensor, light: torch.Tensor) -> torch.Tensor:
    """Irradiance (..., N, 3) on normals (..., N, 3) for light vectors (..., 27), three colours of 9."""
    colours = light.unflatten(-1, (3, 9))
    return sh9(normals) @ colours.transpose(-1, -2) + LIGHT_BASE * 0.282095


def shade(albedo: torch.Tensor, normals: torch.Tensor, light: torch.Tensor) -> torch.Tensor:
    """Picture values (..., N, 3), 0 = black, of linear albedo (..., N, 3) under light (..., 27).

    Not clipped at 1. The gradient stays finite at black.
    """
    linear = albedo * irradiance(normals, light)
    return linear.clamp_min(_BLACK) ** (1 / GAMMA)
