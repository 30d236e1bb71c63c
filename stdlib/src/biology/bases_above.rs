//! How many bases reach a quality: Q20 and Q30 shares.

use super::counting::count_where;
use super::phred;
use super::quality::{SCORES, scores};
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::{Call, Error, Native, Value, native, required};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("bases_above", bases_above)
    .section("Quality scores")
    .parameters(&[required("quality", SCORES), required("threshold", TypeSet::NUMBER)])
    .returns(TypeSet::one(Type::Int))
    .doc("The number of bases with a Phred score of at least the threshold: 20 for Q20, 30 for Q30.")
    .example("bases_above(qual\"II5!\", 20)", "3")
    .pure()];

fn bases_above(call: &mut Call) -> Result<Value, Error> {
    let threshold = call.integer(1)?;
    let scores = scores(call, 0)?;
    let count = match threshold {
        ..=0 => scores.len(),
        threshold if threshold > i64::from(phred::HIGHEST) => 0,
        threshold => {
            let least = phred::OFFSET + threshold as u8;
            count_where(&scores, |letter| letter >= least)
        }
    };
    Ok(Value::from(count))
}
