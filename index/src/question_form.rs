//! Question forms: which words of a query frame a question rather than say what it is about. English, as function words are.

use crate::analysis::is_function_word;

/// What asks for an explanation of what follows.
const EXPLAIN: &[&str] = &["explain", "describe", "define", "understand", "understanding", "compare", "eli5"];
/// The same, where a preposition follows.
const ABOUT: &[&str] = &[
    "definition",
    "meaning",
    "explanation",
    "difference",
    "differences",
    "comparison",
    "introduction",
    "intro",
    "overview",
    "basics",
    "purpose",
    "example",
    "examples",
];
const PREPOSITIONS: &[&str] = &["of", "to", "between", "for", "about"];
/// How questions begin.
const ASK: &[&str] = &[
    "how", "what", "whats", "why", "when", "where", "which", "who", "is", "are", "does", "do", "did", "can", "could",
    "should", "would", "will",
];
/// How questions end.
const END: &[&str] = &[
    "work",
    "works",
    "working",
    "mean",
    "means",
    "stand",
    "used",
    "useful",
    "matter",
    "matters",
    "important",
    "exactly",
    "about",
    "for",
    "actually",
];

/// Whether `words` ask something.
pub(crate) fn is_question(words: &[&str]) -> bool {
    words.first().is_some_and(|first| ASK.contains(first))
}

/// Whether `words` ask why something is as it is.
pub(crate) fn asks_for_reasons(words: &[&str]) -> bool {
    words.first() == Some(&"why")
}

/// Which of `words` frame a question; none where nothing else is left. O(words).
pub(crate) fn frame(words: &[&str]) -> Vec<bool> {
    let mut frame = vec![false; words.len()];
    let start = words.iter().take_while(|word| is_function_word(word) || ASK.contains(word)).count();
    if let Some(word) = words.get(start) {
        let is_about = ABOUT.contains(word) && words.get(start + 1).is_some_and(|next| PREPOSITIONS.contains(next));
        frame[start] = EXPLAIN.contains(word) || is_about;
    }
    if is_question(words) {
        let ends = words.iter().zip(&mut frame).rev().take_while(|(word, _)| END.contains(word));
        ends.for_each(|(_, frame)| *frame = true);
    }
    let is_left = words.iter().zip(&frame).any(|(word, framing)| !framing && !is_function_word(word));
    if is_left { frame } else { vec![false; words.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: &str) {
        let words: Vec<&str> = query.split(' ').collect();
        let frame = frame(&words);
        let about = words.iter().zip(frame).filter(|(word, framing)| !framing && !is_function_word(word));
        assert_eq!(about.map(|(word, _)| *word).collect::<Vec<_>>().join(" "), expected, "{query}");
    }

    #[test]
    fn what_frames_a_question_is_told_from_what_it_is_about() {
        check("explain attention", "attention");
        check("how does attention work", "attention");
        check("what does temperature mean", "temperature");
        check("what is lora used for", "lora");
        check("difference between lora and qlora", "lora qlora");
        check("what is the difference between lora and qlora", "lora qlora");
        check("why does batching matter", "batching");
    }

    #[test]
    fn words_that_may_frame_a_question_are_else_what_it_is_about() {
        check("work stealing", "work stealing");
        check("mean pooling", "mean pooling");
        check("definition lists", "definition lists");
        check("explain", "explain");
        check("how it works", "works");
        check("the work", "work");
    }
}
