//! Loops that fill a List with a value for each item, and do nothing else.

use super::Kind;
use super::call::call_of;
use super::evidence::{Evidence, Taken};
use super::parallel::Candidate;
use super::script::{Around, Script, names};
use biovm_compiler::ast::{
    AssignOperator, Expression, ExpressionKind, Pattern, PatternKind, Statement, StatementKind, Visitor,
};
use biovm_compiler::span::Span;
use std::time::Duration;

/// `for item in items { let …; list = push(list, value) }`.
struct Loop<'t, 's> {
    span: Span,
    item: &'t Pattern<'s>,
    list: &'s str,
    /// The call of `push`.
    push: &'t Expression<'s>,
}

/// The loops that several cores could share.
pub fn candidates(script: &Script<'_, '_>, evidence: &Evidence<'_>) -> Vec<Candidate> {
    struct Loops<'l, 't, 's, 'p> {
        script: &'l Script<'t, 's>,
        evidence: &'l Evidence<'p>,
        found: Vec<Candidate>,
    }
    impl<'x, 'y: 'x> Visitor<'x, 'y> for Loops<'_, '_, '_, '_> {
        fn statement(&mut self, statement: &'x Statement<'y>) {
            let found = loop_of(self.script, self.evidence, statement);
            self.found.extend(found.and_then(|found| candidate(self.script, self.evidence, &found)));
            self.inside_statement(statement);
        }
    }
    let mut loops = Loops { script, evidence, found: Vec::new() };
    loops.statements(script.statements);
    loops.found
}

fn loop_of<'t, 's>(
    script: &Script<'_, '_>,
    evidence: &Evidence<'_>,
    statement: &'t Statement<'s>,
) -> Option<Loop<'t, 's>> {
    let StatementKind::For { pattern, iterable, condition: None, body, otherwise: None, parallel: false } =
        &statement.kind
    else {
        return None;
    };
    let (last, before) = body.statements.split_last()?;
    let StatementKind::Assign { target, operator: AssignOperator::Plain, value, .. } = &last.kind else {
        return None;
    };
    let call = call_of(value).filter(|call| call.name == "push" && call.is_plain && !call.is_method)?;
    let list = target.name.text;
    let [pushed_to, pushed] = call.operands.as_slice() else { return None };
    let is_list = matches!(&pushed_to.kind, ExpressionKind::Name(name) if *name == list);
    let is_free = |value: &Expression<'s>| {
        !names(value).contains(list) && evidence.purity.expression(script, value) && !leaves(value)
    };
    let declares = |statement: &Statement<'s>| matches!(&statement.kind, StatementKind::Let { value, .. } if is_free(value));
    let is_right = is_list
        && target.steps.is_empty()
        && evidence.purity.is_builtin(script, "push")
        && !names(iterable).contains(list)
        && is_free(pushed)
        && before.iter().all(declares);
    is_right.then_some(Loop { span: statement.span, item: pattern, list, push: value })
}

/// Whether something in an expression may leave the loop.
fn leaves(value: &Expression<'_>) -> bool {
    struct Leaves(bool);
    impl<'x, 'y: 'x> Visitor<'x, 'y> for Leaves {
        fn statement(&mut self, statement: &'x Statement<'y>) {
            self.0 |= matches!(
                statement.kind,
                StatementKind::Return(_) | StatementKind::Break | StatementKind::Continue
            );
            self.inside_statement(statement);
        }
    }
    let mut leaves = Leaves(false);
    Visitor::expression(&mut leaves, value);
    leaves.0
}

fn candidate(script: &Script<'_, '_>, evidence: &Evidence<'_>, found: &Loop<'_, '_>) -> Option<Candidate> {
    let PatternKind::Name(item) = found.item.kind else { return None };
    let push = script.occurrences.iter().find(|each| each.expression.span == found.push.span)?;
    let around = script.contexts[push.context?].parent;
    if evidence.is_parallel(script, around) || script.loops(around).next().is_some() {
        return None;
    }
    let runs = match around.map(|number| script.contexts[number].around) {
        Some(Around::Function(function)) => evidence.function(script, function)?.calls,
        _ => 1,
    };
    // Its own lines, the builtins in them, and what functions of the script take that it calls.
    let calls: Vec<(bool, Taken)> = script
        .calls()
        .filter(|(call, _)| found.span.start <= call.span.start && call.span.end <= found.span.end)
        .filter_map(|(call, _)| {
            Some((script.functions.contains_key(call.name), evidence.call(script, &call)?))
        })
        .collect();
    let called: Duration = calls.iter().filter(|(is_own, _)| *is_own).map(|(_, taken)| taken.time).sum();
    let items = calls.iter().map(|(_, taken)| taken.calls).max()?;
    let list = found.list;
    Some(Candidate {
        kind: Kind::ParMap,
        subject: "the loop".to_owned(),
        reason: format!("whose rounds do nothing but put a value into '{list}', of {{items}} items"),
        instead: format!("par_map(…, |{item}| …) in place of the loop"),
        span: found.span,
        whole: found.span,
        time: evidence.lines_within(script, found.span) + called,
        runs: runs.max(1),
        items,
        is_inlined: true,
    })
}
