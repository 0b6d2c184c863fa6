"""`curve`: figures against the samples seen."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("cv2")

from peekaboo_training.__main__ import main
from peekaboo_training.measure.curve import error_of, fit


def manifest(path, **covered):
    path.write_text(json.dumps({"figures": {"scores": {"covered": covered}}}))
    return path


def test_a_power_law_is_found_again_and_says_when_the_goal_comes():
    law = fit("nme_median", [(samples, 40 * samples**-0.25) for samples in (1e4, 1e5, 1e6)])
    assert law.power == pytest.approx(0.25)
    assert law.samples_for(40 * 1e8**-0.25) == pytest.approx(1e8)


def test_what_is_to_be_high_counts_from_above():
    assert error_of("iou", 80.0) == 20.0
    law = fit("iou", [(1e4, 60.0), (4e4, 80.0)])  # half the error at four times the samples
    assert law.power == pytest.approx(0.5)


def test_geometry_is_read_from_a_score_folder_and_people_lie_apart_by_how_far_true_ones_do(tmp_path, capsys):
    for name, median, between in (("a", 1.4, 0.68), ("b", 1.2, 2.18)):
        folder = tmp_path / name
        folder.mkdir()
        whole = {"images": 180, "similarity": {"median": median}, "rigid": {"median": 2.0}}
        geometry = {"conditions": {"all": whole}, "consistency": {"within": 1.0, "between": between}}
        (folder / "geometry.json").write_text(json.dumps(geometry))
    assert main(["curve", f"1e4={tmp_path / 'a'}", f"4e4={tmp_path / 'b'}"]) == 0
    text = capsys.readouterr().out
    assert "| geometry | similarity_median_mm | 1.40 | 1.20 | 1 |" in text
    assert "| geometry | between_mm | 0.68 | 2.18 | 1.5 | 29.3 % |" in text  # 3 mm short, then 1.5 mm


def test_an_error_that_grows_never_comes_down():
    assert fit("nme_median", [(1e4, 2.0), (1e6, 2.2)]).samples_for(1.8) == float("inf")


def test_the_table_reads_manifests_and_score_folders(tmp_path, capsys):
    folder = tmp_path / "score"
    folder.mkdir()
    figures = {"nme_median": [4.0, 3.8, 4.2]}
    (folder / "score-covered.json").write_text(json.dumps({"set": "covered", "figures": figures}))
    other = manifest(tmp_path / "manifest.json", nme_median=2.0)
    plot = tmp_path / "plot.png"
    pytest.importorskip("matplotlib")
    assert main(["curve", f"4e4={other}", f"1e4={folder}", "--plot", str(plot)]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| covered | nme_median"))
    assert row == "| covered | nme_median | 4.00 | 2.00 | 2.7 | 29.3 % | 2.2e+04 |"
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_the_plot_has_a_panel_for_each_figure_with_points_and_its_goal():
    pytest.importorskip("matplotlib")
    from peekaboo_training.measure.curve_plot import plot_curves

    points = [(1e4, 4.0), (4e4, 2.0)]
    curves = {("covered", "nme_median"): points, ("covered", "iou"): [], ("geometry", "within_mm"): points[:1]}
    figure = plot_curves(curves, {key: 1.5 for key in curves})
    panels = [panel for panel in figure.axes if panel.axison]
    assert [panel.get_title() for panel in panels] == ["covered nme median", "geometry within"]
    curve, goal = panels[0].lines
    assert list(zip(*curve.get_data(), strict=True)) == points and set(goal.get_ydata()) == {1.5}
    assert panels[0].get_xscale() == "log"
    with pytest.raises(ValueError, match="no curve"):
        plot_curves({("covered", "iou"): []}, {})


def test_a_figure_without_errors_has_no_law(tmp_path, capsys):
    assert fit("failure", [(1e4, 0.0), (1e5, 0.0), (1e6, 2.0)]) is None
    files = [manifest(tmp_path / f"{n}.json", nme_median=5.0 - n, iou=100.0) for n in range(2)]
    assert main(["curve", f"1e4={files[0]}", f"1e5={files[1]}"]) == 0
    assert "| iou |" not in capsys.readouterr().out


def test_figures_below_the_least_samples_are_shown_and_not_fitted(tmp_path, capsys):
    files = [manifest(tmp_path / f"{n}.json", nme_median=value) for n, value in enumerate((9.0, 4.0, 2.0))]
    points = [f"{samples}={file}" for samples, file in zip((1e2, 1e4, 4e4), files, strict=True)]
    assert main(["curve", *points, "--fit-from", "1e4"]) == 0
    assert "| covered | nme_median | 9.00 | 4.00 | 2.00 | 2.7 | 29.3 % | 2.2e+04 |" in capsys.readouterr().out


@pytest.mark.parametrize("points", [["1e4"], ["many=manifest.json"], ["1e4=absent.json"], ["0={there}"]])
def test_what_cannot_be_read_is_named(points, tmp_path):
    there = manifest(tmp_path / "manifest.json", nme_median=2.0)
    points = [point.format(there=there) for point in points]
    with pytest.raises(SystemExit, match="SAMPLES=PATH"):
        main(["curve", *points])


def test_one_number_of_samples_is_no_curve(tmp_path):
    with pytest.raises(SystemExit, match="two numbers of samples"):
        main(["curve", f"1e4={manifest(tmp_path / 'a.json', nme_median=2.0)}"])
