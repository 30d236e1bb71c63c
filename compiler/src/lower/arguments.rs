//! What is wrong with the arguments of a call, as far as that is known before it runs.

use super::Lowering;
use super::call::is_positional;
use crate::ast::{Argument, Name};
use crate::diagnostic::{code, did_you_mean};
use crate::span::Span;
use biovm_bytecode::Signature;

impl Lowering<'_> {
    /// Reports a call of a builtin that its signature rules out.
    pub(super) fn check_builtin_call(
        &mut self,
        signature: &'static Signature,
        has_piped: bool,
        arguments: &[Argument<'_>],
        span: Span,
    ) {
        if arguments.iter().any(|argument| matches!(argument, Argument::Spread(_))) {
            return;
        }
        let mut named = 0;
        for argument in arguments {
            let Argument::Named { name, .. } = argument else { continue };
            if signature.parameter(name.text).is_some() {
                named += 1;
            } else if signature.option(name.text).is_none() {
                self.unknown_label(signature, *name);
                return;
            }
        }
        let positional = positional_count(has_piped, arguments);
        let given = positional + named;
        let too_few = given < signature.required();
        let too_many = signature.most().is_some_and(|most| given > most);
        if too_few || too_many {
            let wanted = signature.arity_text();
            self.error(
                code::WRONG_ARGUMENTS,
                "ArityError",
                format!("{}() expected {wanted} arguments, got {given}", signature.name),
                span,
                Some(format!("it is declared as {signature}")),
            );
        }
    }

    /// Reports a name of an argument that the builtin does not know.
    fn unknown_label(&mut self, signature: &'static Signature, label: Name<'_>) {
        let options: Vec<&str> = signature.options.iter().map(|option| option.name).collect();
        let parameters = signature.parameters.iter().map(|parameter| parameter.name);
        let near = did_you_mean(label.text, parameters.chain(options.iter().copied()));
        let name = signature.name;
        // As when the call runs: what is no parameter is an option, where there are any.
        let (kind, message) = match options.is_empty() {
            true => ("ArityError", format!("{name}() has no parameter '{}'", label.text)),
            false => ("TypeError", format!("{name}() has no option '{}'", label.text)),
        };
        let hint = match (near, options.is_empty()) {
            (Some(near), _) => format!("did you mean '{near}'?"),
            (None, true) => format!("it is declared as {signature}"),
            (None, false) => format!("its options are {}", options.join(", ")),
        };
        self.error(code::WRONG_ARGUMENTS, kind, message, label.span, Some(hint));
    }

    /// The parameter that each argument of a call belongs to, the piped one first; where all parameters are given, some by
    /// name, and none is spread.
    pub(super) fn positions(
        &self,
        number: usize,
        has_piped: bool,
        arguments: &[Argument<'_>],
    ) -> Option<Vec<usize>> {
        let (parameters, has_rest): (Vec<&str>, bool) = match self.resolution.declared_functions.get(&number)
        {
            Some(declared) => {
                (declared.parameters.iter().map(|each| each.name.as_str()).collect(), declared.has_rest)
            }
            // What is no function of this script, such as a constructor, is known once it has been lowered.
            None => {
                let function = &self.program.functions[number];
                let name = |number: u32| self.program.names[number as usize].as_str();
                (function.parameters.iter().map(|each| name(each.name)).collect(), function.has_rest)
            }
        };
        if !self.optimises || has_rest || usize::from(has_piped) + arguments.len() != parameters.len() {
            return None;
        }
        let mut is_given = vec![false; parameters.len()];
        let mut named = Vec::with_capacity(arguments.len());
        for argument in arguments {
            named.push(match argument {
                Argument::Positional(_) => None,
                Argument::Named { name, .. } => {
                    let position = parameters.iter().position(|parameter| *parameter == name.text)?;
                    if std::mem::replace(&mut is_given[position], true) {
                        return None;
                    }
                    Some(position)
                }
                Argument::Spread(_) | Argument::FieldShorthand { .. } => return None,
            });
        }
        let mut open = (0..parameters.len()).filter(|position| !is_given[*position]);
        let piped = has_piped.then_some(None);
        piped.into_iter().chain(named).map(|position| position.or_else(|| open.next())).collect()
    }

    /// Reports a call of a known function that its parameters rule out.
    pub(super) fn check_function_call(
        &mut self,
        number: usize,
        has_piped: bool,
        arguments: &[Argument<'_>],
        span: Span,
    ) {
        let Some(declared) = self.resolution.declared_functions.get(&number) else {
            return self.check_other_call(number, has_piped, arguments, span);
        };
        if arguments.iter().any(|argument| matches!(argument, Argument::Spread(_))) {
            return;
        }
        let hint = Some(format!("it is declared as {}", declared.signature));
        let name = &declared.name;
        let positional = positional_count(has_piped, arguments);
        let fixed = &declared.parameters;
        let mut is_given = vec![false; fixed.len()];
        for argument in arguments {
            let Argument::Named { name: label, .. } = argument else { continue };
            let position = fixed.iter().position(|parameter| parameter.name == label.text);
            let message = match position {
                Some(position) if !std::mem::replace(&mut is_given[position], true) => continue,
                Some(_) => format!("argument '{}' of {name}() is given twice", label.text),
                None => format!("{name}() has no parameter '{}'", label.text),
            };
            let near = did_you_mean(label.text, fixed.iter().map(|parameter| parameter.name.as_str()));
            let hint = match (position, near) {
                (None, Some(near)) => Some(format!("did you mean '{near}'?")),
                _ => hint,
            };
            return self.error(code::WRONG_ARGUMENTS, "ArityError", message, label.span, hint);
        }
        let named = is_given.iter().filter(|given| **given).count();
        // What is given by name is out of the way; the others fill the rest in order.
        let open: Vec<_> = fixed.iter().zip(&is_given).filter(|(_, given)| !**given).collect();
        let missing = open.iter().skip(positional).find(|(parameter, _)| !parameter.has_default);
        let message = match missing {
            Some((parameter, _)) => format!("missing argument '{}'", parameter.name),
            None if positional <= open.len() || declared.has_rest => return,
            None => {
                let least = fixed.iter().filter(|parameter| !parameter.has_default).count();
                wrong_number(name, least, fixed.len(), declared.has_rest, positional + named)
            }
        };
        self.error(code::WRONG_ARGUMENTS, "ArityError", message, span, hint);
    }

    /// Reports a call with too many arguments or too few of what this text does not write out as a function: a constructor,
    /// or a function of a module. What it takes is known once it is lowered, so constructors that come later are checked
    /// when the call runs.
    fn check_other_call(&mut self, number: usize, has_piped: bool, arguments: &[Argument<'_>], span: Span) {
        let function = &self.program.functions[number];
        if function.signature.is_empty() || !arguments.iter().all(is_positional) {
            return;
        }
        let given = positional_count(has_piped, arguments);
        let most = function.parameters.len() - usize::from(function.has_rest);
        let least = function.parameters[..most].iter().filter(|parameter| !parameter.has_default).count();
        if given < least || given > most && !function.has_rest {
            let missing =
                function.parameters[..most].iter().skip(given).find(|parameter| !parameter.has_default);
            let message = match missing {
                Some(parameter) if function.is_constructor() => {
                    format!(
                        "struct {}: missing field '{}'",
                        function.name, self.program.names[parameter.name as usize]
                    )
                }
                Some(parameter) => {
                    format!("missing argument '{}'", self.program.names[parameter.name as usize])
                }
                None => wrong_number(&function.name, least, most, function.has_rest, given),
            };
            let hint = format!("it is declared as {}", function.signature);
            self.error(code::WRONG_ARGUMENTS, "ArityError", message, span, Some(hint));
        }
    }
}

/// How many arguments fill parameters in order.
fn positional_count(has_piped: bool, arguments: &[Argument<'_>]) -> usize {
    usize::from(has_piped) + arguments.iter().filter(|argument| is_positional(argument)).count()
}

fn wrong_number(name: &str, least: usize, most: usize, has_rest: bool, given: usize) -> String {
    let wanted = match (has_rest, least == most) {
        (true, _) => format!("at least {least}"),
        (false, true) => format!("{most}"),
        (false, false) => format!("{least} to {most}"),
    };
    format!("{name}() expected {wanted} arguments, got {given}")
}
