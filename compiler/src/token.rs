//! Tokens: the words, literals and signs that a source text consists of.

use crate::ast::SequenceKind;
use crate::span::Span;

/// A token and its place.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lexeme<'s> {
    /// The token.
    pub token: Token<'s>,
    /// Where it stands.
    pub span: Span,
}

/// A comment. Comments are no tokens; they are kept aside, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub span: Span,
    /// Whether it begins with `##`.
    pub is_doc: bool,
    /// Whether nothing but blanks stands before it on its line.
    pub owns_line: bool,
}

/// How the raw text of a string literal becomes its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TextForm {
    /// Backslashes begin escapes.
    pub escapes: bool,
    /// `{{` and `}}` stand for one brace (in f-strings).
    pub double_braces: bool,
    /// There is a carriage return to replace.
    pub carriage_returns: bool,
    /// It is (a piece of) a triple-quoted literal.
    pub dedent: Option<Dedent>,
}

/// What to remove from (a piece of) a triple-quoted literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dedent {
    /// Number of blanks at the start of each line.
    pub blanks: u16,
    /// The piece begins behind the opening quotes.
    pub first: bool,
    /// The piece ends at the closing quotes.
    pub last: bool,
}

macro_rules! tokens {
    (
        words { $($word:ident $word_text:literal,)* }
        signs { $($sign:ident $sign_text:literal,)* }
    ) => {
        /// A token.
        ///
        /// Words that are keywords only in some places are [`Identifier`](Token::Identifier)s; the parser
        /// knows the places.
        #[derive(Clone, Copy, PartialEq, Debug)]
        pub enum Token<'s> {
            /// The end of a line. The layout pass leaves only those that separate statements.
            Newline,
            /// The end of the text; never in the list of tokens.
            End,
            /// Something that the lexer has already complained about.
            Invalid,
            /// An integer; 2^63 is there for the sake of the lowest Int.
            Int(u64),
            /// A floating-point number.
            Float(f64),
            /// A string literal without interpolation.
            Text {
                /// What stands between the quotes.
                raw: &'s str,
                /// How to read it.
                form: TextForm,
            },
            /// `f"`: an f-string begins.
            FormatStart,
            /// Text between the values of an f-string.
            FormatText {
                /// As written.
                raw: &'s str,
                /// How to read it.
                form: TextForm,
            },
            /// `{` of a value in an f-string.
            ValueStart,
            /// What stands behind `:` in a value of an f-string.
            FormatSpec(&'s str),
            /// `}` of a value in an f-string.
            ValueEnd,
            /// An f-string ends.
            FormatEnd,
            /// `dna"…"` and its like: the letters as written.
            Sequence(SequenceKind, &'s str),
            /// `/pattern/flags`, slashes included.
            Regex(&'s str),
            /// A name.
            Identifier(&'s str),
            $(#[doc = concat!("`", $word_text, "`")] $word,)*
            $(#[doc = concat!("`", $sign_text, "`")] $sign,)*
        }

        impl<'s> Token<'s> {
            /// The reserved word `word`, if it is one.
            pub fn reserved(word: &str) -> Option<Token<'static>> {
                match word {
                    $($word_text => Some(Token::$word),)*
                    _ => None,
                }
            }

            /// The text of a word, reserved or not.
            pub fn word(self) -> Option<&'s str> {
                match self {
                    Token::Identifier(text) => Some(text),
                    $(Token::$word => Some($word_text),)*
                    _ => None,
                }
            }

            /// The text of a reserved word or sign.
            pub fn fixed_text(self) -> Option<&'static str> {
                match self {
                    $(Token::$word => Some($word_text),)*
                    $(Token::$sign => Some($sign_text),)*
                    _ => None,
                }
            }
        }
    };
}

tokens! {
    words {
        Let "let",
        Const "const",
        Fn "fn",
        If "if",
        Else "else",
        For "for",
        In "in",
        While "while",
        Break "break",
        Continue "continue",
        Match "match",
        Return "return",
        Try "try",
        Catch "catch",
        Import "import",
        True "true",
        False "false",
        Nil "nil",
        And "and",
        Or "or",
        Not "not",
        As "as",
        Struct "struct",
        Enum "enum",
        Trait "trait",
        Impl "impl",
        Async "async",
        Await "await",
        Yield "yield",
    }
    signs {
        Plus "+",
        PlusPlus "++",
        PlusEqual "+=",
        Minus "-",
        MinusEqual "-=",
        Arrow "->",
        Star "*",
        StarStar "**",
        StarEqual "*=",
        Slash "/",
        SlashSlash "//",
        SlashEqual "/=",
        Percent "%",
        PercentEqual "%=",
        Equal "=",
        EqualEqual "==",
        FatArrow "=>",
        Bang "!",
        BangEqual "!=",
        Less "<",
        LessEqual "<=",
        LessLess "<<",
        Greater ">",
        GreaterEqual ">=",
        GreaterGreater ">>",
        Ampersand "&",
        AmpersandAmpersand "&&",
        Caret "^",
        Bar "|",
        BarBar "||",
        Pipe "|>",
        Tap "|>>",
        Question "?",
        QuestionQuestion "??",
        QuestionDot "?.",
        QuestionEqual "?=",
        Tilde "~",
        Dot ".",
        DotDot "..",
        DotDotEqual "..=",
        Ellipsis "...",
        Comma ",",
        Colon ":",
        Semicolon ";",
        At "@",
        LeftParen "(",
        RightParen ")",
        LeftBracket "[",
        RightBracket "]",
        LeftBrace "{",
        RightBrace "}",
        HashBrace "#{",
    }
}

impl<'s> Token<'s> {
    /// Whether an operand may end with this token, so that an operator may follow. Decides between
    /// division and regex, and between a lambda and an alternative.
    pub fn ends_operand(self) -> bool {
        matches!(
            self,
            Token::Identifier(_)
                | Token::Int(_)
                | Token::Float(_)
                | Token::Text { .. }
                | Token::FormatEnd
                | Token::Sequence(..)
                | Token::Regex(_)
                | Token::True
                | Token::False
                | Token::Nil
                | Token::RightParen
                | Token::RightBracket
                | Token::RightBrace
                | Token::Invalid
        )
    }

    /// How a message names the token.
    pub fn describe(self) -> String {
        match self {
            Token::Newline => "newline".into(),
            Token::End => "'EOF'".into(),
            Token::Invalid => "invalid text".into(),
            Token::Int(value) => format!("'{value}'"),
            Token::Float(value) => format!("'{value}'"),
            Token::Text { .. } => "string".into(),
            Token::FormatStart => "f-string".into(),
            Token::FormatText { .. } => "text of an f-string".into(),
            Token::ValueStart => "'{'".into(),
            Token::FormatSpec(text) => format!("':{text}'"),
            Token::ValueEnd => "'}'".into(),
            Token::FormatEnd => "end of the f-string".into(),
            Token::Sequence(kind, _) => format!("{} literal", kind.type_name()),
            Token::Regex(_) => "regex".into(),
            Token::Identifier(text) => format!("'{text}'"),
            _ => format!("'{}'", self.fixed_text().unwrap_or_default()),
        }
    }
}
