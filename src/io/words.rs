//! Bytes by eights, as registers take them.

/// The first bytes as so many words; zeros where there are no more.
#[inline]
pub fn words<const COUNT: usize>(bytes: &[u8]) -> [i64; COUNT] {
    let (words, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| i64::from_le_bytes(*word)))
}
