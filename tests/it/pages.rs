//! Pages: every address leads to one, each is sound, and none shows what its reader may not see.

use axum::http::Method;
use gradus_engine::viewer::Viewer;

use crate::client::{Answer, Client, SECRET, curriculum_snapshot};
use crate::tokens::sign;

/// What a browser says that it takes.
const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

async fn visit(client: &Client, path: &str) -> Answer {
    client.get_with(path, &[BROWSER]).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// A page of each kind of the curriculum.
const PAGES: [&str; 15] = [
    "/",
    "/search",
    "/search?q=kv+cache&kind=concept",
    "/search?q=zzzzqqqq",
    "/concepts/pagedattention",
    "/concepts/matrix-multiplication",
    "/guides/llm-serving-at-scale",
    "/guides/llm-fundamentals?a.x=1",
    "/path",
    "/path?target=pagedattention",
    "/path?target=grpo&known=softmax&budget=30",
    "/map",
    "/map?sort=title",
    "/docs",
    "/docs/search",
];

#[tokio::test]
async fn links_within_a_page_lead_to_its_title_and_to_what_its_author_has_marked() {
    let guide = "# Top {#top-x}\n\n[up](#top-x) [here](#x) [old](#y)\n\n## More\n\nA <span id=\"x\" class=\"z\">place</span>, \
                 <a name=\"y\"></a>another.\n\n## Top\n\nAgain.\n";
    let concept = "---\nkind: concept\n---\n# Idea {#idea-x}\n\nText.\n\n## History {#past}\n\nMore.\n";
    let files = [(".vitepress/config.ts", "export default {title: 'T'}"), ("top.md", guide), ("idea.md", concept)];
    let client = Client::files(&files);
    let page = visit(&client, "/guides/top").await.text();
    for part in [
        "<h1 class=\"h1c\" id=\"top-x\">",
        "<span id=\"x\">place</span>",
        "<a id=\"y\"></a>",
        "<div class=\"prose\" id=\"top\">",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = visit(&client, "/concepts/idea").await.text();
    assert!(page.contains(" id=\"idea-x\">Idea</h1>") && page.contains("<h2 id=\"past\">History</h2>"), "{page}");
}

#[tokio::test]
async fn every_address_that_answers_hand_out_is_a_page() {
    let (client, snapshot) = (Client::curriculum(), curriculum_snapshot());
    let mut n_pages = 0;
    for (_, page) in snapshot.view(Viewer::Anonymous).corpus.pages() {
        let answer = visit(&client, &page.url).await;
        assert_eq!(answer.status, 200, "{}: {}", page.url, answer.text());
        let title = page.title.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;");
        assert!(answer.text().contains(&format!("{title}</h1>")), "{} has no title {title}", page.url);
        n_pages += 1;
    }
    assert!(n_pages > 200, "only {n_pages} pages were visited");
}

#[tokio::test]
async fn a_page_is_small_and_loads_nothing_that_is_not_ours() {
    let client = Client::curriculum();
    for path in PAGES {
        let answer = visit(&client, path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert!(
            header(&answer, "content-security-policy").starts_with("default-src 'none'; style-src 'self'"),
            "{path}"
        );
        let html = answer.text();
        assert!(html.len() <= 100_000, "{path} has {} bytes", html.len());
        for inline in [" style=", "<style", " onclick=", "javascript:", "<script>"] {
            assert!(!html.contains(inline), "{path} holds {inline}");
        }
        let loaded =
            html.split(['<']).filter(|tag| tag.starts_with("script") || tag.starts_with("link rel=\"stylesheet\""));
        for tag in loaded {
            assert!(tag.contains("=\"/"), "{path} loads <{tag}");
        }
    }
}

#[tokio::test]
async fn what_pages_load_fits_its_budget() {
    let client = Client::curriculum();
    let home = visit(&client, "/").await.text();
    let address = |name: &str| {
        let (start, end) = (home.find(&format!("/assets/{name}")).unwrap(), '"');
        home[start..].split(end).next().unwrap().to_owned()
    };
    let module = client.get_with("/embed.js", &[("accept-encoding", "gzip")]).await;
    assert!(module.body.len() <= 15_000, "embed.js has {} bytes", module.body.len());
    let budgets = [("gradus.css", 10_000), ("page.js", 5_000)];
    for (name, max) in budgets {
        let answer = client.get_with(&address(name), &[("accept-encoding", "gzip")]).await;
        assert_eq!((answer.status, header(&answer, "content-encoding")), (200, "gzip"), "{name}");
        assert!(answer.body.len() <= max, "{name} has {} bytes", answer.body.len());
        assert!(header(&answer, "cache-control").contains("immutable"), "{name}");
    }
    let mut fonts = 0;
    for name in ["sans.woff2", "serif.woff2"] {
        let answer = client.get(&format!("/assets/{name}")).await;
        assert_eq!((answer.status, header(&answer, "content-type")), (200, "font/woff2"));
        fonts += answer.body.len();
    }
    assert!(fonts <= 80_000, "fonts have {fonts} bytes");
}

#[tokio::test]
async fn a_page_that_a_browser_has_is_not_made_again() {
    let client = Client::curriculum();
    let page = visit(&client, "/concepts/kv-cache").await;
    let data = client.get("/v1/concepts/kv-cache").await;
    let etag = header(&page, "etag");
    assert!(etag.contains("html") && etag != header(&data, "etag"), "{etag}");
    assert!(header(&page, "vary").contains("Accept, Authorization"), "{}", header(&page, "vary"));
    let again = client.get_with("/concepts/kv-cache", &[BROWSER, ("if-none-match", etag)]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let known = visit(&client, "/path?target=kv-cache&known=softmax").await;
    assert!(header(&known, "cache-control").starts_with("private"), "{}", header(&known, "cache-control"));
}

#[tokio::test]
async fn what_is_wrong_is_a_page_for_browsers_and_a_problem_for_programs() {
    let client = Client::curriculum();
    for path in ["/concepts/paged-atention", "/guides/nothing-of-this-name", "/nowhere", "/assets/none.css"] {
        let shown = visit(&client, path).await;
        assert_eq!(shown.status, 404, "{path}");
        let told = client.get(path).await;
        assert_eq!((told.status, header(&told, "content-type")), (404, "application/problem+json"), "{path}");
        if path != "/assets/none.css" {
            assert!(shown.text().contains("<h1>"), "{path}: {}", shown.text());
            assert!(header(&shown, "vary").contains("Accept"), "{path}");
        }
    }
    let near = visit(&client, "/concepts/paged-atention").await.text();
    assert!(near.contains("<a href=\"/concepts/pagedattention\">PagedAttention</a>"), "{near}");
    let data = visit(&client, "/v1/concepts/nothing").await;
    assert_eq!(header(&data, "content-type"), "application/problem+json");
    let posted = client.request(Method::POST, "/concepts/kv-cache", &[BROWSER], "").await;
    assert_eq!(posted.status, 405);
}

#[tokio::test]
async fn another_name_leads_to_the_page() {
    let client = Client::curriculum();
    for (asked, page) in [
        ("/concepts/paged%20attention", "/concepts/pagedattention"),
        ("/concepts/GRPO", "/concepts/grpo"),
        ("/guides/LLM%20Fundamentals", "/guides/llm-fundamentals"),
    ] {
        let answer = visit(&client, asked).await;
        assert_eq!((answer.status, header(&answer, "location")), (308, page), "{asked}");
    }
}

#[tokio::test]
async fn the_addresses_of_a_foreign_site_lead_to_its_pages_here() {
    let files = [
        ("gradus.toml", "[site]\nbase_url = \"https://docs.example.org\"\n"),
        ("docs/a/b~c.md", "---\ntitle: Deep page\n---\n\n# Deep page\n\nText.\n"),
    ];
    let client = Client::files(&files);
    let listed = client.get("/v1/guides").await.json();
    let (id, url) = (listed["items"][0]["id"].as_str().unwrap(), listed["items"][0]["url"].as_str().unwrap());
    let path = url.strip_prefix("https://docs.example.org").unwrap();
    let answer = visit(&client, path).await;
    let slug = id.strip_prefix("guide:").unwrap();
    assert!(slug.contains('~'), "{slug}");
    assert_eq!((answer.status, header(&answer, "location")), (307, format!("/guides/{slug}").as_str()), "{path}");
    let page = visit(&client, &format!("/guides/{slug}")).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(&format!("href=\"{url}\">Read it on docs.example.org</a>")), "{}", page.text());
}

/// Addresses at which something of the locked fixture could be shown.
fn locked_addresses() -> Vec<String> {
    let slugs = ["secret", "bare", "free", "alpha", "beta", "gamma", "zqxlinktext", "nothing"];
    let of_slugs = slugs.iter().flat_map(|slug| {
        [
            format!("/concepts/{slug}"),
            format!("/guides/{slug}"),
            format!("/guides/{slug}?a.quiz-one=0&a.interview-one=0"),
            format!("/path?target={slug}"),
            format!("/path.md?target={slug}"),
            format!("/path.md?target=guide:{slug}"),
            format!("/path?target=guide:{slug}&include=recommended"),
            format!("/path?target=alpha&known={slug}&budget=1"),
            format!("/{slug}"),
        ]
    });
    let queries = ["hidden", "words+about+gamma", "%22hidden+words%22", "zq", "zqxlocked", "paid", "-x", ""];
    let searches = queries.iter().map(|q| format!("/search?q={q}"));
    let others = ["/", "/map", "/docs", "/docs/search", "/docs/plan", "/path", "/live", "/embed.js", "/nothing"]
        .map(str::to_owned);
    of_slugs.chain(searches).chain(others).collect()
}

#[tokio::test]
async fn no_page_shows_an_anonymous_reader_locked_text() {
    let client = Client::fixture("locked");
    let mut n_shown = 0;
    for path in locked_addresses() {
        let answer = visit(&client, &path).await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
        // What a reader has typed is shown to that reader again.
        let typed = path.contains("zq");
        let told = format!("{:?} {}", answer.headers, answer.text());
        assert!(typed || !told.contains("zqx"), "{path} told: {told}");
        assert!(!told.replace("zqxlocked", "").replace("zqxlinktext", "").contains("zqx"), "{path} told: {told}");
        n_shown += usize::from(answer.status == 200);
    }
    assert!(n_shown > 30, "only {n_shown} pages were shown");
}

#[tokio::test]
async fn a_locked_guide_shows_its_preview_and_an_entitled_reader_all_of_it() {
    let client = Client::fixture("locked");
    let shown = visit(&client, "/guides/secret").await;
    let html = shown.text();
    for part in ["Shown words.", "Locked heading", "The rest is for Pro readers", "Which one is asked?"] {
        assert!(html.contains(part), "no {part} in {html}");
    }
    assert!(header(&shown, "cache-control").starts_with("public"));
    let entitled = client.with_token(&sign(SECRET, 4_000_000_000, &["pro"]));
    let shown = visit(&entitled, "/guides/secret?a.quiz-one=1").await;
    for part in ["More zqxlocked words", "zqxblock", "zqxwrong choice", "zqxexplanation", "zqxmodel answer"] {
        assert!(shown.text().contains(part), "no {part} in {}", shown.text());
    }
    assert!(shown.text().contains("<a href=\"/concepts/alpha\">Alpha thing</a>"), "the wrong answer names no concept");
    assert!(header(&shown, "cache-control").starts_with("private"));
    assert_ne!(header(&shown, "etag"), "");
}

/// A site whose readers are known by a cookie.
fn site_with_cookie() -> Client {
    let guide = "---\ntitle: Paid\naccess: pro\n---\n\nShown.\n\n<!-- more -->\n\nzqxhidden\n";
    let settings =
        "[site]\ntoken_cookie = \"session\"\nlogin_url = \"/login\"\nupgrade_url = \"https://example.org/pro\"\n";
    Client::files(&[("gradus.toml", settings), ("paid.md", guide)])
}

#[tokio::test]
async fn a_cookie_says_who_reads_where_the_site_names_one() {
    let client = site_with_cookie();
    let cookie = format!("theme=dark; session={}", sign(SECRET, 4_000_000_000, &["pro"]));
    let own = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), BROWSER];
    for path in ["/guides/paid", "/v1/guides/paid"] {
        let answer = client.get_with(path, &own).await;
        assert!(answer.text().contains("zqxhidden"), "{path}: {}", answer.text());
        assert!(header(&answer, "cache-control").starts_with("private"), "{path}");
        assert!(header(&answer, "vary").contains("Cookie"), "{path}");
        let foreign =
            [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors"), BROWSER];
        let answer = client.get_with(path, &foreign).await;
        assert!(!answer.text().contains("zqxhidden"), "{path} told a foreign page");
        assert!(header(&answer, "cache-control").starts_with("private"), "{path}");
        let nobody = client.get_with(path, &[BROWSER]).await;
        assert!(header(&nobody, "cache-control").starts_with("public"), "{path}");
        assert!(header(&nobody, "vary").contains("Cookie"), "{path}");
    }
    let batch = r#"{"requests":["/v1/guides/paid"]}"#;
    let answer =
        client.request(Method::POST, "/v1/batch", &[("content-type", "application/json"), own[0]], batch).await;
    assert!(!answer.text().contains("zqxhidden"), "a POST counted a cookie");
    let page = visit(&client, "/guides/paid").await.text();
    assert!(page.contains("href=\"/login\"") && page.contains("href=\"https://example.org/pro\""), "{page}");
}

#[tokio::test]
async fn a_cookie_that_has_expired_is_told_and_never_downgraded() {
    let client = site_with_cookie();
    let cookie = format!("session={}", sign(SECRET, 1, &["pro"]));
    let answer = client.get_with("/guides/paid", &[("cookie", cookie.as_str()), BROWSER]).await;
    assert_eq!((answer.status, header(&answer, "cache-control")), (401, "no-store"));
    assert!(answer.text().contains("does not count any more"), "{}", answer.text());
    let plain = Client::fixture("locked").get_with("/guides/secret", &[("cookie", cookie.as_str()), BROWSER]).await;
    assert_eq!(plain.status, 200, "a cookie counts only where the site names it");
}

#[tokio::test]
async fn foreign_markup_does_nothing_on_a_page() {
    let text = "---\ntitle: \"<b>Bold</b> & 'brave'\"\ndescription: \"<script>alert(1)</script>\"\nsources:\n  - {title: Bad, url: \"javascript:alert(1)\"}\n---\n\n\
                <script>alert(2)</script><p style=\"x\" onclick=\"y\">Text <a href=\"javascript:alert(3)\">here</a></p>\n";
    let client = Client::files(&[("a.md", text)]);
    let html = visit(&client, "/guides/a").await.text();
    for bad in ["<b>Bold", "<script>alert", "style=\"x", "onclick", "javascript:"] {
        assert!(!html.contains(bad), "{bad} in {html}");
    }
    assert!(html.contains("Text"), "{html}");
}

#[tokio::test]
async fn empty_content_is_told_as_such() {
    let client = Client::files(&[("readme.txt", "no page")]);
    for path in ["/", "/search?q=x", "/map", "/path", "/path?target=x", "/docs"] {
        let answer = visit(&client, path).await;
        assert!(answer.status == 200 || path.contains("target"), "{path}: {}", answer.status);
        assert!(answer.text().contains("</html>"), "{path}");
    }
    assert!(visit(&client, "/").await.text().contains("Nothing is loaded"));
}

#[tokio::test]
async fn the_interface_speaks_the_language_of_the_content() {
    let files = |lang: &str| [("gradus.toml", format!("[site]\nlang = \"{lang}\"\n")), ("a.md", "# A\n".to_owned())];
    for (lang, attributes, word) in
        [("de-AT", "lang=\"de\" dir=\"ltr\"", "Zum Inhalt"), ("ar", "lang=\"en\" dir=\"rtl\"", "Skip to the content")]
    {
        let files = files(lang);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let html = visit(&Client::files(&files), "/guides/a").await.text();
        assert!(html.contains(attributes) && html.contains(word), "{lang}: {html}");
    }
}

#[tokio::test]
async fn every_step_of_a_plan_stands_on_its_page() {
    let client = Client::curriculum();
    let snapshot = curriculum_snapshot();
    let targets: Vec<String> = snapshot.view(Viewer::Anonymous).corpus.pages().map(|(_, page)| page.id()).collect();
    assert!(targets.len() > 200);
    for target in &targets {
        let plan = client.get(&format!("/v1/plan?target={target}")).await.json();
        let html = visit(&client, &format!("/path?target={target}")).await.text();
        for step in plan["steps"].as_array().unwrap() {
            let n = step["n"].as_u64().unwrap();
            assert!(html.contains(&format!("id=\"step-{n}\"")), "{target}: no step {n}");
            for concept in step["concepts"].as_array().unwrap() {
                let slug = concept["id"].as_str().unwrap().strip_prefix("concept:").unwrap();
                assert!(html.contains(&format!("href=\"/concepts/{slug}\"")), "{target}: no {slug}");
            }
        }
    }
    let over = visit(&client, "/path?target=grpo&budget=30").await.text();
    assert!(over.contains("these wait"), "{over}");
    let wrong = visit(&client, "/path?target=pagedatention").await;
    assert_eq!(wrong.status, 404);
    assert!(wrong.text().contains("aria-invalid=\"true\""));
    assert!(
        wrong.text().contains("href=\"/path?target=concept%3Apagedattention\">PagedAttention</a>"),
        "{}",
        wrong.text()
    );
}

#[tokio::test]
async fn a_plan_is_a_checklist_too_and_draws_its_steps() {
    let client = Client::curriculum();
    let list = client.get("/path.md?target=pagedattention").await;
    assert_eq!(header(&list, "content-type"), "text/markdown; charset=utf-8");
    let plan = client.get("/v1/plan?target=pagedattention").await.json();
    let steps = plan["steps"].as_array().unwrap();
    assert_eq!(list.text().matches("\n- [ ] ").count(), steps.len(), "{}", list.text());
    let page = visit(&client, "/path?target=pagedattention").await.text();
    assert_eq!(page.matches("class=\"disc\"").count(), steps.len());
    assert_eq!(client.get("/path.md?target=nothing-of-this-name").await.status, 404);
}

#[tokio::test]
async fn live_pages_hear_what_is_served() {
    let told = Client::fixture("locked").get("/live").await;
    assert_eq!(header(&told, "content-type"), "text/event-stream");
    assert!(told.text().starts_with("data: {\"generation\":\""), "{}", told.text());
}

#[tokio::test]
async fn the_state_of_the_content_is_for_operators() {
    let client = Client::files(&[("a.md", "---\ntitle: A\nprerequisites: [nothing-of-this-name]\n---\n\nText.\n")]);
    assert_eq!(visit(&client, "/health").await.status, 404);
    let shown = client.admin(Method::GET, "/health").await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert!(!shown.text().contains("href=\"/map\""), "the admin listener has no map");
    assert!(shown.text().contains("a.md:3") && shown.text().contains("nothing-of-this-name"), "{}", shown.text());
}

#[tokio::test]
async fn every_page_is_read_as_markdown_by_its_ending_and_by_what_is_accepted() {
    let client = Client::curriculum();
    for (path, start) in [("/concepts/kv-cache", "# KV cache\n"), ("/guides/rag-architecture", "# ")] {
        let page = client.get(path).await;
        let link = format!("<{path}.md>; rel=\"alternate\"; type=\"text/markdown\"");
        assert_eq!(page.headers["link"], link.as_str());
        assert!(page.text().contains(&format!("<link rel=\"alternate\" type=\"text/markdown\" href=\"{path}.md\">")));
        let by_ending = client.get(&format!("{path}.md")).await;
        let accepted = client.get_with(path, &[("accept", "text/markdown, text/html;q=0.9")]).await;
        assert_eq!(by_ending.headers["content-type"], "text/markdown; charset=utf-8");
        assert_eq!(by_ending.headers["link"], format!("<{path}>; rel=\"canonical\"").as_str());
        assert!(by_ending.text().starts_with(start), "{}", by_ending.text());
        assert_eq!(by_ending.body, accepted.body);
        assert!(accepted.headers["vary"].to_str().unwrap().contains("Accept"));
        assert_ne!(accepted.headers["etag"], page.headers["etag"], "one address, two forms");
    }
    let by_name = client.get("/concepts/KV%20cache.md").await;
    assert_eq!((by_name.status, by_name.headers["location"].to_str().unwrap()), (308, "/concepts/kv-cache.md"));
    assert_eq!(client.get("/concepts/kv-cahce.md").await.status, 404);
    let named = Client::files(&[("guides/a.md", "---\nid: notes.md\n---\nText.\n")]);
    assert!(named.get("/guides/notes.md").await.text().starts_with("<!doctype html>"));
    assert!(named.get("/guides/notes.md.md").await.text().starts_with("# "));
}

#[tokio::test]
async fn language_models_are_told_what_there_is_with_what_is_needed_first() {
    let client = Client::curriculum();
    let list = client.get_with("/llms.txt", &[("host", "learn.example.org")]).await;
    assert_eq!(list.headers["content-type"], "text/plain; charset=utf-8");
    let list = list.text();
    let mut lines = list.lines().filter(|line| !line.is_empty());
    assert!(lines.next().unwrap().starts_with("# ") && lines.next().unwrap().starts_with("> "), "{list}");
    let mut titles: Vec<&str> = lines.filter(|line| !line.starts_with("- [")).collect();
    assert_eq!(titles.split_off(0), ["## Guides", "## Concepts"]);
    let place = |slug: &str| list.find(&format!("](http://learn.example.org/concepts/{slug}.md): ")).unwrap();
    assert!(place("attention") < place("kv-cache") && place("kv-cache") < place("pagedattention"));
    let accepted = client.get_with("/", &[("accept", "text/markdown"), ("host", "learn.example.org")]).await;
    assert_eq!(
        (accepted.text(), accepted.headers["content-type"].to_str().unwrap()),
        (list, "text/markdown; charset=utf-8")
    );
    let full = client.get("/llms-full.txt").await.text();
    let page = client.get("/concepts/kv-cache.md").await.text();
    assert!(full.contains(&page), "every page stands there whole");
    let empty = Client::files(&[]);
    assert!(!empty.get("/llms.txt").await.text().contains("##"));
}

/// Two concepts of which nobody has declared that one needs the other, a third that stands alone, and a guide of each.
const SILENT: &[(&str, &str)] = &[
    ("concepts/softmax.md", "---\ntitle: Softmax function\n---\nTurns scores into shares that sum to one.\n"),
    (
        "concepts/attention.md",
        "---\ntitle: Attention\n---\nThe softmax function turns scores into weights, and values are averaged by them.\n",
    ),
    ("concepts/rope.md", "---\ntitle: Rotary embedding\n---\nTurns queries by their place.\n"),
    ("concepts/kv.md", "---\ntitle: KV cache\n---\nKeeps past keys for later tokens.\n"),
];

/// How pages quote what speaks for the prerequisite.
const QUOTE: &str = "</span> <q>The softmax function turns scores into weights";

#[tokio::test]
async fn what_nobody_has_declared_is_told_as_such_with_the_line_that_speaks_for_it() {
    let client = Client::files(SILENT);
    let concept = visit(&client, "/concepts/attention").await.text();
    assert!(concept.contains(QUOTE) && concept.contains("class=\"e inf\""), "{concept}");
    assert!(concept.contains("include=inferred"), "its plan goes by what its page shows: {concept}");
    let unlocks = visit(&client, "/concepts/softmax").await.text();
    assert!(unlocks.contains(QUOTE) && unlocks.contains("/concepts/attention"), "{unlocks}");
    for path in ["/", "/path"] {
        let page = visit(&client, path).await.text();
        assert!(page.contains("/path?target=concept%3Aattention&#38;include=inferred"), "{path}: {page}");
    }
    let plan = visit(&client, "/path?target=attention&include=inferred").await.text();
    assert_eq!(plan.matches("<li id=\"step-").count(), 2, "{plan}");
    assert!(plan.contains(QUOTE) && plan.contains("class=\"e inf\""), "{plan}");
    let told = client.get("/v1/plan?target=attention&include=inferred").await.json();
    assert_eq!(
        (&told["steps"][1]["needs"], &told["steps"][1]["needs_inferred"]),
        (&serde_json::json!([1]), &serde_json::json!([1]))
    );
    assert_eq!(told["steps"][0]["reason"], serde_json::Value::Null, "no author has said it");
    let list = client.get("/path.md?target=attention&include=inferred").await.text();
    assert!(list.contains("(inferred, ") && list.contains("The softmax function"), "{list}");
}

#[tokio::test]
async fn a_plan_goes_by_what_nobody_has_declared_only_where_it_is_asked_to() {
    let plain = visit(&Client::files(SILENT), "/path?target=attention").await.text();
    assert_eq!(plain.matches("<li id=\"step-").count(), 1, "{plain}");
    assert!(plain.contains("href=\"/path?target=attention&#38;include=inferred\""), "it offers to: {plain}");
    let with = |settings: &'static str| Client::files(&[SILENT, &[("gradus.toml", settings)]].concat());
    let off = with("[graph]\ninferred = \"off\"\n");
    for path in ["/", "/concepts/attention", "/path?target=attention", "/path"] {
        let page = visit(&off, path).await.text();
        assert!(!page.contains("inferred"), "{path}: {page}");
    }
    let on = visit(&with("[graph]\ninferred = \"on\"\n"), "/path?target=attention").await.text();
    assert!(on.contains(QUOTE) && !on.contains("name=\"include\""), "{on}");
    let declares = [("concepts/other.md", "---\nprerequisites: [kv]\n---\n")];
    let declared = Client::files(&[SILENT, &declares].concat());
    assert!(
        !visit(&declared, "/concepts/attention").await.text().contains(QUOTE),
        "its authors declare what comes before"
    );
}

#[tokio::test]
async fn a_site_without_concepts_says_no_word_of_them() {
    let files = [
        ("a/one.md", "# Flour\n\nMilled grain.\n"),
        ("a/two.md", "# Dough\n\nBefore you begin, read [Flour](one.md): dough is made of flour.\n"),
        ("b/three.md", "# Bread\n\nSee [Dough](../a/two.md).\n"),
    ];
    let client = Client::files(&files);
    for path in
        ["/", "/search", "/search?q=dough", "/map", "/path", "/path?target=dough&include=inferred", "/guides/a~two"]
    {
        let page = visit(&client, path).await.text();
        let page = page.replace("data-concept", "").to_lowercase();
        assert!(!page.contains("concept"), "{path}: {page}");
    }
    let map = visit(&client, "/map").await.text();
    assert!(map.contains("3 guides") && map.contains("id=\"topic:"), "{map}");
}
