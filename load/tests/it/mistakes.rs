//! The mistakes that authors make, each told at its place, with what to do; and what they must not cost.

use std::borrow::Cow;

use gradus_corpus::Code;
use gradus_load::{Input, Terms, load_on};

use crate::given::{NOW, TERMS, loaded_on_new_year as loaded, told_at_length as told};

/// What is told of one page with this front matter.
#[track_caller]
fn page(front_matter: &str, expected: &[&str]) {
    let found = loaded(&format!("=== a.md\n---\ntitle: Bread\n{front_matter}---\nFlour and water.\n"));
    let told: Vec<String> = told(&found).iter().map(|told| told.trim_start_matches("a.md:").to_owned()).collect();
    assert_eq!(told, expected, "of\n{front_matter}");
}

#[test]
fn a_field_that_is_misspelled_is_told_with_the_one_that_was_meant() {
    for (given, meant) in [
        ("prerequisits", "prerequisites"),
        ("prerequisite", "prerequisites"),
        ("teachs", "teaches"),
        ("dificulty", "difficulty"),
        ("descripton", "description"),
        ("alises", "aliases"),
        ("pubished", "published"),
        ("levle", "level"),
        ("quesions", "questions"),
    ] {
        let len = given.len();
        page(&format!("{given}: x\n"), &[&format!("3:1+{len} G030 `{given}` means nothing (did you mean `{meant}`?)")]);
        let found = loaded(&format!("=== a.md\n---\n{given}: x\ntitle: A\n---\nText.\n"));
        let fix = &found.diagnostics[0].fixes[0];
        assert_eq!((&*fix.replacement, fix.is_safe, fix.range.end.column as usize), (meant, true, len + 1), "{given}");
    }
    for other in [
        "type", "layout", "toc", "cover", "icon", "link", "theme", "math", "uid", "image", "comments", "version",
        "status",
    ] {
        page(&format!("{other}: x\n"), &[]);
    }
}

#[test]
fn an_entry_that_names_nothing_is_told_by_the_field_as_it_is_written() {
    let concept = "=== concepts/softmax.md\n---\ntitle: Softmax\n---\nA function.\n";
    let told_of = |fields: &str, settings: &str| {
        let found = loaded(&format!("{settings}{concept}=== a.md\n---\ntitle: A\n{fields}---\nText.\n"));
        told(&found).join("\n")
    };
    for field in ["concepts", "covers", "see_also", "further_reading", "teaches", "related"] {
        let at = field.len() + 4;
        let expected = format!(
            "a.md:3:{at}+6 G003 `{field}` names 'softmx', which does not exist (did you mean `softmax` (Softmax)?)"
        );
        assert_eq!(told_of(&format!("{field}: [softmx]\n"), ""), expected);
    }
    assert_eq!(told_of("concepts: [Be kind to others, x]\nsee_also: [An essay of mine]\n", ""), "", "prose");
    let own = told_of("vermittelt: [x y]\n", "=== gradus.toml\n[fields]\nteaches = \"vermittelt\"\n");
    assert_eq!(own, "a.md:3:14+3 G003 `vermittelt` names 'x y', which does not exist");
}

#[test]
fn a_field_in_the_wrong_place_is_told() {
    page(
        "params:\n  teaches: [x]\n",
        &["4:3+7 G030 `teaches` means nothing inside `params` (move it to the top level)"],
    );
    page(
        "prerequisites:\n  - {concept: a, strenght: required}\n",
        &[
            "4:15+1 G009 'a' names the page itself (drop it)",
            "4:18+8 G030 `strenght` means nothing in an item of this list (did you mean `strength`?)",
        ],
    );
    page("sidebar: {order: 2, label: x}\nhero: {title: x, image: y}\nauthor: {name: me, url: /me}\n", &[]);
}

