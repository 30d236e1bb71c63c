//! Operators.

/// An operator that evaluates both its operands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `++`
    Concatenate,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `//`
    TruncatingDivide,
    /// `%`
    Remainder,
    /// `**`
    Power,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `&`
    BitAnd,
    /// `^`
    BitXor,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
}

impl BinaryOperator {
    /// As it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Concatenate => "++",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::TruncatingDivide => "//",
            BinaryOperator::Remainder => "%",
            BinaryOperator::Power => "**",
            BinaryOperator::Equal => "==",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Less => "<",
            BinaryOperator::LessEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterEqual => ">=",
            BinaryOperator::In => "in",
            BinaryOperator::NotIn => "not in",
            BinaryOperator::BitAnd => "&",
            BinaryOperator::BitXor => "^",
            BinaryOperator::ShiftLeft => "<<",
            BinaryOperator::ShiftRight => ">>",
        }
    }
}

/// An operator that may leave its right operand alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogicalOperator {
    /// `&&`, `and`: a Bool.
    And,
    /// `||`, `or`: a Bool.
    Or,
    /// `??`: the right operand when the left one is nil.
    Coalesce,
}

impl LogicalOperator {
    /// As it is written (the symbol, where there is also a word).
    pub const fn symbol(self) -> &'static str {
        match self {
            LogicalOperator::And => "&&",
            LogicalOperator::Or => "||",
            LogicalOperator::Coalesce => "??",
        }
    }
}

/// An operator with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`, `not`
    Not,
}

impl UnaryOperator {
    /// As it is written (the symbol, where there is also a word).
    pub const fn symbol(self) -> &'static str {
        match self {
            UnaryOperator::Negate => "-",
            UnaryOperator::Not => "!",
        }
    }
}

/// How an assignment combines the old value and the new one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AssignOperator {
    /// `=`
    Plain,
    /// `+=`, `-=`, `*=`, `/=`, `%=`
    Compound(BinaryOperator),
    /// `?=`: only when the old value is nil or the variable does not exist yet.
    IfNil,
}

impl AssignOperator {
    /// As it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            AssignOperator::Plain => "=",
            AssignOperator::IfNil => "?=",
            AssignOperator::Compound(BinaryOperator::Add) => "+=",
            AssignOperator::Compound(BinaryOperator::Subtract) => "-=",
            AssignOperator::Compound(BinaryOperator::Multiply) => "*=",
            AssignOperator::Compound(BinaryOperator::Divide) => "/=",
            // the grammar knows no other compound assignment
            AssignOperator::Compound(_) => "%=",
        }
    }
}
