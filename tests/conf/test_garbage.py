import subprocess
import sys

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
