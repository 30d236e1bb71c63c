//! Formulas: `~ y ~ a + b`, an expression that is kept for whoever fits a model.

use super::{ForeignValue, Value};
use biovm_bytecode::Type;
use rustc_hash::FxHasher;
use std::any::Any;
use std::hash::{Hash, Hasher};

/// A formula, in a spelling that does not depend on blanks and needless parentheses. Two are equal where both parts are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Formula {
    /// What stands before the second `~`: the variable that is to be explained.
    pub response: Option<String>,
    /// The terms of the sum behind it; one that is subtracted begins with `-`.
    pub terms: Vec<String>,
}

impl Formula {
    /// The formula as a script may write it.
    pub fn source(&self) -> String {
        let mut text = String::from("~ ");
        if let Some(response) = &self.response {
            text.extend([response, " ~ "]);
        }
        for (position, term) in self.terms.iter().enumerate() {
            match term.strip_prefix('-') {
                Some(term) if position > 0 => text.extend([" - ", term]),
                None if position > 0 => text.extend([" + ", term]),
                _ => text.push_str(term),
            }
        }
        text
    }
}

impl ForeignValue for Formula {
    fn type_of(&self) -> Type {
        Type::Formula
    }

    fn text(&self) -> String {
        "<formula>".to_owned()
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "response" => Some(self.response.as_deref().map_or(Value::Nil, Value::from)),
            "terms" => Some(Value::list(self.terms.iter().map(|term| Value::from(term.as_str())).collect())),
            "source" => Some(Value::from(self.source())),
            _ => None,
        }
    }

    fn field_names(&self) -> Vec<String> {
        ["response", "terms", "source"].map(str::to_owned).to_vec()
    }

    fn equals(&self, other: &dyn ForeignValue) -> bool {
        other.as_any().downcast_ref::<Formula>() == Some(self)
    }

    fn hash(&self) -> u64 {
        let mut state = FxHasher::default();
        Hash::hash(self, &mut state);
        state.finish()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_reads_as_a_script_writes_it() {
        let source = |response: Option<&str>, terms: &[&str]| {
            let terms = terms.iter().map(|term| (*term).to_owned()).collect();
            Formula { response: response.map(str::to_owned), terms }.source()
        };
        assert_eq!(source(None, &["y"]), "~ y");
        assert_eq!(source(Some("y"), &["a", "b * c", "-1"]), "~ y ~ a + b * c - 1");
        assert_eq!(source(None, &["-a", "-b"]), "~ -a - b");
    }
}
