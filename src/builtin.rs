//! The built-in GenAI and LLM curriculum, compiled in.

use gradus_load::Input;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "content"]
struct Content;

/// The curriculum as a source, its files in the order of their paths.
pub fn curriculum() -> Input {
    let mut files: Vec<_> =
        Content::iter().filter_map(|path| Some((path.to_string(), Content::get(&path)?.data))).collect();
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    Input::Memory(files)
}
