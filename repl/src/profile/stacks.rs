//! Call trees for other tools.

use crate::failure::Failure;
use biovm_vm::profile::{FunctionKind, FunctionRow, Profile, StackRow};
use serde_json::json;

/// What a function is called there.
fn frame_name(profile: &Profile, row: &FunctionRow) -> String {
    match (row.kind, row.place) {
        (FunctionKind::Builtin, _) => format!("{}()", row.name),
        (FunctionKind::Lambda, Some(place)) => {
            let source = profile.sources.get(place.source).map_or("", |source| source.name.as_str());
            format!("{} ({source}:{})", row.name, place.line)
        }
        _ => row.name.clone(),
    }
}

/// The functions of a stack, the outermost first.
fn functions_of(profile: &Profile, row: &StackRow) -> Vec<usize> {
    let above = std::iter::successors(Some(row), |row| Some(&profile.stacks[row.parent?]));
    let mut functions: Vec<usize> = above.map(|row| row.function).collect();
    functions.reverse();
    functions
}

/// The stacks in which time was spent.
fn spent(profile: &Profile) -> impl Iterator<Item = &StackRow> {
    profile.stacks.iter().filter(|row| !row.self_time.is_zero())
}

/// The profile as speedscope reads it: <https://www.speedscope.app/file-format-schema.json>.
pub fn speedscope(profile: &Profile, name: &str) -> String {
    let frames = profile.functions.iter().map(|row| {
        let mut frame = json!({"name": frame_name(profile, row)});
        if let Some(place) = row.place
            && let Some(source) = profile.sources.get(place.source)
        {
            frame["file"] = json!(source.name);
            frame["line"] = json!(place.line);
            frame["col"] = json!(place.column);
        }
        frame
    });
    let samples: Vec<Vec<usize>> = spent(profile).map(|row| functions_of(profile, row)).collect();
    let nanoseconds = |row: &StackRow| u64::try_from(row.self_time.as_nanos()).unwrap_or(u64::MAX);
    let weights: Vec<u64> = spent(profile).map(nanoseconds).collect();
    let document = json!({
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "exporter": concat!("biovm ", env!("CARGO_PKG_VERSION")),
        "name": name,
        "activeProfileIndex": 0,
        "shared": {"frames": frames.collect::<Vec<_>>()},
        "profiles": [{
            "type": "sampled",
            "name": name,
            "unit": "nanoseconds",
            "startValue": 0,
            "endValue": weights.iter().sum::<u64>(),
            "samples": samples,
            "weights": weights,
        }],
    });
    format!("{document}\n")
}

/// The stacks as lines `outer;inner count`, where the count is microseconds.
pub fn collapsed(profile: &Profile) -> String {
    let names: Vec<String> = profile.functions.iter().map(|row| frame_name(profile, row)).collect();
    // The format has no way to write a semicolon or the end of a line.
    let names: Vec<String> = names
        .iter()
        .map(|name| name.replace(|letter: char| letter == ';' || letter.is_control(), "_"))
        .collect();
    let mut text = String::new();
    for row in spent(profile) {
        let microseconds = (row.self_time.as_nanos() + 500) / 1000;
        if microseconds > 0 {
            let stack: Vec<&str> =
                functions_of(profile, row).iter().map(|&row| names[row].as_str()).collect();
            text += &format!("{} {microseconds}\n", stack.join(";"));
        }
    }
    text
}

/// A flame graph.
pub fn flame_graph(profile: &Profile, name: &str) -> Result<String, Failure> {
    use inferno::flamegraph::{Options, from_lines};
    let mut options = Options::default();
    options.title = format!("Profile of {name}");
    options.count_name = "µs".to_owned();
    // Equal names have equal colours, in this picture and in the next one.
    options.hash = true;
    let lines = collapsed(profile);
    let lines = if lines.is_empty() { "main 1\n" } else { &lines };
    let mut picture = Vec::new();
    from_lines(&mut options, lines.lines(), &mut picture)
        .map_err(|error| Failure::Message(format!("cannot draw the flame graph: {error}")))?;
    String::from_utf8(picture)
        .map_err(|error| Failure::Message(format!("cannot draw the flame graph: {error}")))
}
