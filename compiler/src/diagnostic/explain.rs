//! What each code means, at length: the pages of the book, which are part of the program.

/// The page of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: &'static str,
    /// The page, in Markdown. A block marked `bl,wrong` is an example that is reported, one marked `bl` is right.
    pub page: &'static str,
}

impl Explanation {
    /// What the code means, in a few words.
    pub fn title(&self) -> &'static str {
        let heading = self.page.lines().next().unwrap_or("");
        heading.split_once(": ").map_or(heading, |(_, title)| title)
    }
}

macro_rules! page {
    ($code:literal) => {
        Explanation {
            code: $code,
            page: include_str!(concat!("../../../docs/src/diagnostics/", $code, ".md")),
        }
    };
}

/// All pages, in the order of their codes.
pub const EXPLANATIONS: &[Explanation] = &[
    page!("E0001"),
    page!("E0002"),
    page!("E0003"),
    page!("E0004"),
    page!("E0005"),
    page!("E0006"),
    page!("E0007"),
    page!("E0008"),
    page!("E0101"),
    page!("E0102"),
    page!("E0103"),
    page!("E0104"),
    page!("E0105"),
    page!("E0106"),
    page!("E0107"),
    page!("E0201"),
    page!("E0202"),
    page!("E0203"),
    page!("E0204"),
    page!("E0205"),
    page!("E0206"),
    page!("E0290"),
    page!("E0301"),
    page!("E0302"),
    page!("E0331"),
    page!("E0340"),
    page!("E0341"),
    page!("E0342"),
    page!("E0343"),
    page!("E0344"),
    page!("E0345"),
    page!("E0350"),
    page!("E0351"),
    page!("E0352"),
    page!("E0353"),
    page!("E0360"),
    page!("E0361"),
    page!("E0370"),
    page!("W0001"),
    page!("W0002"),
    page!("W0003"),
    page!("W0004"),
    page!("W0005"),
    page!("W0006"),
    page!("W0350"),
];

/// The page of a code, in upper or lower case.
pub fn explain(code: &str) -> Option<&'static Explanation> {
    EXPLANATIONS.iter().find(|explanation| explanation.code.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes that `code.rs` declares.
    fn declared() -> Vec<&'static str> {
        let text = include_str!("code.rs");
        let value = |line: &'static str| line.strip_prefix("pub const ")?.split('"').nth(1);
        let mut codes: Vec<_> = text.lines().filter_map(value).collect();
        codes.sort_unstable();
        codes
    }

    #[test]
    fn every_code_has_its_page() {
        let explained: Vec<_> = EXPLANATIONS.iter().map(|explanation| explanation.code).collect();
        assert_eq!(explained, declared());
        for explanation in EXPLANATIONS {
            let heading = format!("# {}: ", explanation.code);
            assert!(explanation.page.starts_with(&heading), "{}", explanation.code);
            assert!(!explanation.title().is_empty());
        }
    }

    #[test]
    fn the_book_lists_every_page() {
        let chapter = include_str!("../../../docs/src/diagnostics/README.md");
        let summary = include_str!("../../../docs/src/SUMMARY.md");
        for explanation in EXPLANATIONS {
            let (code, title) = (explanation.code, explanation.title());
            let row = format!("| [{code}]({code}.md) | {title} |");
            assert!(chapter.contains(&row), "docs/src/diagnostics/README.md lacks\n{row}");
            let entry = format!("- [{code}: {title}](diagnostics/{code}.md)");
            assert!(summary.contains(&entry), "docs/src/SUMMARY.md lacks\n{entry}");
        }
    }

    #[test]
    fn codes_are_found_in_any_case() {
        assert_eq!(explain("w0001"), explain("W0001"));
        assert_eq!(explain("E0201").map(|explanation| explanation.code), Some("E0201"));
        for code in ["", "E", "E9999", "0201", "E0201 "] {
            assert_eq!(explain(code), None, "{code}");
        }
    }
}
