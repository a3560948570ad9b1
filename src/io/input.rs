//! Bytes out of a file or standard input, decompressed.

use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::discover::{InputFile, Origin};

/// Decompressed bytes are asked for in blocks of this size, whatever the size of chunks: what is lost where
/// the data is damaged must not depend on it.
const GZIP_BLOCK: usize = 32 * 1024;

type Source = Box<dyn Read + Send>;

/// The first few bytes and the others.
type Whole = Chain<Cursor<Vec<u8>>, Source>;

/// The bytes of one input.
pub enum Input {
    /// As they are; the first few were looked at.
    Plain {
        /// The bytes that were looked at.
        head: Vec<u8>,
        /// The others.
        rest: Source,
    },
    /// Out of gzip, of one member or several.
    Gzip(Box<MultiGzDecoder<BufReader<Whole>>>),
}

/// Why reading ended early.
pub enum Stop {
    /// The input cannot be opened, or a read failed.
    Unreadable(io::Error),
    /// The input is of a form that is not read: its name, and what to do about it.
    Form(&'static str, &'static str),
    /// The compressed data is damaged or cut short.
    Compression(io::Error),
}

impl Input {
    /// Opens an input and sees by its first bytes what it is.
    pub fn open(file: &InputFile) -> Result<Input, Stop> {
        let mut rest: Source = match &file.origin {
            Origin::Stdin => Box::new(io::stdin()),
            Origin::Path(path) => Box::new(File::open(path).map_err(Stop::Unreadable)?),
        };
        let mut head = Vec::new();
        rest.by_ref().take(6).read_to_end(&mut head).map_err(Stop::Unreadable)?;
        if let Some(&(_, name, help)) = FORMS.iter().find(|(magic, ..)| head.starts_with(magic)) {
            return Err(Stop::Form(name, help));
        }
        if head.starts_with(&[0x1f, 0x8b]) {
            let source = BufReader::with_capacity(GZIP_BLOCK, Cursor::new(head).chain(rest));
            return Ok(Input::Gzip(Box::new(MultiGzDecoder::new(source))));
        }
        Ok(Input::Plain { head, rest })
    }

    /// Appends at least `wanted` bytes, or all that are left; says whether the end was reached.
    pub fn fill(&mut self, buffer: &mut Vec<u8>, wanted: usize) -> Result<bool, Stop> {
        match self {
            Input::Plain { head, rest } => {
                buffer.append(head);
                buffer.reserve(wanted);
                let read = rest.by_ref().take(wanted as u64).read_to_end(buffer).map_err(Stop::Unreadable)?;
                Ok(read < wanted)
            }
            Input::Gzip(decoder) => {
                let enough = buffer.len() + wanted;
                while buffer.len() < enough {
                    let before = buffer.len();
                    buffer.resize(before + GZIP_BLOCK, 0);
                    let read = read_block(decoder, buffer.get_mut(before..).unwrap_or(&mut []));
                    buffer.truncate(before + read.as_ref().map_or(0, |&read| read));
                    if read.map_err(Stop::Compression)? == 0 {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
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
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd data", "unpack it first: `zstd -dc FILE | speleo ... --events -`"),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], "xz data", "unpack it first: `xz -dc FILE | speleo ... --events -`"),
    (b"BZh", "bzip2 data", "unpack it first: `bzip2 -dc FILE | speleo ... --events -`"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"PAR1", "Parquet", "export it as JSON lines first"),
    (&[0xff, 0xfe], "UTF-16 text", "convert it first: `iconv -f UTF-16 -t UTF-8 FILE`"),
    (&[0xfe, 0xff], "UTF-16 text", "convert it first: `iconv -f UTF-16 -t UTF-8 FILE`"),
];
