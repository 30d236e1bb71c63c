//! Where fuzzing begins: every script of the repository, as text and compiled.

use biovm_bytecode::codec;
use biovm_compiler::resolve::Signatures;
use biovm_compiler::source::SourceText;
use biovm_compiler::{Options, compile};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders with scripts, from the root of the repository.
const FOLDERS: [&str; 4] = ["tests", "docs/examples", "compiler/tests", "bench/scripts"];

/// Longer scripts slow the fuzzer down more than they show it.
const MOST_BYTES: usize = 8 << 10;

/// Writes the scripts to `folder/front_end` and what they compile to, with positions and without, to
/// `folder/bytecode`. Returns how many scripts there are.
pub fn write(root: &Path, folder: &Path) -> io::Result<usize> {
    let (texts, programs) = (folder.join("front_end"), folder.join("bytecode"));
    fs::create_dir_all(&texts)?;
    fs::create_dir_all(&programs)?;
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
