//! The `biovm` command, built once.
//!
//! Cargo tells a test only about the executables of its own package, so the command is built here: with the profile and
//! in the target folder of the test itself, which costs nothing where it is built already.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The variable that names an executable to test instead of the one that is built.
pub const CHOICE: &str = "BIOVM_EXECUTABLE";

/// Builds the command and says where it is.
pub fn build() -> Result<PathBuf, String> {
    if let Some(chosen) = env::var_os(CHOICE) {
        return std::path::absolute(chosen).map_err(|error| format!("{CHOICE}: {error}"));
    }
    let test = env::current_exe().map_err(|error| format!("where is this test? {error}"))?;
    let place = Place::of(&test).ok_or_else(|| format!("{} is in no target folder", test.display()))?;
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.args(["build", "--quiet", "--package", "biovm", "--bin", "biovm", "--manifest-path"]);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"));
    command.args(["--profile", &place.profile]).arg("--target-dir").arg(&place.target);
    if let Some(triple) = &place.triple {
        command.args(["--target", triple]);
    }
    let output = command.output().map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("biovm does not compile:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(place.folder.join(format!("biovm{}", env::consts::EXE_SUFFIX)))
}

/// What the path of a test, `target[/triple]/debug/deps/test-0123`, or of a command beside this one,
/// `target[/triple]/release/overhead`, says about how it was built.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    /// Where executables are.
    folder: PathBuf,
    profile: String,
    target: PathBuf,
    triple: Option<String>,
}

impl Place {
    fn of(test: &Path) -> Option<Place> {
        let beside = test.parent()?;
        let folder = if beside.ends_with("deps") { beside.parent()? } else { beside };
        let profile = match folder.file_name()?.to_str()? {
            "debug" => "dev",
            name => name,
        };
        let above = folder.parent()?;
        let name = above.file_name()?.to_str()?;
        // A triple has at least two hyphens; a target folder that is named so is nothing to be afraid of.
        let (target, triple) = match name.matches('-').count() {
            0 | 1 => (above, None),
            _ => (above.parent()?, Some(name.to_owned())),
        };
        Some(Place {
            folder: folder.to_path_buf(),
            profile: profile.to_owned(),
            target: target.to_path_buf(),
            triple,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_test_says_how_it_was_built() {
        let place =
            |path: &str| Place::of(Path::new(path)).map(|place| (place.profile, place.target, place.triple));
        assert_eq!(place("/t/debug/deps/x-1"), Some(("dev".into(), "/t".into(), None)));
        assert_eq!(
            place("/t/x86_64-unknown-linux-gnu/release/deps/x-1"),
            Some(("release".into(), "/t".into(), Some("x86_64-unknown-linux-gnu".into())))
        );
        assert_eq!(place("/t/release/overhead"), Some(("release".into(), "/t".into(), None)));
        assert_eq!(place("x"), None);
    }
}
