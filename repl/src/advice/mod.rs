//! What a profile means, and what to do about it.
//!
//! * [`verdict`]: what the run was bound by
//! * [`script`]: what stands in the scripts; [`call`], [`purity`]: parts of that
//! * [`evidence`]: what the profile says about places of them; [`cost`], [`calibration`]: what it cannot say
//! * [`associative`], [`collecting`]: what [`parallel`] can divide besides `map` and `filter`
//! * a module for each kind of suggestion: each gives a gain in time, and how it was computed
//! * [`text`]: what people read, and the same as JSON
//!
//! A suggestion has evidence in the profile and a reason in the syntax tree, or it is not made.

mod associative;
mod calibration;
mod call;
mod collecting;
mod copying;
mod cost;
mod evidence;
mod invariant;
mod membership;
mod needless;
mod parallel;
mod purity;
mod repeated;
mod script;
mod streaming;
mod text;
mod together;
mod verdict;

pub use text::{json, section};

use biovm_compiler::source::SourceText;
use biovm_vm::profile::{Place, Profile};
use evidence::Evidence;
use script::Script;
use std::time::Duration;
use verdict::{Bound, Verdict};

/// More suggestions than this are not made.
const MOST: usize = 3;

/// Work that need not be done comes before work that can be divided, where it gains so much.
const GOOD_ENOUGH: f64 = 1.2;

/// What a profile means.
pub struct Advice {
    /// What the run was bound by.
    verdict: Verdict,
    /// What to do, the best first.
    suggestions: Vec<Suggestion>,
    /// Why there is nothing to do, where that is so.
    nothing: Option<String>,
}

/// The kinds of suggestions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// `par_map` in place of `map`.
    ParMap,
    /// `par_filter` in place of `filter`.
    ParFilter,
    /// `par_reduce` in place of `reduce`.
    ParReduce,
    /// `await_all` in place of one `await` after the other.
    AwaitAll,
    /// A stream in place of a table of all reads.
    Stream,
    /// The result of a call in a variable.
    Variable,
    /// A Set or Map in place of a List.
    Set,
    /// A List or record that grows in place.
    Grow,
    /// A value that is computed once, before the loop.
    Hoist,
    /// `sort` behind the loop.
    SortOnce,
    /// `map` in place of `par_map`.
    Serial,
}

impl Kind {
    /// Its name for programs.
    fn name(self) -> &'static str {
        match self {
            Kind::ParMap => "par_map",
            Kind::ParFilter => "par_filter",
            Kind::ParReduce => "par_reduce",
            Kind::AwaitAll => "await_all",
            Kind::Stream => "stream",
            Kind::Variable => "variable",
            Kind::Set => "set",
            Kind::Grow => "grow_in_place",
            Kind::Hoist => "hoist",
            Kind::SortOnce => "sort_once",
            Kind::Serial => "serial",
        }
    }

    /// Whether it divides work, and leaves none out.
    fn divides(self) -> bool {
        matches!(self, Kind::ParMap | Kind::ParFilter | Kind::ParReduce)
    }
}

/// Something to do.
struct Suggestion {
    kind: Kind,
    place: Place,
    /// What it is about, and what to do.
    text: String,
    /// How the gain was computed.
    how: String,
    /// How much of the wall time it saves.
    saved: Duration,
    /// The wall time that it saves it of, where that is not the one of all others.
    wall: Option<Duration>,
    /// The peak memory then, in bytes, where that is what it changes.
    peak: Option<u64>,
}

impl Suggestion {
    /// One that saves time.
    fn new(kind: Kind, place: Place, text: String, how: String, saved: Duration) -> Suggestion {
        Suggestion { kind, place, text, how, saved, wall: None, peak: None }
    }

    /// It saves its time of a run that takes so long when it is not profiled.
    fn of_a_run_of(self, wall: Duration) -> Suggestion {
        Suggestion { wall: Some(wall), ..self }
    }

    /// It lowers the peak memory to so much.
    fn with_peak(self, peak: u64) -> Suggestion {
        Suggestion { peak: Some(peak), ..self }
    }
}

/// What the modules of suggestions have found.
#[derive(Default)]
struct Findings {
    suggestions: Vec<Suggestion>,
    /// What was looked at and is not worth it, with the time that it is about.
    rejected: Vec<(Duration, String)>,
}

