//! Counting the k-mers of sequences, lists, tables and streams.

use super::arguments;
use super::packed_kmers::{self, Counts};
use crate::files::reads::ReadTable;
use crate::general::table::{Column, Table};
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, optional, options_parameter};
use biovm_vm::value::{Record, Str};
use biovm_vm::{Call, Error, Native, Value, native, required};

const SECTION: &str = "K-mers";
const SOURCES: TypeSet = TypeSet::NUCLEOTIDES.or(TypeSet::COLLECTION).or(TypeSet::RECORD);
const CANONICAL: biovm_bytecode::signature::OptionField = option(
    "canonical",
    TypeSet::one(Type::Bool),
    "count a k-mer together with its reverse complement (default true)",
);

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("kmer_count", kmer_count)
        .section(SECTION)
        .parameters(&[
            required("sequences", SOURCES),
            required("k", TypeSet::NUMBER),
            optional("top_n", TypeSet::NUMBER),
            options_parameter(),
        ])
        .options(&[CANONICAL])
        .returns(TypeSet::one(Type::Table))
        .doc("How often each k-mer (k of 1 to 32) occurs, most frequent first: columns kmer and count. K-mers with other letters than A, C, G, T and U are left out.")
        .example("kmer_count(dna\"ACGTNACG\", 3)[0].count", "3"),
    native("kmer_distinct", kmer_distinct)
        .section(SECTION)
        .parameters(&[required("sequences", SOURCES), required("k", TypeSet::NUMBER), options_parameter()])
        .options(&[CANONICAL])
        .returns(TypeSet::one(Type::Int))
        .doc("The number of different k-mers (k of 1 to 32).")
        .example("kmer_distinct(dna\"ACGTNACG\", 3)", "1"),
    native("kmer_spectrum", kmer_spectrum)
        .section(SECTION)
        .parameters(&[required("counts", SOURCES), optional("k", TypeSet::NUMBER)])
        .returns(TypeSet::one(Type::Table))
        .doc("How many k-mers occur once, twice and so on: columns frequency and count. Takes the result of kmer_count, or sequences and k.")
        .example("kmer_spectrum(dna\"ACGTNACG\", 3)[0].frequency", "3"),
];

fn kmer_count(call: &mut Call) -> Result<Value, Error> {
    let k = length_of_kmers(call, 1)?;
    let most = if call.is_nil(2) { usize::MAX } else { call.size(2)? };
    let (counts, rna) = count(call, k)?;
    let sorted = counts.into_sorted();
    let shown = || sorted.iter().take(most);
    let kmers = shown().map(|(kmer, _)| Value::text(packed_kmers::decode(*kmer, k, rna))).collect();
    let counts = shown().map(|(_, count)| *count as i64).collect();
    Ok(table(["kmer", "count"], [Column::from_values(kmers), Column::ints(counts)]))
}

fn kmer_distinct(call: &mut Call) -> Result<Value, Error> {
    let k = length_of_kmers(call, 1)?;
    Ok(count(call, k)?.0.distinct().into())
}

fn kmer_spectrum(call: &mut Call) -> Result<Value, Error> {
    let mut frequencies: Vec<i64> = if call.is_nil(1) {
        counts_of_table(call)?
    } else {
        let k = length_of_kmers(call, 1)?;
        count(call, k)?.0.into_sorted().into_iter().map(|(_, count)| count as i64).collect()
    };
    frequencies.sort_unstable();
    let groups = || frequencies.chunk_by(|left, right| left == right);
    let column_of = |value: fn(&[i64]) -> i64| Column::ints(groups().map(value).collect());
    Ok(table(["frequency", "count"], [column_of(|group| group[0]), column_of(|group| group.len() as i64)]))
}

fn length_of_kmers(call: &Call, position: usize) -> Result<usize, Error> {
    match call.size(position)? {
        k @ 1..=packed_kmers::LONGEST => Ok(k),
        k => Err(Error::value_error(format!(
            "{}() requires k from 1 to {}, got {k}",
            call.name(),
            packed_kmers::LONGEST
        ))),
    }
}

/// Counts the k-mers of the first argument, and says whether they are RNA.
fn count(call: &mut Call, k: usize) -> Result<(Counts, bool), Error> {
    let canonical = match call.argument(call.len() - 1) {
        Value::Record(_)
            if call.len() > 1 && !call.is_nil(call.len() - 1) && call.name() != "kmer_spectrum" =>
        {
            arguments::flag(call, "canonical", true)
        }
        _ => true,
    };
    let name = call.name();
    let source = call.take(0);
    let mut counts = Counts::new(k, canonical);
    let mut rna = None;
    // The first sequence decides how all k-mers are written.
    let mut add = |value: &Value| -> Result<(), Error> {
        let letters = letters_of(value, name)?;
        rna.get_or_insert_with(|| letters.is_rna());
        counts.add(letters.text);
        Ok(())
    };
    if matches!(source, Value::Sequence(_) | Value::Str(_) | Value::Error(_) | Value::Record(_)) {
        add(&source)?;
    } else if let Value::Foreign(foreign) = &source
        && let Some(reads) = foreign.downcast::<ReadTable>()
        && reads.is_nucleotides()
    {
        for read in reads.views() {
            rna.get_or_insert_with(|| memchr::memchr(b'U', read.sequence).is_some());
            counts.add(read.sequence);
        }
    } else {
        let machine = call.machine();
        let mut items = machine.iterate(source)?;
        while let Some(item) = items.next(machine)? {
            add(&item)?;
            machine.check_interrupt()?;
        }
    }
    Ok((counts, rna.unwrap_or(false)))
}

/// The letters of a sequence, of text, or of the field `seq` of a record.
fn letters_of<'a>(value: &'a Value, name: &str) -> Result<arguments::Letters<'a>, Error> {
    let inner = match value {
        Value::Record(record) => field(record, "seq", name)?,
        other => other,
    };
    arguments::nucleotides_of(inner, name)?.ok_or_else(|| {
        Error::type_error(format!(
            "{name}() requires sequences or records with the field 'seq', got {}",
            inner.type_of()
        ))
    })
}

fn field<'a>(record: &'a Record, key: &str, name: &str) -> Result<&'a Value, Error> {
    record
        .get(key)
        .ok_or_else(|| Error::type_error(format!("{name}() requires records with the field '{key}'")))
}

/// The column `count` of the first argument.
fn counts_of_table(call: &mut Call) -> Result<Vec<i64>, Error> {
    let source = call.take(0);
    let machine = call.machine();
    let mut items = machine.iterate(source)?;
    let mut counts = Vec::new();
    while let Some(item) = items.next(machine)? {
        let Value::Record(record) = &item else {
            return Err(Error::type_error(
                "kmer_spectrum() requires a table of kmer_count, or sequences and k",
            ));
        };
        let count = field(record, "count", "kmer_spectrum")?.as_integral();
        counts.push(count.ok_or_else(|| Error::type_error("kmer_spectrum() requires Int counts"))?);
    }
    Ok(counts)
}

/// A table of two columns.
fn table(names: [&str; 2], columns: [Column; 2]) -> Value {
    Value::foreign(Table::new(names.map(Str::from).into(), columns.into()))
}
