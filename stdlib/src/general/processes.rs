//! Other programs that a script starts.

use super::common::types::*;
use async_io::Timer;
use biovm_bytecode::signature::OptionField;
use biovm_vm::limits::memory;
use biovm_vm::native::option;
use biovm_vm::profile::WaitKind;
use biovm_vm::{Call, Error, ErrorKind, Native, Value, native, optional, required};
use futures_lite::future::{or, try_zip};
use smol::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use smol::process::{Child, Command, Stdio};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("shell", shell)
    .waits_for(WaitKind::Processes)
    .section("Processes")
    .parameters(&[required("cmd", STR), optional("options", STR.or(RECORD))])
    .options(OPTIONS)
    .returns(RECORD)
    .doc(
        "Runs the command with 'sh -c' and waits for its end: {stdout, stderr, exit_code}, the outputs as text. exit_code is -1 \
         where a signal ended it; one that is not 0 is no error. The second argument is the text of its standard input, or a \
         Record of options. A sandbox needs --allow-run=sh, and does not limit what the command does.",
    )
    .example(r#"shell("wc -l", "a\nb\n").stdout |> trim()"#, "2")];

const OPTIONS: &[OptionField] = &[
    option("stdin", STR, "the text of its standard input, which is empty otherwise"),
    option("cwd", STR, "the folder that it begins in"),
    option("env", RECORD, "variables of its environment, in addition to those of biovm; nil takes one away"),
    option("timeout", NUMBER, "it is ended, with an IOError, after so many seconds"),
];

/// Nobody waits longer, in seconds.
const LONGEST_TIMEOUT: f64 = 31_536_000.0;

/// What is to be run, and how.
struct Task {
    program: PathBuf,
    command: String,
    input: String,
    folder: Option<PathBuf>,
    environment: Vec<(String, Option<String>)>,
    timeout: Option<Duration>,
}

fn shell(call: &mut Call) -> Result<Value, Error> {
    let input = match call.argument(1).as_text() {
        Some(text) => Some(text),
        None => call.option("stdin").and_then(Value::as_text),
    };
    let task = Task {
        command: call.text(0)?.to_owned(),
        input: input.unwrap_or_default().to_owned(),
        folder: call.option("cwd").and_then(Value::as_text).map(PathBuf::from),
        environment: environment(call)?,
        timeout: timeout(call)?,
        program: call.context().gate.program("sh")?,
    };
    // What the script has written so far comes before what the command writes.
    call.context().output.flush()?;
    call.wait_for(run(task))
}

fn environment(call: &Call) -> Result<Vec<(String, Option<String>)>, Error> {
    let Some(variables) = call.option("env").and_then(Value::as_record) else { return Ok(Vec::new()) };
    let variable = |(name, value): (&biovm_vm::value::Str, &Value)| {
        let name = name.as_str();
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(Error::value_error(format!(
                "shell() option 'env': '{name}' is no name of a variable"
            )));
        }
        match value {
            Value::Nil => Ok((name.to_owned(), None)),
            value => match value.as_text() {
                Some(text) => Ok((name.to_owned(), Some(text.to_owned()))),
                None => Err(Error::type_error(format!(
                    "shell() option 'env' requires Str for '{name}', got {}",
                    value.type_of()
                ))
                .with_hint("str() makes a text of any value")),
            },
        }
    };
    variables.iter().map(variable).collect()
}

fn timeout(call: &Call) -> Result<Option<Duration>, Error> {
    let Some(seconds) = call.option("timeout").and_then(Value::as_float) else { return Ok(None) };
    match seconds > 0.0 && seconds <= LONGEST_TIMEOUT {
        true => Ok(Some(Duration::from_secs_f64(seconds))),
        false => Err(Error::value_error(format!(
            "shell() option 'timeout' requires seconds above 0 and up to {LONGEST_TIMEOUT}, got {seconds}"
        ))),
    }
}

/// An error that names the command.
fn failed(task: &Task, what: &str) -> Error {
    Error::new(ErrorKind::Io, format!("shell() '{}': {what}", shortened(&task.command)))
}

/// The beginning of a command, for messages.
fn shortened(command: &str) -> String {
    const MOST: usize = 60;
    let line = command.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

async fn run(task: Task) -> Result<Value, Error> {
    let mut command = Command::new(&task.program);
    command.arg("-c").arg(&task.command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A script that is interrupted, or does not wait any longer, leaves no shell running. What the shell has started finds its
    // outputs closed; a group of its own, which could be ended as a whole, could not ask for a password.
    command.kill_on_drop(true);
    if let Some(folder) = &task.folder {
        command.current_dir(folder);
    }
    for (name, value) in &task.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child = command.spawn().map_err(|error| match &task.folder {
        Some(folder) => failed(&task, &format!("cannot be started in {}: {error}", folder.display()))
            .with_hint("the option 'cwd' must name a folder that may be entered"),
        None => failed(&task, &format!("cannot be started: {error}"))
            .with_hint(format!("{} must be there and executable", task.program.display())),
    })?;
    match task.timeout {
        None => finish(&task, &mut child).await,
        Some(timeout) => {
            or(finish(&task, &mut child), async {
                Timer::after(timeout).await;
                let message = format!("has not ended after {} s, and was ended", timeout.as_secs_f64());
                Err(failed(&task, &message).with_hint("the option 'timeout' gives it more seconds"))
            })
            .await
        }
    }
}

/// Feeds a command, reads both of its outputs at the same time, since it waits where one is full, and waits for its end.
async fn finish(task: &Task, child: &mut Child) -> Result<Value, Error> {
    let (mut input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let feeding = async {
        let Some(mut input) = input.take() else { return Ok(()) };
        match input.write_all(task.input.as_bytes()).await {
            // It need not read all of it.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(failed(task, &format!("cannot be given its input: {error}")))
            }
            _ => Ok(()),
        }
    };
    let reading = try_zip(text_of(task, "stdout", output), text_of(task, "stderr", errors));
    let ((), (output, errors)) = try_zip(feeding, reading).await?;
    let status =
        child.status().await.map_err(|error| failed(task, &format!("cannot be waited for: {error}")))?;
    Ok(Value::record([
        ("stdout", Value::text(output)),
        ("stderr", Value::text(errors)),
        ("exit_code", Value::Int(status.code().unwrap_or(-1).into())),
    ]))
}

/// All that comes from one output.
async fn text_of(task: &Task, name: &str, pipe: Option<impl AsyncRead + Unpin>) -> Result<String, Error> {
    let Some(mut pipe) = pipe else { return Ok(String::new()) };
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 << 10];
    loop {
        let count = pipe
            .read(&mut part)
            .await
            .map_err(|error| failed(task, &format!("its {name} cannot be read: {error}")))?;
        if count == 0 {
            break;
        }
        if bytes.len() + count > bytes.capacity() {
            memory::room_for(bytes.len().saturating_mul(2))?;
        }
        bytes.extend_from_slice(&part[..count]);
    }
    String::from_utf8(bytes).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        failed(task, &format!("its {name} is no text: byte {position} does not belong to UTF-8"))
            .with_hint("let the command write into a file, or make text of it, for example with base64")
    })
}
