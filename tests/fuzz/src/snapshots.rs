//! Snapshots on disk: whatever a copy, a disk or a line did to one, it is opened as it was or refused with a reason.

use std::path::PathBuf;
use std::sync::LazyLock;

use gradus_engine::snapshot::Snapshot;
use gradus_engine::snapshot::disk::{open, read_config, save};
use gradus_load::Input;

/// A snapshot as it was written.
static WRITTEN: LazyLock<Vec<u8>> = LazyLock::new(|| written().unwrap_or_else(|error| panic!("{error}")));

/// The place of the file that is opened: one for each process, since fuzzers run side by side.
fn place() -> PathBuf {
    std::env::temp_dir().join(format!("gradus-fuzz-{}.gradus", std::process::id()))
}

fn written() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/locked");
    let snapshot = Snapshot::build(&Input::Path(folder.into()), &mut |_| {})?;
    save(&snapshot, &place())?;
    Ok(std::fs::read(place())?)
}

/// The first byte says what the others are: a file, how much of a snapshot is there, or bytes of it that are others, each by where it
/// lies (two bytes, in 65,536ths of the file or from its beginning) and what is changed in it.
pub(crate) fn open_damaged(bytes: &[u8]) {
    let Some((form, rest)) = bytes.split_first() else { return };
    let mut file = WRITTEN.clone();
    let place_of = |high: u8, low: u8| usize::from(u16::from_be_bytes([high, low]));
    match (form % 4, rest) {
        (0, _) => rest.clone_into(&mut file),
        (1, [high, low, ..]) => file.truncate(file.len() * place_of(*high, *low) / 65_536),
        (from, _) => {
            for edit in rest.chunks_exact(3) {
                let at = place_of(edit[0], edit[1]);
                let at = if from == 2 { at % file.len() } else { file.len() * at / 65_536 };
                file[at] ^= edit[2];
            }
        }
    }
    let is_whole = file == *WRITTEN;
    let written = std::fs::write(place(), file);
    assert!(written.is_ok(), "{written:?}");
    let opened = open(&place(), "damaged");
    assert_eq!(opened.is_ok(), is_whole, "{:?}", opened.err());
    let told = opened.map_or_else(|error| error.to_string(), |_| String::new());
    assert!(is_whole || !told.is_empty(), "refused without a word");
    // What the settings are read from is a part of it, which may be whole where others are not.
    assert!(!is_whole || read_config(&place()).is_ok());
}
