//! Access fails closed: whatever a slip of the pen makes of a lock, what was to be paid for is not shown.

use gradus_load::{Loaded, Terms, load, load_on};

use crate::given::memory;

/// Stands in text that is to be paid for, and nowhere else.
const MARK: &str = "zqxpaid";

fn loaded(files: &[(&str, &str)]) -> Loaded {
    load(&memory(files), &mut |_| {}).unwrap()
}

/// Whether everybody reads the marked text.
fn is_public(files: &[(&str, &str)]) -> bool {
    let corpus = loaded(files).corpus;
    assert!(format!("{corpus:?}").contains(MARK), "nobody reads it: {files:?}");
    let public = corpus.public().unwrap_or(corpus);
    format!("{public:?}").contains(MARK)
}

#[track_caller]
fn locked(files: &[(&str, &str)]) {
    assert!(!is_public(files), "everybody reads {files:?}");
}

#[test]
fn a_lock_of_the_central_file_holds_however_it_is_written() {
    let page = ("docs/central.md", "Text of zqxpaid words.\n");
    for central in [
        "guides:\n  docs~central: {access: pro}\n",
        "guides:\n  docs/central.md: {access: pro}\n",
        "guides:\n  docs/central: {access: pro}\n",
        "guides:\n  central: {access: pro}\n",
        "guides:\n  Central: {access: PRO}\n",
        "guides:\n  /docs/central/: {access: pro}\n",
        "guides:\n  ./docs/central.md: {access: pro}\n",
        "guides:\n  guide:central: {access: pro}\n",
        "guides:\n  'guide:docs~central': {access: pro}\n",
        "guides:\n  - {id: central, access: pro}\n",
        "guides:\n  - {path: docs/central.md, access: pro}\n",
        "guides:\n  - {slug: central, Access: pro}\n",
        "guides:\n  central: pro\n",
        "guides:\n  central: [access, pro]\n",
        "guides:\n  central: {acess: pro}\n",
        "guides:\n  central: {access: paid}\n",
        "guides:\n  central: {premium: true}\n",
        "guides:\n  central:\n    access: pro\n  central:\n    title: T\n",
        "guides:\n  central:\n    title: T\n  central:\n    access: pro\n",
        "guides:\n  docs~central:\n    access: pro\n  docs~central:\n    title: T\n",
        "guides:\n  - {id: docs~central, title: T}\n  - {id: docs~central, access: pro}\n",
        "central: {access: pro}\n",
        "docs~central: {access: pro}\n",
        "guides:\n  central: {access:pro}\n",
        "guides:\n  docs~central: {access:pro}\n",
        "guides:\n  docs~central:\n   access: pro\n  title: T\n",
        "guides:\n  docs/: {access: pro}\n",
        "guides:\n  docs: {access: pro}\n",
        "guides:\n  'docs/*': {access: pro}\n",
        "guides:\n  '**/central.md': {access: pro}\n",
        "guides:\n  docs:\n    central: {access: pro}\n",
        "guides:\n  - docs/central.md: {access: pro}\n",
        "guides:\n  central:\n  access: pro\n",
        "defaults: {access: pro}\n",
        "access: {docs/central.md: pro}\n",
        "access:\n  pro: [docs/central.md]\n",
        "pro:\n  - central\n",
        "premium: central\n",
    ] {
        locked(&[page, ("concepts.yaml", central)]);
    }
    for central in [
        "guides:\n  docs~central: {access: free}\n",
        "guides:\n  central: {access: free}\n",
        "guides:\n  central: {access: }\n",
        "guides:\n  other: {access: pro}\n",
        "concepts:\n  central: {access: pro, description: A thing.}\n",
        // A concept that is called like a folder, or like everything, is itself.
        "docs: {access: pro, description: A thing.}\n",
        "all: {access: pro, aliases: [every]}\n",
    ] {
        assert!(is_public(&[page, ("concepts.yaml", central)]), "{central}");
    }
}

#[test]
fn an_empty_field_of_the_page_hides_no_lock() {
    for own in ["access:", "access: ''", "access: ~", "Access:", "access: free", "title: T"] {
        let page = format!("---\n{own}\n---\nText of zqxpaid words.\n");
        for central in ["guides:\n  a: {access: pro}\n", "guides:\n  a.md: {Access: Pro}\n"] {
            locked(&[("a.md", &page), ("concepts.yaml", central)]);
        }
    }
}

#[test]
fn a_central_file_is_read_however_it_is_called() {
    let page = ("central.md", "Text of zqxpaid words.\n");
    for name in ["concepts.yml", "Concepts.yaml", "CONCEPTS.YML"] {
        locked(&[page, (name, "guides:\n  central: {access: pro}\n")]);
    }
    let both =
        [page, ("concepts.yaml", "guides:\n  central: {access: free}\n"), ("concepts.yml", "central: {access: pro}\n")];
    let told = loaded(&both).diagnostics;
    assert!(told.iter().any(|one| &*one.file == "concepts.yml" && one.message.contains("not read")), "{told:?}");
}

