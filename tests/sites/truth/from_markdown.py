"""Makes truth.json of fixtures that no program publishes here: `from_markdown.py SITE KIND RAW [SOURCE...]`, RAW by from_markdown.mjs.

quartz: addresses, titles and what is withheld as Quartz 4 documents them. obsidian and plain: a vault and a repository have no
addresses of their own (`url` is null), and a vault no anchors that are part of an address (`anchors` is null).
"""

import fnmatch
import json
import pathlib
import re
import sys

import common
from bs4 import BeautifulSoup

# `baseUrl` and `ignorePatterns` of the fixture's quartz.config.ts, which is no data that can be read.
BASE = "/garden/"
IGNORED = ("private/*", "templates/*", ".obsidian/*", "*.tmp.md")
# Ids that remark makes for notes.
MADE = r"^user-content-fn"


def main(site, kind, raw, *sources):
    notes = json.loads(pathlib.Path(raw).read_text(encoding="utf-8"))
    pages, withheld = {}, {}
    for path, note in sorted(notes.items()):
        why = why_not(path, kind, note["front"])
        if why:
            withheld[path] = {"why": why}
            continue
        content = BeautifulSoup(note["html"], "html5lib").body
        heading = common.first_heading(content)
        stem = pathlib.Path(path).stem
        declared = note["front"].get("title")
        title = {"quartz": declared or stem, "obsidian": declared or stem, "plain": declared or heading}[kind]
        anchors = [name for name in common.headings(content) if name != "footnote-label"]
        pages[path] = common.row(
            quartz_url(path) if kind == "quartz" else "",
            title,
            anchors,
            heading=heading if heading != title else None,
            targets=common.targets(content, MADE),
        )
        if kind != "quartz":
            pages[path]["url"] = None
        if kind == "obsidian":
            pages[path]["anchors"] = None
    notes = ["made by rule, not by the program itself: see truth/from_markdown.py and truth/from_markdown.mjs"]
    common.write(site, kind, pages, withheld, sources, notes=notes)


def quartz_url(path):
    """The address of a note: its path with the signs that an address cannot hold replaced; an index is its folder."""
    name = str(pathlib.PurePosixPath(path).relative_to("content")).removesuffix(".md")
    for sign, instead in ((r"\s", "-"), ("&", "-and-"), ("%", "-percent"), (r"[?#]", "")):
        name = re.sub(sign, instead, name)
    return BASE + re.sub(r"(^|/)index$", r"\1", name)


def why_not(path, kind, front):
    """Why a note is published by nobody, or None."""
    parts = pathlib.PurePosixPath(path).parts
    if any(part.startswith(".") for part in parts):
        return "not content"
    if kind == "quartz":
        if parts[0] != "content":
            return "not content"
        name = str(pathlib.PurePosixPath(*parts[1:]))
        if any(fnmatch.fnmatch(name, pattern) for pattern in IGNORED):
            return "ignored"
        return "draft" if str(front.get("draft", "")).lower() == "true" else None
    if kind == "obsidian":
        if parts[0] == "Templates":
            return "not content"
        return "publish: false" if front.get("publish") is False else None
    return None


main(*sys.argv[1:])
