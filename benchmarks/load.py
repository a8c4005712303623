"""Several people at the same thing at once, as the threads of one server process have them."""

import threading
import time
from collections.abc import Callable, Sequence


def timed(call: Callable[[], object]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def together(people: Sequence[Callable[[], list[float]]]) -> tuple[list[float], float]:
    """All of them at once, each in a thread; gives what they measured, and the seconds until the last was done."""
    measured: list[list[float]] = [[] for _ in people]
    faults: list[BaseException] = []
    gate = threading.Barrier(len(people) + 1)

    def work(place: int) -> None:
        from django.db import connections

        gate.wait()
        try:
            measured[place] = people[place]()
        except BaseException as error:  # noqa: BLE001 - told to the one who waits
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(people))]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    return [value for each in measured for value in each], seconds
