//! Bytes out of a file or standard input, decompressed.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};
use flate2::bufread::MultiGzDecoder;

use super::buffer::Buffer;
use super::charset::{Decoding, marked};
use super::discover::{InputFile, Origin};

/// Decompressed bytes are asked for in blocks of this size, whatever the size of chunks: what is lost where
/// the data is damaged must not depend on it.
const UNPACKED_BLOCK: usize = 32 * 1024;

/// Compressed bytes are read in blocks of this size.
const PACKED_BLOCK: usize = 64 * 1024;

/// Memory is made ready for no more bytes than this before they are there.
const MOST_AT_ONCE: usize = 1 << 20;

type Source = Box<dyn Read + Send>;

/// The bytes of one input.
pub enum Input {
    /// A file that can be read at any place: what was looked at is read again.
    File(Placed),
    /// As they come.
    Plain(Decoding<Source>),
    /// Out of gzip or zstd, of one member or frame or several.
    Packed {
        /// What it is packed with.
        with: &'static str,
        /// What unpacks it.
        decoder: Decoding<Source>,
    },
}

/// A place in a file that can be read at any place, also by several at the same time.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The file.
    pub file: Arc<File>,
    /// The byte that is read next.
    pub at: u64,
}

impl Placed {
    /// Appends up to so many bytes; says whether the end was reached.
    pub fn fill(&mut self, buffer: &mut Buffer, wanted: usize) -> io::Result<bool> {
        let mut left = wanted;
        while left > 0 {
            let read = match read_at(&self.file, buffer.room(left.min(MOST_AT_ONCE)), self.at) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 {
                return Ok(true);
            }
            buffer.grow(read);
            self.at += read as u64;
            left -= read;
        }
        Ok(false)
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

/// Why reading ended early.
pub enum Stop {
    /// The input cannot be opened, or a read failed.
    Unreadable(io::Error),
    /// The input is of a form that is not read: its name, and what to do about it.
    Form(&'static str, &'static str),
    /// The compressed data is damaged or cut short; what it is packed with.
    Compression(&'static str, io::Error),
}

impl Input {
    /// Opens an input and sees by its first bytes what it is.
    pub fn open(file: &InputFile) -> Result<Input, Stop> {
        let mut placed = None;
        let mut rest: Source = match &file.origin {
            Origin::Stdin => Box::new(io::stdin()),
            Origin::Path(path) => {
                let file = File::open(path).map_err(Stop::Unreadable)?;
                // A file that says it is empty may be one that is made as it is read.
                let whole = file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
                let file = Arc::new(file);
                placed = whole.then(|| Placed { file: Arc::clone(&file), at: 0 });
                Box::new(file)
            }
        };
        let mut head = Vec::new();
        rest.by_ref().take(6).read_to_end(&mut head).map_err(Stop::Unreadable)?;
        if let Some(&(_, name, help)) = FORMS.iter().find(|(magic, ..)| head.starts_with(magic)) {
            return Err(Stop::Form(name, help));
        }
        let with = match head.as_slice() {
            [0x1f, 0x8b, ..] => "gzip",
            // A frame of data, or one that is to be passed over (RFC 8878, 3.1).
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => "zstd",
            _ => {
                let encoding = marked(&head).or(file.encoding).filter(|encoding| *encoding != UTF_8);
                return Ok(match placed.filter(|_| encoding.is_none()) {
                    Some(placed) => Input::File(placed),
                    None => {
                        Input::Plain(Decoding::new(Box::new(Cursor::new(head).chain(rest)), file.encoding))
                    }
                });
            }
        };
        let source = BufReader::with_capacity(PACKED_BLOCK, Cursor::new(head).chain(rest));
        let decoder: Source = match with {
            "gzip" => Box::new(MultiGzDecoder::new(source)),
            _ => {
                Box::new(zstd::Decoder::with_buffer(source).map_err(|error| Stop::Compression(with, error))?)
            }
        };
        Ok(Input::Packed { with, decoder: Decoding::new(decoder, file.encoding) })
    }

    /// Whether what was read is something else than what there is.
    pub fn is_decoded(&self) -> bool {
        match self {
            Input::File(_) => false,
            Input::Plain(rest) => rest.decodes(),
            Input::Packed { decoder, .. } => decoder.decodes(),
        }
    }

    /// The same out of an encoding that became known later, with what was read before in front; as it was where a mark
    /// had said another.
    pub fn decoded(self, before: Vec<u8>, encoding: &'static Encoding) -> Input {
        let again = |rest: Decoding<Source>| {
            let named = Some(encoding).filter(|_| !rest.decodes());
            Decoding::new(Box::new(Cursor::new(before).chain(rest)) as Source, named)
        };
        match self {
            Input::File(placed) => Input::File(placed),
            Input::Plain(rest) => Input::Plain(again(rest)),
            Input::Packed { with, decoder } => Input::Packed { with, decoder: again(decoder) },
        }
    }

    /// Appends at least `wanted` bytes, or all that are left; says whether the end was reached.
    pub fn fill(&mut self, buffer: &mut Buffer, wanted: usize) -> Result<bool, Stop> {
        match self {
            Input::File(placed) => placed.fill(buffer, wanted).map_err(Stop::Unreadable),
            Input::Plain(rest) => {
                fill_from(rest, buffer, wanted, wanted.min(MOST_AT_ONCE)).map_err(Stop::Unreadable)
            }
            Input::Packed { with, decoder } => fill_from(decoder, buffer, wanted, UNPACKED_BLOCK)
                .map_err(|error| Stop::Compression(with, error)),
        }
    }
}

/// Appends at least `wanted` bytes, `block` of them at a time, or all that are left; says whether the end was
/// reached.
fn fill_from(source: &mut impl Read, buffer: &mut Buffer, wanted: usize, block: usize) -> io::Result<bool> {
    let enough = buffer.len() + wanted;
    while buffer.len() < enough {
        let read = read_block(source, buffer.room(block))?;
        buffer.grow(read);
        if read == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read_block(decoder: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    loop {
        match decoder.read(block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Forms that are not read, by their first bytes.
const FORMS: &[(&[u8], &str, &str)] = &[
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], "xz data", "unpack it first: `xz -dc FILE | speleo ... --events -`"),
    (b"BZh", "bzip2 data", "unpack it first: `bzip2 -dc FILE | speleo ... --events -`"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"PAR1", "Parquet", "export it as JSON lines first"),
];
