//! References: each form of link and entry, and what it leads to.

use gradus_corpus::{Corpus, PageId, Relation};
use gradus_load::{Input, Loaded, load};

use crate::given::files;

/// A site with all that links may lead to: each file after a line `=== path`.
const SITE: &str = "\
=== index.md
# Home
=== notes/ml/setup.md
# Set it up

## Part

### Sub part

<a id=\"raw\"></a>

Text. ^block
=== notes/other/setup.md
# Other
=== notes/ml/02-next.md
# Next
=== notes/my page.md
# My page
=== notes/grün.md
# Green
=== notes/deep/index.md
# Deep
=== concepts/kv.md
---
title: KV cache
aka: [key-value cache]
---
A cache.
=== concepts/c-sharp.md
---
title: C#
---
A language.
=== drafts/soon.md
---
draft: true
---
Text.
=== img/logo.png
=== static/files/form.pdf
=== notes/code/main.rs
";

fn loaded(text: &str) -> Loaded {
    load(&Input::Memory(files(text)), &mut |_| {}).unwrap()
}

fn path(corpus: &Corpus, page: PageId) -> &str {
    &corpus.page(page).path
}

/// What `link` in `notes/ml/from.md` leads to: a path with an anchor, `asset`, `untold` or what is told.
fn outcome(link: &str) -> String {
    let found = loaded(&format!("{SITE}=== notes/ml/from.md\n# From\n\nSee {link} there.\n\n## Own part\n"));
    let (from, page) = found.corpus.pages().find(|(_, page)| &*page.path == "notes/ml/from.md").unwrap();
    let told: Vec<&str> = found
        .diagnostics
        .iter()
        .filter(|told| &*told.file == "notes/ml/from.md")
        .map(|told| told.code.as_str())
        .collect();
    if !told.is_empty() {
        return told.join(" ");
    }
    let text = &page.sections[0].text;
    let edges: Vec<String> = text
        .links
        .iter()
        .map(|link| {
            let anchor = link.anchor.as_deref().map_or(String::new(), |anchor| format!("#{anchor}"));
            format!("{}{anchor}", path(&found.corpus, link.target))
        })
        .collect();
    let addresses = text.html.split("href=\"").skip(1).chain(text.html.split("src=\"").skip(1));
    let address = addresses.filter_map(|rest| rest.split('"').next()).next().unwrap_or_default();
    let [edge] = edges.as_slice() else {
        assert!(edges.is_empty(), "{link}: {edges:?} of {from:?}");
        let written = [format!("({address})"), format!("[{address}]")];
        return if matches!(address, "" | "#") || written.iter().any(|written| link.contains(written)) {
            "untold".to_owned()
        } else {
            address.to_owned()
        };
    };
    // An embedded page is shown as what it is called.
    if !link.starts_with('!') {
        let target = found.corpus.page(text.links[0].target);
        assert!(address.starts_with(&*target.url), "{link}: {address} is not {}", target.url);
        assert_eq!(address.contains('#'), edge.contains('#'), "{link}");
    }
    edge.clone()
}

#[test]
fn links_to_other_parts_of_the_host_are_told_once_a_part() {
    let link = |n: usize| format!("[x](/azure/service-{n}/start)\n");
    let text = |n: usize| {
        format!("=== a.md\n# A\n\n{}\n[b](/missing/)\n[c](/cli/nope/)\n", (0..n).map(link).collect::<String>())
    };
    let told_of = |text: &str| {
        let found = loaded(&format!("{text}=== cli/b.md\n# B\n\n{}", "[x](/cli/gone/x)\n".repeat(25)));
        let broken = found.diagnostics.iter().filter(|told| told.code == gradus_corpus::Code::BrokenLink);
        broken.map(|told| told.message.clone()).collect::<Vec<_>>()
    };
    let few = told_of(&text(19));
    assert_eq!(few.len(), 19 + 2 + 25, "{few:?}");
    let many = told_of(&text(30));
    assert_eq!(many.len(), 1 + 2 + 25, "{many:?}");
    assert!(
        many[0].contains("'/azure/service-0/start'") && many[0].contains("29 others below '/azure/'"),
        "{}",
        many[0]
    );
    let locked = told_of(&text(30).replace("# A", "---\naccess: pro\n---\n# A"));
    assert_eq!(locked.len(), 30 + 2 + 25, "how many links are locked changes nothing: {locked:?}");
}

