//! Texts that are not UTF-8: what props.conf calls `CHARSET`.
//!
//! A byte-order mark is believed whatever is said. Text whose every other byte is zero is UTF-16, also without a mark:
//! no text of another kind looks like that. Anything else is UTF-8 unless the source type says what it is (Getting Data
//! In, "Configure character set encoding").

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How the bytes of a file stand for text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// As Splunk reads them where nothing is said.
    #[default]
    Utf8,
    /// As the bytes themselves suggest (`CHARSET = AUTO`).
    Auto,
    /// In an encoding that is named.
    Named(&'static Encoding),
}

/// Names of Splunk and iconv that the encodings of the web have no label for.
const NAMES: &[(&str, &str)] = &[
    ("cp1250", "windows-1250"),
    ("cp1251", "windows-1251"),
    ("cp1252", "windows-1252"),
    ("cp1253", "windows-1253"),
    ("cp1254", "windows-1254"),
    ("cp1255", "windows-1255"),
    ("cp1256", "windows-1256"),
    ("cp1257", "windows-1257"),
    ("cp1258", "windows-1258"),
    ("cp874", "windows-874"),
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
    ("uhc", "euc-kr"),
    ("johab", ""),
    ("euccn", "gbk"),
    ("euc-cn", "gbk"),
    ("eucjp", "euc-jp"),
    ("euckr", "euc-kr"),
    ("latin-9", "iso-8859-15"),
    ("latin9", "iso-8859-15"),
    ("latin-10", "iso-8859-16"),
    ("latin10", "iso-8859-16"),
    ("latin7", "iso-8859-13"),
    ("latin8", "iso-8859-14"),
    ("mac", "macintosh"),
    ("macroman", "macintosh"),
    ("maccyrillic", "x-mac-cyrillic"),
    ("ucs-2", "utf-16le"),
    ("ucs-2le", "utf-16le"),
    ("ucs-2be", "utf-16be"),
];

impl Charset {
    /// The encoding of a name, as Splunk and iconv write it; none if it is not read.
    pub fn of(name: &str) -> Option<Charset> {
        let name = name.trim().to_ascii_lowercase();
        match name.as_str() {
            "auto" => return Some(Charset::Auto),
            "utf-8" | "utf8" | "ascii" | "us-ascii" => return Some(Charset::Utf8),
            _ => {}
        }
        let known = NAMES.iter().find(|(ours, _)| *ours == name).map(|(_, label)| *label);
        let dashless = || name.strip_prefix("latin-").map(|number| format!("latin{number}"));
        let label = known.map(str::to_string).or_else(dashless).unwrap_or(name);
        Encoding::for_label_no_replacement(label.as_bytes()).map(Charset::Named)
    }

    /// The encoding that text which begins like this is read in; none for UTF-8.
    pub fn encoding(self, beginning: &[u8]) -> Option<&'static Encoding> {
        if let Some(encoding) = marked(beginning) {
            return (encoding != UTF_8).then_some(encoding);
        }
        match self {
            Charset::Utf8 => None,
            Charset::Named(encoding) => Some(encoding),
            Charset::Auto if is_utf8_so_far(beginning) => None,
            Charset::Auto => {
                let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
                detector.feed(beginning, true);
                let guess = detector.guess(None, chardetng::Utf8Detection::Allow);
                (guess != UTF_8).then_some(guess)
            }
        }
    }
}

