//! The k-mers of a sequence, as text.

use super::arguments;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("kmers", kmers)
    .section("K-mers")
    .parameters(&[required("sequence", TypeSet::SEQUENCE), required("k", TypeSet::NUMBER)])
    .returns(TypeSet::one(Type::List))
    .doc("Every stretch of k letters, from left to right, overlapping, as text; none where k is 0 or longer than the sequence.")
    .example("kmers(dna\"ACGT\", 2)", "[AC, CG, GT]")
    .pure()];

fn kmers(call: &mut Call) -> Result<Value, Error> {
    let argument = arguments::residues(call, 0)?;
    let k = call.size(1)?;
    if k == 0 {
        return Ok(Value::list(Vec::new()));
    }
    let upper = argument.upper();
    let text = std::str::from_utf8(&upper).unwrap_or_default();
    // Letters are ASCII, so every window is a piece of text.
    let count = (text.len() + 1).saturating_sub(k);
    Ok(Value::list((0..count).map(|start| Value::text(&text[start..start + k])).collect()))
}
