//! The codes of diagnostics: stable names, what they mean and what to do.

use crate::diagnostic::Severity::{self, Error, Info, Warning};

/// A kind of content problem.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Its stable name.
    pub code: &'static str,
    /// How bad it is where a site says nothing else.
    pub severity: Severity,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it means and what to do.
    pub explanation: &'static str,
}

macro_rules! codes {
    ($($code:literal $severity:ident $title:literal $explanation:literal)+) => {
        /// Every code, in order.
        pub const CODES: &[Code] = &[$(Code {
            code: $code, severity: $severity, title: $title, explanation: $explanation,
        }),+];
    };
}

codes! {
    "G001" Error "front matter that cannot be read"
        "The block between `---` (YAML), `+++` (TOML) or `{` and `}` (JSON) at the start of the file breaks the rules of its \
         language, is not closed, or is no map of fields. The page is loaded without metadata; where the block speaks of \
         `access`, the page is locked. Quote text that holds `: ` or begins with a special character."
    "G002" Warning "prerequisite that names nothing"
        "A prerequisite names no page by its slug, title or other name. It is kept and shown as prose, and takes no part in \
         paths and plans. Mend the spelling, or declare the concept."
    "G003" Warning "reference that names nothing"
        "An entry of `teaches`, `related`, `contrasts`, `part_of`, `improves_on`, `companion` or of a question's `concepts` names \
         no page. It is left out."
    "G004" Error "two pages of one id"
        "Two pages of the same kind declare the same `id`. The first, by path, keeps it; the second is called by its path. Give \
         one of them another `id`."
    "G005" Warning "ambiguous reference"
        "A reference names several pages. The first by id is taken. Write the full id, such as `concept:kv-cache`."
    "G006" Info "prerequisite in prose"
        "A prerequisite is a sentence rather than a name. It is shown as the author wrote it and takes no part in paths and plans."
    "G007" Warning "link that leads nowhere"
        "A wikilink or a relative link to a Markdown file, or its heading, leads to nothing in the corpus."
    "G008" Warning "value that means nothing"
        "A field holds a value that it cannot have, such as a level that is none of beginner, intermediate and advanced. The \
         field is treated as if it were not there, except that an `access` that cannot be understood locks the guide."
    "G009" Error "prerequisite of itself"
        "A page names itself as its prerequisite or relation. The edge is left out."
    "G010" Error "file that cannot be read"
        "The system refused to read the file. It is left out."
    "G011" Warning "text that is not UTF-8"
        "The file holds bytes that are not UTF-8; the first is told. They are shown as replacement characters. Save the file as UTF-8."
    "G012" Error "binary file"
        "The file has the name of a text file but holds binary junk. It is left out."
    "G013" Error "file too large"
        "The file, or a line of a JSON Lines file, is larger than 16 MiB. It is left out."
    "G014" Warning "link in the file system that was not followed"
        "A symbolic link leads back to a folder above it, or to nothing. It is passed over."
    "G015" Error "line that is not a JSON object"
        "A line of a JSON Lines file is not a JSON object. It is left out."
    "G016" Warning "question that cannot be asked"
        "A question has no prompt, or a quiz has no choices, or its answer is none of them. It is left out."
    "G017" Warning "two questions of one id"
        "Two questions of a guide have the same id. The second is left out."
    "G018" Info "empty page"
        "The file has neither text nor metadata."
    "G019" Warning "two concepts of one name"
        "Two concepts share a title or another name. References by that name, and mentions in texts, go to the first by id."
    "G020" Warning "prerequisite cycle"
        "Concepts require each other in a circle, so that none can come first. In answers they are learned together. Make one \
         of the edges `recommended`, or drop it."
    "G021" Info "redundant prerequisite"
        "A required prerequisite is also required by another prerequisite of the same page, and carries no reason of its own."
    "G022" Warning "concept that nobody teaches"
        "No guide lists the concept under `teaches`, and its own page has no text: a plan can name it, but not teach it."
    "G023" Warning "guide that requires what it teaches"
        "A guide lists the same concept under `teaches` and under `prerequisites`. The prerequisite is left out."
    "G024" Info "concept without a definition"
        "A concept has neither a `description` nor a first paragraph to take it from."
    "G025" Info "orphan"
        "A concept needs nothing, nothing needs it, and no guide teaches it."
    "G026" Warning "setting that means nothing"
        "`gradus.toml` has a key that means nothing. It is ignored."
    "G027" Info "draft left out"
        "The page says `draft: true` and is left out."
    "G028" Warning "questions of no guide"
        "A `.questions.yaml` file lies beside no Markdown file of the same name. Its questions are left out."
    "G039" Info "file that is no page of the site"
        "The generator of the site makes no page of the file: it lies outside the content, is a part that other pages include, or \
         the settings leave it out. It is left out here too. Where the generator was recognised wrongly, name the right one in \
         `[site] generator` of `gradus.toml`."
}

/// The code of this name, in any casing.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}
