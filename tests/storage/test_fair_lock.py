"""The lock of the one writer: who waits gets it next, however quickly the other one asks again."""

import threading
import time
from typing import Protocol

from storage.fair_lock import FairLock

AGAIN = 100


class Plain:
    """The guard taken out: a lock that goes to who is quickest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, timeout: float) -> bool:
        """Takes it when it can."""
        return self._lock.acquire(timeout=timeout)

    def release(self) -> None:
        """Lets go."""
        self._lock.release()


class Lockable(Protocol):
    """What both can do."""

    def acquire(self, timeout: float) -> bool:
        """Takes the lock."""
        ...

    def release(self) -> None:
        """Lets go."""
        ...


def _taken_past_a_waiter(lock: Lockable) -> int:
    """How often somebody busy takes the lock again while another one waits for it."""
    got, taken = threading.Event(), 0

    def wait() -> None:
        assert lock.acquire(5)
        got.set()
        lock.release()

    assert lock.acquire(5)
    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.02)
    while taken < AGAIN:
        lock.release()
        assert lock.acquire(5)
        if got.is_set():
            break
        taken += 1
        time.sleep(0.001)
    lock.release()
    waiter.join()
    return taken


def test_who_waits_is_next() -> None:
    """The busy one never gets in between."""
    assert [_taken_past_a_waiter(FairLock()) for _ in range(3)] == [0, 0, 0]


def test_a_plain_lock_starves_who_waits() -> None:
    """With the guard off, the busy one takes it again and again."""
    assert sum(_taken_past_a_waiter(Plain()) for _ in range(5)) > 0


def test_nobody_waits_for_ever() -> None:
    """After its time a waiter leaves the line, and the lock goes on to the others."""
    lock = FairLock()
    assert lock.acquire(1)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(1)
    lock.release()


def test_one_at_a_time() -> None:
    """Many threads, some impatient: never two inside, and in the end it is free."""
    lock, inside, most = FairLock(), 0, 0

    def work(patience: float) -> None:
        nonlocal inside, most
        for _ in range(50):
            if lock.acquire(patience):
                inside += 1
                most = max(most, inside)
                time.sleep(0.0001)
                inside -= 1
                lock.release()

    threads = [threading.Thread(target=work, args=(0.0005 * (number + 1),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert lock.acquire(0)
