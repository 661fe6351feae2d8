"""Reads what VitePress 1.6.4 built: `from_vitepress.py SITE BUILT`, where SITE holds `src` and BUILT is a copy of it in which
`vitepress build` was run.

Addresses are those of the files; titles, languages and ids stand in the pages; the order is that of the links to the next page."""

import html
import json
import pathlib
import re
import sys
import urllib.parse

site, built = map(pathlib.Path, sys.argv[1:3])
BASE, NAME = "/bread/", " | Bread Diary"
REWRITTEN = {"packages/oven/src/heat.md": "oven/heat.md"}
WITHHELD = {
    "guide/TODO.md": "not content",
    "guide/[pkg].md": "a template",
    "snippets/part.md": "not content",
}

pages, order, following = {}, {}, {}
for path in sorted((site / "src").rglob("*.md")):
    name = path.relative_to(site / "src").as_posix()
    if name in WITHHELD:
        continue
    published = REWRITTEN.get(name, name).removesuffix(".md")
    text = (built / ".vitepress/dist" / f"{published}.html").read_text()
    address = published.removesuffix("index") if published.rsplit("/", 1)[-1] == "index" else f"{published}.html"
    title = html.unescape(re.search(r"<title>(.*?)</title>", text)[1]).removesuffix(NAME)
    main = text[text.index("<main") : text.index("</main>")] if "<main" in text else text
    anchors = [html.unescape(one) for one in re.findall(r'<h[1-6][^>]* id="([^"]+)"', main)]
    url = urllib.parse.quote(BASE + address)
    pages[name] = {
        "url": url,
        # A page without any title has that of the site.
        "title": None if title == "Bread Diary" and not anchors else title,
        "anchors": list(dict.fromkeys(one for one in anchors if one not in ("main-title", "doc-outline-aria-label"))),
        "lang": re.search(r'<html lang="([^"]+)"', text)[1],
        "order": None,
    }
    # A page that no sidebar lists leads on to the first of a sidebar, which does not follow it.
    is_listed = f'class="VPLink link link" href="{url}"' in text
    link = is_listed and re.search(r'class="VPLink link pager-link next" href="([^"]+)"', text)
    following[url] = (name, html.unescape(link[1]) if link else None)

# A way begins where no other page leads on to.
led_to = {next_url for _, next_url in following.values() if next_url}
number = 0
for url in sorted(set(following) - led_to):
    if not following[url][1]:
        continue
    track = url
    while url in following:
        name, next_url = following[url]
        number += 1
        pages[name] |= {"order": number, "track": track}
        if next_url is None:
            break
        url = urllib.parse.quote(urllib.parse.unquote(next_url))

truth = {
    "generator": "vitepress",
    "sources": [""],
    "pages": pages,
    "withheld": {name: {"why": why} for name, why in WITHHELD.items()},
    "out_of_search": [],
}
(site / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