#[test]
fn a_name_that_means_nothing_is_text_and_no_link() {
    let html = |link: &str| {
        let found = loaded(&format!("{SITE}=== notes/ml/from.md\n# From\n\nSee {link} there.\n"));
        let text = found.corpus.pages().find(|(_, page)| &*page.path == "notes/ml/from.md").unwrap().1.sections[0]
            .text
            .html
            .clone();
        text.trim().to_owned()
    };
    for (link, expected) in [
        ("[[Nowhere]]", "<p>See Nowhere there.</p>"),
        ("[[Nowhere|the *other* one]]", "<p>See the <em>other</em> one there.</p>"),
        ("[[Soon]]", "<p>See Soon there.</p>"),
        ("![[Nowhere]]", "<p>See Nowhere there.</p>"),
        ("[[toc]]", "<p>See toc there.</p>"),
        ("[[Other]]", "<p>See <a href=\"/notes/other/setup\">Other</a> there.</p>"),
        ("[x](nowhere.md)", "<p>See <a href=\"nowhere.md\">x</a> there.</p>"),
    ] {
        assert_eq!(html(link), expected, "{link}");
    }
}

#[test]
fn days_and_names_of_signs_are_names_of_notes() {
    let found = loaded(
        "=== .obsidian/app.json\n{}\n=== 2022-07-18.md\nx\n=== 2022.md\nx\n=== 1.10.md\nx\n=== x....md\nx\n=== a.md\n[[2022-07-18]] [[2022]] [[1.10]] [[x...]] [[1, 2]] [[...]] [[2022-07-19]]\n",
    );
    let mut to: Vec<&str> = found.corpus.edges().map(|edge| path(&found.corpus, edge.to)).collect();
    to.sort_unstable();
    assert_eq!(to, ["1.10.md", "2022-07-18.md", "2022.md", "x....md"]);
    let broken = found.diagnostics.iter().filter(|told| told.code.as_str() == "G007");
    assert_eq!(broken.map(|told| &*told.message).collect::<Vec<_>>(), ["the link to '2022-07-19' leads nowhere"]);
}

#[test]
fn the_name_of_a_file_goes_before_what_others_call_themselves() {
    let found = loaded(
        "=== People/x.md\n---\naliases: [Obsidian]\n---\n# X\n=== Concepts/Obsidian.md\n# A tool\n=== a.md\n[[Obsidian]]\n",
    );
    let to: Vec<&str> = found.corpus.edges().map(|edge| path(&found.corpus, edge.to)).collect();
    assert_eq!(to, ["Concepts/Obsidian.md"]);
    assert!(!found.diagnostics.iter().any(|told| told.code.as_str() == "G005"));
}

#[test]
fn what_is_no_link_is_no_broken_one() {
    let found = loaded("=== a.mdx\n# A\n\n<Teleport to=\"body\">\n<p>x</p>\n</Teleport>\n\n<LinkCard to=\"nope\" />\n");
    let told: Vec<&str> = found.diagnostics.iter().map(|told| &*told.message).collect();
    assert_eq!(told, ["the link to 'nope' leads nowhere"]);
    let long = format!(
        "=== a.mdx\n# A\n\n<Fragment set:html={{\"<a href=\\\"https://b.example/x\\\">x</a>{}\"}} />\n\n## B\n\nText.\n",
        "word ".repeat(2_000)
    );
    let found = loaded(&long);
    assert_eq!(found.diagnostics.len(), 0, "{:?}", found.diagnostics);
    assert_eq!(found.corpus.pages().next().unwrap().1.sections.len(), 1);
}

#[test]
fn a_heading_in_a_link_takes_no_page_away() {
    for card in [
        "<a href=\"setup.md\"><h4>Set it up</h4></a>",
        "<div class=\"cards\"><a href=\"setup.md\"><h4>Set it up</h4><p>Text</p></a></div>",
        "<a href=\"setup.md\">\n\n## Set it up\n\n</a>",
        "- <a href=\"setup.md\"><b><h4>Set it up</h4></b> text</a>\n",
    ] {
        for (from, ending) in [("notes/ml/from.md", ""), ("notes/ml/from.md", "\n\nText.\n")] {
            let found = loaded(&format!("{SITE}=== {from}\n{card}{ending}"));
            let edges: Vec<_> = found.corpus.edges().filter(|edge| edge.relation == Relation::Links).collect();
            assert!(edges.iter().any(|edge| path(&found.corpus, edge.to) == "notes/ml/setup.md"), "{card}");
        }
    }
    let page = "=== index.html\n<html><title>A</title><main><a href=b.html><h4>y</h4></a>x</main>\n=== b.html\n<html><title>B</title><main>b</main>\n";
    assert_eq!(loaded(page).corpus.n_pages(), 2);
}

