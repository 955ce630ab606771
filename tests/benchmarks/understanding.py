"""Understanding beside its peers, and as the knowledge grows: time, memory, size."""

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.clock import now, tokyo_day
from intents.understanding.build import searchable
from intents.understanding.evaluation import report as evaluate
from intents.understanding.router import Understanding
from knowledge.foreign import read_foreign
from knowledge.model import Edition
from knowledge.reader import files_in, read
from tests.evaluation.fit import questions

PEERS = Path("build/peers/bin/python")
ASKED = 300


def report() -> None:
    """Prints the figures of the full edition, the ratios to the peers, and the growth."""
    edition = read(files_in()).edition
    ours, right, mind = _ours(edition)
    print(f"memory of the process with the full edition: {_memory():.0f} MB")
    start = time.perf_counter()
    Understanding(edition, kept={name: array.copy() for name, array in mind.arrays.items()})
    print(f"the full edition from a kept index: {(time.perf_counter() - start) * 1000:.0f} ms")
    for name, share in evaluate(mind, questions(), tokyo_day(now())).figures().items():
        print(f"  {name:<18} {share:.3f}")
    if PEERS.exists():
        _beside_peers(edition, statistics.median(ours), right)
    for entries, phrasings in ((10_000, 10), (100_000, 0)):
        _grown(edition, entries, phrasings)


def _ours(edition: Edition) -> tuple[list[float], float, Understanding]:
    start = time.perf_counter()
    mind = Understanding(edition)
    size = sum(len(entry.phrasings.all()) for entry in edition.entries.values())
    print(
        f"full edition, {len(edition.entries)} entries, {size} phrasings: built in {time.perf_counter() - start:.1f} s"
    )
    asked = [question for question in questions() if question.right]
    times, right = [], 0
    for question in asked:
        start = time.perf_counter()
        reading = mind.read(question.query, tokyo_day(now()))
        times.append((time.perf_counter() - start) * 1000)
        right += bool(reading.candidates) and reading.candidates[0].entry in question.right
    _show("ours", times)
    print(f"  right first {right / len(asked):.3f} of {len(asked)}")
    return times, right / len(asked), mind


def _beside_peers(edition: Edition, median: float, right: float) -> None:
    texts = [
        [entry.id, text]
        for entry in searchable(edition)
        for text in (entry.question.ja, entry.question.en, *entry.phrasings.all())
    ]
    asked = [[question.query, sorted(question.right)] for question in questions() if question.right]
    given = json.dumps({"texts": texts, "questions": asked})
    run = subprocess.run(
        [PEERS, "tests/benchmarks/peers.py"], input=given, capture_output=True, text=True, check=True
    )
    for line in run.stdout.splitlines():
        peer = json.loads(line)
        print(
            f"  {peer['name']:<18} median {peer['median']:8.2f} ms ({peer['median'] / median:6.1f} x ours), "
            f"right first {peer['right']:.3f} (ours {right:.3f}, {right / max(peer['right'], 0.001):.1f} x)"
        )


def _grown(edition: Edition, entries: int, phrasings: int) -> None:
    """An edition of that many entries, made of the words of ours, so that common words are common."""
    chance = random.Random(7)
    words = sorted({text for entry in edition.entries.values() for text in entry.phrasings.ja})
    pieces = [text[i : i + 4] for text in words for i in range(0, len(text) - 3, 4)]

    def text() -> str:
        return "".join(chance.choices(pieces, k=4))

    rows = [{"id": f"e{n}", "question": text(), "phrasings": [text() for _ in range(phrasings)], "answer": text() * 3} for n in range(entries)]  # fmt: skip
    start = time.perf_counter()
    mind = Understanding(read_foreign("\n".join(json.dumps(row) for row in rows)))
    built = time.perf_counter() - start
    times = []
    for row in chance.choices(rows, k=ASKED):
        start = time.perf_counter()
        mind.read(f"{row['question'][:9]}ですか", tokyo_day(now()))
        times.append((time.perf_counter() - start) * 1000)
    _show(f"{entries} entries of {phrasings or 'no'} phrasings (built in {built:.0f} s)", times)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _show(title: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    print(
        f"{title}: median {statistics.median(ordered):.2f} ms, p99 {p99:.2f} ms", file=sys.stdout, flush=True
    )
