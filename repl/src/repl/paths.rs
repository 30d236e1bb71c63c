//! Completion of paths, which may have blanks in them: inside of quotes, and behind commands that take a file.

use rustyline::completion::Pair;
use std::path::{MAIN_SEPARATOR, Path, is_separator};

/// The files and folders that a path may become. It begins at `start` in the line.
pub fn candidates(start: usize, path: &str) -> (usize, Vec<Pair>) {
    let split = path.rfind(is_separator).map_or(0, |at| at + 1);
    let (folder, beginning) = path.split_at(split);
    let listed = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let Ok(entries) = std::fs::read_dir(listed) else { return (start + split, Vec::new()) };
    let mut found: Vec<Pair> = entries
        .flatten()
        .filter_map(|entry| {
            // What is not text, or would end the string, cannot be typed like this.
            let name = entry.file_name().into_string().ok()?;
            let is_meant =
                name.starts_with(beginning) && (beginning.starts_with('.') || !name.starts_with('.'));
            if !is_meant || name.contains(['"', '\'', '\\']) || name.contains(char::is_control) {
                return None;
            }
            let is_folder = entry.path().is_dir();
            let end = if is_folder { MAIN_SEPARATOR.to_string() } else { String::new() };
            Some(Pair { display: format!("{name}{end}"), replacement: format!("{name}{end}") })
        })
        .collect();
    found.sort_by(|one, other| one.replacement.cmp(&other.replacement));
    (start + split, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("my reads")).expect("a folder");
        for name in ["my reads/a.fq", "my reads/b.fq", ".hidden", "mine.bl", "it's.bl"] {
            std::fs::write(folder.path().join(name), "").expect("a file");
        }
        let typed = |end: &str| format!("{}/{end}", folder.path().display());
        let found = |end: &str| {
            let path = typed(end);
            let (start, pairs) = candidates(3, &path);
            assert_eq!(start, 3 + path.rfind('/').expect("a separator") + 1);
            pairs.into_iter().map(|pair| pair.replacement).collect::<Vec<_>>()
        };
        assert_eq!(found(""), ["mine.bl", "my reads/"]);
        assert_eq!(found("my"), ["my reads/"]);
        assert_eq!(found("my reads/"), ["a.fq", "b.fq"]);
        assert_eq!(found("."), [".hidden"]);
        assert!(found("nothing/").is_empty());
    }
}
