//! From a document to text: where lines end.

use super::document::{Doc, Flat, Hug};
use super::{INDENTATION, LINE_WIDTH};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

#[derive(Clone, Copy)]
struct Entry<'d, 's> {
    indentation: usize,
    mode: Mode,
    doc: &'d Doc<'s>,
}

/// White space that has been asked for and is not written yet, so that of several requests the strongest counts and
/// no line ends with blanks.
#[derive(Clone, Copy)]
enum Pending {
    Nothing,
    Blank,
    Newline {
        indentation: usize,
        empty_line: bool,
        /// Asked for by the document, rather than only needed behind a comment.
        explicit: bool,
    },
}

struct Renderer<'d, 's> {
    text: String,
    column: usize,
    pending: Pending,
    /// The last thing that was written is a comment.
    ends_with_comment: bool,
    /// What is still to be written, the next on top.
    stack: Vec<Entry<'d, 's>>,
}

/// The text of a document. It ends with a newline, unless it is empty.
pub(super) fn render(doc: &Doc<'_>) -> String {
    let mut renderer = Renderer {
        text: String::new(),
        column: 0,
        pending: Pending::Nothing,
        ends_with_comment: false,
        stack: Vec::new(),
    };
    renderer.stack.push(Entry { indentation: 0, mode: Mode::Broken, doc });
    while let Some(entry) = renderer.stack.pop() {
        renderer.write(entry);
    }
    if !renderer.text.is_empty() {
        renderer.text.push('\n');
    }
    renderer.text
}

impl<'d, 's> Renderer<'d, 's> {
    fn write(&mut self, entry: Entry<'d, 's>) {
        let Entry { indentation, mode, doc } = entry;
        match doc {
            Doc::Nothing | Doc::Forced => {}
            Doc::Text(text) => self.write_text(text),
            Doc::WhenBroken(text) if mode == Mode::Broken => self.write_text(text),
            Doc::WhenFlat(text) if mode == Mode::Flat => self.write_text(text),
            Doc::WhenBroken(_) | Doc::WhenFlat(_) => {}
            Doc::Space => self.request_blank(),
            Doc::Break { flat: Flat::Blank, .. } if mode == Mode::Flat => self.request_blank(),
            Doc::Break { flat: Flat::Nothing, .. } if mode == Mode::Flat => {}
            Doc::Break { blank, .. } => self.request_newline(indentation, *blank),
            Doc::Fill => {
                let is_flat = mode == Mode::Flat
                    || !matches!(self.pending, Pending::Newline { .. })
                        && self.fits(&[Entry { indentation, mode: Mode::Flat, doc: &Doc::Space }]);
                if is_flat { self.request_blank() } else { self.request_newline(indentation, false) }
            }
            Doc::Comment { text, owns_line } => self.write_comment(text, *owns_line, indentation),
            Doc::Concat(concat) => {
                self.stack.extend(concat.docs.iter().rev().map(|doc| Entry { indentation, mode, doc }));
            }
            Doc::Nest(more, doc) => {
                self.stack.push(Entry { indentation: indentation + more, mode, doc });
            }
            Doc::Group(doc) => {
                let flat = Entry { indentation, mode: Mode::Flat, doc };
                let is_flat = mode == Mode::Flat || (!doc.is_forced() && self.fits(&[flat]));
                self.stack.push(if is_flat { flat } else { Entry { mode: Mode::Broken, ..flat } });
            }
            Doc::Hug(hug) => self.write_hug(hug, indentation, mode),
        }
    }

    fn write_hug(&mut self, hug: &'d Hug<'s>, indentation: usize, mode: Mode) {
        let entry = |mode, doc| Entry { indentation, mode, doc };
        let [before, after] = [&hug.before, &hug.after].map(|doc| entry(Mode::Flat, doc));
        let is_forced = before.doc.is_forced() || hug.last.is_forced() || after.doc.is_forced();
        let flat = [after, entry(Mode::Flat, &hug.last), before];
        let open = [after, entry(Mode::Broken, &hug.last), before];
        if mode == Mode::Flat || (!is_forced && self.fits(&flat)) {
            self.stack.extend(flat);
        } else if !before.doc.is_forced() && !after.doc.is_forced() && self.fits(&open) {
            self.stack.extend(open);
        } else {
            self.stack.push(entry(Mode::Broken, &hug.broken));
        }
    }