#[test]
fn settings_that_speak_of_access_end_the_load() {
    let page = ("a.md", "Text.\n");
    for settings in
        ["[access]\npro = ['a.md']\n", "access = 'pro'\n", "[content]\nacess = 'pro'\n", "[paywall]\npaths = ['a']\n"]
    {
        let refused = load(&memory(&[page, ("gradus.toml", settings)]), &mut |_| {}).unwrap_err();
        let told = std::error::Error::source(&refused).map_or(refused.to_string(), ToString::to_string);
        assert!(told.contains("nothing is locked by it"), "{told}");
    }
}

#[test]
fn what_other_tools_say_of_payers_locks() {
    let fields = ["isPro: true", "is_premium: yes", "visibility: members", "free: false", "gated: true", "proOnly: 1"];
    let fields = fields.into_iter().chain([
        "params: {premium: true}",
        "extra:\n  paywall: 'yes'",
        "meta:\n  - isPro: true",
        "isAccessibleForFree: false",
        "audience: only_paid",
        "subscription: required",
        "require_subscription: true",
        "patrons_only: true",
        "accessPro: yes",
        "protected: true",
        "password: abc",
    ]);
    for field in fields {
        locked(&[("a.md", &format!("---\n{field}\n---\nText of zqxpaid words.\n"))]);
    }
    for mark in
        ["<!--members-only-->", ":::pro", "{% paywall %}", "<Premium>", "## Part {access=pro}", "{/* paywall */}"]
    {
        locked(&[("a.md", &format!("Free.\n\n{mark}\n\nText of zqxpaid words.\n"))]);
        locked(&[("a.mdx", &format!("---\ntitle: T\n---\nFree.\n\n{mark}\n\nText of zqxpaid words.\n"))]);
        assert!(is_public(&[(
            "a.md",
            &format!("---\naccess: free\n---\nFree.\n\n{mark}\n\nText of zqxpaid words.\n")
        )]));
    }
    for open in [
        "password: ''",
        "protected: false",
        "params: {premium: false}",
        "pricing: {pro: 10, free: 0}",
        "audience: beginners",
        "isAccessibleForFree: true",
    ] {
        assert!(is_public(&[("a.md", &format!("---\n{open}\n---\nText of zqxpaid words.\n"))]), "{open}");
    }
    // A fence that is never closed hides no mark behind it, nor does an item or what is indented in it.
    for before in [
        "```sh\nls\n",
        "```pro```\n",
        "- item\n\n    ",
        "> ",
        "1. > ",
        "!!! note\n    ",
        "\u{200b}",
        "| a |\n|---|\n| ",
    ] {
        locked(&[("a.md", &format!("Free.\n\n{before}<!-- pro -->\n\nText of zqxpaid words.\n"))]);
    }
    locked(&[("a.mdx", "export const meta = { access: 'pro' }\n\nText of zqxpaid words.\n")]);
    let questions = "- {prompt: Why?, access: pro, answer: Of zqxpaid.}\n";
    locked(&[("a.md", "Free.\n"), ("a.questions.yaml", questions)]);
    let page = "Text of zqxpaid words.\n";
    for params in ["access: pro", "premium: true"] {
        let cascade = format!("---\ncascade:\n  - params: {{{params}, title: Other}}\n---\n");
        let files = [("hugo.toml", "title = 'x'\n"), ("content/s/_index.md", &*cascade), ("content/s/a.md", page)];
        locked(&files);
        let titles = loaded(&files).corpus.pages().map(|(_, page)| page.title.to_string()).collect::<Vec<_>>();
        assert!(!titles.contains(&"Other".to_owned()), "params are no fields of the page: {titles:?}");
    }
}

#[test]
fn concepts_are_locked_as_guides_are() {
    let text = "Text of zqxpaid words.\n";
    locked(&[("concepts/a.md", &format!("---\naccess: pro\n---\n{text}"))]);
    locked(&[("concepts/a.md", &format!("---\nkind: concept\nAccess: Pro\n---\n{text}"))]);
    locked(&[("a.jsonl", "{\"kind\":\"concept\",\"id\":\"a\",\"access\":\"pro\",\"body\":\"Of zqxpaid.\"}\n")]);
    for central in [
        "concepts:\n  a: {access: pro}\n",
        "concepts:\n  - {id: a, access: pro}\n",
        "a: {access: pro}\n",
        "concepts:\n  A: {access: pro}\n",
        "concepts:\n  concepts/a.md: {access: pro}\n",
        "guides:\n  a: {access: pro}\n",
    ] {
        locked(&[("concepts/a.md", text), ("concepts.yaml", central)]);
        // A long page there is a guide, which nobody has to know who locks it.
        let long = format!("## One\n\n{text}\n## Two\n\nMore of it.\n");
        locked(&[("concepts/a.md", &long), ("concepts.yaml", central)]);
    }
}

