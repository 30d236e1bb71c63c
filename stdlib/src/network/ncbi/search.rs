//! Ids that match a question, and what is known about them.

use super::super::json;
use super::super::service::Access;
use super::{EUTILS, accession, ids, odd_answer};
use biovm_vm::value::{Record, Str};
use biovm_vm::{Call, Error, ErrorKind, Value};
use serde_json::Value as Json;

/// Ids that are asked for together.
pub const BATCH: usize = 200;
/// NCBI gives no more ids at once.
const MOST: usize = 10_000;

pub(super) fn ncbi_search(call: &mut Call) -> Result<Value, Error> {
    let (db, term) = (call.text(0)?.to_owned(), call.text(1)?.to_owned());
    let max = most(call, 2)?;
    let sort = call.option("sort").and_then(Value::as_text).map(str::to_owned);
    let with_count = call.option("count").is_some_and(Value::is_truthy);
    let raw = wants_raw(call);
    let access = Access::of(call, &EUTILS)?;
    call.wait_for(async move {
        let answer = search(&access, &db, &term, max, sort).await?;
        if raw {
            return Ok(json::value(&answer));
        }
        let found = found(&answer)?;
        let ids = Value::list(found.ids.into_iter().map(Value::text).collect());
        Ok(if with_count { Value::record([("count", Value::Int(found.count)), ("ids", ids)]) } else { ids })
    })
}

/// Whether the call wants the answer itself.
fn wants_raw(call: &Call) -> bool {
    call.option("raw").is_some_and(Value::is_truthy)
}

fn most(call: &Call, position: usize) -> Result<usize, Error> {
    let max = call.size(position)?;
    if max <= MOST {
        return Ok(max);
    }
    let error = Error::value_error(format!("{}() gives at most {MOST} results, got {max}", call.name()));
    Err(error.with_hint("make the term more precise, by years for instance: AND 2024[pdat]"))
}

struct Found {
    /// Of all that match.
    count: i64,
    ids: Vec<String>,
}

async fn search(
    access: &Access,
    db: &str,
    term: &str,
    max: usize,
    sort: Option<String>,
) -> Result<Json, Error> {
    let mut parameters = vec![
        ("db", db.to_owned()),
        ("term", term.to_owned()),
        ("retmax", max.to_string()),
        ("retmode", "json".to_owned()),
        ("usehistory", "y".to_owned()),
    ];
    parameters.extend(sort.map(|sort| ("sort", sort)));
    let check = |answer: &str| found(&parse(answer)?).map(|_| ());
    parse(&access.ask("esearch.fcgi", &parameters, check).await?)
}

fn found(answer: &Json) -> Result<Found, Error> {
    let result = &answer["esearchresult"];
    if let Some(message) = result["ERROR"].as_str() {
        let error = Error::new(ErrorKind::Io, format!("NCBI cannot search that: {message}"));
        return Err(error.with_hint("check the name of the database and the fields in brackets"));
    }
    let count = result["count"].as_str().and_then(|count| count.parse().ok());
    let ids = result["idlist"]
        .as_array()
        .map(|ids| ids.iter().filter_map(Json::as_str).map(str::to_owned).collect());
    match (count, ids) {
        (Some(count), Some(ids)) => Ok(Found { count, ids }),
        _ => Err(odd_answer("it has no count and idlist")),
    }
}

fn parse(answer: &str) -> Result<Json, Error> {
    let json: Json = serde_json::from_str(answer).map_err(|error| {
        let start: String =
            answer.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect();
        odd_answer(&format!("{error}, in {start:?}"))
    })?;
    match json["error"].as_str() {
        Some(message) => Err(Error::new(ErrorKind::Io, format!("NCBI says: {message}"))
            .with_hint("check the ids and the name of the database")),
        None => Ok(json),
    }
}

pub(super) fn ncbi_summary(call: &mut Call) -> Result<Value, Error> {
    let ids = ids(call, 0)?;
    let db = call.text(1)?.to_owned();
    let raw = wants_raw(call);
    let access = Access::of(call, &EUTILS)?;
    call.wait_for(async move {
        let summaries = summaries(&access, &db, &ids).await?;
        Ok(match raw {
            true => json::value(&summaries.answer),
            false => Value::list(summaries.documents.iter().map(json::value).collect()),
        })
    })
}

/// What the database says about ids.
struct Summaries {
    /// The documents in the order of the ids.
    documents: Vec<Json>,
    /// The whole answer; what several requests gave, as if one had given it.
    answer: Json,
}

