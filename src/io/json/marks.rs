//! Where plain runs of strings end: one bit for each byte of a text.
//!
//! Comparing sixty-four bytes at once costs little more than comparing one, and where every string of a line
//! ends is then a matter of a few instructions (Langdale and Lemire, "Parsing gigabytes of JSON per second",
//! 2019, section 3.1).

/// Bytes of a block: one bit of a word for each.
const BLOCK: usize = 64;

/// The bytes of a text that end a plain run of a string: quotation marks, backslashes and control characters.
#[derive(Debug, Default)]
pub struct Marks {
    /// A bit for each byte, and at least a word of ones behind.
    bits: Vec<[u8; 8]>,
}

impl Marks {
    /// Of no text.
    pub const fn none() -> Marks {
        Marks { bits: Vec::new() }
    }

    /// Those of a text, instead of those before.
    pub fn set(&mut self, text: &[u8]) {
        self.bits.clear();
        self.bits.reserve(text.len() / BLOCK + 3);
        let (blocks, rest) = text.as_chunks();
        fill(blocks, &mut self.bits);
        if !rest.is_empty() {
            let bits = match text.last_chunk() {
                // Most texts are as long as a block, and the last one of it can be taken twice in part.
                Some(block) => {
                    fill(std::slice::from_ref(block), &mut self.bits);
                    u64::from_le_bytes(self.bits.pop().unwrap_or_default()) >> (BLOCK - rest.len())
                }
                None => {
                    let bit = |(at, &byte): (usize, &u8)| u64::from(ends(byte)) << at;
                    rest.iter().enumerate().map(bit).fold(0, |bits, bit| bits | bit)
                }
            };
            self.bits.push((bits | u64::MAX << rest.len()).to_le_bytes());
        }
        self.bits.extend([[0xff; 8]; 2]);
    }

    /// The first byte from `at` on that ends a plain run; what is behind the text ends one too.
    #[inline]
    pub fn next(&self, mut at: usize) -> usize {
        let bits = self.bits.as_flattened();
        while let Some(word) = bits.get(at / 8..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*word) >> (at % 8);
            if word != 0 {
                return at + word.trailing_zeros() as usize;
            }
            at += 64 - at % 8;
        }
        at
    }
}

/// Whether a byte ends a plain run of a string.
fn ends(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// One bit for each byte of a block that ends a plain run.
fn ends_in(block: &[u8; BLOCK]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let mut bits = 0;
    for (at, word) in block.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The high bit of each byte that is the same as in the other word; no byte is mistaken.
        let same = |other: u64| {
            let differs = word ^ other;
            !(((differs & !HIGHS) + !HIGHS) | differs) & HIGHS
        };
        let control = !((word & !HIGHS) + ONES * 0x60) & !word & HIGHS;
        let found = control | same(ONES * u64::from(b'"')) | same(ONES * u64::from(b'\\'));
        // The eight high bits are put side by side.
        bits |= ((found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (at * 8);
    }
    bits
}

/// Adds the bits of blocks.
#[cfg(not(target_arch = "x86_64"))]
fn fill(blocks: &[[u8; BLOCK]], bits: &mut Vec<[u8; 8]>) {
    bits.extend(blocks.iter().map(|block| ends_in(block).to_le_bytes()));
}

#[cfg(target_arch = "x86_64")]
use x86::fill;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x,
        _mm256_set1_epi8,
    };
    use std::is_x86_feature_detected;

    use super::super::super::words::words;
    use super::{BLOCK, ends_in};

    /// Adds the bits of blocks.
    #[allow(unsafe_code)]
    pub fn fill(blocks: &[[u8; BLOCK]], bits: &mut Vec<[u8; 8]>) {
        if is_x86_feature_detected!("avx2") {
            // SAFETY: `fill_256` reads and writes by references only; all that it asks for is a processor with
            // AVX2, which was seen in the line before. Without it the bits of 1 GB take 0.15 s instead of 0.03.
            unsafe { fill_256(blocks, bits) }
        } else {
            bits.extend(blocks.iter().map(|block| ends_in(block).to_le_bytes()));
        }
    }

    #[target_feature(enable = "avx2")]
    fn fill_256(blocks: &[[u8; BLOCK]], bits: &mut Vec<[u8; 8]>) {
        let (quote, slash) = (_mm256_set1_epi8(b'"' as i8), _mm256_set1_epi8(b'\\' as i8));
        let most = _mm256_set1_epi8(0x1f);
        bits.extend(blocks.iter().map(|block| {
            let half = |words: &[i64; 4]| {
                let [a, b, c, d] = *words;
                let half = _mm256_set_epi64x(d, c, b, a);
                let control = _mm256_cmpeq_epi8(_mm256_min_epu8(half, most), half);
                let either = _mm256_or_si256(_mm256_cmpeq_epi8(half, quote), _mm256_cmpeq_epi8(half, slash));
                u64::from(_mm256_movemask_epi8(_mm256_or_si256(control, either)).cast_unsigned())
            };
            let [a, b, c, d, e, f, g, h] = words(block);
            (half(&[a, b, c, d]) | half(&[e, f, g, h]) << 32).to_le_bytes()
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told() {
        for byte in 0..=255 {
            for at in 0..BLOCK {
                let mut block = [b'a'; BLOCK];
                block[at] = byte;
                assert_eq!(ends_in(&block), u64::from(ends(byte)) << at, "{byte} at {at}");
                block = [byte; BLOCK];
                block[at] = b'\xe9';
                let all = if ends(byte) { !(1 << at) } else { 0 };
                assert_eq!(ends_in(&block), all, "{byte} but at {at}");
            }
        }
    }

    #[test]
    fn the_same_with_every_processor() {
        let block = |byte: u8| std::array::from_fn(|at| byte.wrapping_mul(at as u8 | 1));
        let blocks: Vec<[u8; BLOCK]> = (0..=255).map(block).collect();
        let mut bits = Vec::new();
        fill(&blocks, &mut bits);
        assert_eq!(bits, blocks.iter().map(|block| ends_in(block).to_le_bytes()).collect::<Vec<_>>());
    }

    #[test]
    fn the_next_is_found_at_every_offset() {
        let mut marks = Marks::none();
        assert_eq!(marks.next(5), 5);
        for length in 0..200 {
            for mark in [b'"', b'\\', 0x1f, 0, b'\n'] {
                let mut text = "\u{7f} !#[]é\u{80}zz".repeat(20).into_bytes();
                text.truncate(length);
                text.extend([mark, b'x', b'"']);
                marks.set(&text);
                for from in 0..=length {
                    assert_eq!(marks.next(from), length);
                }
                assert_eq!((marks.next(length + 1), marks.next(length + 3)), (length + 2, length + 3));
            }
            marks.set(&vec![b'a'; length]);
            assert_eq!(marks.next(length / 2), length);
        }
    }
}
