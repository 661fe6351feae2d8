//! How a name is written, beyond its words.

use std::ops::Range;

use gradus_corpus::normal::normal;

/// By how many letters the forms of a word differ at most that are the same thing in another number: `entry` and `entries` are,
/// `use` and `useful` are not, though they have one stem.
const ENDING: usize = 2;

/// What tells the name of a guide from the same words in passing.
pub(super) struct NameForm<'a> {
    /// The name, from its first letter to its last.
    name: &'a str,
    /// The sign right before that, if the name is one word: `$` of `$host`.
    sign: Option<char>,
    is_word: bool,
}

impl<'a> NameForm<'a> {
    /// The form of `name`.
    pub(super) fn of(name: &'a str) -> Self {
        let bare = name.trim_matches(|char: char| !char.is_alphanumeric());
        let is_word = !bare.is_empty() && bare.chars().all(char::is_alphanumeric);
        let before = name.split(bare).next().unwrap_or_default();
        let sign = before.chars().next_back().filter(|sign| is_word && is_sigil(*sign));
        Self { name: bare, sign, is_word }
    }

    /// Whether what stands at `span` of `text`, whose stems are those of the name, is written as it is: with the signs of names of
    /// code such as `svelte:component`, and as the same word, where it is one.
    pub(super) fn fits(&self, text: &str, span: Range<usize>) -> bool {
        let written = &text[span.clone()];
        let has_sign = |sign: char| text[..span.start].ends_with(sign);
        self.sign.is_none_or(has_sign)
            && code_signs(self.name).all(|sign| written.contains(sign))
            && (!self.is_word || is_form_of(&normal(self.name), &normal(written)))
    }
}

/// Signs that begin names of code, and nothing that is said.
fn is_sigil(sign: char) -> bool {
    matches!(sign, '$' | '@' | '#')
}

/// The signs within `name` that stand between letters without a space, as in `svelte/store`; hyphens are left out at will.
fn code_signs(name: &str) -> impl Iterator<Item = char> + '_ {
    let next = name.chars().skip(1);
    let last = name.chars();
    last.zip(next).zip(name.chars().skip(2)).filter_map(|((before, sign), behind)| {
        let is_within = before.is_alphanumeric() && behind.is_alphanumeric();
        (is_within && matches!(sign, ':' | '/' | '.' | '_' | '$' | '@' | '#')).then_some(sign)
    })
}

/// Whether two words differ in no more than what tells one from many.
fn is_form_of(one: &str, other: &str) -> bool {
    let n_common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let longest = one.chars().count().max(other.chars().count());
    let is_y =
        |word: &str, many: &str| word.strip_suffix('y').is_some_and(|stem| many.strip_suffix("ies") == Some(stem));
    longest - n_common <= ENDING || is_y(one, other) || is_y(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_from_the_same_words_in_passing() {
        let cases = [
            ("use:", "A useful pattern", "useful", false),
            ("Tracing", "classes such as Tracer", "Tracer", false),
            ("Histogram", "all histograms", "histograms", true),
            ("Entry", "two entries", "entries", true),
            ("Isola", "le isole", "isole", true),
            ("<svelte:component>", "use Svelte components", "Svelte components", false),
            ("<svelte:component>", "use <svelte:component>", "svelte:component", true),
            ("$host", "the $host rune", "host", true),
            ("$host", "the host element", "host", false),
            ("On-demand rendering", "rendered on demand", "on demand", true),
        ];
        for (name, text, written, fits) in cases {
            let start = text.find(written).unwrap();
            assert_eq!(NameForm::of(name).fits(text, start..start + written.len()), fits, "{name} in {text}");
        }
    }
}
