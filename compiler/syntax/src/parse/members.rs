//! What stands in bodies and records, and where it may not stand.

use pest::iterators::Pairs;

use super::{P, Place, Reader, Rule};
use crate::build::DEEPEST_NODE;
use crate::errors;
use crate::foreign;
use crate::tree::{Kind, SyntaxError, flag};

impl<'i> Reader<'i, '_, '_> {
    pub(super) fn body(&mut self, pair: P<'i>) {
        let index = self.to.open(Kind::Body, self.start(&pair));
        let end = self.end(&pair);
        self.members(pair.into_inner(), Place::Body);
        self.to.close(index, end);
    }

    pub(super) fn members(&mut self, pairs: Pairs<'i, Rule>, place: Place) {
        let mut comma = None;
        let mut after_comma = false;
        let mut last = None;
        let mut indented_block: Option<usize> = None;
        for child in pairs {
            if let Some(indent) = indented_block {
                if self.indentation(&child) > indent && child.as_rule() != Rule::unclosed {
                    // A part of the block that has no braces, which was told.
                    self.leaf(Kind::Bad, &child);
                    continue;
                }
                indented_block = None;
            }
            match child.as_rule() {
                Rule::plain if opens_indented_block(child.as_str()) => {
                    let (start, end) = (self.start(&child), self.end(&child));
                    let name = child.as_str().split(':').next().unwrap_or("");
                    self.to.bad(start, end, |start, _| errors::indented_block(start, name));
                    indented_block = Some(self.indentation(&child));
                    comma = None;
                }
                Rule::annotation => self.annotation(child),
                Rule::missing_comma => comma = Some(self.start(&child)).filter(|_| !after_comma),
                Rule::trailing => {
                    self.bad(&child, "the end of the line, or a comma");
                    if let Some(index) = last {
                        self.to.absorb(index);
                    }
                }
                Rule::unclosed => self.leaf(Kind::Unclosed, &child),
                Rule::stray_comma => {
                    comma = None;
                    after_comma = true;
                    self.bad(&child, "");
                }
                _ => {
                    let nodes = self.to.nodes.len();
                    let errors = self.to.errors.len();
                    after_comma = false;
                    last = Some(nodes);
                    self.member(child, place);
                    let is_bad = self.to.nodes.get(nodes).is_none_or(|node| node.kind == Kind::Bad);
                    if let Some(at) = comma.take().filter(|_| !is_bad) {
                        self.to.errors.insert(errors, errors::missing_comma(at, "members"));
                    }
                }
            }
        }
    }