/// What links are written like, and where they lead from `notes/ml/from.md`, as [`outcome`] says it.
const LINKS: &[(&str, &str)] = &[
    ("[x]()", "G007"),
    ("![x]()", "G007"),
    ("<a href=\"\">x</a>", "untold"),
    // Titles behind targets in angle brackets.
    ("[x](<setup.md> 'title')", "notes/ml/setup.md"),
    ("[x][r]\n\n[r]: <setup.md> \"title\"\n\nthen", "notes/ml/setup.md"),
    // Paths.
    ("[x](setup.md)", "notes/ml/setup.md"),
    ("[x](./setup.md#part)", "notes/ml/setup.md#part"),
    ("[x](setup)", "notes/ml/setup.md"),
    ("[x](./setup/)", "notes/ml/setup.md"),
    ("[x](../other/setup)", "notes/other/setup.md"),
    ("[x](../my%20page.md)", "notes/my page.md"),
    ("[x](<../my page.md>)", "notes/my page.md"),
    ("[x](../gr%C3%BCn.md)", "notes/grün.md"),
    ("[x](../gru\u{308}n.md)", "notes/grün.md"),
    ("[x](../Gr%c3%bcn.md)", "notes/grün.md"),
    ("[x](..\\other\\setup.md)", "notes/other/setup.md"),
    ("[x](setup.md?plain=1#part)", "notes/ml/setup.md#part"),
    ("[x][d] [d]: setup.md", "untold"),
    ("[x](next)", "notes/ml/02-next.md"),
    ("[x](02-next.md)", "notes/ml/02-next.md"),
    ("[x](../deep)", "notes/deep/index.md"),
    ("[x](../deep/)", "notes/deep/index.md"),
    ("[x](../deep/index.md)", "notes/deep/index.md"),
    ("[x](setup.html)", "notes/ml/setup.md"),
    ("[x](../../index.md)", "index.md"),
    ("[x](/)", "index.md"),
    // From the root of the site, the content, the project.
    ("[x](/notes/ml/setup)", "notes/ml/setup.md"),
    ("[x](/notes/ml/setup.md#raw)", "notes/ml/setup.md#raw"),
    ("[x](@site/notes/other/setup.md)", "notes/other/setup.md"),
    ("[x](@site/docs/notes/other/setup.md)", "notes/other/setup.md"),
    // Anchors.
    ("[x](setup.md#Sub%20part)", "notes/ml/setup.md#sub-part"),
    ("[x](setup.md#^block)", "notes/ml/setup.md#^block"),
    ("[x](setup.md#top)", "notes/ml/setup.md"),
    ("[x](#own-part)", "untold"),
    ("[[#Own part]]", "#own-part"),
    // Wikilinks.
    ("[[KV cache]]", "concepts/kv.md"),
    ("[[kv_cache|text]]", "concepts/kv.md"),
    ("[[KV cache.md]]", "concepts/kv.md"),
    ("[[Key-value cache]]", "concepts/kv.md"),
    ("[[C#]]", "concepts/c-sharp.md"),
    ("[[setup]]", "notes/ml/setup.md"),
    ("[[other/setup]]", "notes/other/setup.md"),
    ("[[notes/ml/setup#Part#Sub part]]", "notes/ml/setup.md#sub-part"),
    ("[[ml/setup.md]]", "notes/ml/setup.md"),
    ("[[my page]]", "notes/my page.md"),
    ("![[setup#^block]]", "notes/ml/setup.md#^block"),
    // Shortcodes.
    ("[x]({{< ref \"setup.md\" >}})", "notes/ml/setup.md"),
    ("[x]({{% relref \"other/setup#part\" %}})", "G007"),
    ("[x]({{< relref \"/notes/other/setup\" >}})", "notes/other/setup.md"),
    ("[x]({{< ref \"grün\" >}})", "notes/grün.md"),
    ("[x]({% link notes/other/setup.md %})", "notes/other/setup.md"),
    ("[x]({{ site.baseurl }}{% link notes/other/setup.md %})", "notes/other/setup.md"),
    ("[x]({{ site.baseurl }}/notes/other/setup/)", "notes/other/setup.md"),
    // Files that are no pages.
    ("![x](../../img/logo.png)", "/img/logo.png"),
    ("![x](/img/logo.png)", "untold"),
    ("[x](/files/form.pdf)", "untold"),
    ("[x](../code/main.rs#L10)", "/notes/code/main.rs"),
    ("[x](../code/)", "/notes/code"),
    ("![[logo.png]]", "/img/logo.png"),
    // Out of the site, or made by a template.
    ("[x](mailto:joe@readme.md)", "untold"),
    ("[x](//cdn.example.org/x.md)", "untold"),
    ("[x](https://example.org/nope.md)", "untold"),
    ("[x]({{ page.other }})", "untold"),
    ("[[toc]]", "untold"),
    ("[[_TOC_]]", "untold"),
    ("`[x](nope.md)`", "untold"),
    ("[x](/sitemap.xml)", "untold"),
    // Nothing.
    ("[x](nope.md)", "G007"),
    ("[x](nope)", "G007"),
    ("[x](/nope/)", "G007"),
    ("[x](../../../outside.md)", "G007"),
    ("![x](nope.png)", "G007"),
    ("[x](/img/nope.png)", "G007"),
    ("[x](#nope)", "G007"),
    ("[x](setup.md#nope)", "G007"),
    ("[[nope]]", "G007"),
    ("[[#nope]]", "G007"),
    ("![[nope.png]]", "G007"),
    ("[x]({{< ref \"nope\" >}})", "G007"),
    ("[x](@site/nope.md)", "G007"),
    ("[x](../../drafts/soon.md)", "G007"),
    ("[[soon]]", "G007"),
];

