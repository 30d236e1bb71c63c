//! The tables that all functions share.

use super::error::VerifyError;
use crate::alphabet;
use crate::program::{AnnotationForm, Argument, CallSite, Constant, Program};
use std::collections::HashMap;

pub(super) fn verify_tables(program: &Program) -> Result<(), VerifyError> {
    let tables = verify_constants(program).and_then(|()| verify_shapes(program));
    let tables = tables.and_then(|()| verify_annotations(program)).and_then(|()| {
        let mut sites = program.call_sites.iter().enumerate();
        sites.try_for_each(|(number, site)| {
            verify_call_site(program, site).map_err(|problem| format!("call site {number}: {problem}"))
        })
    });
    tables.map_err(VerifyError::in_program)
}

fn verify_constants(program: &Program) -> Result<(), String> {
    for (number, constant) in program.constants.iter().enumerate() {
        let Constant::Sequence(of, letters) = constant else {
            continue;
        };
        if !alphabet::is_biological(*of) {
            return Err(format!("constant {number}: {of} is no type of biological literals"));
        }
        if let Some(letter) = letters.bytes().find(|letter| !alphabet::is_letter(*of, *letter)) {
            return Err(format!("constant {number}: '{}' is no letter of {of}", letter.escape_ascii()));
        }
    }
    Ok(())
}

fn verify_shapes(program: &Program) -> Result<(), String> {
    if program.shapes.is_empty() && program.structures.is_empty() {
        return Ok(());
    }
    // Nothing says that the names differ, so keys are compared by the first name of the same text.
    let mut first_of_text = HashMap::with_capacity(program.names.len());
    let names = program.names.iter().enumerate();
    let first: Vec<usize> =
        names.map(|(number, text)| *first_of_text.entry(text).or_insert(number)).collect();
    let mut last_shape_with: Vec<Option<usize>> = vec![None; first.len()];
    // Structures are shapes with a name.
    let structures = program.structures.iter().map(|each| &each.fields);
    for (number, keys) in program.shapes.iter().chain(structures).enumerate() {
        let of = |problem: String| match number.checked_sub(program.shapes.len()) {
            Some(number) => format!("structure {number}: {problem}"),
            None => format!("shape {number}: {problem}"),
        };
        for key in keys {
            verify_name(program, *key).map_err(of)?;
            let key = first[*key as usize];
            if last_shape_with[key].replace(number) == Some(number) {
                return Err(of(format!("the key `{}` comes twice", program.names[key])));
            }
        }
    }
    for (number, structure) in program.structures.iter().enumerate() {
        for name in [Some(structure.name), structure.variant_of].into_iter().flatten() {
            verify_name(program, name).map_err(|problem| format!("structure {number}: {problem}"))?;
        }
    }
    Ok(())
}

/// Annotations may nest so deeply: more than a script can write, and little enough to follow by recursion.
const DEEPEST_ANNOTATION: usize = 1_000;

/// So many annotations an annotation may consist of, each counted as often as it is referred to: what a check of a value
/// may look at. A few annotations that refer to the one before them twice would otherwise take forever.
const LARGEST_ANNOTATION: usize = 1 << 20;

fn verify_annotations(program: &Program) -> Result<(), String> {
    let mut known: Vec<(usize, usize)> = Vec::with_capacity(program.annotations.len());
    for (number, annotation) in program.annotations.iter().enumerate() {
        let parts = match &annotation.form {
            AnnotationForm::Any | AnnotationForm::Number | AnnotationForm::Type(_) => &[],
            AnnotationForm::Structure(name) => {
                verify_name(program, *name).map_err(|problem| format!("annotation {number}: {problem}"))?;
                &[]
            }
            AnnotationForm::Optional(inner) | AnnotationForm::Items(_, inner) => std::slice::from_ref(inner),
            AnnotationForm::Union(parts) | AnnotationForm::Tuple(parts) => parts.as_slice(),
        };
        let (mut depth, mut size) = (0, 1_usize);
        for part in parts {
            // What comes later is not known yet, so an annotation is never a part of itself.
            match known.get(*part as usize) {
                Some((below, parts)) => (depth, size) = (depth.max(below + 1), size.saturating_add(*parts)),
                None => {
                    return Err(format!("annotation {number}: annotation {part} does not come before it"));
                }
            }
        }
        if depth > DEEPEST_ANNOTATION {
            return Err(format!("annotation {number}: it nests more than {DEEPEST_ANNOTATION} deep"));
        }
        if size > LARGEST_ANNOTATION {
            return Err(format!("annotation {number}: it has more than {LARGEST_ANNOTATION} parts"));
        }
        known.push((depth, size));
    }
    Ok(())
}

fn verify_call_site(program: &Program, site: &CallSite) -> Result<(), String> {
    if let Some(method) = site.method {
        verify_name(program, method)?;
        if site.arguments.first() != Some(&Argument::Positional) {
            return Err("a method needs its object as the first argument".to_owned());
        }
    }
    for argument in &site.arguments {
        if let Argument::Named(name) = argument {
            verify_name(program, *name)?;
        }
    }
    Ok(())
}

/// Whether the table of names has the entry.
pub(super) fn verify_name(program: &Program, name: u32) -> Result<(), String> {
    let count = program.names.len();
    if (name as usize) < count { Ok(()) } else { Err(format!("name {name} is beyond the {count} names")) }
}
