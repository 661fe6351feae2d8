//! Who may read a page whole, decided so that a slip of the pen locks and never opens.
//!
//! A page is locked where it says so, where it says something that cannot be understood, and where a part of it that was not
//! read as a field speaks of access. Each is told, with what to write instead.

use crate::config::Config;
use crate::draft::Draft;
use crate::fields::{canonical, spelling};
use crate::spelling::{is_unseen, normal};
use crate::value::{Node, SourcePlace, Value};
use gradus_corpus::{Access, Code};

/// Edits between a name and `access` up to which the name may be meant for it.
const EDITS: usize = 2;

/// Words that are as near to `access` and are words of their own.
const OTHER_WORDS: &[&str] = &["accent", "accept", "accepts", "assess", "excess", "recess", "success"];

/// Names by which other tools say that a page must be paid for.
const PAID: &[&str] = &[
    "accesspro",
    "entitlement",
    "entitlements",
    "gated",
    "ispaid",
    "ispremium",
    "ispro",
    "locked",
    "membersonly",
    "memberonly",
    "membershiprequired",
    "paid",
    "paidcontent",
    "paidonly",
    "patrononly",
    "patronsonly",
    "paywall",
    "paywalled",
    "premium",
    "premiumcontent",
    "premiumonly",
    "pro",
    "proonly",
    "requiremembership",
    "requiresmembership",
    "requiresubscription",
    "requiressubscription",
    "restricted",
    "sponsoronly",
    "sponsorsonly",
    "subscriberonly",
    "subscribersonly",
    "subscriptionrequired",
];

/// What `visibility` says of a page for those who pay.
const PAYERS: &[&str] = &["members", "paid", "premium", "pro", "subscribers", "tiers"];

/// Whether a name that is no field may be meant for `access`, or for a field that the site calls so.
pub(crate) fn is_near(name: &str, config: &Config) -> bool {
    let normal = normal(name);
    if OTHER_WORDS.contains(&normal.as_str()) {
        return false;
    }
    let is_word = || name.split(['_', '-', '.', ' ']).any(|word| word.eq_ignore_ascii_case("access"));
    let near = (4..=8).contains(&normal.chars().count()) && strsim::damerau_levenshtein(&normal, "access") <= EDITS;
    near || is_word() || normal == "accesslevel" || is_near_own(&normal, config)
}

/// Whether a name that is no field may be meant for what the site's settings call `access`.
fn is_near_own(given: &str, config: &Config) -> bool {
    foreign(config).map(normal).any(|own| {
        let edits = if own.chars().count() < 6 { 1 } else { EDITS };
        own == given || given.chars().count() > 2 && strsim::damerau_levenshtein(&own, given) <= edits
    })
}

/// Whether a field says that a page must be paid for, in the words of other tools.
pub(crate) fn is_paid(name: &str, value: &Value) -> bool {
    let text = value.text().map(str::to_lowercase);
    let is_no = matches!(text.as_deref(), Some("false" | "no" | "0" | "free"));
    match normal(name).as_str() {
        "visibility" => text.is_some_and(|text| PAYERS.contains(&text.as_str())),
        // Substack's word and a store's.
        "audience" => text.is_some_and(|text| ["paid", "only_paid", "subscribers"].contains(&text.as_str())),
        "subscription" => text.is_some_and(|text| text == "required" || PAYERS.contains(&text.as_str())),
        "free" | "isfree" | "isaccessibleforfree" => is_no && text.as_deref() != Some("free"),
        name => PAID.contains(&name) && !matches!(value.node, Node::Null) && !is_no,
    }
}

/// Whether a field of a page says that not everybody is to read it, in words that name many other things elsewhere.
pub(crate) fn is_protected(name: &str, value: &Value) -> bool {
    let is_said = value
        .text()
        .is_some_and(|text| !["", "false", "no", "0"].iter().any(|no| text.trim().eq_ignore_ascii_case(no)));
    is_said && ["password", "passwordprotected", "protected"].contains(&normal(name).as_str())
}

/// Whether a field is where a generator has its sites keep fields of their own: what is said in it is said of the page.
pub(crate) fn is_place_of_own(name: &str) -> bool {
    ["custom", "extra", "meta", "metadata", "page", "params"].contains(&normal(name).as_str())
}

/// Whether a word says that what has it must be paid for, in the words of other tools.
pub(crate) fn is_payers_word(word: &str) -> bool {
    let normal = normal(word);
    PAID.contains(&normal.as_str()) && !["locked", "restricted"].contains(&normal.as_str())
}

/// Whether a name is that of the field itself.
pub(crate) fn is_access(name: &str) -> bool {
    spelling(name) == Some("access")
}

/// What the site's settings call `access`.
fn foreign(config: &Config) -> impl Iterator<Item = &str> {
    config.fields.iter().filter(|(_, ours)| *ours == "access").map(|(name, _)| name.as_str())
}

