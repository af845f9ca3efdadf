"""How many codes can be tried out on a running server, and how long the right one takes meanwhile.

    python -m benchmarks.guessing [addresses] [seconds]

Each address is one of this computer's own (127.x.y.z); each guess is a browser of its own.
"""

import http.client
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.servers import Server, running
from npswidgets.domain.join_code import new_code
from npswidgets.server.http import guesses

CODES = 900_000
HOURS = 4
THREADS = 16
PAUSE_SECONDS = 0.5


def try_out(server: Server, code: str, address: str) -> tuple[str, float]:
    """What the page says to a code from this address, and the seconds that it took."""
    host, port = server.base.removeprefix("http://").split(":")
    began = time.monotonic()
    connection = http.client.HTTPConnection(host, int(port), timeout=30, source_address=(address, 0))
    connection.request("GET", f"/join/{code}")
    said = connection.getresponse().read().decode()
    connection.close()
    return said, time.monotonic() - began


def measure(server: Server, addresses: int, seconds: float) -> None:
    """Guesses as fast as the server answers, and types the right code from other addresses meanwhile."""
    attackers = [f"127.1.{at // 250}.{at % 250 + 1}" for at in range(addresses)]
    end = time.monotonic() + seconds

    def guess(thread: int) -> tuple[int, int]:
        looked = asked = 0
        while time.monotonic() < end:
            for address in attackers[thread % addresses :: THREADS] or attackers:
                wrong = new_code(random.randrange)
                said, _ = try_out(server, wrong, address)
                asked += 1
                looked += "There is no open workshop" in said
        return looked, asked

    def type_right() -> list[float]:
        took = []
        while time.monotonic() < end:
            said, one = try_out(server, server.code, f"127.2.{len(took) // 250}.{len(took) % 250 + 1}")
            took.append(one if "Your department or role" in said else float("inf"))
            time.sleep(PAUSE_SECONDS)
        return sorted(took)

    with ThreadPoolExecutor(THREADS + 1) as threads:
        person = threads.submit(type_right)
        counts = list(threads.map(guess, range(THREADS)))
        took = person.result()
    looked, asked = (sum(one) for one in zip(*counts, strict=True))
    rest = HOURS * 3600 - seconds
    an_hour = min(addresses * guesses.STRANGER[1], guesses.ALL_STRANGERS[1]) + guesses.SLOW[1]
    whole = looked + rest / 3600 * an_hour
    print(f"{addresses} addresses, {seconds:.0f} s: {asked} codes tried, {looked} looked at")
    print(f"in {HOURS} hours {whole:.0f} of {CODES}: {whole / CODES:.2%}")
    half = took[len(took) // 2]
    print(f"the right code elsewhere: {len(took)} times, at most {took[-1]:.2f} s, half within {half:.2f} s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running("ours", Path(folder)) as server:
        measure(server, int((sys.argv[1:] or ["1"])[0]), float((sys.argv[2:] or ["60"])[0]))
