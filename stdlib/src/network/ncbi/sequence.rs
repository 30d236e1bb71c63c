//! Records as text, and sequences.

use super::super::service::Access;
use super::search::BATCH;
use super::{EUTILS, accession, ids, odd_answer};
use crate::biology::arguments;
use biovm_vm::value::{Alphabet, Sequence};
use biovm_vm::{Call, Error, ErrorKind, Value};
use indexmap::IndexSet;
use noodles::fasta;
use rustc_hash::FxHashMap;
use std::sync::Arc;

pub(super) fn ncbi_fetch(call: &mut Call) -> Result<Value, Error> {
    let ids = ids(call, 0)?;
    let db = call.text(1)?.to_owned();
    let kind = match call.argument(2).as_text() {
        Some(kind) => kind.to_owned(),
        None => usual_kind(&db).to_owned(),
    };
    let access = Access::of(call, &EUTILS)?;
    call.wait_for(async move {
        let mut text = String::new();
        for batch in ids.chunks(BATCH) {
            text.push_str(&records(&access, &db, &kind, batch, &[]).await?);
        }
        Ok(Value::text(text))
    })
}

/// The kind of text that a database gives where nothing else is asked for.
fn usual_kind(db: &str) -> &'static str {
    match db {
        "nucleotide" | "nuccore" | "protein" => "fasta",
        "pubmed" => "abstract",
        _ => "xml",
    }
}

async fn records(
    access: &Access,
    db: &str,
    kind: &str,
    ids: &[String],
    further: &[(&'static str, String)],
) -> Result<Arc<str>, Error> {
    let mode = if kind == "xml" { "xml" } else { "text" };
    let mut parameters = vec![
        ("db", db.to_owned()),
        ("id", ids.join(",")),
        ("rettype", kind.to_owned()),
        ("retmode", mode.to_owned()),
    ];
    parameters.extend_from_slice(further);
    access.ask("efetch.fcgi", &parameters, refused).await
}

/// NCBI says some errors with a status that means success.
fn refused(answer: &str) -> Result<(), Error> {
    let start = answer.trim_start();
    let is_error = ["Error:", "Error ", "<ERROR>", "<eFetchResult>", "{\"error\"", "Failed to "]
        .iter()
        .any(|beginning| start.starts_with(beginning));
    if !is_error && !start.is_empty() {
        return Ok(());
    }
    let words: Vec<&str> = start.split_whitespace().collect();
    let shown: String = words.join(" ").chars().take(200).collect();
    let what = if shown.is_empty() { "NCBI gives nothing".to_owned() } else { format!("NCBI says: {shown}") };
    Err(Error::new(ErrorKind::Io, what).with_hint("check the ids, and the database they belong to"))
}

/// What a sequence is given as.
#[derive(Clone, Copy)]
enum Form {
    Sequence,
    Record,
    Fasta,
}

pub(super) fn ncbi_sequence(call: &mut Call) -> Result<Value, Error> {
    let is_list = matches!(call.argument(0), Value::List(_));
    let ids = ids(call, 0)?;
    if let Some(symbol) = ids.iter().find(|id| accession::looks_like_symbol(id)) {
        let error = Error::value_error(format!(
            "ncbi_sequence() requires an accession or UID, got '{symbol}', which looks like the symbol of a gene"
        ));
        return Err(error.with_hint(format!(
            "look for its id: ncbi_search(\"nucleotide\", \"{symbol}[gene] AND human[orgn] AND refseq_select[filter]\", 1)"
        )));
    }
    let forms = [("seq", Form::Sequence), ("record", Form::Record), ("fasta", Form::Fasta)];
    let form = arguments::choice(call, "as", &forms, Form::Sequence)?;
    let wanted = call.option("db").and_then(Value::as_text).map(str::to_owned);
    let window = window(call)?;
    let access = Access::of(call, &EUTILS)?;
    call.wait_for(async move {
        let db_of = |id: &str| match &wanted {
            Some(db) => db.clone(),
            None => (if accession::is_protein(id) { "protein" } else { "nucleotide" }).to_owned(),
        };
        // Who asks twice for the same gets it twice, but NCBI is asked once.
        let asked = ids;
        let ids: Vec<String> = asked.iter().collect::<IndexSet<_>>().into_iter().cloned().collect();
        let mut databases: Vec<String> = Vec::new();
        for id in &ids {
            let db = db_of(id);
            if !databases.contains(&db) {
                databases.push(db);
            }
        }
        let mut values = vec![Value::Nil; ids.len()];
        for db in databases {
            let places: Vec<usize> = (0..ids.len()).filter(|place| db_of(&ids[*place]) == db).collect();
            for places in places.chunks(BATCH) {
                let batch: Vec<String> = places.iter().map(|place| ids[*place].clone()).collect();
                let answer = records(&access, &db, "fasta", &batch, &window).await?;
                for (place, record) in places.iter().zip(assign(&answer, &batch)?) {
                    values[*place] = record
                        .value(if db == "protein" { Alphabet::Protein } else { Alphabet::Dna }, form)?;
                }
            }
        }
        if !is_list {
            return Ok(values.swap_remove(0));
        }
        let by_id: FxHashMap<&String, &Value> = ids.iter().zip(&values).collect();
        Ok(Value::list(
            asked.iter().map(|id| by_id.get(id).map_or(Value::Nil, |value| (*value).clone())).collect(),
        ))
    })
}

/// The parameters of a part of a sequence.
fn window(call: &Call) -> Result<Vec<(&'static str, String)>, Error> {
    let mut parameters = Vec::new();
    if let Some(region) = call.option("region").and_then(Value::as_text) {
        let ends = region.replace(['_', ','], "");
        let ends = ends.split_once('-').or_else(|| ends.split_once(".."));
        let ends =
            ends.and_then(|(start, stop)| Some((start.trim().parse().ok()?, stop.trim().parse().ok()?)));
        let (start, stop): (u64, u64) =
            ends.filter(|(start, stop)| *start >= 1 && start <= stop).ok_or_else(|| {
                Error::value_error(format!(
                    "ncbi_sequence() requires 'region' as \"100-200\", got {region:?}"
                ))
                .with_hint("positions count from 1, and both belong to the region")
            })?;
        parameters.push(("seq_start", start.to_string()));
        parameters.push(("seq_stop", stop.to_string()));
    }
    if let Some(strand) = call.option("strand") {
        let number = strand.as_integral();
        let strand = match (strand.as_text(), number) {
            (Some("+"), _) | (_, Some(1)) => "1",
            (Some("-"), _) | (_, Some(-1 | 2)) => "2",
            _ => return Err(Error::value_error("ncbi_sequence() requires 'strand' of \"+\" or \"-\"")),
        };
        parameters.push(("strand", strand.to_owned()));
    }
    Ok(parameters)
}

/// A record of a FASTA text.
struct Fetched<'a> {
    /// All of it.
    text: &'a str,
    id: String,
    description: String,
    letters: Vec<u8>,
}

/// The records for ids, in their order.
fn assign<'a>(answer: &'a str, ids: &[String]) -> Result<Vec<Fetched<'a>>, Error> {
    let mut records: Vec<Option<Fetched>> = parse(answer)?.into_iter().map(Some).collect();
    let names = |record: &Option<Fetched>, id: &str| {
        record.as_ref().is_some_and(|record| accession::is_number(id) || accession::names(&record.id, id))
    };
    if records.len() == ids.len() && records.iter().zip(ids).all(|(record, id)| names(record, id)) {
        return Ok(records.into_iter().flatten().collect());
    }
    let missing = |id: &str| {
        Error::new(ErrorKind::Io, format!("NCBI has no sequence {id}"))
            .with_hint("check the accession, and the database it belongs to")
    };
    if ids.iter().any(|id| accession::is_number(id)) && ids.len() > 1 {
        let message = format!(
            "NCBI gives {} sequences for {} ids, and nobody can tell which",
            records.len(),
            ids.len()
        );
        return Err(
            Error::new(ErrorKind::Io, message).with_hint("ask for accessions, or for one id at a time")
        );
    }
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        // An accession may have been replaced by another one; a single answer belongs to the single question.
        let is_only = ids.len() == 1 && records.len() == 1;
        let place = records.iter().position(|record| is_only || names(record, id));
        found.push(place.and_then(|place| records[place].take()).ok_or_else(|| missing(id))?);
    }
    Ok(found)
}

