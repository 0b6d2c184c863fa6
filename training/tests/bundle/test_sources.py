"""Sources of the open weights: manifest, model card and NOTICE state the same. Needs no torch."""

import json

import pytest

from peekaboo_training import settings
from peekaboo_training.bundle.manifest import OPEN_TERMS
from peekaboo_training.bundle.sources import SOURCES_OF_BUNDLES

BUNDLES = sorted(SOURCES_OF_BUNDLES)


@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_manifest_lists_the_sources(bundle):
    manifest = json.loads((settings.MODELS_FOLDER / bundle / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["sources"] == SOURCES_OF_BUNDLES[bundle]
    assert manifest["terms"] == OPEN_TERMS


@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_model_card_has_one_row_per_source(bundle):
    card = (settings.MODELS_FOLDER / bundle / "MODEL_CARD.md").read_text(encoding="utf-8")
    rows = [line for line in card.splitlines() if line.startswith("|")]
    for source in SOURCES_OF_BUNDLES[bundle]:
        row = [row for row in rows if source["name"] in row]
        assert len(row) == 1, source["name"]
        assert source["licence"] in row[0] and source["attribution"] in row[0], source["name"]
        assert not source["count"] or f"{source['count']:,}" in row[0], source["name"]


@pytest.mark.parametrize("bundle", BUNDLES)
def test_notice_names_each_source_with_its_licence(bundle):
    notice = (settings.PROJECT_ROOT / "NOTICE").read_text(encoding="utf-8")
    section = notice.split(f"(public/models/{bundle})")[1].split("\n\n")[0]
    for source in SOURCES_OF_BUNDLES[bundle]:
        entry = [line for line in section.split("\n- ") if source["name"] in " ".join(line.split())]
        assert len(entry) == 1, source["name"]
        assert source["licence"] in " ".join(entry[0].split()), source["name"]
