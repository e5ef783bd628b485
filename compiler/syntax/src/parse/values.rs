//! Values: literals, texts, `if` and `match`.

use super::{P, Place, Reader, Rule};
use crate::build::DEEPEST_NODE;
use crate::errors;
use crate::number;
use crate::tree::{Kind, flag};

impl<'i> Reader<'i, '_, '_> {
    /// Any expression, type or what stands in its place.
    pub(super) fn value(&mut self, pair: P<'i>) {
        if self.to.depth > DEEPEST_NODE {
            let (start, end) = (self.start(&pair), self.end(&pair));
            self.to.bad(start, end, errors::too_long);
            return;
        }
        match pair.as_rule() {
            Rule::expression | Rule::narrow | Rule::simple => self.expression(pair),
            Rule::type_rule => self.type_union(pair),
            Rule::type_part => self.type_part(pair),
            Rule::no_value => self.missing(&pair, "value"),
            Rule::no_type => self.missing(&pair, "type"),
            Rule::no_name => self.missing(&pair, "name"),
            Rule::number => self.number(&pair),
            Rule::ident | Rule::pattern_name => {
                let kind = match pair.as_str() {
                    "true" | "false" => Kind::Bool,
                    "none" => Kind::NoneValue,
                    "null" => Kind::Null,
                    _ => Kind::Ident,
                };
                self.leaf(kind, &pair);
            }
            Rule::text | Rule::block_text | Rule::raw_text | Rule::raw_block => self.text(pair),
            Rule::list => {
                let index = self.to.open(Kind::List, self.start(&pair));
                let end = self.end(&pair);
                self.elements(pair, "elements");
                self.to.close(index, end);
            }
            Rule::record => {
                let index = self.to.open(Kind::Record, self.start(&pair));
                let end = self.end(&pair);
                self.members(pair.into_inner(), Place::Record);
                self.to.close(index, end);
            }
            Rule::group => self.with_value(Kind::Group, pair),
            Rule::if_expression | Rule::if_element => self.if_else(pair),
            Rule::match_expression => self.match_arms(pair),
            Rule::spread => self.with_value(Kind::Spread, pair),
            Rule::labelled => self.labelled(&pair),
            Rule::keyed => self.keyed(&pair),
            Rule::unclosed => self.leaf(Kind::Unclosed, &pair),
            Rule::junk_in => {
                let before = self.to.text.get(..self.start(&pair) as usize).unwrap_or("");
                let in_parentheses = before
                    .rfind(['(', '['])
                    .is_some_and(|at| before.get(at..).is_some_and(|rest| rest.starts_with('(')));
                self.bad(&pair, if in_parentheses { "the closing parenthesis" } else { "the closing bracket" });
            }
            _ => self.bad(&pair, "a value"),
        }
    }

    /// `name = x` in a list.
    fn labelled(&mut self, pair: &P<'i>) {
        let mut children = pair.clone().into_inner();
        let (Some(name), Some(_), Some(value)) = (children.next(), children.next(), children.next()) else { return };
        self.node(Kind::Field, pair, |this| {
            this.node(Kind::FieldPath, &name, |this| this.name(&name));
            this.value(value);
        });
    }

    /// An element of a list, perhaps with a computed name before it: `k => x`.
    fn keyed(&mut self, pair: &P<'i>) {
        let mut children = pair.clone().into_inner();
        let Some(first) = children.next() else { return };
        match (children.next(), children.next()) {
            (Some(_), Some(value)) => {
                self.node(Kind::KeyValue, pair, |this| {
                    this.value(first);
                    this.value(value);
                });
            }
            (_, _) => self.value(first),
        }
    }

    /// A hole where a value, type or name must stand.
    pub(super) fn missing(&mut self, pair: &P<'i>, what: &str) {
        let at = self.start(pair);
        let before = self.to.text.get(..at as usize).unwrap_or("");
        let rest = self.to.text.get(at as usize..).unwrap_or("");
        match errors::longer_operator(before, rest) {
            Some(error) => self.to.hole(at, error),
            None => self.to.hole(at, errors::missing_after(what, before, rest)),
        }
    }

    pub(super) fn number(&mut self, pair: &P<'i>) {
        let (start, end) = (self.start(pair), self.end(pair));
        match number::classify(pair.as_str()) {
            Some(kind) => {
                self.to.leaf(kind, start, end);
            }
            None => self.to.bad(start, end, |start, end| errors::number(start, end, pair.as_str())),
        }
    }

