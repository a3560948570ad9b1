//! Sorting much by keys that are worked out once.

use std::cmp::Ordering;

use rayon::slice::ParallelSliceMut;

/// Fewer elements than this are not worth being shared out to threads.
const MANY: usize = 1 << 16;

/// Numbers have the order of their bits, once those of negative ones are turned round: a rank for each.
pub fn rank_of(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

/// Sorts, on all threads where there is much; no two elements are equal, or it does not matter which is first.
pub fn sort_by<T: Send>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering + Sync) {
    if list.len() < MANY || rayon::current_num_threads() < 2 {
        list.sort_unstable_by(compare);
    } else {
        list.par_sort_unstable_by(compare);
    }
}

/// The numbers of texts in the order of their bytes. Mostly eight bytes decide, behind what all texts begin with.
pub fn order_of_texts(texts: &[&str]) -> Vec<u32> {
    let common = common_start(texts);
    let mut sorted: Vec<(u64, u32)> =
        texts.iter().enumerate().map(|(at, text)| (word(text, common), at as u32)).collect();
    let rest = |at: u32| texts.get(at as usize).and_then(|text| text.as_bytes().get(common..));
    sort_by(&mut sorted, |(word_a, a), (word_b, b)| word_a.cmp(word_b).then_with(|| rest(*a).cmp(&rest(*b))));
    sorted.into_iter().map(|(_, at)| at).collect()
}

/// How many bytes all texts begin with.
fn common_start(texts: &[&str]) -> usize {
    let Some((first, others)) = texts.split_first() else { return 0 };
    let alike = |a: &[u8], b: &[u8]| a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let first = first.as_bytes();
    let shorter = |so_far: usize, text: &&str| alike(first.get(..so_far).unwrap_or(first), text.as_bytes());
    others.iter().fold(first.len(), shorter)
}

/// The eight bytes from a place on as a number that has their order; what is missing counts as zeros.
fn word(text: &str, from: usize) -> u64 {
    let rest = text.as_bytes().get(from..).unwrap_or(&[]);
    match rest.first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            u64::from_be_bytes(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_sorted_by_their_bytes() {
        let lists: [&[&str]; 6] = [
            &[],
            &["b"],
            &["ab", "a", "", "a\0", "ä", "a\0\0\0\0\0\0\0", "a\0\0\0\0\0\0\0\0"],
            &["same-start-2", "same-start-10", "same-start-", "same-start-1"],
            &["0123456789abcdef", "0123456789abcdeg", "0123456789", "0123456789abcdef0"],
            &["x", "x", "w"],
        ];
        for texts in lists {
            let found: Vec<&str> = order_of_texts(texts).into_iter().map(|at| texts[at as usize]).collect();
            let mut expected = texts.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn numbers_have_ranks() {
        let numbers = [-1e300, -2.0, -0.0, 0.0, 1e-300, 2.0, 1e300];
        assert!(numbers.map(rank_of).is_sorted());
    }
}
