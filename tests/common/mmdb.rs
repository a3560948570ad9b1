//! Writes databases in MaxMind's format, version 2.0, for the tests of `iplocation`.
//!
//! Written from "MaxMind DB File Format Specification" (maxmind.github.io/MaxMind-DB), version 2.0: a search
//! tree over the bits of an address, sixteen zero bytes, the records, a marker, and the metadata. The tree is
//! one of version 6 in which addresses of version 4 stand at `::/96`; its records are 24 bits wide.

use ipnet::IpNet;
use serde_json::Value;

/// What stands between the records and the metadata.
const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";

/// How many zero bytes stand between the tree and the records.
const SEPARATOR: usize = 16;

/// One side of a node of the tree.
#[derive(Clone, Copy)]
enum Side {
    Nothing,
    Node(usize),
    /// Where the record begins among the records.
    Record(usize),
}

/// A database in the making.
pub struct Database {
    nodes: Vec<[Side; 2]>,
    records: Vec<u8>,
}

impl Database {
    /// A database of these networks, which must not overlap.
    pub fn of<'r>(networks: impl IntoIterator<Item = (&'r str, &'r Value)>) -> Database {
        let mut database = Database { nodes: vec![[Side::Nothing; 2]], records: Vec::new() };
        for (network, record) in networks {
            let network = network.parse().unwrap_or_else(|error| panic!("{network}: {error}"));
            let at = database.records.len();
            encode(record, &mut database.records);
            database.insert(network, at);
        }
        database
    }

    fn insert(&mut self, network: IpNet, record: usize) {
        let (bits, length) = match network {
            IpNet::V4(net) => (u128::from(u32::from(net.network())), 96 + usize::from(net.prefix_len())),
            IpNet::V6(net) => (u128::from(net.network()), usize::from(net.prefix_len())),
        };
        let side = |depth: usize| usize::from(bits >> (127 - depth) & 1 == 1);
        let mut node = 0;
        for depth in 0..length - 1 {
            node = match self.nodes[node][side(depth)] {
                Side::Node(next) => next,
                Side::Nothing => {
                    let next = self.nodes.len();
                    self.nodes.push([Side::Nothing; 2]);
                    self.nodes[node][side(depth)] = Side::Node(next);
                    next
                }
                Side::Record(_) => panic!("{network} lies in another network"),
            };
        }
        let place = &mut self.nodes[node][side(length - 1)];
        assert!(matches!(place, Side::Nothing), "{network} overlaps another network");
        *place = Side::Record(record);
    }

    /// The file.
    pub fn bytes(&self, kind: &str, languages: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        for side in self.nodes.iter().flatten() {
            let number = match side {
                Side::Nothing => self.nodes.len(),
                Side::Node(node) => *node,
                Side::Record(at) => self.nodes.len() + SEPARATOR + at,
            };
            assert!(number < 1 << 24, "too large for records of 24 bits");
            out.extend(&(number as u32).to_be_bytes()[1..]);
        }
        out.extend([0; SEPARATOR]);
        out.extend(&self.records);
        out.extend(MARKER);
        self.metadata(kind, languages, &mut out);
        out
    }

    fn metadata(&self, kind: &str, languages: &[&str], out: &mut Vec<u8>) {
        control(7, 9, out);
        let mut number = |name: &str, kind: u8, value: u64| {
            text(name, out);
            unsigned(kind, value, out);
        };
        number("binary_format_major_version", 5, 2);
        number("binary_format_minor_version", 5, 0);
        // 2026-01-01T00:00:00Z: fixed, so that the file is always the same.
        number("build_epoch", 9, 1_767_225_600);
        number("ip_version", 5, 6);
        number("node_count", 6, self.nodes.len() as u64);
        number("record_size", 5, 24);
        text("database_type", out);
        text(kind, out);
        text("description", out);
        encode(&serde_json::json!({"en": "A few networks of documentation, for tests"}), out);
        text("languages", out);
        control(11, languages.len(), out);
        languages.iter().for_each(|language| text(language, out));
    }
}

/// A field: text, a number, a list or a map. Whole numbers are unsigned 32-bit ones.
fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::String(string) => text(string, out),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => unsigned(6, whole, out),
            None => {
                control(3, 8, out);
                out.extend(number.as_f64().expect("a double").to_be_bytes());
            }
        },
        Value::Array(items) => {
            control(11, items.len(), out);
            items.iter().for_each(|item| encode(item, out));
        }
        Value::Object(fields) => {
            control(7, fields.len(), out);
            for (name, value) in fields {
                text(name, out);
                encode(value, out);
            }
        }
        Value::Bool(truth) => control(14, usize::from(*truth), out),
        Value::Null => panic!("the format has no null"),
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    control(2, text.len(), out);
    out.extend(text.as_bytes());
}

/// A number in as many bytes as it needs.
fn unsigned(kind: u8, value: u64, out: &mut Vec<u8>) {
    let bytes = value.to_be_bytes();
    let bytes: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
    control(kind, bytes.len(), out);
    out.extend(bytes);
}

/// Kind and size of what follows: three bits and five; kinds above 7 have a byte of their own, sizes from
/// 29 on one byte more, and from 285 on two.
fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
    let (short, long): (u8, &[u8]) = match size {
        0..29 => (size as u8, &[]),
        29..285 => (29, &[(size - 29) as u8]),
        285..65821 => (30, &((size - 285) as u16).to_be_bytes()),
        _ => panic!("a field of {size} bytes"),
    };
    if kind <= 7 {
        out.push(kind << 5 | short);
    } else {
        out.extend([short, kind - 7]);
    }
    out.extend(long);
}