    pub(super) fn text(&mut self, pair: P<'i>) {
        let flags = match pair.as_rule() {
            Rule::block_text => flag::BLOCK,
            Rule::raw_text => flag::RAW,
            Rule::raw_block => flag::RAW | flag::BLOCK,
            _ => 0,
        };
        let (start, end) = (self.start(&pair), self.end(&pair));
        let index = self.to.open(Kind::Text, start);
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::interpolation => self.with_value(Kind::Interpolation, child),
                Rule::unclosed_text => {
                    if !self.to.open_interpolation(start, end) {
                        let quotes = if flags & flag::BLOCK != 0 { "\"\"\"" } else { "\"" };
                        self.to.errors.push(errors::unclosed_text(start, end.max(start + 1), quotes));
                    }
                    self.leaf(Kind::Unclosed, &child);
                }
                _ => {
                    self.leaf(Kind::TextPart, &child);
                    if let Some(at) = child.as_str().find('\0') {
                        let at = self.start(&child) + at as u32;
                        self.to.errors.push(errors::no_character(at, at + 1, "0"));
                    }
                    if flags & flag::RAW == 0 && child.as_str().contains('\\') {
                        self.escapes(&child);
                    }
                }
            }
        }
        // The end is exact: blanks at the end of a text without quotes are text.
        self.to.close(index, end);
        self.to.flag(index, flags);
    }

    pub(super) fn escapes(&mut self, part: &P<'i>) {
        let (text, start) = (part.as_str(), self.start(part));
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
            let escape = at + found;
            let after = text.get(escape + 1..).unwrap_or("");
            let width = match after.chars().next() {
                Some('n' | 't' | 'r' | '"' | '\\' | '$') => 1,
                Some('u') => {
                    match after.get(1..).and_then(|rest| rest.strip_prefix('{')).and_then(|rest| rest.split_once('}')) {
                        Some((code, _)) if crate::text::character(code).is_some_and(|letter| letter != '\0') => {
                            code.len() + 3
                        }
                        Some((code, _)) if code.len() <= 8 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                            let (from, to) = (start + escape as u32, start + (escape + code.len() + 4) as u32);
                            self.to.errors.push(errors::no_character(from, to, code));
                            at = escape + code.len() + 4;
                            continue;
                        }
                        _ => 0,
                    }
                }
                _ => 0,
            };
            if width == 0 {
                let length = 1 + after.chars().next().map_or(0, char::len_utf8);
                let shown = text.get(escape..escape + length).unwrap_or("\\");
                let (from, to) = (start + escape as u32, start + (escape + length) as u32);
                self.to.errors.push(errors::escape(from, to, shown));
                at = escape + length;
            } else {
                at = escape + 1 + width;
            }
        }
    }

    /// `if c then a else b`, and in a list also `if c: element`.
    pub(super) fn if_else(&mut self, pair: P<'i>) {
        let (start, end) = (self.start(&pair), self.end(&pair));
        let parts: Vec<P<'i>> = pair.into_inner().collect();
        if self.to.depth + parts.len() > DEEPEST_NODE {
            self.to.bad(start, end, errors::too_long);
            return;
        }
        if parts.iter().any(|part| part.as_rule() == Rule::colon) {
            let index = self.to.open(Kind::IfElement, start);
            parts.into_iter().for_each(|part| self.part(part, Kind::IfElement, ""));
            self.to.close(index, end);
            return;
        }
        // `[if c then a else b -> d]`: the arrow binds loosest.
        let arrow = parts.iter().position(|part| part.as_rule() == Rule::operator);
        let (branches, flow) = parts.split_at_checked(arrow.unwrap_or(parts.len())).unwrap_or((&parts, &[]));
        let binary = arrow.map(|_| self.to.open(Kind::Binary, start));
        let mut open = vec![self.to.open(Kind::If, start)];
        for part in branches {
            match part.as_rule() {
                Rule::else_if => {
                    for child in part.clone().into_inner() {
                        match child.as_rule() {
                            Rule::if_word => open.push(self.to.open(Kind::If, self.start(&child))),
                            _ => self.branch(child),
                        }
                    }
                }
                _ => self.branch(part.clone()),
            }
        }
        let branches_end = branches.last().map_or(end, |part| self.end(part));
        for index in open.into_iter().rev() {
            self.to.close(index, branches_end);
        }
        if let Some(index) = binary {
            for part in flow {
                match part.as_rule() {
                    Rule::operator => self.leaf(Kind::Operator, part),
                    _ => self.value(part.clone()),
                }
            }
            self.to.close(index, end);
        }
    }

    pub(super) fn branch(&mut self, pair: P<'i>) {
        match pair.as_rule() {
            Rule::no_then
                if self
                    .to
                    .text
                    .get(self.start(&pair) as usize..)
                    .is_some_and(|rest| rest.trim_start().starts_with('=')) =>
            {
                let at = self.start(&pair);
                let sign = at + self.to.text.get(at as usize..).and_then(|rest| rest.find('=')).unwrap_or(0) as u32;
                self.hole(&pair, |_| errors::single_equals(at, sign + 1));
            }
            Rule::no_then => self
                .hole(&pair, errors::missing("`then`", "write `if c then a else b`, in a list also `if c: element`")),
            Rule::no_else
                if self
                    .to
                    .text
                    .get(self.start(&pair) as usize..)
                    .is_some_and(|rest| rest.trim_start().starts_with("el")) =>
            {
                self.hole(
                    &pair,
                    errors::missing("`else if`", "there is no `elif`: write `if a then x else if b then y else z`"),
                );
            }
            Rule::no_else => {
                self.hole(&pair, errors::missing("`else`", "an `if` in a value needs both: `if c then a else b`"))
            }
            _ => self.value(pair),
        }
    }

    pub(super) fn match_arms(&mut self, pair: P<'i>) {
        self.node(Kind::Match, &pair.clone(), |this| {
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::arms => this.arms(child),
                    Rule::no_body => this.hole(&child, errors::missing_arms),
                    _ => this.value(child),
                }
            }
        });
    }

    pub(super) fn arms(&mut self, pair: P<'i>) {
        let mut comma = None;
        // Who writes arms as another language has them does so in each: that is one mistake.
        let mut slips = 0;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::arm => {
                    if let Some(at) = comma.take() {
                        self.to.tell(errors::missing_comma(at, "arms"));
                    }
                    self.arm(child, &mut slips);
                }
                Rule::missing_arm_comma => comma = Some(self.start(&child)),
                Rule::unclosed => self.leaf(Kind::Unclosed, &child),
                _ if slips > 1 && errors::slip_of_arm(child.as_str()).is_some() => self.leaf(Kind::Bad, &child),
                _ => self.bad(&child, "an arm: `pattern => value`"),
            }
        }
    }

    fn arm(&mut self, pair: P<'i>, slips: &mut usize) {
        self.node(Kind::Arm, &pair.clone(), |this| {
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::pattern if child.as_str().starts_with("case ") => {
                        let (start, end) = (this.start(&child), this.end(&child));
                        let pattern = this.to.open(Kind::Pattern, start);
                        *slips += 1;
                        if *slips > 1 {
                            this.leaf(Kind::Bad, &child);
                        } else {
                            this.to.bad(start, end, errors::case_of_arm);
                        }
                        this.to.close(pattern, end);
                    }
                    Rule::pattern => {
                        this.node(Kind::Pattern, &child.clone(), |this| {
                            child.into_inner().for_each(|part| this.pattern(part))
                        });
                    }
                    Rule::fat => {}
                    Rule::no_arrow
                        if let Some(slip) =
                            this.to.text.get(this.start(&child) as usize..).and_then(errors::slip_of_arm) =>
                    {
                        *slips += 1;
                        if *slips > 1 {
                            let at = this.start(&child);
                            this.to.leaf(Kind::Hole, at, at);
                        } else {
                            this.hole(&child, slip);
                        }
                    }
                    Rule::no_arrow => {
                        this.hole(&child, errors::missing("`=>` and a value", "write `pattern => value`"))
                    }
                    _ => this.value(child),
                }
            }
        });
    }

    pub(super) fn pattern(&mut self, pair: P<'i>) {
        let kind = match pair.as_rule() {
            Rule::pattern_on => Kind::PatternOn,
            Rule::pattern_case => Kind::PatternCase,
            Rule::pattern_kind => Kind::PatternKind,
            _ => return self.value(pair),
        };
        self.with_value(kind, pair);
    }
}
