"""A worker in a process of its own, whose one handler takes a minute: `python slow_worker.py LOG`."""

import os
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path


def main(log: Path) -> None:
    from wardmote.config import boot

    boot.setup()
    from wardmote.jobs.engine import run_worker

    def slow(word: object, *, now: datetime) -> None:
        log.write_text(f"{word} begun by {os.getpid()}", encoding="utf-8")
        time.sleep(60)

    run_worker(threading.Event(), {"tests.slow": slow}, lease=timedelta(seconds=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
