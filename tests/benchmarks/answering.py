"""One warm answer from understanding to reply, and `jdesk ask` from a cold start."""

import statistics
import subprocess
import sys
import tempfile
import time

from bot.clock import now, tokyo_day
from bot.verbs.ask import Answerer
from intents.understanding.router import Understanding
from knowledge.reader import files_in, read


def report() -> None:
    """Prints the figures in milliseconds."""
    start = time.perf_counter()
    edition = read(files_in()).edition
    mind = Understanding(edition)
    print(
        f"edition of {len(edition.entries)} entries read and indexed: {(time.perf_counter() - start) * 1000:.0f} ms"
    )
    answerer = Answerer(mind, tokyo_day(now()), None)
    questions = [text for entry in edition.entries.values() for text in entry.phrasings.all()]
    times = []
    for question in questions:
        start = time.perf_counter()
        answerer.answer(question)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(
        f"one answer, warm, {len(times)} questions: median {statistics.median(times):.2f} ms, "
        f"p99 {times[int(len(times) * 0.99)]:.2f} ms"
    )
    cold = [_cold() for _ in range(5)]
    print(f"jdesk ask, cold: median {statistics.median(cold):.0f} ms, worst {max(cold):.0f} ms")


def _cold() -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        command = [sys.executable, "-m", "bot", "ask", "認証までの手順は"]
        subprocess.run(command, check=True, capture_output=True, env={"JDESK_DATA_DIR": folder, "PATH": ""})
        return (time.perf_counter() - start) * 1000
