//! Dialects: what single generators read otherwise than the others.

use crate::given::{check_in, guide, sections, source};

#[test]
fn fences_of_mdx_may_be_indented_at_will() {
    check_in("a.mdx", "# A\n\n    ```bash\n    x\n      y\n    ```\n\n## B\n\nText.\n", "0 #: `x /   y`\n2 B#b: Text.");
    check_in("a.mdx", "- a\n\n      ```bash\n      x\n      ```\n\n## B\n\nText.\n", "0 #: a `x`\n2 B#b: Text.");
}

#[test]
fn elements_run_to_their_closing_tags_where_generators_read_no_markdown_in_them() {
    let table = "<table>\n<tr>\n      <td>\n        <p>\n\n          Set to false.\n\n        </p>\n      </td>\n</tr>\n</table>\n";
    let text = format!(
        "---\ntitle: A\n---\n## One\n\n{table}\n## Two\n\nYou can also\n\n<div>\n\n    a\n\n</div>\nBehind.\n\n<div markdown=\"1\">\n\n## Three\n\n</div>\n"
    );
    for settings in ["_config.yml", "mkdocs.yml"] {
        let path = if settings == "mkdocs.yml" { "docs/a.md" } else { "a.md" };
        let found = source(&[(settings, "site_name: x\n"), (path, &text)]);
        let page = found.corpus.pages().next().unwrap().1;
        assert_eq!(
            sections(page),
            "2 One#one: Set to false.\n2 Two#two: You can also / a / Behind.\n2 Three#three:",
            "{settings}"
        );
    }
}

#[test]
fn elements_end_with_what_they_stand_in() {
    let of = |text: &str| {
        let found = source(&[("mkdocs.yml", "site_name: x\n"), ("docs/a.md", text)]);
        sections(&guide(&found, "docs~a"))
    };
    let list = "# A\n\n<div>\n<ul>\n<li>One.\n<li>Two.\n</ul>\n</div>\n<br>\n\n## Behind\n\nText.\n";
    assert_eq!(of(list), "0 #: One. / Two.\n2 Behind#behind: Text.");
    let pre = "# A\n\n!!! note\n\n    So:\n\n    <pre class=\"x\">\n    one\n      two\n\n    three\n    </pre>\n\n## Behind\n\nText.\n";
    assert_eq!(of(pre), "0 #: So: `one /   two /  / three`\n2 Behind#behind: Text.");
}

#[test]
fn links_may_have_brackets_in_their_text_and_headings_bare_attributes() {
    let text = "# A\n\n### [[Default]](https://x.org/a_b.go#L30)\n\n### Html { data-search-exclude }\n\n[[b]] and [[1]](./b.md).\n";
    let found = source(&[("mkdocs.yml", "site_name: x\n"), ("docs/a.md", text), ("docs/b.md", "# B\n\nText.\n")]);
    assert_eq!(sections(&guide(&found, "docs~a")), "0 #:\n3 [Default]#default:\n3 Html#html: b and [1].");
    assert_eq!(found.diagnostics.iter().filter(|told| told.code == gradus_corpus::Code::BrokenLink).count(), 0);
}

#[test]
fn comments_between_brackets_and_breaks_of_blocks_reach_nobody() {
    let found = source(&[("a.md", "Text.\n\n[//]: # \"secret\"\n\n[//]: # (secret)\n\nMore.\n")]);
    assert!(!format!("{:?}", guide(&found, "a").sections).contains("secret"));
    let found = source(&[
        ("conf.py", "extensions = ['myst_parser']\n"),
        ("a.md", "# A\n\nText.\n\n+++ {\"secret\": 1}\n\nMore.\n"),
    ]);
    assert!(!format!("{:?}", guide(&found, "a").sections).contains("secret"));
}

#[test]
fn names_of_emoji_are_emoji_where_the_generator_shows_them() {
    let of = |settings: &str, files: &str| {
        let found = source(&[
            (settings, files),
            ("docs/a.md", "# The :bread:\n\nA :rocket: `:bread:` a:x:b :nobody:\n\n## More :+1:\n\nText.\n"),
        ]);
        let page = found.corpus.pages().next().unwrap().1;
        format!("{} | {}", page.title, sections(page).replace('\n', " | "))
    };
    let shown = "The 🍞 | 0 #: A 🚀 :bread: a:x:b :nobody: | 2 More 👍#";
    let with = of("mkdocs.yml", "markdown_extensions: [pymdownx.emoji]\n");
    assert!(with.starts_with(shown), "{with}");
    let without = of("mkdocs.yml", "site_name: x\n");
    assert!(without.starts_with("The :bread: | 0 #: A :rocket:"), "{without}");
    assert!(of("docusaurus.config.js", "module.exports = {presets: [['classic', {}]]};").starts_with(shown));
}

#[test]
fn variables_stand_for_what_the_settings_say() {
    let found = source(&[
        (
            "_config.yml",
            "title: Bread\nauthor: {name: Ada}\nrepo: https://x.example/r\nbaseurl: /base\nlong: |\n  a\n  b\n",
        ),
        (
            "a.md",
            "---\ntitle: Own\n---\n# {{ page.title }}\n\n{{ site.title }} by {{site.author.name | escape}}, {{ site.title | upcase }}{{ site.nope }} [r]({{ site.repo }}/x) {% raw %}{{ site.title }}{% endraw %} [h]({{ site.baseurl }}/) [n]({{ page.url | relative_url }})\n\n## On {{ site.title }}\n\nText {{ site.long }}.\n",
        ),
    ]);
    let page = guide(&found, "a");
    assert_eq!(sections(&page), "0 #: Bread by Ada, r {{ site.title }} h n\n2 On Bread#on-bread: Text .");
    assert!(page.sections[0].text.html.contains("href=\"https://x.example/r/x\""), "{}", page.sections[0].text.html);
    assert_eq!(found.diagnostics.iter().filter(|told| told.code.as_str() == "G007").count(), 0);
}
