//! The bins of time of a sparkline, of `timechart` and of `bin`.

use jiff::tz::TimeZone;

use crate::time::Span;

/// The most bins that a sparkline has (limits.conf, `sparkline_maxsize`).
pub const MOST_BINS: usize = 100;

/// The spans from which one is chosen where a search names none (limits.conf, `sparkline_time_steps`).
const STEPS: [&str; 11] = ["1s", "5s", "10s", "30s", "1m", "5m", "10m", "30m", "1h", "1d", "1mon"];

/// How many of them, the first, are shorter than a day.
const WITHIN_A_DAY: usize = 9;

/// Times that have a bin, whatever its span: years 1 to 9998, in seconds since the epoch.
const YEARS: std::ops::Range<f64> = -62_135_596_800.0..253_370_764_800.0;

/// Whether a time, in seconds since the epoch, lies in a bin.
pub fn has_bin(time: f64) -> bool {
    YEARS.contains(&time)
}

/// How time is cut: into bins of one span, or of the shortest span that gives at most so many: `MOST_BINS`
/// if nothing else is asked for.
///
/// Which span that is shows only when all rows were seen. Until then rows are kept by *grain*: a bin of the
/// shortest span that is enough for the rows so far, and of these the part that lies in one day of the zone,
/// since an hour may begin before midnight and end after it. So every grain of a shorter span lies in one grain
/// of every longer span, and in one bin of it.
#[derive(Clone, Debug)]
pub struct Bins {
    steps: Vec<Span>,
    /// Where the span is yet to be chosen: what grains do not cross.
    day: Option<Span>,
    most: usize,
    zone: TimeZone,
}

impl Bins {
    /// Bins of this span.
    pub fn of(span: Span, zone: TimeZone) -> Bins {
        Bins { steps: vec![span], day: None, most: MOST_BINS, zone }
    }

    /// Bins whose span is chosen by the rows.
    pub fn automatic(zone: TimeZone) -> Bins {
        let steps = STEPS.iter().filter_map(|step| step.parse().ok()).collect();
        Bins { steps, day: "1d".parse().ok(), most: MOST_BINS, zone }
    }

    /// At most so many bins.
    #[must_use]
    pub fn at_most(self, most: usize) -> Bins {
        Bins { most, ..self }
    }

    /// No bins shorter than that: the steps from the first that is as long.
    #[must_use]
    pub fn at_least(mut self, least: &Span) -> Bins {
        let last = self.steps.last().copied();
        self.steps.retain(|step| step.nominal_seconds() >= least.nominal_seconds());
        if self.steps.is_empty() {
            self.steps.extend(last);
        }
        self
    }

    /// Whether grains are bins.
    pub fn are_fixed(&self) -> bool {
        self.day.is_none()
    }

    /// The first step, from this one on, that cuts a range into few enough bins; else the last. Steps are
    /// counted from 0, the shortest span.
    pub fn step_for(&self, from: usize, range: (f64, f64)) -> usize {
        let fits = |step: &usize| self.starts(*step, range).len() <= self.most;
        (from..self.steps.len()).find(fits).unwrap_or(self.steps.len().saturating_sub(1))
    }

    /// The span of a step as it is written.
    pub fn span(&self, step: usize) -> String {
        self.steps.get(step).map_or_else(String::new, Span::to_string)
    }

    /// The shortest span that cuts a range into few enough bins; else the longest.
    pub fn fitting(&self, range: (f64, f64)) -> Option<Span> {
        self.steps.get(self.step_for(0, range)).copied()
    }

    /// The start of the bin that a time lies in, in microseconds since the epoch.
    pub fn start(&self, step: usize, time: f64) -> Option<i64> {
        self.steps.get(step)?.floor(time, &self.zone).map(micros)
    }

