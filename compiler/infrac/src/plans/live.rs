//! What happens while a plan is carried out: a line for each step that begins and ends, and at a terminal a last line that says what
//! runs, since when, and how many wait.

use std::collections::BTreeMap;

use engine::{Ending, Event};
use state::StepId;

use super::text::doing;

/// Takes the line away that the terminal stands on.
pub const ERASE: &str = "\r\u{1b}[2K";

/// Shows events as they come.
pub struct Live<'a> {
    write: &'a dyn Fn(&str),
    /// A line is drawn over at a terminal.
    is_terminal: bool,
    total: usize,
    over: usize,
    /// What runs, and since when: milliseconds.
    running: BTreeMap<StepId, String>,
    /// How long the line is that is drawn over.
    drawn: bool,
}

impl<'a> Live<'a> {
    /// Shows a run of so many steps.
    pub fn new(total: usize, is_terminal: bool, write: &'a dyn Fn(&str)) -> Self {
        Self { write, is_terminal, total, over: 0, running: BTreeMap::new(), drawn: false }
    }

    /// Shows one.
    pub fn show(&mut self, event: &Event<'_>) {
        match event {
            Event::Started { step } => {
                self.running.insert(step.id, step.address.clone());
                if !self.is_terminal {
                    self.line(&format!("{} {}", doing(step.action), step.address));
                }
            }
            Event::Ended { step, ending, took } => {
                self.running.remove(&step.id);
                self.over += 1;
                let took = format!("{}.{} s", took / 1000, took % 1000 / 100);
                let line = match ending {
                    Ending::Done => format!("done     {} {} in {took}", doing(step.action), step.address),
                    Ending::Nothing => format!("as it is {}", step.address),
                    // Why is told at the end, with its place.
                    Ending::Failed(_) => format!("failed   {} {}", doing(step.action), step.address),
                    Ending::Partial(_) => format!("partly   {} {}", doing(step.action), step.address),
                    Ending::Unknown(why) => format!("unknown  {} {}: {why}", doing(step.action), step.address),
                };
                self.line(&line);
            }
            Event::Skipped { step, because } => {
                self.over += 1;
                let because =
                    because.map_or("the run was stopped".to_owned(), |other| format!("{} failed", other.address));
                self.line(&format!("left     {}: {because}", step.address));
            }
            Event::Stopping { running: 0 } => self.line("stopping: nothing runs"),
            Event::Stopping { running } => {
                self.line(&format!("stopping: {running} still run and are finished; ask once more to leave them"));
            }
        }
        self.draw();
    }

    /// Takes the last line away.
    pub fn end(&mut self) {
        self.erase();
    }

    fn line(&mut self, text: &str) {
        self.erase();
        (self.write)(&format!("{}\n", source::on_one_line(text)));
    }

    fn erase(&mut self) {
        if std::mem::take(&mut self.drawn) {
            (self.write)(ERASE);
        }
    }

    fn draw(&mut self) {
        if !self.is_terminal || self.running.is_empty() {
            return;
        }
        self.erase();
        let names: Vec<&str> = self.running.values().map(String::as_str).take(3).collect();
        let more = self.running.len().saturating_sub(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let waiting = self.total.saturating_sub(self.over + self.running.len());
        let line = format!("[{}/{}] {}{more}; {waiting} wait", self.over, self.total, names.join(", "));
        (self.write)(&line.chars().take(78).collect::<String>());
        self.drawn = true;
    }
}
