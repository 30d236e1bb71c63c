//! How fast scripts are compiled.
//!
//! * [`generate`]: a long script as people write them, and the same in Lua
//! * [`shapes`]: scripts that have much of one thing, which a step that grows too fast would show
//! * [`clock`]: the time of a processor
//! * [`stages`]: the way of a script, one stage after the other

pub mod clock;
pub mod generate;
pub mod shapes;
pub mod stages;