/// What a profile means. The scripts are those that it has the sources of.
pub fn advise(profile: &Profile) -> Advice {
    let evidence = Evidence::new(profile);
    let mut findings = Findings::default();
    let texts: Vec<SourceText> = profile
        .sources
        .iter()
        .map(|source| SourceText::new(source.name.clone(), source.text.clone()))
        .collect();
    for (number, text) in texts.iter().enumerate() {
        // It has run, so it has no errors; what a session has entered before may be missing.
        let Ok(tree) = biovm_compiler::parse(text) else { continue };
        let script = Script::new(text, number, &tree);
        parallel::look(&script, &evidence, &mut findings);
        needless::look(&script, &evidence, &mut findings);
        together::look(&script, &evidence, &mut findings);
        streaming::look(&script, &evidence, &mut findings);
        repeated::look(&script, &evidence, &mut findings);
        invariant::look(&script, &evidence, &mut findings);
        membership::look(&script, &evidence, &mut findings);
        copying::look(&script, &evidence, &mut findings);
    }
    let verdict = Verdict::of(profile);
    let Findings { mut suggestions, mut rejected } = findings;
    let mut is_too_short = false;
    suggestions.retain(|suggestion| {
        let is_worth_it = suggestion.peak.is_some()
            || profile.wall >= cost::TOO_SHORT
                && suggestion.saved >= cost::WORTH_SAVING
                && evidence.gain(suggestion) >= cost::WORTH_SAYING;
        is_too_short |= !is_worth_it && profile.wall < cost::TOO_SHORT;
        is_worth_it
    });
    suggestions.sort_by(|a, b| {
        let rank = |suggestion: &Suggestion| {
            let gain = evidence.gain(suggestion);
            let is_about_memory = verdict.bound == Bound::Memory && suggestion.peak.is_some();
            (is_about_memory, !suggestion.kind.divides() && gain >= GOOD_ENOUGH, gain)
        };
        rank(b).partial_cmp(&rank(a)).unwrap_or(std::cmp::Ordering::Equal)
    });
    // Two suggestions for one line are two ways to do the same; the better one is enough.
    let mut lines = std::collections::HashSet::new();
    suggestions.retain(|suggestion| lines.insert((suggestion.place.source, suggestion.place.line)));
    suggestions.truncate(MOST);
    rejected.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    let nothing = suggestions.is_empty().then(|| match rejected.into_iter().next() {
        Some((_, reason)) => reason,
        None if is_too_short => "what could be gained is too little to notice".to_owned(),
        None => "nothing to gain by any change that is known here".to_owned(),
    });
    Advice { verdict, suggestions, nothing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use biovm_vm::profile::{FunctionKind, FunctionRow, SiteRow, Source, WaitKind, WaitRow};

    /// A profile of a script in which one builtin, in line 2, took all of the time.
    fn profile(text: &str, builtin: &str, column: usize, seconds: f64) -> Profile {
        let time = Duration::from_secs_f64(seconds);
        let function =
            FunctionRow { name: builtin.to_owned(), kind: FunctionKind::Builtin, ..Default::default() };
        let site = SiteRow {
            place: Some(Place { source: 0, line: 2, column }),
            calls: 1,
            items: Some(10_000),
            cumulative: time,
            ..SiteRow::default()
        };
        Profile {
            wall: time,
            cpu: time,
            main_cpu: time,
            functions: vec![function],
            sites: vec![site],
            sources: vec![Source { name: "a.bl".to_owned(), text: text.to_owned() }],
            workers: 4,
            ..Profile::default()
        }
    }

    #[test]
    fn only_pure_work_is_divided() {
        let pure = advise(&profile("let xs = [1]\nlet ys = map(xs, |x| sqrt(x))", "map", 10, 1.0));
        assert_eq!(pure.suggestions.len(), 1);
        assert_eq!((pure.suggestions[0].kind, pure.suggestions[0].place.line), (Kind::ParMap, 2));
        let impure = advise(&profile("let xs = [1]\nlet ys = map(xs, |x| println(x))", "map", 10, 1.0));
        assert!(impure.suggestions.is_empty() && impure.nothing.is_some());
    }

    #[test]
    fn what_is_declared_again_is_not_computed_again() {
        let suggests = |between: &str| {
            let text = format!("let xs = [1]\nlet a = sum(xs)\n{between}let b = sum(xs)");
            let mut run = profile(&text, "sum", 9, 1.0);
            let place = Some(Place { source: 0, line: text.lines().count(), column: 9 });
            run.sites.push(SiteRow { place, ..run.sites[0].clone() });
            advise(&run).suggestions.iter().any(|each| each.kind == Kind::Variable)
        };
        assert!(suggests(""));
        for between in ["let xs = [2]\n", "let (xs, n) = ([2], 1)\n", "[2] |> into xs\n", "xs[0] = 2\n"] {
            assert!(!suggests(between), "{between}");
        }
        assert!(suggests("let (ys, n) = ([2], 1)\n"));
    }

    #[test]
    fn what_is_short_is_left_alone_and_it_is_said_why() {
        let short = advise(&profile("let xs = [1]\nlet ys = map(xs, |x| sqrt(x))", "map", 10, 0.000_5));
        assert_eq!(short.verdict.bound, Bound::TooShort);
        assert!(short.suggestions.is_empty());
        assert!(short.nothing.is_some_and(|reason| reason.contains("slower")));
    }

    #[test]
    fn verdicts() {
        let mut run = profile("let xs = [1]\nlet ys = sum(xs)", "sum", 10, 2.0);
        assert_eq!(Verdict::of(&run).bound, Bound::Cpu);
        let (kind, time) = (WaitKind::Disk, Duration::from_secs(1));
        run.waits.push(WaitRow { kind, count: 1, time, in_tasks: Duration::ZERO });
        assert_eq!(Verdict::of(&run).bound, Bound::Io);
        // The thread that reads ahead was busy all that time.
        run.cpu += Duration::from_secs(1);
        assert_eq!(Verdict::of(&run).bound, Bound::Cpu);
        run.input.bytes = 100 << 20;
        run.peak_memory = Some(130 << 20);
        assert_eq!(Verdict::of(&run).bound, Bound::Memory);
    }

    #[test]
    fn a_call_that_is_made_twice() {
        let text = "let xs = [1]\nfor x in xs { println(gc_content(x), gc_content(x)) }";
        let run = profile(text, "gc_content", text.rfind("gc_content").map_or(0, |at| at + 1 - 13), 1.0);
        let advice = advise(&run);
        assert_eq!(advice.suggestions.first().map(|first| first.kind), Some(Kind::Variable));
        // Only one of two branches runs.
        let text =
            "let xs = [1]\nfor x in xs { if x then println(gc_content(x)) else println(gc_content(x)) }";
        let run = profile(text, "gc_content", text.rfind("gc_content").map_or(0, |at| at + 1 - 13), 1.0);
        assert!(advise(&run).suggestions.is_empty());
    }
}
