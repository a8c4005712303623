"""A process that publishes without a pause until its input is closed: `python busy_writer.py COMMUNITY MEMBER`.

Prints a line when it has begun, and at its end how many posts it made.
"""

import os
import sys
import threading


def main(community: int, member: int) -> None:
    from wardmote.config.boot import setup

    # Nobody writes that fast.
    os.environ["WARDMOTE_PACE"] = "0"
    setup()
    from wardmote.journeys.members.publish import publish
    from wardmote.kernel import clock

    done = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        done.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    count = 0
    while not done.is_set():
        publish(
            community_id=community, member_id=member, text=f"Minute {count}: the lime trees stand.", now=clock.now()
        )
        count += 1
        if count == 1:
            print("writing", flush=True)  # noqa: T201 - this is how it answers
    print(count, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
