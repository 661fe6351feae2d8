//! Where a page is shown, and was shown before. Following an address runs nothing, whatever its author wrote.

use super::Document;
use crate::body::is_web_address;
use crate::draft::Draft;
use crate::fields::{canonical, list};
use crate::site::Place;
use crate::value::Value;
use gradus_corpus::{Code, Page};

impl Draft {
    /// Where the site shows a page. Whatever fields and generators say, it is an address of the web.
    pub(super) fn url_of(&mut self, document: &Document<'_>, page: &Page, place: &Place) -> Box<str> {
        let base = self.config.base_url.as_deref();
        let has_address = !document.path.is_empty() || document.text("url").is_some();
        let usual = self.site.absolute(&page.url, base);
        let url = match document.text("url").filter(|url| url.contains("://")) {
            Some(url) => url.to_owned(),
            None if has_address => self.site.absolute(&place.url, base),
            None => usual.clone(),
        };
        if is_web_address(&url) {
            return url.into();
        }
        if let Some(value) = document.get("url") {
            self.no_address(value, &format!("the page is shown at {usual}"));
        }
        usual.into()
    }

    /// Tells of an address that nobody is sent to.
    pub(crate) fn no_address(&mut self, value: &Value, outcome: &str) {
        let shown: String = value.text().unwrap_or_default().chars().take(80).collect();
        let message = format!("'{shown}' is no address that readers can be sent to; {outcome}");
        let mut told = self.diagnostic(Code::InvalidValue, value.place(), message);
        told.help = Some("write one that begins with `https://`, `http://` or `mailto:`, or a path".to_owned());
        self.tell(told);
    }
}

/// Old URLs and other names: an entry that begins with `/` or holds `://` is a URL.
pub(super) fn aliases(document: &Document<'_>) -> (Vec<Box<str>>, Vec<Box<str>>) {
    let entries = document.fields.iter().filter(|(key, _)| matches!(canonical(key), Some("aliases" | "aka")));
    let mut all: Vec<Box<str>> = entries.flat_map(|(_, value)| list(value)).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    all.retain(|entry| seen.insert(entry.clone()));
    all.into_iter().partition(|entry| entry.starts_with('/') || entry.contains("://"))
}
