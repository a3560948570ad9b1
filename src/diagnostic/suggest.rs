//! "Did you mean", and when to say nothing.

/// The nearest of the candidates, if one is near: within a third of the word's length in single-letter
/// mistakes (swapped neighbours count as one), at least one mistake allowed. An arbitrary choice when
/// none is near would send people the wrong way.
pub fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = wanted.to_lowercase();
    let allowed = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_is_near() {
        let commands = ["stats", "eventstats", "where", "eval", "dedup"];
        assert_eq!(nearest("dedpu", commands), Some("dedup"));
        assert_eq!(nearest("STATS", commands), Some("stats"));
        assert_eq!(nearest("xyzzy", commands), None);
        // Two of four letters wrong is another word.
        assert_eq!(nearest("even", commands), None);
    }
}
