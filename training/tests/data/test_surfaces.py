"""Surfaces from npm's modules with embedded files, and drawn pictures without a face."""

import base64

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2")

from peekaboo_training.covers.cloth import cloth
from peekaboo_training.covers.material import Material, read_material
from peekaboo_training.data import decoys, surfaces


def write_module(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'export default "data:image/x;base64,{base64.b64encode(data).decode()}"')


def test_parts_of_a_panorama_are_exposed_for_what_they_show(tmp_path):
    openexr = pytest.importorskip("OpenEXR")
    dark = np.linspace(0.001, 0.004, 256, dtype=np.float32)[:, None, None] * np.ones((1, 512, 3), np.float32)
    header = {"compression": openexr.ZIP_COMPRESSION, "type": openexr.scanlineimage}
    with openexr.File(header, {"RGB": dark}) as file:
        file.write(str(tmp_path / "dark.exr"))
    write_module(tmp_path / "hdri" / "dark.exr.js", (tmp_path / "dark.exr").read_bytes())
    parts = list(surfaces._panorama_parts(tmp_path / "hdri"))
    assert len(parts) == 16 and len({name for name, _ in parts}) == 16
    for _, part in parts:
        assert part.shape == (192, 192, 3) and part.dtype == np.uint8 and 120 < np.median(part) < 240


def test_written_surfaces_are_read_as_material(tmp_path):
    picture = np.full((40, 40, 3), 90, np.uint8)
    for name in ("textures", "normals", "matcaps"):
        assert surfaces._write(tmp_path / name, iter([("one", picture)])) == 1
    material = read_material(tmp_path)
    assert [len(material.textures), len(material.normals), len(material.matcaps)] == [1, 1, 1]


def test_a_module_without_a_file_is_named(tmp_path):
    (tmp_path / "empty.webp.js").write_text("export default 1")
    with pytest.raises(ValueError, match="empty.webp.js"):
        surfaces._decoded(tmp_path / "empty.webp.js")


@pytest.mark.parametrize("draw", [decoys.torso, decoys.fur, lambda rng: decoys.suit(rng, cloth(rng, Material()))])
def test_decoys_are_pictures(draw):
    rng = np.random.default_rng(1)
    for _ in range(8):
        picture = draw(rng)
        assert picture.shape == (192, 192, 3) and picture.dtype == np.float32
        assert 0 <= picture.min() and picture.max() <= 255 and picture.std() > 1
