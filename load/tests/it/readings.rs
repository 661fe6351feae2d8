//! What a load takes over of an earlier one changes nothing of what it gives.

use std::collections::BTreeMap;

use gradus_load::{Input, Loaded, Readings, Terms, load_after, load_on};
use proptest::prelude::*;

const TERMS: Terms = Terms { now: 0, forgives_settings: false, text_bytes: u64::MAX };

fn input(files: &BTreeMap<String, String>) -> Input {
    Input::Memory(files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes().into())).collect())
}

/// Everything that a load gives.
fn told(loaded: &Loaded) -> String {
    let Loaded { corpus, diagnostics, site, until, .. } = loaded;
    let pages: Vec<_> = corpus.pages().collect();
    format!("{:?} {pages:?} {:?} {diagnostics:?} {site:?} {until:?}", corpus.generation(), corpus.declared())
}

#[test]
fn a_text_is_read_again_where_it_is_to_be_read_otherwise() {
    let text = "Open.\n\n<!-- more -->\n\nPaid.\n\n## Heading\n\n[link](b.md)\n";
    let mut files = BTreeMap::from([("a.md".to_owned(), text.to_owned()), ("b.md".to_owned(), text.to_owned())]);
    let mut readings = Readings::default();
    let mut hold = |files: &BTreeMap<String, String>, n_kept: usize| {
        let after = load_after(&mut readings, TERMS, &input(files), &mut |_| {}).unwrap();
        assert_eq!(told(&after), told(&load_on(TERMS, &input(files), &mut |_| {}).unwrap()));
        assert_eq!(readings.len(), n_kept);
    };
    hold(&files, 1);
    hold(&files, 1);
    // The same text behind front matter stands further down, and is locked.
    files.insert("a.md".to_owned(), format!("---\naccess: pro\n---\n{text}"));
    hold(&files, 2);
    files.insert("gradus.toml".to_owned(), "[content]\nanchors = \"docusaurus\"\n".to_owned());
    hold(&files, 2);
    files.clear();
    hold(&files, 0);
}

/// Texts whose reading depends on where they stand, who may read them, and what else there is.
const TEXTS: &[&str] = &[
    "# Attention\n\nHow tokens look at each other, see [[cache]].\n",
    "---\nprerequisites: [attention]\n---\n# Cache\n\nOpen.\n\n<!-- more -->\n\nPaid: attention.\n",
    "---\naccess: pro\n---\n# Cache\n\nOpen.\n\n<!-- more -->\n\nPaid: attention.\n\n## More\n\n[back](a.md#more)\n",
    "---\naliases: [cache]\n---\n# Memory\n\n## More\n\n```rust\nfn main() {}\n```\n",
    "# More {#id}\n\n<div>[x](concepts/b.md)</div>\n\n:::note\nattention\n:::\n",
    "",
];
const SETTINGS: &[&str] =
    &["", "[content]\nanchors = \"docusaurus\"\n", "[site]\nbase_url = \"https://example.org/docs\"\n"];
const PATHS: &[&str] = &["a.md", "concepts/attention.md", "concepts/b.md", "c/index.md", "d.mdx"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loads_after_others_give_what_first_ones_do(
        edits in proptest::collection::vec((0..PATHS.len() + 1, 0..TEXTS.len() + 1), 1..12),
    ) {
        let mut files = BTreeMap::from([("a.md".to_owned(), TEXTS[0].to_owned())]);
        let mut readings = Readings::default();
        for (path, text) in edits {
            match (PATHS.get(path), TEXTS.get(text)) {
                (Some(path), Some(text)) => { files.insert((*path).to_owned(), (*text).to_owned()); }
                (Some(path), None) => { files.remove(*path); }
                (None, _) => { files.insert("gradus.toml".to_owned(), SETTINGS[text % SETTINGS.len()].to_owned()); }
            }
            let after = load_after(&mut readings, TERMS, &input(&files), &mut |_| {}).unwrap();
            prop_assert_eq!(told(&after), told(&load_on(TERMS, &input(&files), &mut |_| {}).unwrap()));
        }
    }
}
