//! Text in, text out: what of a document readers see, search and follow.

use gradus_corpus::{Code, Kind};

use crate::given::{check_in, guide, guide_of as page, sections, source};

#[track_caller]
fn check(text: &str, expected: &str) {
    check_in("a.md", text, expected);
}

fn html(text: &str) -> String {
    page("a.md", text).sections.iter().flat_map(|section| section.texts()).map(|text| text.html.as_str()).collect()
}

#[track_caller]
fn check_html(text: &str, expected: &str) {
    assert_eq!(html(text), expected, "of\n{text}");
}

#[test]
fn markdown_is_text() {
    check(
        "A *big*\n[link](x.md) and `x`.\n\n- one\n- two\n\n```rust\nfn f() {}\n```\n",
        "0 #: A big link and x. / one / two `fn f() {}`",
    );
    check("- a\n  - b\n    c\n", "0 #: a / b c");
    check("| a | b |\n|---|---|\n| c | d |\n", "0 #: a b / c d");
    check("Setext\n======\n\nText[^1].\n\n[^1]: Note.\n", "0 #: Text. / Note.");
    check_html("1. a\n2. b\n\n> c\n", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<blockquote>\n<p>c</p>\n</blockquote>\n");
    check_html(
        "| a |\n|:-:|\n| b |\n",
        "<table><thead><tr><th align=\"center\">a</th></tr></thead><tbody>\n<tr><td align=\"center\">b</td></tr>\n</tbody></table>\n",
    );
    check_html(
        "```rust,no_run\na < b\n```\n\n    c\n",
        "<pre><code class=\"language-rust\">a &lt; b\n</code></pre>\n<pre><code>c\n</code></pre>\n",
    );
    check_html(
        "![a *b*](x.png \"t\") **c** ~~d~~  \ne\n",
        "<p><img src=\"x.png\" alt=\"a b\" title=\"t\" /> <strong>c</strong> <del>d</del><br />\ne</p>\n",
    );
}

#[test]
fn tags_and_shortcodes_leave_their_inside() {
    check("<Note>The cache grows. See [it](b.md).</Note>\n", "0 #: The cache grows. See it.");
    check("{{< hint info >}}Mind the **cache**.{{< /hint >}}\n", "0 #: Mind the cache.");
    check("<Badge text=\"new\" /> A plain paragraph.\n", "0 #: A plain paragraph.");
    check("<Note>\n**a** [b](c.md)\n</Note>\n", "0 #: a b");
    check("<Note># no heading</Note>\n", "0 #: # no heading");
    check(
        "<Tabs>\n  <TabItem label=\"Linux\">\n    Text\n\n    ```sh\n    # code\n    ```\n  </TabItem>\n</Tabs>\nend\n",
        "0 #: Linux / Text / end `# code`",
    );
    check("<Card title=\"Title\" description=\"Words.\" />\n", "0 #: Title / Words.");
    check("{{< tabs >}}\n{{% tab name=\"One\" %}}\n- a\n{{% /tab %}}\n{{< /tabs >}}\n", "0 #: One / a");
    check("{{< details \"More\" >}}\nx\n{{< /details >}}\n", "0 #: More / x");
    check("{% if x %}a{% endif %} {{ site.title }} {% include x.html a=\"b\" %}\n", "0 #: a");
    check("import X from './x'\n\nexport const y = {\n  a: 1,\n}\n\ntext\n", "0 #: text");
    check("import data from CSV files\nand export them\n", "0 #: import data from CSV files and export them");
    check_in("a.mdx", "export const a =\n  1\n\nA {'b'} {c.d} {\"e\"}\n", "0 #: A b e");
    check_in("a.mdx", "<div className=\"x\" style={{a: 1}}>\n      deep *words*\n</div>\n", "0 #: deep words");
    check("<Tabs a={[\"x > y\"]}>\n\nkept {/* a\nb */}\n\n</Tabs>\n", "0 #: kept");
    check("a {{ that never ends\n\nkept }}\n", "0 #: a {{ that never ends / kept }}");
    check("`{{ code }}` and `<Tag>` and\n\n```\n{{< x >}}\n```\n", "0 #: {{ code }} and <Tag> and `{{< x >}}`");
    check("- ```\n  {{< x >}} <!-- c -->\n  ```\n- b {{< y >}}\n", "0 #: b `{{< x >}} <!-- c -->`");
}

#[test]
fn admonitions_are_text_with_their_titles() {
    check(
        "!!! note \"Title\"\n    one\n\n    ```py\n    # code\n\n    b\n    ```\n    ??? tip\n        two\n\nout\n\n    code\n",
        "0 #: Title / one / two / out `# code /  / b / code`",
    );
    check("=== \"Tab A\"\n\n    a\n\n=== \"Tab B\"\n\n    b\n", "0 #: Tab A / a / Tab B / b");
    check(
        "1. step\n\n    !!! note\n        inner\n\n    more {{< x >}} text\n2. next\n",
        "0 #: step / inner / more text / next",
    );
    check(
        ":::note Mind this\ntext\n:::\n\n:::tip[Other]\nb\n:::\n::: details Third\nc\n:::\n",
        "0 #: Mind this / text / Other / b / Third / c",
    );
    check("::: {.callout-note title=\"Quarto\"}\nx\n:::\n", "0 #: Quarto / x");
    check("/// note | Title\n    type: x\n\ntext\n///\n", "0 #: Title / text");
    check("> [!NOTE]\n> a\n\n> [!info]- Fold\n> b\n", "0 #: a / Fold / b");
    check("```{note} My *note*\n:class: x\n\ntext `a`\n```\nend\n", "0 #: My note / text a / end");
    check(":::{warning}\n:name: w\ntext\n:::\n", "0 #: text");
    check("```{code-block} python\n:linenos:\n\nx = 1\n```\n", "0 #: `x = 1`");
    check("```{toctree}\n:maxdepth: 2\n\nintro\n```\nend\n", "0 #: end");
    check("<details><summary>Why?</summary>\n\nInside.\n\n</details>\n", "0 #: Why? / Inside.");
    check_html("!!! note\n    a\n\n    b\n", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n");
}

#[test]
fn html_is_text() {
    check(
        "<p align=\"center\">Centered words</p>\n\n<table><tr><td>one</td><td>two</td></tr></table>\n",
        "0 #: Centered words / one two",
    );
    check("| a |\n|---|\n| first<br>second |\n", "0 #: a / first second");
    check(
        "<script>evil()</script>\n<style>a {}</style>\n\nA <kbd>Ctrl</kbd>&nbsp;B &amp; C\n",
        "0 #: A Ctrl\u{a0}B & C",
    );
    check("<pre>\n# code\n\n# more\n</pre>\n", "0 #: `# code /  / # more`");
    check("<div>\n<pre>\n# code\n\n# more\n</pre>\n</div>\nend\n", "0 #: end `# code /  / # more`");
    check_html(
        "<details open><summary>a</summary>\n\nb\n\n</details>\n",
        "<details open=\"\"><summary>a</summary>\n<p>b</p>\n</details>\n",
    );
    check_html("a <b>b\n\nc\n", "<p>a <b>b</b></p>\n<p>c</p>\n");
}

#[test]
fn comments_of_authors_reach_nobody() {
    let texts = [
        "a %% secret %% b\n",
        "%%\nsecret\n%%\n\na b\n",
        "a <!-- secret\n\nsecret --> b\n",
        "<!-- secret -->\na b\n",
        "a {/* secret */} b\n",
        "a b\n\n[//]: # (secret)\n",
        "a b\n\n[comment]: <> (secret)\n",
        "{% comment %}secret{% endcomment %}a b\n",
        "{{< comment >}}\nsecret\n{{< /comment >}}\na b\n",
        "{::comment}\nsecret\n{:/comment}\n\na b\n",
        "a {{/* secret */}} b\n",
        "a b\n\n[unused]: https://secret.example (secret)\n",
        "> a <!-- secret -->b\n",
        "a b <!-- secret\nsecret -->\n",
        "a b\n\n<!-- secret",
    ];
    for text in texts {
        let page = page("a.md", text);
        let text_of = &page.sections[0].text;
        for shown in [&text_of.markdown, &text_of.plain, &text_of.html, &text_of.code] {
            assert!(!shown.contains("secret"), "{shown:?} of\n{text}");
        }
        let words: Vec<&str> = text_of.plain.split_whitespace().collect();
        assert_eq!(words, ["a", "b"], "of\n{text}");
        assert_eq!(page.description.as_deref(), Some("a b"), "of\n{text}");
    }
}

#[test]
fn markup_is_not_text() {
    let texts = [
        "A ==b== c",
        "A b c {.cls}",
        "A [b](x.md){ .button } c",
        "A `b`{.python} c",
        "(label)=\nA b c",
        "A b c ^block-1",
        "A b c\n\n^block",
        "[TOC]\n\nA b c",
        "[[toc]]\n\nA b c",
        "[[_TOC_]]\n\nA b c",
        "* TOC\n{:toc}\n\nA b c",
        "A b c\n{: .note #x }",
        "{* ../docs/x.py hl[1] *}\n\nA b c",
        "{! x.md !}\n\nA b c",
        "--8<-- \"x.md\"\n\nA b c",
        "A b c :label:`sec_x`",
        "A {ref}`x`b c",
        "A {doc}`b <x>` c",
        "A {abbr}`b` c",
        "{#id .x}\nA b c",
        "A :cite:`Foo`b c",
        "A {{#include x.rs}}b c",
        "::toc{depth=2}\n\nA b c",
    ];
    for text in texts {
        let page = page("a.md", text);
        let words: Vec<&str> = page.sections[0].text.plain.split_whitespace().collect();
        assert_eq!(words, ["A", "b", "c"], "of {text}");
    }
    for kept in
        ["a :tada: b", "a {b} c", "a == b and c == d", "a {x, y} b", "costs $$ and $$ more", "50%% of it", "see {id}"]
    {
        assert_eq!(page("a.md", kept).sections[0].text.plain, kept);
    }
    check_html("A ==b== c\n", "<p>A <mark>b</mark> c</p>\n");
}

#[test]
fn code_without_a_fence_is_no_heading() {
    let texts = [
        "{{< highlight sh >}}\n# paid\necho\n{{< /highlight >}}\n",
        "{% highlight sh %}\n# paid\n{% endhighlight %}\n",
        "{{% code %}}\n# paid\n{{% /code %}}\n",
        "{% raw %}\n# paid\n{% endraw %}\n",
        "<Code>\n# paid\n</Code>\n",
        "<CodeBlock>{`\n# paid\n`}</CodeBlock>\n",
        "<pre>\n# paid\n</pre>\n",
        "text <pre>\n\n# paid\n</pre>\n",
        "$$\n# paid\n$$\n",
        "text $$\n# paid\n$$\n",
        "\\[\n# paid\n\\]\n",
        "{{< math >}}\n# paid\n{{< /math >}}\n",
        "> {{< highlight sh >}}\n> # paid\n> {{< /highlight >}}\n",
        "- a\n  {{< highlight sh >}}\n  # paid\n  {{< /highlight >}}\n",
        "text {{< highlight sh >}}\n# paid\n{{< /highlight >}} text\n",
        "!!! note\n    {{< highlight sh >}}\n    # paid\n    {{< /highlight >}}\n",
    ];
    for text in texts {
        let page = page("a.md", text);
        assert_eq!(page.sections.len(), 1, "of\n{text}\n{}", sections(&page));
        let text_of = &page.sections[0].text;
        assert!(text_of.code.contains("# paid\n"), "{:?} of\n{text}", text_of);
        assert!(!text_of.plain.contains("paid"), "{:?} of\n{text}", text_of.plain);
    }
    check("{% raw %}\n```yaml\n{{ x }}\n```\n{% endraw %}\n", "0 #: `{{ x }}`");
    check("{% raw %}{{ x }}{% endraw %} is a variable\n", "0 #: {{ x }} is a variable");
}

#[test]
fn the_first_heading_of_level_one_is_the_title() {
    for text in [
        "<!-- lint -->\n# Real title\n\ntext\n",
        "[![ci](x.svg)](y)\n\n# Real title\n\ntext\n",
        "<h1 align=\"center\">Real title</h1>\n\ntext\n",
        "<h1 align=\"center\">\n\nReal title\n\n</h1>\n\ntext\n",
        "<p align=\"center\"><img src=\"l.png\"></p>\n\n# Real title\n\ntext\n",
        "## First\n\nx\n\n# Real title\n\ntext\n",
        "Real title\n===\n\ntext\n",
        "text\n\n# Real title\n",
        "{{< badge >}}\n\n# Real *title* {#own}\n\ntext\n",
    ] {
        assert_eq!(&*page("a.md", text).title, "Real title", "of\n{text}");
    }
    check("badge\n\n# T\n\ntext\n\n## B\n", "0 #: badge / text\n2 B#b:");
}

#[test]
fn a_description_is_a_sentence() {
    for (text, expected) in [
        ("[TOC]\n\nReal words.\n", "Real words."),
        ("[![Build](b.svg)](x) ![cov](c.svg)\n\nReal words.\n", "Real words."),
        ("> [!NOTE]\n> Read this first.\n\nReal words.\n", "Read this first."),
        ("[[toc]]\n\nReal words.\n", "Real words."),
        ("[Home](a.md) | [Next](b.md)\n\nReal words.\n", "Real words."),
        ("!!! note \"Title\"\n    Read *this*.\n", "Read this."),
        ("- a list\n\n- of points\n\nReal words.\n", "Real words."),
        ("<p align=\"center\">A <b>tagline</b>\n of words</p>\n\nMore.\n", "A tagline of words"),
        ("A [link](b.md) and `code`.\n", "A link and code."),
    ] {
        assert_eq!(page("a.md", &format!("# T\n\n{text}")).description.as_deref(), Some(expected), "of\n{text}");
    }
    assert_eq!(page("a.md", "---\naccess: pro\n---\nsecret\n").description, None);
}

#[test]
fn sections_begin_at_every_heading() {
    check("lead\n\n## A\n\na\n\n> ## B\n> b\n\n- ## C\n  c\n", "0 #: lead\n2 A#a: a\n2 B#b: b\n2 C#c: c");
    check("!!! note\n    ## A\n    a\n\n<Tabs>\n  ## B\n  b\n</Tabs>\n", "2 A#a: a\n2 B#b: b");
    check_html(
        "1. one\n2. ## A\n   two\n3. three\n",
        "<ol>\n<li>one</li>\n</ol><ol><li>two</li>\n<li>three</li>\n</ol>\n",
    );
    check(
        "## A {#own}\n\n## B { #two .x }\n\n## C {.x}\n\n## D\n{: #four }\n",
        "2 A#own:\n2 B#two:\n2 C#c:\n2 D#four:",
    );
    check(
        "## GET /users/{id}\n\n## The set {a, b}\n\n## Reading ${HOME}\n",
        "2 GET /users/{id}#get-usersid:\n2 The set {a, b}#the-set-a-b:\n2 Reading ${HOME}#reading-home:",
    );
    check("<h2 id=\"own\">A <b>b</b></h2>\n\ntext\n", "2 A b#own: text");
    check("# Setup\n\nlead\n\n## Setup\n\n## Setup\n", "0 #: lead\n2 Setup#setup-1:\n2 Setup#setup-2:");
}

#[test]
fn a_page_knows_its_further_places() {
    let anchors = |text: &str| page("a.md", text).anchors.join(" ");
    assert_eq!(
        anchors("# Key\n\nx <a id=\"one\"></a> <a name='two'></a>\n\n[foo]{#three} b ^four\n\nc {#five}\n"),
        "key one two three ^four five"
    );
    assert_eq!(anchors("(label)=\n## A\n\n<div id=\"x\">y</div>\n"), "label x");
}

/// Section, form of what is linked and the pages that edges lead to.
fn links(files: &[(&str, &str)]) -> String {
    let found = source(files);
    let page = guide(&found, "a");
    let texts = page.sections.iter().flat_map(|section| section.texts());
    let links = texts.flat_map(|text| &text.links).map(|link| {
        let anchor = link.anchor.as_deref().map_or(String::new(), |anchor| format!("#{anchor}"));
        let at = link.position;
        format!("{}{anchor} {}:{}", found.corpus.page(link.target).slug, at.line, at.column)
    });
    links.collect::<Vec<_>>().join(", ")
}

#[test]
fn links_of_all_forms_are_known_with_their_places() {
    let b = ("b.md", "# B\n\n## S\n");
    for (text, expected) in [
        ("see [b](b.md#s)\n", "b#s 1:5"),
        ("see [[b]] and [[b|x]]\n", "b 1:5, b 1:15"),
        ("ä <a href=\"b.md\">x</a>\n", "b 1:3"),
        ("<p>\n<a href='b.md'>x</a></p>\n", "b 2:1"),
        ("[x][r]\n\n[r]: b.md\n", "b 3:1"),
        ("<Card title=\"T\" href=\"b.md\" />\n", "b 1:1"),
        ("a <Link to=\"b.md\">x</Link>\n", "b 1:3"),
        ("[x]({{< ref \"b.md\" >}})\n", "b 1:1"),
        ("[x]({% link b.md %})\n", "b 1:1"),
        ("!!! note\n    [x](b.md)\n", "b 2:5"),
        ("<!-- c --> {{< x >}} [x](b.md)\n", "b 1:22"),
        ("{doc}`T <b>`\n", "b 1:1"),
        ("## T [x](b.md)\n", "b 1:6"),
    ] {
        assert_eq!(links(&[("a.md", text), b]), expected, "of\n{text}");
    }
}

#[test]
fn html_leads_where_edges_lead() {
    let found = source(&[
        ("a.md", "[x](b.md#s) <a href=\"./b.md\">y</a> [[b|z]] [u](nope.md) [v][r]\n\n[r]: b.md\n"),
        ("b.md", "# B\n\n## S\n"),
    ]);
    let html = &guide(&found, "a").sections[0].text.html;
    assert_eq!(
        html,
        "<p><a href=\"/b#s\">x</a> <a href=\"/b\">y</a> <a href=\"/b\">z</a> <a href=\"nope.md\">u</a> <a href=\"/b\">v</a></p>\n"
    );
}

#[test]
fn nothing_behind_the_preview_changes_the_preview() {
    let preview = "---\naccess: pro\n---\nsee [a][r] and *b [^1]\n\n- one\n\n<!-- more -->\n\n";
    let first = |rest: &str| {
        let found = source(&[("a.md", &format!("{preview}{rest}"))]);
        let public = found.corpus.public().unwrap();
        let id = public.find(Kind::Guide, "a").unwrap();
        format!("{:?}", public.page(id).sections[0].text)
    };
    let expected = first("x\n");
    assert!(expected.contains("[a][r]"), "{expected}");
    for rest in ["[r]: https://secret.example\n", "*\n", "- two\n", "[^1]: secret\n", "```\n", "<div>\n", "===\n"] {
        assert_eq!(first(rest), expected, "before {rest}");
    }
    let found = source(&[("a.md", "---\naccess: pro\n---\n[r]: /url\n\n<!-- more -->\n\nsee [a][r]\n")]);
    let locked = guide(&found, "a").sections[0].locked.clone().unwrap();
    assert!(locked.html.contains("<a href=\"/url\">a</a>"), "{locked:?}");
    assert_eq!(locked.markdown, "<!-- more -->\n\nsee [a][r]\n\n[r]: /url\n");
}

/// Beginnings and ends of everything that could reach over the end of a preview.
const PIECES: &[&str] = &[
    "words ",
    "*a",
    "**",
    "`",
    "``",
    "[a][r]",
    "[r]: /u\n",
    "[^1]",
    "[^1]: n\n",
    "\n",
    "\n\n",
    "- x\n",
    "  - y\n",
    "> q\n",
    "```\n",
    "~~~\n",
    "<div>\n",
    "</div>\n",
    "<Tabs>\n",
    "</Tabs>\n",
    "<b>",
    "</b>",
    "<pre>\n",
    "</pre>\n",
    "<!-- c -->",
    "<!--",
    "{{< x >}}",
    "{{< code >}}\n",
    "{{< /code >}}\n",
    "{% raw %}",
    "{% endraw %}",
    "{% comment %}",
    "{% endcomment %}",
    "!!! note\n    z\n",
    "    deep\n",
    ":::note\n",
    ":::\n",
    "| a |\n|---|\n",
    "| b |\n",
    "$$\n",
    "%% ",
    "===\n",
    "/// x\n",
    "(l)=\n",
    "{#i}\n",
    "![i](x.png)",
    "<script>\n",
    "</script>\n",
    "<svg>",
    "{/* ",
    " */}",
    "import a from 'b'\n",
    "```{note}\n",
    "1. n\n",
    "\t",
    "&amp;",
    "\\",
    "==m",
    "== ",
    "^id\n",
    "ü",
];

fn public(text: &str) -> String {
    let found = source(&[("a.md", text)]);
    let public = found.corpus.public().unwrap();
    let page = public.page(public.find(Kind::Guide, "a").unwrap()).clone();
    format!("{:?} {:?} {:?}", page.description, page.anchors, page.sections)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 600, ..Default::default() })]

    #[test]
    fn the_preview_reads_the_same_whatever_comes_behind_it(
        preview in proptest::collection::vec(0..PIECES.len(), 0..12),
        rest in proptest::collection::vec(0..PIECES.len(), 1..12),
        other in proptest::collection::vec(0..PIECES.len(), 1..12),
    ) {
        let text = |pieces: &[usize]| pieces.iter().map(|piece| PIECES[*piece]).collect::<String>();
        // Headings are for everybody; here none may come behind the preview: no line of nothing but equals signs and blanks.
        let document = |rest: &str| {
            let rest = rest.replace("===", "").replace("== ", "");
            format!("---\naccess: pro\n---\n{}\n\n<!-- more -->\n\n{rest} zzz\n", text(&preview))
        };
        let shown = public(&document(&text(&rest)));
        proptest::prop_assert!(!shown.contains("zzz"), "{}\nof\n{}", shown, document(&text(&rest)));
        let theirs = public(&document(&text(&other)));
        proptest::prop_assert_eq!(&shown, &theirs, "of\n{}\nand\n{}", document(&text(&rest)), document(&text(&other)));
    }
}

#[test]
fn a_line_of_nothing_but_lists_leaves_its_page_out_and_takes_no_time() {
    // A parser would take hours for it.
    let deep = format!("---\ntitle: Deep\naccess: pro\n---\n# Deep\n\n{}a secret\n", "- ".repeat(2_000_000));
    let loaded = source(&[("deep.md", &deep), ("a.md", "# A\n\nText, [deep](deep.md).\n")]);
    let titles: Vec<&str> = loaded.corpus.pages().map(|(_, page)| &*page.title).collect();
    assert_eq!(titles, ["A"]);
    let told: Vec<_> = loaded.diagnostics.iter().map(|one| (&*one.file, one.position.line, one.code)).collect();
    assert!(told.contains(&("deep.md", 7, Code::LimitReached)), "{told:?}");
}
