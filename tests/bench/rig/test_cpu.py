"""Processor time from the kernel's books."""

import os
import time

from bench.rig.cpu import busy_ms, seconds


def test_work_costs_what_the_process_is_told_it_cost() -> None:
    before, own = seconds(os.getpid()), time.process_time()
    fine = busy_ms(os.getpid())
    while time.process_time() - own < 0.1:
        sum(range(1000))
    assert seconds(os.getpid()) - before >= 0.05
    assert busy_ms(os.getpid()) - fine >= 50
