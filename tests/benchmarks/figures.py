"""Figures of many measurements in one line."""

import statistics
from collections.abc import Sequence


def show(title: str, times: Sequence[float]) -> None:
    """Prints the percentiles of times in milliseconds."""
    ordered = sorted(times)
    print(
        f"{title}: median {statistics.median(ordered):.1f} ms, p95 {share(ordered, 0.95):.1f} ms, "
        f"p99 {share(ordered, 0.99):.1f} ms of {len(ordered)}",
        flush=True,
    )


def share(ordered: Sequence[float], part: float) -> float:
    """The value below which that part of the ordered values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
