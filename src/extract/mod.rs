//! Fields out of text: what `rex`, `extract`, `spath`, `xmlkv` and the extractions at search time share.

mod additions;
pub mod kv;
mod places;
mod regular;
mod sections;
mod sed;
mod structured;
mod table;
pub mod tags;

pub use additions::{Existing, Found, add_fields};
pub use kv::KeyValues;
pub use places::Locate;
pub use regular::Regular;
pub use sections::Sections;
pub use sed::Sed;
pub use structured::{Structured, StructuredPath};
pub use table::{TableRow, Tables};
