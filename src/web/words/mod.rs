//! The texts of the interface, one table a language. To add one: copy `en.rs`, translate it, name it in [`LANGUAGES`].

mod de;
mod en;

/// Every text of the interface in one language.
pub(super) struct Words {
    /// BCP 47 tag.
    pub(super) lang: &'static str,
    pub(super) skip: &'static str,
    pub(super) search: &'static str,
    pub(super) search_placeholder: &'static str,
    pub(super) site_search: &'static str,
    pub(super) all_pages: &'static str,
    pub(super) main_nav: &'static str,
    pub(super) map: &'static str,
    pub(super) learn: &'static str,
    pub(super) api: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) stale: &'static str,
    pub(super) home_lead: &'static str,
    pub(super) start_here: &'static str,
    pub(super) start_note: &'static str,
    pub(super) unlocks_count: Counted,
    pub(super) topics: &'static str,
    pub(super) all_topics: &'static str,
    pub(super) goals: &'static str,
    pub(super) goals_note: &'static str,
    pub(super) guides: &'static str,
    pub(super) all_guides: &'static str,
    pub(super) embed_title: &'static str,
    pub(super) embed_line: &'static str,
    pub(super) empty_title: &'static str,
    pub(super) empty_text: &'static str,
    pub(super) concept: &'static str,
    pub(super) guide: &'static str,
    pub(super) plan: &'static str,
    pub(super) topic: &'static str,
    pub(super) also_called: &'static str,
    pub(super) learn_steps: &'static str,
    pub(super) know_this: &'static str,
    pub(super) read_on: Phrase,
    pub(super) before_this: &'static str,
    pub(super) before_counts: Phrase,
    pub(super) needs_nothing: &'static str,
    pub(super) unlocks: &'static str,
    pub(super) unlocks_counts: Phrase,
    pub(super) unlocks_nothing: &'static str,
    pub(super) helps: &'static str,
    pub(super) learn_from: &'static str,
    pub(super) is_lesson: &'static str,
    pub(super) section: Phrase,
    pub(super) set_apart: &'static str,
    pub(super) sources: &'static str,
    pub(super) together_with: &'static str,
    pub(super) pro: &'static str,
    pub(super) free: &'static str,
    pub(super) needs_n: Counted,
    pub(super) known_of: Phrase,
    pub(super) contents: &'static str,
    pub(super) teaches: &'static str,
    pub(super) updated: Phrase,
    pub(super) by: Phrase,
    pub(super) locked_title: &'static str,
    pub(super) locked_text: &'static str,
    pub(super) goes_on: &'static str,
    pub(super) upgrade: &'static str,
    pub(super) quiz: &'static str,
    pub(super) check: &'static str,
    pub(super) right: &'static str,
    pub(super) wrong: &'static str,
    pub(super) wrong_go_back: &'static str,
    pub(super) show_answer: &'static str,
    pub(super) locked_answers: &'static str,
    pub(super) interview: &'static str,
    pub(super) read_before: &'static str,
    pub(super) similar: &'static str,
    pub(super) read_next: &'static str,
    pub(super) fallback: &'static str,
    pub(super) companion: &'static str,
    pub(super) way_to: Phrase,
    pub(super) where_to: &'static str,
    pub(super) steps_through: Phrase,
    pub(super) each_after: &'static str,
    pub(super) to: &'static str,
    pub(super) know_already: &'static str,
    pub(super) names_commas: &'static str,
    pub(super) minutes_have: &'static str,
    pub(super) no_limit: &'static str,
    pub(super) make_plan: &'static str,
    pub(super) address_note: &'static str,
    pub(super) steps: &'static str,
    pub(super) time_total: &'static str,
    pub(super) known: &'static str,
    pub(super) left: &'static str,
    pub(super) steps_known: &'static str,
    pub(super) free_and_pro: Phrase,
    pub(super) read: &'static str,
    pub(super) in_guide: &'static str,
    pub(super) its_beginning: &'static str,
    pub(super) whole_guide: &'static str,
    pub(super) own_page: &'static str,
    pub(super) i_know: Phrase,
    pub(super) needed_by: Phrase,
    pub(super) for_steps: &'static str,
    pub(super) where_wanted: &'static str,
    pub(super) chain: &'static str,
    pub(super) together: &'static str,
    pub(super) helps_title: &'static str,
    pub(super) waits: &'static str,
    pub(super) fits_of: Phrase,
    pub(super) gaps: &'static str,
    pub(super) gaps_note: &'static str,
    pub(super) all_known: &'static str,
    pub(super) picture_and_exports: &'static str,
    pub(super) print: &'static str,
    pub(super) share: &'static str,
    pub(super) shared: &'static str,
    pub(super) did_you_mean: &'static str,
    pub(super) found: Counted,
    pub(super) relaxed: &'static str,
    pub(super) none_found: Phrase,
    pub(super) none_hint: &'static str,
    pub(super) browse: Counted,
    pub(super) narrow: &'static str,
    pub(super) kind: &'static str,
    pub(super) level: &'static str,
    pub(super) access: &'static str,
    pub(super) language: &'static str,
    pub(super) next_page: &'static str,
    pub(super) ready: &'static str,
    pub(super) needs_unticked: Counted,
    pub(super) locked_hit: &'static str,
    pub(super) found_as: Phrase,
    pub(super) beginner: &'static str,
    pub(super) intermediate: &'static str,
    pub(super) advanced: &'static str,
    pub(super) contrasts: &'static str,
    pub(super) part_of: &'static str,
    pub(super) has_part: &'static str,
    pub(super) improves_on: &'static str,
    pub(super) improved_by: &'static str,
    pub(super) related: &'static str,
    pub(super) not_found: &'static str,
    pub(super) not_found_text: &'static str,
    pub(super) bad_request: &'static str,
    pub(super) unauthorized: &'static str,
    pub(super) unauthorized_text: &'static str,
    pub(super) unavailable: &'static str,
    pub(super) unavailable_text: &'static str,
    pub(super) our_fault: &'static str,
    pub(super) our_fault_text: &'static str,
    pub(super) request_id: Phrase,
    pub(super) go_home: &'static str,
    pub(super) concepts: &'static str,
    pub(super) map_lead: &'static str,
    pub(super) map_skipped: &'static str,
    pub(super) map_none: &'static str,
    pub(super) central: &'static str,
    pub(super) near: &'static str,
    pub(super) api_lead: &'static str,
    pub(super) example: &'static str,
    pub(super) parameters: &'static str,
    pub(super) required: &'static str,
    pub(super) answer: &'static str,
    pub(super) health: &'static str,
    pub(super) errors: &'static str,
    pub(super) warnings: &'static str,
    pub(super) remarks: &'static str,
    pub(super) nothing_to_mend: &'static str,
    pub(super) recent: &'static str,
    pub(super) in_all: Phrase,
    pub(super) in_all_time: Phrase,
    pub(super) n_concepts: Counted,
    pub(super) n_guides: Counted,
    pub(super) picture: &'static str,
    pub(super) picture_description: Phrase,
    pub(super) picture_note: &'static str,
    pub(super) picture_scrolls: &'static str,
    pub(super) around: Phrase,
    pub(super) around_description: Phrase,
    pub(super) dashed: &'static str,
    pub(super) picture_as: &'static str,
    pub(super) depth: &'static str,
    pub(super) quick: &'static str,
    pub(super) solid: &'static str,
    pub(super) may_start: &'static str,
    pub(super) for_example: &'static str,
    pub(super) n_more: Counted,
    pub(super) alone: Counted,
    pub(super) search_guides: &'static str,
    pub(super) n_steps: Counted,
    pub(super) inferred: Phrase,
    pub(super) inferred_dotted: &'static str,
    pub(super) inferred_plan: &'static str,
    pub(super) inferred_note: &'static str,
    pub(super) inferred_include: &'static str,
    pub(super) inferred_offer: &'static str,
    pub(super) inferred_link: &'static str,
    pub(super) needs_guides: Counted,
    pub(super) order_note: &'static str,
    pub(super) map_lead_guides: &'static str,
    pub(super) alone_guides: Counted,
    pub(super) map_picture: &'static str,
    pub(super) map_description: Phrase,
    pub(super) min: Phrase,
    pub(super) hours: Phrase,
    pub(super) hours_minutes: Phrase,
}

