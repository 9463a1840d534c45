"""Medians and nearest-rank percentiles, and memory of a process that exists."""

import os
import subprocess
import time

import pytest

from bench.figures import children_of, resident_mb, spread


def test_median_and_p95_of_twenty_runs() -> None:
    assert spread("x_ms", [float(n) for n in range(20, 0, -1)]) == {"x_ms": 10.5, "x_ms_p95": 19.0}


def test_one_run_is_its_own_median_and_p95() -> None:
    assert spread("x_ms", [7.04]) == {"x_ms": 7.0, "x_ms_p95": 7.0}


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(ValueError, match="x_ms"):
        spread("x_ms", [])


def test_this_process_is_resident() -> None:
    assert 5 < resident_mb(os.getpid()) < 2000


def test_a_child_is_found_with_its_command_line() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        end = time.monotonic() + 5
        # A child that is just becoming its program has no command line yet.
        while (child.pid, "sleep 60 ") not in (found := list(children_of(os.getpid()))):
            assert time.monotonic() < end, found
            time.sleep(0.01)
        child.kill()
