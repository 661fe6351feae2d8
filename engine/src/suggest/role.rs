//! What the author of a section wants with it, as its heading says.

use gradus_corpus::normal::normal;

/// What a section is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SectionRole {
    /// To tell something.
    Text,
    /// To say what is needed before.
    Before,
    /// To say where to go on. What stands here comes afterwards, and is no mention.
    Onward,
}

/// Headings of what is needed, as far as they are words; of several languages.
const BEFORE: &[&str] = &[
    "before you begin",
    "before you start",
    "before we begin",
    "before reading",
    "prerequisite",
    "prerequisites",
    "requirements",
    "what you need",
    "what you should know",
    "what you need to know",
    "required knowledge",
    "assumed knowledge",
    "background knowledge",
    "prerequisiti",
    "requisiti",
    "prerequis",
    "avant de commencer",
    "voraussetzungen",
    "vorkenntnisse",
    "requisitos",
    "requisitos previos",
    "antes de empezar",
    "pre-requisitos",
    "前置知识",
    "前提条件",
];
/// Headings of what comes after.
const ONWARD: &[&str] = &[
    "see also",
    "next",
    "next step",
    "next steps",
    "what's next",
    "what next",
    "what is next",
    "where to go next",
    "where to go from here",
    "going further",
    "further reading",
    "further resources",
    "further information",
    "more information",
    "additional reading",
    "additional resources",
    "external links",
    "learn more",
    "related",
    "related links",
    "related pages",
    "related topics",
    "related articles",
    "related concepts",
    "related content",
    "resources",
    "references",
    "bibliography",
    "notes",
    "vedi anche",
    "voci correlate",
    "note",
    "bibliografia",
    "collegamenti esterni",
    "voir aussi",
    "siehe auch",
    "weblinks",
    "einzelnachweise",
    "vease tambien",
    "ver tambien",
    "veja tambem",
    "zie ook",
    "关联阅读",
    "参见",
];

/// What the section under `heading` is there for.
pub(super) fn role_of(heading: &str) -> SectionRole {
    let heading = normal(heading);
    let heading = heading.trim_matches(|char: char| !char.is_alphanumeric());
    let is_one_of = |known: &[&str]| known.contains(&heading);
    if is_one_of(BEFORE) {
        SectionRole::Before
    } else if is_one_of(ONWARD) {
        SectionRole::Onward
    } else {
        SectionRole::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_tell_what_sections_are_for() {
        let cases = [
            ("Before you begin", SectionRole::Before),
            ("Prérequis", SectionRole::Before),
            ("See also:", SectionRole::Onward),
            ("What’s next?", SectionRole::Onward),
            ("Next-token prediction", SectionRole::Text),
            ("", SectionRole::Text),
        ];
        for (heading, role) in cases {
            assert_eq!(role_of(heading), role, "{heading}");
        }
    }
}
