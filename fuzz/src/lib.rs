//! What the targets share: keys that are the same in every run, so that an input found once fails
//! again, and a folder of their own.

use std::io::{Cursor, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use hai_dang::sealed::Keys;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A folder of this process.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hai-dang-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Keys of every purpose, each with the id `known`.
pub fn keys() -> Keys {
    made_of(['A', 'E', 'I', 'M', 'Q', 'U'])
}

/// Others of the same id, which nothing is ever signed or sealed with: a fuzzer sees what a target
/// compares, and brings a good token of one input along in the next.
pub fn unused_keys() -> Keys {
    made_of(['B', 'F', 'J', 'N', 'R', 'V'])
}

fn made_of(letters: [char; 6]) -> Keys {
    let purposes = ["access", "refresh", "link", "ticket", "data", "index"];
    let mut text = String::new();
    for (purpose, letter) in purposes.into_iter().zip(letters) {
        // 32 bytes, of which the last is another.
        let secret = format!("{}{letter}w8", String::from(letter).repeat(40));
        text.push_str(&format!(
            "[[key]]\npurpose = \"{purpose}\"\nid = \"known\"\nsecret = \"{secret}\"\n"
        ));
    }
    let path = folder().join("keys.toml");
    let _gone = std::fs::remove_file(&path);
    let mut file = std::fs::OpenOptions::new();
    let mut file = file
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .expect("a key file");
    file.write_all(text.as_bytes()).expect("a key file");
    let keys = Keys::read(&path).expect("keys");
    let _gone = std::fs::remove_file(&path);
    keys
}

/// The first byte, and the rest; what has none begins with 0.
pub fn first(bytes: &[u8]) -> (u8, &[u8]) {
    match bytes.split_first() {
        Some((first, rest)) => (*first, rest),
        None => (0, bytes),
    }
}

/// The parts of an input between NUL bytes.
pub fn parts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == 0)
}

/// An archive of parts that lie in it as they are: sums and folded bytes would keep a fuzzer out.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        // Not every name may stand in one.
        if writer.start_file(*name, options).is_ok() {
            writer.write_all(bytes).expect("a part");
        }
    }
    writer.finish().expect("an archive").into_inner()
}
