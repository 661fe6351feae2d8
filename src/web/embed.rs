//! Components for other sites: where the module is served, and the lines that a site pastes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA384, digest};

/// The module with the elements, as browsers get it. `embed.js` beside it is what it is made from.
pub(super) const MODULE: &str = include_str!("assets/embed.min.js");

/// What a browser checks the module by (Subresource Integrity): it runs no other.
fn integrity() -> String {
    format!("sha384-{}", STANDARD.encode(digest(&SHA384, MODULE.as_bytes())))
}

/// The lines that a site pastes to have its pages' search, prerequisites and related pages from the server at `url`.
pub fn snippet(url: &str) -> String {
    let (url, integrity) = (url.trim_end_matches('/'), integrity());
    let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
    format!(
        "<!-- once on every page, at best in its head -->\n\
         <script type=\"module\" src=\"{url}/embed.js\" integrity=\"{integrity}\" crossorigin=\"anonymous\"></script>\n\n\
         <!-- where they are wanted -->\n\
         <gradus-search></gradus-search>\n\
         <gradus-prereqs></gradus-prereqs>\n\
         <gradus-related></gradus-related>\n\n\
         <!-- where nobody has declared prerequisites, with those that the texts speak for -->\n\
         <!-- <gradus-prereqs include=\"inferred\"></gradus-prereqs> -->\n\n\
         <!-- to the Content-Security-Policy, if there is one -->\n\
         <!-- script-src {origin}; connect-src {origin} -->\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_names_the_server_and_what_it_serves() {
        let snippet = snippet("https://learn.example.org/kg/");
        assert!(snippet.contains("src=\"https://learn.example.org/kg/embed.js\""), "{snippet}");
        assert!(snippet.contains(&format!("integrity=\"{}\"", integrity())), "{snippet}");
        assert!(snippet.contains("connect-src https://learn.example.org -->"), "{snippet}");
        // `openssl dgst -sha384 -binary | base64` prints 64 characters.
        assert_eq!(integrity().len(), "sha384-".len() + 64);
    }
}
