#!/usr/bin/env python3
"""Hides prerequisites that authors have declared, and tells how many of them `gradus suggest` finds again.

Usage: benches/prerequisites.py GRADUS CONCEPTS.jsonl

GRADUS is the program; a line of CONCEPTS.jsonl is a concept with its `id` and `prerequisites`, a list of ids or `{"concept": id}`, of which those
that name no concept are passed over. Seeds are fixed: equal data and an equal program tell equal figures.
"""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SEEDS = range(5)


def main(gradus, path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
    ids = {row["id"] for row in rows}
    edges = sorted({(need(one), row["id"]) for row in rows for one in row["prerequisites"]})
    edges = [(of, to) for of, to in edges if of in ids and of != to]
    print(f"{len(rows)} concepts, {len(edges)} prerequisites")

    implied = closure(edges)
    found = [pair for pair, _ in proposals(gradus, rows, set(edges))]
    hits = [pair in set(edges) for pair in found]
    print(f"all hidden: average precision {average_precision(hits, len(edges)):.3f}, best F1 {best_f1(hits, len(edges)):.3f}")
    print(f"  of the first 100: {sum(hits[:100])} declared, {sum(pair in implied for pair in found[:100])} or implied")

    for share, first in [(0.2, 20), (0.5, 50)]:
        told = [hidden_again(gradus, rows, edges, share, seed, first) for seed in SEEDS]
        precision, of_first = (sum(column) / len(told) for column in zip(*told))
        print(f"{share:.0%} hidden: average precision {precision:.3f} among pairs with a line, {of_first:.2f} of the first {first}")


def need(one):
    return one["concept"] if isinstance(one, dict) else one


def hidden_again(gradus, rows, edges, share, seed, first):
    """Average precision among the pairs with a line, and precision of the first ones, with a share of the edges hidden."""
    hidden = set(random.Random(seed).sample(edges, round(share * len(edges))))
    hits = [pair in hidden for pair, kind in proposals(gradus, rows, hidden) if kind != "words"]
    return average_precision(hits, sum(hits)), sum(hits[:first]) / first


def proposals(gradus, rows, hidden):
    """Pairs with the kind of their evidence, the likeliest first, from `rows` without what is `hidden`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "concepts.jsonl"
        with open(path, "w", encoding="utf-8") as file:
            for row in rows:
                kept = [one for one in row["prerequisites"] if (need(one), row["id"]) not in hidden]
                file.write(json.dumps({**row, "prerequisites": kept}) + "\n")
        asked = [gradus, "suggest", "-f", "json", "--all", str(path)]
        answer = json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)
    bare = lambda name: name.removeprefix("concept:")
    return [((bare(one["from"]), bare(one["to"])), one["evidence"]["kind"]) for one in answer]


def closure(edges):
    needs = {}
    for of, to in edges:
        needs.setdefault(to, []).append(of)
    pairs = set()
    for to in needs:
        waiting = list(needs[to])
        while waiting:
            of = waiting.pop()
            if (of, to) not in pairs:
                pairs.add((of, to))
                waiting.extend(needs.get(of, []))
    return pairs


def average_precision(hits, n_wanted):
    found, total = 0, 0.0
    for at, hit in enumerate(hits, 1):
        found += hit
        total += found / at if hit else 0.0
    return total / max(n_wanted, 1)


def best_f1(hits, n_wanted):
    found, best = 0, 0.0
    for at, hit in enumerate(hits, 1):
        found += hit
        best = max(best, 2 * found / (at + n_wanted))
    return best


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
