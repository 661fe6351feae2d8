"""What the race asks: a graph of concepts, and the same questions to every engine."""

import json
import random
import sys
from pathlib import Path

import rustworkx

sys.path.insert(0, str(Path(__file__).parent.parent))
import known_items  # noqa: E402

N_QUESTIONS = 1_000
# Closures that are neither a handful nor most of the graph.
CLOSURE_PAGES = range(5, 500)


class Workload:
    """Concepts, their required prerequisites, and the questions that are drawn from them."""

    def __init__(self, texts, seed):
        with open(texts, encoding="utf-8") as lines:
            self.pages = [json.loads(line) for line in lines]
        self.ids = [page["id"] for page in self.pages]
        at = {page: idx for idx, page in enumerate(self.ids)}
        self.edges = sorted(
            {(idx, at[need]) for idx, page in enumerate(self.pages) for need in page["prerequisites"] if need in at}
        )
        self.graph = rustworkx.PyDiGraph()
        self.graph.add_nodes_from(range(len(self.ids)))
        self.graph.add_edges_from_no_data(self.edges)
        chance = random.Random(seed)
        self.targets, self.pairs, n_pages = [], [], 0
        while len(self.targets) < N_QUESTIONS:
            target = chance.randrange(len(self.ids))
            closure = self.closure(target)
            if len(closure) in CLOSURE_PAGES:
                self.targets.append(target)
                self.pairs.append((chance.choice(sorted(closure)), target))
                n_pages += len(closure)
        self.mean_closure = n_pages / N_QUESTIONS
        # What the same questions are for pages that nothing has to do with each other.
        self.unrelated = [(chance.randrange(len(self.ids)), target) for target in self.targets]
        self.queries = list(known_items.queries(self.pages, random.Random(seed)))

    def closure(self, target):
        """Everything that `target` requires, without itself."""
        return rustworkx.descendants(self.graph, target) - {target}

    def reaches(self, need, target):
        """Whether `target` requires `need`."""
        return need in self.closure(target)