    pub(super) fn annotation(&mut self, pair: P<'i>) {
        self.node(Kind::Annotation, &pair.clone(), |this| {
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::name => this.name(&child),
                    Rule::call => this.arguments(child),
                    _ => this.hole(
                        &child,
                        errors::missing("a name after `@`", "write `@protect`, `@name(\"…\")` or another"),
                    ),
                }
            }
        });
    }

    /// One member of a body, or the statement of an item.
    pub(super) fn member(&mut self, pair: P<'i>, place: Place) {
        let (nodes, errors) = (self.to.nodes.len(), self.to.errors.len());
        let (start, end) = (self.start(&pair), self.end(&pair));
        let text = pair.as_str();
        if self.to.depth > DEEPEST_NODE {
            self.to.bad(start, end, errors::too_long);
            return;
        }
        self.any_member(pair);
        let Some(kind) = self.to.nodes.get(nodes).map(|node| node.kind) else { return };
        let first = text.split([' ', '\t', '\n', '=', '{', '(', '.', ',', ':']).next().unwrap_or(text);
        let span = text.trim_ascii_end();
        let end = end.min(start + span.len() as u32);
        match (place, kind) {
            (Place::File, Kind::Field) => {
                let help = match foreign::statement(first) {
                    Some(help) => help.to_owned(),
                    None => {
                        format!("write `let {} = …` for a name, or put the field into a body", errors::shortened(first))
                    }
                };
                self.to.refuse(nodes, errors, errors::no_statement(start, end, first, &help));
            }
            (Place::File, Kind::Block | Kind::Shorthand) => {
                let help = match first {
                    "test" => "write `test \"what holds\" { … }`".to_owned(),
                    "use" | "let" | "param" | "output" | "fn" | "type" => format!("write a name behind `{first}`"),
                    _ if let Some(help) = foreign::statement(first) => help.to_owned(),
                    _ => format!("write `{} NAME {{ … }}`", errors::shortened(first)),
                };
                self.to.refuse(nodes, errors, errors::no_statement(start, end, first, &help));
            }
            // `container api:` as other languages have it: the body follows, without its `{`.
            (Place::File, Kind::Entry)
                if text.find(':').is_some_and(|colon| text.find('=').is_none_or(|equals| colon < equals)) =>
            {
                let head = text.split(':').next().unwrap_or("").trim();
                let mut error = errors::missing_body(head, true)(start);
                error.len = end - start;
                self.to.refuse(nodes, errors, error);
            }
            (
                Place::File,
                Kind::Entry
                | Kind::Spread
                | Kind::KeyValue
                | Kind::Out
                | Kind::FieldDecl
                | Kind::Check
                | Kind::Require
                | Kind::Once
                | Kind::Delegate
                | Kind::Provider
                | Kind::ForBlock
                | Kind::IfBlock
                | Kind::ForElement
                | Kind::IfElement
                | Kind::Given
                | Kind::Refuses
                | Kind::Deviation,
            ) => {
                let help = foreign::statement(first).unwrap_or("statements are `let`, `param`, `type`, `fn`, `kind`, `implement`, `KIND NAME { … }` and a few more");
                self.to.refuse(nodes, errors, errors::no_statement(start, end, first, help));
            }
            (Place::Record, kind) if !is_record_member(kind) => {
                let what = format!("`{}`", errors::shortened(first));
                let error = errors::misplaced(start, end, &what, "in a record", "a record has fields: `name = value`");
                self.to.refuse(nodes, errors, error);
            }
            _ => {}
        }
    }

    pub(super) fn any_member(&mut self, pair: P<'i>) {
        match pair.as_rule() {
            Rule::plain => self.plain(pair),
            Rule::spread | Rule::type_spread => {
                let kind = if pair.as_rule() == Rule::spread { Kind::Spread } else { Kind::TypeSpread };
                self.with_value(kind, pair);
            }
            Rule::shorthand => {
                self.node(Kind::Shorthand, &pair.clone(), |this| this.names(pair));
            }
            Rule::named | Rule::read_statement => self.named(pair),
            Rule::loose => self.loose(pair),
            Rule::field_decl | Rule::out_statement => self.field_decl(pair),
            Rule::bad | Rule::bad_element | Rule::stray_comma => {
                self.bad(&pair, "a field `name = value`, a block or a statement")
            }
            Rule::private_statement => {
                let (index, start) = (self.to.nodes.len(), self.start(&pair));
                for child in pair.into_inner() {
                    self.any_member(child);
                }
                self.to.flag(index, flag::PRIVATE);
                if let Some(node) = self.to.nodes.get_mut(index) {
                    node.len += node.start - start;
                    node.start = start;
                }
            }
            _ => self.statement(pair),
        }
    }

    pub(super) fn plain(&mut self, pair: P<'i>) {
        let mut children = pair.clone().into_inner();
        let (Some(path), Some(second)) = (children.next(), children.next()) else { return };
        if let Some(key) =
            path.clone().into_inner().find(|part| part.as_rule() == Rule::field_key).filter(|_| !self.in_adjust)
        {
            let (start, end) = (self.start(&pair), self.end(&pair));
            let mut error = errors::keyed_field(self.start(&key), self.end(&key));
            error.len = end - error.start;
            self.to.bad(start, end, |_, _| error);
            return;
        }
        if second.as_rule() == Rule::body {
            if path.as_str() == "once" {
                self.node(Kind::Once, &pair, |this| {
                    this.to.hole(this.start(&second), errors::missing("the name behind `once`", errors::ONCE));
                    this.body(second);
                });
            } else {
                self.node(Kind::Block, &pair, |this| {
                    this.path(Kind::FieldPath, path);
                    this.body(second);
                });
            }
            return;
        }
        let index = self.node(Kind::Field, &pair, |this| {
            let name = path.as_str();
            this.path(Kind::FieldPath, path);
            if second.as_rule() == Rule::colon && !std::mem::replace(&mut this.colon_told, true) {
                let at = this.start(&second);
                this.to.tell(errors::colon(at, name));
            }
            if let Some(value) = children.next() {
                this.value(value);
            }
        });
        if second.as_rule() == Rule::maybe {
            self.to.flag(index, flag::MAYBE);
        }
    }

    /// `KIND NAME HEADER { … }` or `LABEL NAME = x`.
    pub(super) fn named(&mut self, pair: P<'i>) {
        let mut children = pair.clone().into_inner();
        let is_entry = pair
            .clone()
            .into_inner()
            .nth(2)
            .is_some_and(|third| matches!(third.as_rule(), Rule::equals | Rule::maybe | Rule::colon));
        let kind = if is_entry { Kind::Entry } else { Kind::Instance };
        let head = self.head(&pair);
        let index = self.to.open(kind, self.start(&pair));
        if pair.as_rule() == Rule::read_statement {
            self.to.flag(index, flag::READ);
        }
        if let Some(path) = children.next() {
            if !is_entry {
                self.path(Kind::Path, path);
            } else if path.as_str().contains('.') && path.clone().into_inner().count() > 1 {
                self.bad(&path, "one name before the label");
            } else {
                self.names(path);
            }
        }
        let mut last_header = 0;
        let mut last_if = None;
        for child in children {
            let order = match child.as_rule() {
                Rule::for_header => 1,
                Rule::if_header => 2,
                Rule::key_header => 3,
                Rule::on_header => 4,
                _ => last_header,
            };
            if order < last_header || (order == last_header && order > 0 && is_header(child.as_rule())) {
                let (start, end) = (self.start(&child), self.end(&child));
                let word = child.as_str().split(' ').next().unwrap_or("");
                self.to.tell(errors::header_order(start, end, word));
            }
            last_header = last_header.max(order);
            if child.as_rule() == Rule::if_header {
                last_if = Some(self.to.nodes.len());
            }
            match child.as_rule() {
                Rule::bad_header => {
                    self.part(child, kind, &head);
                    if let Some(index) = last_if.take() {
                        self.to.absorb(index);
                    }
                }
                Rule::quoted if kind == Kind::Instance && self.to.depth <= 2 => {
                    let (start, end) = (self.start(&child), self.end(&child));
                    self.name(&child);
                    let word = head.split(' ').next().unwrap_or("");
                    self.to.tell(errors::quoted_name(start, end, word, child.as_str()));
                }
                Rule::name | Rule::quoted => {
                    if kind == Kind::Instance && head.starts_with("test ") {
                        let (start, end) = (self.start(&child), self.end(&child));
                        self.to.tell(errors::test_name(start, end, child.as_str()));
                    }
                    self.name(&child);
                }
                Rule::equals => {}
                Rule::maybe => self.to.flag(index, flag::MAYBE),
                Rule::colon => {
                    let at = self.start(&child);
                    self.to.tell(errors::colon(at, &head));
                }
                _ => self.part(child, kind, &head),
            }
        }
        self.to.close(index, self.end(&pair));
    }

    /// The head of a statement for messages: its text up to the body or the end of the line.
    pub(super) fn head(&self, pair: &P<'i>) -> String {
        let line = pair.as_str().lines().next().unwrap_or("");
        line.split(['{', '=', '\u{1}', '\u{2}']).next().unwrap_or("").trim().to_owned()
    }

    /// `key => value`, or a mistake.
    pub(super) fn loose(&mut self, pair: P<'i>) {
        let children: Vec<P<'i>> = pair.clone().into_inner().collect();
        let mut rest = children.iter();
        let Some(key) = rest.next() else { return };
        match rest.next() {
            Some(arrow) if arrow.as_rule() == Rule::fat => {
                let index = self.node(Kind::KeyValue, &pair, |this| {
                    this.value(key.clone());
                    if let Some(value) = rest.next() {
                        this.value(value.clone());
                    }
                });
                if rest.next().is_some() {
                    self.to.flag(index, flag::GROUP);
                }
            }
            junk => {
                let (start, end) = (self.start(&pair), self.end(&pair));
                let text = pair.as_str();
                let name_end = text.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
                let (name, after) = text.split_at_checked(name_end.unwrap_or(text.len())).unwrap_or((text, ""));
                let value = after.trim();
                let starts_value =
                    value.starts_with(|first: char| first.is_ascii_alphanumeric() || "\"[{-".contains(first));
                let before = self.to.text.get(..start as usize + name.len()).unwrap_or("");
                if let Some(error) = junk.and_then(|_| errors::dashed_name(before, after)) {
                    self.to.bad(start, end, |start, end| SyntaxError { len: end - start, ..error });
                } else if text.starts_with('"')
                    && text.contains("${")
                    && junk.is_some_and(|junk| junk.as_str().trim_start().starts_with('='))
                {
                    self.to.bad(start, end, errors::computed_key);
                } else if let Some(error) = junk.and_then(|_| errors::unquoted_name(text)) {
                    self.to.bad(start, end, error);
                } else if let (Some(_), true, true) = (junk, !name.is_empty() && after.starts_with(' '), starts_value) {
                    self.to.bad(start, end, |start, end| errors::missing_equals(start, end, name, value));
                } else if let Some(junk) = junk.filter(|junk| !self.to.is_bracket(self.start(junk))) {
                    let at = self.start(junk);
                    let unexpected = errors::unexpected(junk.as_str(), "`=`, `{` or the end of the line");
                    self.to.bad(start, end, |start, end| {
                        let mut error = unexpected(at, end);
                        error.len += at - start;
                        error.start = start;
                        error
                    });
                } else {
                    let text = self.to.text.get(start as usize..end as usize).unwrap_or("");
                    let line =
                        self.to.text.get(..start as usize).and_then(|before| before.lines().last()).unwrap_or("");
                    if text.starts_with('"')
                        && self
                            .to
                            .errors
                            .last()
                            .is_some_and(|last| last.message == errors::VALUE_OF_UNION && !line.is_empty())
                    {
                        self.leaf(Kind::Bad, &pair);
                    } else {
                        self.to.bad(start, end, |start, end| errors::lone_text(start, end, text, line));
                    }
                }
            }
        }
    }

    /// How far the line of a member is indented.
    fn indentation(&self, pair: &P<'i>) -> usize {
        let before = self.to.text.get(..self.start(pair) as usize).unwrap_or("");
        let line = before.get(before.rfind('\n').map_or(0, |newline| newline + 1)..).unwrap_or("");
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    pub(super) fn field_decl(&mut self, pair: P<'i>) {
        let is_out_value = pair.as_rule() == Rule::out_statement
            && pair.clone().into_inner().nth(1).is_some_and(|second| second.as_rule() != Rule::out_type);
        let kind = if is_out_value { Kind::Out } else { Kind::FieldDecl };
        let head = self.head(&pair);
        let index = self.to.open(kind, self.start(&pair));
        let mut is_out = pair.as_rule() == Rule::out_statement && !is_out_value;
        for child in pair.clone().into_inner() {
            match child.as_rule() {
                Rule::out_mark => is_out = true,
                Rule::out_type => self.only_child(child),
                _ => self.part(child, kind, &head),
            }
        }
        self.to.close(index, self.end(&pair));
        if is_out {
            self.to.flag(index, flag::OUT);
        }
    }

    pub(super) fn only_child(&mut self, pair: P<'i>) {
        for child in pair.into_inner() {
            self.part(child, Kind::FieldDecl, "");
        }
    }
}

fn is_header(rule: Rule) -> bool {
    matches!(rule, Rule::for_header | Rule::if_header | Rule::key_header | Rule::on_header)
}

/// What may stand in `{ … }` as an expression.
fn is_record_member(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Field
            | Kind::Shorthand
            | Kind::Block
            | Kind::Spread
            | Kind::KeyValue
            | Kind::ForElement
            | Kind::IfElement
            | Kind::Bad
            | Kind::Annotation
            | Kind::Hole
    )
}

/// `env:` at the end of a line, as other formats begin a block.
fn opens_indented_block(text: &str) -> bool {
    let name_end = text
        .find(|character: char| !character.is_ascii_alphanumeric() && !"_.\"".contains(character))
        .unwrap_or(text.len());
    let behind = text
        .get(name_end..)
        .and_then(|rest| rest.trim_start_matches(' ').strip_prefix(':'))
        .map(|rest| rest.lines().next().unwrap_or("").trim());
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with("//"))
}
