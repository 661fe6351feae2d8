//! What is made after a change answers, byte for byte, as what is made of nothing.

use std::collections::BTreeMap;

use gradus::builtin::curriculum;
use gradus_engine::snapshot::Snapshot;
use gradus_engine::viewer::Viewer;
use gradus_load::{Input, Readings, Terms};

use crate::disk::assert_alike;

/// A site that changes.
struct ChangingSite {
    files: BTreeMap<String, String>,
    readings: Readings,
    served: Option<Snapshot>,
}

impl ChangingSite {
    /// The first concepts and guides of the curriculum, and a guide with a locked part.
    fn new() -> Self {
        let Input::Memory(all) = curriculum() else { panic!("the curriculum is in memory") };
        let of = |folder: &'static str| all.iter().filter(move |(path, _)| path.starts_with(folder)).take(18);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut files: BTreeMap<String, String> =
            of("concepts/").chain(of("guides/")).map(|(path, bytes)| (path.clone(), text(bytes))).collect();
        let paid =
            "---\ntitle: Paid\naccess: pro\n---\nAttention for all.\n\n<!-- more -->\n\nQuokka for those who pay.\n";
        files.insert("guides/paid.md".to_owned(), paid.to_owned());
        Self { files, readings: Readings::default(), served: None }
    }

    fn nth(&self, n: usize) -> String {
        self.files.keys().nth(n).unwrap().clone()
    }

    /// Loads it after what is served, and again on its own; both answer alike.
    fn hold(&mut self, what: &str) {
        let files = self.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes().into()));
        let input = Input::Memory(files.collect());
        let terms = Terms { now: 0, ..Terms::now() };
        let renewed = Snapshot::renew(self.served.as_ref(), &mut self.readings, &input, terms, &mut |_| {}).unwrap();
        let n_answers = assert_alike(&renewed, &Snapshot::on(terms, &input, &mut |_| {}).unwrap());
        assert!(n_answers > 100, "{what}: {n_answers}");
        self.served = Some(renewed);
    }
}

#[test]
fn every_change_answers_as_if_all_had_been_made_anew() {
    let mut site = ChangingSite::new();
    site.hold("nothing before");
    let changed = site.nth(3);
    site.files
        .get_mut(&changed)
        .unwrap()
        .push_str("\n\n## A new part\n\nZebras attend to tokens, and `kv_cache` grows.\n");
    site.hold("a text changes");
    // Its name stands in texts that are as they were.
    site.files.insert(
        "concepts/everywhere.md".to_owned(),
        "---\ntitle: Model\naka: [models, text]\n---\nA model.\n".to_owned(),
    );
    site.hold("a name that many texts hold is added");
    let first = site.nth(0);
    let taken = first.trim_start_matches("concepts/").to_owned();
    site.files.insert(format!("guides/other/{taken}"), "# Taken\n\nThe same short name.\n".to_owned());
    site.hold("a page takes another's short name");
    let text = site.files.remove(&first).unwrap();
    site.files.insert(format!("concepts/zz-{taken}"), text);
    site.hold("a page moves behind all others");
    let gone = site.nth(7);
    site.files.remove(&gone);
    site.hold("a page goes");
    site.files.insert("gradus.toml".to_owned(), "[site]\nlang = \"de\"\n".to_owned());
    site.hold("words have other stems");
    let locked = site.nth(12);
    let text = site.files[&locked].replacen("---\n", "---\naccess: pro\n", 1);
    site.files.insert(locked.clone(), text);
    site.hold("a page is locked");
    let public = site.served.as_ref().unwrap().view(Viewer::Anonymous);
    let hits = public
        .index
        .search(&public.corpus, &gradus_index::Query { text: "quokka".to_owned(), limit: 10, ..Default::default() });
    assert_eq!(hits.unwrap().total, 0, "what is locked is in no index of the public");
    site.files.retain(|path, _| path == &locked);
    site.hold("nearly everything goes");
}