/// Whether a text that could not be read may give `access` a value: a name near it stands where a field's would, its
/// letters begin a line whatever stands between them, or a line ends with `pro`.
pub(crate) fn speaks_of_access(text: &str, config: &Config) -> bool {
    let is_part =
        |char: char| char.is_alphanumeric() || matches!(char, '_' | '-') || is_unseen(char) && !char.is_whitespace();
    text.lines().any(|line| {
        let squeezed: String = line.chars().filter(|char| char.is_alphanumeric()).take(8).collect();
        let squeezed = squeezed.to_lowercase();
        let begins = |n: usize| {
            let start: String = squeezed.chars().take(n).collect();
            strsim::damerau_levenshtein(&start, "access") <= 1
        };
        let last = line.trim_end_matches(|char: char| !char.is_alphanumeric());
        let last = last.rsplit(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
        let is_other = ["accessib", "accessor"].contains(&squeezed.as_str());
        if !is_other && (5..=7).any(begins) || last.eq_ignore_ascii_case(Access::Pro.as_str()) {
            return true;
        }
        let mut rest = line;
        while let Some(start) = rest.find(is_part) {
            let before = &line[..line.len() - rest.len() + start];
            let is_first = !before.contains(char::is_alphanumeric);
            let len = rest[start..].find(|char| !is_part(char)).unwrap_or(rest.len() - start);
            let (name, behind) = rest[start..].split_at(len);
            let behind_name = behind.trim_start_matches(['"', '\'', ' ', '\t']);
            let is_key = behind_name.starts_with([':', '=', '：', '＝']);
            if (is_key || is_first && behind_name.is_empty()) && (is_near(name, config) || is_access(name)) {
                return true;
            }
            rest = behind;
        }
        false
    })
}

impl Draft {
    /// Who may read a page with these fields whole: of all that speak of it, the strictest. What cannot be understood is
    /// locked: a guess could show what was to be paid for.
    pub(crate) fn access_of(&mut self, fields: &[(String, Value)]) -> Access {
        let mut given: Vec<(Access, SourcePlace)> = Vec::new();
        for (_, value) in fields.iter().filter(|(name, _)| canonical(name) == Some("access")) {
            let text = match &value.node {
                // Who leaves it empty says nothing of it, as templates of pages do.
                Node::Null => continue,
                Node::Text(text) if text.trim().is_empty() => continue,
                Node::Text(text) => text.trim(),
                Node::List(_) | Node::Map(_) => "a list or a map",
            };
            let access = Access::parse(&text.to_lowercase()).unwrap_or_else(|| {
                let message = format!("'{text}' is no access; the page is locked until it is `free` or `pro`");
                self.tell_at(Code::InvalidValue, value.position, value.len, message);
                Access::Pro
            });
            given.push((access, value.place()));
        }
        let access = given.iter().map(|(access, _)| *access).max().unwrap_or_default();
        let free = given.iter().find(|(one, _)| *one != access);
        if let (Access::Pro, Some((_, place))) = (access, free) {
            let message = "another `access` of this page is not `free`; the page is locked".to_owned();
            self.tell_at(Code::DuplicateField, place.position, place.len, message);
        }
        access
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_near_access_are_known_and_words_of_their_own_are_not() {
        let config = Config::default();
        for name in [
            "acess",
            "acces",
            "Access",
            "ACCESS",
            "accesss",
            "acc\u{200b}ess",
            "ａｃｃｅｓｓ",
            "аccess",
            "access_level",
            "x-access",
            "aces",
        ] {
            assert!(is_near(name, &config), "{name}");
        }
        let says = |name: &str, text: &str| is_paid(name, &Value::of_text(text));
        for (name, text) in
            [("isPro", "true"), ("members_only", "yes"), ("visibility", "Paid"), ("free", "false"), ("gated", "1")]
        {
            assert!(says(name, text), "{name}: {text}");
        }
        for (name, text) in
            [("isPro", "false"), ("visibility", "public"), ("free", "true"), ("free", "free"), ("tier", "pro")]
        {
            assert!(!says(name, text), "{name}: {text}");
        }
        for name in ["accessibility", "address", "success", "accent", "process", "author", "class", "assets"] {
            assert!(!is_near(name, &config), "{name}");
        }
    }

    #[test]
    fn a_text_speaks_of_access_where_a_name_would_stand() {
        let config = Config::default();
        for text in ["access:pro", "access", "{access: pro}", "\"access\" = 1", "x: 1\n  acess : pro", "access：pro"] {
            assert!(speaks_of_access(text, &config), "{text}");
        }
        for text in ["title: random access memory", "accessibility: good", "no access here"] {
            assert!(!speaks_of_access(text, &config), "{text}");
        }
    }
}
