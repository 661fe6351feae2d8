//! The codes of diagnostics: stable names, what they mean and what to do.

use crate::severity::Severity::{self, Error, Info, Warning};

macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $title:literal $explanation:literal)+) => {
        /// A kind of content problem, in the order of the stable names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Code {
            $(#[doc = $title] $name),+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its stable name, such as `G001`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// How bad it is where a site says nothing else.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => $severity),+ }
            }

            /// What it is, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// What it means and what to do.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation),+ }
            }
        }
    };
}

codes! {
    UnreadableFrontMatter "G001" Error "front matter that cannot be read"
        "The block between `---` (YAML), `+++` (TOML) or `{` and `}` (JSON) at the start of the file breaks the rules of its \
         language, or is not closed. What cannot be read is left out; the other fields are kept. Where the part that is left \
         out speaks of `access`, the page is locked. Quote text that holds `: ` or begins with a special character."
    UnknownPrerequisite "G002" Warning "prerequisite that names nothing"
        "A prerequisite names no page by its slug, title or other name. It is kept and shown as prose, and takes no part in \
         paths and plans. Mend the spelling, or declare the concept."
    UnknownReference "G003" Warning "reference that names nothing"
        "An entry of `teaches`, `related`, `contrasts`, `part_of`, `improves_on`, `companion` or of a question's `concepts` names \
         no page. It is left out."
    DuplicateId "G004" Error "two pages of one id"
        "Two pages of the same kind declare the same `id`. The first, by path, keeps it; the second is called by its path. Give \
         one of them another `id`."
    AmbiguousReference "G005" Warning "ambiguous reference"
        "A reference names several pages. The first by id is taken. Write the full id, such as `concept:kv-cache`."
    ProsePrerequisite "G006" Info "prerequisite in prose"
        "A prerequisite is a sentence rather than a name. It is shown as the author wrote it and takes no part in paths and plans."
    BrokenLink "G007" Warning "link that leads nowhere"
        "A wikilink or a relative link to a Markdown file, or its heading, leads to nothing in the corpus."
    InvalidValue "G008" Warning "value that means nothing"
        "A field holds a value that it cannot have, such as a level that is none of beginner, intermediate and advanced. The \
         field is treated as if it were not there, except that an `access` that cannot be understood locks the page."
    SelfReference "G009" Error "prerequisite of itself"
        "A page names itself as its prerequisite or relation. The edge is left out."
    UnreadableFile "G010" Error "file that cannot be read"
        "The system refused to read the file, it is no plain file, or its compressed data are damaged. What lies before the damage \
         is kept; the rest is left out."
    NotUtf8 "G011" Warning "text that is not UTF-8"
        "The file holds bytes that are not UTF-8; the first is told. They are shown as replacement characters. Save the file as UTF-8."
    BinaryFile "G012" Error "binary file"
        "The file has the name of a text file but holds binary junk. It is left out."
    FileTooLarge "G013" Error "file too large"
        "The file, or a line of a JSON Lines file, is larger than 16 MiB. It is left out."
    LinkNotFollowed "G014" Warning "link in the file system that was not followed"
        "A symbolic link leads out of the content's folder, back to a folder above it, to a folder that another link leads to, or to \
         nothing. It is passed over. `follow_links = true` under `[content]` in `gradus.toml` follows links that lead out."
    NotAnObject "G015" Error "line that is not a JSON object"
        "A line of a JSON Lines file is not a JSON object. It is left out."
    InvalidQuestion "G016" Warning "question that cannot be asked"
        "A question has no prompt, or a quiz has no choices, or its answer is none of them. It is left out."
    DuplicateQuestion "G017" Warning "two questions of one id"
        "Two questions of a guide have the same id. The second is left out."
    EmptyPage "G018" Info "page without text"
        "The page has no text that could be searched: the file is empty, or holds nothing but metadata or images. Write a sentence \
         about it, or a `description`."
    DuplicateName "G019" Warning "two concepts of one name"
        "Two concepts share a title or another name. References by that name, and mentions in texts, go to the first by id."
    Cycle "G020" Warning "prerequisite cycle"
        "Pages require each other in a circle, so that none can come first. In answers they are learned together. Make one \
         of the edges `recommended`, or drop it."
    RedundantPrerequisite "G021" Info "redundant prerequisite"
        "A required prerequisite is also required by another prerequisite of the same page, and carries no reason of its own."
    UntaughtConcept "G022" Warning "concept that nobody teaches"
        "No guide lists the concept under `teaches`, and its own page has no text: a plan can name it, but not teach it."
    TaughtAndRequired "G023" Warning "guide that requires what it teaches"
        "A guide lists the same concept under `teaches` and under `prerequisites`. The prerequisite is left out."
    UndefinedConcept "G024" Info "concept without a definition"
        "A concept has neither a `description` nor a first paragraph to take it from."
    Orphan "G025" Info "orphan"
        "A concept needs nothing, nothing needs it, and no guide teaches it."
    UnknownSetting "G026" Warning "setting that means nothing"
        "`gradus.toml` has a key that means nothing. It is ignored."
    Withheld "G027" Info "page withheld"
        "The page says of itself that it is not published, in one of the usual spellings, such as `draft: true`, \
         `published: false`, a `publishDate` to come or an `expiryDate` past, and is left out; or that no search should find it, \
         such as `search.exclude`, `pagefind: false` or `noindex`, and is kept out of search only."
    StrayQuestions "G028" Warning "questions of no guide"
        "A `.questions.yaml` file lies beside no Markdown file of the same name. Its questions are left out."
    MisplacedFrontMatter "G029" Warning "front matter in an odd place or fence"
        "A block that looks like front matter does not begin with `---` at the very top of the file, or is fenced by something \
         else. It is read where that is what was meant; generators may show it as text. Where it stands further down and speaks of \
         `access`, the page is locked."
    UnknownField "G030" Warning "field that looks like another"
        "A field means nothing, but its name is close to one that does, or a field stands inside another where it means nothing. \
         Mend the spelling, or move it to the top. Close to `access`, the page is locked until the field is mended; so is one that \
         other tools lock by a field (`premium: true`) or by a mark in the text (`<!--members-only-->`, `:::pro`) and that says nothing \
         of `access`."
    DuplicateField "G031" Warning "field that stands twice"
        "A field stands twice. The last one wins; of `access`, the stricter one."
    InvalidSetting "G032" Error "setting that cannot be"
        "`gradus.toml` has a value that the setting cannot have, or a line that is not TOML. The default is taken where content is \
         only checked; a server does not start."
    Untitled "G033" Info "page without a title"
        "The page has neither a `title` nor a heading that could be one. It is called by its file's name."
    AssumedValue "G034" Info "value taken for another"
        "A field holds a value that can be read in more than one way, such as a number as a `level`. It is told what it was taken for."
    DuplicateOrder "G035" Warning "two pages at one place of a series"
        "Two pages of one series have the same `order`. They are put in the order of their ids."
    UnclosedFence "G036" Warning "code that does not end"
        "A fence of code is not closed, so that the rest of the page is code. Close it with as many backticks or tildes."
    SkippedHeading "G037" Info "headings that skip a level"
        "A heading is more than one level below the one before it, or a second one of level 1. Readers of tables of contents and of \
         screens lose the thread."
    LimitReached "G038" Error "more than is read"
        "The content is larger than what is read of one source, or has more problems than are told. What lies behind the limit is \
         left out."
    NotAPage "G039" Info "file that is no page of the site"
        "The generator of the site makes no page of the file: it lies outside the content, is a part that other pages include, or \
         the settings leave it out. It is left out here too. Where the generator was recognised wrongly, name the right one in \
         `[site] generator` of `gradus.toml`."
    ContentElsewhere "G040" Warning "content outside the source"
        "The settings of the site's generator name a folder of content that does not lie in the source. Its pages are not here, and \
         links to them may seem broken. Name a folder above that holds both as the source."
    DuplicateAddress "G041" Info "two pages at one address"
        "Two pages are shown at the same address, so that readers reach one of them only. Give one of them another name, or a `slug` of \
         its own."
    NotBuilt "G042" Warning "page that the built site does not show"
        "`[site] html` of `gradus.toml` names the HTML that was built of this content, and no page of it is this one, or a heading of \
         the page is not there. The address or the anchor is the one that the generator's rules make. Build the site anew."
}

impl Code {
    /// The code of this stable name, in any casing.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
