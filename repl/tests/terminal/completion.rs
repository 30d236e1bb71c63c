//! The Tab key, and hints.

use crate::terminal::{CTRL_C, Home, TAB, Terminal};

/// Types the beginning, presses Tab, and waits for the whole; the line is cleared after it.
#[track_caller]
fn completes(terminal: &mut Terminal, beginning: &str, whole: &str) {
    terminal.type_text(beginning);
    terminal.press(TAB);
    terminal.wait_for_typed(whole);
    terminal.press(CTRL_C);
    terminal.wait_for_prompt();
}

#[test]
fn names_are_completed() {
    let mut terminal = Home::new().session();
    terminal.enter("let alignments = 1");
    terminal.enter("fn rescale(n) { n }");
    completes(&mut terminal, "1 + alignm", "> 1 + alignments");
    completes(&mut terminal, "resca", "> rescale");
    completes(&mut terminal, "reverse_comp", "> reverse_complement");
    completes(&mut terminal, "retu", "> return");
}

#[test]
fn fields_and_methods_are_completed() {
    let mut terminal = Home::new().session();
    terminal.enter("let gene = {name: \"TP53\", place: {chromosome: 17}}");
    completes(&mut terminal, "gene.na", "> gene.name");
    completes(&mut terminal, "len(gene.place.chr", "> len(gene.place.chromosome");
    terminal.enter("struct Point { x, y }");
    terminal.enter("impl Point { fn distance(self) { self.x + self.y } }");
    terminal.enter("let p = Point(1, 2)");
    completes(&mut terminal, "p.dist", "> p.distance");
}

#[test]
fn commands_and_their_arguments_are_completed() {
    let home = Home::new();
    home.file("prepare my data.bl", "let n = 1");
    let mut terminal = home.session();
    completes(&mut terminal, ":rese", "> :reset");
    completes(&mut terminal, ":help reverse_comp", "> :help reverse_complement");
    completes(&mut terminal, ":time reverse_comp", "> :time reverse_complement");
    completes(&mut terminal, ":load prepare m", "> :load prepare my data.bl");
}

#[test]
fn paths_are_completed_inside_of_strings() {
    let home = Home::new();
    home.file("sample_1.fq", "");
    std::fs::create_dir(home.path().join("results")).expect("a folder");
    home.file("results/counts.csv", "");
    let mut terminal = home.session();
    completes(&mut terminal, "read_fastq(\"samp", "> read_fastq(\"sample_1.fq");
    completes(&mut terminal, "f(1, 'res", "> f(1, 'results/");
    completes(&mut terminal, "f('results/co", "> f('results/counts.csv");
}

#[test]
fn options_of_the_call_are_completed() {
    let mut terminal = Home::new().session();
    completes(&mut terminal, "read_fastq(\"x\", {on_", "> read_fastq(\"x\", {on_error: ");
    completes(&mut terminal, "read_fastq(\"x\", on_", "> read_fastq(\"x\", on_error: ");
}

#[test]
fn a_second_tab_lists_with_signatures() {
    let mut terminal = Home::new().session();
    terminal.type_text("read_fa");
    terminal.press(TAB);
    terminal.wait_for_typed("> read_fast");
    terminal.press(TAB);
    terminal.wait_for("read_fasta(path: Str");
    terminal.wait_for("read_fastq(path: Str");
    terminal.wait_for_typed("> read_fast");
}

#[test]
fn an_open_call_shows_the_signature() {
    let mut terminal = Home::new().session();
    terminal.type_text("kmers(");
    terminal.wait_for("kmers(   kmers(sequence: ");
    terminal.press(CTRL_C);
    terminal.wait_for_prompt();
    terminal.enter("fn rescale(n, by = 2) { n * by }");
    terminal.type_text("rescale(");
    terminal.wait_for("rescale(   rescale(n, by = 2)");
}
