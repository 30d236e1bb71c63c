//! The register machine.
//!
//! A machine owns a stack of registers, the frames of the functions that are running, and the variables of the top
//! level. Calls between functions of the script do not use the native stack. A native that calls back into the script
//! does: it starts an *entry* frame, and the instruction loop returns to the native when that frame ends.
//!
//! The stack holds a window of registers for each frame. The callee's window begins at its arguments, which are at
//! the end of the caller's; the register below holds the function that is called, and receives the result. Registers
//! above the last window hold nothing that is counted, so a new frame finds them ready to be overwritten.
//!
//! * [`run`]: the instruction loop; [`execute`]: the way into it
//! * [`profiled`]: the same loop, but one that notes what it does; [`profiling`]: how that begins and ends
//! * [`instructions`]: what the loop leaves to the machine
//! * [`build`]: instructions that are not worth a place in the loop, with [`data`]
//! * [`callback`]: functions that builtins call for many items
//! * [`calls`]: functions, builtins, methods; binding of arguments
//! * [`arguments`]: named and spread arguments
//! * [`iterate`]: iteration that may call back into the script
//! * [`suspended`]: functions that stop and go on later
//! * [`lending`]: what a machine needs only while it runs
//! * [`waiting`]: waiting for results, on the thread or away from it
//! * [`parallel`]: machines that run at the same time
//! * [`overload`]: operators that structs have got
//! * [`unwind`]: errors on their way up
//! * [`frame`]: frames and inline caches
//! * [`allocator`]: what threads allocate while somebody profiles

pub mod allocator;
mod arguments;
mod build;
mod callback;
mod calls;
mod comparator;
mod data;
mod execute;
mod frame;
mod instructions;
mod iterate;
mod lending;
mod overload;
mod parallel;
mod profiled;
mod profiling;
mod suspended;
mod unwind;
mod waiting;

/// What a handler of [`run`] ends with: a call of the next one. Without optimisation such calls would fill the native stack.
#[cfg(all(not(debug_assertions), not(miri), unix, any(target_arch = "x86_64", target_arch = "aarch64")))]
macro_rules! dispatch {
    ($machine:expr, $next:expr, $registers:expr) => {{
        let next = $next;
        let handler = table::handler(next);
        return handler($machine, next.add(1), $registers);
    }};
}

/// Goes back to the loop in [`Machine::execute`].
#[cfg(not(all(
    not(debug_assertions),
    not(miri),
    unix,
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
macro_rules! dispatch {
    ($machine:expr, $next:expr, $registers:expr) => {{
        let _ = &mut *$machine;
        return ($next, $registers);
    }};
}

mod run;

/// The same handlers once more, for runs that are profiled: each goes back to the loop in [`profiled`].
macro_rules! dispatch {
    ($machine:expr, $next:expr, $registers:expr) => {{
        let _ = &mut *$machine;
        return ($next, $registers);
    }};
}

#[path = "run/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the same source with another `dispatch!` around it")]
#[expect(dead_code, reason = "the machine uses what handlers share from the first one")]
mod profiled_run;

use crate::context::Context;
use crate::error::{Error, ErrorKind};
use crate::native::{Native, native};
use crate::profile::recorder::Recorder;
use crate::program::LoadedProgram;
use crate::random::{Branch, Generator};
use crate::task;
use crate::value::{Callable, Record, Str, Value};
use biovm_bytecode::program::Documentation;
use frame::{Current, Frame, Frames, ProgramState};
use overload::Overloads;
use rustc_hash::FxHashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

pub use callback::Callback;
pub use comparator::Comparator;
pub(crate) use lending::IdleStates;
pub(crate) use suspended::Suspended;
pub(crate) use waiting::{Start, Step};

