//! `get(counts, key, 0)` and `has_key(counts, key)`: a key of a Record or Map is looked up without a call; the call stands behind for everything else.

use super::Lowering;
use super::builder::{LATER, count};
use super::call::{Piped, is_positional};
use crate::ast::{Argument, Expression, ExpressionKind, Item};
use biovm_bytecode::Instruction;
use biovm_bytecode::Signature;
use biovm_bytecode::operand::Register;

impl Lowering<'_> {
    /// `base = get(variable, key, default)` and `base = has_key(variable, key)`. Returns whether the call has that form.
    pub(super) fn look_up(
        &mut self,
        signature: &'static Signature,
        piped: Option<Piped<'_, '_>>,
        arguments: &[Argument<'_>],
        base: Register,
    ) -> bool {
        if !self.optimises {
            return false;
        }
        let has_default = match signature.name {
            "get" => true,
            "has_key" => false,
            _ => return false,
        };
        if !self.optimises || !arguments.iter().all(is_positional) {
            return false;
        }
        let mut given = arguments.iter().filter_map(|argument| match argument {
            Argument::Positional(value) => Some(value),
            _ => None,
        });
        let object = match piped {
            Some(Piped::Expression(piped)) => piped,
            Some(Piped::Register(_)) => return false,
            None => match given.next() {
                Some(first) => first,
                None => return false,
            },
        };
        let (Some(key), default, None) = (given.next(), given.next(), given.next()) else { return false };
        // The variable is read before the key is computed and, where a call follows, after it.
        let keeps = match self.is_register_variable(object) {
            Some(_) => !super::effects::may_assign(key),
            None => {
                matches!(object.kind, ExpressionKind::Name(_))
                    && self.variable_at(object.span).is_some()
                    && self.is_harmless(key)
            }
        };
        if !keeps || !default.is_none_or(|default| has_default && self.is_free(default)) {
            return false;
        }
        let span = self.body.span;
        let record = self.object(object, base);
        let key = self.value(key);
        self.body.span = span;
        self.body.emit(match has_default {
            true => Instruction::FindKey { destination: base, object: record, key },
            false => Instruction::HasKey { destination: base, object: record, key },
        });
        let found = self.body.label();
        self.body.emit_jump(Instruction::JumpIfFound { found: base, target: LATER }, found);
        let call = self.body.allocate();
        let first = self.body.allocate();
        self.into(object, first);
        let second = self.body.allocate();
        self.body.copy(second, key);
        if has_default {
            let third = self.body.allocate();
            match default {
                Some(default) => self.into(default, third),
                None => self.body.emit(Instruction::LoadNil { destination: third }),
            }
        }
        self.body.span = span;
        let native = self.native(signature.name, span);
        self.body.emit(Instruction::CallNative {
            base: call,
            count: count(if has_default { 3 } else { 2 }),
            native,
        });
        self.body.take(base, call);
        self.body.place(found);
        true
    }

    /// Whether nobody can tell if the expression was computed.
    fn is_free(&self, expression: &Expression<'_>) -> bool {
        match &expression.kind {
            ExpressionKind::Nil
            | ExpressionKind::Bool(_)
            | ExpressionKind::Int(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::Str(_) => true,
            ExpressionKind::Name(_) => self.is_register_variable(expression).is_some(),
            ExpressionKind::List(items) => items.iter().all(|item| match item {
                Item::Value(value) => self.is_free(value),
                Item::Spread(_) => false,
            }),
            ExpressionKind::Record(entries) => entries.is_empty(),
            _ => false,
        }
    }
}
