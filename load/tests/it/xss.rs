//! No script by any door: what hostile authors write beside a reader of HTML that accepts little.

use std::borrow::Cow;

use gradus_load::{Input, Loaded, load};

use crate::given::loaded;
use crate::safe_html::{browsers_fault, fault};

/// Kinds of ways into a page; each is tried in a paragraph, a list item, a quote, a table, a heading and an admonition.
const VECTORS: &[&str] = &[
    // Elements that run.
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"javascript:alert(1)\"></object>",
    "<embed src=\"data:text/html,<script>alert(1)</script>\">",
    "<applet code=x></applet>",
    "<base href=\"//evil.example/\">",
    "<meta http-equiv=\"refresh\" content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<form action=\"javascript:alert(1)\"><input type=submit></form>",
    "<button formaction=\"javascript:alert(1)\">x</button>",
    "<isindex action=\"javascript:alert(1)\">",
    "<marquee onstart=alert(1)>x</marquee>",
    "<video><source onerror=\"alert(1)\"></video>",
    "<audio src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<portal src=\"javascript:alert(1)\"></portal>",
    // Handlers.
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror  =  \"alert(1)\">",
    "<img/src=x/onerror=alert(1)>",
    "<img src=\"x\"onerror=\"alert(1)\">",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<b onmouseover='alert(1)'>x</b>",
    "<b\tONCLICK=alert(1)>x</b>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p onclick=\"alert(1)\" title='x'>x</p>",
    "<a href=x autofocus onfocus=alert(1)>x</a>",
    "<td background=\"javascript:alert(1)\" onclick=alert(1)>x",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<x onclick=alert(1)>y</x>",
    "<a\u{a0}onclick=alert(1) href=x>y</a>",
    "<a href=\"x\" title=\"a>b\" onclick=\"alert(1)\">y</a>",
    "<a title=\"` onclick=alert(1) `\" href=x>y</a>",
    // Addresses.
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\" \u{1}javascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"java&#x0A;script:alert(1)\">x</a>",
    "<a href=\"&#106;&#97;&#118;&#97;script:alert(1)\">x</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61script&colon;alert(1)\">x</a>",
    "<a href=\"javascript&colon;alert&lpar;1&rpar;\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">x</a>",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](JAVASCRIPT:alert(1) \"t\")",
    "[x](javascript&#58;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    "![x\" onerror=\"alert(1)](y)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[x](y \"\\\" onclick=alert(1) x=\\\"\")",
    "<javascript:alert(1)>",
    "[[javascript:alert(1)]]",
    "[[x\" onclick=\"alert(1)|y]]",
    "![[javascript:alert(1)]]",
    // Other grammars that browsers switch to.
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml x=\"<img src=x onerror=alert(1)>\"?>",
    "<!DOCTYPE x [<!ENTITY y \"<img src=x onerror=alert(1)>\">]>",
    // What stands open, and what closes too much.
    "</p></div></section></main></body><img src=x onerror=alert(1)>",
    "<table><tr><td></table><img src=x onerror=alert(1)>",
    "<a href=\"x\"><a href=\"javascript:alert(1)\">y",
    "<b><i></b></i><p><p>",
    "<img src=\"x\" alt=\"",
    "<a href='x",
    // Machinery.
    "{onclick=alert(1)}",
    "{ #x onclick=alert(1) style=\"x\" autofocus }",
    "{#\"><script>alert(1)</script>}",
    "<Card title=\"<img src=x onerror=alert(1)>\" href=\"javascript:alert(1)\" />",
    "<Card title={`**x** <script>alert(1)</script>`} />",
    "<Link to=\"javascript:alert(1)\">x</Link>",
    "<Image src=\"javascript:alert(1)\" alt='\"><script>alert(1)</script>' />",
    "{{< figure src=\"javascript:alert(1)\" caption=\"<script>alert(1)</script>\" >}}",
    "{{< button href=\"javascript:alert(1)\" >}}x{{< /button >}}",
    "{{< tabs >}}{{%}} {{< highlight >}}{{<}} {%}",
    "[x]({{< ref \"javascript:alert(1)\" >}})",
    "!!! note \"<script>alert(1)</script>\"\n    x",
    ":::note <script>alert(1)</script>\nx\n:::",
    "> [!note] <img src=x onerror=alert(1)>",
    "```\"><script>alert(1)</script>\nx\n```",
    "```{note} <script>alert(1)</script>\nx\n```",
    "{{< highlight \"\\\"><script>alert(1)</script>\" >}}\nx\n{{< /highlight >}}",
    "{abbr}`<script>alert(1)</script>`",
    "==<script>alert(1)</script>==",
    "$$\n</code></pre><script>alert(1)</script>\n$$",
    "<pre></pre><script>alert(1)</script></pre>",
    "[^\"><script>]\n\n[^\"><script>]: x",
    "<a id='\"><script>alert(1)</script>'></a>",
    // Headings that stand open where other blocks begin and end.
    "<h1>x\n\n| a |\n|---|\n| b |",
    "a <main><h1>x\n| a |\n|---|\n| b |\n</main>",
    "- a <h2 id=x>b\n- c",
    "*a <h2 id=x>b* c</h2>",
    // What a browser's parser moves, nests or reads anew.
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg></p><style><a title=\"</style><img src onerror=alert(1)>\">",
    "<math><annotation-xml encoding=\"text/html\"><img src onerror=alert(1)></annotation-xml></math>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<select><option><style></option></select><img src=x onerror=alert(1)></style>",
    "<table><caption><p><td onclick=alert(1)>x</table>",
    "<noembed><img title=\"</noembed><img src=x onerror=alert(1)>\"></noembed>",
    "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
    "<image src=x onerror=alert(1)>",
    "<b id=x></b><a href=#x id=alert name=cookie>clobbers</a>",
    "<ruby><rt onmouseover=alert(1)>x</ruby>",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<slot onslotchange=alert(1)></slot>",
    "<input type=image src=x onerror=alert(1)>",
    "<body onpageshow=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' onload='alert(1)'/>#x\">",
    "<a href=\"feed:javascript:alert(1)\">x</a>",
    "<a href=\"view-source:javascript:alert(1)\">x</a>",
    "<a href=\"jar:javascript:alert(1)!/\">x</a>",
    "<a href=\"blob:https://x.y/z\">x</a>",
    "<a href=\"file:///etc/passwd\">x</a>",
    "<a href=\"\u{2028}javascript:alert(1)\">x</a>",
    "<a href=\"\u{ad}javascript:alert(1)\">x</a>",
    "<a href=\"\\\\evil.example\">x</a>",
    "<a href=\"java\u{0}script:alert(1)\">x</a>",
    "<a ping=\"//evil.example\" target=_blank rel=opener download href=x>x</a>",
    "<img srcset=\"javascript:alert(1) 1x\" src=x>",
    "<img src=x lowsrc=javascript:alert(1) dynsrc=javascript:alert(1)>",
    "<blockquote cite=\"javascript:alert(1)\">x</blockquote>",
    "<p style=\"-moz-binding:url(//evil.example)\" class=\"x\" data-x=\"y\" is=\"z\">x</p>",
    "<details ontoggle=alert(1) open><summary onclick=alert(1)>x</summary></details>",
    "{{ constructor.constructor('alert(1)')() }}",
    "<div v-html=\"'<img src=x onerror=alert(1)>'\" x-data ng-app :onclick=\"alert(1)\" @click=\"alert(1)\">x</div>",
    "\u{feff}<script>alert(1)</script>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "\\<script>alert(1)\\</script>",
];

fn htmls(path: &str, text: &str) -> Vec<String> {
    let files = vec![(path.to_owned(), Cow::Owned(text.as_bytes().to_vec()))];
    let found = load(&Input::Memory(files), &mut |_| {}).unwrap();
    let pages = found.corpus.pages().flat_map(|(_, page)| page.sections.iter().flat_map(|section| section.texts()));
    pages.map(|text| text.html.clone()).collect()
}

#[test]
fn no_vector_reaches_a_reader() {
    assert!(VECTORS.len() > 100);
    for vector in VECTORS {
        let indented = vector.replace('\n', "\n    ");
        let places = [
            format!("{vector}\n"),
            format!("text {vector} text\n\nmore\n"),
            format!("- {}\n", vector.replace('\n', "\n  ")),
            format!("> {}\n", vector.replace('\n', "\n> ")),
            format!("| a |\n|---|\n| {} |\n", vector.replace('\n', " ")),
            format!("# {} {{#x}}\n\ntext\n", vector.replace('\n', " ")),
            format!("> # Note {vector}\n"),
            format!("!!! note\n    {indented}\n"),
            format!("<div>\n{vector}\n</div>\n"),
            format!("<Tabs>\n{vector}\n</Tabs>\n"),
        ];
        for text in places {
            for path in ["a.md", "a.mdx"] {
                for html in htmls(path, &text) {
                    let why = fault(&html).or_else(|| browsers_fault(&html));
                    assert_eq!(why, None, "{path}:\n{text}\nbecame\n{html}");
                }
            }
        }
    }
}

#[test]
fn the_reader_of_this_test_finds_what_it_looks_for() {
    let unsafe_html = [
        "<script>",
        "<p onclick=\"x\">a</p>",
        "<p>",
        "</p>",
        "<a href=\"javascript:x\">a</a>",
        "<p title=x>a</p>",
        "<p",
        "a > b",
        "<img src=\"data:x\" />",
        "<b><i></b></i>",
        "<p style=\"x\">a</p>",
        "<p title=\"a<b\">c</p>",
    ];
    for html in unsafe_html {
        assert!(fault(html).is_some(), "{html}");
    }
    for html in unsafe_html.into_iter().chain(["<p is=x>", "<svg><a>", "<a href=\"java\tscript:x\">", "<img src=x:y>"])
    {
        let is_balance = ["<p>", "</p>", "<p title=x>a</p>", "<p", "a > b", "<b><i></b></i>", "<p title=\"a<b\">c</p>"];
        assert_eq!(browsers_fault(html).is_some(), !is_balance.contains(&html), "{html}");
    }
    assert_eq!(browsers_fault("<table><tr><td>a</td></tr></table><p><a href=\"//x/y?a:b\">c</a></p>"), None);
    assert_eq!(fault("<p><a href=\"https://x.y\" title=\"a&gt;\">b</a><br /> a:b</p>\n"), None);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 400, ..Default::default() })]

    #[test]
    fn pieces_in_any_order_are_safe(pieces in proptest::collection::vec(0..VECTORS.len() + 12, 1..8), cut in 0..40_usize) {
        let glue = ["\n", "\n\n", "> ", "- ", "    ", "<b>", "</a>", "*", "`", "\"", ">", "## "];
        let mut text = String::new();
        for piece in pieces {
            text.push_str(VECTORS.get(piece).unwrap_or_else(|| &glue[piece - VECTORS.len()]));
        }
        let cut = text.floor_char_boundary(text.len().saturating_sub(cut));
        for html in htmls("a.mdx", &text[..cut]).into_iter().chain(htmls("a.md", &text)) {
            let why = fault(&html).or_else(|| browsers_fault(&html));
            proptest::prop_assert_eq!(why, None, "{}\nbecame\n{}", text, html);
        }
    }
}

