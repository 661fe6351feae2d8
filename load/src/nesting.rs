//! How deep lists and quotes are nested within one line: a parser looks through all that are open at each that begins, so that a line
//! of nothing else takes time that grows with its square.

/// Lists and quotes that may begin in one line. Nobody writes more than a handful; rules of dashes have some dozens.
const MOST: usize = 1_000;

/// The first line of `text`, from 1, in which more lists and quotes begin than are read. O(text).
pub(crate) fn too_deep(text: &str) -> Option<u32> {
    // Shorter lines cannot hold so many.
    let lines = (1..).zip(text.lines()).filter(|(_, line)| line.len() > MOST);
    lines.into_iter().find(|(_, line)| begun(line) > MOST).map(|(line, _)| line)
}

/// How many lists and quotes begin at the start of `line`.
fn begun(line: &str) -> usize {
    let mut n = 0;
    let mut rest = line.as_bytes();
    loop {
        rest = rest.trim_ascii_start();
        let marker = match rest {
            [b'>', ..] => 1,
            [b'-' | b'+' | b'*', b' ' | b'\t', ..] => 1,
            _ => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                match rest.get(digits..) {
                    Some([b'.' | b')', b' ' | b'\t', ..]) if (1..=9).contains(&digits) => digits + 1,
                    _ => return n,
                }
            }
        };
        n += 1;
        rest = &rest[marker..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_nothing_but_lists_are_found() {
        for marker in ["- ", "* ", "+\t", "> ", ">", "1. ", "12) ", "- > "] {
            let deep = format!("# T\n\n{}x\n", marker.repeat(MOST + 1));
            assert_eq!(too_deep(&deep), Some(3), "{marker}");
        }
        let rule = "- ".repeat(MOST);
        let words = format!("- {}", "word - ".repeat(MOST));
        for shallow in [rule.as_str(), &words, &"-".repeat(5 * MOST), &"> quoted\n".repeat(2 * MOST), ""] {
            assert_eq!(too_deep(shallow), None, "{}", &shallow[..shallow.len().min(20)]);
        }
    }
}
