//! How a time is read out of the text of an event: props.conf's `TIME_PREFIX`, `TIME_FORMAT`,
//! `MAX_TIMESTAMP_LOOKAHEAD`, `TZ`, `TZ_ALIAS`, `MAX_DAYS_AGO`, `MAX_DAYS_HENCE`, `DATETIME_CONFIG`.

use std::borrow::Cow;

use crate::eval::Regex;
use jiff::tz::TimeZone;

use super::recognise::{recognise, time_alone};
use super::strptime::strptime_start;

/// How far Splunk looks for a time where nothing is said, in characters.
pub const LOOKAHEAD: usize = 128;

/// Reads times out of texts.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The time begins where a match of this ends; where nothing matches there is no time.
    pub prefix: Option<Regex>,
    /// The format; the common forms otherwise, and where it does not fit.
    pub format: Option<String>,
    /// How many characters are looked at; none for all of them.
    pub lookahead: Option<usize>,
    /// The zone of times that name none.
    pub zone: TimeZone,
    /// What names of zones stand for.
    pub zone_names: ZoneNames,
    /// The start of the search, epoch seconds.
    pub now: f64,
    /// The oldest and the newest time that is believed, epoch seconds.
    pub believed: (f64, f64),
    /// The day of times that name none, by a time on it, where the events of a source name none.
    pub day: Option<f64>,
    /// Where the text is not looked at.
    pub instead: Option<Instead>,
}

/// What names of zones stand for in texts.
#[derive(Clone, Debug, Default)]
pub struct ZoneNames(Vec<(String, String)>);

impl ZoneNames {
    /// Pairs of a name and what it stands for.
    pub fn new<T: AsRef<str>>(pairs: &[(T, T)]) -> ZoneNames {
        let owned = |(name, zone): &(T, T)| (name.as_ref().to_string(), zone.as_ref().to_string());
        ZoneNames(pairs.iter().map(owned).collect())
    }

    /// A text in which names that are words of their own are what they stand for; each once.
    pub fn put_into<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = Cow::Borrowed(text);
        for (name, zone) in &self.0 {
            let alone = |at: &usize| {
                let (before, after) = (out.get(..*at), out.get(at + name.len()..));
                let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
                !letter(before.and_then(|text| text.chars().next_back()))
                    && !letter(after.and_then(|text| text.chars().next()))
            };
            let found = out.match_indices(name.as_str()).map(|(at, _)| at).find(alone);
            if let Some(at) = found {
                let mut text = out.into_owned();
                text.replace_range(at..at + name.len(), zone);
                out = Cow::Owned(text);
            }
        }
        out
    }
}

/// What stands for the time of events whose text is not looked at (`DATETIME_CONFIG`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// The start of the search (`CURRENT`).
    Now,
    /// The file's own time (`NONE`).
    File,
}

impl Stamp {
    /// The common forms, at the beginning of the text.
    pub fn automatic(zone: TimeZone, now: f64) -> Stamp {
        Stamp {
            prefix: None,
            format: None,
            lookahead: Some(LOOKAHEAD),
            zone,
            zone_names: ZoneNames::default(),
            now,
            believed: (f64::NEG_INFINITY, f64::INFINITY),
            day: None,
            instead: None,
        }
    }

    /// The time that a text names.
    pub fn read(&self, text: &str) -> Option<f64> {
        if let Some(instead) = self.instead {
            return (instead == Instead::Now).then_some(self.now);
        }
        let start = match &self.prefix {
            Some(prefix) => prefix.find(text).ok().flatten()?.end(),
            None => 0,
        };
        let rest = text.get(start..)?;
        let length = match self.lookahead {
            Some(limit) => rest.char_indices().nth(limit).map_or(rest.len(), |(at, _)| at),
            None => rest.len(),
        };
        let window = &*self.zone_names.put_into(rest.get(..length)?);
        let alone = || time_alone(window, &self.zone, self.day?);
        let found = self.by_format(window).or_else(|| recognise(window, &self.zone, self.now)).or_else(alone);
        found.filter(|time| (self.believed.0..=self.believed.1).contains(time))
    }

    /// The time by the format: where the text begins, or at the first word from where it fits.
    fn by_format(&self, window: &str) -> Option<f64> {
        let format = self.format.as_deref()?;
        let read = |text: &str| strptime_start(text, format, &self.zone, self.day.unwrap_or(self.now));
        let word = |(at, pair): (usize, &[u8])| match pair {
            [before, after] if after.is_ascii_alphanumeric() && !before.is_ascii_alphanumeric() => {
                Some(at + 1)
            }
            _ => None,
        };
        let words = window.as_bytes().windows(2).enumerate().filter_map(word);
        std::iter::once(0).chain(words).find_map(|at| read(window.get(at..)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> Stamp {
        Stamp::automatic(TimeZone::UTC, 1_709_251_200.0)
    }

    #[test]
    fn a_prefix_leads_to_the_time() {
        let prefix = Some(crate::eval::compile(r"seen=").unwrap());
        let stamp = Stamp { prefix, ..stamp() };
        let text = "2024-01-01T00:00:00Z seen=2024-02-28T09:30:15Z";
        assert_eq!(stamp.read(text), Some(1_709_112_615.0));
        assert_eq!(stamp.read("2024-01-01T00:00:00Z"), None);
        assert_eq!(Stamp { lookahead: Some(10), ..stamp }.read(text), Some(1_709_078_400.0));
    }

    #[test]
    fn a_format_is_tried_before_the_common_forms() {
        let stamp = Stamp { format: Some("%d.%m.%y %H:%M".into()), ..stamp() };
        assert_eq!(stamp.read("at 02.03.23 04:05:06 x"), Some(1_677_729_900.0));
        assert_eq!(stamp.read("2024-02-28T09:30:15Z"), Some(1_709_112_615.0));
    }

    #[test]
    fn names_of_zones_stand_for_others() {
        let zone_names = ZoneNames::new(&[("EST", "+10:00"), ("LT", "Europe/Berlin")]);
        let stamp = Stamp { zone_names, ..stamp() };
        let utc = 1_709_112_615.0;
        assert_eq!(stamp.read("2024-02-28 09:30:15 EST"), Some(utc - 36_000.0));
        let format = Some("%Y-%m-%d %H:%M:%S %Z".into());
        let stamp = Stamp { format, ..stamp };
        assert_eq!(stamp.read("2024-02-28 09:30:15 EST x"), Some(utc - 36_000.0));
        assert_eq!(stamp.read("BOLT 2024-02-28 09:30:15 LT"), Some(utc - 3_600.0));
        assert_eq!(stamp.read("2024-02-28 09:30:15 PST"), Some(utc + 28_800.0));
    }

    #[test]
    fn a_lookahead_ends_on_a_character() {
        let stamp = Stamp { lookahead: Some(3), ..stamp() };
        assert_eq!(stamp.read("ééé 2024-02-28"), None);
    }

    #[test]
    fn times_that_are_not_believed_and_texts_that_are_not_read() {
        let text = "2024-02-28T09:30:15Z";
        assert_eq!(Stamp { believed: (1_709_200_000.0, f64::INFINITY), ..stamp() }.read(text), None);
        assert_eq!(Stamp { instead: Some(Instead::Now), ..stamp() }.read(text), Some(1_709_251_200.0));
        assert_eq!(Stamp { instead: Some(Instead::File), ..stamp() }.read(text), None);
    }
}