#[test]
fn what_a_lock_finds_too_late_is_locked_whole_and_told() {
    let files = [
        ("docs/a.md", "A first sentence of zqxpaid.\n\n# Title\n\nMore [of](b.md) it.\n\n## Part\n\nThe end.\n"),
        ("docs/b.md", "Free.\n"),
        ("concepts.yaml", "guides:\n  a: {access: pro}\n"),
    ];
    let found = loaded(&files);
    let told: Vec<String> =
        found.diagnostics.iter().map(|told| format!("{}:{} {}", told.file, told.position.line, told.message)).collect();
    assert!(
        told.contains(&"concepts.yaml:2 'a' may mean `guide:docs~a`, which is locked for it".to_owned()),
        "{told:?}"
    );
    let public = found.corpus.public().unwrap();
    let (_, page) = public.pages().find(|(_, page)| &*page.slug == "docs~a").unwrap();
    assert_eq!((page.description.as_deref(), page.is_locked()), (None, true));
    let texts: Vec<&str> = page.sections.iter().map(|section| section.text.markdown.as_str()).collect();
    assert!(texts.iter().all(|text| text.is_empty()), "{texts:?}");
    let (_, whole) = found.corpus.pages().find(|(_, page)| &*page.slug == "docs~a").unwrap();
    assert_eq!(whole.sections.iter().map(|section| section.locked.as_ref().unwrap().links.len()).sum::<usize>(), 1);
}

#[test]
fn a_central_file_that_cannot_be_read_ends_the_load() {
    let files = [("a.md", "Text.\n"), ("concepts.yaml", "guides:\n  a: {access: pro}\n\0")];
    let refused = load(&memory(&files), &mut |_| {}).err().map(|error| error.to_string());
    assert!(refused.as_ref().is_some_and(|why| why.contains("concepts.yaml")), "{refused:?}");
    let forgiving = Terms { forgives_settings: true, ..Terms::now() };
    let checked = load_on(forgiving, &memory(&files), &mut |_| {}).unwrap();
    assert!(checked.diagnostics.iter().any(|told| &*told.file == "concepts.yaml"), "{:?}", checked.diagnostics);
}

#[test]
fn code_behind_the_preview_is_no_heading() {
    for code in [
        "{{< highlight sh >}}\n# zqxpaid\n{{< /highlight >}}",
        "{{< highlight sh \"linenos=table\" >}}\n# zqxpaid\n\n## zqxpaid\n{{</ highlight >}}",
        "{{% highlight sh %}}\n# zqxpaid\n{{% /highlight %}}",
        "{{< code lang=\"sh\" >}}\n# zqxpaid\n{{< /code >}}",
        "{{< raw >}}\n# zqxpaid\n{{< /raw >}}",
        "{{< math >}}\n# zqxpaid\n{{< /math >}}",
        "{{< katex >}}\n# zqxpaid\n{{< /katex >}}",
        "{{< mermaid >}}\n# zqxpaid\n{{< /mermaid >}}",
        "{% highlight sh %}\n# zqxpaid\n{% endhighlight %}",
        "{%- highlight sh linenos -%}\n# zqxpaid\n{%- endhighlight -%}",
        "{% raw %}\n# zqxpaid\n{% endraw %}",
        "{% codeblock lang:sh %}\n# zqxpaid\n{% endcodeblock %}",
        "<Code>\n# zqxpaid\n</Code>",
        "<Code lang=\"sh\">\n\n# zqxpaid\n\n</Code>",
        "<pre>\n# zqxpaid\n</pre>",
        "<pre><code>\n\n# zqxpaid\n\n</code></pre>",
        "<script>\n# zqxpaid\n</script>",
        "$$\n# zqxpaid\n$$",
        "$$\nx\n===\n\n# zqxpaid\n$$",
        "\\[\n# zqxpaid\n\\]",
        "```sh\n# zqxpaid\n```",
        "~~~~\n# zqxpaid\n~~~\n# zqxpaid\n~~~~",
        "    # zqxpaid",
        ":::{code-block} sh\n# zqxpaid\n:::",
        "```{code-block} sh\n# zqxpaid\n```",
        "<!--\n# zqxpaid\n-->",
    ] {
        for end in ["", "\n\nThe end.\n"] {
            let text = format!("---\naccess: pro\n---\npreview\n\n<!-- more -->\n\n{code}{end}\n");
            // In MDX nothing is code for its indentation.
            for path in ["a.md", "a.mdx"].into_iter().filter(|path| *path == "a.md" || !code.starts_with(' ')) {
                let corpus = loaded(&[(path, &text)]).corpus;
                let public = format!("{:?}", corpus.public().unwrap());
                assert!(!public.contains(MARK), "{path}: {text}");
            }
        }
    }
}

#[test]
fn how_much_is_locked_changes_nothing_that_everybody_reads() {
    let twin = |locked: &str| {
        let concept = format!("---\naccess: pro\n---\nA thing.\n<!-- more -->\n{locked}\n");
        let guide = format!("---\naccess: pro\n---\nRead this.\n<!-- more -->\n## Part\n\n{locked}\n\n[x](gone.md)\n");
        let files =
            [("concepts/c.md", &*concept), ("g.md", &*guide), ("f.md", "See [g](g.md) and [c](concepts/c.md).\n")];
        loaded(&files).corpus.public().unwrap()
    };
    let (one, other) = (twin("word"), twin(&"other words `and` [more](f.md) of them\n\n".repeat(400)));
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    assert_eq!(one.generation(), other.generation());
}
