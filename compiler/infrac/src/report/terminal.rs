//! What the standard error can show: its width, colours, and whether it knows more than ASCII.

use std::io::IsTerminal;

/// The narrowest and the widest that texts are laid out for, in columns.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// The width where nobody looks: files and pipes get the same bytes everywhere.
const PLAIN_WIDTH: usize = 100;

/// Whether what is told is coloured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Colour {
    /// Where a terminal shows it, unless the environment says otherwise (`NO_COLOR`, `CLICOLOR_FORCE`, `FORCE_COLOR`, `TERM=dumb`).
    Auto,
    Always,
    Never,
}

impl Colour {
    /// What the words of a command line ask for, before they are understood; the last counts.
    pub fn asked_for(words: &[String]) -> Self {
        let ours = words.iter().take_while(|word| *word != "--");
        let mut asked = Self::Auto;
        let mut before = "";
        for word in ours {
            let value = word.strip_prefix("--color=").or((before == "--color").then_some(word.as_str()));
            asked = match value {
                Some("always") => Self::Always,
                Some("never") => Self::Never,
                Some("auto") => Self::Auto,
                Some(_) | None => asked,
            };
            before = word;
        }
        asked
    }
    /// The same for clap, which looks at the stream that it prints to.
    pub fn of_help(self) -> clap::ColorChoice {
        match self {
            Self::Auto => clap::ColorChoice::Auto,
            Self::Always => clap::ColorChoice::Always,
            Self::Never => clap::ColorChoice::Never,
        }
    }
    /// Whether a stream gets colours. What the environment forbids weighs more than what it forces.
    fn on(self, is_terminal: bool, environment: &dyn Fn(&str) -> Option<String>) -> bool {
        let set = |name: &str| environment(name).is_some_and(|value| !value.is_empty());
        let forced = |name: &str| environment(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR") => false,
            Self::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
            Self::Auto => is_terminal && environment("TERM").is_some_and(|term| term != "dumb"),
        }
    }
}

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
    /// The standard error as it is.
    pub fn of_standard_error(colour: Colour) -> Self {
        let error = std::io::stderr();
        let colour = colour.on(error.is_terminal(), &|name| std::env::var(name).ok());
        if !error.is_terminal() {
            return Self { colour, ..Self::plain() };
        }
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let width = terminal_size::terminal_size_of(&error).map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0));
        Self { width: width.clamp(*WIDTHS.start(), *WIDTHS.end()), colour, unicode: !dumb && !ascii_locale() }
    }
}

fn ascii_locale() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| locale == "C" || locale == "POSIX")
}

#[cfg(test)]
mod tests {
    use super::Colour;

    #[test]
    fn the_option_beats_the_environment_and_the_environment_the_terminal() {
        let on = |colour: Colour, is_terminal, variables: &[(&str, &str)]| {
            let find = |name: &str| {
                let found = variables.iter().chain(&[("TERM", "xterm")]).find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            colour.on(is_terminal, &find)
        };
        assert!(on(Colour::Auto, true, &[]) && !on(Colour::Auto, false, &[]));
        assert!(!on(Colour::Auto, true, &[("NO_COLOR", "1")]) && on(Colour::Auto, true, &[("NO_COLOR", "")]));
        assert!(on(Colour::Always, false, &[("NO_COLOR", "1")]) && !on(Colour::Never, true, &[("FORCE_COLOR", "1")]));
        assert!(
            on(Colour::Auto, false, &[("CLICOLOR_FORCE", "1")]) && on(Colour::Auto, false, &[("FORCE_COLOR", "1")])
        );
        assert!(!on(Colour::Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!on(Colour::Auto, true, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")]));
        assert!(!on(Colour::Auto, true, &[("TERM", "dumb")]) && on(Colour::Always, true, &[("TERM", "dumb")]));
    }

    #[test]
    fn the_words_of_a_command_line_say_it() {
        let asked = |line: &str| Colour::asked_for(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(asked("check --color never --help"), Colour::Never);
        assert_eq!(asked("--color=always check --color=never"), Colour::Never);
        assert_eq!(asked("check -- --color=always"), Colour::Auto);
        assert_eq!(asked("check --color"), Colour::Auto);
    }
}
