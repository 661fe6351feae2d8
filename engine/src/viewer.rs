//! Who asks, as far as the answer depends on it.

/// Who asks, as far as the answer depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Nobody in particular: public text only.
    #[default]
    Anonymous,
    /// Carries the `pro` entitlement: all text.
    Pro,
}

impl Viewer {
    /// The viewer with these entitlements; unknown ones entitle to nothing.
    pub fn entitled<S: AsRef<str>>(entitlements: &[S]) -> Self {
        if entitlements.iter().any(|name| name.as_ref() == "pro") { Self::Pro } else { Self::Anonymous }
    }

    /// The name of the class in an `ETag`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Pro => "pro",
        }
    }
}
