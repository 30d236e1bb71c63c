//! Files that are held as a whole, and passed over once.

use super::call::{CallForm, call_of};
use super::cost::{MEMORY_OF_ITEM, MEMORY_OF_STREAM};
use super::evidence::Evidence;
use super::script::{Occurrence, Script};
use super::{Findings, Kind, Suggestion};
use crate::units;
use biovm_compiler::ast::{Expression, ExpressionKind, StatementKind, Visitor};
use std::time::Duration;

/// Less than this may be held.
const WORTH_STREAMING: u64 = 32 << 20;

/// What goes over all items once, and takes a Stream.
const PASSES: [&str; 8] = ["map", "filter", "each", "reduce", "par_map", "par_filter", "flat_map", "count"];

/// Looks for them.
pub fn look(script: &Script<'_, '_>, evidence: &Evidence<'_>, findings: &mut Findings) {
    for (call, at) in script.calls() {
        let stream = match call.name {
            "read_fastq" => "stream_fastq",
            "read_fasta" => "stream_fasta",
            _ => continue,
        };
        if !evidence.purity.is_builtin(script, call.name) || call.operands.len() != 1 || !call.is_plain {
            continue;
        }
        let Some(pass) = only_pass(script, at) else { continue };
        report(script, evidence, &call, stream, &pass, findings);
    }
}

/// What goes over the reads.
struct Pass {
    /// Its name; `for` for a loop.
    name: String,
    /// Whether it makes a List with something for each read.
    keeps_results: bool,
}

/// The one pass over what a call gives, where it is the only use of it.
fn only_pass(script: &Script<'_, '_>, at: &Occurrence<'_, '_>) -> Option<Pass> {
    if let Some(pass) = pass_over(script, &|expression| std::ptr::eq(expression, at.expression)) {
        return Some(pass);
    }
    let declared = script.assignments.iter().find(|each| std::ptr::eq(each.value, at.expression))?;
    let is_declared_once = declared.declares
        && script.assignments.iter().filter(|each| each.name == declared.name).count() == 1
        && script.loops(declared.context).next().is_none();
    if !is_declared_once || script.uses.get(declared.name) != Some(&1) {
        return None;
    }
    // A pass that is repeated would want the file again.
    let using = script.occurrences.iter().find(|each| is_name(each.expression, declared.name))?;
    if script.loops(using.context).next().is_some() || using.context != at.context {
        return None;
    }
    pass_over(script, &|expression| is_name(expression, declared.name))
}

fn is_name(expression: &Expression<'_>, name: &str) -> bool {
    matches!(&expression.kind, ExpressionKind::Name(other) if *other == name)
}

fn pass_over(script: &Script<'_, '_>, is_source: &dyn Fn(&Expression<'_>) -> bool) -> Option<Pass> {
    let stage_of = |is_source: &dyn Fn(&Expression<'_>) -> bool| {
        script.occurrences.iter().find_map(|each| {
            let call = call_of(each.expression)?;
            let first = call.operands.first()?;
            (PASSES.contains(&call.name) && is_source(first)).then_some((each.expression, call.name))
        })
    };
    if let Some((mut stage, mut name)) = stage_of(is_source) {
        let first = name;
        while let Some((next, next_name)) = stage_of(&|expression| std::ptr::eq(expression, stage)) {
            (stage, name) = (next, next_name);
        }
        let gives_list = matches!(name, "map" | "filter" | "par_map" | "par_filter" | "flat_map");
        // A pipe that ends in something else, such as sum(), takes one item after the other.
        let goes_on = script.occurrences.iter().any(|each| {
            call_of(each.expression)
                .is_some_and(|call| call.operands.first().is_some_and(|first| std::ptr::eq(*first, stage)))
        });
        return Some(Pass { name: first.to_owned(), keeps_results: gives_list && !goes_on });
    }
    is_iterated(script, is_source).then(|| Pass { name: "for".to_owned(), keeps_results: false })
}

/// Whether a `for` goes through it.
fn is_iterated(script: &Script<'_, '_>, is_source: &dyn Fn(&Expression<'_>) -> bool) -> bool {
    struct Loops<'f> {
        is_source: &'f dyn Fn(&Expression<'_>) -> bool,
        found: bool,
    }
    impl<'t, 's: 't> Visitor<'t, 's> for Loops<'_> {
        fn statement(&mut self, statement: &'t biovm_compiler::ast::Statement<'s>) {
            if let StatementKind::For { iterable, .. } = &statement.kind {
                self.found |= (self.is_source)(iterable);
            }
            self.inside_statement(statement);
        }
    }
    let mut loops = Loops { is_source, found: false };
    loops.statements(script.statements);
    loops.found
}

fn report(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    call: &CallForm<'_, '_>,
    stream: &str,
    pass: &Pass,
    findings: &mut Findings,
) {
    let Some(site) = evidence.site(script, call.span) else { return };
    let Some(peak) = evidence.profile.peak_memory else { return };
    let results = if pass.keeps_results { evidence.profile.input.records * MEMORY_OF_ITEM } else { 0 };
    let then = MEMORY_OF_STREAM + results;
    if peak < then + WORTH_STREAMING || site.calls != 1 {
        return;
    }
    let kept = match results {
        0 => String::new(),
        _ => format!(", and {} of results", units::size(results)),
    };
    findings.suggestions.push(Suggestion::new(
Kind::Stream,
evidence.place(script, call.span),
format!(
            "{}() held about {}, and {} goes over it once: {stream}() would hold about {}",
            call.name,
            units::size(peak.saturating_sub(MEMORY_OF_STREAM)),
            if pass.name == "for" { "a loop".to_owned() } else { format!("{}()", pass.name) },
            units::size(then),
        ),
format!(
            "peak memory {} for {} records; a stream has three batches at a time, {} with the process{kept}",
            units::size(peak),
            units::count(evidence.profile.input.records),
            units::size(MEMORY_OF_STREAM),
        ),
Duration::ZERO,
).with_peak(then));
}
