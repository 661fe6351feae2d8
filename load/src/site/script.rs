//! Settings that are programs: the literals of a JavaScript or TypeScript module, read and never run.
//!
//! Objects, lists, strings, constants, spreads, imports of neighbours and the likely side of a condition are understood;
//! whatever else stands there is null. A call `f(a, b)` is read as the list `[f, a, b]`, which is also how Docusaurus
//! writes a plugin with its options.

mod token;

use std::cell::Cell;

use crate::format::json;
use crate::value::{Node, Value, null};
use gradus_corpus::Position;
use token::{ScriptToken, ScriptWord, words};

/// Values that are read of one module before the rest is null: constants that name each other could grow without end.
const MAX_VALUES: u32 = 50_000;
/// How deep values may stand in each other, and modules import each other.
const MAX_DEPTH: u32 = 64;

/// Gives the text of a module by the path that an import names.
pub(crate) type Load<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the module `text` exports by default, with the line of each value; null where nothing can be read.
pub(crate) fn read(text: &str, load: Load<'_>) -> Value {
    Module::new(text, load, 0).exported()
}

/// The settings that a module exports: the object with the member `key`, however it is wrapped.
pub(crate) fn settings(text: &str, key: &str, load: Load<'_>) -> Value {
    let module = Module::new(text, load, 0);
    let exported = module.exported();
    let mut candidates = exported.entries().iter().chain(std::iter::once(&exported));
    if let Some(found) = candidates.find(|value| value.get(key).is_some()) {
        return found.clone();
    }
    let braces = (0..module.words.len()).filter(|at| module.is(*at, '{'));
    let objects = braces.map(|at| module.value(at, 0).0);
    objects.into_iter().find(|value| value.get(key).is_some()).unwrap_or(exported)
}

/// The value that a Python program assigns to `name` last; null where it assigns none that can be read.
pub(crate) fn assigned(text: &str, name: &str) -> Value {
    let code: Vec<&str> = text.lines().map(|line| if line.trim_start().starts_with('#') { "" } else { line }).collect();
    let module = Module::new(&code.join("\n"), &|_| None, 0);
    let is_assigned = |at: &usize| module.name(*at) == Some(name) && module.is(at + 1, '=') && !module.is(at + 2, '=');
    let last = (0..module.words.len()).rfind(is_assigned);
    last.map_or_else(null, |at| module.value(at + 2, 0).0)
}

struct Module<'a> {
    words: Vec<ScriptWord>,
    load: Load<'a>,
    /// How many modules import each other down to this one.
    depth: u32,
    n_values: Cell<u32>,
}

impl<'a> Module<'a> {
    fn new(text: &str, load: Load<'a>, depth: u32) -> Self {
        Self { words: words(text), load, depth, n_values: Cell::new(0) }
    }

    fn exported(&self) -> Value {
        let name = |at: usize, name: &str| self.name(at) == Some(name);
        let exports = (0..self.words.len()).find_map(|at| {
            let default = name(at, "export") && name(at + 1, "default");
            let assigned = matches!(self.name(at), Some("module.exports" | "exports.default")) && self.is(at + 1, '=');
            (default || assigned).then_some(at + 2)
        });
        exports.map_or_else(null, |at| self.value(at, 0).0)
    }

    fn token(&self, at: usize) -> Option<&ScriptToken> {
        self.words.get(at).map(|word| &word.token)
    }

    fn is(&self, at: usize, sign: char) -> bool {
        matches!(self.token(at), Some(ScriptToken::Sign(found)) if *found == sign)
    }

    fn name(&self, at: usize) -> Option<&str> {
        match self.token(at) {
            Some(ScriptToken::Name(name)) => Some(name),
            _ => None,
        }
    }

    fn node(&self, at: usize, node: Node) -> Value {
        let line = self.words.get(at).map_or(0, |word| word.line);
        Value { position: Position { file: 0, line, column: 0 }, node, ..null() }
    }

