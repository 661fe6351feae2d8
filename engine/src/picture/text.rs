//! Text in pictures: how wide it is, and where it is broken.

/// Height of letters, in user units.
const FONT_SIZE: f64 = 13.0;
/// Thousandths of that height for each character from the space to the tilde: Source Sans 3 at weight 500, as its file
/// tells them.
const ADVANCES: [u16; 95] = [
    200, 302, 455, 505, 505, 833, 624, 262, 314, 314, 428, 505, 262, 316, 262, 347, 505, 505, 505, 505, 505, 505, 505,
    505, 505, 505, 262, 262, 505, 505, 505, 435, 861, 551, 592, 573, 620, 532, 502, 622, 657, 273, 487, 588, 494, 736,
    652, 669, 574, 669, 581, 539, 541, 650, 526, 793, 527, 489, 540, 314, 347, 314, 505, 500, 546, 510, 558, 459, 559,
    501, 304, 512, 551, 254, 255, 508, 263, 836, 553, 546, 559, 559, 360, 425, 350, 550, 481, 734, 464, 481, 434, 314,
    248, 314, 505,
];
/// Thousandths for letters that the table does not have: the width of a wide small letter.
const OTHER: u16 = 600;
/// Thousandths for characters of scripts that are written in squares, and for pictures.
const SQUARE: u16 = 1_000;
/// What stands where a text is cut.
const ELLIPSIS: char = '…';

/// How wide a line of text is in a picture, in user units.
pub fn text_width(text: &str) -> f64 {
    text.chars().map(advance).map(f64::from).sum::<f64>() * FONT_SIZE / 1_000.0
}

fn advance(char: char) -> u16 {
    let code = char as usize;
    match char {
        ' '..='~' => ADVANCES[code - 0x20],
        '–' => 480,
        '—' => 800,
        ELLIPSIS => 956,
        '’' | '‘' | '·' => 262,
        // Marks are written over what they follow.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => SQUARE,
        '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'.. => SQUARE,
        _ => OTHER,
    }
}

/// `text` in lines no wider than `width`, at most `max_lines`: broken at spaces and behind hyphens, a word that is wider
/// than a line within it. What does not fit is cut, and an ellipsis says so.
pub(super) fn wrapped(text: &str, width: f64, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = pieces(text).into_iter().peekable();
    while let Some(word) = words.next() {
        if text_width(&line) + text_width(word.trim_end()) <= width {
            line.push_str(word);
            continue;
        }
        if lines.len() + 1 == max_lines {
            let rest: String = std::iter::once(word).chain(words).collect();
            lines.push(cut(&(line + &rest), width));
            return lines;
        }
        if !line.is_empty() {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        if text_width(word.trim_end()) <= width {
            line.push_str(word);
        } else if lines.len() + 1 == max_lines {
            let rest: String = std::iter::once(word).chain(words).collect();
            lines.push(cut(&rest, width));
            return lines;
        } else {
            let (head, tail) = split(word, width);
            lines.push(head.to_owned());
            line.push_str(&cut(tail, width));
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The words of `text` with the spaces behind them; parts of words that hyphens and slashes divide are words.
fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive(|char: char| char.is_whitespace() || matches!(char, '-' | '/')).collect()
}

/// As much of `text` as fits, and the rest; at least one character.
fn split(text: &str, width: f64) -> (&str, &str) {
    let mut used = 0.0;
    let limit = width * 1_000.0 / FONT_SIZE;
    let end = text.char_indices().find(|(at, char)| {
        used += f64::from(advance(*char));
        *at > 0 && used > limit
    });
    text.split_at(end.map_or(text.len(), |(at, _)| at))
}

/// The beginning of `text` with an ellipsis, unless all of it fits.
fn cut(text: &str, width: f64) -> String {
    let text = text.trim_end();
    if text_width(text) <= width {
        return text.to_owned();
    }
    let (head, _) = split(text, width - f64::from(advance(ELLIPSIS)) * FONT_SIZE / 1_000.0);
    let mut head = head.trim_end().to_owned();
    head.push(ELLIPSIS);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let lines = wrapped(text, 150.0, 2);
        assert_eq!(lines, expected, "{text}");
        assert!(lines.iter().all(|line| text_width(line) <= 150.0), "{lines:?}");
    }

    #[test]
    fn text_is_as_wide_as_its_letters() {
        assert!(text_width("iiii") < text_width("mmmm") / 3.0);
        assert!((text_width("Attention") - 13.0 * 4.253).abs() < 0.1, "{}", text_width("Attention"));
        assert!((text_width("注意") - 26.0).abs() < f64::EPSILON);
        assert!((text_width("e\u{301}") - text_width("e")).abs() < f64::EPSILON);
    }

    #[test]
    fn titles_are_broken_where_words_end_and_cut_where_they_must_be() {
        check("KV cache", &["KV cache"]);
        check("Autoregressive generation", &["Autoregressive generation"]);
        check("Scaled dot-product attention of many heads", &["Scaled dot-product", "attention of many heads"]);
        check("Donaudampfschifffahrtsgesellschaft", &["Donaudampfschifffahrtsge", "sellschaft"]);
        check("", &[""]);
        let lines = wrapped(&"a long title that goes on ".repeat(5), 150.0, 2);
        assert!(lines.len() == 2 && lines[1].ends_with('…') && text_width(&lines[1]) <= 150.0, "{lines:?}");
        assert_eq!(wrapped("注意力机制与自回归生成以及更多更多", 60.0, 2).len(), 2);
    }
}
