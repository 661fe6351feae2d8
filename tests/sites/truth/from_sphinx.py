"""Builds a Sphinx site with MyST and makes its truth.json: `from_sphinx.py SITE SCRATCH FOLDER [SOURCE...]`, FOLDER with conf.py or _toc.yml."""

import pathlib
import shutil
import subprocess
import sys
import urllib.parse

import common
from sphinx import addnodes
from sphinx.application import Sphinx


def main(site, scratch, folder, *sources):
    src = pathlib.Path(site).resolve() / "src"
    work = pathlib.Path(scratch).resolve() / "sphinx-build" / pathlib.Path(site).name
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(src, work / "src")
    docs = work / "src" / folder
    if not (docs / "conf.py").is_file():
        # A Jupyter Book has two YAML files instead, from which its own command makes the configuration.
        command = pathlib.Path(sys.executable).parent / "jupyter-book"
        subprocess.run([str(command), "config", "sphinx", str(docs)], check=True, capture_output=True)
    app = Sphinx(docs, docs, work / "built", work / "trees", "html", status=None, warning=sys.stderr)
    app.build()
    base = urllib.parse.urlsplit(app.config.html_baseurl).path or "/"
    order, labels = reading_order(app), toctree_titles(app)
    pages, withheld, quiet = {}, {}, []
    for name in sorted(app.env.found_docs):
        path = str(pathlib.Path(app.env.doc2path(name)).relative_to(work / "src"))
        content = common.read_html(work / "built" / f"{name}.html").select_one("div.body, article.bd-article")
        for link in content.select("a.headerlink"):
            link.decompose()
        title = app.env.titles[name].astext()
        # Sphinx has a name of its own for a page without a heading.
        title = None if title == "<no title>" else title
        heading = common.first_heading(content)
        pages[path] = common.row(
            base + app.builder.get_target_uri(name),
            title,
            anchors(content),
            order.get(name),
            heading=heading if heading != title else None,
            label=labels.get(name) if labels.get(name) != title else None,
            targets=targets(content),
        )
        if "nosearch" in app.env.metadata[name]:
            quiet.append(path)
    for file in src.rglob("*"):
        path = str(file.relative_to(src))
        if file.suffix in common.MARKDOWN and path not in pages:
            withheld[path] = {"why": "excluded" if docs in (work / "src" / path).parents else "not content"}
    common.write(site, "sphinx", pages, withheld, sources, quiet)


def reading_order(app):
    """Places from 1 along the links to the next page, which start at the root document."""
    order, name, relations = {}, app.config.root_doc, app.env.collect_relations()
    while name and name not in order:
        order[name] = len(order) + 1
        name = relations.get(name, [None] * 3)[2]
    return order


def toctree_titles(app):
    """Titles that a toctree gives to the pages it lists."""
    entries = [
        entry
        for name in app.env.found_docs
        for toctree in app.env.get_doctree(name).findall(addnodes.toctree)
        for entry in toctree["entries"]
    ]
    return {name: title for title, name in entries if title}


def anchors(content):
    """A section carries the id of its heading; what stands in a heading of HTML is the heading's own."""
    found = []
    for tag in content.find_all(common.HEADINGS):
        holder = tag.parent if tag.parent.name == "section" and tag.parent.find(common.HEADINGS) is tag else tag
        found += [holder["id"]] if holder.get("id") else []
    return list(dict.fromkeys(found))


def targets(content):
    """Labels, terms and names; ids of sections are anchors, and those of notes are Sphinx's."""
    taken = set(anchors(content))
    return [name for name in common.targets(content, r"^(id\d+|index-\d+)$") if name not in taken]


main(*sys.argv[1:])
