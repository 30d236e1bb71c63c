//! Scripts as bytes: marks, line ends, control characters.

use crate::support::Folder;

/// Runs a script of these bytes; what it printed.
#[track_caller]
fn printed(script: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    folder.file("script.bl", script);
    folder.run(&["run", "script.bl"]).succeeded().to_owned()
}

/// Runs a script of these bytes, which must fail; the report.
#[track_caller]
fn report(script: impl AsRef<[u8]>) -> String {
    let folder = Folder::new();
    folder.file("script.bl", script);
    folder.run(&["run", "script.bl"]).failed(1).to_owned()
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(printed("\u{feff}println(1)"), "1\n");
    assert_eq!(printed("\u{feff}#!/usr/bin/env biovm\r\nprintln(2)\r\n"), "2\n");
    assert_eq!(printed("\u{feff}"), "");
    // It is no character of its line.
    assert!(report("\u{feff}nil + 1").contains("at line 1, column 5 (script.bl)\n  | nil + 1\n  |     ^"));
    assert!(report("\u{feff}let = 1").contains("script.bl:1:5"));
}

#[test]
fn a_byte_order_mark_elsewhere_is_an_error() {
    let twice = report("\u{feff}\u{feff}println(1)");
    assert!(twice.starts_with("SyntaxError: unexpected character: '\\u{feff}'"), "{twice}");
    let inside = report("let a = \u{feff}1");
    assert!(inside.starts_with("SyntaxError: unexpected character: '\\u{feff}'"), "{inside}");
    assert!(inside.contains("script.bl:1:9"), "{inside}");
    assert_eq!(printed("println(len(\"\u{feff}\"))"), "1\n");
}

#[test]
fn every_line_end_is_a_newline() {
    for end in ["\n", "\r\n", "\r"] {
        let script =
            ["let a = 1 # comment", "let b = [", "  a,", "]", "println(b", "  |> len())", ""].join(end);
        assert_eq!(printed(script), "1\n", "{end:?}");
        // In a string each of them is the same character.
        assert_eq!(printed(format!("println(len(\"a{end}b\"), \"a{end}b\" == \"a\\nb\")")), "3 true\n");
        let text = ["println(\"\"\"", "  a", "    b", "  \"\"\")"].join(end);
        assert_eq!(printed(text), "a\n  b\n", "{end:?}");
        let format = ["println(f\"\"\"", "  {1}", "  \"\"\")"].join(end);
        assert_eq!(printed(format), "1\n", "{end:?}");
    }
    assert_eq!(printed("println(1)\rprintln(2)\r\nprintln(3)\n\rprintln(4)"), "1\n2\n3\n4\n");
}

#[test]
fn lines_are_counted_by_every_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let at_run_time = report(["let a = 1", "", "fn f() {", "  a + nil", "}", "f()"].join(end));
        assert!(
            at_run_time.contains("  at line 4, column 5 (script.bl)\n  |   a + nil\n  |     ^\n"),
            "{end:?}: {at_run_time}"
        );
        assert!(at_run_time.contains("  #0 main (script.bl:6)\n  #1 f (script.bl:4)\n"), "{end:?}");
        let compiled = report(["let a = 1", "", "let b = $"].join(end));
        assert!(
            compiled.contains("script.bl:3:9") && compiled.contains("3 │ let b = $"),
            "{end:?}: {compiled}"
        );
    }
    // Within a string that runs over lines, too.
    let behind = report("let s = \"one\rtwo\r\nthree\"; s - 1");
    assert!(behind.contains("at line 3, column 11 (script.bl)\n  | three\"; s - 1"), "{behind}");
}

#[test]
fn a_line_end_cannot_hide_in_a_one_line_string() {
    for end in ["\n", "\r\n", "\r"] {
        for opening in ["r\"", "f\"", "dna\""] {
            let report = report(format!("let s = {opening}ACGT{end}ACGT\""));
            assert!(report.starts_with("SyntaxError: "), "{opening} {end:?}: {report}");
        }
    }
}

#[test]
fn control_characters_outside_of_strings_are_errors() {
    let allowed = ['\t', '\n', '\r'];
    let controls = ('\0'..='\u{9f}').filter(|each| each.is_control() && !allowed.contains(each));
    for control in controls {
        let report = report(format!("let a = 1\nlet b = {control} 2"));
        let expected = format!("SyntaxError: unexpected character: '{}'", control.escape_debug());
        assert!(report.starts_with(&expected), "{control:?}: {report}");
        assert!(report.contains("script.bl:2:9"), "{control:?}: {report}");
        // The report itself has none.
        assert!(!report.contains(control), "{control:?}: {report:?}");
    }
    // Other kinds of blanks and line ends are no better.
    for other in ['\u{a0}', '\u{2003}', '\u{2028}', '\u{200b}', '\u{3000}'] {
        let report = report(format!("let a = 1{other}"));
        assert!(report.starts_with("SyntaxError: unexpected character: "), "{other:?}: {report}");
    }
}

#[test]
fn strings_and_comments_hold_any_character() {
    assert_eq!(printed("println(len(\"\0\u{1}\u{c}\u{7f}\"), len('\t')) # \0 \u{b} \u{1b}[31m"), "4 1\n");
    assert_eq!(printed("println(len(r\"\u{1b}\"), len(f\"\u{8}{1}\"), len(\"\"\"\u{c}\"\"\"))"), "1 2 1\n");
    assert_eq!(printed("print(\"\u{1b}[1m\")"), "\u{1b}[1m\n");
}

#[test]
fn text_that_is_not_utf_8_is_refused_wherever_it_stands() {
    for (script, place) in [
        (&b"\xff"[..], "byte 0xFF at byte offset 0, in line 1"),
        (b"println(1)\n# \xe9\n", "byte 0xE9 at byte offset 13, in line 2"),
        (b"println(\"\xc3\")", "byte 0xC3 at byte offset 9, in line 1"),
        (b"println(1)\n\"\xed\xa0\x80\"", "in line 2"),
        (b"let a = \"\xf0\x9f\x98", "in line 1"),
    ] {
        let report = report(script);
        assert!(report.starts_with("FormatError: script.bl is not UTF-8 text: "), "{report}");
        assert!(report.contains(place), "{report}");
    }
}

#[test]
fn positions_count_characters_before_and_behind_the_compiler() {
    let report = report("let größe = 1");
    assert!(report.contains("script.bl:1:7"), "{report}");
    let folder = Folder::new();
    folder.file("script.bl", "let s = \"日本🧬é\"; s - 1");
    let at_run_time = folder.run(&["run", "script.bl"]);
    assert!(at_run_time.failed(1).contains("at line 1, column 19 (script.bl)"), "{at_run_time:?}");
    folder.run(&["compile", "script.bl", "-o", "script.blc"]).succeeded();
    assert_eq!(folder.run(&["exec", "script.blc"]).messages, at_run_time.messages);
}
