//! How often a literal is found, seen on the first events: the choice between literals that would all be
//! right.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::io::Needle;

/// More lines than this say no more about a literal and take time before anything is read.
const MOST_LINES: usize = 64;

/// The beginning of the input.
#[derive(Debug, Default)]
pub struct Sample {
    lines: Vec<Vec<u8>>,
    lower: Vec<Vec<u8>>,
    /// In how many lines a literal is: asked for again wherever it is one of several.
    known: Mutex<HashMap<Vec<u8>, usize>>,
}

impl Sample {
    /// The lines of a text.
    pub fn new(text: &[u8]) -> Sample {
        let lines = text.split(|&byte| byte == b'\n').take(MOST_LINES);
        let lines: Vec<Vec<u8>> = lines.map(<[u8]>::to_vec).collect();
        let lower = lines.iter().map(|line| line.to_ascii_lowercase()).collect();
        Sample { lines, lower, known: Mutex::default() }
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
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |needle: &Needle, known: &mut HashMap<Vec<u8>, usize>| {
            let text = if needle.any_case { needle.text.to_ascii_lowercase() } else { needle.text.clone() };
            let case = u8::from(needle.any_case);
            *known.entry([&text[..], &[case]].concat()).or_insert_with(|| {
                let finder = memchr::memmem::Finder::new(&text);
                let lines = if needle.any_case { &self.lower } else { &self.lines };
                lines.iter().filter(|line| finder.find(line).is_some()).count()
            })
        };
        needles.iter().map(|needle| count(needle, &mut known)).sum::<usize>() * 1000 / self.lines.len()
    }
}