#[test]
fn dates_are_served_where_they_are_dates() {
    for (given, expected) in [
        ("2026-02-31", "'2026-02-31' is no date; write it as 2026-03-01"),
        ("yesterday", "'yesterday' is no date; write it as 2026-03-01"),
        ("31/12/2025", "'31/12/2025' is no date; write it as 2026-03-01"),
        ("2027-01-01", "'2027-01-01' lies in the future"),
    ] {
        page(
            &format!("updated: {given}\n"),
            &[&format!("3:10+10 G008 {expected}").replace("+10", &format!("+{}", given.len()))],
        );
        let found = loaded(&format!("=== a.md\n---\ntitle: A\nupdated: {given}\n---\nText.\n"));
        assert_eq!(found.corpus.pages().next().unwrap().1.updated, None, "{given}");
    }
    for (given, served) in [
        ("2025-12-31", "2025-12-31"),
        ("2025/12/31", "2025-12-31"),
        ("2025-12-31T10:00:00Z", "2025-12-31T10:00:00Z"),
        ("March 5, 2025", "2025-03-05"),
    ] {
        let found = loaded(&format!("=== a.md\n---\ntitle: A\nupdated: {given}\n---\nText.\n"));
        assert_eq!(found.corpus.pages().next().unwrap().1.updated.as_deref(), Some(served));
    }
    page("lastUpdated: false\n", &[]);
}

#[test]
fn a_page_is_told_what_it_is_called() {
    let help = "(write a `title`, or begin the text with a heading)";
    for (text, place) in [
        ("Text.\n", "1:1+0"),
        ("---\nlevel: beginner\n---\nText.\n", "1:1+0"),
        ("---\ntitle: \"\"\n---\nText.\n", "2:1+5"),
        ("---\ntitle:\n---\nText.\n", "2:1+5"),
    ] {
        let found = loaded(&format!("=== rye-bread.md\n{text}"));
        assert_eq!(
            told(&found),
            [format!("rye-bread.md:{place} G033 the page has no title and is called 'rye-bread' {help}")]
        );
    }
    assert_eq!(told(&loaded("=== a.md\n# Rye\n\nText.\n")), [""; 0]);
}

#[test]
fn a_page_without_text_is_told() {
    for text in [
        "---\ntitle: A\n---\n",
        "---\ntitle: A\n---\n![a jar](https://example.org/jar.png)\n",
        "---\ntitle: A\n---\n<img src=\"https://example.org/jar.png\">\n",
    ] {
        assert_eq!(
            told(&loaded(&format!("=== a.md\n{text}"))),
            ["a.md:0:0+0 G018 the page has nothing to search but its title"],
            "{text}"
        );
    }
    assert_eq!(told(&loaded("=== a.md\n")), ["a.md:0:0+0 G018 the file is empty"]);
    assert_eq!(told(&loaded("=== a.md\n---\ntitle: A\ndescription: A jar.\n---\n")), [""; 0]);
}

#[test]
fn times_and_levels_that_cannot_be_are_told_and_estimated() {
    page("time: 0\n", &["3:7+1 G008 '0' is no time to learn anything in; it is estimated"]);
    page("time: 99999\n", &["3:7+5 G008 '99999' would be 69 days; the time is estimated"]);
    page("time: half an hour\n", &["3:7+12 G008 'half an hour' is no time; write minutes, `25m`, `1h30m` or `PT25M`"]);
    page("level: 2\n", &["3:8+1 G034 '2' is taken for the level `intermediate`"]);
    page(
        "level: [advanced, beginner]\n",
        &["3:8+1 G034 a page has one level; the first of these is taken, `advanced`"],
    );
    page(
        "level: begginer\n",
        &["3:8+8 G008 'begginer' is none of beginner, intermediate, advanced (did you mean `beginner`?)"],
    );
    let found = loaded("=== a.md\n---\ntitle: A\ntime: 0\n---\nText.\n");
    let (_, page) = found.corpus.pages().next().unwrap();
    assert!(page.estimated && page.minutes == 1);
}

#[test]
fn two_pages_at_one_place_of_a_series_are_both_told() {
    let part = |title: &str| format!("---\ntitle: {title}\nseries: bread\norder: 2\n---\nText.\n");
    let found = loaded(&format!("=== a.md\n{}=== b.md\n{}", part("A"), part("B")));
    assert_eq!(
        told(&found),
        ["b.md:4:8+1 G035 another page of the series 'bread' has the place 2, too [a.md:4:8 the other one]"]
    );
    assert_eq!(told(&loaded(&format!("=== en/a.md\n{}=== de/b.md\n{}", part("A"), part("B")))), [""; 0]);
}

#[test]
fn an_id_that_is_changed_is_told() {
    page(
        "id: with/slash and blank\n",
        &["3:5+20 G008 an id is one segment of a path without blanks; this one is `with~slash-and-blank`"],
    );
    page("id: guide:fine\n", &[]);
}