/// A machine. Each thread that runs script code has its own.
pub struct Machine {
    context: Arc<Context>,
    /// The registers of all frames. Every slot is a valid value at any time.
    stack: Vec<Value>,
    frames: Frames,
    /// The last frame, while the loop runs it.
    current: Current,
    /// The variables of the top level.
    globals: Vec<Value>,
    /// The programs that have been run; boxed, because frames point to them while more are added.
    programs: Vec<Pin<Box<ProgramState>>>,
    /// The methods that `impl` has given to types and structs.
    methods: FxHashMap<(Str, Str), Value>,
    /// Whether some call has remembered one of them.
    remembers_methods: bool,
    /// Which of them replace what the language does.
    overloads: Overloads,
    /// The first stack slot that neither a frame nor a running native uses.
    top: usize,
    /// Counts down, one for each step, to the next look at the interrupt flag; what is left is leased, see
    /// [`crate::limits`]. At least 1 between two steps.
    countdown: u32,
    /// How many natives have called back into the script and wait.
    native_depth: usize,
    /// The most natives that may wait: each uses the native stack.
    native_limit: usize,
    /// What the entry frame that has just ended gives. An error while none has ended is one that a handler of an
    /// instruction is about to raise.
    outcome: Result<Value, Error>,
    /// The frame that has just yielded.
    yielded: Option<Frame>,
    /// Tells the variables that this machine made from those of others.
    identity: u32,
    /// Whether others run at the same time, so that only variables made here may be assigned to.
    is_parallel: bool,
    /// What makes it the machine of a task; `None` for all others.
    task: Option<Box<waiting::TaskLink>>,
    /// Set to ask this machine, and nobody else, to stop.
    cancelled: Option<Arc<AtomicBool>>,
    /// Collects the tasks that are started, which are not to begin yet.
    held: Option<Vec<task::Future>>,
    /// The key of a Record or Map that was asked for last.
    recent_key: RecentKey,
    /// Where random numbers come from, once somebody has asked for one.
    random: Option<Generator>,
    /// The item of parallel work whose generator takes its place, once somebody asks: most items want no random number.
    random_item: Option<(Branch, usize)>,
    /// Writes down what the machine does, where a profile is wanted.
    profiler: Option<Box<Recorder>>,
}

/// The most natives that may wait on an ordinary thread.
const NATIVE_LIMIT: usize = 150;

/// Where a key was found last. Only a hint: whoever uses it looks whether the key is there.
#[derive(Clone, Copy, Default)]
struct RecentKey {
    /// The address of the shape.
    shape: usize,
    position: usize,
}

impl RecentKey {
    /// The position of the key, where it is the one that was found last.
    #[inline(always)]
    fn position(self, record: &Record, key: &Str) -> Option<usize> {
        let shape = record.shape();
        let known = shape.as_ptr().addr() == self.shape;
        (known && shape.key(self.position).is_some_and(|known| known.same(key))).then_some(self.position)
    }
}

fn next_identity() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Stands in a variable that has no value yet, and in a parameter that the call left out. Never seen by a script.
static NOTHING: Native = native("nothing", |_| Ok(Value::Nil));

fn nothing() -> Value {
    Value::Native(&NOTHING)
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Native(native) if std::ptr::eq(*native, &NOTHING))
}

impl Machine {
    /// A machine without a program.
    pub fn new(context: Arc<Context>) -> Machine {
        Machine::with_room(context, 256, 16)
    }

    /// A machine with room for so many registers and frames, until it needs more.
    fn with_room(context: Arc<Context>, registers: usize, frames: usize) -> Machine {
        let max_depth = context.max_depth;
        let countdown = context.limits.first_countdown();
        Machine {
            context,
            stack: vec![Value::Nil; registers],
            frames: Frames::new(max_depth, frames),
            current: Current::default(),
            globals: Vec::new(),
            programs: Vec::new(),
            methods: FxHashMap::default(),
            remembers_methods: false,
            recent_key: RecentKey::default(),
            overloads: Overloads::default(),
            top: 0,
            countdown,
            native_depth: 0,
            native_limit: NATIVE_LIMIT,
            outcome: Ok(Value::Nil),
            yielded: None,
            identity: next_identity(),
            is_parallel: false,
            task: None,
            cancelled: None,
            held: None,
            random: None,
            random_item: None,
            profiler: None,
        }
    }

    /// Allows natives to nest deeper, where the thread has a larger native stack than usual. Each level may use some
    /// 10 KiB of it.
    pub fn set_native_limit(&mut self, limit: usize) {
        self.native_limit = limit;
    }

