//! The databases of NCBI, by its E-utilities.
//!
//! * [`search`]: ids that match a question, what is known about them, genes
//! * [`sequence`]: records as text, sequences
//! * [`accession`]: what an id looks like

pub mod accession;
pub mod search;
pub mod sequence;

use super::SECTION;
use super::limiter::Limiter;
use super::service::{CACHE, Service, TIMEOUT, TTL};
use crate::general::common::types::*;
use biovm_bytecode::signature::{Default, OptionField};
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::{option, optional, options_parameter, with_default};
use biovm_vm::profile::WaitKind;
use biovm_vm::{Call, Error, ErrorKind, Native, Value, native, required};
use std::time::Duration;

/// Ids, or one of them.
const IDS: TypeSet = TypeSet::of(&[Type::Str, Type::Int, Type::List]);

/// What the database says, whatever biovm would make of it.
const RAW: OptionField = option(
    "raw",
    BOOL,
    "true gives the JSON of the answers as it is, in one Record: esearchresult, or result with a document for each id",
);

/// The E-utilities. NCBI allows 3 requests a second, and 10 with a key; a little more than the time between them leaves room for
/// requests that overtake each other on the way.
pub static EUTILS: Service = Service {
    name: "ncbi",
    base: "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    key_variable: "NCBI_API_KEY",
    key_parameter: "api_key",
    email_variables: ["NCBI_EMAIL", "BIOVM_EMAIL"],
    interval: Duration::from_millis(350),
    interval_with_key: Duration::from_millis(105),
    limiter: Limiter::new(),
};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("ncbi_search", search::ncbi_search)
        .waits_for(WaitKind::Network)
        .section(SECTION)
        .parameters(&[
            required("db", STR),
            required("term", STR),
            with_default("max", NUMBER, Default::Int(20)),
            options_parameter(),
        ])
        .options(&[
            option("sort", STR, "the order, as the database names it: \"relevance\", \"pub_date\""),
            option("count", BOOL, "true gives {count, ids}, where count is the number of all matches"),
            RAW,
            CACHE,
            TTL,
            TIMEOUT,
        ])
        .returns(LIST.or(RECORD))
        .doc("The ids in a database of NCBI that match a term, as ncbi_search(\"nucleotide\", \"TP53[gene] AND human[orgn]\"), at most max of them."),
    native("ncbi_fetch", sequence::ncbi_fetch)
        .waits_for(WaitKind::Network)
        .section(SECTION)
        .parameters(&[required("ids", IDS), required("db", STR), optional("rettype", STR), options_parameter()])
        .options(&[CACHE, TTL, TIMEOUT])
        .returns(STR)
        .doc("Records of a database of NCBI as text: FASTA for nucleotide and protein, abstracts for pubmed, else XML, or what rettype names."),
    native("ncbi_sequence", sequence::ncbi_sequence)
        .waits_for(WaitKind::Network)
        .section(SECTION)
        .parameters(&[required("id", IDS), options_parameter()])
        .options(&[
            option("as", STR, "\"seq\" (default), \"record\" for {id, description, seq, length}, or \"fasta\" for text"),
            option("db", STR, "\"nucleotide\" or \"protein\"; by default what the accession looks like"),
            option("region", STR, "positions from 1, both included, as \"100-200\""),
            option("strand", STR.or(NUMBER), "\"+\" or \"-\", which gives the reverse complement"),
            CACHE,
            TTL,
            TIMEOUT,
        ])
        .returns(TypeSet::of(&[Type::Dna, Type::Protein, Type::List, Type::Record, Type::Str]))
        .doc("The sequence with an accession or UID of NCBI, DNA or Protein; for a List of them a List, in the same order."),
    native("ncbi_summary", search::ncbi_summary)
        .waits_for(WaitKind::Network)
        .section(SECTION)
        .parameters(&[required("ids", IDS), required("db", STR), options_parameter()])
        .options(&[RAW, CACHE, TTL, TIMEOUT])
        .returns(LIST.or(RECORD).or(NIL))
        .doc("What a database of NCBI says in short about ids: a Record each, in the same order, with the fields of that database and uid."),
    native("ncbi_gene", search::ncbi_gene)
        .waits_for(WaitKind::Network)
        .section(SECTION)
        .parameters(&[required("term", STR), with_default("max", NUMBER, Default::Int(10)), options_parameter()])
        .options(&[
            option("organism", STR, "where a symbol is looked for (default \"human\")"),
            option("one", BOOL, "true gives the first gene itself, or nil where there is none"),
            RAW,
            CACHE,
            TTL,
            TIMEOUT,
        ])
        .returns(LIST.or(RECORD).or(NIL))
        .doc("Genes by symbol or by a term of NCBI: Records of id, symbol, name, description, organism, chromosome, location, summary."),
];

/// The ids of an argument, as text.
fn ids(call: &Call, position: usize) -> Result<Vec<String>, Error> {
    let wrong = |value: &Value| {
        Error::type_error(format!("{}() requires ids of Str or Int, got {}", call.name(), value.type_of()))
    };
    let one = |value: &Value| match value {
        Value::Int(number) => Ok(number.to_string()),
        other => match other.as_text().map(str::trim) {
            Some(text) if text.is_empty() || text.contains([',', '&', '\n']) => {
                Err(Error::value_error(format!("{}() requires ids, got {text:?}", call.name()))
                    .with_hint("several ids are a list: [\"NM_000546\", \"NM_007294\"]"))
            }
            Some(text) => Ok(text.to_owned()),
            None => Err(wrong(other)),
        },
    };
    match call.argument(position) {
        Value::List(list) => list.iter().map(|item| one(&item)).collect(),
        value => Ok(vec![one(value)?]),
    }
}

/// The answer is not what it should be.
fn odd_answer(what: &str) -> Error {
    Error::new(ErrorKind::Format, format!("the answer is not what NCBI documents: {what}"))
        .with_hint("NCBI may have trouble; try again later")
}
