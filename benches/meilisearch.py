#!/usr/bin/env python3
"""Asks Meilisearch's engine for the known pages of `known_items.py`, for comparison with `cargo bench --bench search`.

    pip install milli==1.8.1      # the engine of Meilisearch 1.8; the package has a build for Python 3.11
    python3 benches/meilisearch.py texts.jsonl queries.tsv
"""

import argparse
import json
import tempfile
import time

import milli

N_HITS = 10
INDEX_BYTES = 8 << 30


def searched(number, page):
    return {"id": number, "title": page.get("title") or page["id"], "description": page.get("description") or ""}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts")
    parser.add_argument("queries")
    given = parser.parse_args()
    with open(given.texts, encoding="utf-8") as texts:
        pages = [json.loads(line) for line in texts]
    kinds = {}
    with open(given.queries, encoding="utf-8") as queries:
        for line in queries:
            kind, page_id, query = line.rstrip("\n").split("\t")
            kinds.setdefault(kind, []).append((page_id, query))
    with tempfile.TemporaryDirectory() as folder:
        index = milli.Index(folder, INDEX_BYTES)
        # Numbers for ids: the engine allows only some characters in them.
        index.add_documents([searched(number, page) for number, page in enumerate(pages)])
        for kind, asked in kinds.items():
            start = time.perf_counter()
            found = [index.search(query)[:N_HITS] for _, query in asked]
            took = time.perf_counter() - start
            n_found = sum(page_id in (pages[number]["id"] for number in hits) for (page_id, _), hits in zip(asked, found))
            print(f"{kind}: {n_found} of {len(asked)} among the first {N_HITS}")
            print(f"  mean {1e6 * took / len(asked):.0f}µs")


if __name__ == "__main__":
    main()
