//! How the time of loading grows with what is loaded: `cargo bench -p gradus-load --bench growth`.
//!
//! Each line is one kind of text at doubling sizes, with the exponent `e` of `time = c · size^e` that fits them best by least
//! squares over logarithms. What says O(text) shall stay near 1; anything above `MAX_EXPONENT` ends the bench with an error.

use std::borrow::Cow;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use gradus_load::{Input, load};

/// The exponent up to which growth counts as linear: maps that outgrow a cache add a tenth to 1, and a busy machine another
/// one. What is quadratic shows an exponent near 2.
const MAX_EXPONENT: f64 = 1.2;
/// Times that each size is measured; the fastest counts, because other programs only ever make it slower.
const RUNS: usize = 3;
/// How long a size is loaded again and again: systems tell the time of a thread in steps of some milliseconds.
const MIN_TIME: Duration = Duration::from_millis(80);
/// How many times the first size is doubled.
const DOUBLINGS: u32 = 4;

/// What is measured: a name, the first size, settings, and the documents of a size.
type Case = (&'static str, usize, &'static str, fn(usize) -> Vec<(String, String)>);

fn one(text: String) -> Vec<(String, String)> {
    vec![("a.md".to_owned(), text)]
}

/// One guide of `n` sections that names and links all concepts, of which there are less than half as many.
fn taught(n: usize) -> Vec<(String, String)> {
    let concepts =
        (0..n * 2 / 5).map(|idx| (format!("concepts/c{idx}.md"), format!("---\ntitle: Concept {idx}x\n---\nWords.\n")));
    let mut guide = "---\nteaches:\n".to_owned();
    guide.extend((0..n * 2 / 5).map(|idx| format!("  - c{idx}\n")));
    guide.push_str("---\n");
    guide.extend((0..n).map(|idx| {
        let concept = idx % (n * 2 / 5).max(1);
        format!("## Part {idx}\n\nOf Concept {concept}x and [it](concepts/c{concept}.md).\n\n")
    }));
    concepts.chain(std::iter::once(("guide.md".to_owned(), guide))).collect()
}

const CASES: &[Case] = &[
    ("n pages of prose", 256, "", |n| (0..n).map(|idx| (format!("p{idx}.md"), PROSE.repeat(8))).collect()),
    ("a guide of n sections that teaches many concepts", 500, "", taught),
    ("n headings of one title", 16_000, "", |n| one("## a\n\nx\n\n".repeat(n))),
    ("n headings of one title in MkDocs", 16_000, "[site]\nanchors = 'mkdocs'\n", |n| {
        one((0..n).map(|idx| if idx % 2 == 0 { "## a\n".to_owned() } else { format!("## a_{idx}\n") }).collect())
    }),
    ("n headings of different titles", 16_000, "", |n| one((0..n).map(|idx| format!("## a {idx}\n\n")).collect())),
    ("n lines before a setext line", 8_000, "", |n| one(format!("{}===\n", "a b\n".repeat(n)))),
    ("n setext headings", 16_000, "", |n| one("a\n---\n\n".repeat(n))),
    ("n links in one line", 4_000, "", |n| one("[a](b.md) ".repeat(n))),
    ("n links by reference", 4_000, "", |n| {
        let uses: String = (0..n).map(|idx| format!("[x][r{idx}]\n")).collect();
        one(format!("{uses}\n{}", (0..n).map(|idx| format!("[r{idx}]: b{idx}.md\n")).collect::<String>()))
    }),
    ("n quotes in each other, to a depth that a parser takes", 1_000, "", |n| {
        one(format!("{}a\n\n", "> ".repeat(40)).repeat(n))
    }),
    ("n admonitions", 2_000, "", |n| one("!!! note \"T\"\n    a\n\n    b\n\n".repeat(n))),
    ("n tags that never end", 1_000, "", |n| one("<A {<A ".repeat(n))),
    ("n elements that never close", 4_000, "", |n| one("<A>\n\nb\n\n</B>\n\n".repeat(n))),
    ("n elements of HTML that never close", 4_000, "", |n| one("<div>\n\nb\n\n</p>\n\n".repeat(n))),
    ("n shortcodes of code that never close", 4_000, "", |n| {
        one("{{< highlight go >}} {% raw %} <Code> {{\n\n".repeat(n))
    }),
    ("n shortcodes in one line", 8_000, "", |n| one("{{< a >}} ".repeat(n))),
    ("n braces of MDX that never close", 8_000, "", |n| vec![("a.mdx".to_owned(), "{".repeat(n))]),
    ("n elements of published HTML in each other", 2_000, "", |n| {
        let page = format!("<html><title>A</title><main>{}x{}</main>", "<div><b>".repeat(n), "</b></div>".repeat(n));
        vec![("index.html".to_owned(), page)]
    }),
    ("n comments that never close", 4_000, "", |n| one("a <!-- {/* %% $$ {::comment}\n\n".repeat(n))),
    ("n runs of backticks, each longer", 1_000, "", |n| {
        one((0..n).map(|idx| format!("{} ", "`".repeat(idx % 300 + 1))).collect())
    }),
    ("n backticks and marks", 4_000, "", |n| one("` == {a ~~ ".repeat(n))),
    ("n fences in list items", 2_000, "", |n| one("- a\n\n  ```\n  b\n  ```\n".repeat(n))),
    ("n rows of a table", 4_000, "", |n| one(format!("| a | b |\n|---|---|\n{}", "| c | [d](e.md) |\n".repeat(n)))),
    ("n rows of one name", 4_000, "", |n| vec![("a.jsonl".to_owned(), "{\"title\":\"T\",\"body\":\"a\"}\n".repeat(n))]),
    ("n questions", 4_000, "", |n| {
        let question = |idx| format!("- {{id: q{idx}, prompt: What?, choices: [a, b], answer: a}}\n");
        one(format!("---\nquestions:\n{}---\na\n", (0..n).map(question).collect::<String>()))
    }),
    ("n tables of TOML", 4_000, "", |n| {
        one(format!("+++\n{}+++\na\n", (0..n).map(|idx| format!("[t{idx}]\na = 1\n")).collect::<String>()))
    }),
    ("n escapes in one text of JSON", 16_000, "", |n| {
        vec![("a.jsonl".to_owned(), format!("{{\"id\":\"a\",\"body\":\"{}\"}}\n", "\\u0061".repeat(n)))]
    }),
    ("n opening tags", 4_000, "", |n| one("<div>".repeat(n))),
    ("n opening shortcodes", 4_000, "", |n| one("{{< x >}}".repeat(n))),
    ("n definitions of links in one paragraph", 4_000, "", |n| {
        one((0..n).map(|idx| format!("[r{idx}]: b{idx}.md\n")).collect())
    }),
    ("n quotes in each other, however deep", 500, "", |n| one(format!("{}a\n", "> ".repeat(n)))),
    ("n list items in each other, to a depth that people write", 500, "", |n| {
        one(format!("{}a\n\n", "- ".repeat(20)).repeat(n))
    }),
    ("n aliases", 4_000, "", |n| {
        one(format!("---\naliases:\n{}---\na\n", (0..n).map(|idx| format!("  - name {idx}\n")).collect::<String>()))
    }),
    ("n tags of YAML in one line", 4_000, "", |n| {
        one(format!("---\ntags: [{}]\n---\na\n", (0..n).map(|idx| format!("t{idx}, ")).collect::<String>()))
    }),
    ("n tags of TOML", 4_000, "", |n| {
        one(format!("+++\ntags = [{}]\n+++\na\n", (0..n).map(|idx| format!("\"t{idx}\", ")).collect::<String>()))
    }),
    ("n prerequisites that nobody is", 2_000, "", |n| {
        one(format!("---\nprerequisites:\n{}---\na\n", (0..n).map(|idx| format!("  - x{idx}\n")).collect::<String>()))
    }),
    ("n escapes in one text of YAML", 8_000, "", |n| one(format!("---\ntitle: \"{}\"\n---\na\n", "\\u0061".repeat(n)))),
    ("n headings of HTML that never close", 4_000, "", |n| one("<h2 id=a>a\n\n".repeat(n))),
    ("n footnotes", 2_000, "", |n| one((0..n).map(|idx| format!("a[^{idx}]\n\n[^{idx}]: b\n\n")).collect())),
];

