//! Where the preview of a locked page may end.

/// Where the comments stand that may end a preview. One behind a backtick that is open in its line is code.
pub(super) fn preview_marks(raw: &str) -> Vec<usize> {
    let is_mark = |at: &usize| {
        let rest = &raw[*at..];
        let html = rest.strip_prefix("<!--").and_then(|rest| rest.trim_start().strip_prefix("more"));
        let jsx = || rest.strip_prefix("{/*").and_then(|rest| rest.trim_start().strip_prefix("more"));
        let ends = |rest: &str| rest.trim_start().starts_with("-->") || rest.trim_start().starts_with("*/}");
        html.or_else(jsx).is_some_and(ends) && !is_in_span(raw, *at)
    };
    let found = |open: &'static [u8]| memchr::memmem::find_iter(raw.as_bytes(), open);
    let mut marks: Vec<usize> = found(b"<!--").chain(found(b"{/*")).filter(is_mark).collect();
    marks.sort_unstable();
    marks
}

/// Whether a run of backticks before `at` is open in its line.
fn is_in_span(raw: &str, at: usize) -> bool {
    let start = raw[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut open = None;
    for run in raw[start..at].split(|char| char != '`').map(str::len).filter(|len| *len > 0) {
        match open {
            None => open = Some(run),
            Some(len) if len == run => open = None,
            Some(_) => {}
        }
    }
    open.is_some()
}