/// Addresses that other programs follow: the pages' own and those of their sources.
fn addresses_of(found: &Loaded) -> Vec<String> {
    let of = |page: &gradus_corpus::Page| {
        let sources: Vec<String> =
            page.sources.iter().filter_map(|source| source.url.as_deref()).map(str::to_owned).collect();
        [vec![page.url.to_string()], sources].concat()
    };
    found.corpus.pages().flat_map(|(_, page)| of(page)).collect()
}

fn addresses(path: &str, text: &str) -> Vec<String> {
    let files = vec![(path.to_owned(), Cow::Owned(text.as_bytes().to_vec()))];
    addresses_of(&load(&Input::Memory(files), &mut |_| {}).unwrap())
}

fn is_of_the_web(address: &str) -> bool {
    ["/", "https://", "http://"].iter().any(|start| address.starts_with(start))
}

#[test]
fn pages_and_sources_have_addresses_of_the_web_alone() {
    for url in [
        "javascript:alert(1)",
        "javascript://x.y/%0aalert(1)",
        "JaVaScRiPt://x.y/%0aalert(1)",
        "data://text/html,x",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://x.y/z",
        "ftp://x.y/z",
        "tel:1",
        "java\\tscript://x",
        "h|tps://x.y",
    ] {
        let json = |url: &str| url.replace("\\t", "\\\\t");
        let texts = [
            ("a.md", format!("---\nurl: \"{url}\"\nsources: [{{title: T, url: \"{url}\"}}, \"{url}\"]\n---\nx\n")),
            ("a.md", format!("---\npermalink: \"{url}\"\n---\nx\n")),
            ("a.md", format!("---\nslug: \"{url}\"\nid: \"{url}\"\n---\nx\n")),
            ("a.jsonl", format!("{{\"id\":\"a\",\"url\":\"{0}\",\"sources\":[{{\"url\":\"{0}\"}}]}}\n", json(url))),
            ("a.jsonl", format!("{{\"kind\":\"site\",\"base_url\":\"{}\"}}\n{{\"id\":\"a\"}}\n", json(url))),
            ("index.html", format!("<link rel=canonical href=\"{url}\"><main><h1>T</h1><p>x</main>")),
        ];
        let published = "=== index.html\n<html><title>T</title><main><h1>T</h1><p>x</main></html>\n=== a.html\n<html><title>A</title>\
                         <link rel=canonical href=\"URL/a.html\"><main><h1>A</h1><p>x</main></html>\n=== sitemap.xml\n\
                         <urlset><url><loc>URL/a.html</loc></url></urlset>\n";
        let sites = [
            published,
            "=== hugo.toml\nbaseURL = \"URL\"\n=== content/a.md\nx\n",
            "=== mkdocs.yml\nsite_url: \"URL\"\n=== docs/a.md\nx\n",
            "=== _config.yml\nurl: \"URL\"\nbaseurl: /b\n=== a.md\n---\ntitle: A\n---\nx\n",
            "=== docusaurus.config.js\nmodule.exports = {url: \"URL\", baseUrl: \"/d/\"};\n=== docs/a.md\nx\n",
            "=== conf.py\nhtml_baseurl = \"URL\"\n=== a.md\n# A\n",
            "=== quartz.config.ts\nexport default {configuration: {baseUrl: \"URL\"}}\n=== content/a.md\nx\n",
        ];
        for address in sites.iter().flat_map(|site| addresses_of(&loaded(&site.replace("URL", &json(url))))) {
            assert!(is_of_the_web(&address), "a site at {url} leads to {address}");
        }
        for (path, text) in texts {
            for address in addresses(path, &text) {
                assert!(is_of_the_web(&address), "{path}:\n{text}\nleads to {address}");
            }
        }
    }
    let kept = addresses(
        "a.md",
        "---\nurl: https://x.y/z\nsources: [https://a.b/c, {title: M, url: \"mailto:a@b.c\"}, {title: R, url: /r}]\n---\nx\n",
    );
    assert_eq!(kept, ["https://x.y/z", "https://a.b/c", "mailto:a@b.c", "/r"]);
}
