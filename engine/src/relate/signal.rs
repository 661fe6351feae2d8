//! The signals and their weights.

use serde::{Deserialize, Serialize};

/// How many signals there are.
pub const N_SIGNALS: usize = Signal::ALL.len();

/// One number a signal, in the order of [`Signal::ALL`].
pub type Strengths = [f32; N_SIGNALS];

/// What speaks for two pages belonging together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// They read alike.
    Text,
    /// Their names are alike.
    Names,
    /// Their code is alike.
    Code,
    /// The other one links here, or states something else of this page.
    LinksHere,
    /// They have neighbours in common, rare ones most.
    Neighbours,
    /// The same pages link to both.
    CitedTogether,
    /// Both link to the same pages.
    CitingTogether,
    /// They teach, assume or mention the same concepts, rare ones most.
    Concepts,
    /// A random walk from here meets it.
    Walk,
    /// Pages that read like this one link to it.
    Peers,
    /// A random walk from here and from what reads like it meets it.
    Blend,
    /// They stand in one folder or category, small ones most.
    Shelf,
    /// They stand close in one series.
    Series,
    /// Many link to it. Weighs nothing by itself, where texts name the way up: a hub is near everything.
    Popular,
    /// The text of this page links to it. Weighs against it: who reads the page has met it already.
    Linked,
}

impl Signal {
    /// Every signal.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::Names,
        Self::Code,
        Self::LinksHere,
        Self::Neighbours,
        Self::CitedTogether,
        Self::CitingTogether,
        Self::Concepts,
        Self::Walk,
        Self::Peers,
        Self::Blend,
        Self::Shelf,
        Self::Series,
        Self::Popular,
        Self::Linked,
    ];

    /// Its name in answers and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Names => "names",
            Self::Code => "code",
            Self::LinksHere => "links_here",
            Self::Neighbours => "neighbours",
            Self::CitedTogether => "cited_together",
            Self::CitingTogether => "citing_together",
            Self::Concepts => "concepts",
            Self::Walk => "walk",
            Self::Peers => "peers",
            Self::Blend => "blend",
            Self::Shelf => "shelf",
            Self::Series => "series",
            Self::Popular => "popular",
            Self::Linked => "linked",
        }
    }

    /// What it weighs before anything is learned: what served lists of authors best on documentations that were looked at
    /// (docs/related.md). Concepts and series stood in none of them, and weigh what is usual.
    fn default_weight(self) -> f32 {
        match self {
            Self::Text => 1.5,
            Self::Names | Self::Concepts | Self::Series => 1.0,
            Self::Code => 0.5,
            Self::LinksHere => 0.1,
            Self::Neighbours | Self::Walk => 0.4,
            Self::CitedTogether => 0.2,
            Self::Peers => 0.8,
            Self::Blend => 1.4,
            Self::Shelf => 2.5,
            Self::Linked => -3.6,
            // `Neighbours` counts whom both link to as well, and a hub is near everything.
            Self::CitingTogether | Self::Popular => 0.0,
        }
    }

    /// What its weight gains where a reader must be shown the way up ([`super::learn`]): overviews link to their pages and
    /// are what those pages leave out.
    fn gain_below_overviews(self) -> f32 {
        match self {
            Self::LinksHere => 0.8,
            Self::Walk => 0.6,
            Self::Popular => 2.4,
            Self::Blend => 0.4,
            Self::Text => -1.0,
            Self::Names => -0.4,
            Self::Peers => -0.5,
            _ => 0.0,
        }
    }

    /// Whether its weight may become negative. The others can only speak for a page.
    pub(super) fn is_signed(self) -> bool {
        self == Self::Linked
    }
}

/// What each signal weighs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights(pub Strengths);

impl Default for Weights {
    fn default() -> Self {
        Self::below_overviews(0.0)
    }
}

impl Weights {
    /// The weights before anything is learned where `share` of the way up is left out of texts, 0 to 1.
    pub fn below_overviews(share: f32) -> Self {
        Self(Signal::ALL.map(|signal| signal.default_weight() + share * signal.gain_below_overviews()))
    }

    /// The weighted sum of `strengths`.
    pub fn score(&self, strengths: &Strengths) -> f32 {
        self.0.iter().zip(strengths).map(|(weight, strength)| weight * strength).sum()
    }

    /// Nothing but `signal`.
    pub fn only(signal: Signal) -> Self {
        let mut weights = [0.0; N_SIGNALS];
        weights[signal as usize] = 1.0;
        Self(weights)
    }

    /// These without `signal`.
    pub fn without(mut self, signal: Signal) -> Self {
        self.0[signal as usize] = 0.0;
        self
    }

    /// Names and weights, rounded to three digits.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, f32)> + '_ {
        Signal::ALL.iter().zip(&self.0).map(|(signal, weight)| (signal.as_str(), (weight * 1e3).round() / 1e3))
    }
}

impl Serialize for Weights {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.named())
    }
}

impl<'de> Deserialize<'de> for Weights {
    /// Signals that are not named weigh nothing.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let named = std::collections::BTreeMap::<String, f32>::deserialize(from)?;
        let mut weights = [0.0; N_SIGNALS];
        for (name, weight) in named {
            let signal = Signal::ALL.iter().find(|signal| signal.as_str() == name);
            let signal =
                signal.ok_or_else(|| serde::de::Error::custom(format_args!("no signal is called `{name}`")))?;
            weights[*signal as usize] = weight;
        }
        Ok(Self(weights))
    }
}
