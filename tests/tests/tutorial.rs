//! Runs the scripts of the tutorial chapter, `docs/examples/day21`, on small data in a temporary folder.
//!
//! What they must print is computed here once more from the files that `init.bl` makes. Times are not compared. In place of NCBI a
//! server of this test gives out the made-up genes of `init.bl`.

use biovm_tests::process::{self, Outcome};
use biovm_tests::stub::{Answer, Question, Stub};
use biovm_tests::{difference, executable, expectation};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How long NCBI takes for an answer here.
const ANSWER_TIME: Duration = Duration::from_millis(300);

/// Records in the files; the snippet that works in batches gets three, the last of them not full.
const READS: usize = 250;
const LARGE: usize = 400;
const SEQUENCES: usize = 120;

/// What is smaller here than in the chapter.
const SMALLER: [(&str, &str, &str); 4] = [
    ("03-parallel-gc.bl", "range(1, 100001)", "range(1, 1001)"),
    ("04-parallel-filter.bl", "range(1, 100001)", "range(1, 1001)"),
    ("05-not-parallel.bl", "range(1, 100001)", "range(1, 1001)"),
    ("12-batches.bl", "batch_size = 10000", "batch_size = 100"),
];

/// The chapter's scripts in a folder of their own, with data.
struct Chapter {
    executable: PathBuf,
    folder: tempfile::TempDir,
    ncbi: Stub,
}

/// Answers as NCBI does: searches for the symbol of a gene with its number, and a number or an accession with the sequence.
fn ncbi(genes: &Path, question: &Question) -> Answer {
    let genes = fs::read_to_string(genes).expect("the genes of init.bl");
    let genes: Vec<&str> = genes.split('>').skip(1).collect();
    let wanted = |name: &str| question.parameter(name).unwrap_or_default();
    let answer = if question.path() == "/esearch.fcgi" {
        let term = wanted("term");
        let symbol = term.split('[').next().unwrap_or_default();
        let found =
            genes.iter().position(|gene| gene.lines().next().is_some_and(|title| title.ends_with(symbol)));
        let id = found.map_or(String::new(), |number| format!("\"{}\"", number + 1));
        format!(r#"{{"esearchresult":{{"count":"{}","idlist":[{id}]}}}}"#, found.iter().count())
    } else {
        let id = wanted("id");
        let found = match id.parse::<usize>() {
            Ok(number) => genes.get(number - 1).copied(),
            Err(_) => genes.iter().copied().find(|gene| gene.starts_with(&id)),
        };
        found.map_or("Error: no such id".to_owned(), |gene| format!(">{gene}"))
    };
    Answer::Late(ANSWER_TIME, Box::new(Answer::text(answer)))
}

impl Chapter {
    fn new() -> Chapter {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/day21");
        let folder = tempfile::tempdir().expect("a temporary folder");
        for entry in fs::read_dir(source).expect("the chapter's scripts") {
            let path = entry.expect("an entry of the folder").path();
            if path.extension().is_some_and(|extension| extension == "bl") {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                let mut script = fs::read_to_string(&path).expect("a script");
                for (_, large, small) in SMALLER.iter().filter(|(of, ..)| *of == name) {
                    assert!(script.contains(large), "{name} has no '{large}'");
                    script = script.replace(large, small);
                }
                fs::write(folder.path().join(name), script).expect("a copy of the script");
            }
        }
        fs::create_dir(folder.path().join("data")).expect("a folder for the data");
        let executable = executable::build().unwrap_or_else(|problem| panic!("{problem}"));
        let genes = folder.path().join("data/genes.fasta");
        let ncbi = Stub::start(move |question, _| ncbi(&genes, question)).expect("a server");
        let chapter = Chapter { executable, folder, ncbi };
        let sizes = [READS, LARGE, SEQUENCES].map(|size| size.to_string());
        let made = chapter.run(&["run", "init.bl", &sizes[0], &sizes[1], &sizes[2]], "", None);
        assert_eq!(made.messages, "");
        chapter
    }

    fn run(&self, arguments: &[&str], input: &str, workers: Option<&str>) -> Outcome {
        let mut command = Command::new(&self.executable);
        command.args(arguments).current_dir(self.folder.path());
        // With a key ten requests a second are allowed, and a test takes a third of the time.
        command
            .env("BIOVM_NCBI_URL", self.ncbi.url(""))
            .env("NCBI_API_KEY", "0123456789")
            .env("NO_PROXY", "*");
        if let Some(workers) = workers {
            command.env("BIOVM_WORKERS", workers);
        }
        process::run(command, input.as_bytes()).expect("biovm starts")
    }

    /// Fails unless the script prints this, with `#` for numbers that measure time.
    fn check(&self, script: &str, expected: &str) {
        let Outcome { code, output, messages } = self.run(&["run", script], "", None);
        let found = without_times(&output);
        assert!(
            code == Some(0) && messages.is_empty() && expectation::matches(expected, &found),
            "{script} ('-' expected, '+' found)\n{}{messages}",
            difference::render(expected, &found)
        );
    }

    fn data(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("data").join(name)).expect("a file of init.bl")
    }

    /// The sequences of a FASTQ file.
    fn reads(&self, name: &str) -> Vec<String> {
        self.data(name).lines().skip(1).step_by(4).map(str::to_owned).collect()
    }

    /// Name, description and letters of the sequences of a FASTA file.
    fn sequences(&self, name: &str) -> Vec<[String; 3]> {
        let text = self.data(name);
        let records = text.split('>').skip(1).map(|record| {
            let (title, letters) = record.split_once('\n').expect("a title and letters");
            let (id, description) = title.split_once(' ').unwrap_or((title, ""));
            [id.to_owned(), description.to_owned(), letters.replace('\n', "")]
        });
        records.collect()
    }
}

