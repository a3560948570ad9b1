//! Sixty-four places at a time, where the processor has AVX2.

#[cfg(target_arch = "x86_64")]
pub use avx2::{here, sift};

/// Without AVX2 there is no sieve.
#[cfg(not(target_arch = "x86_64"))]
pub fn here() -> bool {
    false
}

/// Without AVX2 no block is looked at.
#[cfg(not(target_arch = "x86_64"))]
pub fn sift(_: &mut super::Sifted) -> (usize, bool) {
    (0, true)
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm_set_epi64x, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256,
        _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
    };
    use std::is_x86_feature_detected;

    use super::super::windows::WIDTH;
    use super::super::{Sifted, Table};

    /// Places in one register.
    const PLACES: usize = 32;

    /// Places in a block: one bit of a word for each.
    const BLOCK: usize = 2 * PLACES;

    /// So many blocks are looked through before anything is done about what was found: until then the tables
    /// stay in registers.
    const BLOCKS: usize = 32;

    /// Whether the processor can do it.
    pub fn here() -> bool {
        is_x86_feature_detected!("avx2")
    }

    /// Goes through all whole blocks; gives how far it came, and whether all was ASCII.
    pub fn sift(sifted: &mut Sifted) -> (usize, bool) {
        let (mut at, mut ascii) = (0, true);
        let mut found = [0; BLOCKS];
        loop {
            let (count, all_ascii) = look(sifted, at, &mut found);
            ascii &= all_ascii;
            for mut places in found.iter().take(count).copied() {
                while places != 0 {
                    sifted.look(at + places.trailing_zeros() as usize);
                    places &= places - 1;
                }
                at += BLOCK;
            }
            if count < BLOCKS {
                return (at, ascii);
            }
        }
    }

    /// As [`through`], from a place on.
    #[allow(unsafe_code)]
    fn look(sifted: &Sifted, at: usize, found: &mut [u64; BLOCKS]) -> (usize, bool) {
        if !here() {
            return (0, true);
        }
        // SAFETY: `through` and what it calls read and write by references and slices only; all that they ask for
        // is a processor with AVX2, which was seen in the line before. What it is worth stands in
        // benches/README.md.
        unsafe {
            let (sieve, text) = (sifted.sieve, sifted.text.get(at..).unwrap_or(&[]));
            match sieve.narrow {
                true => through::<true>(&sieve.tables, text, found),
                false => through::<false>(&sieve.tables, text, found),
            }
        }
    }

    /// Looks through whole blocks for newlines and for windows of literals; gives how many blocks, and whether all
    /// was ASCII.
    #[target_feature(enable = "avx2")]
    fn through<const NARROW: bool>(
        tables: &[Table; WIDTH],
        text: &[u8],
        found: &mut [u64; BLOCKS],
    ) -> (usize, bool) {
        let tables = tables.each_ref().map(|table| (twice(&table.low), twice(&table.high)));
        let (mut count, mut rest, mut all) = (0, text, _mm256_setzero_si256());
        for found in found {
            // Windows may go over the end of a block.
            let Some(block) = rest.first_chunk::<{ BLOCK + WIDTH - 1 }>() else { break };
            let (first, second) = halves(block);
            all = _mm256_or_si256(all, _mm256_or_si256(load(first), load(second)));
            *found = u64::from(places::<NARROW>(&tables, first))
                | u64::from(places::<NARROW>(&tables, second)) << PLACES;
            rest = rest.get(BLOCK..).unwrap_or(&[]);
            count += 1;
        }
        (count, _mm256_movemask_epi8(all) == 0)
    }

    /// The bytes of a register and those of windows that begin in it.
    type Bytes = [u8; PLACES + WIDTH - 1];

    fn halves(block: &[u8; BLOCK + WIDTH - 1]) -> (&Bytes, &Bytes) {
        static NONE: Bytes = [0; PLACES + WIDTH - 1];
        (block.first_chunk().unwrap_or(&NONE), block.last_chunk().unwrap_or(&NONE))
    }

    /// Newlines and windows that begin in the places of a register, one bit for each.
    #[target_feature(enable = "avx2")]
    fn places<const NARROW: bool>(tables: &[(__m256i, __m256i); WIDTH], bytes: &Bytes) -> u32 {
        let [one, two, three] = tables;
        let [_, second @ ..] = bytes;
        let [_, _, third @ ..] = bytes;
        let mut windows = _mm256_and_si256(groups(one, load(bytes)), groups(two, load(second)));
        if !NARROW {
            windows = _mm256_and_si256(windows, groups(three, load(third)));
        }
        let nowhere = _mm256_cmpeq_epi8(windows, _mm256_setzero_si256());
        let newlines = _mm256_cmpeq_epi8(load(bytes), _mm256_set1_epi8(b'\n' as i8));
        // A bit of `nowhere` is off where a window is; the newline's is on where one is.
        let none = _mm256_andnot_si256(newlines, nowhere);
        !_mm256_movemask_epi8(none).cast_unsigned()
    }

    /// The groups that each byte may belong to.
    #[target_feature(enable = "avx2")]
    fn groups((low, high): &(__m256i, __m256i), bytes: __m256i) -> __m256i {
        let half = _mm256_set1_epi8(15);
        let low = _mm256_shuffle_epi8(*low, _mm256_and_si256(bytes, half));
        let high = _mm256_shuffle_epi8(*high, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), half));
        _mm256_and_si256(low, high)
    }

    /// The first bytes, in a register.
    #[target_feature(enable = "avx2")]
    fn load(bytes: &[u8]) -> __m256i {
        let (words, _) = bytes.as_chunks::<8>();
        let [a, b, c, d] =
            std::array::from_fn(|at| words.get(at).map_or(0, |word| i64::from_le_bytes(*word)));
        _mm256_set_epi64x(d, c, b, a)
    }

    /// The table in both halves of a register: bytes are looked up in sixteens.
    #[target_feature(enable = "avx2")]
    fn twice(table: &[u8; 16]) -> __m256i {
        let all = u128::from_le_bytes(*table);
        _mm256_broadcastsi128_si256(_mm_set_epi64x((all >> 64) as i64, all as i64))
    }
}
