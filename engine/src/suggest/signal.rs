//! What speaks for one page being a prerequisite of another, and what it weighs before anything is learned.
//!
//! The weights at the start are of two sorts. Short texts name what they need by its rare, specific name, and what reads
//! alike belongs together. Long texts name everything; of what they name, the general is what comes first. How long texts
//! are, and how much they name, decides between the two (`Flow::length`). See docs/suggest.md for what both were measured on.

use super::flow::Flow;
use super::near::Near;
use super::net::{Net, Told};
use super::order::ReadingPlaces;

/// How many signals there are.
pub(super) const N_CLUES: usize = Clue::ALL.len();

/// One number a signal, in the order of [`Clue::ALL`].
pub(super) type ClueRow = [f32; N_CLUES];

/// A signal. `from` is the prerequisite, `to` what would need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clue {
    /// The text of `to` names `from`, early and often, and few others do.
    Named,
    /// Its first sentence does.
    FirstSentence,
    /// The first sentence of `from` names `to`.
    FirstSentenceBack,
    /// The name of `from` stands in that of `to`.
    WithinName,
    /// The name of `to` stands in that of `from`.
    AroundName,
    /// `from` sends its readers on to `to`.
    SendsOn,
    /// `to` sends its readers on to `from`.
    SentBack,
    /// `to` links to `from` in passing.
    Linked,
    /// `to` says that `from` is needed before.
    SaidBefore,
    /// `from` stands before `to` in an order of the site, or behind it.
    Order,
    /// `from` is among the nearest of `to`, and more general.
    Close,
    /// Each is near for the other, and `from` more general.
    Mutual,
    /// `from` is near for `to`, whose text holds the words of its title.
    NearAndHeld,
    /// They read alike, and `to` holds the words of the title.
    AlikeAndHeld,
    /// They read alike.
    Alike,
    /// `from` is near for `to`.
    Nearness,
    /// `to` holds the words of the title of `from`.
    Held,
    /// More that is named leads to `from`.
    General,
    /// What `to` names names `from`, and not the reverse.
    ReferenceDistance,
    /// `to` names `from` earlier than the reverse.
    Earlier,
    /// `from` names `to`.
    NamedBack,
    /// Pages that read like `to` need `from`, as their authors say.
    Peers,
    /// Others need `from`, as their authors say.
    Needed,
}

impl Clue {
    pub(super) const ALL: [Self; 23] = [
        Self::Named,
        Self::FirstSentence,
        Self::FirstSentenceBack,
        Self::WithinName,
        Self::AroundName,
        Self::SendsOn,
        Self::SentBack,
        Self::Linked,
        Self::SaidBefore,
        Self::Order,
        Self::Close,
        Self::Mutual,
        Self::NearAndHeld,
        Self::AlikeAndHeld,
        Self::Alike,
        Self::Nearness,
        Self::Held,
        Self::General,
        Self::ReferenceDistance,
        Self::Earlier,
        Self::NamedBack,
        Self::Peers,
        Self::Needed,
    ];

    /// What it weighs at the start, in short texts and, on top of that, in long ones.
    fn start(self) -> (f32, f32) {
        match self {
            Self::Named => (0.84, 0.0),
            Self::FirstSentence => (1.5, -0.2),
            Self::FirstSentenceBack => (-2.0, 1.0),
            Self::WithinName => (3.3, 0.0),
            Self::AroundName => (-1.7, 0.0),
            Self::SendsOn => (4.5, 0.0),
            Self::SentBack => (-4.2, 0.0),
            Self::Linked => (1.2, 0.0),
            Self::SaidBefore => (4.0, 4.0),
            Self::Order => (0.7, 0.0),
            Self::Close => (1.95, 0.0),
            Self::Mutual => (0.45, 0.0),
            Self::NearAndHeld => (1.45, 0.0),
            Self::AlikeAndHeld => (0.6, 0.0),
            Self::Nearness => (0.9, 0.0),
            Self::Alike => (0.3, 2.4),
            Self::Held => (0.4, 1.6),
            Self::General | Self::ReferenceDistance | Self::Earlier => (0.0, 0.8),
            Self::NamedBack | Self::Peers | Self::Needed => (0.0, 0.0),
        }
    }
}

/// The weights at the start for texts of this `length`.
pub(super) fn start(length: f32) -> ClueRow {
    Clue::ALL.map(|clue| {
        let (short, long) = clue.start();
        short + length * long
    })
}

/// The weighted sum of `row`.
pub(super) fn weighed(weights: &ClueRow, row: &ClueRow) -> f32 {
    weights.iter().zip(row).map(|(weight, value)| weight * value).sum()
}

/// Where signals are read from.
pub(super) struct Clues<'a> {
    pub(super) net: &'a Net,
    pub(super) near: &'a Near,
    pub(super) flow: &'a Flow,
    pub(super) places: &'a ReadingPlaces,
    pub(super) known: &'a super::known::Known,
}

impl Clues<'_> {
    /// What speaks for `from` being a prerequisite of `to`.
    pub(super) fn row(&self, from: u32, to: u32) -> ClueRow {
        let Self { net, near, flow, .. } = self;
        let nothing = Told::default();
        let there = net.says(to, from).unwrap_or(&nothing);
        let back = net.says(from, to).unwrap_or(&nothing);
        let named = |told: &Told, node: u32| flow.rarity[node as usize] * (told.count as f32).ln_1p();
        let generality = 1.0 / (1.0 + (-flow.rank_gap(from, to)).exp());
        let cosine = near.cosine(from, to);
        let (alike, held) = (cosine.max(0.0).sqrt(), near.coverage(net, from, to));
        let nearness = near.relative(to, cosine);
        let yes = |is: bool| if is { 1.0 } else { 0.0 };
        Clue::ALL.map(|clue| match clue {
            Clue::Named => named(there, from) * there.earliness,
            Clue::FirstSentence => yes(there.in_first_sentence),
            Clue::FirstSentenceBack => yes(back.in_first_sentence),
            Clue::WithinName => yes(net.within[to as usize].binary_search(&from).is_ok()),
            Clue::AroundName => yes(net.within[from as usize].binary_search(&to).is_ok()),
            Clue::SendsOn => yes(there.before.is_none()) * back.afterwards * (1.0 + 0.25 * generality),
            Clue::SentBack => yes(back.before.is_none()) * there.afterwards,
            Clue::Linked => yes(there.link.is_some()),
            Clue::SaidBefore => yes(there.before.is_some()) - yes(back.before.is_some()),
            Clue::Order => self.places.order(from, to),
            Clue::Close => generality * near.closeness(to, cosine),
            Clue::Mutual => generality * nearness * near.relative(from, cosine),
            Clue::NearAndHeld => generality * nearness * held,
            Clue::AlikeAndHeld => generality * alike * held,
            Clue::Alike => alike,
            Clue::Nearness => nearness,
            Clue::Held => held,
            Clue::General => flow.rank_gap_relative(from, to),
            Clue::ReferenceDistance => flow.reference_distance(from, to),
            Clue::Earlier => flow.early_gap(there.earliness, back.earliness),
            Clue::NamedBack => named(back, to),
            Clue::Peers => self.known.peers(near, from, to),
            Clue::Needed => self.known.needed(from, to),
        })
    }
}