#[test]
fn code_and_headings_that_lead_astray_are_told() {
    let found = loaded("=== a.md\n# One\n\nText.\n\n#### Four\n\nText.\n\n# Two\n\nText.\n\n```\nopen\n\n## Lost\n");
    assert_eq!(
        told(&found),
        [
            "a.md:5:1+0 G037 this heading stands more than one level below the one above it",
            "a.md:9:1+0 G037 this is a second heading of level 1",
            "a.md:13:1+0 G036 this code is not closed; the rest of the page is code (close it with the same fence on a line of its own)",
        ]
    );
    assert_eq!(told(&loaded("=== a.md\n# A\n\n````md\n```\n````\n\n~~~\n```\n~~~\n\nText.\n")), [""; 0]);
}

#[test]
fn a_broken_field_costs_that_field_alone() {
    let found = loaded("=== a.md\n---\ntitle: Sourdough: the basics\ntags: [bread]\nlevel: beginner\n---\nText.\n");
    let (_, page) = found.corpus.pages().next().unwrap();
    assert_eq!((page.tags.len(), page.level.is_some()), (1, true));
    assert_eq!(
        told(&found)[1],
        "a.md:2:8+21 G001 `title` cannot be read: its text holds `: `, which begins another field (put the value in quotes)"
    );
    assert_eq!(&*found.diagnostics[1].fixes[0].replacement, "\"Sourdough: the basics\"");
}

#[test]
fn scalars_stay_as_they_were_typed() {
    let yaml = "---\ntitle: 1.10\ntags: [3.10, 010, 0x1F, 1e3, no, Null]\nid: 007\nlang: no\naliases: [3.0]\n---\n";
    let toml = "+++\ntitle = 1.10\ntags = [3.10, 0o10, 0x1F, 1e3, false]\nid = \"007\"\nlang = \"no\"\n+++\n";
    let json = "{\"title\": 1.10, \"tags\": [3.10, 1e3], \"id\": \"007\", \"lang\": \"no\"}\n";
    for (text, tags) in [(yaml, "3.10 010 0x1F 1e3 no Null"), (toml, "3.10 0o10 0x1F 1e3 false"), (json, "3.10 1e3")] {
        let found = loaded(&format!("=== a.md\n{text}Text.\n"));
        let (_, page) = found.corpus.pages().next().unwrap();
        assert_eq!(
            (&*page.title, &*page.slug, page.lang.as_deref(), page.tags.join(" ").as_str()),
            ("1.10", "007", Some("no"), tags)
        );
    }
}

#[test]
fn a_key_that_stands_twice_is_told_at_both_places_and_the_last_counts() {
    for (text, line) in [
        ("---\ntitle: One\ntitle: Two\n---\n", 3),
        ("---\nTitle: One\nlevel: easy\ntitle: Two\n---\n", 4),
        ("+++\ntitle = \"One\"\ntitle = \"Two\"\n+++\n", 3),
        ("{\"title\": \"One\",\n\"title\": \"Two\"}\n", 2),
    ] {
        let found = loaded(&format!("=== a.md\n{text}Text.\n"));
        let twice = &found.diagnostics[0];
        assert_eq!((twice.code, twice.position.line, twice.notes.len()), (Code::DuplicateField, line, 1), "{text}");
        assert_eq!(&*found.corpus.pages().next().unwrap().1.title, "Two");
    }
}

#[test]
fn references_are_told_under_the_name_that_the_author_wrote() {
    let found = loaded(
        "=== a.md\n---\ntitle: A\nprereqs:\n  - [starter, salt]\n---\nText.\n=== b.md\n---\ntitle: B\nRequires:\n  starter:\n    strength: required\n---\nText.\n=== c.md\n---\ntitle: C\nprerequisites:\n  - starter\n    - salt\n---\nText.\n",
    );
    assert_eq!(
        told(&found)[..2],
        [
            "a.md:4:5+1 G008 this entry of `prereqs` is a list of its own (write each as an item of its own)".to_owned(),
            "b.md:4:3+0 G008 `Requires` is a list, not a map (write each as an item of its own, such as `- concept: name`)".to_owned(),
        ]
    );
    assert!(
        told(&found)
            .iter()
            .any(|told| told.starts_with("c.md:4:5+7 G008 the line below this entry is indented as a part of it"))
    );
}

