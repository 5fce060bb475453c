//! Reflogs: where refs pointed before.

use super::id::{ObjectFormat, ObjectId};
use super::{Damage, file};
use crate::blob::PlacePath;
use std::fs;
use std::path::Path;

/// One move of a ref.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// The ref.
    pub name: PlacePath,
    /// Where it pointed before and after; none where it came into being or was deleted.
    pub ids: Vec<ObjectId>,
    /// Who did what and when, in git's words and theirs.
    pub text: Vec<u8>,
}

/// Reads all logs in a folder.
pub fn read(folder: &Path, format: ObjectFormat, log: &mut Vec<LogEntry>, damage: &mut Vec<Damage>) {
    read_below(folder, b"", format, log, damage);
}

fn read_below(folder: &Path, prefix: &[u8], format: ObjectFormat, log: &mut Vec<LogEntry>, damage: &mut Vec<Damage>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = [prefix, entry.file_name().as_encoded_bytes()].concat();
        match file::read(&entry.path()) {
            Ok(text) => {
                let place = PlacePath::from(name.as_slice());
                if text.is_empty() {
                    // What it told has expired, and its name has not.
                    log.push(LogEntry { name: place, ids: Vec::new(), text });
                    continue;
                }
                log.extend(text.split(|byte| *byte == b'\n').filter_map(|line| parse(&place, line, format)));
            }
            Err(_) if entry.path().is_dir() => {
                read_below(&entry.path(), &[&name[..], b"/"].concat(), format, log, damage);
            }
            Err(error) => damage.push(Damage::io(&entry.path(), &error)),
        }
    }
}

/// Reads `OLD NEW Name <address> 1234567890 +0100<tab>message`; of anything else, all is text.
fn parse(name: &PlacePath, line: &[u8], format: ObjectFormat) -> Option<LogEntry> {
    let width = 2 * format.len();
    let id = |start: usize| ObjectId::from_hex(line.get(start..start + width)?, format);
    let (ids, text) = match (id(0), id(width + 1)) {
        (Some(old), Some(new)) => (vec![old, new], &line[2 * width + 1..]),
        _ => (Vec::new(), line),
    };
    let ids: Vec<ObjectId> = ids.into_iter().filter(|id| !id.is_null()).collect();
    let text = text.trim_ascii().to_vec();
    (!text.is_empty() || !ids.is_empty()).then(|| LogEntry { name: name.clone(), ids, text })
}
