//! The files: events in every form that AWS and its users keep them in, and the lookups.

use crate::calls::Call;
use crate::ids::{CUT, DAY, START, WEEK};
use crate::record::record;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Writes `cloudtrail/` below `folder`: one file a week, each in another form, and the last day apart.
pub fn write_events(folder: &Path, calls: &[Call]) -> Result<(), Box<dyn Error>> {
    let events = |from: i64, to: i64| -> Vec<Value> {
        (0..)
            .zip(calls)
            .filter(|(_, call)| (from..to).contains(&call.at))
            .map(|(serial, call)| record(call, serial))
            .collect()
    };
    let week = |n: i64| events(START + n * WEEK, (START + (n + 1) * WEEK).min(CUT));
    let folder = folder.join("cloudtrail");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("2026-02-09.ndjson"), lines(&week(0))?)?;
    fs::write(folder.join("2026-02-16.json"), json!({"Records": week(1)}).to_string())?;
    fs::write(folder.join("2026-02-23.json"), serde_json::to_string_pretty(&week(2))? + "\n")?;
    fs::write(folder.join("2026-03-02.ndjson"), lines(&week(3))?)?;
    let delivered = json!({"Records": week(4)}).to_string();
    fs::write(
        folder.join("111122223333_CloudTrail_us-east-1_20260315T1200Z.json.gz"),
        gzip(delivered.as_bytes()),
    )?;
    fs::write(folder.join("2026-03-15.ndjson"), lines(&events(CUT, CUT + DAY))?)?;
    Ok(())
}

fn lines(events: &[Value]) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    for event in events {
        text += &serde_json::to_string(event)?;
        text.push('\n');
    }
    Ok(text)
}

/// A gzip member (RFC 1952) of stored blocks: nothing is compressed, so no version of any library can
/// change the bytes.
fn gzip(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = data.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(crc32(data).to_le_bytes());
    // The format keeps the length modulo 2^32.
    out.extend((data.len() as u32).to_le_bytes());
    out
}

/// The checksum of RFC 1952, section 8, a bit at a time.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}

/// First and last time of something.
type Seen = BTreeMap<&'static str, (i64, i64)>;

/// Writes `app/lookups/` below `folder`: what the Initial baselines make of the calls before [`CUT`].
pub fn write_lookups(folder: &Path, calls: &[Call]) -> Result<(), Box<dyn Error>> {
    let (mut images, mut sources) = (Seen::new(), Seen::new());
    for call in calls.iter().filter(|call| call.at < CUT) {
        if let Some(image) = call.image {
            note(&mut images, image, call.at);
        }
        if call.provisions() {
            note(&mut sources, call.who.src, call.at);
        }
    }
    let folder = folder.join("app").join("lookups");
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("previously_seen_cloud_compute_images.csv"),
        table("image_id,firstTimeSeen,lastTimeSeen,enough_data\n", ",", &images),
    )?;
    fs::write(
        folder.join("previously_seen_cloud_provisioning_activity_sources.csv"),
        table("src,City,Country,Region,firstTimeSeen,lastTimeSeen,enough_data\n", ",,,,", &sources),
    )?;
    Ok(())
}

fn note(seen: &mut Seen, key: &'static str, at: i64) {
    let (first, last) = seen.entry(key).or_insert((at, at));
    (*first, *last) = ((*first).min(at), (*last).max(at));
}

/// The table as CSV; it knows enough once it reaches back seven days, to the beginning of that day.
fn table(header: &str, gap: &str, seen: &Seen) -> String {
    let since = CUT.div_euclid(DAY) * DAY - WEEK;
    let enough = u8::from(seen.values().any(|(first, _)| *first <= since));
    let mut text = header.to_owned();
    for (key, (first, last)) in seen {
        text += &format!("{key}{gap}{first},{last},{enough}\n");
    }
    text
}