/// `#` for each number in front of a unit of time, or of the `x` of a speed-up.
fn without_times(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let number = &rest[start..];
        let is_part = |letter: char| letter.is_ascii_digit() || "e.-".contains(letter);
        let length = number.find(|letter| !is_part(letter)).unwrap_or(number.len());
        let after = &number[length..];
        let is_time = after.starts_with(" seconds")
            || after.strip_prefix(['s', 'x']).is_some_and(|after| !after.starts_with(char::is_alphanumeric));
        result += &rest[..start];
        result += if is_time { "#" } else { &number[..length] };
        rest = after;
    }
    result + rest
}

fn gc(letters: impl AsRef<str>) -> f64 {
    let letters = letters.as_ref();
    letters.bytes().filter(|letter| b"GC".contains(letter)).count() as f64 / letters.len() as f64
}

fn mean(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// How the chapter shows a share.
fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// What the chapter's programs say about a set of reads.
struct Facts {
    count: usize,
    gc: String,
    length: String,
    high: usize,
}

impl Facts {
    fn of(reads: &[String]) -> Facts {
        Facts {
            count: reads.len(),
            gc: percent(mean(reads.iter().map(gc))),
            length: format!("{:.0}", mean(reads.iter().map(|read| read.len() as f64))),
            high: reads.iter().filter(|read| gc(read) > 0.5).count(),
        }
    }

    fn lines(&self) -> String {
        let Facts { gc, length, high, .. } = self;
        format!(" Mean GC: {gc}\n Mean len: {length}\n High GC: {high} reads\n Time: #s\n")
    }
}

#[test]
fn snippets_print_what_the_chapter_shows() {
    let chapter = Chapter::new();
    let reads = chapter.reads("reads.fastq");
    let Facts { gc: mean_gc, high, .. } = Facts::of(&reads);
    let large = Facts::of(&chapter.reads("large_sample.fastq"));

    chapter.check("01-timing.bl", &format!("GC analysis took # seconds\nAverage GC: {mean_gc}\n"));
    chapter.check("02-several-timers.bl", "I/O: #s\nCompute: #s\nTotal: #s\n");
    chapter.check("03-parallel-gc.bl", "Serial: #s\nParallel: #s\nSpeedup: #x\n");
    let matches = "#s (1000 matches)";
    chapter.check(
        "04-parallel-filter.bl",
        &format!("Serial filter: {matches}\nParallel filter: {matches}\nSpeedup: #x\n"),
    );
    chapter.check("05-not-parallel.bl", "Serial len(): #s\nParallel len(): #s\n");

    let genes = chapter.sequences("genes.fasta");
    let gene = |name: &str| genes.iter().find(|gene| gene.contains(&name.to_owned())).expect("a gene");
    let fetched = ["NM_007294", "NM_000059", "NM_000546"]
        .map(|name| format!("{name}: {:.1}% GC\n", gc(&gene(name)[2]) * 100.0));
    chapter.check("06-async.bl", &fetched.concat());
    let analysed = ["NM_007294", "NM_000059", "NM_000546", "NM_005228"].map(|name| {
        let letters = &gene(name)[2];
        // As the snippet counts: all 6-mers, sorted.
        let (length, kmers) = (letters.len(), letters.len() - 5);
        format!("GC={:.1}% len={length} unique_6mers={kmers}\n", gc(letters) * 100.0)
    });
    chapter.check("07-parallel-and-async.bl", &analysed.concat());

    let Facts { count, gc: large_gc, .. } = &large;
    chapter.check(
        "08-streaming-fastq.bl",
        &format!(
            "Processed {count} reads\nAverage GC: {large_gc}\nTime: #s\n\
             Memory: constant (~10 MB regardless of file size)\n"
        ),
    );
    let sequences = chapter.sequences("sequences.fasta");
    // The first of the longest.
    let longest = sequences.iter().rev().max_by_key(|record| record[2].len()).expect("sequences");
    chapter.check(
        "09-streaming-fasta.bl",
        &format!("Total sequences: {SEQUENCES}\nLongest: {} ({} bp)\n", longest[0], longest[2].len()),
    );

    let long = reads.iter().filter(|read| read.len() > 100 && gc(read) > 0.5).count();
    chapter.check("10-filter-early.bl", &format!("{long} of {READS} reads\n"));
    chapter.check("11-lists-and-tables.bl", &format!("{high} of {READS} reads, columns: [id, gc, len]\n"));
    // As the chapter computes it: each batch counts the same, though the last one has fewer reads.
    let batches = percent(mean(reads.chunks(100).map(|batch| mean(batch.iter().map(gc)))));
    chapter.check("12-batches.bl", &format!("Overall mean GC: {batches}\n"));
    let rich = percent(mean(reads.iter().map(gc).filter(|gc| *gc > 0.5)));
    chapter.check("13-compute-once.bl", &format!("{high} reads, mean GC {rich}\n"));

    let (facts, large) = (Facts::of(&reads).lines(), large.lines());
    chapter.check(
        "14-complete-benchmark.bl",
        &format!(
            "Loaded {READS} reads\n\nSerial:\n{facts}\nParallel:\n{facts} Speedup: #x\n\n\
             Streaming:\n{large} Memory: constant (~10 MB)\n"
        ),
    );
    chapter.check(
        "15-benchmark-in-parallel.bl",
        &format!("BioLang: #s\n Avg GC: {mean_gc}\n High GC reads: {high}\n"),
    );
}

#[test]
fn exercises_and_analysis_find_what_is_in_the_data() {
    let chapter = Chapter::new();
    let sequences = chapter.sequences("sequences.fasta");
    let kept = || sequences.iter().filter(|record| record[2].len() > 100 && gc(&record[2]) > 0.4);
    let count = kept().count();
    assert!(count > 0 && count < SEQUENCES);
    let richest = kept().rev().max_by(|a, b| gc(&a[2]).total_cmp(&gc(&b[2]))).expect("sequences");
    let highest = percent(gc(&richest[2]));
    chapter.check("16-exercise.bl", &format!("{count} sequences; highest GC: {} ({highest})\n", richest[0]));
    chapter.check("exercise-1.bl", &format!("...\n{count} sequences, the same as before: true\n"));

    let large = chapter.reads("large_sample.fastq");
    let lengths = || large.iter().map(String::len);
    let [bases, shortest, longest] =
        [lengths().sum(), lengths().min().unwrap_or(0), lengths().max().unwrap_or(0)];
    assert!(shortest < longest);
    let facts = Facts::of(&large);
    let (mean_length, mean_gc) = (bases as f64 / LARGE as f64, &facts.gc);
    let high = large.iter().filter(|read| gc(read) > 0.6).count();
    let short = lengths().filter(|length| *length < 50).count();
    chapter.check(
        "exercise-2.bl",
        &format!(
            "Reads:          {LARGE}\nMean length:    {mean_length:.1}\nShortest:       {shortest}\n\
             Longest:        {longest}\nMean GC:        {mean_gc}\nGC above 60%:   {high}\n\
             Shorter than 50: {short}\n"
        ),
    );

    let genes = chapter.sequences("genes.fasta");
    let mut rows: Vec<_> = ["TP53", "BRCA1", "EGFR", "KRAS", "MYC"]
        .map(|name| genes.iter().find(|gene| gene[1] == name).expect("a gene"))
        .map(|[_, name, letters]| (format!("{:.1}", gc(letters) * 100.0), name, letters.len()))
        .into();
    rows.sort_by(|a, b| b.0.cmp(&a.0));
    let rows: String =
        rows.iter().map(|(gc, name, length)| format!(" {name:<5} | {length:<6} | {gc}\n")).collect();
    chapter.check(
        "exercise-3.bl",
        &format!(
            "...\n{rows}\nThe same sequences: true\nOne after the other: #s\nAt once:             #s\n\
             At once is faster: true\n"
        ),
    );

    let Facts { gc: mean_gc, length, high, .. } = Facts::of(&chapter.reads("reads.fastq"));
    chapter.check(
        "exercise-4.bl",
        &format!("Avg GC: {mean_gc}, high GC reads: {high}\n...\nLeast lines: BioLang\n"),
    );
    let report = format!(
        "  Reads:    {READS}\n  Mean GC:  {mean_gc}\n  Mean len: {length}\n  High GC:  {high} reads\n  \
         Time:     #s\n  Memory:   ...\n"
    );
    chapter.check(
        "analysis.bl",
        &format!("Streaming:\n{report}Serial:\n{report}Parallel:\n{report}All three agree.\n"),
    );
}

#[test]
fn the_comparison_of_languages_names_the_winners() {
    let chapter = Chapter::new();
    let arguments = ["run", "exercise-4.bl", "Slow=1000,1e6,3", "Small=900,0.5,20"];
    let output = chapter.run(&arguments, "", None).output;
    assert!(
        output.ends_with("\nLeast seconds: BioLang\nLeast megabytes: Small\nLeast lines: Slow\n"),
        "{output}"
    );
    let Outcome { code, messages, .. } = chapter.run(&["run", "exercise-4.bl", "Python=3"], "", None);
    assert_eq!(code, Some(1));
    assert!(messages.contains("expected LANGUAGE=SECONDS,MEGABYTES,LINES, got Python=3"), "{messages}");
}

#[test]
fn snippets_run_one_after_the_other_too() {
    let chapter = Chapter::new();
    let mut names: Vec<PathBuf> = fs::read_dir(chapter.folder.path())
        .expect("the chapter's scripts")
        .map(|entry| entry.expect("an entry of the folder").path())
        .filter(|path| path.file_name().is_some_and(|name| name.as_encoded_bytes()[0].is_ascii_digit()))
        .collect();
    names.sort();
    assert_eq!(names.len(), 16);
    let scripts: Vec<String> = names.iter().map(|name| fs::read_to_string(name).expect("a script")).collect();
    let alone: String = names
        .iter()
        .map(|name| without_times(&chapter.run(&["run", &name.to_string_lossy()], "", None).output))
        .collect();
    fs::write(chapter.folder.path().join("all.bl"), scripts.concat()).expect("a script of all");
    chapter.check("all.bl", &alone);
}

#[test]
fn the_session_shows_value_and_time() {
    let chapter = Chapter::new();
    let entry = ":time range(1, 1000000) |> map(|x| x * x) |> sum()\n";
    let output = chapter.run(&["repl"], entry, None).all();
    let output = without_times(&output);
    assert!(output.starts_with("333332833333500000\nElapsed: #s\nCPU: #s  Peak memory: "), "{output}");
    assert_eq!(output.lines().count(), 3);
}

#[test]
fn the_data_do_not_depend_on_the_number_of_workers() {
    let chapter = Chapter::new();
    let files = ["reads.fastq", "large_sample.fastq", "sequences.fasta", "genes.fasta"];
    let before = files.map(|name| chapter.data(name));
    for workers in ["1", "3"] {
        let made = chapter.run(&["run", "init.bl", "250", "400", "120"], "", Some(workers));
        assert_eq!((made.code, made.messages.as_str()), (Some(0), ""));
        assert!(before == files.map(|name| chapter.data(name)), "{workers} workers make other data");
    }
    let refused = chapter.run(&["run", "init.bl", "0"], "", None);
    assert_eq!(refused.code, Some(1));
    assert!(refused.messages.contains("usage: biovm run init.bl"), "{}", refused.messages);
}
