//! Some events of a file, cut and not yet parsed.

use super::buffer::Buffer;
use super::problems::{Problems, Trouble};
use super::split::Event;
use super::text::Content;
use crate::value::Text;

/// Some events of one file.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Which of the files.
    pub file: usize,
    /// Its name.
    pub name: Text,
    /// The section of its file, where that is read in sections.
    pub section: Option<u32>,
    /// The line (from 1) on which the text begins, of the file or of its section; none in a chunk that follows
    /// another of the same section: nobody has counted the lines.
    pub first_line: Option<u64>,
    /// Whole lines, or events one after the other.
    pub text: Buffer,
    /// Where the events stand in the text.
    pub layout: Layout,
    /// What the events are made of.
    pub content: Content,
    /// Why a line that follows the text was passed over.
    pub passed_over: Option<Trouble>,
    /// What was found wrong while cutting.
    pub problems: Problems,
}

/// Where the events of a chunk are.
#[derive(Clone, Debug)]
pub enum Layout {
    /// Each line is for itself.
    Lines {
        /// Whether the last line has no end: the file stops there.
        cut: bool,
        /// A longer line than this is passed over.
        longest: usize,
    },
    /// The events were told apart.
    Events(Vec<Event>),
}
