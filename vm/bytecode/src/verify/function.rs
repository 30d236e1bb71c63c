//! A function: its declaration and its code.

use super::error::VerifyError;
use super::tables::verify_name;
use super::{ClosureNeeds, different_registers, register_window};
use crate::instruction::Instruction;
use crate::operand::{OperandKind, jump_target};
use crate::program::{Constant, Function, Handler, Inlined, Program, Region, RegionKind, SourceSpan};
use crate::types::Type;

pub(super) fn verify_function(
    program: &Program,
    number: usize,
    closure_needs: &[ClosureNeeds],
) -> Result<(), VerifyError> {
    let function = &program.functions[number];
    let verifier = FunctionVerifier { program, function, closure_needs };
    let in_function = |problem| VerifyError::in_function(program, number, problem);
    if number == 0 {
        verifier.top_level().map_err(in_function)?;
    }
    verifier.declaration().map_err(in_function)?;
    verifier.handlers().map_err(in_function)?;
    verifier.inlined().map_err(in_function)?;
    verifier.regions().map_err(in_function)?;
    verifier.spans().map_err(in_function)?;
    for (index, instruction) in function.code.iter().enumerate() {
        let checked = verifier.instruction(index, instruction);
        checked.map_err(|problem| VerifyError::in_instruction(program, number, index, problem))?;
    }
    Ok(())
}

struct FunctionVerifier<'program> {
    program: &'program Program,
    function: &'program Function,
    closure_needs: &'program [ClosureNeeds],
}