/// A text with gaps, written `{}`.
#[derive(Clone, Copy)]
pub(super) struct Phrase(&'static str);

/// A text with one gap for a number, for one and for all other numbers.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    one: &'static str,
    many: &'static str,
}

/// A number, however many references deep a template has it.
pub(super) trait Amount {
    /// The number.
    fn amount(&self) -> u64;
}

impl Amount for u32 {
    fn amount(&self) -> u64 {
        u64::from(*self)
    }
}

impl Amount for usize {
    fn amount(&self) -> u64 {
        *self as u64
    }
}

impl<N: Amount> Amount for &N {
    fn amount(&self) -> u64 {
        (*self).amount()
    }
}

impl Phrase {
    /// The text with these in its gaps, in order.
    pub(super) fn with(self, inserts: &[&dyn std::fmt::Display]) -> String {
        let mut inserts = inserts.iter();
        let mut text = String::with_capacity(self.0.len() + 16);
        for (n, piece) in self.0.split("{}").enumerate() {
            if n > 0
                && let Some(insert) = inserts.next()
            {
                text.push_str(&insert.to_string());
            }
            text.push_str(piece);
        }
        text
    }

    /// The text with this in its only gap.
    pub(super) fn of<T: std::fmt::Display>(self, insert: T) -> String {
        self.with(&[&insert])
    }

