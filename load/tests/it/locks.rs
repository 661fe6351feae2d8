//! Locks: what authors write around `access`, and who may read the page then.

use std::borrow::Cow;

use gradus_corpus::{Access, Corpus, Kind};
use gradus_load::{Input, load_on};

use crate::given::{TERMS, loaded_on_new_year as loaded, told_at_length as told};

fn is_locked(corpus: &Corpus, slug: &str) -> bool {
    let id = corpus.find(Kind::Guide, slug).or_else(|| corpus.find(Kind::Concept, slug)).unwrap();
    corpus.page(id).access == Access::Pro
}

/// What is told of one page with this front matter.
#[track_caller]
fn page(front_matter: &str, expected: &[&str]) {
    let found = loaded(&format!("=== a.md\n---\ntitle: Bread\n{front_matter}---\nFlour and water.\n"));
    let told: Vec<String> = told(&found).iter().map(|told| told.trim_start_matches("a.md:").to_owned()).collect();
    assert_eq!(told, expected, "of\n{front_matter}");
}

/// Beginnings of files that lock, whole or with a slip of the pen.
const LOCKING: &[&str] = &[
    "\n---\naccess: pro\n---\n",
    "\n\n \t\n---\naccess: pro\n---\n",
    "\u{feff}\n---\naccess: pro\n---\n",
    "\u{200b}---\naccess: pro\n---\n",
    "\u{2060}---\naccess: pro\n---\n",
    "<!-- us -->\n---\naccess: pro\n---\n",
    "{/* us */}\n---\naccess: pro\n---\n",
    "----\naccess: pro\n----\n",
    "—--\naccess: pro\n—--\n",
    "——\naccess: pro\n——\n",
    "--\naccess: pro\n--\n",
    "--- \naccess: pro\n--- \n",
    " ---\naccess: pro\n---\n",
    "---yaml\naccess: pro\n---\n",
    "--- # x\naccess: pro\n---\n",
    "---\n# paid\naccess: pro\n\n",
    "---\naccess: pro\n\n",
    "---\ntitle: x\n\naccess: pro\n\n",
    "---\nACCESS: PRO\n---\n",
    "---\nAccess: Pro\n---\n",
    "---\naccess:pro\n---\n",
    "---\ntitle: x\naccess:pro\n---\n",
    "---\naccess : pro\n---\n",
    "---\naccess= pro\n---\n",
    "---\naccess = \"pro\"\n---\n",
    "---\n\"access\": pro\n---\n",
    "---\naccess：pro\n---\n",
    "---\nａｃｃｅｓｓ: pro\n---\n",
    "---\nacc\u{200b}ess: pro\n---\n",
    "---\nmeta:\n  access: pro\n---\n",
    "---\nmeta: {a: {access: pro}}\n---\n",
    "---\n- access: pro\n---\n",
    "---\n{access: pro}\n---\n",
    "---\ntitle: \"open\naccess: pro\n---\n",
    "---\ntitle: [a\naccess: pro\n---\n",
    "---\ntitle: a: b\naccess: pro\n---\n",
    "---\n\taccess: pro\n---\n",
    "---\naccess: [pro]\n---\n",
    "---\naccess: {tier: pro}\n---\n",
    "---\naccess: payed\n---\n",
    "---\naccess: pro # why\n---\n",
    "---\naccess: pro\naccess: free\n---\n",
    "---\naccess: free\nAccess: pro\n---\n",
    "---\naccess: free\nacces: pro\n---\n",
    "---\naccess_level: pro\n---\n",
    "---\naccess:\n  - pro\n---\n",
    "---\nx: &a pro\naccess: *a\n---\n",
    "---\naccess: *missing\n---\n",
    "---\n? access\n: pro\n---\n",
    "+++\naccess = 'pro'\n+++\n",
    "\n+++\naccess = 'pro'\n+++\n",
    "+++\naccess = pro\n+++\n",
    "+++\naccess: pro\n+++\n",
    "+++\ntitle = \"x\naccess = \"pro\"\n+++\n",
    "+++\n[params]\naccess = 'pro'\n+++\n",
    "+++\naccess = 'pro'\n\n",
    "++++\naccess = 'pro'\n++++\n",
    "{\"access\": \"pro\"}\n",
    "\n{\"access\": \"pro\"}\n",
    "{\"access\": pro}\n",
    "{\"title\": \"x\", \"access\": \"pro\"\n\n",
    "{\"Access\": \"pro\",}\n",
    "{\"title\": x, \"access\": \"pro\"}\n",
    "{access: pro}\n\n---\naccess: pro\n---\n",
    ";;;\n{\"access\": \"pro\"}\n;;;\n",
    "# Title\n---\naccess: pro\n---\n",
    "# Title\n\n---\ntitle: x\naccess: pro\n---\n",
    "access: pro\ntitle: x\n\n",
    "***\naccess: pro\n***\n",
    "===\naccess: pro\n===\n",
    "---\r\naccess: pro\r\n---\r\n",
    "---\raccess: pro\r---\r",
    "---\n---\naccess: pro\n---\n",
    "---\ntitle: x\n---\n---\naccess: pro\n---\n",
    "---\ntitle: x\n----\naccess: pro\n---\n",
];

