//! The one place where a builtin waits for the network.

use biovm_vm::{Call, Error, Value};
use std::time::Duration;

/// How long it takes at the most until Ctrl-C is noticed.
const PATIENCE: Duration = Duration::from_millis(20);

/// Waits for the work, or until the script is to stop, which drops the work wherever it is.
pub fn wait(
    call: &mut Call,
    work: impl Future<Output = Result<Value, Error>> + Send + 'static,
) -> Result<Value, Error> {
    let machine = call.machine();
    let stopped = async {
        loop {
            machine.check_interrupt()?;
            smol::Timer::after(PATIENCE).await;
        }
    };
    smol::block_on(smol::future::or(work, stopped))
}
