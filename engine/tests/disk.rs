//! Damaged snapshots: whatever happens to a file, it is refused, and nothing panics.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gradus_engine::snapshot::Snapshot;
use gradus_engine::snapshot::disk::{self, DiskError};
use gradus_load::Input;
use proptest::prelude::*;

/// A small snapshot with locked text, and the folder that it lies in.
static WHOLE: LazyLock<(PathBuf, Vec<u8>)> = LazyLock::new(|| {
    let file = |path: &str, text: &'static str| (path.to_owned(), text.as_bytes().into());
    let input = Input::Memory(vec![
        file("concepts/a.md", "---\ntitle: Alpha\n---\nThe first.\n"),
        file("concepts/b.md", "---\ntitle: Beta\nprerequisites: [a, nothing]\n---\nOf Alpha.\n"),
        file(
            "guides/g.md",
            "---\ntitle: Paid\naccess: pro\nteaches: [b]\n---\nOpen.\n<!-- more -->\nLocked.\n\n## Part\n\nMore.\n",
        ),
    ]);
    let folder = std::env::temp_dir().join(format!("gradus-engine-disk-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let saved = disk::save(&Snapshot::build(&input, &mut |_| {}).unwrap(), &folder.join("whole.gradus")).unwrap();
    (folder, fs::read(saved.path).unwrap())
});

fn is_refused(name: &str, bytes: &[u8]) -> bool {
    let path = WHOLE.0.join(name);
    fs::write(&path, bytes).unwrap();
    let opened = disk::open(&path, name);
    fs::remove_file(path).unwrap();
    matches!(opened, Err(DiskError::Unusable { .. }))
}

#[test]
fn what_is_whole_is_opened() {
    assert!(disk::open(Path::new(&WHOLE.0.join("whole.gradus")), "whole").is_ok());
}

proptest! {
    #[test]
    fn a_flipped_bit_is_noticed(at: prop::sample::Index, bit in 0..8_u32) {
        let mut bytes = WHOLE.1.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(is_refused("flipped.gradus", &bytes), "byte {at}");
    }

    #[test]
    fn a_missing_end_is_noticed(left: prop::sample::Index) {
        let left = left.index(WHOLE.1.len());
        prop_assert!(is_refused("short.gradus", &WHOLE.1[..left]), "{left} bytes are left");
    }

    #[test]
    fn a_lost_or_foreign_block_is_noticed(from: prop::sample::Index, len in 1..512_usize, byte: u8) {
        let mut bytes = WHOLE.1.clone();
        let from = from.index(bytes.len());
        let end = bytes.len().min(from + len);
        bytes[from..end].fill(byte);
        prop_assert!(bytes == WHOLE.1 || is_refused("block.gradus", &bytes), "{from} to {end}");
    }
}