    /// The value whose expression begins at word `at`, and the word behind it.
    fn value(&self, at: usize, depth: u32) -> (Value, usize) {
        self.n_values.set(self.n_values.get() + 1);
        if depth > MAX_DEPTH || self.n_values.get() > MAX_VALUES {
            return (null(), self.end_of_expression(at));
        }
        let (mut value, mut next) = self.operand(at, depth);
        loop {
            match self.token(next) {
                Some(ScriptToken::Sign('?')) if self.is(next + 1, '?') => {
                    (value, next) = self.either(value, next + 2, depth)
                }
                Some(ScriptToken::Sign('|')) if self.is(next + 1, '|') => {
                    (value, next) = self.either(value, next + 2, depth)
                }
                Some(ScriptToken::Sign('?')) => return self.choice(at..next, &value, next + 1, depth),
                Some(ScriptToken::Sign('+')) => {
                    let (right, end) = self.operand(next + 1, depth + 1);
                    let texts = |value: &Value| value.text().unwrap_or_default().to_owned();
                    value = self.node(at, Node::Text(texts(&value) + &texts(&right)));
                    next = end;
                }
                Some(ScriptToken::Name(name)) if name == "as" || name == "satisfies" => {
                    next = self.end_of_expression(next + 1);
                    return (value, next);
                }
                Some(ScriptToken::Sign(',' | ';' | ')' | ']' | '}' | ':')) | None => return (value, next),
                // A name or string on a line of its own begins the next statement: semicolons may be left out.
                Some(ScriptToken::Name(_) | ScriptToken::Text(_)) => return (value, next),
                Some(ScriptToken::Sign(_)) => {
                    next = self.operand(next + 1, depth + 1).1.max(next + 1);
                }
            }
        }
    }

    fn either(&self, left: Value, at: usize, depth: u32) -> (Value, usize) {
        let (right, next) = self.operand(at, depth + 1);
        (if matches!(left.node, Node::Null) { right } else { left }, next)
    }

    /// The side of `condition ? a : b` that a published site takes.
    fn choice(&self, asked: std::ops::Range<usize>, condition: &Value, at: usize, depth: u32) -> (Value, usize) {
        let words = || asked.clone().filter_map(|at| self.token(at));
        let is_production = words().any(|word| matches!(word, ScriptToken::Text(text) if text == "production"));
        let is_negated = words().any(|word| matches!(word, ScriptToken::Sign('!')));
        let holds = if is_production { !is_negated } else { condition.text().is_some_and(|text| text != "false") };
        let (yes, next) = self.value(at, depth + 1);
        if !self.is(next, ':') {
            return (yes, next);
        }
        let (no, next) = self.value(next + 1, depth + 1);
        (if holds { yes } else { no }, next)
    }

    fn operand(&self, at: usize, depth: u32) -> (Value, usize) {
        if depth > MAX_DEPTH {
            return (null(), self.end_of_expression(at));
        }
        match self.token(at) {
            Some(ScriptToken::Text(text)) => {
                let text = self.filled(text, depth);
                (self.node(at, Node::Text(text)), at + 1)
            }
            Some(ScriptToken::Sign('{')) => self.object(at, depth),
            Some(ScriptToken::Sign('[')) => self.list(at, ']', Vec::new(), depth),
            Some(ScriptToken::Sign('(')) => {
                let end = self.closing(at);
                if self.is(end, '=') && self.is(end + 1, '>') {
                    return self.function(end + 2, depth);
                }
                (self.value(at + 1, depth + 1).0, end)
            }
            Some(ScriptToken::Sign('!' | '-' | '+')) => (null(), self.operand(at + 1, depth + 1).1),
            Some(ScriptToken::Name(name)) => self.named(name, at, depth),
            Some(ScriptToken::Sign(_)) | None => (null(), at),
        }
    }