    /// The text with these in its two gaps.
    pub(super) fn of2<A: std::fmt::Display, B: std::fmt::Display>(self, first: A, second: B) -> String {
        self.with(&[&first, &second])
    }

    /// The text with these in its three gaps.
    pub(super) fn of3<A, B, C>(self, first: A, second: B, third: C) -> String
    where
        A: std::fmt::Display,
        B: std::fmt::Display,
        C: std::fmt::Display,
    {
        self.with(&[&first, &second, &third])
    }
}

impl Counted {
    /// The text for `n`.
    pub(super) fn of(self, n: impl Amount) -> String {
        let n = n.amount();
        Phrase(if n == 1 { self.one } else { self.many }).of(n)
    }
}

impl Words {
    /// `minutes` as a reader says them: `20 min`, `1 h 05`.
    pub(super) fn minutes(&self, minutes: impl Amount) -> String {
        let minutes = minutes.amount();
        match (minutes / 60, minutes % 60) {
            (0, minutes) => self.min.of(minutes),
            (hours, 0) => self.hours.of(hours),
            (hours, minutes) => self.hours_minutes.of2(hours, format_args!("{minutes:02}")),
        }
    }

    /// A level, or whatever else a corpus calls it.
    pub(super) fn level_name<'a>(&self, level: &'a str) -> &'a str
    where
        Self: 'a,
    {
        match level {
            "beginner" => self.beginner,
            "intermediate" => self.intermediate,
            "advanced" => self.advanced,
            other => other,
        }
    }

    /// A relation between concepts.
    pub(super) fn relation_name<'a>(&self, relation: &'a str) -> &'a str {
        match relation {
            "contrasts" => self.contrasts,
            "part_of" => self.part_of,
            "has_part" => self.has_part,
            "improves_on" => self.improves_on,
            "improved_by" => self.improved_by,
            "related" => self.related,
            other => other,
        }
    }
}

/// Every language of the interface; the first one where none fits.
static LANGUAGES: [&Words; 2] = [&en::WORDS, &de::WORDS];

/// The texts for content of the language `lang`.
pub(super) fn of(lang: &str) -> &'static Words {
    LANGUAGES.iter().find(|words| speaks(words, lang)).unwrap_or(&LANGUAGES[0])
}

/// Whether `words` are of the language `lang`, whatever its region.
pub(super) fn speaks(words: &Words, lang: &str) -> bool {
    primary(lang).eq_ignore_ascii_case(words.lang)
}

/// `rtl` for languages that are written from right to left.
pub(super) fn direction(lang: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "ur", "yi"];
    let primary = primary(lang).to_ascii_lowercase();
    if RIGHT_TO_LEFT.contains(&primary.as_str()) { "rtl" } else { "ltr" }
}

fn primary(lang: &str) -> &str {
    lang.split(['-', '_']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_told_as_people_say_them() {
        let told = |minutes: u32| en::WORDS.minutes(minutes);
        assert_eq!([told(0), told(59), told(60), told(93)], ["0 min", "59 min", "1 h", "1 h 33"]);
        assert_eq!(de::WORDS.minutes(93_u32), "1 Std. 33");
    }

    #[test]
    fn a_language_is_found_whatever_its_region() {
        assert_eq!([of("de-AT").lang, of("EN_us").lang, of("tlh").lang], ["de", "en", "en"]);
        assert_eq!(
            [direction("ar"), direction("fa-IR"), direction("de"), direction("arn")],
            ["rtl", "rtl", "ltr", "ltr"]
        );
    }

    #[test]
    fn gaps_are_filled_in_order_and_numbers_agree() {
        assert_eq!(Phrase("{} of {}").of2(3, 5), "3 of 5");
        let counted = Counted { one: "{} step", many: "{} steps" };
        assert_eq!([counted.of(1_usize), counted.of(0_usize)], ["1 step", "0 steps"]);
    }
}
