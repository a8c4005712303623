"""The results as a table for the terminal, and as one for the page."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

Results = Mapping[str, Any]


def table(results: Results) -> Table:
    """All figures with their aims, peers beneath."""
    machine = results["machine"]
    title = f"{machine['cores']} cores, {machine['memory']} GiB, Python {machine['python']}, {machine['os']}"
    drawn = Table("benchmark", "figure", "with", title=title, title_justify="left")
    for heading in ("value", "aim", ""):
        drawn.add_column(heading, justify="right")
    for row in results["figures"]:
        said = {name: content for name, content in row["params"].items() if name != "data"}
        holds = "[green]holds[/]" if row["holds"] else "[red]misses[/]"
        drawn.add_row(row["benchmark"], row["figure"], setting({"params": said}), value(row), aim(row), holds)
        if "peer" in row:
            drawn.add_row(
                "", f"[dim]{row['peer']}[/]", "", f"[dim]{number(row['peer_value'])} {row['unit']}[/]", "", ""
            )
    return drawn


def setting(row: Results) -> str:
    """What it was measured with."""
    params = {name: f"{content:,}" if isinstance(content, int) else content for name, content in row["params"].items()}
    database = [params.pop("database")] if "database" in params else []
    return ", ".join([*database, *(f"{name}: {content}" for name, content in params.items())])


def value(row: Results) -> str:
    """The figure with its unit."""
    return f"{number(row['value'])} {row['unit']}"


def aim(row: Results) -> str:
    """The aim with the side on which the figure should be."""
    return f"{'≤' if row['better'] == 'lower' else '≥'} {number(row['aim'])}"


def number(amount: float) -> str:
    """With thousands marked, and no more digits than it has."""
    return f"{amount:,.0f}" if abs(amount) >= 100 else f"{amount:,.4g}"


def markdown(results: Results, benchmark: str) -> Iterator[str]:
    """The lines of a table of one benchmark."""
    yield "| figure | with | value | aim | |"
    yield "| --- | --- | ---: | ---: | --- |"
    for row in results["figures"]:
        if row["benchmark"] != benchmark:
            continue
        holds = "holds" if row["holds"] else "**misses**"
        yield f"| {row['figure']} | {setting(row)} | {value(row)} | {aim(row)} | {holds} |"
        if "peer" in row:
            yield f"| peer: {row['peer']} | the same run | {number(row['peer_value'])} {row['unit']} | | |"
