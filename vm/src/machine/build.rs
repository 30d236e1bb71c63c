//! Instructions that build values and take them apart. They neither jump nor call, and cost more than their dispatch,
//! so they stay out of the loop, which is the faster the smaller it is.

use super::data;
use super::instructions::unset;
use super::run::put;
use super::{Machine, is_nothing, nothing, overload};
use crate::error::{Error, ErrorKind};
use crate::value::{Class, Closure, Memory, Record, Value, Variable};
use crate::{access, annotation, cast, operators};
use biovm_bytecode::Instruction;
use biovm_bytecode::Type;
use biovm_bytecode::program::CaptureSource;

impl Machine {
    /// Runs one such instruction of the current frame.
    ///
    /// # Safety
    /// The instruction belongs to the current frame of a verified program, and `registers` are that frame's.
    #[inline(never)]
    pub(super) unsafe fn build(
        &mut self,
        instruction: Instruction,
        registers: *mut Value,
    ) -> Result<(), Error> {
        // SAFETY: the verifier has proved every operand in range.
        unsafe {
            macro_rules! frame {
                () => {
                    (*self.frames.last)
                };
            }
            macro_rules! function {
                () => {
                    (*self.frames.last).function()
                };
            }
            macro_rules! program {
                () => {
                    (&*self.current.program)
                };
            }
            macro_rules! constant {
                ($constant:expr) => {
                    &*self.current.constants.add($constant.index())
                };
            }
            macro_rules! register {
                ($register:expr) => {
                    (*registers.add($register.index()))
                };
            }
            macro_rules! set {
                ($register:expr, $value:expr) => {{
                    let value = $value;
                    put(registers.add($register.index()), value)
                }};
            }
            macro_rules! binary {
                ($destination:expr, $left:expr, $right:expr, $operator:expr) => {
                    set!($destination, $operator(&register!($left), &register!($right))?)
                };
            }

            match instruction {
                Instruction::LoadNative { destination, native } => {
                    set!(destination, Value::Native(program!().natives[native.index()]));
                }
                Instruction::LoadGlobalOrNil { destination, global } => {
                    let value = &self.globals[global.index()];
                    set!(destination, if is_nothing(value) { Value::Nil } else { value.clone() });
                }
                Instruction::LoadModule { destination, global } => {
                    let module = self.globals[global.index()].clone();
                    // It would run once for each machine, and its variables be lost with that.
                    if self.is_parallel && !matches!(module, Value::Nil) {
                        let message = "a module cannot run for the first time in a parallel callback";
                        return Err(Error::new(ErrorKind::Parallel, message)
                            .with_hint("import it before, at the top of the script"));
                    }
                    set!(destination, module);
                }
                Instruction::TakeGlobal { destination, global } => {
                    if self.is_parallel {
                        return Err(self.shared_variable());
                    }
                    set!(destination, self.globals[global.index()].take());
                }
                Instruction::NewCell { destination } => {
                    set!(destination, Value::Variable(Variable::new(nothing(), self.identity)));
                }
                Instruction::LoadCell { destination, cell } => {
                    let value = data::variable(&register!(cell))?.get();
                    if is_nothing(&value) {
                        return Err(unset(""));
                    }
                    set!(destination, value);
                }
                Instruction::StoreCell { cell, source } => {
                    self.assignable(&register!(cell))?.set(register!(source).take());
                }
                Instruction::TakeCell { destination, cell } => {
                    set!(destination, self.assignable(&register!(cell))?.take());
                }
                Instruction::LoadCaptureCell { destination, capture } => {
                    let value = data::variable(&*frame!().captures.add(capture.index()))?.get();
                    if is_nothing(&value) {
                        return Err(unset(""));
                    }
                    set!(destination, value);
                }
                Instruction::TakeCaptureCell { destination, capture } => {
                    let variable = self.assignable(&*frame!().captures.add(capture.index()))?;
                    set!(destination, variable.take());
                }
                Instruction::StoreCaptureCell { source, capture } => {
                    let variable = self.assignable(&*frame!().captures.add(capture.index()))?;
                    variable.set(register!(source).take());
                }
                Instruction::NewClosure { destination, function: index } => {
                    let sources = &program!().functions[index.index()].captures;
                    let capture = |source: &CaptureSource| match *source {
                        CaptureSource::Register(register) => (*registers.add(register.index())).clone(),
                        CaptureSource::Capture(capture) => {
                            (*frame!().captures.add(usize::from(capture))).clone()
                        }
                    };
                    let captures = sources.iter().map(capture).collect();
                    let owner = frame!().program().program.clone();
                    let closure = Closure::new(owner, index.index(), captures);
                    set!(destination, Value::Closure(closure));
                }

                Instruction::Power { destination, left, right } => {
                    binary!(destination, left, right, operators::power);
                }
                Instruction::BitAnd { destination, left, right } => {
                    binary!(destination, left, right, operators::bit_and);
                }
                Instruction::BitXor { destination, left, right } => {
                    binary!(destination, left, right, operators::bit_xor);
                }
                Instruction::ShiftLeft { destination, left, right } => {
                    binary!(destination, left, right, operators::shift_left);
                }
                Instruction::ShiftRight { destination, left, right } => {
                    binary!(destination, left, right, operators::shift_right);
                }
                Instruction::Contains { destination, left, right } => {
                    if self.overloads.equality && overload::has_parts(&register!(right)) {
                        return Err(overload::ask());
                    }
                    let result = access::contains(&register!(right), &register!(left))?;
                    set!(destination, Value::Bool(result));
                }

                Instruction::IterateStart { base } => {
                    let state = registers.add(base.index());
                    if !access::is_iterable(&*state) {
                        return Err(data::not_iterable(&*state));
                    }
                    put(state.add(1), Value::Int(0));
                }
                Instruction::NewList { destination, start, count } => {
                    let items = std::slice::from_raw_parts_mut(registers.add(start.index()), count.index());
                    set!(destination, Value::List(super::calls::take_list(items)));
                }
                Instruction::NewTuple { destination, start, count } => {
                    let items = std::slice::from_raw_parts_mut(registers.add(start.index()), count.index());
                    set!(destination, Value::tuple(items.iter_mut().map(Value::take).collect()));
                }
                Instruction::NewSet { destination, start, count } => {
                    let items = std::slice::from_raw_parts_mut(registers.add(start.index()), count.index());
                    if items.iter().any(|item| self.overloads_equality(item)) {
                        return Err(overload::ask());
                    }
                    set!(destination, Value::Set(items.iter_mut().map(Value::take).collect()));
                }
                Instruction::NewRecord { destination, shape, start } => {
                    let shape = program!().shapes[shape.index()].clone();
                    let items = std::slice::from_raw_parts_mut(registers.add(start.index()), shape.len());
                    let values = items.iter_mut().map(Value::take).collect();
                    set!(destination, Value::Record(Record::with_shape(shape, values)));
                }
                Instruction::NewStructure { destination, structure, start } => {
                    let shape = program!().structures[structure.index()].clone();
                    let items = std::slice::from_raw_parts_mut(registers.add(start.index()), shape.len());
                    let values = items.iter_mut().map(Value::take).collect();
                    set!(destination, Value::Record(Record::with_shape(shape, values)));
                }
                Instruction::MatchStructure { destination, source, structure } => {
                    let wanted = program!().structures[structure.index()].class();
                    let found = match &register!(source) {
                        Value::Record(record) => record.shape().class() == wanted,
                        _ => false,
                    };
                    set!(destination, Value::Bool(found));
                }
                Instruction::DefineMethod { owner, method, name } => {
                    let owner = data::key_text(&register!(owner))?;
                    let name = function!().field_names[name.index()].clone();
                    self.overloads.note(&name);
                    self.methods.insert((owner, name), register!(method).clone());
                    if std::mem::take(&mut self.remembers_methods) {
                        self.programs.iter().for_each(|program| program.forget_methods());
                    }
                }
                Instruction::NewMap { destination } => {
                    set!(destination, Value::Record(Record::empty(Class::Map)));
                }
                Instruction::NewRange { destination, left, right } => {
                    let range = data::range(&register!(left), &register!(right), false)?;
                    set!(destination, range);
                }
                Instruction::NewInclusiveRange { destination, left, right } => {
                    let range = data::range(&register!(left), &register!(right), true)?;
                    set!(destination, range);
                }
                Instruction::NewListFor { destination, source } => {
                    let list = super::data::list_for(&register!(source))?;
                    set!(destination, list);
                }
                Instruction::Append { list, source } => {
                    let item = register!(source).take();
                    match &mut register!(list) {
                        Value::List(list) => list.make_mut().push(item),
                        _ => return Err(data::damaged()),
                    }
                }
                Instruction::Insert { record, key, value } => {
                    let (key, value) = (data::key_text(&register!(key))?, register!(value).clone());
                    match &mut register!(record) {
                        Value::Record(record) => record.insert(key, value),
                        _ => return Err(data::damaged()),
                    }
                }
                Instruction::Merge { record, source } => {
                    let source = register!(source).clone();
                    data::merge(&mut register!(record), &source)?;
                }
                Instruction::ListToTuple { destination, source } => match register!(source).take() {
                    Value::List(list) => set!(destination, Value::tuple(list.into_vec())),
                    _ => return Err(data::damaged()),
                },
                Instruction::ListToSet { destination, source } => match register!(source).take() {
                    Value::List(list) if list.iter().any(|item| self.overloads_equality(&item)) => {
                        set!(source, Value::List(list));
                        return Err(overload::ask());
                    }
                    Value::List(list) => set!(destination, Value::Set(list.into_vec().into_iter().collect())),
                    _ => return Err(data::damaged()),
                },
                Instruction::Interpolate { destination, start, count } => {
                    let parts = std::slice::from_raw_parts(registers.add(start.index()), count.index());
                    let mut text = String::new();
                    parts.iter().try_for_each(|part| crate::display::write_text(&mut text, part))?;
                    set!(destination, Value::text(text));
                }
                Instruction::Format { destination, source, specification } => {
                    let specification = constant!(specification);
                    let specification = specification.as_text().unwrap_or("");
                    let text = crate::format::format_value(&register!(source), specification)?;
                    set!(destination, Value::text(text));
                }
                Instruction::Cast { destination, source, to } => {
                    let to = Type::ALL[to.index()];
                    let result = cast::cast(register!(source).clone(), to)?;
                    set!(destination, result);
                }

                // Lists with one holder have a handler of their own.
                Instruction::TakeIndex { destination, object, index } => {
                    let found = access::index(&register!(object), &register!(index))?;
                    set!(destination, found);
                }
                Instruction::TakeField { destination, object, field } => {
                    let name = &function!().field_names[field.index()];
                    let found = match &mut register!(object) {
                        Value::Record(record) if record.is_unique() && !record.is_variant() => {
                            match record.shape().position(name) {
                                Some(position) => record.values_mut()[position].take(),
                                None => access::field(&register!(object), name)?,
                            }
                        }
                        object => access::field(object, name)?,
                    };
                    set!(destination, found);
                }
                Instruction::GetIndexOrNil { destination, object, index } => {
                    let found = access::index_or_nil(&register!(object), &register!(index))?;
                    set!(destination, found);
                }
                Instruction::GetFieldOrNil { destination, object, field } => {
                    let name = &function!().field_names[field.index()];
                    let found = access::field_or_nil(&register!(object), name)?;
                    set!(destination, found);
                }
                Instruction::Slice { destination, object, bounds } => {
                    let bounds = registers.add(bounds.index());
                    let found = access::slice(&register!(object), &*bounds, &*bounds.add(1), &*bounds.add(2));
                    let found = found?;
                    set!(destination, found);
                }
                Instruction::GetItemOrNil { destination, object, index } => {
                    let found = data::item_or_nil(&register!(object), index.0);
                    set!(destination, found);
                }
                Instruction::GetRest { destination, object, index } => {
                    let found = data::rest(&register!(object), index.0)?;
                    set!(destination, found);
                }
                Instruction::GetOtherFields { destination, object, shape } => {
                    let shape = &program!().shapes[shape.index()];
                    let found = data::other_fields(&register!(object), shape);
                    set!(destination, found);
                }
                Instruction::CheckDestructure { source, form } => {
                    data::check_destructure(&register!(source), form.0)?;
                }
                Instruction::MatchRange { destination, source, bounds } => {
                    let bounds = registers.add(bounds.index());
                    let inclusive = (*bounds.add(2)).is_truthy();
                    let found = data::is_between(&register!(source), &*bounds, &*bounds.add(1), inclusive);
                    set!(destination, Value::Bool(found));
                }
                Instruction::MatchList { destination, source, count } => {
                    let found = match &register!(source) {
                        Value::List(list) => data::has_count(list.len(), count.0),
                        _ => false,
                    };
                    set!(destination, Value::Bool(found));
                }
                Instruction::MatchTuple { destination, source, count } => {
                    let found = match &register!(source) {
                        Value::Tuple(items) => data::has_count(items.len(), count.0),
                        _ => false,
                    };
                    set!(destination, Value::Bool(found));
                }
                Instruction::MatchFields { destination, source, shape } => {
                    let keys = &program!().shapes[shape.index()];
                    let found = match register!(source).as_record() {
                        Some(record) => keys.keys().all(|key| record.shape().position(key).is_some()),
                        None => false,
                    };
                    set!(destination, Value::Bool(found));
                }
                Instruction::MatchType { destination, source, of } => {
                    let found = register!(source).type_of() == Type::ALL[of.index()];
                    set!(destination, Value::Bool(found));
                }
                Instruction::NameItems { destination, source, shape } => {
                    let shape = &program!().shapes[shape.index()];
                    let items = match &register!(source) {
                        Value::List(list) if list.len() == shape.len() => Some(list.iter().collect()),
                        Value::Tuple(items) if items.len() == shape.len() => Some(items.to_vec()),
                        _ => None,
                    };
                    match items {
                        Some(items) => {
                            set!(destination, Value::Record(Record::with_shape(shape.clone(), items)))
                        }
                        None => set!(destination, register!(source).clone()),
                    }
                }
                Instruction::Raise { source, kind } => {
                    let kind = match kind.0 {
                        0 => ErrorKind::Type,
                        _ => ErrorKind::AssertionFailed,
                    };
                    return Err(Error::new(kind, crate::display::text(&register!(source))?));
                }

                Instruction::RaiseWithin { source, prefix } => match register!(source).take() {
                    Value::Error(error) => {
                        let prefix = constant!(prefix).as_text().unwrap_or("");
                        return Err(error.map_message(|message| format!("{prefix}{message}")));
                    }
                    _ => return Err(data::damaged()),
                },
                Instruction::CheckArgument { parameter, annotation } => {
                    let (function, program) = (function!(), program!());
                    let name = &program.names[function.parameters[parameter.index()].name as usize];
                    let argument = &register!(parameter);
                    annotation::check(program, annotation.index(), argument, &function.name, name)?;
                }
                Instruction::NewMemory { destination, limit } => {
                    let limit = usize::try_from(limit.0).unwrap_or(0);
                    set!(destination, Value::foreign(Memory::new(limit)));
                }
                Instruction::Recall { destination, key, memory } => {
                    let memory = data::memory(&*frame!().captures.add(memory.index()))?;
                    let known = memory.get(data::remembered(&register!(key))?);
                    set!(destination, known.map_or(Value::Nil, |result| Value::tuple(vec![result])));
                }
                Instruction::Remember { key, value, memory } => {
                    let memory = data::memory(&*frame!().captures.add(memory.index()))?;
                    let arguments = data::remembered(&register!(key))?.to_vec();
                    self.share_variables();
                    memory.set(arguments, register!(value).clone());
                }
                Instruction::RaiseUndefined { start, count } => {
                    let names = std::slice::from_raw_parts(registers.add(start.index()), count.index());
                    return Err(self.undefined(names));
                }

                // All others are handled by the loop.
                _ => return Err(data::damaged()),
            }
        }
        Ok(())
    }
}