impl FunctionVerifier<'_> {
    /// Nobody gives the top level arguments, or makes a closure of it.
    fn top_level(&self) -> Result<(), String> {
        ensure(self.function.parameters.is_empty(), || "the top level has parameters".to_owned())?;
        ensure(self.function.captures.is_empty(), || "the top level has captures".to_owned())
    }

    fn declaration(&self) -> Result<(), String> {
        let Function { parameters, register_count, has_rest, field_sites, code, .. } = self.function;
        ensure(parameters.len() <= usize::from(*register_count), || {
            format!("{} parameters do not fit {register_count} registers", parameters.len())
        })?;
        ensure(!has_rest || !parameters.is_empty(), || {
            "it collects further arguments, but has no parameter for them".to_owned()
        })?;
        for (number, parameter) in parameters.iter().enumerate() {
            verify_name(self.program, parameter.name)
                .map_err(|problem| format!("parameter {number}: {problem}"))?;
        }
        for (number, name) in field_sites.iter().enumerate() {
            verify_name(self.program, *name).map_err(|problem| format!("field {number}: {problem}"))?;
        }
        match code.last() {
            None => Err("it has no code".to_owned()),
            Some(Instruction::Return { .. } | Instruction::ReturnNil {} | Instruction::Jump { .. }) => Ok(()),
            Some(_) => Err("control can run past its last instruction".to_owned()),
        }
    }

    fn handlers(&self) -> Result<(), String> {
        let length = self.function.code.len();
        let registers = self.function.register_count;
        for (number, Handler { start, end, target, register }) in self.function.handlers.iter().enumerate() {
            ensure(start <= end && *end as usize <= length, || {
                format!("handler {number}: {start}..{end} is no part of the {length} instructions")
            })?;
            ensure((*target as usize) < length, || {
                format!("handler {number}: target {target} is outside the {length} instructions")
            })?;
            ensure(register.0 < registers, || {
                format!("handler {number}: register {} is beyond the {registers} registers", register.0)
            })?;
        }
        Ok(())
    }

    fn inlined(&self) -> Result<(), String> {
        let length = self.function.code.len();
        for (number, Inlined { start, end, call }) in self.function.inlined.iter().enumerate() {
            ensure(start <= end && *end as usize <= length && (*call as usize) < length, || {
                format!(
                    "lambda {number}: {start}..{end}, called at {call}, is no part of the {length} instructions"
                )
            })?;
        }
        Ok(())
    }

    fn regions(&self) -> Result<(), String> {
        let length = self.function.code.len();
        for (number, Region { start, end, kind }) in self.function.regions.iter().enumerate() {
            let is_in_code = match kind {
                RegionKind::Builtin { call, entry } => {
                    (*call as usize) < length && (*entry as usize) < length
                }
                RegionKind::Stage { .. } => true,
            };
            ensure(start <= end && *end as usize <= length && is_in_code, || {
                format!("region {number}: {start}..{end} is no part of the {length} instructions")
            })?;
            if let RegionKind::Stage { name } = kind {
                ensure((*name as usize) < self.program.names.len(), || {
                    format!("region {number}: there is no name {name}")
                })?;
            }
        }
        Ok(())
    }

    fn spans(&self) -> Result<(), String> {
        let Function { spans, code, .. } = self.function;
        if spans.is_empty() {
            return Ok(());
        }
        let Some(debug) = &self.program.debug else {
            return Err("it has positions, but the program has no sources".to_owned());
        };
        ensure(spans.len() == code.len(), || {
            format!("{} positions for {} instructions", spans.len(), code.len())
        })?;
        for (number, SourceSpan { source, start, end }) in spans.iter().enumerate() {
            let Some(source) = debug.sources.get(usize::from(*source)) else {
                return Err(format!("position {number}: there is no source {source}"));
            };
            // `get` also refuses a cut through a character, at which a report could not slice the text.
            ensure(source.text.get(*start as usize..*end as usize).is_some(), || {
                format!("position {number}: {start}..{end} is no part of the source text")
            })?;
        }
        Ok(())
    }

    fn instruction(&self, index: usize, instruction: &Instruction) -> Result<(), String> {
        let mut operands = Ok(());
        instruction.visit_operands(|name, kind, number| {
            if operands.is_ok() && !self.is_in_range(index, kind, number) {
                operands = Err(self.out_of_range(index, name, kind, number));
            }
        });
        operands?;
        self.window(instruction)?;
        self.successors(index, instruction)?;
        self.aliases(instruction)?;
        self.particulars(index, instruction)
    }

    /// What follows from the kind of an operand alone.
    #[inline]
    fn is_in_range(&self, index: usize, kind: OperandKind, number: i64) -> bool {
        let number = if kind == OperandKind::Jump { jump_target(index, number) } else { number };
        // A count is part of a window; a literal may be any number.
        self.length(kind).is_none_or(|length| usize::try_from(number).is_ok_and(|number| number < length))
    }

    /// The number of entries of the table, or registers of the frame, or instructions, that an operand may name.
    #[inline]
    fn length(&self, kind: OperandKind) -> Option<usize> {
        let Program {
            functions,
            constants,
            shapes,
            structures,
            natives,
            call_sites,
            globals,
            annotations,
            ..
        } = self.program;
        let Function { register_count, captures, field_sites, code, .. } = self.function;
        Some(match kind {
            OperandKind::Register => usize::from(*register_count),
            OperandKind::Jump => code.len(),
            OperandKind::Constant => constants.len(),
            OperandKind::Function => functions.len(),
            OperandKind::Native => natives.len(),
            OperandKind::Global => globals.len(),
            OperandKind::Capture => captures.len(),
            OperandKind::FieldSite => field_sites.len(),
            OperandKind::CallSite => call_sites.len(),
            OperandKind::Shape => shapes.len(),
            OperandKind::Structure => structures.len(),
            OperandKind::Type => Type::ALL.len(),
            OperandKind::Annotation => annotations.len(),
            OperandKind::Count | OperandKind::Integer => return None,
        })
    }

    #[cold]
    fn out_of_range(&self, index: usize, name: &str, kind: OperandKind, number: i64) -> String {
        let length = self.length(kind).unwrap_or(0);
        match kind {
            OperandKind::Jump => {
                format!("{name} is {}, outside the {length} instructions", jump_target(index, number))
            }
            _ => format!("{name} is {} {number}, but there are {length}", kind.name()),
        }
    }

    /// The registers that an instruction uses beyond those it names.
    fn window(&self, instruction: &Instruction) -> Result<(), String> {
        let Some((start, count)) = register_window(instruction, self.program) else {
            return Ok(());
        };
        let registers = self.function.register_count;
        ensure(u64::from(start) + u64::from(count) <= u64::from(registers), || {
            format!("{count} registers from r{start} are beyond the {registers} registers")
        })
    }

    /// An instruction that leaves out the next one needs one behind that.
    fn successors(&self, index: usize, instruction: &Instruction) -> Result<(), String> {
        let skips = matches!(instruction, Instruction::RangeStart { .. } | Instruction::RangeStartBy { .. });
        ensure(!skips || index + 2 < self.function.code.len(), || {
            "there is nothing behind the instruction that it leaves out".to_owned()
        })
    }

    /// The operands that may not name one register.
    fn aliases(&self, instruction: &Instruction) -> Result<(), String> {
        let Some([(first, taken), (second, held)]) = different_registers(instruction) else {
            return Ok(());
        };
        ensure(taken != held, || format!("{first} and {second} are both r{}", held.0))
    }

    /// What an instruction demands beyond the kinds of its operands, which are in range by now.
    fn particulars(&self, index: usize, instruction: &Instruction) -> Result<(), String> {
        let constant = |index: usize| &self.program.constants[index];
        match *instruction {
            Instruction::Format { specification, .. } => {
                ensure(matches!(constant(specification.index()), Constant::Str(_)), || {
                    "the format specification is no Str".to_owned()
                })
            }
            Instruction::AddConstant { constant: number, .. }
            | Instruction::SubtractConstant { constant: number, .. }
            | Instruction::MultiplyConstant { constant: number, .. }
            | Instruction::DivideConstant { constant: number, .. }
            | Instruction::IntegerDivideConstant { constant: number, .. }
            | Instruction::ModuloConstant { constant: number, .. }
            | Instruction::ConstantAdd { constant: number, .. }
            | Instruction::ConstantSubtract { constant: number, .. }
            | Instruction::ConstantMultiply { constant: number, .. }
            | Instruction::ConstantDivide { constant: number, .. } => {
                ensure(matches!(constant(number.index()), Constant::Int(_) | Constant::Float(_)), || {
                    "the constant is no number".to_owned()
                })
            }
            Instruction::CheckDestructure { form, .. } => {
                ensure((0..=3).contains(&form.0), || format!("there is no form {}", form.0))
            }
            Instruction::GetItemOrNil { index, .. } | Instruction::GetRest { index, .. } => {
                ensure(index.0 >= 0, || format!("there is no item {}", index.0))
            }
            Instruction::CallMethod { count, .. } => {
                ensure(count.0 > 0, || "a method needs its object as the first argument".to_owned())
            }
            Instruction::CallFunction { function, .. } => {
                ensure(self.program.functions[function.index()].captures.is_empty(), || {
                    "the function captures variables, so it needs a closure".to_owned()
                })
            }
            // The callee of a call in place is not copied, so the call must not write over it.
            Instruction::CallRegister { base, callee, .. } => {
                ensure(callee.0 < base.0, || "the callee is no register below the call's window".to_owned())
            }
            Instruction::GetIndexThrough { destination, .. } => {
                let reads_through = match self.function.code.get(index + 1) {
                    Some(Instruction::GetIndex { object, index, .. }) => {
                        *object == destination && *index != destination
                    }
                    Some(Instruction::GetField { object, .. }) => *object == destination,
                    _ => false,
                };
                ensure(reads_through, || {
                    format!("the next instruction is no index or field of r{}", destination.0)
                })
            }
            Instruction::NewClosure { function, .. } => self.closure(&self.closure_needs[function.index()]),
            Instruction::RaiseWithin { prefix, .. } => {
                ensure(matches!(constant(prefix.index()), Constant::Str(_)), || {
                    "the prefix is no Str".to_owned()
                })
            }
            Instruction::JumpIfGiven { parameter, .. } | Instruction::CheckArgument { parameter, .. } => {
                let count = self.function.parameters.len();
                ensure(parameter.index() < count, || {
                    format!("r{} is none of the {count} parameters", parameter.0)
                })
            }
            _ => Ok(()),
        }
    }

    /// A closure made here finds what it captures.
    fn closure(&self, needs: &ClosureNeeds) -> Result<(), String> {
        let registers = usize::from(self.function.register_count);
        ensure(needs.registers <= registers, || {
            format!("it captures register {} of {registers}", needs.registers - 1)
        })?;
        let captures = self.function.captures.len();
        ensure(needs.captures <= captures, || {
            format!("it captures capture {} of {captures}", needs.captures - 1)
        })
    }
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}