    fn named(&self, name: &str, at: usize, depth: u32) -> (Value, usize) {
        match name {
            "async" | "await" | "new" | "typeof" => return self.operand(at + 1, depth + 1),
            "function" => {
                let open = (at..self.words.len()).find(|at| self.is(*at, '(')).unwrap_or(at);
                let mut body = self.closing(open);
                while body < self.words.len() && !self.is(body, '{') {
                    body += 1;
                }
                return self.function(body, depth);
            }
            "null" | "undefined" => return (null(), at + 1),
            _ => {}
        }
        if self.is(at + 1, '=') && self.is(at + 2, '>') {
            return self.function(at + 3, depth);
        }
        let first_is_digit = name.starts_with(|char: char| char.is_ascii_digit());
        if first_is_digit || matches!(name, "true" | "false") {
            return (self.node(at, Node::Text(name.to_owned())), at + 1);
        }
        if self.is(at + 1, '(') {
            return self.call(name, at, depth);
        }
        (self.constant(name, depth + 1), at + 1)
    }

    fn call(&self, name: &str, at: usize, depth: u32) -> (Value, usize) {
        let function = self.node(at, Node::Text(name.to_owned()));
        let (called, mut next) = self.list(at + 1, ')', vec![function], depth);
        // What is done with the answer is not followed.
        while self.is(next, '.') || self.is(next, '(') {
            next = if self.is(next, '(') { self.closing(next) } else { next + 2 };
        }
        let path = called.entries().get(1).and_then(Value::text).filter(|_| name == "require");
        let imported = path.and_then(|path| self.import(path, None));
        (imported.unwrap_or(called), next)
    }

    /// The value of a function whose body begins at `at`: what it returns first.
    fn function(&self, at: usize, depth: u32) -> (Value, usize) {
        if !self.is(at, '{') {
            return self.value(at, depth + 1);
        }
        let end = self.closing(at);
        let returned = (at..end).find(|at| self.name(*at) == Some("return"));
        (returned.map_or_else(null, |at| self.value(at + 1, depth + 1).0), end)
    }

    /// A list that opens at `at`, behind what it holds `already`.
    fn list(&self, at: usize, close: char, already: Vec<Value>, depth: u32) -> (Value, usize) {
        let mut values = already;
        let mut next = at + 1;
        while next < self.words.len() && !self.is(next, close) {
            if self.is(next, ',') {
                next += 1;
            } else if self.is_spread(next) {
                let (spread, end) = self.value(next + 3, depth + 1);
                values.extend(if let Node::List(inner) = spread.node { inner } else { Vec::new() });
                next = end;
            } else {
                let (value, end) = self.value(next, depth + 1);
                values.push(value);
                next = end.max(next + 1);
            }
        }
        (self.node(at, Node::List(values)), next + 1)
    }

    fn is_spread(&self, at: usize) -> bool {
        (0..3).all(|n| self.is(at + n, '.'))
    }

    fn object(&self, at: usize, depth: u32) -> (Value, usize) {
        let mut members: Vec<(String, Value)> = Vec::new();
        let end = self.closing(at);
        let mut next = at + 1;
        while next + 1 < end {
            if self.is_spread(next) {
                let (spread, after) = self.value(next + 3, depth + 1);
                let spread = spread.members().unwrap_or_default();
                members.retain(|(known, _)| !spread.iter().any(|(key, _)| key == known));
                members.extend(spread);
                next = after.max(next + 1);
                continue;
            }
            let key = match self.token(next) {
                Some(ScriptToken::Name(key) | ScriptToken::Text(key)) => key.clone(),
                _ => {
                    next += 1;
                    continue;
                }
            };
            if self.is(next + 1, ':') {
                let (value, after) = self.value(next + 2, depth + 1);
                members.retain(|(known, _)| *known != key);
                members.push((key, value));
                next = after.max(next + 2);
            } else if self.is(next + 1, '(') {
                // A method: its value is what it returns.
                let body = self.closing(next + 1);
                let (value, after) = self.function(body, depth);
                members.push((key, value));
                next = after.max(next + 2);
            } else {
                if self.is(next + 1, ',') || next + 2 == end {
                    let value = self.constant(&key, depth + 1);
                    members.push((key, value));
                }
                next += 1;
            }
        }
        (self.node(at, Node::Map(members)), end)
    }

