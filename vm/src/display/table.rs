//! The layout of tables.

use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest column.
const MOST_WIDTH: usize = 40;
/// The most rows that are shown.
const MOST_ROWS: usize = 20;

/// Appends a table. `cell` gives the text of a cell by row and column; it is asked for the rows that are shown only.
pub fn write_table(
    output: &mut String,
    columns: &[impl AsRef<str>],
    row_count: usize,
    cell: impl Fn(usize, usize) -> String,
) {
    // Writing to a String cannot fail.
    let _ = writeln!(output, "Table: {row_count} rows x {} cols", columns.len());
    if columns.is_empty() {
        output.push_str("(empty)\n");
        return;
    }
    let shown = row_count.min(MOST_ROWS);
    let headers: Vec<String> = columns.iter().map(|column| cut(&escape(column.as_ref()))).collect();
    let row = |row| (0..columns.len()).map(|column| cut(&escape(&cell(row, column)))).collect();
    let rows: Vec<Vec<String>> = (0..shown).map(row).collect();
    let width = |(column, header): (usize, &String)| {
        let cells = rows.iter().map(|row| row[column].width());
        cells.chain([header.width()]).max().unwrap_or(0).min(MOST_WIDTH)
    };
    let widths: Vec<usize> = headers.iter().enumerate().map(width).collect();

    write_row(output, &headers, &widths);
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let _ = write!(output, "\n {}", rule.join("-+-"));
    for row in &rows {
        output.push('\n');
        write_row(output, row, &widths);
    }
    if row_count > shown {
        let _ = write!(output, "\n # {} more rows", row_count - shown);
    } else {
        output.push('\n');
    }
}

fn write_row(output: &mut String, cells: &[String], widths: &[usize]) {
    for (position, (cell, width)) in cells.iter().zip(widths).enumerate() {
        output.push_str(if position == 0 { " " } else { " | " });
        output.push_str(cell);
        output.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
    }
}

/// Line breaks and tabs would tear the layout.
fn escape(text: &str) -> String {
    if !text.contains(['\n', '\t', '\r']) {
        return text.to_owned();
    }
    text.replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
}

/// The cell or header, cut to the widest column.
fn cut(text: &str) -> String {
    if text.width() <= MOST_WIDTH {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut width = 0;
    for character in text.chars() {
        width += character.width().unwrap_or(0);
        if width >= MOST_WIDTH {
            break;
        }
        kept.push(character);
    }
    kept + "~"
}
