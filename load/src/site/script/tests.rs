//! Programs and what is read of them.

use super::*;

fn shown(value: &Value) -> String {
    match &value.node {
        Node::Null => "-".to_owned(),
        Node::Text(text) => text.clone(),
        Node::List(values) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(" ")),
        Node::Map(members) => {
            let members = members.iter().map(|(key, value)| format!("{key}:{}", shown(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(" "))
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let load = |path: &str| match path {
        "./locales.json" => Some("{\"root\": {\"lang\": \"en\"}}".to_owned()),
        "./more.js" => Some("export const extra = ['x'];\nexport default {y: 1}".to_owned()),
        _ => None,
    };
    assert_eq!(shown(&read(text, &load)), expected, "of {text}");
}

#[test]
fn literals_are_read_as_they_stand() {
    check(
        "module.exports = {a: 'it\\'s', \"b-c\": [1, -2, true], d: null, e: undefined,};",
        "{a:it's b-c:[1 - true] d:- e:-}",
    );
    check("// c\nexport default /* x */ { a: `b`, // c: 1\n re: /[,{]'/g, z: 2 }", "{a:b re:- z:2}");
}

#[test]
fn constants_spreads_and_imports_are_followed() {
    check(
        "const b: string = '/x';\nconst c = {base: b, l: [b]};\nexport default {...c, d: `${b}/y`, e: c.base}",
        "{base:/x l:[/x] d:/x/y e:/x}",
    );
    check(
        "import l from './locales.json';\nimport m, {extra as e} from './more';\nexport default {l, m, e: [...e, 'z']}",
        "{l:{root:{lang:en}} m:{y:1} e:[x z]}",
    );
    check("const r = require('./locales.json');\nmodule.exports = {r}", "{r:{root:{lang:en}}}");
}

#[test]
fn calls_and_functions_give_what_they_hold() {
    check(
        "export default defineConfig({i: [starlight({title: 'T'}), other()]})",
        "[defineConfig {i:[[starlight {title:T}] [other]]}]",
    );
    check("export default async function make() { const x = 1; return {a: 2}; }", "{a:2}");
    check("module.exports = async () => ({a: 2})", "{a:2}");
    check(
        "const c = {p: [['classic', ({docs: {path: '../docs'}} satisfies Options)]]} as Config\nexport default c",
        "{p:[[classic {docs:{path:../docs}}]]}",
    );
}

#[test]
fn conditions_take_the_side_of_the_published_site() {
    check("module.exports = {a: process.env.BASE || '/b/', c: x ?? 'd'}", "{a:/b/ c:d}");
    check("module.exports = {a: process.env.NODE_ENV === 'production' ? '/p/' : '/', b: dev ? 1 : 2}", "{a:/p/ b:2}");
}

#[test]
fn settings_are_found_in_whatever_wraps_them() {
    let found = settings("function f() {}\nconst x = wrap({baseUrl: '/a/'});\nfoo(x)", "baseUrl", &|_| None);
    assert_eq!(shown(&found), "{baseUrl:/a/}");
}

#[test]
fn programs_in_python_assign_literals() {
    let text = "# it's\nimport os\nexclude = ['x']\nbase = \"/a/\"\nexclude = [\"_build\", 'b/*']  # two\nif base == 'x': pass\n";
    assert_eq!(shown(&assigned(text, "exclude")), "[_build b/*]");
    assert_eq!(shown(&assigned(text, "base")), "/a/");
    assert_eq!(shown(&assigned(text, "none")), "-");
}

#[test]
fn junk_ends() {
    for text in [
        "export default {",
        "export default [[[[",
        "export default (((",
        "const a = b; const b = a; export default a",
        "export default `${",
        "export default {a: }}}",
        "export default ? : ||",
        "const a = {b: a, c: a, d: [a, a]};\nmodule.exports = a",
    ] {
        read(text, &|_| None);
    }
    read(&("export default ".to_owned() + &"[".repeat(100_000)), &|_| None);
}

#[test]
fn values_know_their_line() {
    let value = read("module.exports = {\n a: [\n  'x',\n  {b: 1}]}", &|_| None);
    let lines: Vec<u32> = value.get("a").unwrap().entries().iter().map(|entry| entry.position.line).collect();
    assert_eq!(lines, [3, 4]);
}
