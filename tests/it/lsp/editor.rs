//! An editor: speaks plain JSON-RPC to the program over its standard input and output.

#![expect(clippy::needless_pass_by_value, reason = "a test reads better with `json!({…})` than with a reference to it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::cli::gradus;

/// A running server, and a folder of content of its own.
pub(crate) struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    n_asked: i64,
    pub(crate) folder: PathBuf,
    /// What the server said of itself at the start.
    pub(crate) capabilities: Value,
}

impl Editor {
    /// A server that is started and not spoken to yet, over `files` in a folder called `name`.
    pub(crate) fn started(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("gradus-lsp-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let folder = folder.canonicalize().unwrap();
        let mut server = gradus(&["lsp"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (server.stdin.take(), BufReader::new(server.stdout.take().unwrap()));
        Self { server, input, output, n_asked: 0, folder, capabilities: Value::Null }
    }

    /// The same with the folder open.
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let mut editor = Self::started(name, files);
        let folders = json!([{ "uri": uri(&editor.folder), "name": name }]);
        let params = json!({ "processId": null, "capabilities": {}, "workspaceFolders": folders });
        editor.capabilities = editor.ask("initialize", params)["capabilities"].clone();
        editor.tell("initialized", json!({}));
        editor
    }

    /// Sends `text` as a message, whatever it is.
    pub(crate) fn send_raw(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send_raw(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    /// The next message of the server.
    pub(crate) fn next(&mut self) -> Value {
        let mut len = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server is gone");
            match line.trim_end() {
                "" => break,
                header => len = header.strip_prefix("Content-Length: ").unwrap().parse().unwrap(),
            }
        }
        let mut text = vec![0; len];
        self.output.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// Asks, and gives the whole answer, passing over what is told meanwhile.
    pub(crate) fn answer(&mut self, method: &str, params: Value) -> Value {
        self.n_asked += 1;
        let id = self.n_asked;
        self.send_raw(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        loop {
            let message = self.next();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
        }
    }

    /// Asks, and gives what is answered.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        uri(&self.folder.join(path))
    }

    pub(crate) fn open(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Has the text of `path` replaced as a whole.
    pub(crate) fn change(&mut self, path: &str, version: i64, text: &str) {
        let document = json!({ "uri": self.uri(path), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }));
    }

    /// What is told next to be wrong with `path`.
    pub(crate) fn diagnostics(&mut self, path: &str) -> Vec<Value> {
        let uri = self.uri(path);
        loop {
            let message = self.next();
            if message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri {
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// Asks about the place in `path` where `line` has the character `character`.
    #[track_caller]
    pub(crate) fn at(&mut self, method: &str, path: &str, (line, character): (usize, usize), more: Value) -> Value {
        let answer = self.answer_at(method, path, (line, character), more);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The same, with the whole answer.
    pub(crate) fn answer_at(
        &mut self,
        method: &str,
        path: &str,
        (line, character): (usize, usize),
        more: Value,
    ) -> Value {
        let mut params = json!({
            "textDocument": { "uri": self.uri(path) },
            "position": { "line": line, "character": character },
        });
        for (name, value) in more.as_object().unwrap_or(&serde_json::Map::new()) {
            params[name] = value.clone();
        }
        self.answer(&format!("textDocument/{method}"), params)
    }

    /// Leaves as the protocol wants it, and gives the status that the server ends with.
    pub(crate) fn leave(mut self) -> Option<i32> {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.server.wait().unwrap().code()
    }

    /// Goes without a word, and gives the status that the server ends with.
    pub(crate) fn vanish(mut self) -> Option<i32> {
        drop(self.input.take());
        self.server.wait().unwrap().code()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // Where a test has failed the server may still be there, and the folder may be gone.
        self.server.kill().unwrap_or_default();
        std::fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

fn uri(path: &Path) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    format!("file://{}", path.to_str().unwrap().bytes().map(encode).collect::<String>())
}
