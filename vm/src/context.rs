//! What all machines of a process share.

use crate::error::Error;
use crate::gate::Gate;
use crate::limits::Limits;
use crate::machine::IdleStates;
use crate::native::Native;
use crate::output::{Output, ShowProgress};
use crate::task::budget::Budget;
use crate::task::executor::Executor;
use crate::task::helpers::Helpers;
use crate::totals::Totals;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The surroundings of a running script.
pub struct Context {
    /// The builtins, by name and by each of their other names.
    pub natives: FxHashMap<&'static str, &'static Native>,
    /// Standard output.
    pub output: Output,
    /// Whether and how reading long files is shown on standard error.
    pub progress: ShowProgress,
    /// Set by Ctrl-C, or where a limit is exceeded; machines look at it now and then and stop.
    pub interrupted: Arc<AtomicBool>,
    /// What the script may reach outside of itself.
    pub gate: Gate,
    /// Whether the network is switched off for everybody, so that fetches are answered from what is kept, or not at all.
    pub offline: bool,
    /// How much the script may use.
    pub limits: Limits,
    /// The arguments of the script.
    pub arguments: Vec<String>,
    /// The most calls that may be nested.
    pub max_depth: usize,
    /// The threads that parallel work may use.
    pub budget: Arc<Budget>,
    /// The threads that help with it.
    pub(crate) helpers: Arc<Helpers>,
    /// How much was read from files.
    pub totals: Arc<Totals>,
    /// Runs the bodies of async functions.
    pub(crate) executor: Arc<Executor>,
    /// What machines of tasks know about programs, while they do not run.
    pub(crate) idle_states: IdleStates,
    /// Errors in async functions whose results nobody asked for.
    pub lost_errors: Mutex<Vec<Error>>,
}

impl Context {
    /// A context with these builtins and defaults for everything else.
    pub fn new(natives: impl IntoIterator<Item = &'static Native>, output: Output) -> Context {
        let mut by_name = FxHashMap::default();
        for native in natives {
            by_name.insert(native.signature.name, native);
            for alias in native.signature.aliases {
                by_name.insert(*alias, native);
            }
        }
        let budget = Arc::new(Budget::default());
        let executor = Executor::new(Arc::clone(&budget));
        Context {
            natives: by_name,
            output,
            progress: ShowProgress::Never,
            interrupted: Arc::default(),
            gate: Gate::open(),
            offline: false,
            limits: Limits::default(),
            arguments: Vec::new(),
            max_depth: 1_000_000,
            budget,
            helpers: Arc::default(),
            totals: Arc::default(),
            executor,
            idle_states: IdleStates::default(),
            lost_errors: Mutex::default(),
        }
    }

    /// The builtin with that name.
    pub fn native(&self, name: &str) -> Option<&'static Native> {
        self.natives.get(name).copied()
    }
}
