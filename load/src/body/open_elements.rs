//! Elements of HTML that are open: what nobody closes ends with what it stands in.

use rustc_hash::FxHashMap;

/// Elements that are open, each inside the one before.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    open: Vec<&'static str>,
    /// By name, where they stand among those that are open; what has ended since is passed over when it is met.
    places: FxHashMap<&'static str, Vec<usize>>,
}

impl OpenElements {
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn push(&mut self, name: &'static str) {
        self.places.entry(name).or_default().push(self.open.len());
        self.open.push(name);
    }

    /// Ends the innermost element of this name and what is open in it: what nobody closes, such as `li`, ends with what it stands
    /// in. Amortised O(1).
    pub(super) fn end(&mut self, name: &'static str) {
        let Some(places) = self.places.get_mut(name) else { return };
        while let Some(place) = places.pop() {
            if self.open.get(place) == Some(&name) {
                return self.open.truncate(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["div", "ul", "li", "p"];

    proptest::proptest! {
        #[test]
        fn elements_end_as_a_search_from_the_innermost_would_end_them(
            steps in proptest::collection::vec((proptest::bool::ANY, 0..NAMES.len()), 0..60),
        ) {
            let (mut elements, mut expected) = (OpenElements::default(), Vec::new());
            for (opens, name) in steps {
                let name = NAMES[name];
                if opens {
                    elements.push(name);
                    expected.push(name);
                } else {
                    elements.end(name);
                    if let Some(at) = expected.iter().rposition(|open| *open == name) {
                        expected.truncate(at);
                    }
                }
                proptest::prop_assert_eq!(&elements.open, &expected);
            }
        }
    }
}
