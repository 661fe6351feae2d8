//! Cards: whatever is shown of a page among others tells what it is, how long it takes and whether the viewer can open it.

use serde_json::{Value, json};

use crate::client::{Client, SECRET};
use crate::tokens::sign;

/// Alpha, beta and gamma, one on top of the other. A paid guide teaches all of them in few minutes, free ones the first two.
const FILES: &[(&str, &str)] = &[
    (
        "concepts/alpha.md",
        "---\ntitle: Alpha\naka: [first letter]\ndescription: The first.\ncategory: Letters\nlevel: beginner\ntime: 9\n---\n",
    ),
    ("concepts/beta.md", "---\ntitle: Beta\ndescription: The second.\ntime: 9\nprerequisites: [alpha]\n---\n"),
    (
        "concepts/gamma.md",
        "---\ntitle: Gamma\ndescription: The third.\ntime: 9\nprerequisites:\n  - {concept: beta, reason: it is next}\n---\n",
    ),
    ("concepts/delta.md", "---\ntitle: Delta\ndescription: The fourth.\ntime: 7\nprerequisites: [gamma, alpha]\n---\n"),
    (
        "guides/paid.md",
        "---\ntitle: All letters\ndescription: The short way.\naccess: pro\ntime: 6\nteaches: [alpha, beta, gamma]\n---\nShown.\n\
         <!-- more -->\nOf Alpha, Beta and Gamma.\n",
    ),
    (
        "guides/slow.md",
        "---\ntitle: Slowly\ndescription: The long way.\ntime: 40\nteaches: [alpha, beta]\n---\n\n## One\n\nAlpha is the first of \
         all. Alpha again.\n\n## Two\n\nBeta is the second. Beta again, and so on.\n",
    ),
];

fn pro(files: &[(&str, &str)]) -> Client {
    Client::files(files).with_token(&sign(SECRET, 4_000_000_000, &["pro"]))
}

