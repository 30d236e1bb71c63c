//! Whether code does nothing but give a value.
//!
//! The compiler asks the same before it makes one loop of several stages; it knows more and allows less. Here functions
//! of the script count too, with loops and assignments to variables of their own.

use super::call::call_of;
use super::script::Script;
use biovm_compiler::ast::{
    Argument, Expression, ExpressionKind, Function, Pattern, PatternKind, Statement, StatementKind, Visitor,
};
use std::collections::{HashMap, HashSet};

/// Sections of builtins that do nothing but give a value, for all that a profile can tell. Those that are not declared
/// `pure` may read a Stream, which can be read once; where that has happened, a second call takes no time.
const VALUES: [&str; 6] = ["Collections", "Statistics", "Records", "Text", "Math", "Tables"];

/// What is known of builtins.
pub struct Purity {
    natives: HashMap<&'static str, bool>,
}

impl Purity {
    /// From the declarations of all builtins.
    pub fn new() -> Purity {
        let mut natives = HashMap::new();
        for native in biovm_stdlib::natives() {
            let signature = &native.signature;
            for name in std::iter::once(&signature.name).chain(signature.aliases) {
                natives.insert(*name, signature.pure || VALUES.contains(&signature.section));
            }
        }
        Purity { natives }
    }

    /// Whether the name is a builtin, and means that in the script.
    pub fn is_builtin(&self, script: &Script<'_, '_>, name: &str) -> bool {
        self.natives.contains_key(name) && !script.declared.contains(name)
    }

    /// Whether nobody can tell from anything but the result that the function has run.
    pub fn function(&self, script: &Script<'_, '_>, function: &Function<'_>) -> bool {
        Looker::new(self, script).pure_function(function)
    }

    /// The same of an expression.
    pub fn expression(&self, script: &Script<'_, '_>, expression: &Expression<'_>) -> bool {
        let mut looker = Looker::new(self, script);
        looker.look_at(expression);
        looker.is_pure
    }
}

struct Looker<'p, 'a, 't, 's> {
    purity: &'p Purity,
    script: &'a Script<'t, 's>,
    /// The functions around; one that calls itself is as pure as the rest of it.
    running: Vec<String>,
    own: HashSet<String>,
    is_pure: bool,
}

impl<'p, 'a, 't, 's: 't> Looker<'p, 'a, 't, 's> {
    fn new(purity: &'p Purity, script: &'a Script<'t, 's>) -> Self {
        Looker { purity, script, running: Vec::new(), own: HashSet::new(), is_pure: true }
    }

    fn pure_function(&mut self, function: &Function<'_>) -> bool {
        if function.is_async || function.is_generator || function.has_custom_decorator() {
            return false;
        }
        let outer = std::mem::take(&mut self.own);
        Visitor::inside_function(self, function);
        self.own = outer;
        self.is_pure
    }

    fn look_at(&mut self, expression: &Expression<'_>) {
        Visitor::expression(self, expression);
    }

    fn call(&mut self, name: &str) -> bool {
        if self.running.iter().any(|running| running == name) {
            return true;
        }
        if let Some(function) = self.script.functions.get(name).copied() {
            self.running.push(name.to_owned());
            let is_pure = self.pure_function(function);
            self.running.pop();
            return is_pure;
        }
        self.purity.is_builtin(self.script, name) && self.purity.natives.get(name) == Some(&true)
    }
}

impl<'x, 'y: 'x> Visitor<'x, 'y> for Looker<'_, '_, '_, '_> {
    fn statement(&mut self, statement: &'x Statement<'y>) {
        match &statement.kind {
            StatementKind::Assign { target, .. } if !self.own.contains(target.name.text) => {
                self.is_pure = false;
            }
            StatementKind::Defer(_) | StatementKind::Yield(_) | StatementKind::Import { .. } => {
                self.is_pure = false;
            }
            StatementKind::For { parallel: true, .. } | StatementKind::Pipeline { .. } => {
                self.is_pure = false
            }
            _ => {}
        }
        if self.is_pure {
            self.inside_statement(statement);
        }
    }

    fn pattern(&mut self, pattern: &'x Pattern<'y>) {
        if let PatternKind::Name(name) = pattern.kind {
            self.own.insert(name.to_owned());
        }
        self.inside_pattern(pattern);
    }

    fn expression(&mut self, expression: &'x Expression<'y>) {
        if !self.is_pure {
            return;
        }
        if let Some(call) = call_of(expression) {
            if !self.call(call.name) {
                self.is_pure = false;
                return;
            }
            call.operands.iter().for_each(|operand| self.expression(operand));
            return;
        }
        match &expression.kind {
            // Who is called is not known.
            ExpressionKind::Call { .. } | ExpressionKind::Await(_) | ExpressionKind::Retry { .. } => {
                self.is_pure = false;
            }
            ExpressionKind::Function(function) if function.is_async || function.is_generator => {
                self.is_pure = false;
            }
            ExpressionKind::PipeInto { name, .. } | ExpressionKind::PipeThen { name, .. } => {
                self.own.insert(name.text.to_owned());
                self.inside_expression(expression);
            }
            _ => self.inside_expression(expression),
        }
    }

    fn argument(&mut self, argument: &'x Argument<'y>) {
        if let Argument::Positional(value) | Argument::Named { value, .. } | Argument::Spread(value) =
            argument
        {
            self.expression(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use biovm_compiler::source::SourceText;

    /// Whether the function `f` of a script is pure.
    fn is_pure(text: &str) -> bool {
        let source = SourceText::new("a.bl", text);
        let tree = biovm_compiler::parse(&source).expect("no errors");
        let script = Script::new(&source, 0, &tree);
        Purity::new().function(&script, script.functions["f"])
    }

    #[test]
    fn what_gives_a_value_and_no_more_is_pure() {
        assert!(is_pure("fn f(x) { x * 2 + gc_content(dna\"ACGT\") }"));
        assert!(is_pure("fn f(x) { let t = 0\n for i in range(0, x) { t += i }\n t }"));
        assert!(is_pure("fn g(x) { sqrt(x) }\nfn f(x) { x |> map(|y| g(y)) |> sum() }"));
        assert!(is_pure("fn f(x) { 1 if x < 2 else x * f(x - 1) }"));
        // A variable of its own is not the one outside.
        assert!(is_pure("let t = 1\nfn f(x) { let t = x\n t = t + 1\n t }"));
    }

    #[test]
    fn what_does_something_is_not() {
        assert!(!is_pure("fn f(x) { println(x) }"));
        assert!(!is_pure("let t = 0\nfn f(x) { t = t + x }"));
        assert!(!is_pure("fn g(x) { println(x) }\nfn f(x) { [x] |> each(|y| g(y)) }"));
        assert!(!is_pure("fn f(x) { random() + x }"));
        assert!(!is_pure("async fn f(x) { x }"));
        // Who is called is not known.
        assert!(!is_pure("fn f(g) { g(1) }"));
        assert!(!is_pure("fn f(x) { x.update() }"));
        // The name means something else here.
        assert!(!is_pure("fn sqrt(x) { println(x) }\nfn f(x) { sqrt(x) }"));
    }
}
