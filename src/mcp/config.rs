//! What to write into the settings of an agent so that it starts this program.

use std::path::Path;

use serde_json::{Value, json};

/// An agent whose settings are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Client {
    /// Claude Desktop and Claude Code
    Claude,
    /// Visual Studio Code
    Vscode,
    /// Cursor
    Cursor,
}

/// The settings of `client` that start `program` for `source`, and the file they belong into.
pub(crate) fn print_config(client: Client, program: &Path, source: Option<&Path>) -> (String, &'static str) {
    let mut args = vec![json!("mcp")];
    args.extend(source.map(|source| Value::from(source.display().to_string())));
    let server = json!({ "command": program.display().to_string(), "args": args });
    let (settings, file) = match client {
        Client::Claude => (json!({ "mcpServers": { "gradus": server } }), "claude_desktop_config.json or .mcp.json"),
        Client::Vscode => {
            let mut server = server;
            server["type"] = json!("stdio");
            (json!({ "servers": { "gradus": server } }), ".vscode/mcp.json")
        }
        Client::Cursor => (json!({ "mcpServers": { "gradus": server } }), ".cursor/mcp.json"),
    };
    (format!("{settings:#}\n"), file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_the_key_that_it_reads() {
        let told = |client| print_config(client, Path::new("/bin/gradus"), Some(Path::new("docs"))).0;
        let claude: Value = serde_json::from_str(&told(Client::Claude)).unwrap();
        assert_eq!(claude["mcpServers"]["gradus"]["args"], json!(["mcp", "docs"]));
        let vscode: Value = serde_json::from_str(&told(Client::Vscode)).unwrap();
        assert_eq!(vscode["servers"]["gradus"]["type"], "stdio");
    }
}
