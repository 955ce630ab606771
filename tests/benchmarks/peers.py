"""The obvious alternatives on the same texts and questions; run in an environment of their own by `make bench`.

Reads `{"texts": [[entry, text]…], "questions": [[query, [right…]]…]}` from standard input, prints a line of JSON each.
"""

import json
import logging
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable

import bm25s
import numpy as np
from chatterbot import ChatBot
from chatterbot.conversation import Statement
from chatterbot.tagging import NoOpTagger
from rapidfuzz import process

SLOW = 60  # questions for a peer that takes a tenth of a second each
Find = Callable[[str], str]


def _bigrams(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)] or [text]


def with_rapidfuzz(texts: list[tuple[str, str]]) -> Find:
    """`process.extractOne` with its default scorer over every phrasing."""
    words = [text for _, text in texts]
    return lambda query: texts[process.extractOne(query, words)[2]][0]


def with_bm25(texts: list[tuple[str, str]]) -> Find:
    """bm25s over character pairs."""
    index = bm25s.BM25()
    index.index([_bigrams(text) for _, text in texts], show_progress=False)

    def find(query: str) -> str:
        places, _ = index.retrieve([_bigrams(query)], k=1, show_progress=False)
        return texts[int(np.asarray(places)[0, 0])][0]

    return find


def with_fts5(texts: list[tuple[str, str]]) -> Find:
    """SQLite's full-text search with its trigram tokeniser."""
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table t using fts5(entry unindexed, text, tokenize='trigram')")
    base.executemany("insert into t values (?, ?)", texts)

    def find(query: str) -> str:
        grams = {query[i : i + 3].replace('"', "") for i in range(len(query) - 2)}
        wanted = " OR ".join(f'"{gram}"' for gram in sorted(grams) if len(gram) == 3)
        row = base.execute("select entry from t where t match ? order by rank limit 1", (wanted,)).fetchone() if wanted else None  # fmt: skip
        return str(row[0]) if row else ""

    return find


def with_chatterbot(texts: list[tuple[str, str]]) -> Find:
    """ChatterBot's text search, by Levenshtein distance."""
    folder = tempfile.mkdtemp()
    bot = ChatBot("peer", database_uri=f"sqlite:///{folder}/peer.db", tagger=NoOpTagger)
    bot.storage.create_many(
        [Statement(text=entry, in_response_to=text, search_text=entry) for entry, text in texts]
    )
    search = bot.search_algorithms["text_search"]

    def find(query: str) -> str:
        found = list(search.search(Statement(text=query, search_text=query)))
        return str(found[-1].text) if found else ""

    return find


def main() -> None:
    """Times each peer."""
    logging.disable()
    given = json.load(sys.stdin)
    texts = [(entry, text) for entry, text in given["texts"]]
    peers = {"rapidfuzz.process": with_rapidfuzz, "bm25s": with_bm25, "SQLite FTS5": with_fts5, "ChatterBot": with_chatterbot}  # fmt: skip
    for name, build in peers.items():
        find = build(texts)
        asked = given["questions"][::12][:SLOW] if name == "ChatterBot" else given["questions"]
        times, right = [], 0
        for query, wanted in asked:
            start = time.perf_counter()
            right += find(query) in wanted
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
        figures = {
            "median": times[len(times) // 2],
            "p99": times[int(len(times) * 0.99)],
            "right": right / len(asked),
        }
        print(json.dumps({"name": name, **figures}), flush=True)


if __name__ == "__main__":
    main()
