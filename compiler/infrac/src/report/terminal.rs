//! What the standard error can show: its width, colours, and whether it knows more than ASCII.

use std::io::IsTerminal;

/// The narrowest and the widest that texts are laid out for, in columns.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// The width where nobody looks: files and pipes get the same bytes everywhere.
const PLAIN_WIDTH: usize = 100;

/// How texts are laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terminal {
    pub width: usize,
    pub colour: bool,
    pub unicode: bool,
}

impl Terminal {
    /// For a file or a pipe, and for tests.
    pub fn plain() -> Self {
        Self { width: PLAIN_WIDTH, colour: false, unicode: true }
    }
    /// The standard error as it is. `NO_COLOR` and `TERM=dumb` are respected.
    pub fn of_standard_error() -> Self {
        let error = std::io::stderr();
        if !error.is_terminal() {
            return Self::plain();
        }
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let width = terminal_size::terminal_size_of(&error).map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0));
        Self {
            width: width.clamp(*WIDTHS.start(), *WIDTHS.end()),
            colour: !dumb && !set("NO_COLOR"),
            unicode: !dumb && !ascii_locale(),
        }
    }
}

fn ascii_locale() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| locale == "C" || locale == "POSIX")
}
