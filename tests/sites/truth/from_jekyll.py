"""Builds a Jekyll site and makes its truth.json: `from_jekyll.py SITE SCRATCH FOLDER [SOURCE...]`, FOLDER with _config.yml.

Jekyll is Debian's (`apt-get install jekyll`); the plugin `jekyll.rb` keeps what it knows of its pages.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import common

HERE = pathlib.Path(__file__).parent
# Ids that kramdown makes for notes.
MADE = r"^fn(ref)?:"


def main(site, scratch, folder, *sources):
    src = pathlib.Path(site).resolve() / "src"
    work = pathlib.Path(scratch).resolve() / "jekyll-build" / pathlib.Path(site).name
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(src, work / "src")
    (work / "src" / folder / "_plugins").mkdir()
    shutil.copy(HERE / "jekyll.rb", work / "src" / folder / "_plugins/keep.rb")
    subprocess.run(
        ["jekyll", "build", "--destination", str(work / "built")],
        cwd=work / "src" / folder,
        check=True,
        capture_output=True,
        env={**os.environ, "KEPT": str(work / "kept.json"), "JEKYLL_ENV": "production"},
    )
    kept = json.loads((work / "kept.json").read_text(encoding="utf-8"))
    pages, withheld = {}, {}
    for page in kept["pages"]:
        path = str(pathlib.Path(folder) / page["path"])
        if pathlib.Path(path).suffix not in common.MARKDOWN:
            continue
        if pathlib.Path(page["url"]).suffix in common.MARKDOWN:
            # It has front matter, but an ending that Jekyll does not convert: Markdown goes out as Markdown.
            withheld[path] = {"why": "copied as it is", "url": common.encoded(kept["baseurl"] + page["url"])}
            continue
        html = common.read_html(page["built"])
        content = html.select_one("main") or html.body
        heading = common.first_heading(content)
        title = page["title"]
        pages[path] = common.row(
            kept["baseurl"] + page["url"],
            title,
            common.headings(content),
            page["order"],
            heading=heading if heading != title else None,
            targets=common.targets(content, MADE),
            track=page["track"],
            date=page["date"],
        )
    for file in kept["copied"]:
        path = str(pathlib.Path(folder) / file["path"])
        if pathlib.Path(path).suffix in common.MARKDOWN:
            withheld[path] = {"why": "copied as it is", "url": common.encoded(kept["baseurl"] + file["url"])}
    for file in src.rglob("*"):
        path = str(file.relative_to(src))
        if file.suffix in common.MARKDOWN and path not in pages and path not in withheld:
            withheld[path] = {"why": why_not(path, file.read_text(encoding="utf-8"))}
    common.write(site, "jekyll", pages, withheld, sources)


def why_not(path, text):
    if re.search(r"^published: false$", text, re.MULTILINE):
        return "published: false"
    if "_drafts/" in path:
        return "draft"
    return "future" if re.search(r"_posts/(.*/)?2099-", path) else "not content"


main(*sys.argv[1:])
