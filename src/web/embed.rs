//! Components for other sites: where the module is served, and the lines that a site pastes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA384, digest};

/// The module with the elements, as browsers get it. `embed.js` beside it is what it is made from.
pub(super) const MODULE: &str = include_str!("assets/embed.min.js");

/// The search in the index of a site of files; the module holds it as well.
pub(crate) const FIND_SCRIPT: &str = include_str!("assets/find.js");
/// What the module says of where it comes from, and what it says among files.
const ORIGIN: [&str; 2] = ["gradus-origin:server", "gradus-origin:files"];

/// The module as it lies among the files of `gradus build`: it asks files where nothing else is said.
pub(crate) fn module_of_files() -> String {
    let [server, files] = ORIGIN;
    MODULE.replacen(server, files, 1)
}

/// What a browser checks `module` by (Subresource Integrity): it runs no other.
fn integrity(module: &str) -> String {
    format!("sha384-{}", STANDARD.encode(digest(&SHA384, module.as_bytes())))
}

/// The lines that a site pastes to have its pages' search, prerequisites and related pages from the server at `url` or, if
/// `is_static`, from the files of `gradus build` that lie there.
pub fn snippet(url: &str, is_static: bool) -> String {
    let integrity = if is_static { integrity(&module_of_files()) } else { integrity(MODULE) };
    let url = url.trim_end_matches('/');
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
         <!-- script-src {origin}; connect-src {origin} -->\n\
         {}",
        if is_static { CROSS_ORIGIN } else { "" }
    )
}

/// What a host of files must do for pages of other sites.
const CROSS_ORIGIN: &str =
    "\n<!-- pages of another host: whoever serves the files must send Access-Control-Allow-Origin for them -->\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_names_the_server_and_what_it_serves() {
        let snippet = snippet("https://learn.example.org/kg/", false);
        assert!(snippet.contains("src=\"https://learn.example.org/kg/embed.js\""), "{snippet}");
        assert!(snippet.contains(&format!("integrity=\"{}\"", integrity(MODULE))), "{snippet}");
        assert!(snippet.contains("connect-src https://learn.example.org -->"), "{snippet}");
        // `openssl dgst -sha384 -binary | base64` prints 64 characters.
        assert_eq!(integrity(MODULE).len(), "sha384-".len() + 64);
    }

    #[test]
    fn among_files_the_module_says_so_and_has_a_hash_of_its_own() {
        let [server, files] = ORIGIN;
        assert_eq!(MODULE.matches(server).count(), 1);
        assert!(module_of_files().contains(files) && !module_of_files().contains(server));
        let snippet = snippet("https://learn.example.org", true);
        assert!(snippet.contains(&integrity(&module_of_files())), "{snippet}");
        assert!(snippet.contains("Access-Control-Allow-Origin"), "{snippet}");
    }
}