    /// What all machines of the process share.
    pub fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// The variables of the top level, in the order of their numbers.
    pub fn globals(&self) -> impl Iterator<Item = Value> + '_ {
        self.globals.iter().map(|value| if is_nothing(value) { Value::Nil } else { value.clone() })
    }

    /// Sets a variable of the top level.
    pub fn set_global(&mut self, number: usize, value: Value) {
        if self.globals.len() <= number {
            self.globals.resize(number + 1, nothing());
        }
        self.globals[number] = value;
    }

    /// Runs the top level of a program and returns the value of its last statement. Variables of the top level that
    /// earlier programs have set stay.
    pub fn run(&mut self, program: &Arc<LoadedProgram>) -> Result<Value, Error> {
        if self.globals.len() < program.globals.len() {
            self.globals.resize(program.globals.len(), nothing());
        }
        let state = self.program_state(program);
        let function = &program.functions[0];
        self.enter(state, function, std::ptr::null(), 0)
    }

    /// Calls a function value with positional arguments.
    pub fn call(
        &mut self,
        function: &Value,
        arguments: impl IntoIterator<Item = Value>,
    ) -> Result<Value, Error> {
        let slot = self.top;
        let mut count = 0;
        for argument in arguments {
            self.reserve(slot + 1 + count);
            self.stack[slot + 1 + count] = argument;
            count += 1;
        }
        self.call_at(function, slot, count)
    }

    /// Starts to iterate a value; a `TypeError` where it cannot be iterated.
    pub fn iterate(&mut self, source: Value) -> Result<Items, Error> {
        if !crate::access::is_iterable(&source) {
            return Err(Error::type_error(format!("cannot iterate over {}", source.type_of())));
        }
        Ok(Items { source, position: 0 })
    }

    /// An error if the user has asked to stop, or a limit is exceeded. Natives that work long call this now and then.
    #[inline]
    pub fn check_interrupt(&self) -> Result<(), Error> {
        let is_cancelled = || self.cancelled.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        if self.context.interrupted.load(Ordering::Relaxed) || is_cancelled() {
            Err(self.interruption())
        } else {
            Ok(())
        }
    }

    #[cold]
    fn interruption(&self) -> Error {
        let reason = self.context.limits.reason();
        let error = reason.unwrap_or_else(|| Error::new(ErrorKind::Interrupted, "interrupted"));
        if self.context.interrupted.load(Ordering::Relaxed) {
            // Tasks that wait would not notice.
            self.context.executor.cancel_all(&error);
        }
        error
    }

    /// Begins anew with the limits, for the next entry of a session.
    pub fn renew_limits(&mut self) {
        self.context.limits.renew();
        self.countdown = self.context.limits.first_countdown();
    }

    /// Where this machine's random numbers come from.
    pub fn random(&mut self) -> &mut Generator {
        if let Some((branch, item)) = self.random_item.take() {
            self.random = Some(branch.item(item));
        }
        self.random.get_or_insert_with(Generator::from_system)
    }

    /// Draws random numbers from here on from the generator of an item.
    #[inline]
    pub(crate) fn begin_item(&mut self, branch: Branch, item: usize) {
        self.random_item = Some((branch, item));
    }

    /// Draws random numbers from here on from another generator; gives the one before, if it was used.
    pub fn set_random(&mut self, generator: Option<Generator>) -> Option<Generator> {
        self.random_item = None;
        std::mem::replace(&mut self.random, generator)
    }

    /// The number of arguments that a function value accepts by position: the least and, where there is a limit, the
    /// most. `None` where the value is no function.
    pub fn arity(&self, function: &Value) -> Option<(usize, Option<usize>)> {
        match function {
            Value::Native(native) => Some((native.signature.required(), native.signature.most())),
            Value::Closure(closure) => {
                let function = closure.function();
                let positional = function.parameters.len() - usize::from(function.has_rest);
                let parameters = &function.parameters[..positional];
                let required = parameters.iter().filter(|parameter| !parameter.has_default).count();
                Some((required, (!function.has_rest).then_some(positional)))
            }
            Value::Foreign(foreign) => foreign.as_callable().map(Callable::arity),
            _ => None,
        }
    }

    /// What a declaration of the top level says about itself: of the programs that have run, the last one that declares
    /// the name.
    pub fn documentation(&self, name: &str) -> Option<&Documentation> {
        let programs = self.programs.iter().rev();
        let mut found = programs.flat_map(|state| state.program.documentation.iter().rev());
        found.find(|documentation| documentation.name == name)
    }

    /// The names of the methods that `impl` has given to the struct or type of a value, for completion.
    pub fn method_names(&self, receiver: &Value) -> Vec<String> {
        let names = self.methods.keys().map(|(_, name)| name.as_str());
        let mut names: Vec<_> = names.filter(|name| self.method(receiver, name).is_some()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(str::to_owned).collect()
    }

    /// The method that `impl` has given to the struct or type of a value.
    fn method(&self, receiver: &Value, name: &str) -> Option<&Value> {
        if self.methods.is_empty() {
            return None;
        }
        let owner = match overload::structure(receiver) {
            Some(structure) => structure.variant_of.as_deref().unwrap_or(&structure.name),
            None => receiver.type_of().name(),
        };
        self.methods.get(&(Str::from(owner), Str::from(name)))
    }

    pub(crate) fn stack_slice(&self, first: usize, count: usize) -> &[Value] {
        &self.stack[first..first + count]
    }

    pub(crate) fn stack_value(&self, position: usize) -> &Value {
        &self.stack[position]
    }

    pub(crate) fn stack_value_mut(&mut self, position: usize) -> &mut Value {
        &mut self.stack[position]
    }

    /// Makes sure that the stack has a slot at `position`.
    #[inline]
    fn reserve(&mut self, position: usize) {
        if position >= self.stack.len() {
            self.grow(position);
        }
    }

    #[cold]
    fn grow(&mut self, position: usize) {
        self.stack.resize((position + 1).max(self.stack.len() * 2), Value::Nil);
    }

    /// What this machine knows about a program; looked up by address, as there are one or few.
    fn program_state(&mut self, program: &Arc<LoadedProgram>) -> *const ProgramState {
        let known = self.programs.iter().rev().find(|state| Arc::ptr_eq(&state.program, program));
        if let Some(state) = known {
            return &raw const **state;
        }
        let idle = self.context.idle_states.take(program);
        self.programs.push(idle.unwrap_or_else(|| ProgramState::new(program.clone())));
        self.programs.last().map_or(std::ptr::null(), |state| &raw const **state)
    }

    /// Counts a step.
    #[inline(always)]
    fn poll(&mut self) -> Result<(), Error> {
        self.countdown -= 1;
        if self.countdown == 0 { self.poll_slow() } else { Ok(()) }
    }

    /// Looks around at a step, and leases further ones where none is left.
    #[cold]
    fn poll_slow(&mut self) -> Result<(), Error> {
        // Whoever comes here before the lease has ended has not counted the step.
        self.countdown = self.countdown.saturating_sub(1);
        if self.countdown == 0 {
            // The next step comes here again where this is refused.
            self.countdown = 1;
            self.countdown = self.context.limits.lease()?;
        }
        self.check_interrupt()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.keep_record();
        if !self.is_parallel {
            // The script has ended: nobody will ask for what is still being worked on.
            self.context.executor.cancel_all(&Error::new(ErrorKind::Interrupted, "the script has ended"));
        }
        self.context.limits.give_back(self.countdown.saturating_sub(1));
    }
}

/// The items of a value that is being iterated.
pub struct Items {
    source: Value,
    position: usize,
}

impl Items {
    /// The next item.
    pub fn next(&mut self, machine: &mut Machine) -> Result<Option<Value>, Error> {
        item(machine, &self.source, &mut self.position)
    }

    /// The value that is being iterated.
    pub fn source(&self) -> &Value {
        &self.source
    }
}

/// The next item of a value that is being iterated, behind the cursor, which begins at 0.
#[inline]
fn item(machine: &mut Machine, source: &Value, cursor: &mut usize) -> Result<Option<Value>, Error> {
    match source {
        Value::Foreign(foreign) => {
            let position = *cursor;
            // A damaged program may begin anywhere.
            *cursor = position.wrapping_add(1);
            foreign.clone().next(machine, position)
        }
        _ => Ok(crate::access::item_from(source, cursor)),
    }
}
