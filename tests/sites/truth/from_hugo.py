"""Builds a Hugo site and makes its truth.json: `from_hugo.py SITE SCRATCH [SOURCE...]`. Pages tell what they are through `hugo.html`."""

import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys

import common

# The command that PyPI installs says a line of its own on standard output; the binary inside does not.
HUGO = str(next(pathlib.Path(sys.prefix).glob("lib/python*/site-packages/hugo/binaries/hugo")))
HERE = pathlib.Path(__file__).parent
# Ids that Hugo makes for notes.
MADE = r"^fn(ref\d*)?:"


def main(site, scratch, *sources):
    site = pathlib.Path(site).resolve()
    src, work = site / "src", pathlib.Path(scratch).resolve() / "hugo-build" / site.name
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(src, work / "src")
    # The list of layouts is left as it is but for those that make whole pages.
    for own in ("baseof.html", "all.html"):
        (work / "src/layouts" / own).unlink(missing_ok=True)
    shutil.copy(HERE / "hugo.html", work / "src/layouts/all.html")
    hugo(work, "--destination", str(work / "site"), "--quiet")
    pages = {}
    for file in sorted((work / "site").rglob("*.html")):
        html = common.read_html(file)
        script = html.select_one("script#truth")
        page = json.loads(script.string) if script else {"file": ""}
        if page["file"]:
            path = str(pathlib.Path(page["file"]).relative_to(work / "src"))
            pages[path] = page_row(page, html.select_one("main"))
    reasons = {}
    for why, command in (("draft", "drafts"), ("future", "future"), ("expired", "expired")):
        for line in csv.DictReader(io.StringIO(hugo(work, "list", command))):
            reasons[line["path"]] = why
    withheld = {}
    for file in src.rglob("*"):
        path = str(file.relative_to(src))
        if file.suffix in common.MARKDOWN and path not in pages:
            withheld[path] = {"why": reasons.get(path) or why_not(file, src)}
    common.write(site, "hugo", pages, withheld, sources or ("", "content"))


def hugo(work, *arguments):
    done = subprocess.run([HUGO, *arguments], cwd=work / "src", capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def page_row(page, content):
    heading = common.first_heading(content)
    return common.row(
        page["url"],
        page["title"] or None,
        common.headings(content),
        page["order"] or None,
        heading=heading if heading != page["title"] else None,
        label=page["label"] if page["label"] != page["title"] else None,
        targets=common.targets(content, MADE),
        lang=page["lang"],
        track=page["track"],
        date=page["date"],
    )


def why_not(file, src):
    """Why Hugo made no page of a file that it does not list as withheld, by what the file and its folder say."""
    text = file.read_text(encoding="utf-8")
    if "content" not in file.relative_to(src).parts[:1]:
        return "not content"
    if re.search(r"^headless: true", text, re.MULTILINE):
        return "headless"
    if re.search(r"^  render: (never|link)", text, re.MULTILINE):
        return "build.render"
    for folder in file.parents:
        if folder == src:
            break
        if folder != file.parent and (folder / "index.md").is_file() or (folder / "index.md").is_file() and file.name != "index.md":
            return "resource of a bundle"
        index = folder / "_index.md"
        if index.is_file() and "cascade:\n  build:" in index.read_text(encoding="utf-8"):
            return "build.render"
        if index.is_file() and "cascade:\n  draft:" in index.read_text(encoding="utf-8"):
            return "draft"
    return "not content"


main(*sys.argv[1:])
