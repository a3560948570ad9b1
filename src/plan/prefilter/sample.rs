//! How often a literal is found, seen on the first events: the choice between literals that would all be
//! right.

use crate::io::Needle;

/// The beginning of the input.
#[derive(Debug, Default)]
pub struct Sample {
    lines: Vec<Vec<u8>>,
    lower: Vec<Vec<u8>>,
}

impl Sample {
    /// The lines of a text.
    pub fn new(text: &[u8]) -> Sample {
        let lines: Vec<Vec<u8>> = text.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        let lower = lines.iter().map(|line| line.to_ascii_lowercase()).collect();
        Sample { lines, lower }
    }

    /// In how many lines of a thousand one of the needles is found, at most; what is known of literals in
    /// general where there are no lines to look at.
    pub fn share(&self, needles: &[Needle]) -> usize {
        if self.lines.len() < 2 {
            // A key is in most lines; a value is the rarer the longer it is.
            let guess = |needle: &Needle| match needle.text.last() {
                Some(b'"') => 500,
                _ => 200 / needle.text.len().max(1),
            };
            return needles.iter().map(guess).sum();
        }
        let lines = |needle: &Needle| {
            let text = if needle.any_case { needle.text.to_ascii_lowercase() } else { needle.text.clone() };
            let finder = memchr::memmem::Finder::new(&text);
            let lines = if needle.any_case { &self.lower } else { &self.lines };
            lines.iter().filter(|line| finder.find(line).is_some()).count()
        };
        needles.iter().map(lines).sum::<usize>() * 1000 / self.lines.len()
    }
}
