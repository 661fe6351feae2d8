"""Makes a Starlight fixture's truth.json: `from_starlight.py SITE RAW [SOURCE...]`, with RAW written by from_starlight.mjs."""

import json
import pathlib
import sys
import urllib.parse

import common

# Ids that Starlight's components make: tabs, the title, notes.
MADE = r"^(tab-|_top|user-content-fn)"


def main(site, raw, *sources):
    kept = json.loads(pathlib.Path(raw).read_text(encoding="utf-8"))
    build, folder = pathlib.Path(kept["build"]), pathlib.Path(kept["site"])
    src = pathlib.Path(site) / "src"
    withheld, quiet, htmls = {}, [], {}
    for entry in kept["entries"]:
        path, data = str(folder / entry["filePath"]), entry["data"]
        if data.get("draft"):
            withheld[path] = {"why": "draft"}
            continue
        htmls[path] = built(build, entry["id"]), data["title"]
        if data.get("pagefind") is False:
            quiet.append(path)
    # A splash page shows no sidebar, but the other pages of its language do.
    sidebars = {html.html["lang"]: sidebar(html) for html, _ in htmls.values() if sidebar(html)}
    pages = {path: page_row(html, title, sidebars[html.html["lang"]]) for path, (html, title) in htmls.items()}
    # Markdown below src/pages is a page of Astro itself.
    for file in (src / folder / "src/pages").rglob("*.md"):
        name = file.relative_to(src / folder / "src/pages").with_suffix("")
        if not name.name.startswith("_"):
            html = built(build, str(name))
            title = html.select_one("h1").get_text()
            pages[str(file.relative_to(src))] = common.row(f"{kept['base']}/{name}/", title, common.headings(html.body))
    for file in src.rglob("*"):
        path = str(file.relative_to(src))
        if file.suffix in common.MARKDOWN and path not in pages and path not in withheld:
            withheld[path] = {"why": "not content"}
    common.write(site, "starlight", pages, withheld, sources, quiet)


def built(build, name):
    for path in (f"{name}/index.html", f"{name}.html"):
        if (build / path).is_file():
            return common.read_html(build / path)
    raise SystemExit(f"no file for {name}")


def sidebar(html):
    """Address and label of each page of this site in the sidebar, in its order."""
    links = [link for link in html.select("nav.sidebar ul a") if link["href"].startswith("/")]
    return [(plain(link["href"]), " ".join(link.get_text().split())) for link in links]


def plain(url):
    """The address for comparison: not encoded, and with no sign of how an index is written."""
    return urllib.parse.unquote(url).removesuffix("index.html").rstrip("/")


def page_row(html, title, links):
    """What the built page says of itself: its canonical address, its language, its place in the sidebar."""
    url = urllib.parse.urlsplit(html.select_one("link[rel=canonical]")["href"]).path
    places = [place for place, (link, _) in enumerate(links, 1) if link == plain(url)]
    label = links[places[0] - 1][1] if places else None
    content = html.select_one(".sl-markdown-content")
    heading = html.select_one("h1").get_text().strip()
    return common.row(
        urllib.parse.unquote(url),
        title,
        [name for name in common.headings(content) if name != "footnote-label"],
        places[0] if places else None,
        label=label if label != title else None,
        heading=heading if heading != title else None,
        targets=common.targets(content, MADE),
        lang=html.html["lang"],
    )


main(*sys.argv[1:])
