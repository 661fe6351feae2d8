//! Dates as authors write them.

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Months as English writes them, by their first three letters.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A date that an author wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// When it begins, in seconds since 1970 in UTC, or where the author says no zone, anywhere.
    pub(crate) seconds: i64,
    year: i64,
    month: u32,
    day: u32,
    /// Whether the author wrote it as ISO 8601 does.
    is_iso: bool,
}

impl Moment {
    /// Reads `2026-03-01`, also with a time behind it, `2026/3/1`, `1 March 2026` and `March 1, 2026`; `None` for
    /// anything else, and for days that there are not.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        numeric(text).or_else(|| in_words(text))
    }

    /// The date as answers show it: as the author wrote it where that is ISO 8601, else as ISO 8601 has it.
    pub(crate) fn show(self, written: &str) -> String {
        if self.is_iso { written.to_owned() } else { format!("{:04}-{:02}-{:02}", self.year, self.month, self.day) }
    }

    fn on(year: i64, month: u32, day: u32, is_iso: bool) -> Option<Self> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let n_days = match month {
            2 => 28 + u32::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let known = (1..=n_days).contains(&day) && (1000..=9999).contains(&year);
        known.then(|| Self { seconds: days_since_1970(year, month, day) * DAY, year, month, day, is_iso })
    }
}

/// Days between 1970-01-01 and a date of the Gregorian calendar: years begin in March here, so that the leap day is the
/// last of its year.
fn days_since_1970(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * i64::from((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A number of at most `max` digits at the start of a text, and what follows.
fn number(text: &str, max: usize) -> Option<(u32, &str)> {
    let end = text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.len() <= max).then_some(())?;
    Some((digits.parse().ok()?, rest))
}

fn numeric(text: &str) -> Option<Moment> {
    let (year, rest) = number(text, 4).filter(|_| text.len() >= 4)?;
    let separator = rest.chars().next();
    let Some(separator @ ('-' | '/' | '.')) = separator else {
        // A year alone, or a month, is a date that says less.
        return rest.is_empty().then(|| Moment::on(i64::from(year), 1, 1, true))?;
    };
    let (month, rest) = number(&rest[1..], 2)?;
    let is_iso = separator == '-';
    let Some(rest) = rest.strip_prefix(separator) else {
        return rest.is_empty().then(|| Moment::on(i64::from(year), month, 1, is_iso))?;
    };
    let (day, time) = number(rest, 2)?;
    let is_padded = rest.len() - time.len() == 2 && text.len() - rest.len() == 8;
    let date = Moment::on(i64::from(year), month, day, is_iso && is_padded)?;
    if time.is_empty() {
        return Some(date);
    }
    let time = time.strip_prefix(['T', 't', ' '])?.trim_start();
    Some(Moment { seconds: date.seconds + time_of_day(time)?, ..date })
}

/// Seconds since midnight in UTC of `10:20`, `10:20:30.5`, each also with `Z`, `+02:00`, ` +0200`; a name of a zone is
/// passed over.
fn time_of_day(text: &str) -> Option<i64> {
    let (hours, rest) = number(text, 2)?;
    let (minutes, mut rest) = number(rest.strip_prefix(':')?, 2)?;
    let mut seconds = 0;
    if let Some(behind) = rest.strip_prefix(':') {
        (seconds, rest) = number(behind, 2)?;
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction.trim_start_matches(|char: char| char.is_ascii_digit());
        }
    }
    if hours > 24 || minutes > 59 || seconds > 60 {
        return None;
    }
    let zone = rest.trim();
    let offset = match zone.chars().next() {
        Some(sign @ ('+' | '-')) => {
            let digits: String = zone[1..].chars().filter(char::is_ascii_digit).collect();
            let (hours, minutes) =
                (digits.get(..2)?.parse::<i64>().ok()?, digits.get(2..4).unwrap_or("0").parse::<i64>().ok()?);
            let seconds = (hours * 60 + minutes) * 60;
            if sign == '+' { seconds } else { -seconds }
        }
        None => 0,
        Some(_) => zone.chars().all(|char| char.is_ascii_alphabetic()).then_some(0)?,
    };
    Some(i64::from(hours * 3600 + minutes * 60 + seconds) - offset)
}

fn in_words(text: &str) -> Option<Moment> {
    let words: Vec<&str> = text.split([' ', ',', '.']).filter(|word| !word.is_empty()).collect();
    let month = |word: &str| {
        let start = word.get(..3)?.to_ascii_lowercase();
        let idx = MONTHS.iter().position(|month| *month == start)?;
        u32::try_from(idx + 1).ok()
    };
    let day = |word: &str| word.trim_end_matches(|char: char| char.is_ascii_alphabetic()).parse().ok();
    let [first, second, year] = words.as_slice() else { return None };
    let year = year.parse().ok()?;
    match (month(first), month(second)) {
        (Some(month), None) => Moment::on(year, month, day(second)?, false),
        (None, Some(month)) => Moment::on(year, month, day(first)?, false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_their_usual_spellings() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2026-03-01T00:00:00Z", 1_772_323_200),
            ("2026-03-01 02:00:00 +0200", 1_772_323_200),
            ("2026-03-01T02:30:00.123+02:30", 1_772_323_200),
            ("2026/3/1", 1_772_323_200),
            ("March 1, 2026", 1_772_323_200),
            ("1 Mar 2026", 1_772_323_200),
            ("2026-03", 1_772_323_200),
            ("2026", 1_767_225_600),
        ] {
            assert_eq!(Moment::parse(text).map(|moment| moment.seconds), Some(seconds), "{text}");
        }
        assert_eq!(Moment::parse("2026/3/1").unwrap().show("2026/3/1"), "2026-03-01");
        assert_eq!(Moment::parse("2026-03-01").unwrap().show("2026-03-01"), "2026-03-01");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "2026-02-31",
            "2026-13-01",
            "31/12/2026",
            "1900-02-29",
            "2026-03-01T99:00",
            "x 1 2026",
            "20260301",
            "1.2.3",
            "2026-03-01 soon enough",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
