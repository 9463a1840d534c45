"""Jobs of one key stay in order; others do not wait for them."""

import threading

from field_gateway.lanes import Lanes
from tests.patience import LONG


def test_jobs_of_a_key_are_done_in_order_and_each_once() -> None:
    done: list[tuple[str, int]] = []
    finished = threading.Event()

    def work(jobs: list[tuple[str, int]]) -> None:
        done.extend(jobs)
        if len(done) == 300:
            finished.set()

    lanes: Lanes[tuple[str, int]] = Lanes(4, work, name="t")
    lanes.start()
    for number in range(100):
        for key in ("a", "b", "c"):
            lanes.put(key, (key, number))
    assert finished.wait(LONG)
    lanes.stop()
    for key in ("a", "b", "c"):
        assert [number for name, number in done if name == key] == list(range(100))


def test_a_stuck_key_does_not_hold_up_every_other() -> None:
    stuck, free = threading.Event(), threading.Event()

    def work(jobs: list[str]) -> None:
        if jobs == ["stuck"]:
            stuck.wait(5)
        else:
            free.set()

    lanes: Lanes[str] = Lanes(2, work, name="t")
    lanes.start()
    keys = [str(number) for number in range(20)]
    lanes.put(keys[0], "stuck")
    for key in keys[1:]:
        lanes.put(key, "free")
    assert free.wait(LONG)
    assert len(lanes) > 0
    stuck.set()
    lanes.stop()


def test_moot_jobs_are_dropped_and_stopping_leaves_the_rest_undone() -> None:
    done: list[int] = []
    lanes: Lanes[int] = Lanes(1, done.extend, name="t")
    for number in range(4):
        lanes.put("a", number)
    lanes.forget(lambda job: job % 2 == 0)
    assert len(lanes) == 2
    lanes.stop()
    lanes.start()
    lanes.stop()
    assert done == []


def test_what_stands_in_a_lane_is_done_many_at_once_each_of_another_key() -> None:
    done: list[list[str]] = []
    finished = threading.Event()

    def work(jobs: list[str]) -> None:
        done.append(jobs)
        if sum(map(len, done)) == 8:
            finished.set()

    lanes: Lanes[str] = Lanes(1, work, name="t", most=3)
    for job in ("a1", "a2", "b1", "c1", "a3", "d1", "b2", "d2"):
        lanes.put(job[0], job)
    lanes.start()
    assert finished.wait(LONG)
    lanes.stop()
    assert done == [["a1", "b1", "c1"], ["a2", "d1", "b2"], ["a3", "d2"]]


def test_few_jobs_wait_for_company_after_the_last_ones_and_not_for_long() -> None:
    done: list[list[str]] = []
    first, all_done = threading.Event(), threading.Event()

    def work(jobs: list[str]) -> None:
        done.append(jobs)
        first.set()
        if sum(map(len, done)) == 4:
            all_done.set()

    lanes: Lanes[str] = Lanes(1, work, name="t", most=9, few=3, linger=LONG)
    lanes.start()
    lanes.put("a", "a")
    assert first.wait(LONG), "the first after a quiet time waits for nobody"
    for job in "bcd":
        lanes.put(job, job)
    assert all_done.wait(LONG)
    lanes.put("e", "e")
    lanes.stop()
    assert done == [["a"], ["b", "c", "d"]]
