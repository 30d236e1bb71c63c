//! Documents: text with places where a line may end.
//!
//! The printers build a document from the tree; [`super::render`] then chooses, group by group, whether the line
//! breaks of a group are taken. A comment breaks every group around it, so it can never swallow code.

use std::rc::Rc;

/// A piece of a formatted script. Cheap to copy.
#[derive(Clone)]
pub(super) enum Doc<'s> {
    /// Nothing at all.
    Nothing,
    /// Text of the script, or a bracket or comma of our own.
    Text(&'s str),
    /// A blank, unless a line ends here anyway.
    Space,
    /// A place where a line may end.
    Break {
        /// What it is in a group that stays on one line.
        flat: Flat,
        /// An empty line follows.
        blank: bool,
    },
    /// A place where a line ends only if what follows up to the next such place does not fit.
    Fill,
    /// Text that appears only where the group around it is broken.
    WhenBroken(&'static str),
    /// Text that appears only where the group around it is on one line.
    WhenFlat(&'static str),
    /// A comment. The line ends behind it.
    Comment {
        /// From `#` on.
        text: &'s str,
        /// It has a line of its own.
        owns_line: bool,
    },
    /// Nothing, but the groups around it are broken.
    Forced,
    /// One after the other.
    Concat(Rc<Concat<'s>>),
    /// Lines that begin within are indented further.
    Nest(usize, Rc<Doc<'s>>),
    /// On one line if it fits there.
    Group(Rc<Doc<'s>>),
    /// A choice for documents with a last part that may run over lines of its own.
    Hug(Rc<Hug<'s>>),
}

/// What a [`Doc::Break`] is in a group that stays on one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flat {
    /// A blank.
    Blank,
    /// Nothing.
    Nothing,
    /// There is no such group.
    Never,
}

/// Documents in a row.
pub(super) struct Concat<'s> {
    pub docs: Vec<Doc<'s>>,
    is_forced: bool,
}

/// Something like a call: all on one line; or all but the last part, which goes on over the next lines; or broken.
pub(super) struct Hug<'s> {
    /// What stays on the line.
    pub before: Doc<'s>,
    /// What may run over several lines.
    pub last: Doc<'s>,
    /// What follows it on its last line.
    pub after: Doc<'s>,
    /// All of it, where the first line has no room for `before` and the beginning of `last`.
    pub broken: Doc<'s>,
}

/// A line may end here; else there is a blank.
pub(super) const LINE: Doc<'static> = Doc::Break { flat: Flat::Blank, blank: false };
/// A line may end here; else there is nothing.
pub(super) const SOFT_LINE: Doc<'static> = Doc::Break { flat: Flat::Nothing, blank: false };
/// The line ends here.
pub(super) const HARD_LINE: Doc<'static> = Doc::Break { flat: Flat::Never, blank: false };

/// Documents in a row.
pub(super) fn concat(docs: Vec<Doc<'_>>) -> Doc<'_> {
    let is_forced = docs.iter().any(Doc::is_forced);
    Doc::Concat(Rc::new(Concat { docs, is_forced }))
}

/// On one line if it fits there.
pub(super) fn group(doc: Doc<'_>) -> Doc<'_> {
    Doc::Group(Rc::new(doc))
}

/// A construct that consists of several blocks, with words between them: all on one line, or every block broken;
/// unless one of them cannot be on one line, then each is for itself.
pub(super) fn construct(parts: Vec<Doc<'_>>) -> Doc<'_> {
    if parts.iter().any(Doc::is_forced) {
        return concat(parts.into_iter().map(group).collect());
    }
    group(concat(parts))
}

/// Lines that begin within are indented by one level more.
pub(super) fn nest(doc: Doc<'_>) -> Doc<'_> {
    Doc::Nest(super::INDENTATION, Rc::new(doc))
}

impl<'s> Doc<'s> {
    /// Whether it cannot stay on one line.
    pub fn is_forced(&self) -> bool {
        match self {
            Doc::Break { flat: Flat::Never, .. } | Doc::Comment { .. } | Doc::Forced => true,
            Doc::Concat(concat) => concat.is_forced,
            Doc::Nest(_, doc) | Doc::Group(doc) => doc.is_forced(),
            Doc::Hug(hug) => hug.before.is_forced() || hug.last.is_forced() || hug.after.is_forced(),
            _ => false,
        }
    }

    /// Whether there is nothing to print.
    pub fn is_nothing(&self) -> bool {
        match self {
            Doc::Nothing => true,
            Doc::Concat(concat) => concat.docs.iter().all(Doc::is_nothing),
            _ => false,
        }
    }

    /// The same place for the end of a line, with an empty line behind it if `wanted`.
    pub fn with_blank(self, wanted: bool) -> Doc<'s> {
        match self {
            Doc::Break { flat, .. } => Doc::Break { flat, blank: wanted },
            Doc::Fill if wanted => Doc::Break { flat: Flat::Blank, blank: true },
            doc => doc,
        }
    }
}
