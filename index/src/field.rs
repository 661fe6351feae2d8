//! Fields: what is indexed of a document.

/// What is indexed of a document. Exact words are folded; stems are those of folded words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Title and other names of the page, in its first document.
    Name,
    /// The same, stemmed.
    NameStem,
    /// Names, headings, description and prose.
    All,
    /// The same, stemmed.
    AllStem,
    /// The heading of the section.
    Heading,
    /// Code.
    Code,
    /// The concepts that the text names, by whichever of their names, as their full ids: page numbers
    /// change with the pages around them.
    Concept,
}

/// Every field, in the order of their numbers.
pub(crate) const FIELDS: [Field; N_FIELDS] =
    [Field::Name, Field::NameStem, Field::All, Field::AllStem, Field::Heading, Field::Code, Field::Concept];
/// How many there are.
pub(crate) const N_FIELDS: usize = 7;
