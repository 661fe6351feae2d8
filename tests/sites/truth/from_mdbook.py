"""Builds an mdBook and makes its truth.json: `from_mdbook.py SITE SCRATCH FOLDER [SOURCE...]`, FOLDER with book.toml below SITE/src."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

import common

MDBOOK = str(pathlib.Path(sys.executable).parent / "mdbook")
# Ids that mdBook makes for notes.
MADE = r"^(fr|footnote|fn)-"


def main(site, scratch, folder, *sources):
    src = pathlib.Path(site).resolve() / "src"
    work = pathlib.Path(scratch).resolve() / "mdbook-build" / pathlib.Path(site).name
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(src, work)
    book = work / folder
    # A second renderer keeps what mdBook hands to each: chapters with their sources.
    chapters = work / "chapters.json"
    (work / "keep.sh").write_text(f"#!/bin/sh\ncat >'{chapters}'\n", encoding="utf-8")
    (work / "keep.sh").chmod(0o755)
    subprocess.run(
        [MDBOOK, "build", str(book), "--dest-dir", str(work / "built")],
        check=True,
        capture_output=True,
        env={**os.environ, "MDBOOK_OUTPUT__KEEP__COMMAND": str(work / "keep.sh")},
    )
    config = tomllib.loads((book / "book.toml").read_text(encoding="utf-8"))
    base = config["output"]["html"].get("site-url", "/")
    text = pathlib.Path(folder) / config["book"].get("src", "src")
    pages = {}
    for order, chapter in enumerate(listed(json.loads(chapters.read_text(encoding="utf-8"))["book"]["items"]), 1):
        name = pathlib.Path(chapter["path"]).with_suffix(".html")
        content = common.read_html(work / "built/html" / name).select_one("main")
        heading = common.first_heading(content)
        pages[str(text / chapter["source_path"])] = common.row(
            base + str(name),
            chapter["name"],
            common.headings(content),
            order,
            heading=heading if heading != chapter["name"] else None,
            targets=common.targets(content, MADE),
        )
    withheld = {}
    for file in src.rglob("*"):
        path = str(file.relative_to(src))
        if file.suffix in common.MARKDOWN and path not in pages:
            withheld[path] = {"why": "not content" if text not in pathlib.Path(path).parents or file.name == "SUMMARY.md" else "not in SUMMARY"}
    common.write(site, "mdbook", pages, withheld, sources)


def listed(items):
    """The chapters that have a file, in the order of the book."""
    for item in items:
        if isinstance(item, dict) and "Chapter" in item:
            chapter = item["Chapter"]
            if chapter["path"]:
                yield chapter
            yield from listed(chapter["sub_items"])


main(*sys.argv[1:])
