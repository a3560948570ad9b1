//! Several bytes at a time: what the scanner does most.

/// Whether two texts of one length are the same. They are short: a call of `memcmp` costs more than this.
#[inline]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    let last = |bytes: &[u8]| bytes.last_chunk::<8>().copied();
    match (last(one), last(other)) {
        (Some(end), Some(other_end)) => {
            let (words, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
            end == other_end && words.iter().zip(others).all(|(word, other)| word == other)
        }
        _ => one == other,
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The high bit of each zero byte; above the lowest such byte there can be false ones.
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// Where in eight bytes the first is that ends a plain run of a string.
#[inline]
fn end_in_eight(bytes: [u8; 8]) -> Option<usize> {
    let word = u64::from_le_bytes(bytes);
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
    let (quote, slash) = (ONES * u64::from(b'"'), ONES * u64::from(b'\\'));
    let found = control | zeros(word ^ quote) | zeros(word ^ slash);
    (found != 0).then_some(found.trailing_zeros() as usize / 8)
}

/// As [`end_in_eight`] in a block: sixteen bytes, where the processor compares so many at once.
#[cfg(target_arch = "x86_64")]
mod block {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };

    pub const LENGTH: usize = 16;

    #[inline]
    #[target_feature(enable = "sse2")]
    fn ends(bytes: [u8; LENGTH]) -> i32 {
        let all = u128::from_le_bytes(bytes);
        let bytes = _mm_set_epi64x((all >> 64) as i64, all as i64);
        let control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        let quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'"' as i8));
        let slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\' as i8));
        _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash)))
    }

    #[inline]
    #[allow(unsafe_code)]
    pub fn end_in(bytes: [u8; LENGTH]) -> Option<usize> {
        // SAFETY: `ends` touches no memory but its argument; all that it asks for is a processor with SSE2, and
        // SSE2 is part of x86-64 (System V ABI for AMD64, section 3.1: every processor of the kind has it). What it
        // is worth stands in benches/README.md.
        let found = unsafe { ends(bytes) };
        (found != 0).then_some(found.trailing_zeros() as usize)
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod block {
    pub const LENGTH: usize = 8;

    #[inline]
    pub fn end_in(bytes: [u8; LENGTH]) -> Option<usize> {
        super::end_in_eight(bytes)
    }
}

/// The first byte from `at` that ends a plain run of a string: a quotation mark, a backslash or a control
/// character. A few bytes at a time: most strings are too short for a call of `memchr` to pay.
#[inline]
pub fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    let mut rest = bytes.get(at..).unwrap_or(&[]);
    while let Some((block, tail)) = rest.split_first_chunk::<{ block::LENGTH }>() {
        if let Some(end) = block::end_in(*block) {
            return at + end;
        }
        at += block::LENGTH;
        rest = tail;
    }
    if let Some((eight, tail)) = rest.split_first_chunk::<8>() {
        if let Some(end) = end_in_eight(*eight) {
            return at + end;
        }
        at += 8;
        rest = tail;
    }
    let ends = |&byte: &u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    at + rest.iter().position(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_plain_run_is_found_at_every_offset() {
        for length in 0..40 {
            for end in [b'"', b'\\', 0x1f, 0] {
                let mut bytes = "\u{7f} !#[]é\u{80}zz".repeat(8).into_bytes();
                bytes.truncate(length);
                bytes.extend([end, b'x', b'"']);
                assert_eq!(plain_end(&bytes, 0), length);
                assert_eq!(plain_end(&bytes, length / 2), length);
            }
            assert_eq!(plain_end(&vec![b'a'; length], 0), length);
        }
    }

    #[test]
    fn the_same_at_every_length() {
        for length in 0..40 {
            let text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF".as_bytes()[..length].to_vec();
            assert!(same(&text, &text.clone()));
            for at in 0..length {
                let mut other = text.clone();
                other[at] = b'!';
                assert!(!same(&text, &other), "{length}, {at}");
            }
        }
    }
}
