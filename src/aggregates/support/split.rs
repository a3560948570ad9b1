//! States of groups shared out.

/// What the groups have shared out to so many lists: `of` says for each group to which, and in each the groups keep
/// their order. What has no list goes nowhere.
pub fn split<T>(all: Vec<T>, of: &[u32], lists: usize) -> Vec<Vec<T>> {
    let mut shared: Vec<Vec<T>> = (0..lists).map(|_| Vec::new()).collect();
    for (one, &list) in all.into_iter().zip(of) {
        if let Some(list) = shared.get_mut(list as usize) {
            list.push(one);
        }
    }
    shared
}

/// For each group its place in the list that [`split`] puts it into.
pub fn places(of: &[u32], lists: usize) -> Vec<u32> {
    let mut next = vec![0; lists];
    let place = |&list: &u32| {
        let next = next.get_mut(list as usize)?;
        *next += 1;
        Some(*next - 1)
    };
    of.iter().map(place).map(Option::unwrap_or_default).collect()
}