/// The encoding that a byte-order mark names, or that zeros in every other place show.
pub fn marked(beginning: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(beginning) {
        return Some(encoding);
    }
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e);
    match beginning {
        [a, 0, b, 0, ..] if is_text(a) && is_text(b) => Some(UTF_16LE),
        [0, a, 0, b, ..] if is_text(a) && is_text(b) => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8 without its byte-order mark.
pub fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Whether bytes are UTF-8, but for a character that may go on behind them.
fn is_utf8_so_far(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// The text of a whole file that a person wrote: of the encoding that its mark names, else UTF-8, else Windows-1252, as
/// programs on Windows write it; and whether it is that.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let unmarked = unmarked(bytes);
    match marked(bytes) {
        Some(encoding) if encoding != UTF_8 => (encoding.decode(bytes).0, false),
        _ => match str::from_utf8(unmarked) {
            Ok(text) => (Cow::Borrowed(text), false),
            Err(_) => (WINDOWS_1252.decode_without_bom_handling(unmarked).0, true),
        },
    }
}

/// Bytes at the beginning that show whether there is a mark.
const MARK: usize = 4;

/// How many bytes are decoded at a time.
const BLOCK: usize = 16 * 1024;

/// Makes UTF-8 of what is not: by its mark, or in the encoding that was named. What is no text in it becomes U+FFFD.
pub struct Decoding<R> {
    source: R,
    named: Option<&'static Encoding>,
    state: State,
    /// Read and not yet decoded or, where nothing is decoded, not yet given.
    raw: Vec<u8>,
    /// Decoded and not yet given, from a place on.
    text: Vec<u8>,
    given: usize,
}

enum State {
    /// Nothing was read yet.
    Start,
    /// UTF-8, or not known to be anything else.
    Through,
    Decode(Box<Decoder>),
    /// All was decoded.
    Ended,
}

impl<R: Read> Decoding<R> {
    /// What a source has, as UTF-8.
    pub fn new(source: R, named: Option<&'static Encoding>) -> Decoding<R> {
        Decoding { source, named, state: State::Start, raw: Vec::new(), text: Vec::new(), given: 0 }
    }

    /// Whether what it gave is something else than what was read.
    pub fn decodes(&self) -> bool {
        matches!(self.state, State::Decode(_) | State::Ended)
    }

    fn start(&mut self) -> io::Result<()> {
        self.source.by_ref().take(MARK as u64).read_to_end(&mut self.raw)?;
        self.state = match marked(&self.raw).or(self.named).filter(|encoding| *encoding != UTF_8) {
            Some(encoding) => State::Decode(Box::new(encoding.new_decoder_with_bom_removal())),
            None => {
                std::mem::swap(&mut self.raw, &mut self.text);
                State::Through
            }
        };
        Ok(())
    }

    /// Decodes another block.
    fn decode(&mut self, mut decoder: Box<Decoder>) -> io::Result<()> {
        let known = self.raw.len();
        let read = self.source.by_ref().take(BLOCK as u64).read_to_end(&mut self.raw);
        if let Err(error) = read {
            self.state = State::Decode(decoder);
            return Err(error);
        }
        let ended = self.raw.len() < known + BLOCK;
        let room = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(self.raw.len() * 3 + 16);
        (self.text, self.given) = (vec![0; room], 0);
        let (_, taken, written, _) = decoder.decode_to_utf8(&self.raw, &mut self.text, ended);
        self.raw.drain(..taken);
        self.text.truncate(written);
        self.state = if ended { State::Ended } else { State::Decode(decoder) };
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        loop {
            let rest = self.text.get(self.given..).unwrap_or(&[]);
            if !rest.is_empty() || bytes.is_empty() {
                let mut rest = rest;
                let read = rest.read(bytes)?;
                self.given += read;
                return Ok(read);
            }
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Start => {
                    self.state = State::Start;
                    self.start()?;
                }
                State::Through => {
                    self.state = State::Through;
                    return self.source.read(bytes);
                }
                State::Decode(decoder) => self.decode(decoder)?,
                State::Ended => return Ok(0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], named: Option<&'static Encoding>) -> String {
        let mut text = String::new();
        Decoding::new(bytes, named).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn names_as_splunk_and_iconv_write_them() {
        for (name, bytes, text) in [
            ("CP1252", &b"caf\xe9 \x80"[..], "café €"),
            ("ISO-8859-1", b"caf\xe9", "café"),
            ("LATIN-1", b"caf\xe9", "café"),
            ("Latin1", b"caf\xe9", "café"),
            ("ISO-8859-15", b"\xa4", "€"),
            ("LATIN-9", b"\xa4", "€"),
            ("SHIFT-JIS", b"\x93\xfa\x96\x7b", "日本"),
            ("EUC-JP", b"\xc6\xfc\xcb\xdc", "日本"),
            ("CP949", b"\xc7\xd1", "한"),
            ("GB18030", b"\xd6\xd0\xce\xc4", "中文"),
            ("BIG5", b"\xa4\xa4\xa4\xe5", "中文"),
            ("KOI8-R", b"\xe4\xc1", "Да"),
            ("CP1251", b"\xc4\xe0", "Да"),
            ("CP866", b"\x84\xa0", "Да"),
            ("TIS-620", b"\xa1", "ก"),
            ("UTF-16LE", b"a\0\xe9\0", "aé"),
            ("UTF-16BE", b"\0a\0\xe9", "aé"),
            ("MACROMAN", b"\x8e", "é"),
        ] {
            let Some(Charset::Named(encoding)) = Charset::of(name) else { unreachable!("{name}") };
            assert_eq!(read(bytes, Some(encoding)), text, "{name}");
        }
        assert_eq!(Charset::of("utf-8"), Some(Charset::Utf8));
        assert_eq!(Charset::of("auto"), Some(Charset::Auto));
        for name in ["VISCII", "ARMSCII-8", "CP437", "nonsense", "ISO-2022-KR", "JOHAB", ""] {
            assert_eq!(Charset::of(name), None, "{name}");
        }
    }

    #[test]
    fn marks_are_believed_and_zeros_too() {
        for bytes in
            [&b"\xff\xfeh\0i\0"[..], b"\xfe\xff\0h\0i", b"h\0i\0", b"\0h\0i", b"\xef\xbb\xbfhi", b"hi"]
        {
            let text = read(bytes, None);
            assert_eq!(text.trim_start_matches('\u{feff}'), "hi", "{bytes:?}");
        }
        assert_eq!(read(b"\xff\xfeh\0i\0", Some(WINDOWS_1252)), "hi");
        assert_eq!(read(b"a\0\0\0", None), "a\0\0\0");
        assert_eq!(read(b"", Some(UTF_16LE)), "");
    }

    #[test]
    fn a_character_may_go_over_the_end_of_a_block() {
        for shift in 0..4 {
            let text = format!("{}{}", "x".repeat(shift), "é😀".repeat(BLOCK));
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(read(&units, Some(UTF_16LE)), text);
        }
        // Half of a pair at the end.
        assert_eq!(read(b"\xff\xfea\0\x3d\xd8", None), "a\u{fffd}");
    }

    #[test]
    fn automatically() {
        let encoding = |bytes: &[u8]| Charset::Auto.encoding(bytes).map(Encoding::name);
        assert_eq!(encoding("plain".as_bytes()), None);
        assert_eq!(encoding("größer".as_bytes()), None);
        assert_eq!(encoding("gr\u{f6}".as_bytes().split_last().unwrap().1), None);
        assert_eq!(encoding(b"Zugriff verweigert f\xfcr Benutzer M\xfcller, Ger\xe4t"), Some("windows-1252"));
        let (russian, _, _) =
            encoding_rs::WINDOWS_1251.encode("Доступ запрещён для пользователя Иванов, устройство");
        assert_eq!(encoding(&russian), Some("windows-1251"));
    }

    #[test]
    fn whole_files() {
        assert_eq!(decode(b"\xef\xbb\xbfa"), (Cow::Borrowed("a"), false));
        assert_eq!(decode(b"\xff\xfea\0"), (Cow::Borrowed("a"), false));
        assert_eq!(decode(b"\x93a\x94 \xe9"), (Cow::Borrowed("“a” é"), true));
    }
}