    /// Whether `next` (the first on top), with what follows it up to the first possible end of the line, has room on
    /// the current line.
    fn fits(&self, next: &[Entry<'d, 's>]) -> bool {
        let mut column = match self.pending {
            Pending::Nothing | Pending::Blank => self.column,
            Pending::Newline { indentation, .. } => indentation,
        };
        let mut blank = matches!(self.pending, Pending::Blank);
        let mut work = next.to_vec();
        let mut rest = self.stack.iter().rev();
        while let Some(Entry { indentation, mode, doc }) = work.pop().or_else(|| rest.next().copied()) {
            let text = match doc {
                Doc::Text(text) => text,
                Doc::WhenBroken(text) if mode == Mode::Broken => text,
                Doc::WhenFlat(text) if mode == Mode::Flat => text,
                Doc::Break { flat: Flat::Blank, .. } | Doc::Fill if mode == Mode::Flat => {
                    blank = true;
                    continue;
                }
                Doc::Break { flat: Flat::Nothing, .. } if mode == Mode::Flat => continue,
                Doc::Break { .. } | Doc::Fill | Doc::Comment { .. } => return true,
                Doc::Space => {
                    blank = true;
                    continue;
                }
                Doc::Concat(concat) => {
                    work.extend(concat.docs.iter().rev().map(|doc| Entry { indentation, mode, doc }));
                    continue;
                }
                Doc::Nest(_, doc) | Doc::Group(doc) => {
                    work.push(Entry { indentation, mode, doc });
                    continue;
                }
                Doc::Hug(hug) => {
                    let entry = |mode, doc| Entry { indentation, mode, doc };
                    work.extend([
                        entry(mode, &hug.after),
                        entry(mode, &hug.last),
                        entry(Mode::Flat, &hug.before),
                    ]);
                    continue;
                }
                Doc::Nothing | Doc::Forced | Doc::WhenBroken(_) | Doc::WhenFlat(_) => continue,
            };
            let first = text.lines().next().unwrap_or("");
            column += width(first) + usize::from(std::mem::take(&mut blank));
            if column > LINE_WIDTH {
                return false;
            }
            if first.len() < text.len() {
                return true;
            }
        }
        true
    }

    fn request_blank(&mut self) {
        if matches!(self.pending, Pending::Nothing) {
            self.pending = Pending::Blank;
        }
    }

    fn request_newline(&mut self, indentation: usize, empty_line: bool) {
        let before = matches!(self.pending, Pending::Newline { empty_line: true, .. });
        self.pending = Pending::Newline { indentation, empty_line: empty_line || before, explicit: true };
    }

    fn write_text(&mut self, text: &str) {
        self.write_pending();
        self.ends_with_comment = false;
        self.text.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = width(last),
            None => self.column += width(text),
        }
    }

    /// A comment goes on the line of the token before it, or on one of its own; in both cases the line ends with it.
    fn write_comment(&mut self, text: &str, owns_line: bool, indentation: usize) {
        let needed =
            Pending::Newline { indentation: indentation + INDENTATION, empty_line: false, explicit: false };
        let asked = match self.pending {
            Pending::Newline { .. } => self.pending,
            _ => needed,
        };
        // two comments share no line, even where the comma between them has moved
        if owns_line || self.ends_with_comment {
            self.pending = asked;
            self.write_text(text);
            self.pending = match asked {
                Pending::Newline { indentation, explicit: false, .. } => {
                    Pending::Newline { indentation, empty_line: false, explicit: false }
                }
                _ => needed,
            };
        } else {
            self.pending = if self.text.is_empty() { Pending::Nothing } else { Pending::Blank };
            self.write_text(text);
            self.pending = asked;
        }
        self.ends_with_comment = true;
    }

    fn write_pending(&mut self) {
        match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => {}
            _ if self.text.is_empty() => {}
            Pending::Blank => {
                self.text.push(' ');
                self.column += 1;
            }
            Pending::Newline { indentation, empty_line, .. } => {
                self.text.push_str(if empty_line { "\n\n" } else { "\n" });
                self.text.extend(std::iter::repeat_n(' ', indentation));
                self.column = indentation;
            }
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}
