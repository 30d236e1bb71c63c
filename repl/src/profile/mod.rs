//! How profiles are shown.
//!
//! * [`listing`]: what the session prints below the value of `:profile`
//! * [`text`]: the whole report, for people
//! * [`json`]: the same for programs
//! * [`stacks`]: call trees for other tools: speedscope, collapsed stacks, flame graphs

pub mod json;
pub mod listing;
pub mod stacks;
pub mod text;

use crate::command_line::ProfileFormat;
use crate::failure::Failure;
use biovm_vm::profile::Profile;

/// The profile in a format. `name` is what was profiled.
pub fn render(profile: &Profile, name: &str, format: ProfileFormat) -> Result<String, Failure> {
    match format {
        ProfileFormat::Text => Ok(text::report(profile, name)),
        ProfileFormat::Json => Ok(json::document(profile, name)),
        ProfileFormat::Speedscope => Ok(stacks::speedscope(profile, name)),
        ProfileFormat::Collapsed => Ok(stacks::collapsed(profile)),
        ProfileFormat::Svg => stacks::flame_graph(profile, name),
    }
}
