//! Sixty-four places at a time, where the processor has AVX2 or, better, the byte permutations of AVX-512.

/// Places in a block: one bit of a word for each.
pub const BLOCK: usize = 64;

/// So many blocks are looked through before anything is done about what was found: until then the tables stay in
/// registers.
const BLOCKS: usize = 32;

/// Blocks looked through at once: for each the places of newlines and of windows.
type Found = [u64; BLOCKS];

#[cfg(target_arch = "x86_64")]
pub use x86_64::{Width, every};

/// The widest instructions that the processor has; none without AVX2.
pub fn widest() -> Option<Width> {
    every().last().copied()
}

/// Nothing here looks through blocks.
#[cfg(not(target_arch = "x86_64"))]
pub fn every() -> Vec<Width> {
    Vec::new()
}

/// Instructions that look through blocks: there are none here.
#[cfg(not(target_arch = "x86_64"))]
#[derive(Clone, Copy, Debug)]
pub enum Width {}

/// Goes through all whole blocks; gives how far it came, and whether all was ASCII.
pub fn sift(sifted: &mut super::Sifted) -> (usize, bool) {
    let (mut at, mut ascii) = (0, true);
    let mut found = [0; BLOCKS];
    loop {
        let text = sifted.text.get(at..).unwrap_or(&[]);
        let (count, all_ascii) = sifted.sieve.width.through(sifted.sieve, text, &mut found);
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

#[cfg(not(target_arch = "x86_64"))]
impl Width {
    fn through(self, _: &super::Sieve, _: &[u8], _: &mut Found) -> (usize, bool) {
        match self {}
    }
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use std::is_x86_feature_detected;

    use super::super::Sieve;
    use super::{Found, avx2, avx512};

    /// Instructions that look through blocks. A value is made only where the processor has them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Width {
        /// Thirty-two bytes at a time, looked up by their halves.
        Avx2(Seen),
        /// Sixty-four bytes at a time, looked up whole.
        Avx512(Seen),
    }

    /// That the processor was asked.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Seen(());

    /// All that the processor has, the widest last.
    pub fn every() -> Vec<Width> {
        let avx512 = is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vbmi");
        let avx2 = is_x86_feature_detected!("avx2").then_some(Width::Avx2(Seen(())));
        avx2.into_iter().chain(avx512.then_some(Width::Avx512(Seen(())))).collect()
    }

    impl Width {
        /// Looks through whole blocks for newlines and for windows of literals; gives how many blocks, and whether
        /// all was ASCII.
        #[allow(unsafe_code)]
        pub fn through(self, sieve: &Sieve, text: &[u8], found: &mut Found) -> (usize, bool) {
            // SAFETY: the functions and what they call read and write by references and slices only; all that they
            // ask for is a processor with AVX2, or with AVX-512 BW and VBMI. Each variant holds a `Seen`, which
            // only `every` makes, and only where the processor said that it has them. What it is worth stands
            // in benches/README.md.
            unsafe {
                match (self, sieve.narrow) {
                    (Width::Avx2(_), true) => avx2::through::<true>(&sieve.tables, text, found),
                    (Width::Avx2(_), false) => avx2::through::<false>(&sieve.tables, text, found),
                    (Width::Avx512(_), true) => avx512::through::<true>(&sieve.tables, text, found),
                    (Width::Avx512(_), false) => avx512::through::<false>(&sieve.tables, text, found),
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm_set_epi64x, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256,
        _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
    };

    use super::super::super::super::words::words;
    use super::super::Table;
    use super::super::windows::WIDTH;
    use super::{BLOCK, Found};

    /// Places in one register.
    const PLACES: usize = 32;

    /// See [`super::Width::through`].
    #[target_feature(enable = "avx2")]
    pub fn through<const NARROW: bool>(
        tables: &[Table; WIDTH],
        text: &[u8],
        found: &mut Found,
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
        let [a, b, c, d] = words(bytes);
        _mm256_set_epi64x(d, c, b, a)
    }

    /// The table in both halves of a register: bytes are looked up in sixteens.
    #[target_feature(enable = "avx2")]
    fn twice(table: &[u8; 16]) -> __m256i {
        let all = u128::from_le_bytes(*table);
        _mm256_broadcastsi128_si256(_mm_set_epi64x((all >> 64) as i64, all as i64))
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use std::arch::x86_64::{
        __m512i, _mm512_and_si512, _mm512_cmpeq_epi8_mask, _mm512_movepi8_mask, _mm512_or_si512,
        _mm512_permutex2var_epi8, _mm512_set_epi64, _mm512_set1_epi8, _mm512_setzero_si512,
        _mm512_test_epi8_mask,
    };

    use super::super::super::super::words::words;
    use super::super::Table;
    use super::super::windows::WIDTH;
    use super::{BLOCK, Found};

    /// See [`super::Width::through`].
    #[target_feature(enable = "avx512bw,avx512vbmi")]
    pub fn through<const NARROW: bool>(
        tables: &[Table; WIDTH],
        text: &[u8],
        found: &mut Found,
    ) -> (usize, bool) {
        let [one, two, three] =
            tables.each_ref().map(|Table { whole: [low, high], .. }| (load(low), load(high)));
        let newline = _mm512_set1_epi8(b'\n' as i8);
        let (mut count, mut rest, mut all) = (0, text, _mm512_setzero_si512());
        for found in found {
            // Windows may go over the end of a block.
            let Some(block) = rest.first_chunk::<{ BLOCK + WIDTH - 1 }>() else { break };
            let [_, second @ ..] = block;
            let [_, _, third @ ..] = block;
            let bytes = load(block);
            all = _mm512_or_si512(all, bytes);
            let mut rest_of_window = groups(two, load(second));
            if !NARROW {
                rest_of_window = _mm512_and_si512(rest_of_window, groups(three, load(third)));
            }
            *found = _mm512_test_epi8_mask(groups(one, bytes), rest_of_window)
                | _mm512_cmpeq_epi8_mask(bytes, newline);
            rest = rest.get(BLOCK..).unwrap_or(&[]);
            count += 1;
        }
        (count, _mm512_movepi8_mask(all) == 0)
    }

    /// The groups that each byte may belong to: looked up by seven bits of it.
    #[target_feature(enable = "avx512bw,avx512vbmi")]
    fn groups((low, high): (__m512i, __m512i), bytes: __m512i) -> __m512i {
        _mm512_permutex2var_epi8(low, bytes, high)
    }

    /// The first bytes, in a register.
    #[target_feature(enable = "avx512bw,avx512vbmi")]
    fn load(bytes: &[u8]) -> __m512i {
        let [a, b, c, d, e, f, g, h] = words(bytes);
        _mm512_set_epi64(h, g, f, e, d, c, b, a)
    }
}
