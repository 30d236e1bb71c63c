//! Imports, by all ways in which a script reaches the command.

use crate::support::Folder;

const QC: &str = "\
println(\"qc runs\")
const LIMIT = 20
let calls = 0
fn passes(q) { calls += 1
  q >= LIMIT }
fn count() { calls }
fn fails(x) {
  x + \"text\"
}
";

fn with_module() -> Folder {
    let folder = Folder::new();
    folder.file("qc.bl", QC);
    folder
}

#[test]
fn every_command_finds_modules() {
    let folder = with_module();
    folder.file("script.bl", "import \"qc\"\nprintln(passes(30))\n");
    let output = "qc runs\ntrue\n";
    assert_eq!(folder.run(&["run", "script.bl"]).succeeded(), output);
    assert_eq!(folder.run(&["run", "-e", "import \"qc\"; println(passes(30))"]).succeeded(), output);
    assert_eq!(
        folder.run_with_input(&["run", "-"], "import \"qc\"\nprintln(passes(30))").succeeded(),
        output
    );
    assert_eq!(folder.run(&["check", "script.bl"]).succeeded(), "");
    let listing = folder.run(&["disasm", "script.bl"]);
    assert!(listing.succeeded().contains("; qc.bl:5:   q >= LIMIT"), "{}", listing.succeeded());

    folder.file("wrong.bl", "import \"qx\"\n");
    for arguments in [&["run", "wrong.bl"][..], &["check", "wrong.bl"], &["compile", "wrong.bl"]] {
        let outcome = folder.run(arguments);
        assert!(
            outcome.failed(1).starts_with("ImportError: module or plugin 'qx' not found\n"),
            "{arguments:?}"
        );
    }
}

#[test]
fn bytecode_needs_no_modules() {
    let folder = with_module();
    folder.file("script.bl", "import \"qc\"\nprintln(passes(30))\nfails(1)\n");
    folder.run(&["compile", "script.bl"]).succeeded();
    folder.run(&["compile", "--strip", "script.bl", "-o", "stripped.blc"]).succeeded();
    std::fs::remove_file(folder.path().join("qc.bl")).unwrap();
    let outcome = folder.run(&["exec", "script.blc"]);
    let messages = outcome.failed(1);
    assert!(messages.contains("at line 8, column 5 (qc.bl)\n  |   x + \"text\"\n"), "{messages}");
    assert!(messages.contains("  #1 fails (qc.bl:8)\n"), "{messages}");
    let outcome = folder.run(&["exec", "stripped.blc"]);
    assert!(outcome.failed(1).starts_with("TypeError: cannot add Int and Str\n"), "{}", outcome.failed(1));
}

#[test]
fn imports_begin_at_the_folder_of_the_script() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path().join("scripts/lib")).unwrap();
    folder.file("scripts/run.bl", "import \"lib/a\"\nprintln(a())\nimport \"here\"\nprintln(place())\n");
    folder.file("scripts/lib/a.bl", "import \"b\"\nfn a() { b() + 1 }\n");
    folder.file("scripts/lib/b.bl", "fn b() { 1 }\n");
    folder.file("scripts/here.bl", "fn place() { \"beside the script\" }\n");
    folder.file("here.bl", "fn place() { \"in the working directory\" }\n");
    assert_eq!(folder.run(&["run", "scripts/run.bl"]).succeeded(), "2\nbeside the script\n");
    std::fs::remove_file(folder.path().join("scripts/here.bl")).unwrap();
    assert_eq!(folder.run(&["run", "scripts/run.bl"]).succeeded(), "2\nin the working directory\n");
    // Reports name files from the working directory.
    folder.file("scripts/lib/b.bl", "fn b() { nothing_of_this_name }\n");
    let outcome = folder.run(&["run", "scripts/run.bl"]);
    assert!(outcome.failed(1).contains("[ scripts/lib/b.bl:1:10 ]"), "{}", outcome.failed(1));
}

#[test]
fn what_is_no_script_is_refused() {
    let folder = with_module();
    folder.run(&["compile", "qc.bl", "-o", "compiled.bl"]).succeeded();
    let outcome = folder.run(&["run", "-e", "import \"compiled\""]);
    let message = "ImportError: module compiled.bl is a compiled program, not a script\n";
    assert!(outcome.failed(1).starts_with(message), "{}", outcome.failed(1));
    std::fs::create_dir(folder.path().join("folder.bl")).unwrap();
    let outcome = folder.run(&["run", "-e", "import \"folder\""]);
    let message = "ImportError: module or plugin 'folder' not found\n";
    assert!(outcome.failed(1).starts_with(message), "{}", outcome.failed(1));
}

#[test]
fn long_chains_of_modules_end() {
    let folder = Folder::new();
    for number in 0..250 {
        folder.file(&format!("m{number}.bl"), format!("import \"m{}\"\n", number + 1));
    }
    folder.file("m250.bl", "println(\"the end\")\n");
    assert_eq!(folder.run(&["run", "-e", "import \"m51\""]).succeeded(), "the end\n");
    let outcome = folder.run(&["run", "-e", "import \"m0\""]);
    assert!(
        outcome.failed(1).starts_with("ImportError: there are too many modules"),
        "{}",
        outcome.failed(1)
    );
}

#[test]
fn a_session_runs_a_module_once() {
    let folder = with_module();
    let entries = "\
fn late() { from \"qc\" import passes
  passes(1) }
import \"qc\" as qc
qc.passes(30)
import \"qc\"
passes(3)
late()
count()
calls
LIMIT
import \"qc\"
calls
:env
";
    let expected = "qc runs\ntrue\nfalse\nfalse\n3\n1\n20\n3\n";
    let outcome = folder.run_with_input(&["repl"], entries);
    let output = outcome.succeeded();
    assert!(output.starts_with(expected), "{output}");
    assert!(
        output.contains("  LIMIT") && !output.contains("qc::") && !output.contains("module qc"),
        "{output}"
    );
}

#[test]
fn a_module_that_was_imported_without_running_still_runs_once() {
    let folder = with_module();
    let entries = "fn late() { import \"qc\"\n count() }\nfrom \"qc\" import passes\npasses(1)\nlate()\n";
    assert_eq!(folder.run_with_input(&["repl"], entries).succeeded(), "qc runs\nfalse\n1\n");
}

#[test]
fn a_session_goes_on_after_a_failed_import() {
    let folder = with_module();
    folder.file("failing.bl", "println(\"failing runs\")\nlet x = 1 / 0\n");
    let entries = "import \"nowhere\"\nimport \"failing\"\nimport \"qc\"\n\
                   import \"failing\"\npasses(50)\nx\n:reset\nimport \"qc\"\ncount()\n";
    let outcome = folder.run_with_input(&["repl"], entries);
    let expected = "failing runs\nqc runs\nfailing runs\ntrue\nEnvironment reset.\nqc runs\n0\n";
    assert_eq!(outcome.output, expected);
    assert!(outcome.messages.contains("at line 2, column 11 (failing.bl)"), "{}", outcome.messages);
    assert!(outcome.messages.contains("NameError: undefined variable 'x'"), "{}", outcome.messages);
}

#[test]
fn a_loaded_file_finds_what_is_beside_it() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    folder.file("scripts/start.bl", "import \"tools\"\nlet ready = tool(1)\n");
    folder.file("scripts/tools.bl", "fn tool(x) { x + 1 }\n");
    let outcome = folder.run_with_input(&["repl"], ":load scripts/start.bl\nready\ntool(5)\n");
    assert_eq!(outcome.succeeded(), "Loaded 'scripts/start.bl'.\n2\n6\n");
}
