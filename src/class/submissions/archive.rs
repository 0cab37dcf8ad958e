//! Zip archives, as Moodle, Canvas and people make them.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use encoding_rs::GB18030;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use zip::ZipArchive;

/// A file in an archive.
#[derive(Debug)]
pub struct Entry {
    /// Its place in the archive.
    pub index: usize,
    /// Its path in the archive.
    pub path: String,
    /// When it was last changed. The format knows no time zone: it is taken to be that of this machine.
    pub changed: Option<Timestamp>,
}

/// List the files of an archive.
pub fn entries(file: &Path) -> io::Result<Vec<Entry>> {
    let mut archive = open(file)?;
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        // Raw: nothing is decompressed, and an entry with a password is only listed.
        let entry = archive.by_index_raw(index)?;
        if entry.is_file() {
            let changed = entry.last_modified().and_then(time);
            entries.push(Entry { index, path: name(entry.name_raw()), changed });
        }
    }
    Ok(entries)
}

/// Read a file in an archive, but not more than `most` bytes and one.
pub fn read(file: &Path, index: usize, most: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    // The archive says how large the entry is; that may be a lie.
    open(file)?.by_index(index)?.take(most + 1).read_to_end(&mut content)?;
    Ok(content)
}

fn open(file: &Path) -> io::Result<ZipArchive<BufReader<File>>> {
    Ok(ZipArchive::new(BufReader::new(File::open(file)?))?)
}

/// A name in UTF-8 or, as Chinese Windows writes it without saying so, in GB 18030.
fn name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
    .replace('\\', "/")
}

fn time(time: zip::DateTime) -> Option<Timestamp> {
    let part = |part: u8| i8::try_from(part).ok();
    let date = DateTime::new(
        i16::try_from(time.year()).ok()?,
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
        0,
    );
    TimeZone::system().to_timestamp(date.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_utf_8_or_gb_18030() {
        assert_eq!(name("王小明/3.rs".as_bytes()), "王小明/3.rs");
        assert_eq!(name(b"\xcd\xf5\xd0\xa1\xc3\xf7\\3.rs"), "王小明/3.rs");
    }
}
