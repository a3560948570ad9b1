//! Counts how many users have two items in common.
//!
//! ## Syntax
//! `cofilter <user> <item>`
//!
//! ## Description
//! There is a row for each two values of the second field, the items, that occur with the same value of the first, the
//! user: the items, how many users have each of them, and how many have both. Items that more users have come first.
//! Rows without one of the fields do not count; of a multivalue each value does.
//!
//! ## Examples
//!
//! ```spl
//! cofilter user page
//! ```
//! ```json in
//! {"user": "ada", "page": "home"}
//! {"user": "ada", "page": "pay"}
//! {"user": "bob", "page": "pay"}
//! {"user": "bob", "page": "home"}
//! {"user": "bob", "page": "home"}
//! {"user": "eve", "page": "pay"}
//! {"user": "eve", "page": "help"}
//! ```
//! ```json out
//! {"Item 1": "pay", "Item 1 user count": 3, "Item 2": "home", "Item 2 user count": 2, "Pair count": 2}
//! {"Item 1": "pay", "Item 1 user count": 3, "Item 2": "help", "Item 2 user count": 1, "Pair count": 1}
//! ```
//!
//! Splunk's example: users a, b and c in turn with the items 1, 2, 3, 4, 0, 1, 2, 3, 4.
//!
//! ```spl
//! cofilter user item
//! ```
//! ```json in
//! {"user": "a", "item": 1}
//! {"user": "b", "item": 2}
//! {"user": "c", "item": 3}
//! {"user": "a", "item": 4}
//! {"user": "b", "item": 0}
//! {"user": "c", "item": 1}
//! {"user": "a", "item": 2}
//! {"user": "b", "item": 3}
//! {"user": "c", "item": 4}
//! ```
//! ```json out
//! {"Item 1": "1", "Item 1 user count": 2, "Item 2": "2", "Item 2 user count": 2, "Pair count": 1}
//! {"Item 1": "1", "Item 1 user count": 2, "Item 2": "3", "Item 2 user count": 2, "Pair count": 1}
//! {"Item 1": "1", "Item 1 user count": 2, "Item 2": "4", "Item 2 user count": 2, "Pair count": 2}
//! {"Item 1": "2", "Item 1 user count": 2, "Item 2": "3", "Item 2 user count": 2, "Pair count": 1}
//! {"Item 1": "2", "Item 1 user count": 2, "Item 2": "4", "Item 2 user count": 2, "Pair count": 1}
//! {"Item 1": "2", "Item 1 user count": 2, "Item 2": "0", "Item 2 user count": 1, "Pair count": 1}
//! {"Item 1": "3", "Item 1 user count": 2, "Item 2": "4", "Item 2 user count": 2, "Pair count": 1}
//! {"Item 1": "3", "Item 1 user count": 2, "Item 2": "0", "Item 2 user count": 1, "Pair count": 1}
//! ```
//!
//! ```spl
//! cofilter user
//! ```
//! ```error
//! error[E0205]: `cofilter` needs the field of the items
//! ```
//!
//! ## Differences from Splunk
//! In which order Splunk shows items that as many users have is not documented; here it is that of the text.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Partial, RunContext, Transforming};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::{Text, Value};

const COLUMNS: [&str; 5] = ["Item 1", "Item 1 user count", "Item 2", "Item 2 user count", "Pair count"];

/// `cofilter`
#[derive(Clone, Debug)]
pub struct CoFilter {
    user: Text,
    item: Text,
}

/// Reads the arguments of `cofilter`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let user = args.word("the field of the users")?.text;
    args.cursor.separators();
    let item = args.word("the field of the items")?.text;
    Ok(Box::new(CoFilter { user, item }))
}

impl fmt::Display for CoFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cofilter ")?;
        write_names(f, [self.user.as_str(), self.item.as_str()])
    }
}

impl Command for CoFilter {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of([self.user.clone(), self.item.clone()])
    }

    fn order_matters(&self, _: bool) -> bool {
        false
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.transforming(self.clone());
        Ok(())
    }
}

impl Transforming for CoFilter {
    fn start(&self) -> Box<dyn Partial> {
        Box::new(State { command: self.clone(), users: Users::default() })
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Partial>> {
        let users = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        Ok(Box::new(State { command: self.clone(), users }))
    }
}

/// The items of each user.
type Users = BTreeMap<Text, BTreeSet<Text>>;

struct State {
    command: CoFilter,
    users: Users,
}

impl Partial for State {
    fn update(&mut self, batch: &Batch, _: &RunContext) -> Result<()> {
        let none = Column::Null(batch.rows());
        let column = |name: &str| batch.column(name).unwrap_or(&none);
        for (user, item) in column(&self.command.user).iter().zip(column(&self.command.item).iter()) {
            for user in user.values().iter().filter(|_| !item.is_null()) {
                let items = self.users.entry(user.clone().into_text()).or_default();
                items.extend(item.values().iter().map(|item| item.clone().into_text()));
            }
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Partial>, _: &RunContext) -> Result<()> {
        if let Ok(later) = later.into_any().downcast::<State>() {
            for (user, items) in later.users {
                self.users.entry(user).or_default().extend(items);
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &RunContext) -> Result<Vec<Batch>> {
        let mut popularity: BTreeMap<&Text, u64> = BTreeMap::new();
        self.users.values().flatten().for_each(|item| *popularity.entry(item).or_default() += 1);
        let mut items: Vec<(&Text, u64)> = popularity.into_iter().collect();
        items.sort_by_key(|(_, users)| std::cmp::Reverse(*users));
        let ranks: BTreeMap<&Text, usize> =
            items.iter().enumerate().map(|(at, (item, _))| (*item, at)).collect();
        let mut pairs: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for of_user in self.users.values() {
            let ranks: BTreeSet<usize> = of_user.iter().filter_map(|item| ranks.get(item).copied()).collect();
            for &first in &ranks {
                for &second in ranks.range(first + 1..) {
                    *pairs.entry((first, second)).or_default() += 1;
                }
            }
        }
        let cells = |at: usize| {
            let found = items.get(at).map(|(item, users)| (Value::Text((*item).clone()), *users));
            let (item, users) = found.unwrap_or_default();
            [item, Value::number(users as f64)]
        };
        let row = |(&(first, second), &count): (&(usize, usize), &u64)| {
            let both = cells(first).into_iter().chain(cells(second));
            both.chain([Value::number(count as f64)]).collect()
        };
        let mut batch = Batch::from_rows(&COLUMNS.map(Text::from), pairs.iter().map(row));
        batch.ordered = true;
        Ok(vec![batch])
    }

    fn save(&mut self, _: &RunContext) -> Result<Vec<u8>> {
        postcard::to_stdvec(&self.users)
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