#[test]
fn each_form_of_link_leads_where_its_author_meant() {
    for (link, expected) in LINKS {
        assert_eq!(outcome(link), *expected, "{link}");
    }
}

#[test]
fn what_is_broken_is_told_with_what_was_meant() {
    let found = loaded(&format!(
        "{SITE}=== notes/a.md\n# A\n\n[a](my%20pag.md) [b](ml/setup.md#prt) ![c](../img/lgo.png) [[KV cahce]] [d](../drafts/soon.md) [e](#b)\n\n## Bee\n\n[[Twin]]\n\
         === s/t1.md\n# Twin\n=== s/t2.md\n# Twin\n"
    ));
    let told: Vec<String> = found
        .diagnostics
        .iter()
        .filter(|told| &*told.file == "notes/a.md")
        .map(|told| {
            let help = told.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
            format!("{}:{} {} {}{help}", told.position.line, told.position.column, told.code, told.message)
        })
        .collect();
    assert_eq!(
        told,
        [
            "3:1 G007 the link to 'my%20pag.md' leads nowhere (did you mean `my page.md`?)",
            "3:18 G007 'Set it up' has no heading 'prt' (did you mean `#part`?)",
            "3:39 G007 there is no image '../img/lgo.png' (did you mean `../img/logo.png`?)",
            "3:60 G007 the link to 'KV cahce' leads nowhere (did you mean `kv`?)",
            "3:73 G007 the link leads to 'drafts/soon.md', which is not published",
            "3:96 G007 this page has no heading 'b'",
            "7:1 G005 'Twin' names several pages: `guide:s~t1`, `guide:s~t2`; the first is taken (write its path, such as the folders before its name)",
        ]
    );
}