    /// The value of the constant or import `name`.
    fn constant(&self, name: &str, depth: u32) -> Value {
        if depth > MAX_DEPTH || self.n_values.get() > MAX_VALUES {
            return null();
        }
        let (name, members) = name.split_once('.').unwrap_or((name, ""));
        let declared = (0..self.words.len()).find_map(|at| match self.name(at)? {
            "const" | "let" | "var" if self.name(at + 1) == Some(name) => self.assigned(at + 2, depth),
            "function" if self.name(at + 1) == Some(name) => Some(self.operand(at, depth).0),
            "import" => self.imported(at, name),
            _ => None,
        });
        let value = declared.unwrap_or_else(null);
        let mut inner = members.split('.').filter(|member| !member.is_empty());
        inner.try_fold(&value, |value, member| value.get(member)).cloned().unwrap_or_else(null)
    }

    /// The value behind the `=` of a declaration, with or without a type before it.
    fn assigned(&self, at: usize, depth: u32) -> Option<Value> {
        let end = self.end_of_statement(at);
        let equals = (at..end).find(|at| self.is(*at, '=') && !self.is(at + 1, '>'))?;
        Some(self.value(equals + 1, depth + 1).0)
    }

    /// What `name` is where the import at `at` gives it.
    fn imported(&self, at: usize, name: &str) -> Option<Value> {
        let from = (at..(at + 64).min(self.words.len())).find(|at| self.name(*at) == Some("from"))?;
        let Some(ScriptToken::Text(path)) = self.token(from + 1) else { return None };
        if self.name(at + 1) == Some(name) {
            return self.import(path, None);
        }
        let named = (at + 1..from).find(|at| self.name(*at) == Some(name))?;
        let is_renamed = self.name(named - 1) == Some("as");
        let original = if is_renamed { self.name(named - 2)? } else { name };
        self.import(path, Some(original))
    }

    fn import(&self, path: &str, name: Option<&str>) -> Option<Value> {
        if !path.starts_with('.') || self.depth >= 4 {
            return None;
        }
        let endings = ["", ".js", ".ts", ".mjs", ".json", ".cjs", ".mts"];
        let (path, text) = endings.iter().find_map(|ending| {
            let path = format!("{path}{ending}");
            (self.load)(&path).map(|text| (path, text))
        })?;
        if path.ends_with(".json") {
            return json::whole(&text, 1, &mut Vec::new()).ok();
        }
        let module = Module::new(&text, self.load, self.depth + 1);
        Some(name.map_or_else(|| module.exported(), |name| module.constant(name, 0)))
    }

    /// A template with the constants that it names.
    fn filled(&self, text: &str, depth: u32) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, (name, after))) = rest.split_once("${").and_then(|(a, b)| Some((a, b.split_once('}')?)))
        {
            filled.push_str(before);
            filled.push_str(self.constant(name.trim(), depth + 1).text().unwrap_or_default());
            rest = after;
        }
        filled + rest
    }

    /// The word behind the bracket that closes the one at `at`.
    fn closing(&self, at: usize) -> usize {
        let mut depth = 0_u32;
        for (idx, word) in self.words.iter().enumerate().skip(at) {
            match word.token {
                ScriptToken::Sign('{' | '[' | '(') => depth += 1,
                ScriptToken::Sign('}' | ']' | ')') => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                return idx + 1;
            }
        }
        self.words.len()
    }

    /// The first word at or behind `at` that ends the expression that `at` stands in.
    fn end_of_expression(&self, at: usize) -> usize {
        self.end(at, |token| matches!(token, ScriptToken::Sign(',' | ';')))
    }

    fn end_of_statement(&self, at: usize) -> usize {
        self.end(at, |token| matches!(token, ScriptToken::Sign(';')))
    }

    fn end(&self, at: usize, ends: impl Fn(&ScriptToken) -> bool) -> usize {
        let mut next = at;
        while let Some(token) = self.token(next) {
            match token {
                ScriptToken::Sign('{' | '[' | '(') => next = self.closing(next),
                ScriptToken::Sign('}' | ']' | ')') => return next,
                token if ends(token) => return next,
                _ => next += 1,
            }
        }
        next
    }
}

#[cfg(test)]
mod tests;
