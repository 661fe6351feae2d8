"""Makes a Docusaurus fixture's truth.json: `from_docusaurus.py SITE RAW`, with RAW written by from_docusaurus.mjs."""

import json
import pathlib
import re
import sys
import urllib.parse

import common


def main(site, raw, *sources):
    kept = json.loads(pathlib.Path(raw).read_text(encoding="utf-8"))
    build = pathlib.Path(kept["build"])
    base = kept["base"]
    pages, withheld = {}, {}
    for path, doc in sorted(kept["pages"].items()):
        if doc.get("draft"):
            withheld[path] = {"why": "draft"}
            continue
        if doc.get("unlisted"):
            withheld[path] = {"why": "unlisted", "url": common.encoded(doc["url"])}
            continue
        html = built(build, base, doc["url"])
        content = html.select_one("main .markdown") or html.select_one("main article")
        heading = common.first_heading(content.find_parent("article") or content)
        # The plugin's address knows nothing of `trailingSlash`; the page's own canonical link does.
        canonical = urllib.parse.urlsplit(html.select_one("link[rel=canonical]")["href"]).path
        pages[path] = common.row(
            urllib.parse.unquote(canonical),
            doc["title"],
            common.headings(content),
            doc.get("order"),
            heading=heading if heading != doc["title"] else None,
            unwritten=doc.get("unwritten"),
            targets=common.targets(content, r"^(:r|_r_|__)"),
            lang=doc["lang"],
            **{key: doc.get(key) for key in ("label", "track", "version", "date")},
        )
    src = pathlib.Path(site) / "src"
    for file in src.rglob("*"):
        path = str(file.relative_to(src))
        if file.suffix in common.MARKDOWN and path not in pages and path not in withheld:
            # A blog's drafts are not handed on by its plugin, so the file itself has to say so.
            draft = re.search(r"^draft: true$", file.read_text(encoding="utf-8"), re.MULTILINE)
            withheld[path] = {"why": "draft" if draft else "not content"}
    notes = [
        "heading: the first-level heading that the page shows, where it is not the generator's own title",
        "unwritten: ids that first-level headings use up, though no built page carries them",
    ]
    common.write(site, "docusaurus", pages, withheld, sources, notes=notes)


def built(build, base, url):
    """The page's file: Docusaurus writes `a/index.html` for both `/a` and `/a/`, or `a.html` where slashes are off."""
    path = urllib.parse.unquote(url)[len(base) :].strip("/")
    for name in (f"{path}/index.html".lstrip("/"), f"{path}.html"):
        if (build / name).is_file():
            return common.read_html(build / name)
    raise SystemExit(f"no file for {url}")


main(*sys.argv[1:])
