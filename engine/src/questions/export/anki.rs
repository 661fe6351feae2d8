//! Notes that Anki imports: one a concept with a definition, one a question whose answer the viewer may read.
//!
//! The file says by itself how it is to be read (lines that begin with `#`), and each note has an id of its own, so that importing
//! again changes notes and doubles none.

use gradus_corpus::work::checkpoint;
use gradus_corpus::{Corpus, Exercise, Page, PageId};

use super::{Lines, once, one_line, title};
use crate::picture::escape;
use crate::view::View;

/// Concepts in the order in which they could be learned, then the questions of guides in theirs.
pub(super) fn lines(view: &View) -> Lines<'_> {
    let order: Vec<PageId> = view.graph.learning_order().into_iter().map(|(page, _)| page).collect();
    let corpus = &*view.corpus;
    let concepts = order.clone().into_iter().filter_map(|id| concept(corpus, id));
    let questions = order.into_iter().flat_map(|id| {
        let page = corpus.page(id);
        page.questions.iter().filter_map(move |exercise| question(page, exercise))
    });
    // Colons would make a deck of parts.
    let deck = one_line(&title(view).replace("::", " "));
    let head = format!(
        "#separator:tab\n#html:true\n#notetype:Basic\n#deck:{deck}\n#columns:id\tFront\tBack\ttags\n#guid column:1\n\
         #tags column:4\n"
    );
    Box::new(once(head).chain(concepts).chain(questions))
}

fn concept(corpus: &Corpus, id: PageId) -> Option<String> {
    checkpoint();
    let page = corpus.page(id);
    let description = page.description.as_ref().filter(|_| corpus.is_concept(id))?;
    let mut back = html(description);
    if !page.names.is_empty() {
        back.push_str("<br><br><i>");
        back.push_str(&html(&page.names.join(", ")));
        back.push_str("</i>");
    }
    Some(note(&page.id(), &html(&page.title), &back, page, "concept"))
}

fn question(page: &Page, exercise: &Exercise) -> Option<String> {
    let answer = exercise.answer.as_ref().filter(|_| !exercise.locked)?;
    let mut front = html(&exercise.prompt);
    if let Some(choices) = &exercise.choices {
        front.push_str("<ul>");
        choices.iter().for_each(|choice| front.extend(["<li>", &*html(choice), "</li>"]));
        front.push_str("</ul>");
    }
    let mut back = html(answer);
    if let Some(explanation) = &exercise.explanation {
        back.push_str("<br><br>");
        back.push_str(&html(explanation));
    }
    let id = format!("{}#{}", page.id(), exercise.id);
    Some(note(&id, &front, &back, page, exercise.kind.as_str()))
}

fn note(id: &str, front: &str, back: &str, page: &Page, kind: &str) -> String {
    let level = page.level.map(gradus_corpus::Level::as_str);
    let mut tags = vec![format!("gradus::{kind}")];
    tags.extend(page.category.iter().map(|category| tag(category)).chain(level.map(str::to_owned)));
    // Only the id can hold a tab or a quote: all other text is HTML.
    let id = one_line(id).replace('"', "'");
    format!("{id}\t{front}\t{back}\t{}\n", tags.join(" "))
}

/// Tags are divided by spaces.
fn tag(text: &str) -> String {
    text.replace('"', "").split_whitespace().collect::<Vec<_>>().join("-")
}

/// `text` as HTML in one line.
fn html(text: &str) -> String {
    escape(text.trim()).replace(['\r', '\t'], " ").replace('\n', "<br>")
}
