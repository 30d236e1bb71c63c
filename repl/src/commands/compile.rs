//! `biovm compile`.

use crate::command_line::Compile;
use crate::failure::Failure;
use crate::{pipeline, source, whole_file};
use biovm_bytecode::codec;
use biovm_vm::gate::Gate;
use biovm_vm::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Compiles a script to a bytecode file.
pub fn compile(options: &Compile, gate: &Gate, color: bool) -> Result<u8, Failure> {
    let output = output_path(options)?;
    let source = source::read_script(&options.script)?;
    let compiled = pipeline::compile(&source, Some(&options.script), gate)?;
    pipeline::settle(&source, compiled.warnings, options.deny_warnings, color)?;
    let bytes = codec::encode(&compiled.program, options.strip);
    whole_file::write(&output, &bytes, None)
        .map_err(|error| Error::new(ErrorKind::Io, format!("cannot write {}: {error}", output.display())))?;
    Ok(0)
}

fn output_path(options: &Compile) -> Result<PathBuf, Failure> {
    let output = match &options.output {
        Some(output) => output.clone(),
        None if options.script == Path::new(source::STANDARD_INPUT) => {
            return Err(Failure::Usage(
                "a script from standard input needs an output file: -o FILE".to_owned(),
            ));
        }
        None => options.script.with_extension("blc"),
    };
    if whole_file::is_same(&output, &options.script) {
        let message =
            format!("the output would replace the script {}; name another with -o FILE", output.display());
        return Err(Failure::Usage(message));
    }
    Ok(output)
}