#[test]
fn an_access_that_cannot_be_understood_locks() {
    page("access: premium\n", &["3:9+7 G008 'premium' is no access; the page is locked until it is `free` or `pro`"]);
    page("access: true\n", &["3:9+4 G008 'true' is no access; the page is locked until it is `free` or `pro`"]);
    page(
        "premium: true\n",
        &["3:1+7 G030 `premium` means nothing here; the page is locked (write `access: pro`, or `access: free`)"],
    );
    page(
        "acess: pro\n",
        &[
            "3:1+5 G030 `acess` means nothing; the page is locked until it is mended (did you mean `access`, at the top level?)",
        ],
    );
    page(
        "meta: {access: pro}\n",
        &[
            "3:8+6 G030 `access` means nothing inside `meta`; the page is locked until it is mended (did you mean `access`, at the top level?)",
        ],
    );
    page(
        "params: {paywall: true}\n",
        &[
            "3:10+7 G030 `paywall` means nothing inside `params`; the page is locked (write `access: pro`, or `access: free`)",
        ],
    );
    page("premium: false\nsuccess: true\naccessibility: good\n", &[]);
}

#[test]
fn no_slip_around_access_shows_what_is_paid_for() {
    let paid = "Flour hydration secretword.\n";
    for text in LOCKING {
        let found = loaded(&format!("=== a.md\n{text}{paid}"));
        let public = found.corpus.public().map(|public| format!("{public:?}"));
        assert!(
            public.is_some_and(|public| !public.contains("secretword")),
            "{text:?} opens\n{}",
            told(&found).join("\n")
        );
    }
}

#[test]
fn what_says_nothing_of_access_is_not_locked() {
    for text in [
        "Text.\n",
        "---\ntitle: x\n---\n",
        "---\ntitle: Random access memory\n---\n",
        "---\ntitle: a: access to b\n---\n",
        "---\naccess: free\n---\n",
        "---\naccess:\n---\n",
        "---\naccess: \"\"\n---\n",
        "---\n\nProse about access: it is easy.\n\n---\n",
        "```yaml\n---\naccess: pro\n---\n```\n",
        "---\ntags: [access, success]\nsuccess: 1\n---\n",
        "# Access\n\n",
        "| access | pro |\n|---|---|\n",
    ] {
        let found = loaded(&format!("=== a.md\n{text}Text.\n"));
        assert!(!is_locked(&found.corpus, "a"), "{text:?} locks\n{}", told(&found).join("\n"));
    }
}

#[test]
fn concepts_and_central_declarations_lock_too() {
    let found = loaded(
        "=== concepts/a.md\n---\naccess: pro\ndescription: What it is.\n---\nsecretword\n\
         === concepts/b.md\nsecretword of b\n=== c.md\n---\naccess:\n---\nsecretword of c\n\
         === concepts.yaml\nconcepts:\n  b: {access: pro}\nguides:\n  c: {access: pro}\n",
    );
    let public = found.corpus.public().unwrap();
    assert!(!format!("{public:?}").contains("secretword"));
    let a = public.page(public.find(Kind::Concept, "a").unwrap());
    assert_eq!(a.description.as_deref(), Some("What it is."));
}

#[test]
fn a_broken_central_file_does_not_open_what_it_locks() {
    let found = loaded(
        "=== rye.md\nsecretword\n=== oat.md\nText.\n\
         === concepts.yaml\nguides:\n  rye: {access: pro, title: Rye: paid}\n  oat: {title: Oat bread}\n",
    );
    assert!(is_locked(&found.corpus, "rye"), "{:?}", told(&found));
    assert!(!is_locked(&found.corpus, "oat"));
}

#[test]
fn one_slip_anywhere_in_the_front_matter_does_not_open_the_page() {
    let whole = [
        "---\ntitle: Rye\naccess: pro\nlevel: easy\n---\n",
        "+++\ntitle = 'Rye'\naccess = 'pro'\n+++\n",
        "{\"title\": \"Rye\", \"access\": \"pro\"}\n",
    ];
    // What is made a comment is left out on purpose.
    let is_comment = |line: &str| line.contains('#') && (line.contains("acc") || line.contains("pro"));
    let slips: Vec<String> = whole.iter().flat_map(|whole| slips(whole)).collect();
    let slips = slips.into_iter().filter(|slip| !slip.lines().any(is_comment));
    let files = slips.enumerate().map(|(n, slip)| {
        (format!("{n}.md"), Cow::Owned(format!("{slip}\nFlour hydration secretword.\n").into_bytes()))
    });
    let files: Vec<(String, Cow<'static, [u8]>)> = files.collect();
    let found = load_on(TERMS, &Input::Memory(files.clone()), &mut |_| {}).unwrap();
    let public = found.corpus.public().unwrap();
    let open = public.pages().filter(|(_, page)| format!("{page:?}").contains("secretword"));
    let open: Vec<_> = open.filter_map(|(_, page)| files.iter().find(|(path, _)| **path == *page.path)).collect();
    assert!(open.is_empty(), "{} of {} open:\n{open:#?}", open.len(), files.len());
    assert!(files.len() > 2_000 && public.n_pages() > files.len() / 2);
}

#[test]
fn a_row_whose_access_cannot_be_read_is_locked() {
    let found = loaded(
        "=== a.jsonl\n{\"id\": \"a\", \"access\": \"\\ud800\", \"body\": \"secretword\"}\n{\"id\": \"b\", \"body\": \"Text.\"}\n",
    );
    assert!(is_locked(&found.corpus, "a") && !is_locked(&found.corpus, "b"), "{:?}", told(&found));
}

/// Slips of the pen in a front matter that locks: a sign put in, left out, doubled or changed, anywhere but in the value
/// of `access`.
fn slips(text: &str) -> Vec<String> {
    let mut slips = Vec::new();
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    for at in starts {
        let (before, rest) = text.split_at(at);
        let behind = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        slips.push(format!("{before}{behind}"));
        for sign in
            [' ', '\t', '\n', '-', ':', '"', '\'', '#', '{', '[', '=', 'x', '\u{200b}', '\u{feff}', '&', '*', '|', '\r']
        {
            slips.push(format!("{before}{sign}{rest}"));
            slips.push(format!("{before}{sign}{behind}"));
        }
    }
    slips
}
