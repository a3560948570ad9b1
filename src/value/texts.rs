//! Texts, each with a number.

use std::hash::BuildHasher;
use std::sync::LazyLock;

use hashbrown::HashTable;

use super::Text;

/// One hashing for all of a process: what was hashed in one part is not hashed again where parts are merged. Its
/// seed is random, so that hostile texts cannot be made to collide.
static HASHING: LazyLock<foldhash::fast::RandomState> = LazyLock::new(Default::default);

/// Different texts, numbered in order of appearance. Each takes 16 bytes and those that do not fit into them, and
/// about 10 to be found by.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    texts: Vec<Text>,
    hashes: Vec<u32>,
    index: HashTable<u32>,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text with a number.
    pub fn get(&self, number: u32) -> Option<&Text> {
        self.texts.get(number as usize)
    }

    /// All texts, by their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Text> {
        self.texts.iter()
    }

    /// The hash of the text with a number.
    pub fn hash(&self, number: u32) -> u32 {
        self.hashes.get(number as usize).copied().unwrap_or(0)
    }

    /// The hash that any list has for a text.
    pub fn hash_of(text: &str) -> u32 {
        HASHING.hash_one(text) as u32
    }

    /// The number of a text, which gets one if it is new.
    pub fn number(&mut self, text: &Text) -> u32 {
        self.number_with(Texts::hash_of(text), text, || text.clone())
    }

    /// As [`Texts::number`], of text that is not kept anywhere.
    pub fn number_of(&mut self, text: &str) -> u32 {
        self.number_with(Texts::hash_of(text), text, || Text::from(text))
    }

    /// The number of a text that another list has; it is not hashed again.
    pub fn number_like(&mut self, other: &Texts, number: u32) -> u32 {
        let Some(text) = other.get(number) else { return u32::MAX };
        self.number_with(other.hash(number), text, || text.clone())
    }

    fn number_with(&mut self, hash: u32, text: &str, make: impl FnOnce() -> Text) -> u32 {
        let same = |&number: &u32| {
            self.texts.get(number as usize).is_some_and(|seen| same_bytes(seen.as_bytes(), text.as_bytes()))
        };
        if let Some(&number) = self.index.find(spread(hash), same) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(make());
        self.hashes.push(hash);
        let hashes = &self.hashes;
        let hash_of = |&number: &u32| spread(hashes.get(number as usize).copied().unwrap_or(0));
        self.index.insert_unique(spread(hash), number, hash_of);
        number
    }
}

/// Whether bytes are the same. Field values and names are short: a call of `memcmp` costs more than this.
#[inline]
pub fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    let last = |bytes: &[u8]| bytes.last_chunk::<8>().copied();
    match (last(one), last(other)) {
        (Some(end), Some(other_end)) => {
            let (words, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
            one.len() == other.len()
                && end == other_end
                && words.iter().zip(others).all(|(word, other)| word == other)
        }
        _ => one == other,
    }
}

/// A table looks at the lowest and the highest bits of 64.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_at_every_length() {
        let text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF".as_bytes();
        for length in 0..40 {
            assert!(same_bytes(&text[..length], &text.to_vec()[..length]));
            assert!(!same_bytes(&text[..length], &text[..length + 1]));
            for at in 0..length {
                let mut other = text[..length].to_vec();
                other[at] = b'!';
                assert!(!same_bytes(&text[..length], &other), "{length}, {at}");
            }
        }
    }

    #[test]
    fn numbers_in_order_of_appearance() {
        let mut texts = Texts::default();
        let long = Text::from("a text that is too long to be inline");
        assert_eq!([texts.number_of("b"), texts.number(&long), texts.number_of("b")], [0, 1, 0]);
        assert_eq!((texts.len(), texts.get(1), texts.get(2)), (2, Some(&long), None));
        let mut others = Texts::default();
        assert_eq!([others.number_like(&texts, 1), others.number_like(&texts, 0)], [0, 1]);
        assert_eq!((others.number_of("b"), others.number_of(&long)), (1, 0));
        for number in 0..10_000 {
            assert_eq!(texts.number_of(&format!("t{number}")), number + 2);
        }
        assert!((0..10_000).all(|number| texts.number_of(&format!("t{number}")) == number + 2));
    }
}
