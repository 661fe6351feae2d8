//! Mutated sites: whatever happens to files, loading goes on, and what is locked reaches nobody.
//!
//! The files are those of the fixture sites. Each round takes one site, damages some of its files and loads it. The seed of a
//! round is told where it fails: `GRADUS_MUTATIONS_SEED=… cargo test -p gradus-load --test it mutations` repeats it,
//! `GRADUS_MUTATIONS=2000` runs more rounds.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use gradus_corpus::{Access, Page};
use gradus_load::{Input, load};

/// Rounds of a run, few enough for every day.
const ROUNDS: u64 = 100;
/// What is put into a text to see what becomes of it.
const SPLINTERS: &[&str] = &[
    "---\n",
    "+++\n",
    "{",
    "}",
    "<!-- more -->",
    "<!--",
    "-->",
    "%%",
    "{/*",
    "*/}",
    "```",
    "~~~",
    "$$",
    "[[",
    "]]",
    "![[",
    "](",
    "[^1]:",
    "<div>",
    "</div>",
    "<details>",
    "<a href=\"x\">",
    "<h2 id=\"x\">",
    "{{<",
    ">}}",
    "{{% x %}}",
    "{% raw %}",
    "{% endraw %}",
    ":::note\n",
    "!!! note\n    ",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "\r",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\0",
    "\u{ffff}",
    "ü",
    "漢",
    "# ",
    "## ",
    "=",
    "|",
    "title: ",
    "access: ",
    "draft: ",
    "id: ",
    "concepts:\n  - ",
    "&#x110000;",
    "&nbsp;",
    "\\",
    "'",
    "\"",
    ": ",
    "<!doctype html>",
];

/// Numbers that look like chance: xorshift64*.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `n`, which is not zero.
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % n
    }

    fn of<'s, T>(&mut self, all: &'s [T]) -> &'s T {
        &all[self.below(all.len())]
    }
}

type Files = Vec<(String, Vec<u8>)>;

/// The fixture sites with their files.
fn sites() -> Vec<Files> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/sites");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().join("src")).collect();
    names.retain(|path| path.is_dir());
    names.sort();
    names.iter().map(|root| files(root, root)).collect()
}

fn files(root: &Path, folder: &Path) -> Files {
    let mut found = Files::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(root, &path));
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push((name, std::fs::read(&path).unwrap()));
        }
    }
    found
}

