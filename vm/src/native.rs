//! How a builtin is declared, and what it sees of a call.
//!
//! A builtin is one [`Native`]: its signature (see [`biovm_bytecode::signature`]) and its function. The machine checks
//! the number and the types of the arguments against the signature and fills in defaults, so the function finds one
//! argument for each parameter, in order, and any further ones behind.
//!
//! ```
//! use biovm_vm::{Call, Error, Native, Value, native, required};
//! use biovm_bytecode::{Type, TypeSet};
//!
//! static DOUBLE: Native = native("double", double)
//!     .section("Math")
//!     .parameters(&[required("x", TypeSet::one(Type::Int))])
//!     .returns(TypeSet::one(Type::Int))
//!     .doc("Twice the number.")
//!     .example("double(21)", "42")
//!     .pure();
//!
//! fn double(call: &mut Call) -> Result<Value, Error> {
//!     Ok(Value::Int(call.integer(0)? * 2))
//! }
//! ```

use crate::error::Error;
use crate::machine::Machine;
use crate::profile::WaitKind;
use crate::value::{Record, Value};
use biovm_bytecode::signature::{Default, OptionField, Parameter, Signature};
use biovm_bytecode::{Type, TypeSet};

/// A builtin.
#[derive(Clone, Copy)]
pub struct Native {
    /// Name, parameters, documentation.
    pub signature: Signature,
    /// What it does.
    pub function: NativeFunction,
    /// The short way for calls with one argument.
    pub direct: Option<DirectFunction>,
    /// What it waits for, where it waits for a future; what profiles show.
    pub waits_for: WaitKind,
}

/// The short way of a builtin for one argument: its result where the argument is of the usual kind, `None` where the builtin
/// itself is to be called.
pub type DirectFunction = fn(&Value) -> Option<Value>;

/// The code of a builtin.
pub type NativeFunction = fn(&mut Call<'_>) -> Result<Value, Error>;

/// Whether a parameter of these types takes the value. A caught error acts as its message wherever text is wanted.
#[inline]
fn accepts(types: TypeSet, value: &Value) -> bool {
    types.contains(value.type_of()) || matches!(value, Value::Error(_)) && types.contains(Type::Str)
}

/// Declares a builtin; the methods of [`Native`] say the rest.
pub const fn native(name: &'static str, function: NativeFunction) -> Native {
    Native {
        signature: Signature {
            name,
            aliases: &[],
            section: "",
            parameters: &[],
            rest: None,
            options: &[],
            result: TypeSet::one(Type::Nil),
            doc: "",
            example: "",
            example_output: "",
            pure: false,
            in_place: false,
            parallel: false,
            is_constant: false,
            is_direct: false,
        },
        function,
        direct: None,
        waits_for: WaitKind::Tasks,
    }
}

/// A parameter that every call must give.
pub const fn required(name: &'static str, types: TypeSet) -> Parameter {
    Parameter { name, types, default: Default::Required }
}

/// A parameter that is nil when a call leaves it out.
pub const fn optional(name: &'static str, types: TypeSet) -> Parameter {
    Parameter { name, types: types.and(Type::Nil), default: Default::Nil }
}

/// A parameter with a default.
pub const fn with_default(name: &'static str, types: TypeSet, default: Default) -> Parameter {
    Parameter { name, types, default }
}

/// The trailing options record of a builtin that has [`Native::options`].
pub const fn options_parameter() -> Parameter {
    optional("options", TypeSet::RECORD)
}

/// An entry of the options record.
pub const fn option(name: &'static str, types: TypeSet, doc: &'static str) -> OptionField {
    OptionField { name, types, doc }
}

impl Native {
    /// Other names of the same builtin.
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Native {
        self.signature.aliases = aliases;
        self
    }

    /// The section of the reference that lists it.
    pub const fn section(mut self, section: &'static str) -> Native {
        self.signature.section = section;
        self
    }

    /// Its parameters, in order.
    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Native {
        self.signature.parameters = parameters;
        self
    }

    /// It takes any number of further arguments of these types.
    pub const fn rest(mut self, types: TypeSet) -> Native {
        self.signature.rest = Some(types);
        self
    }

    /// The entries of its last parameter, the options record.
    pub const fn options(mut self, options: &'static [OptionField]) -> Native {
        self.signature.options = options;
        self
    }

    /// The types of its result.
    pub const fn returns(mut self, result: TypeSet) -> Native {
        self.signature.result = result;
        self
    }

    /// What it does, in one line. Names units and coordinates where there are some.
    pub const fn doc(mut self, doc: &'static str) -> Native {
        self.signature.doc = doc;
        self
    }

    /// A call as a script writes it, and what `println` of it shows. Run as a test.
    pub const fn example(mut self, call: &'static str, output: &'static str) -> Native {
        self.signature.example = call;
        self.signature.example_output = output;
        self
    }

    /// It changes its first argument in place where nobody else holds it; see [`Signature::in_place`].
    pub const fn in_place(mut self) -> Native {
        self.signature.in_place = true;
        self
    }

    /// It calls its callbacks on several threads at once; see [`Signature::parallel`].
    pub const fn parallel(mut self) -> Native {
        self.signature.parallel = true;
        self
    }

    /// Its bare name reads as its value: it has no parameters, and its result never changes.
    pub const fn constant(mut self) -> Native {
        self.signature.is_constant = true;
        self
    }

    /// Calls with one argument ask this function first, which needs no machine: see [`DirectFunction`]. It must give what the
    /// builtin would give.
    pub const fn direct(mut self, direct: DirectFunction) -> Native {
        self.direct = Some(direct);
        self.signature.is_direct = true;
        self
    }

    /// What its futures wait for: [`Call::wait_for`].
    pub const fn waits_for(mut self, kind: WaitKind) -> Native {
        self.waits_for = kind;
        self
    }

    /// Two calls with equal arguments give equal results, and nobody could tell whether it ran.
    pub const fn pure(mut self) -> Native {
        self.signature.pure = true;
        self
    }
}

/// A call of a builtin: its arguments, and the machine that runs it.
pub struct Call<'machine> {
    pub(crate) machine: &'machine mut Machine,
    pub(crate) native: &'static Native,
    /// The position of the first argument on the machine's stack.
    pub(crate) first: usize,
    /// The number of arguments: at least one for each parameter.
    pub(crate) count: usize,
}