    /// The starts of the bins from that of the first time of a range to that of the last; one more than
    /// are allowed where there are more than that.
    pub fn starts(&self, step: usize, (first, last): (f64, f64)) -> Vec<i64> {
        let mut starts: Vec<i64> = self.start(step, first).into_iter().collect();
        let Some(end) = self.start(step, last) else { return starts };
        while let Some(&start) = starts.last()
            && start < end
            && starts.len() <= self.most
        {
            let next = self.steps.get(step).and_then(|span| span.next_bin(seconds(start), &self.zone));
            match next.map(micros) {
                Some(next) if next > start => starts.push(next),
                _ => break,
            }
        }
        starts
    }

    /// The grain that a time lies in: its start, and where the next begins, in microseconds since the epoch.
    pub fn grain(&self, step: usize, time: f64) -> Option<(i64, i64)> {
        let edges = |span: &Span| -> Option<(i64, i64)> {
            Some((micros(span.floor(time, &self.zone)?), micros(span.next_bin(time, &self.zone)?)))
        };
        let (start, end) = edges(self.steps.get(step)?)?;
        match &self.day {
            Some(day) if step < WITHIN_A_DAY => {
                let (midnight, next) = edges(day)?;
                Some((start.max(midnight), end.min(next)))
            }
            _ => Some((start, end)),
        }
    }
}

fn micros(epoch: f64) -> i64 {
    (epoch * 1e6).round() as i64
}

/// Seconds since the epoch of microseconds.
pub fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_span_that_is_enough() {
        let bins = Bins::automatic(TimeZone::UTC);
        assert_eq!(bins.steps.len(), STEPS.len());
        // 2023-11-14T22:13:20Z begins a bin of 10s and none of 30s.
        let from = 1_700_000_000.0;
        for (seconds, span, count) in [
            (0.0, "1s", 1),
            (99.9, "1s", 100),
            (100.0, "5s", 21),
            (999.0, "10s", 100),
            (3600.0, "1m", 61),
            (100.0 * 3600.0, "1d", 6),
            (95.0 * 86_400.0, "1d", 96),
            (100.0 * 86_400.0, "1mon", 4),
        ] {
            let range = (from, from + seconds);
            let step = bins.step_for(0, range);
            assert_eq!(
                (bins.span(step).as_str(), bins.starts(step, range).len()),
                (span, count),
                "{seconds}"
            );
        }
        // More than 100 months: they are counted no further.
        let range = (0.0, from);
        assert_eq!(
            (bins.span(bins.step_for(0, range)).as_str(), bins.starts(10, range).len()),
            ("1mon", 101)
        );
    }

    #[test]
    fn bins_of_a_zone() {
        // Berlin's clocks went forward on 2024-03-31: that day has 23 hours.
        let bins = Bins::of("1d".parse().unwrap(), TimeZone::get("Europe/Berlin").unwrap());
        let starts = bins.starts(0, (1_711_800_000.0, 1_711_930_000.0));
        assert_eq!(starts, [1_711_753_200_000_000, 1_711_839_600_000_000, 1_711_922_400_000_000]);
        assert!(!has_bin(1e15) && has_bin(-1e9));
    }

    #[test]
    fn grains_end_at_midnight() {
        // Nepal is 5:45 ahead: its midnight, 18:15 in UTC, lies within an hour of UTC.
        let bins = Bins::automatic(TimeZone::get("Asia/Kathmandu").unwrap());
        let midnight = 1_709_921_700_i64;
        let hour = midnight - 15 * 60;
        let micros = |second: i64| second * 1_000_000;
        assert_eq!(bins.grain(8, (midnight - 1) as f64), Some((micros(hour), micros(midnight))));
        assert_eq!(bins.grain(8, midnight as f64), Some((micros(midnight), micros(hour + 3600))));
        assert_eq!(bins.start(8, midnight as f64), Some(micros(hour)));
        assert_eq!(bins.start(9, midnight as f64), Some(micros(midnight)));
        // 2024-03-01 to 2024-04-01 there.
        assert_eq!(bins.grain(10, midnight as f64), Some((micros(1_709_230_500), micros(1_711_908_900))));
    }
}
