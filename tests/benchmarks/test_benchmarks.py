import json
from pathlib import Path

import pytest
from benchmarks.__main__ import main
from benchmarks.contract import NAMES
from benchmarks.figures import Figure, store
from benchmarks.page import KEPT, PAGE, render

ROW = {
    "benchmark": str,
    "figure": str,
    "params": dict,
    "value": float,
    "unit": str,
    "aim": float,
    "better": str,
    "holds": bool,
}


def check_rows(results: dict[str, object]) -> list[dict[str, object]]:
    """The rows, each of the shape that readers of the results count on."""
    assert set(results) == {"machine", "figures"}
    machine, rows = results["machine"], results["figures"]
    assert isinstance(machine, dict)
    assert isinstance(rows, list)
    assert set(machine) == {"cores", "memory", "python", "os"}
    for row in rows:
        assert set(ROW) <= set(row) <= {*ROW, "peer", "peer_value"}
        assert ("peer" in row) == ("peer_value" in row)
        assert all(isinstance(row[name], (int, float) if kind is float else kind) for name, kind in ROW.items())
        assert row["better"] in ("lower", "higher")
        assert row["holds"] == (row["value"] <= row["aim"] if row["better"] == "lower" else row["value"] >= row["aim"])
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_each_benchmark_runs_at_a_tiny_size_and_writes_valid_rows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite, with texts of our own; nothing is said of how fast it was."""
    monkeypatch.delenv("WARDMOTE_DATA", raising=False)
    monkeypatch.setattr("benchmarks.__main__.postgresql", lambda: None)
    status = main([name, "--size", "tiny", "--out", str(tmp_path / "results.json")])
    text = (tmp_path / "results.json").read_text("utf-8")
    rows = check_rows(json.loads(text))

    assert status == 0
    assert {row["benchmark"] for row in rows} == {name}
    assert {row["params"].get("data", "synthetic") for row in rows} == {"synthetic"}  # type: ignore[attr-defined]
    assert str(tmp_path) not in text


def test_a_figure_is_held_against_its_aim_as_it_is_written() -> None:
    """What rounds to the aim reaches it: the row never says otherwise than its own value."""
    row = Figure("post", "p50", 17.0004, "ms", 17, "lower").as_row()

    assert (row["value"], row["holds"]) == (17.0, True)


def test_a_run_of_one_keeps_what_the_others_said(tmp_path: Path) -> None:
    """Its own rows are replaced; those of other benchmarks on the same machine stay."""
    path = tmp_path / "results.json"
    quick, slow = Figure("post", "p50", 3.0, "ms", 17, "lower"), Figure("post", "p50", 20.0, "ms", 17, "lower")
    store([quick, Figure("claim", "p50", 5.0, "ms", 18, "lower")], ran=["post", "claim"], path=path)
    results = store([slow], ran=["post"], path=path)
    found = [(row["benchmark"], row["value"], row["holds"]) for row in check_rows(results)]

    assert found == [("claim", 5.0, True), ("post", 20.0, False)]


def test_the_page_of_figures_is_in_step_with_the_results_kept_beside_it() -> None:
    """Whoever takes new figures runs `python -m benchmarks.page`; every kept row is valid and on the page."""
    results = json.loads(KEPT.read_text("utf-8"))

    assert check_rows({name: part for name, part in results.items() if name != "note"})
    assert PAGE.read_text("utf-8") == render(results)


def test_an_unknown_benchmark_is_a_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    """The names that there are stand in the answer."""
    with pytest.raises(SystemExit) as exit_info:
        main(["speed"])

    assert exit_info.value.code == 2
    assert "there is no benchmark speed; there are screen, cascade, worst" in capsys.readouterr().err
