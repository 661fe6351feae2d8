//! Patterns of paths, as `.gitignore` and globs write them.

/// Whether `path` is one that `pattern` means: `*` and `?` stay within a segment, `**` does not, `[ab]` and `{a,b}` choose.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    alternatives(pattern).iter().any(|pattern| matches_one(pattern.as_bytes(), path.as_bytes()))
}

/// Lines of patterns as `.gitignore` has them, the last that matches deciding.
pub(crate) struct Ignored {
    rules: Vec<Rule>,
}

struct Rule {
    pattern: String,
    lets_in: bool,
}

impl Ignored {
    /// Reads `lines`; empty ones and comments mean nothing.
    pub(crate) fn new<'l>(lines: impl Iterator<Item = &'l str>) -> Self {
        let lines = lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let rules = lines.map(|line| {
            let (line, lets_in) = line.strip_prefix('!').map_or((line, false), |rest| (rest, true));
            let bare = line.trim_end_matches('/');
            // Without a slash inside, a pattern holds at any depth.
            let pattern = match bare.strip_prefix('/') {
                Some(rooted) => rooted.to_owned(),
                None if bare.contains('/') => bare.to_owned(),
                None => format!("**/{bare}"),
            };
            Rule { pattern, lets_in }
        });
        Self { rules: rules.collect() }
    }

    /// Whether `path`, or a folder that it lies in, is left out.
    pub(crate) fn is_ignored(&self, path: &str) -> bool {
        let mut is_ignored = false;
        let ends = path.match_indices('/').map(|(at, _)| at).chain(std::iter::once(path.len()));
        for end in ends {
            let part = &path[..end];
            let deciding = self.rules.iter().rev().find(|rule| matches(&rule.pattern, part));
            is_ignored = deciding.map_or(is_ignored, |rule| !rule.lets_in);
        }
        is_ignored
    }
}

/// `a{b,c}` as `ab` and `ac`.
fn alternatives(pattern: &str) -> Vec<String> {
    let open = pattern.find('{');
    let close = open.and_then(|open| pattern[open..].find('}').map(|len| open + len));
    let (Some(open), Some(close)) = (open, close) else { return vec![pattern.to_owned()] };
    let ends = alternatives(&pattern[close + 1..]);
    let middles = pattern[open + 1..close].split(',');
    middles.flat_map(|middle| ends.iter().map(move |end| format!("{}{middle}{end}", &pattern[..open]))).collect()
}

/// O(pattern · path) for patterns of one star, as all are in practice.
fn matches_one(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', b'/', rest @ ..] => {
            let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).any(|from| matches_one(rest, &path[from..]))
        }
        [b'*', b'*'] => true,
        [b'*', rest @ ..] => {
            let len = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
            (0..=len).any(|skipped| matches_one(rest, &path[skipped..]))
        }
        [b'?', rest @ ..] => path.first().is_some_and(|byte| *byte != b'/') && matches_one(rest, &path[1..]),
        [b'[', rest @ ..] => {
            let (Some(close), Some(first)) = (rest.iter().position(|byte| *byte == b']'), path.first()) else {
                return false;
            };
            let (class, is_negated) = match &rest[..close] {
                [b'^' | b'!', class @ ..] => (class, true),
                class => (class, false),
            };
            class.contains(first) != is_negated && *first != b'/' && matches_one(&rest[close + 1..], &path[1..])
        }
        [first, rest @ ..] => path.first() == Some(first) && matches_one(rest, &path[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_stay_within_segments_unless_doubled() {
        for (pattern, path) in [
            ("**/_*.{md,mdx}", "a/_b.mdx"),
            ("**/_*.{md,mdx}", "_b.md"),
            ("a/*.md", "a/b.md"),
            ("**/[^_]*", "a/b"),
            ("a/**", "a/b/c"),
            ("?.md", "x.md"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("a/*.md", "a/b/c.md"), ("**/[^_]*", "_b"), ("?.md", "/.md"), ("*.md", "a.mdx")] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn the_last_rule_decides_and_folders_take_their_files_along() {
        let ignored = Ignored::new(["# no", "*.tmpl.md", "/parts/", ".*", "!.well-known", "drafts/x.md"].into_iter());
        for path in ["a/b.tmpl.md", "parts/x/y.md", ".git/x.md", "a/.hidden.md", "drafts/x.md"] {
            assert!(ignored.is_ignored(path), "{path}");
        }
        for path in ["a/parts/x.md", ".well-known/note.md", "tmpl.md", "a/drafts/x.md"] {
            assert!(!ignored.is_ignored(path), "{path}");
        }
    }
}
