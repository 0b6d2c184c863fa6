"""The manifest's figures and terms, and the tables that are filled in from them. Needs numpy only."""

import json

import pytest

from peekaboo_training import settings
from peekaboo_training.__main__ import main
from peekaboo_training.bundle import figures
from peekaboo_training.bundle.manifest import TERMS

SETS = [
    {"set": "clear", "images": 122, "figures": {"found": [100.0, 100.0, 100.0, 122], "nme_median": [2.25, 2, 2.3, 71],
                                                "identity_auc": [88.3, 84.2, 92.2, 51], "smile_seen": [None, 0, 0, 0]}},
    {"set": "covered", "images": 204, "figures": {"found": [99.0, 98.0, 100.0, 204], "iou": [70.193, 68, 72, 204]},
     "rows": [{"file": "a.jpg"}]},
]  # fmt: skip
GEOMETRY = {"images": 180, "conditions": {
    "all": {"images": 180, "similarity": {"median": 1.28864, "std": 1.6}, "rigid": {"median": 1.45335}},
}, "occluded_minus_neutral": {"similarity": {"occluded": {"mean": 0.12345, "low": 0.1, "high": 0.2}}},
   "consistency": {"within": 0.80107, "between": 1.18157, "ratio": 0.68}}  # fmt: skip
HELD_BACK = {
    "faces": 300,
    "points": {kind: {"median": m, "p90": 2 * m, "failures": 0.5} for kind, m in (("clean", 1.5), ("covered", 3.0))},
    "iou": {"covered": {"mean": 0.8125}},
    "falseOccluder": {"clean": {"mean": 0.25}},
}


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """A bundle that knows its network only by its checksum, and files of figures beside it."""
    monkeypatch.setattr(settings, "MODELS_FOLDER", tmp_path)
    for name, content in (("score", SETS), ("score-clear", SETS[0]), ("geometry", GEOMETRY), ("held-back", HELD_BACK)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    (tmp_path / "peekaboo").mkdir()
    manifest = {"terms": "old", "figures": {"heldBack": {"faces": 1}, "scores": {"old": {"images": 1}}},
                "sha256": {"network.onnx": "0"}}  # fmt: skip
    (tmp_path / "peekaboo/manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def manifest_of(bundle):
    return json.loads((bundle / "peekaboo/manifest.json").read_text())


def test_scores_are_kept_short(bundle):
    scores = [str(bundle / "score.json"), str(bundle / "geometry.json")]
    assert main(["figures", "--scores", *scores, "--held-back", str(bundle / "held-back.json")]) == 0
    written = manifest_of(bundle)
    assert written["figures"] == {
        "heldBack": HELD_BACK,
        "scores": {
            "clear": {"images": 122, "found": 100.0, "nme_median": 2.25},
            "covered": {"images": 204, "found": 99.0, "iou": 70.193},
            "geometry": {"images": 180, "similarity_median_mm": 1.289, "rigid_median_mm": 1.453,
                         "occluded_minus_neutral_mm": 0.123, "within_mm": 0.801, "between_mm": 1.182},
        },
    }  # fmt: skip
    assert written["sha256"] == {"network.onnx": "0"}


def test_parts_that_are_not_named_stay(bundle):
    assert main(["figures", "--scores", str(bundle / "score-clear.json")]) == 0
    assert manifest_of(bundle)["figures"]["heldBack"] == {"faces": 1}
    assert list(manifest_of(bundle)["figures"]["scores"]) == ["clear"]


def test_terms_are_renewed_and_lead_with_the_restriction(bundle):
    main(["figures", "--keep-terms"])
    assert manifest_of(bundle)["terms"] == "old"
    main(["figures"])
    assert manifest_of(bundle)["terms"] == TERMS
    assert TERMS.startswith("For research and private use only")


def test_meshes_of_different_topology_have_no_consistency(bundle):
    (bundle / "geometry.json").write_text(json.dumps(GEOMETRY | {"consistency": None}))
    main(["figures", "--scores", str(bundle / "geometry.json")])
    geometry = manifest_of(bundle)["figures"]["scores"]["geometry"]
    assert "within_mm" not in geometry and figures.geometry_text(geometry).endswith("0.12 mm higher.")


def test_a_file_of_another_kind_is_refused(bundle):
    with pytest.raises(ValueError, match="held-back.json: neither"):
        main(["figures", "--scores", str(bundle / "held-back.json")])
    assert manifest_of(bundle)["figures"]["scores"] == {"old": {"images": 1}}


def test_tables_replace_what_is_between_the_markers(bundle):
    card = bundle / "card.md"
    card.write_text(f"# Card\n\n{figures.BEGIN}\nold\n{figures.END}\n\nend\n")
    scores = ["--scores", str(bundle / "score.json"), str(bundle / "geometry.json")]
    command = ["figures", *scores, "--held-back", str(bundle / "held-back.json"), "--write", str(card)]
    main(command)
    first = card.read_text()
    main(command)
    assert card.read_text() == first
    assert "old" not in first and first.startswith("# Card\n\n") and first.endswith("\n\nend\n")
    lines = first.splitlines()
    assert "| set | images | found % | NME median % | occluder IoU, head % |" in lines
    assert "| clear | 122 | 100.0 | 2.25 | – |" in lines
    assert "| covered | 204 | 99.0 | – | 70.2 |" in lines
    assert "error is 1.29 mm after similarity alignment (rotation, translation, scale) and 1.45 mm after rigid" in first
    assert "If an occluder covers the face, the error is on average 0.12 mm higher." in first
    assert "mean mesh is 0.80 mm (rms), the distance of these mean meshes from the overall mean is 1.18 mm." in first
    assert "| 300 covered | 3.00 | 6.00 | 0.50 | 81.2 | – |" in lines


PAIR = figures.BEGIN + figures.END


def test_groups_of_faces_get_a_table(bundle):
    row = {"faces": 12, "median": 2.5, "p90": 4.0, "failures": 8.33, "iou": 61.2}
    splits = {"tone": {"dark, covered": row, "light, clear": row | {"faces": 0}}, "yaw": {"15 to 30, clear": row}}
    (bundle / "breakdown.json").write_text(json.dumps({"splits": splits, "people": {}}))
    text = bundle / "card.md"
    text.write_text("<!-- figures --><!-- /figures -->")
    assert main(["figures", "--breakdown", str(bundle / "breakdown.json"), "--write", str(text)]) == 0
    written = text.read_text()
    assert "| skin tone: dark, covered | 12 | 2.50 | 4.00 | 8.33 | 61.2 |" in written
    assert "yaw in degrees: 15 to 30, clear" in written and "light, clear" not in written


@pytest.mark.parametrize("text", ["none", figures.BEGIN, f"{figures.END} {figures.BEGIN}", 2 * PAIR])
def test_a_file_without_the_markers_is_refused(text, tmp_path):
    path = tmp_path / "card.md"
    path.write_text(text)
    with pytest.raises(ValueError, match="once each"):
        figures.fill(path, "table")
    assert path.read_text() == text
