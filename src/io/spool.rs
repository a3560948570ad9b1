//! Input that comes only once, kept for a search that reads it several times.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use super::buffer::Buffer;
use super::discover::{InputFile, Origin};
use super::input::{Input, Stop};
use crate::diagnostic::{Code, Diagnostic, Result};

/// Bytes that are copied at a time.
const BLOCK: usize = 1 << 20;

/// The inputs, each of which can be read as often as it is asked for: what comes only once, such as standard input
/// and pipes, is copied to a file that goes when the last who knows it does.
///
/// # Errors
/// `EventsUnreadable` where it cannot be read, or there is no room for it.
pub fn rereadable(files: &[InputFile]) -> Result<Vec<InputFile>> {
    files.iter().map(|file| if once(file) { copied(file) } else { Ok(file.clone()) }).collect()
}

/// Whether the bytes of an input come only once.
fn once(file: &InputFile) -> bool {
    match &file.origin {
        Origin::Stdin => true,
        Origin::Path(path) => std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()),
    }
}

fn copied(file: &InputFile) -> Result<InputFile> {
    let wrong = |error: &dyn std::fmt::Display| {
        let message = format!("the events are read several times, and cannot be kept: {error}");
        Diagnostic::error(Code::EventsUnreadable, message).in_file(&file.name, None)
    };
    let mut copy = tempfile::NamedTempFile::new().map_err(|error| wrong(&error))?;
    let written = match file.opened.take() {
        Some((input, head)) => {
            copy.write_all(&head.bytes).map_err(Stop::Unreadable).and_then(|()| rest(input, &mut copy))
        }
        None => as_it_is(file, &mut copy).map_err(Stop::Unreadable),
    };
    match written.and_then(|()| copy.flush().map_err(Stop::Unreadable)) {
        Ok(()) => {}
        Err(Stop::Unreadable(error) | Stop::Compression(_, error)) => return Err(wrong(&error)),
        Err(Stop::Form(form, _)) => return Err(wrong(&form)),
    }
    let path = Arc::new(copy.into_temp_path());
    let origin = Origin::Path(path.to_path_buf());
    let (form, encoding) = (file.form.clone(), file.encoding);
    Ok(InputFile { form, encoding, kept: Some(path), ..InputFile::new(origin, file.name.clone()) })
}

fn as_it_is(file: &InputFile, copy: &mut impl Write) -> io::Result<()> {
    match &file.origin {
        Origin::Stdin => io::copy(&mut io::stdin().lock(), copy)?,
        Origin::Path(path) => io::copy(&mut File::open(path)?, copy)?,
    };
    Ok(())
}

/// What an opened input still has.
fn rest(mut input: Input, copy: &mut impl Write) -> Result<(), Stop> {
    loop {
        let mut buffer = Buffer::default();
        let ended = input.fill(&mut buffer, BLOCK)?;
        copy.write_all(&buffer).map_err(Stop::Unreadable)?;
        if ended {
            return Ok(());
        }
    }
}
