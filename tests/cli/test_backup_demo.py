"""A backup holds every row of an installation in which everything has happened, and gives every one back."""

from pathlib import Path

from tests.cli.installation import Installation

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
}


def rows(installation: Installation) -> dict[str, list[str]]:
    """Every table with its rows, in an order of their own."""
    tables = installation.sql(TABLES["postgresql" if installation.database_url else "sqlite"])
    return {name: sorted(map(repr, installation.sql(f'SELECT * FROM "{name}"'))) for (name,) in tables}  # noqa: S608


def test_the_whole_demonstration_comes_back_row_by_row(
    installation: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    """Cases, letters, measures and all that point at one another are restored exactly as they were."""
    installation.command("demo", "--reports", "5", patience=400)
    kept = installation.command("backup", str(tmp_path / "kept.backup"), patience=400)
    restored = elsewhere.command("restore", str(tmp_path / "kept.backup"), patience=400)
    before, after = rows(installation), rows(elsewhere)

    assert kept.returncode == 0, kept.stderr
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert len(before["moderation_case"]) > 20
    assert len(before["hosting_acceptance"]) > 1
    assert before == after
