#!/usr/bin/env python3
"""Writes queries that look for a known page, from the descriptions of JSON Lines: tab-separated kind, id and query.

    python3 benches/known_items.py texts.jsonl > queries.tsv
    python3 benches/known_items.py texts.jsonl --lua typo > typo.lua && wrk -t1 -c8 -s typo.lua http://127.0.0.1:4747

Each query is two to four words of one description, in their order: `exact` as they stand, `prefix` with the last word cut
to six tenths, `typo` with one random edit in a word of at least four letters. With --lua the queries of one kind are
written as a script for wrk instead.
"""

import argparse
import json
import random
import re
import string
from urllib.parse import quote_plus

N_QUERIES = 500
MIN_LAST = 4
MIN_TYPO = 4


def mistyped(word, chance):
    """`word` with a letter replaced, added, left out or swapped with the next."""
    letters, at = list(word), chance.randrange(len(word))
    edit = chance.randrange(4)
    if edit == 0:
        letters.insert(at, chance.choice(string.ascii_lowercase))
    elif edit == 1:
        letters.pop(at)
    elif edit == 2 and at + 1 < len(letters):
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    else:
        letters[at] = chance.choice(string.ascii_lowercase)
    return "".join(letters)


def queries(pages, chance):
    """Kind, id and query, three of each page that is drawn."""
    n_drawn = 0
    while n_drawn < N_QUERIES:
        page = chance.choice(pages)
        words = [word for word in re.findall(r"[A-Za-z]+", page.get("description") or "") if len(word) > 1]
        n_words = chance.randint(2, 4)
        if len(words) < n_words:
            continue
        words = [words[idx].lower() for idx in sorted(chance.sample(range(len(words)), n_words))]
        if len(words[-1]) < MIN_LAST:
            continue
        n_drawn += 1
        yield "exact", page["id"], " ".join(words)
        yield "prefix", page["id"], " ".join([*words[:-1], words[-1][: max(3, len(words[-1]) * 6 // 10)]])
        wrong = chance.choice([idx for idx, word in enumerate(words) if len(word) >= MIN_TYPO])
        words[wrong] = mistyped(words[wrong], chance)
        yield "typo", page["id"], " ".join(words)


LUA = """local paths = {%s}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--lua", choices=["exact", "prefix", "typo"])
    given = parser.parse_args()
    with open(given.texts, encoding="utf-8") as texts:
        pages = [json.loads(line) for line in texts]
    drawn = queries(pages, random.Random(given.seed))
    if given.lua:
        paths = [f'"/v1/search?limit=10&q={quote_plus(query)}"' for kind, _, query in drawn if kind == given.lua]
        print(LUA % ", ".join(paths), end="")
    else:
        for row in drawn:
            print("\t".join(row))


if __name__ == "__main__":
    main()
