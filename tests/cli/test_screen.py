import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.installation import descendants, gone
from tests.cli.test_base_install import WITHOUT_SERVER

from wardmote.detect import Screener
from wardmote.edges.cli.screen.thresholds import guidance

pytestmark = pytest.mark.alike_on_both

TEXTS = ["The lime trees are in flower.", "I will find you and kill you, I know where you live.", "☂ naïve 李雷"]


def screen(*arguments: str | Path, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run the command where nothing of the server can be imported and no home can be made."""
    command = [sys.executable, "-c", WITHOUT_SERVER, "screen", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "WARDMOTE_HOME": "/dev/null/home"}
    return subprocess.run(command, input=given, capture_output=True, timeout=600, check=False, env=environment)


def lines(*rows: object) -> bytes:
    return b"".join(row if isinstance(row, bytes) else json.dumps(row).encode() + b"\n" for row in rows)


def read(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_each_text_is_scored_as_by_the_library_and_in_order(tmp_path: Path) -> None:
    """More rows than one piece holds, by two processes: the same ids, scores and spans as one by one."""
    rows = [{"id": n, "text": f"{TEXTS[n % 3]} {n}"} for n in range(5_000)]
    (tmp_path / "in.jsonl").write_bytes(lines(*rows))
    done = screen(tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", "--processes", "2")
    found = read((tmp_path / "out.jsonl").read_bytes())
    screener, limits = Screener.default(), guidance()

    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in rows] == [row["id"] for row in found]
    for row, answer in list(zip(rows, found, strict=True))[:6]:
        screening = screener.screen(str(row["text"]))
        over = {category for category, score in screening.scores.items() if score >= limits[category]}
        assert screening.scores == answer["scores"]
        assert bool(over) == answer["flagged"]
        assert [
            {"start": span.start, "end": span.end, "category": signal.category, "weight": round(span.weight, 4)}
            for signal in screening.signals
            if signal.category in over
            for span in signal.spans
        ] == answer["spans"]
    assert {False, True} == {row["flagged"] for row in found}
    assert list(found[0]) == ["id", "scores", "flagged", "spans"]


def test_a_pipe_is_read_and_written(tmp_path: Path) -> None:
    """From stdin to stdout, with nothing else on stdout."""
    done = screen("-", given=lines(*({"id": str(n), "text": text} for n, text in enumerate(TEXTS))))

    assert done.returncode == 0
    assert [row["id"] for row in read(done.stdout)] == ["0", "1", "2"]
    assert [row["flagged"] for row in read(done.stdout)] == [False, True, False]


def test_parquet_is_read_alike(tmp_path: Path) -> None:
    """The columns id and text of a Parquet file, whatever else it has; a text that is missing is named by its row."""
    table = pa.table({"more": [1.5] * 4, "text": [*TEXTS, None], "id": [10, 11, 12, 13]})
    pq.write_table(table, tmp_path / "in.parquet")
    done = screen(tmp_path / "in.parquet")
    plain = screen("-", given=lines(*({"id": 10 + n, "text": text} for n, text in enumerate(TEXTS))))

    assert read(plain.stdout) == read(done.stdout)
    assert b"line 4: no text" in done.stderr
    assert done.returncode == 1


def test_bad_lines_are_named_and_left_out() -> None:
    """Each with its number and the fault; the rest is screened, and the status says that something was left out."""
    done = screen(
        "-",
        given=lines(
            {"id": 1, "text": "one"},
            b"{broken\n",
            b"\n",
            b'{"id": 4, "text": "\xff"}\n',
            {"id": 5},
            {"text": "six"},
            {"id": 7, "text": 7},
            {"id": 8, "text": "\ud800"},
            [9],
            {"id": 10, "text": "x" * 50_001},
            {"id": 11, "text": ""},
            b'{"id": 12, "text": "twelve"}',
        ),
    )

    assert done.returncode == 1
    assert [row["id"] for row in read(done.stdout)] == [1, 11, 12]
    said = done.stderr.decode().splitlines()
    assert said[0].startswith("line 2: not JSON")
    assert said[1:8] == [
        "line 4: not UTF-8 at byte 20",
        "line 5: no text",
        "line 6: no id",
        "line 7: text is not a text",
        "line 8: the text is not valid Unicode at character 1",
        "line 9: not a JSON object",
        "line 10: the text has 50,001 characters; the most is 50,000",
    ]
    assert said[8].startswith("3 texts in ")
    assert said[8].endswith("8 lines were left out")


def test_a_threshold_of_ones_own_replaces_the_models() -> None:
    """Only the named category moves; a category that nobody scores is refused in one line."""
    row = lines({"id": 1, "text": TEXTS[1]})
    names = Screener.default().categories
    never = screen("-", *(f"--threshold={name}=1" for name in names), given=row)
    always = screen("-", *(f"--threshold={name}=0" for name in names), given=row)
    unknown = screen("-", "--threshold", "weather=0.5", given=row)

    assert [(row["flagged"], row["spans"]) for row in read(never.stdout)] == [(False, [])]
    assert set(names) >= {span["category"] for span in read(always.stdout)[0]["spans"]} > {names[0]}
    assert unknown.returncode == 1
    assert unknown.stderr.decode().strip() == (
        f"wardmote: nothing scores weather; the categories are {', '.join(names)}"
    )


def test_a_reader_who_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    """`wardmote screen … | head -1` gives its line, no traceback, and leaves no process behind."""
    (tmp_path / "in.jsonl").write_bytes(lines(*({"id": n, "text": TEXTS[0]} for n in range(50_000))))
    command = f"{sys.executable} -m wardmote screen {tmp_path}/in.jsonl | head -1"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=600, check=False, env=environment)

    assert [row["id"] for row in read(done.stdout)] == [0]
    assert done.stderr == b""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_stopped_in_the_middle_it_leaves_no_process_and_no_half_file(tmp_path: Path, number: signal.Signals) -> None:
    """After Ctrl-C there is neither output nor a part of it; killed with -9, its workers still end."""
    read_end, write_end = os.pipe()
    command = [
        sys.executable,
        "-m",
        "wardmote",
        "screen",
        "-",
        "--out",
        str(tmp_path / "out.jsonl"),
        "--processes",
        "2",
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(command, stdin=read_end, stderr=subprocess.PIPE, env=environment)
    os.close(read_end)
    part = tmp_path / "out.jsonl.part"
    # Enough pieces that results come back and are written while the pipe is still open.
    sent = lines(*({"id": n, "text": TEXTS[0]} for n in range(2_000)))
    deadline = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size):
        assert time.monotonic() < deadline
        os.write(write_end, sent)
    family = descendants(process.pid)
    process.send_signal(number)
    _, said = process.communicate(timeout=600)
    os.close(write_end)

    assert len(family) >= 2
    assert gone(family, within=5)
    assert not (tmp_path / "out.jsonl").exists()
    if number == signal.SIGINT:
        assert (process.returncode, said) == (130, b"")
        assert not part.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gone.jsonl"], "gone.jsonl cannot be read: No such file or directory"),
        (["in.jsonl", "--out", "in.jsonl"], "in.jsonl is what is read; write somewhere else"),
        (["in.jsonl", "--out", "no/such/folder"], "no/such/folder cannot be written: No such file or directory"),
        (["short.parquet"], "short.parquet has no column text"),
    ],
)
def test_what_cannot_begin_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    """A missing file, a target that is the source, no such folder or column: one line, status 1, nothing written."""
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_bytes(lines({"id": 1, "text": TEXTS[0]}))
    pq.write_table(pa.table({"id": [1]}), "short.parquet")
    before = Path("in.jsonl").read_bytes()
    done = screen(*arguments)

    assert done.returncode == 1
    assert f"wardmote: {sentence}" == done.stderr.decode().strip()
    assert before == Path("in.jsonl").read_bytes()
    assert {"in.jsonl", "short.parquet"} == {path.name for path in tmp_path.iterdir()}
