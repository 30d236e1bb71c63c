//! Waiting: the body of an async function leaves its thread, everybody else blocks it.
//!
//! The machine of a task is its own. Where it has to wait, and no builtin that called back is on the native stack, the
//! loop ends as if the entry frame had ended, but stack and frames stay as they are. Who runs the task waits for what it
//! was given, on no thread, and puts the result where the instruction wants it.

use super::lending::FrameFunction;
use super::{Machine, NATIVE_LIMIT, Suspended};
use crate::error::{Error, ErrorKind};
use crate::profile::WaitKind;
use crate::task::{self, executor};
use crate::value::Value;
use biovm_bytecode::Instruction;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How long somebody waits before looking whether the user wants to stop.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long a task may compute while others could begin or go on.
const TURN: Duration = Duration::from_millis(10);

/// Whoever waits for a task which could run runs it, unless natives are nested deeper than this on its own stack.
const DEEPEST_HELP: usize = 20;

/// What a task waits for.
pub(crate) type Waiting = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;

/// What a task is to do.
pub(crate) enum Start {
    /// The rest of an async function.
    Body(Suspended),
    /// A call of a function without arguments.
    Call(Value),
}

/// How far the machine of a task got.
pub(crate) enum Step {
    /// It has ended.
    Ended(Result<Value, Error>),
    /// It goes on with the result of this.
    Waits(Waiting),
    /// It lets others run.
    GivesWay,
}

/// What only the machine of a task has.
pub(super) struct TaskLink {
    /// How many natives wait below it on the native stack.
    depth: usize,
    /// When its turn began.
    began: Instant,
    /// What a builtin wants to wait for, until the loop has seen it.
    wanted: Option<Waiting>,
    /// Why the loop has ended before the frame.
    pause: Option<Pause>,
    /// What the frames run, while the machine does not.
    functions: Vec<FrameFunction>,
}

enum Pause {
    For(Waiting),
    GiveWay,
}

impl Machine {
    /// Starts a task with a machine of its own, which has room for so many registers at first, and gives its Future.
    pub(super) fn start_task(&mut self, start: Start, room: usize) -> Value {
        let branch = self.random().branch();
        let mut machine = self.fork_with_room(room, 4);
        machine.begin_item(branch, 0);
        let cancelled = Arc::new(AtomicBool::new(false));
        machine.cancelled = Some(cancelled.clone());
        machine.record_as_task();
        let (depth, began) = (0, Instant::now());
        let link = TaskLink { depth, began, wanted: None, pause: None, functions: Vec::new() };
        machine.task = Some(Box::new(link));
        let future = task::Future::start(machine, start, cancelled, self.held.is_some());
        if let Some(held) = &mut self.held {
            held.push(future.clone());
        }
        Value::foreign(future)
    }

    /// Starts to call a function without arguments, as an async function would, and gives a Future of its result.
    pub fn start_call(&mut self, function: &Value) -> Value {
        crate::value::lock_variables();
        let function = match function {
            Value::Closure(closure) => Value::Closure(closure.clone().detached()),
            other => other.clone(),
        };
        self.start_task(Start::Call(function), 32)
    }

    /// Does some work. Async functions that it calls do not begin yet; their Futures are given, too, for
    /// [`task::start_in_turn`]: whoever waits for them before that waits without end.
    pub fn with_tasks_held<T>(&mut self, work: impl FnOnce(&mut Machine) -> T) -> (T, Vec<task::Future>) {
        let before = self.held.replace(Vec::new());
        let result = work(self);
        let held = std::mem::replace(&mut self.held, before);
        (result, held.unwrap_or_default())
    }

    /// Runs the task up to where it waits for the first time. `depth` natives wait below on the native stack.
    pub(crate) fn begin(&mut self, start: Start, depth: usize) -> Step {
        self.take_turn(depth);
        // Those that begin after an interrupt would not be noticed by who has cancelled the others.
        if let Err(error) = self.check_interrupt() {
            return Step::Ended(Err(error));
        }
        let begun = match start {
            Start::Body(mut suspended) => self.poll().and_then(|()| {
                let (program, function, captures, next) = self.restore(&mut suspended);
                self.push_frame(program, function, captures, self.top + 1, true)?;
                if let Some(frame) = self.frames.last_mut() {
                    frame.next = next;
                }
                self.native_depth += 1;
                Ok(())
            }),
            Start::Call(Value::Closure(closure)) => {
                let slot = self.top;
                self.reserve(slot + 1);
                self.stack[slot] = Value::Closure(closure.clone());
                self.poll().and_then(|()| self.bind(closure.function(), slot + 1, 0)).and_then(|()| {
                    let program = self.program_state(closure.program());
                    let captures = closure.captures().as_ptr();
                    self.push_frame(program, closure.function(), captures, slot + 1, true)?;
                    self.native_depth += 1;
                    Ok(())
                })
            }
            Start::Call(function) => return Step::Ended(self.call(&function, [])),
        };
        match begun {
            Ok(()) => self.work(),
            Err(error) => Step::Ended(Err(error)),
        }
    }

    /// Goes on with the result of what the task waited for; `None` where it has only let others run.
    pub(crate) fn go_on(&mut self, result: Option<Result<Value, Error>>, depth: usize) -> Step {
        self.take_turn(depth);
        if let Some(task) = &mut self.task {
            let functions = std::mem::take(&mut task.functions);
            self.take_states(functions);
        }
        self.come_back();
        self.native_depth += 1;
        // The user may want to stop since.
        let result = match self.check_interrupt() {
            Ok(()) => result,
            Err(error) => Some(Err(error)),
        };
        match result {
            Some(Ok(value)) => self.finish_waiting(value),
            Some(Err(error)) => {
                if let Err(error) = self.unwind(error) {
                    return Step::Ended(Err(error));
                }
            }
            None => {}
        }
        self.work()
    }