const PROSE: &str = "## A heading\n\nSome *words* that `somebody` reads, with a [link](b.md) and more of them in a second line\nof \
                     the same paragraph.\n\n- one\n- two\n\n```rust\nfn main() {}\n```\n\n<details><summary>More</summary>\n\nInside.\n\n</details>\n\n";

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let mut is_linear = true;
    for (name, first, settings, documents) in CASES {
        if wanted.as_ref().is_some_and(|wanted| !name.contains(wanted.as_str())) {
            continue;
        }
        let sizes: Vec<usize> = (0..=DOUBLINGS).map(|doubling| first << doubling).collect();
        let times: Vec<Duration> = sizes.iter().map(|size| fastest(settings, documents(*size))).collect();
        let exponent = exponent(&sizes, &times);
        let told: Vec<String> = sizes.iter().zip(&times).map(|(size, time)| format!("{size}: {time:.1?}")).collect();
        println!("{name}: exponent {exponent:.2} ({})", told.join(", "));
        is_linear &= exponent <= MAX_EXPONENT;
    }
    if is_linear { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fastest(settings: &str, documents: Vec<(String, String)>) -> Duration {
    let mut files: Vec<(String, Cow<'static, [u8]>)> =
        documents.into_iter().map(|(path, text)| (path, Cow::Owned(text.into_bytes()))).collect();
    if !settings.is_empty() {
        files.push(("gradus.toml".to_owned(), Cow::Owned(settings.as_bytes().to_vec())));
    }
    let input = Input::Memory(files);
    let run = || {
        let (started, busy) = (Instant::now(), busy_time());
        for n in 1.. {
            std::hint::black_box(load(&input, &mut |_| {}).is_ok());
            // Where the system does not tell what this thread has worked, the clock must do.
            let took = busy_time().zip(busy).map_or_else(|| started.elapsed(), |(now, then)| now.saturating_sub(then));
            if took >= MIN_TIME {
                return took / n;
            }
        }
        Duration::ZERO
    };
    (0..RUNS).map(|_| run()).min().unwrap_or_default()
}

/// How long this thread has worked, other programs left aside.
fn busy_time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// The exponent of the power of `sizes` that fits `times` best.
#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn exponent(sizes: &[usize], times: &[Duration]) -> f64 {
    let points: Vec<(f64, f64)> =
        sizes.iter().zip(times).map(|(size, time)| ((*size as f64).ln(), time.as_secs_f64().ln())).collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / n, y + point.1 / n));
    let covariance: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let variance: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    covariance / variance
}
