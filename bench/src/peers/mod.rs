//! The same programs in BioLang and in other languages.
//!
//! * [`programs`]: what they are called and what kind of work they do
//! * [`expected`]: what they print for a small size
//! * [`language`]: the interpreters, as far as this computer has them
//! * [`process`]: one run of one program, with the time it takes
//! * [`measure`]: all programs in all languages, in turn
//! * [`computer`]: what the times were taken on
//! * [`report`]: the table

pub mod computer;
pub mod expected;
pub mod language;
pub mod measure;
pub mod process;
pub mod programs;
pub mod report;