impl Call<'_> {
    /// The machine, to call functions of the script and to iterate.
    pub fn machine(&mut self) -> &mut Machine {
        self.machine
    }

    /// The machine, to look at.
    pub fn context(&self) -> &crate::Context {
        self.machine.context()
    }

    /// Waits for a future whose output is the result of the builtin.
    ///
    /// Where the body of an async function calls the builtin, the body leaves its thread until the future is ready, so ten
    /// thousand of them can wait at once. Elsewhere, as in a callback or at the top level, it blocks the thread, and other
    /// tasks go on. Either way an interrupt, or a limit that is exceeded, ends the waiting and drops the future.
    ///
    /// This must be the last thing that a builtin does, as the builtin is not called again: what is to happen afterwards
    /// belongs into the future. So the future owns what it needs. An error, also this function's own, goes up as it is
    /// (`return call.wait_for(…)`); a builtin that looked into it would see an [`ErrorKind::Waiting`](crate::ErrorKind::Waiting).
    /// For a future in the middle of a builtin there is [`Machine::block_on`].
    ///
    /// Futures of the smol family (`async-io`, `async-net`, …) bring their own reactor, and any other future that wakes its
    /// waker works, too. Polling one should not compute for long, nor block: that is what the `blocking` crate is for.
    ///
    /// ```
    /// use biovm_vm::{Call, Error, Native, Value, native};
    ///
    /// static ANSWER: Native = native("answer", answer);
    ///
    /// fn answer(call: &mut Call) -> Result<Value, Error> {
    ///     let question = call.name();
    ///     call.wait_for(async move {
    ///         let number = think(question).await;
    ///         Ok(Value::Int(number))
    ///     })
    /// }
    ///
    /// async fn think(question: &str) -> i64 {
    ///     futures_lite::future::yield_now().await;
    ///     question.len() as i64 * 7
    /// }
    /// ```
    pub fn wait_for(
        &mut self,
        future: impl Future<Output = Result<Value, Error>> + Send + 'static,
    ) -> Result<Value, Error> {
        self.machine.wait_for(future)
    }

    /// Blocks the thread until a future is ready, for builtins that have more to do then. Other tasks go on meanwhile, and an interrupt or a
    /// limit ends the waiting.
    pub fn block_on<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.machine.block_on(future)
    }

    /// The name of the builtin.
    pub fn name(&self) -> &'static str {
        self.native.signature.name
    }

    /// The number of arguments, defaults included.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no arguments.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All arguments, defaults included.
    pub fn arguments(&self) -> &[Value] {
        self.machine.stack_slice(self.first, self.count)
    }

    /// The arguments behind the declared parameters.
    pub fn rest(&self) -> &[Value] {
        &self.arguments()[self.native.signature.parameters.len()..]
    }

    /// An argument.
    #[inline]
    pub fn argument(&self, position: usize) -> &Value {
        debug_assert!(position < self.count);
        self.machine.stack_value(self.first + position)
    }

    /// An argument, moved out. Where the caller does not keep it, the value may then be changed in place.
    pub fn take(&mut self, position: usize) -> Value {
        debug_assert!(position < self.count);
        self.machine.stack_value_mut(self.first + position).take()
    }

    /// The value of a key, where the arguments at these positions are a Record or Map and a Str that is one of its keys.
    #[inline]
    pub fn value_of_key(&mut self, record: usize, key: usize) -> Option<&Value> {
        debug_assert!(record < self.count && key < self.count);
        self.machine.value_of_key(self.first + record, self.first + key)
    }

    /// Whether the call left the argument out, or gave nil.
    pub fn is_nil(&self, position: usize) -> bool {
        matches!(self.argument(position), Value::Nil)
    }

    /// An Int, or a Float without a fraction.
    pub fn integer(&self, position: usize) -> Result<i64, Error> {
        let value = self.argument(position);
        value.as_integral().ok_or_else(|| {
            let error = self.wrong_argument(position, "Int");
            match value {
                Value::Float(_) => error.with_hint("use // for integer division, or int() to truncate"),
                _ => error,
            }
        })
    }

    /// A number that must not be negative: a size, a count, a position.
    pub fn size(&self, position: usize) -> Result<usize, Error> {
        let number = self.integer(position)?;
        usize::try_from(number).map_err(|_| {
            let parameter = self.parameter_name(position);
            Error::value_error(format!("{}() requires {parameter} of at least 0, got {number}", self.name()))
        })
    }

    /// A number as a Float.
    pub fn float(&self, position: usize) -> Result<f64, Error> {
        self.argument(position).as_float().ok_or_else(|| self.wrong_argument(position, "a number"))
    }

    /// The text of a Str, or of an Error.
    pub fn text(&self, position: usize) -> Result<&str, Error> {
        self.argument(position).as_text().ok_or_else(|| self.wrong_argument(position, "Str"))
    }

    /// The value of an option, where the call gives it.
    pub fn option(&self, name: &str) -> Option<&Value> {
        debug_assert!(self.native.signature.option(name).is_some(), "undeclared option {name}");
        let options = self.native.signature.parameters.len().checked_sub(1)?;
        match self.argument(options) {
            Value::Record(record) => record.get(name).filter(|value| !matches!(value, Value::Nil)),
            _ => None,
        }
    }

    /// `name() requires Int, got Str`
    #[cold]
    pub fn wrong_argument(&self, position: usize, wanted: &str) -> Error {
        let value = self.argument(position);
        let got = match value {
            Value::Float(number) if wanted == "Int" => format!("Float {number:?}"),
            _ => value.type_of().to_string(),
        };
        Error::type_error(format!("{}() requires {wanted}, got {got}", self.name()))
    }

    /// The name of a parameter, for messages.
    pub fn parameter_name(&self, position: usize) -> &'static str {
        self.native.signature.parameters.get(position).map_or("arguments", |parameter| parameter.name)
    }
}