/// The steps of a plan as `concepts, minutes, guide#section, needs`, with `!` where they are locked.
fn steps(plan: &Value) -> Vec<String> {
    let step = |step: &Value| {
        let concepts: Vec<&str> =
            step["concepts"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
        let lock = if step["locked"] == true { "!" } else { "" };
        let guide = step["guide"]["title"].as_str().unwrap_or("itself");
        let section = step["section"]["title"].as_str().map(|title| format!("#{title}")).unwrap_or_default();
        format!("{}, {} min, {guide}{section}{lock}, needs {}", concepts.join(" "), step["minutes"], step["needs"])
    };
    plan["steps"].as_array().unwrap().iter().map(step).collect()
}

#[tokio::test]
async fn whatever_is_shown_as_a_card_tells_the_same() {
    let client = Client::files(FILES);
    for (path, place) in [
        ("/v1/search?q=alpha", "/items/0"),
        ("/v1/search?q=alpha", "/answer"),
        ("/v1/search?q=beta", "/answer/prerequisites/items/0"),
        ("/v1/search?q=beta", "/answer/unlocks/items/0"),
        ("/v1/concepts", "/items/0"),
        ("/v1/guides", "/items/0"),
        ("/v1/guides/slow/related", "/items/0"),
        ("/v1/concepts/alpha/related", "/items/0"),
        ("/v1/next", "/items/0"),
        ("/v1/next", "/items/0/guide"),
        ("/v1/path?from=alpha&to=gamma", "/paths/0/items/1"),
        ("/v1/plan?target=gamma", "/targets/0"),
        ("/v1/plan?target=gamma", "/steps/0/guide"),
        ("/v1/plan?target=gamma", "/steps/0/concepts/0"),
        ("/v1/plan?target=delta", "/gaps/0/concept"),
        ("/v1/concepts/alpha", ""),
        ("/v1/concepts/alpha", "/taught_by/0"),
        ("/v1/concepts/beta", "/prerequisites/0"),
        ("/v1/concepts/beta", "/unlocks/0"),
        ("/v1/guides/slow", ""),
        ("/v1/guides/slow", "/teaches/0"),
        ("/v1/pages/slow", ""),
        ("/v1/graph?center=alpha", "/nodes/0"),
        ("/v1/concepts/beta/prerequisites", "/target"),
    ] {
        let answer = client.get(path).await.json();
        let card = answer.pointer(place).unwrap_or_else(|| panic!("{path} has nothing at {place}: {answer}"));
        for name in ["id", "kind", "title", "url", "description", "category", "level", "minutes", "access", "locked"] {
            assert!(card.get(name).is_some(), "{path}{place} has no {name}: {card}");
        }
        assert!(card["description"].is_string() && card["locked"].is_boolean(), "{path}{place}: {card}");
    }
    let section = client.get("/v1/concepts/alpha").await.json()["taught_by"][1]["section"].clone();
    assert_eq!((&section["access"], &section["locked"]), (&json!("free"), &json!(false)));
}

#[tokio::test]
async fn a_plan_leads_through_what_the_viewer_can_open_and_tells_what_is_locked() {
    let anonymous = Client::files(FILES).get("/v1/plan?target=delta").await.json();
    assert_eq!(
        steps(&anonymous),
        [
            "Alpha Beta, 40 min, Slowly, needs []",
            "Gamma, 6 min, All letters!, needs [1]",
            "Delta, 7 min, itself, needs [2]",
        ]
    );
    assert_eq!(
        (&anonymous["minutes_total"], &anonymous["minutes_free"], &anonymous["minutes_locked"]),
        (&json!(53), &json!(47), &json!(6))
    );
    let gamma = &anonymous["steps"][1];
    assert_eq!((&gamma["access"], &gamma["minutes_locked"]), (&json!("pro"), &json!(6)));
    assert_eq!(
        (&anonymous["steps"][0]["needed_by"], &anonymous["steps"][0]["reason"]),
        (&json!([2]), &json!("it is next"))
    );
    let entitled = pro(FILES).get("/v1/plan?target=delta").await.json();
    assert_eq!(steps(&entitled), ["Alpha Beta Gamma, 6 min, All letters, needs []", "Delta, 7 min, itself, needs [1]"]);
    assert_eq!((&entitled["minutes_locked"], &entitled["steps"][0]["access"]), (&json!(0), &json!("pro")));
}

#[tokio::test]
async fn a_plan_is_as_thorough_as_is_wanted() {
    let client = Client::files(FILES);
    let quick = client.get("/v1/plan?target=alpha").await.json();
    assert_eq!(quick, client.get("/v1/plan?target=alpha&depth=Quick").await.json());
    assert_eq!(steps(&quick), ["Alpha, 20 min, Slowly#One, needs []"]);
    let solid = client.get("/v1/plan?target=alpha&depth=solid").await.json();
    assert_eq!(steps(&solid), ["Alpha, 40 min, Slowly, needs []"]);
    let wrong = client.get("/v1/plan?target=alpha&depth=deep").await.json();
    assert_eq!(wrong["detail"], "`depth`: 'deep' is none of quick, solid");
}

#[tokio::test]
async fn one_clock_tells_what_learning_takes() {
    for client in [Client::files(FILES), pro(FILES), Client::curriculum()] {
        let targets = client.get("/v1/concepts?limit=100").await.json();
        for target in targets["items"].as_array().unwrap().iter().take(12) {
            let id = target["id"].as_str().unwrap();
            let needs = client.get(&format!("/v1/concepts/{id}/prerequisites")).await.json();
            let ids: Vec<&str> =
                needs["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
            let plan = match &ids[..] {
                [] => json!({ "minutes_total": 0, "minutes_locked": 0 }),
                ids => client.get(&format!("/v1/plan?target={}", ids.join(","))).await.json(),
            };
            assert_eq!(needs["minutes_total"], plan["minutes_total"], "{id}");
            assert_eq!(needs["minutes_locked"], plan["minutes_locked"], "{id}");
            let known = ids.join(",");
            let alone = client.get(&format!("/v1/plan?target={id}&known={known}")).await.json();
            assert_eq!(needs["target"]["minutes"], alone["minutes_total"], "{id}");
            let next = client.get(&format!("/v1/next?goal={id}&known={known}")).await.json();
            assert_eq!(next["items"][0]["minutes"], alone["minutes_total"], "{id}");
            assert_eq!(next["items"][0]["locked"], alone["steps"][0]["locked"], "{id}");
        }
    }
}

#[tokio::test]
async fn next_and_paths_prefer_what_can_be_opened_and_tell_what_is_locked() {
    let files = [
        ("concepts/a.md", "---\ntitle: A\n---\n"),
        ("concepts/b.md", "---\ntitle: B\nprerequisites: [a]\n---\n"),
        ("concepts/c.md", "---\ntitle: C\nprerequisites: [a]\n---\n"),
        ("concepts/z.md", "---\ntitle: Z\n---\n"),
        ("guides/p.md", "---\ntitle: P\naccess: pro\nteaches: [a]\n---\nShown.\n<!-- more -->\nA.\n"),
        ("guides/q.md", "---\ntitle: Q\naccess: pro\ntime: 1\n---\nShown.\n<!-- more -->\nMore.\n"),
        ("guides/r.md", "---\ntitle: R\ntime: 50\n---\nText.\n"),
        ("guides/s.md", "---\ntitle: S\ntime: 5\nprerequisites: [guide:q, guide:r]\n---\nText.\n"),
    ];
    let told = |answer: &Value| -> Vec<String> {
        let items = answer["items"].as_array().unwrap().iter();
        items.map(|one| format!("{} {} {}", one["title"], one["access"], one["locked"]).replace('"', "")).collect()
    };
    let next = Client::files(&files).get("/v1/next").await.json();
    assert_eq!(told(&next), ["Z free false", "A pro true"]);
    assert_eq!(told(&pro(&files).get("/v1/next").await.json()), ["A pro false", "Z free false"]);
    let path = Client::files(&files).get("/v1/path?from=guide:q&to=guide:s").await.json();
    assert_eq!(told(&path["paths"][0]), ["Q pro true", "S free false"]);
    assert_eq!(path["paths"][0]["minutes_locked"], 0, "the first is where one stands");
}

#[tokio::test]
async fn snippets_say_whether_they_are_cut() {
    let words = "lorem ".repeat(60);
    let text = format!("---\ntitle: Long\n---\n{words} needle {words}\n");
    let client = Client::files(&[("long.md", &text), ("short.md", "---\ntitle: Short\n---\nA needle here.\n")]);
    let found = client.get("/v1/search?q=needle").await.json();
    let cuts = |title: &str| {
        let hit = found["items"].as_array().unwrap().iter().find(|one| one["title"] == title).unwrap();
        let snippet = &hit["sections"][0]["snippet"];
        (snippet["cut_start"].as_bool().unwrap(), snippet["cut_end"].as_bool().unwrap())
    };
    assert_eq!((cuts("Long"), cuts("Short")), ((true, true), (false, false)), "{found}");
}

#[tokio::test]
async fn a_search_that_names_a_concept_answers_at_once() {
    let client = Client::files(FILES);
    let found = client.get("/v1/search?q=what+is+gamma%3F").await.json();
    let answer = &found["answer"];
    assert_eq!((&answer["id"], &answer["description"]), (&json!("concept:gamma"), &json!("The third.")), "{found}");
    assert_eq!((&answer["guide"]["id"], &answer["locked"]), (&json!("guide:paid"), &json!(true)));
    let needs = &answer["prerequisites"];
    assert_eq!(
        (&needs["items"][0]["id"], &needs["total"], &needs["minutes"]),
        (&json!("concept:beta"), &json!(2), &json!(40))
    );
    assert_eq!(
        (&answer["unlocks"]["items"][0]["id"], &answer["unlocks"]["total"]),
        (&json!("concept:delta"), &json!(1))
    );
    let alpha = client.get("/v1/search?q=first+letter").await.json()["answer"].clone();
    assert_eq!((&alpha["id"], &alpha["section"]["id"]), (&json!("concept:alpha"), &json!("slow#one")));
    assert_eq!(
        alpha["prerequisites"],
        json!({ "items": [], "total": 0, "minutes": 0, "minutes_locked": 0, "truncated": false })
    );
    for none in ["alp", "alpha+beta", "letters+of+the+alphabet", "gamma&kind=guide", "alpha&limit=1&cursor="] {
        let mut path = format!("/v1/search?q={none}");
        if none.ends_with("cursor=") {
            let first = client.get("/v1/search?q=alpha&limit=1").await.json();
            path.push_str(first["next_cursor"].as_str().unwrap());
        }
        assert_eq!(client.get(&path).await.json()["answer"], Value::Null, "{none}");
    }
}