#[test]
fn questions_are_told_at_the_value_that_is_wrong() {
    let found = loaded(
        "=== a.md\n# A\n\nText.\n=== a.questions.yaml\n- {id: one, kind: quizz, prompt: Why?, choices: [a, b], answer: a}\n- id: two\n  kind: quiz\n prompt: Why?\n\
         - {id: three, prompt: Why?, choices: [salt, water], answer: slat}\n- {id: four, promt: Why?}\n- {id: five, prompt: Why?, choices: [a, a], answer: a}\n- {id: six, prompt: Why?}\n- {id: six, prompt: How?}\n",
    );
    assert_eq!(
        told(&found),
        [
            "a.questions.yaml:1:19+5 G016 'quizz' is neither quiz nor interview (did you mean `quiz`?)",
            "a.questions.yaml:4:2+12 G016 this line is indented by 1 space and belongs to nothing above it (indent it as the lines that it belongs to)",
            "a.questions.yaml:5:61+4 G016 the answer of a quiz question is none of its choices (did you mean `salt`?)",
            "a.questions.yaml:6:3+1 G016 a question without a prompt",
            "a.questions.yaml:6:14+5 G030 `promt` means nothing in an item of this list (did you mean `prompt`?)",
            "a.questions.yaml:7:37+1 G016 the choice 'a' stands twice",
            "a.questions.yaml:9:8+3 G017 another question is called 'six'; this one is left out [a.questions.yaml:8:8 the other one]",
        ]
    );
}

#[test]
fn every_finding_in_the_settings_is_told_beside_the_others() {
    let found = loaded(
        "=== gradus.toml\n[site]\nbaseurl = \"x\"\nbase_url = \"docs.example.org\"\nlang = \"klingon\"\nanchors = \"word\"\n\n[feilds]\nx = 1\n\n[fields]\nprerequisits = \"needs\"\n\n[diagnostics]\nG999 = \"off\"\nG002 = \"fatal\"\n\
         === a.md\n# A\n\nSee [[nowhere]].\n",
    );
    let told = told(&found);
    let places: Vec<&str> = told.iter().filter_map(|told| told.split(' ').next()).collect();
    assert_eq!(
        places,
        [
            "a.md:3:5+11",
            "gradus.toml:2:1+7",
            "gradus.toml:3:12+18",
            "gradus.toml:4:8+9",
            "gradus.toml:5:11+6",
            "gradus.toml:7:2+6",
            "gradus.toml:11:1+12",
            "gradus.toml:14:1+4",
            "gradus.toml:15:8+7",
        ],
        "{told:#?}"
    );
}

#[test]
fn pages_are_withheld_by_the_day_that_they_are_loaded_on() {
    let text = "=== a.md\n---\ntitle: A\npublishDate: 2026-06-01\nexpiryDate: 2026-09-01\n---\nText.\n";
    let on = |now| {
        let input =
            Input::Memory(vec![("a.md".to_owned(), Cow::Owned(text.split_once('\n').unwrap().1.as_bytes().to_vec()))]);
        load_on(Terms { now, ..TERMS }, &input, &mut |_| {}).unwrap().corpus.n_pages()
    };
    assert_eq!([NOW, NOW + 200 * 86_400, NOW + 300 * 86_400].map(on), [0, 1, 0]);
    let found = loaded("=== a.md\n---\ntitle: A\nsearch: {exclude: true}\n---\nText.\n");
    assert!(!found.corpus.pages().next().unwrap().1.is_searchable);
    assert_eq!(
        told(&found),
        ["a.md:3:10+7 G027 `search.exclude: true`: no search finds the page, which is shown at its address"]
    );
}

#[test]
fn what_is_read_and_told_is_bounded() {
    let rows: String = (0..3_000).map(|_| "[1]\n").collect();
    let found = loaded(&format!("=== a.jsonl\n{rows}"));
    assert_eq!(found.diagnostics.len(), 2_001);
    assert!(told(&found)[2_000].contains("1000 more problems of the kind G015 are not told"));
    let page = |path: &str| (path.to_owned(), Cow::Owned(format!("# {path}\n\nText.\n").into_bytes()));
    let input = Input::Memory(vec![page("a.md"), page("b.md"), page("c.md")]);
    let found = load_on(Terms { text_bytes: 32, ..TERMS }, &input, &mut |_| {}).unwrap();
    assert_eq!(found.corpus.n_pages(), 2);
    assert!(told(&found)[0].starts_with("c.md:0:0+0 G038 the content is larger than what is read"));
}
