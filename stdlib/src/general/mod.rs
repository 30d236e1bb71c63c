//! The general standard library.
//!
//! * [`core`], [`conversion`], [`predicates`], [`script`], [`time`]: printing, types, conversions, errors, clocks
//! * [`processes`]: other programs
//! * [`collections`]: lists and everything else that has items
//! * [`records`], [`sets`]
//! * [`text`], [`mod@regex`]
//! * [`math`], [`statistics`]
//! * [`random`]: random numbers, samples
//! * [`table`]: tables and their verbs
//! * [`streams`]: making and reading lazy sequences
//! * [`parallel`]: work on several cores, waiting for several things at once
//! * [`helpers`], [`functions`]: small functions for pipelines, functions that make functions
//!
//! [`common`] holds what several of them share: type sets, callbacks, walking over items, sorting.

use biovm_vm::Native;

pub mod collections;
pub mod common;
pub mod conversion;
pub mod core;
pub mod functions;
pub mod helpers;
pub mod math;
pub mod parallel;
pub mod predicates;
pub mod processes;
pub mod random;
pub mod records;
pub mod regex;
pub mod script;
pub mod sets;
pub mod statistics;
pub mod streams;
pub mod table;
pub mod text;
pub mod time;

/// The builtins of this family, a list a module.
pub const NATIVES: &[&[Native]] = &[
    core::NATIVES,
    conversion::NATIVES,
    predicates::NATIVES,
    script::NATIVES,
    processes::NATIVES,
    time::NATIVES,
    collections::folds::NATIVES,
    collections::transforms::NATIVES,
    collections::order::NATIVES,
    collections::ends::NATIVES,
    collections::build::NATIVES,
    collections::search::NATIVES,
    collections::pieces::NATIVES,
    collections::grouping::NATIVES,
    records::NATIVES,
    sets::NATIVES,
    text::NATIVES,
    text::format::NATIVES,
    regex::NATIVES,
    math::rounding::NATIVES,
    math::functions::NATIVES,
    math::integers::NATIVES,
    math::extremes::NATIVES,
    statistics::moments::NATIVES,
    statistics::quantiles::NATIVES,
    statistics::correlation::NATIVES,
    statistics::series::NATIVES,
    statistics::summary::NATIVES,
    random::numbers::NATIVES,
    random::sampling::NATIVES,
    table::build::NATIVES,
    table::inspect::NATIVES,
    table::columns::NATIVES,
    table::rows::NATIVES,
    table::groups::NATIVES,
    streams::NATIVES,
    parallel::cores::NATIVES,
    parallel::futures::NATIVES,
    parallel::workers::NATIVES,
    helpers::NATIVES,
    functions::NATIVES,
];