async fn summaries(access: &Access, db: &str, ids: &[String]) -> Result<Summaries, Error> {
    let mut all = Summaries { documents: Vec::with_capacity(ids.len()), answer: Json::Null };
    for batch in ids.chunks(BATCH) {
        let parameters = [("db", db.to_owned()), ("id", batch.join(",")), ("retmode", "json".to_owned())];
        let check = |answer: &str| pick(&parse(answer)?, batch).map(|_| ());
        let answer = parse(&access.ask("esummary.fcgi", &parameters, check).await?)?;
        all.documents.extend(pick(&answer, batch)?);
        match &mut all.answer {
            Json::Null => all.answer = answer,
            known => join(known, answer),
        }
    }
    Ok(all)
}

/// Adds what a further request gave: its parts, and the documents and ids of a part that both have.
fn join(all: &mut Json, further: Json) {
    let (Json::Object(all), Json::Object(further)) = (&mut *all, further) else {
        return;
    };
    for (name, part) in further {
        match (all.get_mut(&name), part) {
            (Some(Json::Object(known)), Json::Object(part)) => {
                for (key, value) in part {
                    match (known.get_mut(&key), value) {
                        (Some(Json::Array(known)), Json::Array(more)) if key == "uids" => known.extend(more),
                        (_, value) => drop(known.insert(key, value)),
                    }
                }
            }
            (Some(_), _) => {}
            (None, part) => drop(all.insert(name, part)),
        }
    }
}

fn pick(answer: &Json, ids: &[String]) -> Result<Vec<Json>, Error> {
    let result = &answer["result"];
    let order: Vec<&str> = result["uids"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let document = |(position, id): (usize, &String)| {
        // An accession is answered by the number that it stands for, at the same place.
        let by_place =
            || order.get(position).filter(|_| order.len() == ids.len()).and_then(|uid| result.get(*uid));
        let found = result.get(id.as_str()).filter(|_| id != "uids").or_else(by_place);
        let trouble = found.and_then(|document| document["error"].as_str());
        match (found, trouble) {
            (Some(document), None) => Ok(document.clone()),
            (_, trouble) => {
                let why = trouble.map_or(String::new(), |trouble| format!(": {trouble}"));
                let error = Error::new(ErrorKind::Io, format!("NCBI knows nothing about the id {id}{why}"));
                Err(error.with_hint("check the id, and the database it belongs to"))
            }
        }
    };
    ids.iter().enumerate().map(document).collect()
}

pub(super) fn ncbi_gene(call: &mut Call) -> Result<Value, Error> {
    let term = call.text(0)?.trim().to_owned();
    let max = most(call, 1)?;
    let organism = call.option("organism").and_then(Value::as_text).unwrap_or("human").to_owned();
    let one = call.option("one").is_some_and(Value::is_truthy);
    let raw = wants_raw(call);
    let access = Access::of(call, &EUTILS)?;
    let term = match accession::looks_like_symbol(&term) {
        true => format!("{term}[sym] AND {organism}[orgn]"),
        false => term,
    };
    call.wait_for(async move {
        let mut answer = search(&access, "gene", &term, if one { 1 } else { max }, None).await?;
        let found = found(&answer)?;
        let documents = match found.ids.is_empty() {
            true => Vec::new(),
            false => {
                let summaries = summaries(&access, "gene", &found.ids).await?;
                join(&mut answer, summaries.answer);
                summaries.documents
            }
        };
        if raw {
            return Ok(json::value(&answer));
        }
        let mut genes: Vec<Value> = documents.iter().map(gene).collect();
        Ok(match one {
            true if genes.is_empty() => Value::Nil,
            true => genes.swap_remove(0),
            false => Value::list(genes),
        })
    })
}

/// A gene as scripts see it, of what `esummary` says.
fn gene(document: &Json) -> Value {
    let text = |value: &Json| match value.as_str() {
        Some(text) if !text.is_empty() => Value::text(text),
        _ => Value::Nil,
    };
    let first = |one: &Json, other: &Json| match text(one) {
        Value::Nil => text(other),
        found => found,
    };
    let fields = [
        ("id", text(&document["uid"])),
        ("symbol", first(&document["nomenclaturesymbol"], &document["name"])),
        ("name", first(&document["nomenclaturename"], &document["description"])),
        ("description", text(&document["description"])),
        ("organism", text(&document["organism"]["scientificname"])),
        ("chromosome", text(&document["chromosome"])),
        ("location", text(&document["maplocation"])),
        ("summary", text(&document["summary"])),
    ];
    let fields = fields.into_iter().map(|(key, value)| (Str::from(key), value));
    Value::Record(Record::from_entries(fields))
}
