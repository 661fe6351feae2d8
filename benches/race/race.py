#!/usr/bin/env python3
"""Asks Gradus and what else one would take the same questions on the same content, in one run, and prints the ratios.

    scripts/race            # installs the engines, makes the content, builds the binaries, runs this

First all engines must agree on what they answer. Then they are timed in turn, round after round, so that what else the machine
does falls on all alike; the medians of the rounds are compared, and the least and the greatest ratio of a round are told.
"""

import argparse
import contextlib
import platform
import statistics
import tempfile
from pathlib import Path

from engines import Floor, Gradus, Oxigraph, Postgres, Rustworkx, Sqlite, Tantivy
from workload import Workload

N_COMPARED = 50
KINDS = ("exact", "prefix", "typo")


def agree(work, engines):
    """Ends the race where an engine answers something else."""
    for engine in engines:
        names = work.ids if isinstance(engine, Gradus) else range(len(work.ids))
        for target in work.targets[:N_COMPARED]:
            if engine.closure(target) != {names[page] for page in work.closure(target)}:
                raise SystemExit(f"{engine.name} answers another closure of {work.ids[target]}")
        for pair in [*work.pairs[:N_COMPARED], *work.unrelated[:N_COMPARED]]:
            if engine.reaches(*pair) != work.reaches(*pair):
                raise SystemExit(f"{engine.name} answers another path of {[work.ids[page] for page in pair]}")
    print(f"all agree on {N_COMPARED} closures and {2 * N_COMPARED} paths\n")


def hits(work, found):
    """Of the known pages, how many are among the first ten, by kind of query."""
    asked = {kind: [(page, query) for of, page, query in work.queries if of == kind] for kind in KINDS}
    return {kind: sum(page in found(query, kind) for page, query in some) / len(some) for kind, some in asked.items()}


def race(question, rates, rounds, seconds):
    """Times `rates`, of which the first is ours, and prints a line for each."""
    timed = {name: [] for name in rates}
    for _ in range(rounds):
        for name, rate in rates.items():
            timed[name].append(rate(seconds))
    (own, ours), *others = timed.items()
    print(f"{question}\n  {own:<34} {statistics.median(ours):>10,.0f} /s")
    for name, theirs in others:
        ratios = [a / b for a, b in zip(ours, theirs)]
        spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"  {name:<34} {statistics.median(theirs):>10,.0f} /s   ours {statistics.median(ratios):.2f} times {spread}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", help="JSON Lines of concepts")
    parser.add_argument("--gradus", required=True, help="the binary")
    parser.add_argument("--floor", required=True, help="the binary of examples/floor.rs")
    parser.add_argument("--oxigraph", required=True, help="the binary")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    given = parser.parse_args()
    work = Workload(given.texts, given.seed)
    print(
        f"{platform.machine()}, {platform.system()}; {len(work.ids):,} concepts, {len(work.edges):,} edges; "
        f"closures of {work.mean_closure:.0f} concepts in the mean; seed {given.seed}, {given.rounds} rounds of {given.seconds} s"
    )
    # Readable for the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="gradus-race-") as folder:
        folder = Path(folder)
        folder.chmod(0o755)
        with contextlib.ExitStack() as running:

            def start(kind, *parts):
                engine = kind(folder, *parts)
                running.callback(engine.stop)
                return engine

            gradus = start(Gradus, given.texts, work, given.gradus)
            oxigraph = start(Oxigraph, work, given.oxigraph)
            run(given, work, gradus, oxigraph, start(Postgres, work), start(Floor, given.floor))


def run(given, work, gradus, oxigraph, postgres, floor):
    rustworkx, sqlite, tantivy = Rustworkx(work), Sqlite(work), Tantivy(work)
    agree(work, [gradus, oxigraph, postgres, rustworkx, sqlite])
    served = {"oxigraph": oxigraph, "postgresql": postgres}
    alone = {"rustworkx": rustworkx, "sqlite": sqlite}

    def rate(engine, question):
        return lambda seconds: engine.rate(question, work, seconds)

    def line(question, served, alone):
        n_bytes = gradus.mean_bytes(question, work)
        rates = {"gradus": rate(gradus, question), f"floor: axum, {n_bytes:,} bytes": lambda seconds: floor.rate_of(n_bytes, seconds)}
        rates |= {name: rate(engine, question) for name, engine in served.items()}
        rates |= {f"{name}, in process, one thread": rate(engine, question) for name, engine in alone.items()}
        race(question, rates, given.rounds, given.seconds)

    line("closure", served, alone)
    line("closure, whole", {}, {})
    line("path", served, alone)
    line("related", {}, {})
    for kind in KINDS:
        others = {"sqlite fts5": sqlite, "tantivy": tantivy}
        line(f"search, {kind}", {"postgresql": postgres} if kind == "exact" else {}, others)
    print("\nknown pages among the first ten")
    found = {
        "gradus": lambda query, _: gradus.found(query),
        "sqlite fts5": lambda query, kind: sqlite.found(query, kind == "prefix"),
        "tantivy": tantivy.found,
    }
    for name, find in found.items():
        print(f"  {name:<12}", ", ".join(f"{kind} {part:.3f}" for kind, part in hits(work, find).items()))


if __name__ == "__main__":
    main()