    fn take_turn(&mut self, depth: usize) {
        self.native_depth = depth;
        self.native_limit = depth + NATIVE_LIMIT;
        if let Some(task) = &mut self.task {
            (task.depth, task.began) = (depth, Instant::now());
        }
    }

    fn work(&mut self) -> Step {
        let outcome = self.execute();
        let functions = self.give_states();
        if let Some(task) = &mut self.task {
            task.functions = functions;
        }
        match self.task.as_mut().and_then(|task| task.pause.take()) {
            Some(Pause::For(future)) => Step::Waits(future),
            Some(Pause::GiveWay) => Step::GivesWay,
            None => Step::Ended(outcome),
        }
    }

    /// Puts the result of what was waited for where the instruction of the last frame wants it.
    fn finish_waiting(&mut self, value: Value) {
        let Some(frame) = self.frames.last() else { return };
        let (instruction, registers) = (frame.function().code[frame.current()], frame.base);
        let (destination, count) = match instruction {
            Instruction::Await { destination, .. } | Instruction::CallDirect { destination, .. } => {
                (destination, 0)
            }
            Instruction::CallNative { base, count, .. } | Instruction::Call { base, count } => {
                (base, count.index())
            }
            // What their arguments have become is cleared when the frame ends.
            Instruction::CallRegister { base, .. }
            | Instruction::CallCapture { base, .. }
            | Instruction::CallMethod { base, .. }
            | Instruction::CallWith { base, .. } => (base, 0),
            _ => return,
        };
        let slot = registers + destination.index();
        self.clear(slot + 1, count);
        self.stack[slot] = value;
    }

    /// Whether this machine can wait away from its thread, for the instruction of the last frame.
    fn can_leave(&self) -> bool {
        let Some(task) = &self.task else { return false };
        let waits = |frame: &super::Frame| {
            matches!(
                frame.function().code[frame.current()],
                Instruction::Await { .. }
                    | Instruction::CallNative { .. }
                    | Instruction::CallDirect { .. }
                    | Instruction::Call { .. }
                    | Instruction::CallRegister { .. }
                    | Instruction::CallCapture { .. }
                    | Instruction::CallMethod { .. }
                    | Instruction::CallWith { .. }
            )
        };
        self.native_depth == task.depth + 1 && self.frames.last().is_some_and(waits)
    }

    /// Whether a builtin of this machine wants to wait: then the loop is to end.
    pub(super) fn leaves(&mut self) -> bool {
        let Some(task) = &mut self.task else { return false };
        task.pause = task.wanted.take().map(Pause::For);
        task.pause.is_some()
    }

    /// Whether it is time to let other tasks run; then the loop is to end.
    pub(super) fn gives_way(&mut self) -> bool {
        let Some(task) = &mut self.task else { return false };
        let gives_way = self.native_depth == task.depth + 1
            && task.began.elapsed() > TURN
            && self.context.executor.has_work();
        if gives_way {
            task.pause = Some(Pause::GiveWay);
        }
        gives_way
    }

    /// What [`crate::Call::wait_for`] does.
    pub(crate) fn wait_for(
        &mut self,
        future: impl Future<Output = Result<Value, Error>> + Send + 'static,
    ) -> Result<Value, Error> {
        let kind = self.awaited_kind();
        if !self.can_leave() {
            return self.waiting(kind, |machine| machine.block_on(future));
        }
        self.leave_thread(kind);
        if let Some(task) = &mut self.task {
            task.wanted = Some(Box::pin(future));
        }
        Err(Error::new(ErrorKind::Waiting, "a task waits"))
    }

    /// The result of a Future; any other value is its own result. `top` is the first slot of the stack that is free.
    #[inline(never)]
    pub(super) fn await_value(&mut self, value: Value, top: usize) -> Result<Value, Error> {
        let Some(future) = task::Future::of(&value) else { return Ok(value) };
        let saved = std::mem::replace(&mut self.top, top);
        let settled = future.settled();
        let result = match future.result() {
            Some(result) => result,
            None if self.can_leave() => self.wait_for(settled),
            None => self.waiting(WaitKind::Tasks, |machine| {
                if machine.native_depth < DEEPEST_HELP {
                    while future.run(machine.native_depth + 1) {}
                }
                machine.block_on(settled)
            }),
        };
        self.top = saved;
        result
    }

    /// Blocks the thread until a future is ready, or the user wants to stop, or a limit is exceeded. Other tasks go on
    /// meanwhile. For builtins that need what they wait for to go on; [`crate::Call::wait_for`] costs no thread.
    pub fn block_on<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut future = pin!(future);
        let signal = Arc::new(Signal { thread: thread::current(), is_set: AtomicBool::new(true) });
        let waker = Waker::from(signal.clone());
        let mut context = Context::from_waker(&waker);
        let mut absence = None;
        loop {
            if signal.is_set.swap(false, Ordering::Acquire)
                && let Poll::Ready(result) = future.as_mut().poll(&mut context)
            {
                return result;
            }
            self.check_interrupt()?;
            match &absence {
                None => absence = Some(executor::Absence::begin(&self.context.executor)?),
                Some(absence) => absence.look_around(),
            }
            if !signal.is_set.load(Ordering::Acquire) {
                thread::park_timeout(PATIENCE);
            }
        }
    }
}

/// Wakes a thread.
struct Signal {
    thread: Thread,
    is_set: AtomicBool,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_set.store(true, Ordering::Release);
        self.thread.unpark();
    }
}