/// The paths of what `entry` in the prerequisites of the concept `concepts/deep/x.md` names, or what is told.
fn named(entry: &str) -> String {
    let found = loaded(&format!(
        "{SITE}=== concepts/kv-cache.md\n---\ntitle: KV store\n---\nA store.\n\
         === concepts/deep/y.md\nText.\n=== concepts/deep/x.md\n---\nprerequisites:\n  - {entry}\n---\nText.\n"
    ));
    let told: Vec<&str> = found
        .diagnostics
        .iter()
        .filter(|told| &*told.file == "concepts/deep/x.md")
        .map(|told| told.code.as_str())
        .filter(|code| *code < "G008")
        .collect();
    if !told.is_empty() {
        return told.join(" ");
    }
    let (page, _) = found.corpus.pages().find(|(_, page)| &*page.path == "concepts/deep/x.md").unwrap();
    let edges = found.corpus.declared_by(page).iter().filter(|edge| edge.relation == Relation::Requires);
    edges.map(|edge| path(&found.corpus, edge.to)).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_form_of_entry_names_what_its_author_meant() {
    for (entry, expected) in [
        ("kv-cache", "concepts/kv-cache.md"),
        ("concept:kv-cache", "concepts/kv-cache.md"),
        ("KV cache", "concepts/kv.md"),
        ("[[KV cache|the cache]]", "concepts/kv.md"),
        ("'[[KV cache]]'", "concepts/kv.md"),
        ("'[KV cache](../kv.md)'", "concepts/kv.md"),
        ("../kv.md", "concepts/kv.md"),
        ("../kv", "concepts/kv.md"),
        ("y.md", "concepts/deep/y.md"),
        ("./y", "concepts/deep/y.md"),
        ("concepts/kv.md", "concepts/kv.md"),
        ("/concepts/kv/", "concepts/kv.md"),
        ("../../notes/ml/setup.md", "notes/ml/setup.md"),
        ("ml/setup", "notes/ml/setup.md"),
        ("nope", "G002"),
        ("../nope.md", "G002"),
        ("soon", "G002"),
    ] {
        assert_eq!(named(entry), expected, "{entry}");
    }
}

#[test]
fn a_new_file_does_not_change_what_an_id_means() {
    let before = loaded("=== a/setup.md\n# Setup\n=== x.md\n[[a~setup]]\n");
    let after = loaded(
        "=== a/setup.md\n# Setup\n=== z.md\n---\naliases: [a~setup, setup]\n---\n# a~setup\n=== x.md\n[[a~setup]]\n",
    );
    let target = |found: &Loaded| {
        let (_, page) = found.corpus.pages().find(|(_, page)| &*page.path == "x.md").unwrap();
        path(&found.corpus, page.sections[0].text.links[0].target).to_owned()
    };
    assert_eq!((target(&before), target(&after)), ("a/setup.md".to_owned(), "a/setup.md".to_owned()));
}

#[test]
fn names_that_are_defined_below_the_text_mean_what_they_are_defined_as() {
    let found = loaded("=== a.md\n# A\n\n[[other]] [[b]]\n\n[other]: b.md 'Other'\n=== b.md\n# B\n");
    let (_, page) = found.corpus.pages().find(|(_, page)| &*page.path == "a.md").unwrap();
    let targets: Vec<&str> = page.sections[0].text.links.iter().map(|link| path(&found.corpus, link.target)).collect();
    assert_eq!(targets, ["b.md", "b.md"]);
}

#[test]
fn what_only_the_site_itself_can_judge_is_not_told() {
    for (source, is_told) in [
        // Aliases of Hugo are addresses beside the page.
        (
            "=== hugo.toml\nbaseURL = 'https://x.org/'\n=== content/log/new.md\n---\naliases: [old]\n---\nText.\n=== content/a.md\n[x](/log/old/)\n",
            false,
        ),
        (
            "=== hugo.toml\nbaseURL = 'https://x.org/'\n=== content/log/new.md\nText.\n=== content/a.md\n[x](/log/old/)\n",
            true,
        ),
        // A page that a shortcode writes has anchors that nobody sees in it.
        (
            "=== hugo.toml\nbaseURL = 'https://x.org/'\n=== content/b.md\n{{% glossary %}}\n=== content/a.md\n[x](/b/#term)\n",
            false,
        ),
        ("=== b.md\n--8<-- \"more.md\"\n=== a.md\n[x](b.md#more)\n", false),
        ("=== b.md\n<!--@include: ./more.md-->\n=== a.md\n[x](b.md#more)\n", false),
        ("=== b.md\nText.\n=== a.md\n[x](b.md#more)\n", true),
        // Starlight shows what is not translated in the language of the reader.
        (
            "=== astro.config.mjs\nexport default { integrations: [starlight({ defaultLocale: 'root', locales: { root: { lang: 'en' }, de: { lang: 'de' } } })] }\n\
             === src/content/docs/b.md\nText.\n=== src/content/docs/de/index.md\n[x](/de/b/)\n",
            false,
        ),
        // Labels of other projects are in their inventories.
        ("=== conf.py\nextensions = ['myst_parser']\n=== index.md\n# I\n\n[x](some-label)\n", false),
        ("=== conf.py\nextensions = ['myst_parser']\n=== index.md\n# I\n\n[x](gone.md)\n", true),
    ] {
        let found = loaded(source);
        let told = found.diagnostics.iter().any(|told| told.code.as_str() == "G007");
        assert_eq!(told, is_told, "{source}");
    }
}

#[test]
fn terms_of_hugo_can_be_linked_to() {
    let settings =
        "=== hugo.toml\nbaseURL = 'https://x.example/'\n[markup.goldmark.parser]\nautoDefinitionTermID = true\n";
    let found = loaded(&format!("{settings}=== content/a.md\n# A\n\nWarm [oven](/b)\n: Hot.\n\n[x](#warm-oven)\n"));
    let (_, page) = found.corpus.pages().next().unwrap();
    let html = &page.sections[0].text.html;
    assert!(html.contains("</a><span id=\"warm-oven\"></span></dt>"), "{html}");
    let broken: Vec<&str> = found.diagnostics.iter().map(|told| told.message.as_str()).collect();
    assert!(!broken.iter().any(|told| told.contains("warm-oven")), "{broken:?}");
}