fn parse(answer: &str) -> Result<Vec<Fetched<'_>>, Error> {
    let mut records = Vec::new();
    // Each record begins with `>` at the start of a line.
    let starts: Vec<usize> = memchr::memchr_iter(b'>', answer.as_bytes())
        .filter(|at| *at == 0 || answer.as_bytes()[at - 1] == b'\n')
        .collect();
    if starts.is_empty() {
        return Err(odd_answer("it is no FASTA text"));
    }
    for (number, start) in starts.iter().enumerate() {
        let text = &answer[*start..starts.get(number + 1).copied().unwrap_or(answer.len())];
        let record = fasta::io::Reader::new(text.as_bytes()).records().next();
        let record = record
            .ok_or_else(|| odd_answer("a record is empty"))?
            .map_err(|error| odd_answer(&error.to_string()))?;
        let description = record.description().map(|text| String::from_utf8_lossy(text).into_owned());
        records.push(Fetched {
            text,
            id: String::from_utf8_lossy(record.name()).into_owned(),
            description: description.unwrap_or_default(),
            letters: record.sequence().as_ref().to_vec(),
        });
    }
    Ok(records)
}

impl Fetched<'_> {
    fn value(self, alphabet: Alphabet, form: Form) -> Result<Value, Error> {
        if let Form::Fasta = form {
            return Ok(Value::text(self.text));
        }
        let length = self.letters.len();
        let sequence = Sequence::parse(alphabet, &self.letters).map_err(|(position, letter)| {
            let message = format!("the sequence {} has {letter:?} at position {position}", self.id);
            Error::new(ErrorKind::Format, message).with_hint(
                "is it a protein? {db: \"protein\"} says so; {as: \"fasta\"} gives the text as it is",
            )
        })?;
        let sequence = Value::Sequence(sequence);
        Ok(match form {
            Form::Record => Value::record([
                ("id", Value::text(self.id)),
                ("description", Value::text(self.description)),
                ("seq", sequence),
                ("length", Value::Int(i64::try_from(length).unwrap_or(i64::MAX))),
            ]),
            _ => sequence,
        })
    }
}