impl Native {
    /// Checks arguments against the signature: the number must be right already, defaults filled in.
    #[inline]
    pub fn check_types(&self, arguments: &[Value]) -> Result<(), Error> {
        for (parameter, argument) in self.signature.parameters.iter().zip(arguments) {
            if !accepts(parameter.types, argument) {
                return Err(self.wrong_type(parameter.types, argument));
            }
        }
        if let Some(types) = self.signature.rest {
            let further = arguments.iter().skip(self.signature.parameters.len());
            for argument in further {
                if !accepts(types, argument) {
                    return Err(self.wrong_type(types, argument));
                }
            }
        }
        if !self.signature.options.is_empty()
            && let Some(Value::Record(record)) = arguments.get(self.signature.parameters.len() - 1)
        {
            self.check_options(record)?;
        }
        Ok(())
    }

    #[cold]
    fn wrong_type(&self, wanted: TypeSet, argument: &Value) -> Error {
        // That nil stands for "left out" would only distract.
        let shown: Vec<Type> = wanted.iter().filter(|candidate| *candidate != Type::Nil).collect();
        let name = self.signature.name;
        Error::type_error(format!("{name}() requires {}, got {}", TypeSet::of(&shown), argument.type_of()))
    }

    fn check_options(&self, record: &Record) -> Result<(), Error> {
        let name = self.signature.name;
        for (key, value) in record.iter() {
            let Some(option) = self.signature.option(key) else {
                let known: Vec<_> = self.signature.options.iter().map(|option| option.name).collect();
                return Err(Error::type_error(format!("{name}() has no option '{}'", key.as_str()))
                    .with_hint(format!("its options are {}", known.join(", "))));
            };
            if !matches!(value, Value::Nil) && !option.types.contains(value.type_of()) {
                let (key, types, got) = (option.name, option.types, value.type_of());
                return Err(Error::type_error(format!(
                    "{name}() option '{key}' requires {types}, got {got}"
                )));
            }
        }
        Ok(())
    }
}
