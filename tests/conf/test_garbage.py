"""What is left for Python to look through, and what goes back to the kernel."""

import subprocess
import sys

from conf.garbage import HEAPS

PROGRAM = """
import gc, weakref
from conf.garbage import settle
class Ring: pass
settle()
assert gc.get_freeze_count() > 1000 and gc.isenabled()
ring = Ring(); ring.me = ring; seen = weakref.ref(ring); del ring
gc.collect()
print(seen())
"""


def test_what_is_there_is_left_alone_and_rings_are_still_found() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "None"


HOLES = """
from twisted.internet.task import Clock
from bench.figures import resident_mb
from conf.garbage import TIDY_EVERY, Tidying
import os
clock = Clock()
Tidying(clock).start()
kept = [bytes(3000) for _ in range(40_000)]
del kept[: 39_990]  # the last few hold the end of the heap
before = resident_mb(os.getpid())
clock.advance(TIDY_EVERY)
print(before - resident_mb(os.getpid()), len(clock.getDelayedCalls()))
"""


def test_memory_that_is_free_between_what_is_kept_goes_back() -> None:
    ran = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True)
    given_back, again = ran.stdout.split()
    assert float(given_back) > 60 and again == "1"


THREADS = """
import ctypes, sys, threading
from conf.garbage import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
begin, end = threading.Barrier(9), threading.Barrier(9)
def work():
    begin.wait()
    kept = [bytes(3000) for _ in range(100)]
    end.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
begin.wait(); end.wait()
for thread in threads: thread.join()
c = ctypes.CDLL(None)
c.fdopen.restype = ctypes.c_void_p
c.malloc_info.argtypes = ctypes.c_int, ctypes.c_void_p
c.fflush.argtypes = ctypes.c_void_p,
out = c.fdopen(1, b"w")
c.malloc_info(0, out)
c.fflush(out)
"""


def test_threads_share_two_heaps() -> None:
    shared, alone = (
        subprocess.run(
            [sys.executable, "-c", THREADS, how], capture_output=True, text=True, check=True
        ).stdout
        for how in ("shared", "alone")
    )
    assert shared.count("<heap ") <= HEAPS < alone.count("<heap ")
