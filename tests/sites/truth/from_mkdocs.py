"""Builds a MkDocs site and makes its truth.json: `from_mkdocs.py SITE SCRATCH [CONFIG...]`, each CONFIG a file name below SITE/src.

Several configs are the languages of one site, as sites with a `mkdocs.yml` a language have them; the first is the default language.
"""

import html as html_text
import os
import pathlib
import re
import shutil
import sys

import common
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.plugins import BasePlugin

# Ids that themes and extensions make, not the author: tabs, folded code, notes, search.
MADE = r"^(__|fn:|fnref\d*:|search|toc-)"


class Keep(BasePlugin):
    """Keeps what MkDocs knows of its files once navigation is made and titles are read."""

    def __init__(self):
        self.builds = []

    def on_nav(self, nav, config, files):
        self.nav = nav.pages
        return nav

    def on_env(self, env, config, files):
        # The plugin for languages builds once a language, the default one first.
        self.builds.append((list(files), self.nav))
        return env


def main(site, scratch, *configs):
    site = pathlib.Path(site).resolve()
    src = site / "src"
    work = pathlib.Path(scratch) / "mkdocs-build" / site.name
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(src, work / "src")
    pages, withheld, quiet, sources = {}, {}, [], [""]
    for config_name in configs or ["mkdocs.yml"]:
        config_file = work / "src" / config_name
        os.chdir(config_file.parent)
        config = load_config(str(config_file), site_dir=str(work / "site" / config_name))
        config.plugins["keep"] = keep = Keep()
        config.plugins.run_event("startup", command="build", dirty=False)
        build(config)
        base = re.sub(r"^https?://[^/]+", "", config.site_url or "/").rstrip("/") + "/"
        docs = str(pathlib.Path(config.docs_dir).relative_to(work / "src"))
        sources.append(docs)
        for files, nav in keep.builds:
            for file in files:
                if not file.is_documentation_page():
                    continue
                path = f"{docs}/{file.src_uri}"
                if path in pages or path in withheld or not (src / path).is_file():
                    continue
                if file.inclusion.is_excluded():
                    draft = file.inclusion.name == "DRAFT" or withheld_why(src / path) == "draft"
                    withheld[path] = {"why": "draft" if draft else "excluded"}
                    continue
                pages[path] = page_row(file, base, nav)
                if file.page.meta.get("search", {}).get("exclude"):
                    quiet.append(path)
    for file in src.rglob("*"):
        path = str(file.relative_to(src))
        if file.suffix in common.MARKDOWN and path not in pages and path not in withheld:
            withheld[path] = {"why": withheld_why(file)}
    common.write(site, "mkdocs", pages, withheld, sources, quiet)


def page_row(file, base, nav):
    page = file.page
    html = common.read_html(file.abs_dest_path)
    content = html.select_one(".md-content__inner") or html.select_one("[role=main]")
    # A blog's index shows the beginnings of its posts, whose headings are theirs.
    for excerpt in content.select(".md-post--excerpt"):
        excerpt.decompose()
    for link in content.select("a.headerlink"):
        link.decompose()
    heading = common.first_heading(content)
    title = html_text.unescape(re.sub("<[^>]+>", "", str(page.title)))
    post = getattr(page, "config", {}).get("date")
    return common.row(
        base + page.url.removeprefix("./").lstrip("/"),
        title,
        common.headings(content),
        place(page, nav) if page in nav or post else None,
        heading=heading if heading != title else None,
        targets=common.targets(content, MADE),
        lang=getattr(file, "locale", None),
        date=str(post.created.date()) if post else None,
        track="blog" if post else None,
    )


def place(page, nav):
    """The page's place, from 1: in the navigation, or for a post along the links to the post before it."""
    if page in nav:
        return nav.index(page) + 1
    return 1 + place(page.previous_page, nav) if page.previous_page else 1


def withheld_why(file):
    """Why a file that MkDocs handed to nobody is no page, by what the file says of itself."""
    if re.search(r"^draft: true$", file.read_text(encoding="utf-8"), re.MULTILINE):
        return "draft"
    return "beside index.md" if file.name == "README.md" and (file.parent / "index.md").is_file() else "not content"


main(*sys.argv[1:])
