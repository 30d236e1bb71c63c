//! Where fuzzing begins: every script of the repository, as text and compiled, and small files of reads.

use biovm_bytecode::codec;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Folders with scripts, from the root of the repository.
const FOLDERS: [&str; 4] = ["tests", "docs/examples", "compiler/tests", "bench/scripts"];

/// Longer scripts slow the fuzzer down more than they show it.
const MOST_BYTES: usize = 8 << 10;

/// Files of reads, each as the targets read it: FASTQ, FASTA, pairs in one file, and in two.
const READS: [(&str, u8, &str); 10] = [
    ("four-lines", 0, "@a/1 first\nACGTN\n+\nIIII!\n@b\nGG\n+b\n@+\n"),
    ("several-lines", 0, "@a\nAC\nGT\n+\nII\nII\n\n@b\nGG\nN\n+\n@+\n!"),
    ("carriage-returns", 0, "@a\r\nacgt\r\n+\r\nIIII\r\n@b\r\nRYKM\r\n+\r\n@+!~\r"),
    ("unequal", 0, "@a\nACGT\n+\nIII\n@b\nACXT\n+\nIIII\n@c\nA\n+\nI\n"),
    ("cut-off", 0, "\u{feff}@a\nACGT\n+\nIIII\n@b\nACGT\n+\nII"),
    ("sequences", 1, ">a first\nACGT\nNN\n\n>b\n; comment\nMKTLL*\n>c\n"),
    ("damaged-sequences", 1, "text\n>a\nAC GT\n>b\nACG>T\n>c\r\nAC\r\n"),
    ("mates-in-turn", 2, "@a/1\nA\n+\nI\n@a/2\nC\n+\nI\n@b\nA\n+\n\n@b\nA\n+\nI\n"),
    ("mates", 3, "@a\nA\n+\nI\n@b\nA\n+\nI\n@a\nC\n+\nI\n@b\nC\n+\nI\n"),
    ("own-mates", 3, "@a\nA\n+\nI\n@b\nA\n+\nI\n\n"),
];

/// Writes files of reads to `folder/readers`, plain and compressed in each way.
fn write_reads(folder: &Path) -> io::Result<()> {
    let folder = folder.join("readers");
    fs::create_dir_all(&folder)?;
    for (name, choice, text) in READS {
        for (kind, compress) in COMPRESSORS {
            let mut file = vec![choice];
            file.extend(compress(text.as_bytes())?);
            fs::write(folder.join(format!("{name}{kind}")), &file)?;
        }
    }
    Ok(())
}

type Compress = fn(&[u8]) -> io::Result<Vec<u8>>;

const COMPRESSORS: [(&str, Compress); 6] = [
    ("", |text| Ok(text.to_vec())),
    (".gz", |text| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text)?;
        encoder.finish()
    }),
    (".bgz", |text| {
        let mut writer = noodles::bgzf::io::Writer::new(Vec::new());
        writer.write_all(text)?;
        writer.finish()
    }),
    (".zst", |text| zstd::stream::encode_all(text, 3)),
    (".bz2", |text| {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(text)?;
        encoder.finish()
    }),
    (".xz", |text| {
        let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(0))?;
        writer.write_all(text)?;
        writer.finish()
    }),
];

/// Writes the scripts to `folder/front_end` and what they compile to, with positions and without, to
/// `folder/bytecode`, and files of reads to `folder/readers`. Returns how many scripts there are.
pub fn write(root: &Path, folder: &Path) -> io::Result<usize> {
    let (texts, programs) = (folder.join("front_end"), folder.join("bytecode"));
    fs::create_dir_all(&texts)?;
    fs::create_dir_all(&programs)?;
    write_reads(folder)?;
    let mut paths = Vec::new();
    for folder in FOLDERS {
        find(&root.join(folder), &mut paths)?;
    }
    paths.sort();
    let signatures = Signatures::new(biovm_stdlib::natives().map(|native| &native.signature));
    let options = Options { signatures, ..Options::default() };
    let mut count = 0;
    for path in &paths {
        let bytes = fs::read(path)?;
        if bytes.len() > MOST_BYTES {
            continue;
        }
        count += 1;
        let name = path.strip_prefix(root).unwrap_or(path).with_extension("");
        let name = name.to_string_lossy().replace(['/', '\\'], "-");
        fs::write(texts.join(&name), &bytes)?;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        if let Ok(compiled) = compile(&SourceText::new("seed.bl", text), &options) {
            fs::write(programs.join(&name), codec::encode(&compiled.program, false))?;
            fs::write(programs.join(format!("{name}-stripped")), codec::encode(&compiled.program, true))?;
        }
    }
    Ok(count)
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "bl") {
            paths.push(path);
        }
    }
    Ok(())
}