/// Damages `bytes` from `from` on in one way.
fn damage(bytes: &mut Vec<u8>, from: usize, chance: &mut Chance) {
    let len = bytes.len().saturating_sub(from).max(1);
    let at = (from + chance.below(len)).min(bytes.len());
    match chance.below(9) {
        0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        1 => bytes.truncate(at),
        2 => {
            let splinter = chance.of(SPLINTERS);
            bytes.splice(at..at, splinter.bytes());
        }
        3 => {
            let end = (at + chance.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        4 => {
            let (end, to) = ((at + chance.below(200)).min(bytes.len()), from + chance.below(len));
            let part: Vec<u8> = bytes[at..end].to_vec();
            let to = to.min(bytes.len());
            bytes.splice(to..to, part);
        }
        5 => {
            // Lines change places.
            let text = String::from_utf8_lossy(&bytes[from..]).into_owned();
            let mut lines: Vec<&str> = text.split('\n').collect();
            let (one, other) = (chance.below(lines.len()), chance.below(lines.len()));
            lines.swap(one, other);
            bytes.splice(from.., lines.join("\n").into_bytes());
        }
        6 => {
            // A part lies in itself many times.
            let opener =
                *chance.of(&["> ", "- ", "<div>", "[", "{{< x >}}", "*", "<details>", ":::note\n", "!!! note\n    "]);
            let n = chance.below(300);
            bytes.splice(at..at, opener.repeat(n).into_bytes());
        }
        7 => {
            let line = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |len| at + len);
            let n = 1 + chance.below(8);
            bytes.splice(line..line, b" \t".repeat(n));
        }
        _ => bytes.splice(at..at, [0xC3, 0x28, 0xF0, 0x9F]).for_each(drop),
    }
}

/// A site with some of its files damaged.
fn damaged(sites: &[Files], chance: &mut Chance) -> Files {
    let mut site = chance.of(sites).clone();
    for _ in 0..=chance.below(4) {
        let idx = chance.below(site.len());
        for _ in 0..=chance.below(6) {
            damage(&mut site[idx].1, 0, chance);
        }
    }
    if chance.below(8) == 0 {
        let idx = chance.below(site.len());
        site[idx].0 = format!("{}{}", *chance.of(&["", "../", "x/", "\u{feff}", "a\u{301}/"]), site[idx].0);
    }
    site
}

fn input(files: Files) -> Input {
    Input::Memory(files.into_iter().map(|(path, bytes)| (path, Cow::Owned(bytes))).collect())
}

/// Runs `round` with seeds that follow each other, and tells the one that fails.
fn each(what: &str, round: impl Fn(&mut Chance)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = number("GRADUS_MUTATIONS_SEED");
    let n = if first.is_some() { 1 } else { number("GRADUS_MUTATIONS").unwrap_or(ROUNDS) };
    for seed in (first.unwrap_or(1)..).take(usize::try_from(n).unwrap()) {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let outcome = catch_unwind(AssertUnwindSafe(|| round(&mut chance)));
        assert!(outcome.is_ok(), "{what}: GRADUS_MUTATIONS_SEED={seed} repeats it");
    }
}

#[test]
fn damaged_sites_are_loaded_and_the_public_view_is_another_corpus() {
    let sites = sites();
    each("damaged sites", |chance| {
        let found = load(&input(damaged(&sites, chance)), &mut |_| {});
        // Settings that are broken are the one thing that is refused.
        let Ok(found) = found else { return };
        assert!(found.diagnostics.iter().all(|told| !told.message.is_empty()));
        let public = found.corpus.public();
        let view = public.as_ref().unwrap_or(&found.corpus);
        for (id, page) in view.pages().filter(|(_, page)| page.access == Access::Pro) {
            assert!(page.sections.iter().all(|section| section.locked.is_none()), "{id:?}");
        }
    });
}

/// Where the text behind the preview begins in a page that is locked by `fields`.
fn locked_page(fields: &str, original: &str, has_preview: bool) -> (Vec<u8>, usize) {
    let body =
        original.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(original, |(_, body)| body);
    let preview = if has_preview { "Open words.\n\n<!-- more -->\n\n" } else { "" };
    let head = format!("---\ntitle: Locked\n{fields}\n---\n{preview}");
    let mut text = head.clone();
    for (n, paragraph) in body.split("\n\n").enumerate() {
        text.push_str(&format!("{paragraph}\n\nzqx{n}vj is a word that nobody else has.\n\n"));
    }
    (text.into_bytes(), head.len())
}

/// Whether a marked word stands in `text`.
fn is_leaked(text: &str) -> bool {
    text.match_indices("zqx").any(|(at, _)| {
        let rest = text[at + 3..].trim_start_matches(|char: char| char.is_ascii_digit());
        rest.len() < text.len() - at - 3 && rest.starts_with("vj")
    })
}

/// Loads a site in which a page of Markdown is locked by `fields` and damaged behind its preview; whether a marked word of it is
/// shown to everybody.
fn leaks(sites: &[Files], fields: &str, chance: &mut Chance) -> bool {
    let mut site = chance.of(sites).clone();
    let pages: Vec<usize> = (0..site.len()).filter(|idx| site[*idx].0.ends_with(".md")).collect();
    if pages.is_empty() {
        return false;
    }
    let idx = *chance.of(&pages);
    let original = String::from_utf8_lossy(&site[idx].1).into_owned();
    let has_preview = chance.below(2) == 0;
    let (mut bytes, from) = locked_page(fields, &original, has_preview);
    for _ in 0..chance.below(8) {
        damage(&mut bytes, from, chance);
    }
    // Without a preview the first mark makes one, of all that stands before it.
    if !has_preview && bytes[from..].windows(4).any(|word| word == b"more") {
        return false;
    }
    site[idx].1 = bytes;
    let Ok(found) = load(&input(site), &mut |_| {}) else { return false };
    let public = found.corpus.public();
    let view = public.as_ref().unwrap_or(&found.corpus);
    // Headings are public, wherever they stand.
    let mut pages: Vec<Page> = view.pages().map(|(_, page)| page.clone()).collect();
    for section in pages.iter_mut().flat_map(|page| &mut page.sections) {
        section.title = "".into();
        section.anchor = "".into();
    }
    is_leaked(&format!("{pages:?} {:?}", view.edges().collect::<Vec<_>>()))
}

#[test]
fn no_locked_byte_is_in_the_public_view_however_the_locked_text_is_damaged() {
    let sites = sites();
    each("locked text", |chance| assert!(!leaks(&sites, "access: pro", chance)));
}

#[test]
fn a_slip_in_the_lock_itself_locks() {
    let sites = sites();
    each("locks", |chance| {
        let lock = "access: pro";
        let at = chance.below(lock.len() - 4);
        let fields = match chance.below(6) {
            // One letter of the name is gone, doubled, changed or has something invisible beside it.
            0 if at < 6 => format!("{}{}", &lock[..at], &lock[at + 1..]),
            1 if at < 6 => format!("{}{}", &lock[..=at], &lock[at..]),
            2 if at < 6 => format!("{}x{}", &lock[..at], &lock[at + 1..]),
            3 => format!("{}\u{200b}{}", &lock[..at], &lock[at..]),
            4 => lock.to_uppercase(),
            _ => lock.replace(": ", &format!(":{}", " ".repeat(chance.below(3)))),
        };
        assert!(!leaks(&sites, &fields, chance), "{fields:?}");
    });
}
