"""What every generator's script here shares: reading built HTML, and writing a truth.json that is small and stable."""

import json
import pathlib
import re
import urllib.parse

from bs4 import BeautifulSoup

MARKDOWN = {".md", ".mdx", ".markdown", ".mkd", ".mdown"}
HEADINGS = re.compile("^h[1-6]$")


def encoded(url):
    """The address as a link would carry it: percent-encoded where a path needs it, and no part encoded twice."""
    return urllib.parse.quote(url, safe="/:@!$&'()*+,;=-._~%#?")


def read_html(path):
    """The parsed page, as a browser would build it."""
    return BeautifulSoup(pathlib.Path(path).read_text(encoding="utf-8"), "html5lib")


def headings(main):
    """The ids that headings of the main content carry, in the order of the page, each once: a browser goes to the first."""
    return list(dict.fromkeys(tag["id"] for tag in main.find_all(HEADINGS) if tag.get("id")))


def targets(main, skip=None):
    """Other ids of the main content that a link can point at, without those that `skip` matches (what the theme made)."""
    ids = [tag["id"] for tag in main.find_all(id=True) if not HEADINGS.match(tag.name)]
    ids += [tag["name"] for tag in main.find_all("a", attrs={"name": True}) if not tag.get("id")]
    return [name for name in ids if name and not (skip and re.search(skip, name))]


def first_heading(main):
    """The text of the first first-level heading, or None. White space is folded."""
    tag = main.find("h1")
    return " ".join(tag.get_text().replace("\u200b", "").split()) if tag else None


def row(url, title, anchors, order=None, **more):
    """One page's row; whatever is None or empty in `more` is left out.

    Headings that a page brings in from another file are called "Borrowed …" in every fixture, so that they can be told apart.
    """
    more["borrowed"] = [name for name in anchors if name.startswith("borrowed")]
    anchors = [name for name in anchors if name not in more["borrowed"]]
    kept = {key: value for key, value in more.items() if value not in (None, [], "")}
    return {"url": encoded(url), "title": title, "anchors": anchors, "order": order, **kept}


def write(site, generator, pages, withheld, sources=("",), quiet=(), endings=MARKDOWN, notes=()):
    """Writes truth.json beside `src`; every content file must have been said to be a page or to be withheld."""
    src = pathlib.Path(site) / "src"
    found = {str(path.relative_to(src)) for path in src.rglob("*") if path.suffix.lower() in endings and path.is_file()}
    said = set(pages) | set(withheld)
    if found != said or set(pages) & set(withheld):
        raise SystemExit(
            f"{site}: nothing said of {sorted(found - said)}, no file for {sorted(said - found)}, "
            f"both page and withheld {sorted(set(pages) & set(withheld))}"
        )
    truth = {
        "generator": generator,
        "sources": list(sources),
        "pages": pages,
        "withheld": withheld,
        "out_of_search": sorted(quiet),
    }
    if notes:
        truth["notes"] = list(notes)
    text = json.dumps(truth, ensure_ascii=False, sort_keys=True, indent=1)
    # One line a list of anchors: the file stays short and a change shows as one line.
    text = re.sub(r"\[\n\s+([^\[\]{}]*?)\n\s+\]", lambda found: "[" + re.sub(r"\n\s+", " ", found[1]) + "]", text)
    (pathlib.Path(site) / "truth.json").write_text(text + "\n", encoding="utf-8")
    print(f"{site}: {len(pages)} pages, {len(withheld)} withheld")
