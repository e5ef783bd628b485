//! One item becomes a tree. This file and `infra.pest` are all that knows of pest: the grammar is total, and what it calls
//! a hole or junk becomes a node and an error here. Precedence, and what nests without brackets, is settled here too.

use pest::Parser;
use pest::iterators::{Pair, Pairs};
use pest_derive::Parser;

use crate::brackets::{self, Paired};
use crate::build::{Builder, DEEPEST_NODE};
use crate::errors;
use crate::number;
use crate::tree::{Kind, SyntaxError, Tree, flag};

#[derive(Parser)]
#[grammar = "infra.pest"]
struct Grammar;

type P<'i> = Pair<'i, Rule>;

/// Parses one item. Never fails: what is wrong stands in the tree and in its errors.
pub fn parse(text: &str) -> Tree {
    parse_as(text, Rule::item)
}

/// Parses an expression by itself; the root has it as its only child.
pub fn parse_expression(text: &str) -> Tree {
    parse_as(text, Rule::lone_expression)
}

fn parse_as(text: &str, rule: Rule) -> Tree {
    let paired = match brackets::pair_up(text) {
        Ok(paired) => paired,
        Err(at) => return refused(text, errors::too_deep(at as u32)),
    };
    // The grammar takes any text, so only the stack's guard can stop it.
    let Some(root) = Grammar::parse(rule, &paired.text).ok().and_then(|mut pairs| pairs.next()) else {
        return refused(text, errors::too_long(0, text.len() as u32));
    };
    let mut builder = Builder::new(text, paired.errors.clone(), paired.interpolations.clone());
    let mut reader = Reader { paired: &paired, to: &mut builder };
    reader.item(root);
    finished(builder)
}

fn finished(mut builder: Builder<'_>) -> Tree {
    builder.errors.sort_by_key(|error| (error.start, error.len));
    let trivia = builder.trivia().into_boxed_slice();
    Tree { text: builder.text.into(), nodes: builder.nodes.into_boxed_slice(), trivia, errors: builder.errors.into_boxed_slice() }
}

/// The tree of an item that is not read at all.
fn refused(text: &str, error: SyntaxError) -> Tree {
    let mut builder = Builder::new(text, vec![error], Vec::new());
    let item = builder.open(Kind::Item, 0);
    builder.leaf(Kind::Bad, 0, text.trim_ascii_end().len() as u32);
    builder.close(item, text.len() as u32);
    finished(builder)
}

/// Where members stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the top of a file
    File,
    Body,
    Record,
}

struct Reader<'p, 'b, 't> {
    paired: &'p Paired<'p>,
    to: &'b mut Builder<'t>,
}

impl<'i> Reader<'i, '_, '_> {
    fn start(&self, pair: &P<'i>) -> u32 {
        self.paired.original(pair.as_span().start())
    }

    fn end(&self, pair: &P<'i>) -> u32 {
        self.paired.original(pair.as_span().end())
    }

    /// A node around whatever `children` writes.
    fn node(&mut self, kind: Kind, pair: &P<'i>, children: impl FnOnce(&mut Self)) -> usize {
        let index = self.to.open(kind, self.start(pair));
        children(self);
        self.to.close(index, self.end(pair));
        index
    }

    fn leaf(&mut self, kind: Kind, pair: &P<'i>) {
        let (start, end) = (self.start(pair), self.end(pair));
        self.to.leaf(kind, start, end);
    }

    fn hole(&mut self, pair: &P<'i>, error: impl FnOnce(u32) -> SyntaxError) {
        let at = self.start(pair);
        self.to.hole(at, error);
    }

    fn bad(&mut self, pair: &P<'i>, wanted: &str) {
        let (start, end) = (self.start(pair), self.end(pair));
        if pair.as_rule() == Rule::stray_comma {
            self.to.bad(start, end, errors::stray_comma);
        } else {
            let text = self.to.text.get(start as usize..end as usize).unwrap_or("");
            self.to.bad(start, end, errors::unexpected(text, wanted));
        }
    }

    fn item(&mut self, pair: P<'i>) {
        let index = self.to.open(Kind::Item, 0);
        let end = self.end(&pair);
        let mut members = 0;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::annotation => self.annotation(child),
                Rule::EOI if members == 0 => {
                    self.hole(&child, errors::missing("a statement", "write one, such as `let name = …` or `KIND NAME { … }`"));
                }
                Rule::EOI => {}
                Rule::tail => {
                    let wanted = "the end of the statement: the next one begins on its own line";
                    members += 1;
                    let text = self.to.text.get(..self.end(&child) as usize).unwrap_or("").trim_ascii_end();
                    if !self.to.body_without_opener(self.start(&child), text.len() as u32) {
                        self.bad(&child, wanted);
                    }
                }
                Rule::expression | Rule::no_value => {
                    members += 1;
                    self.value(child);
                }
                _ => {
                    members += 1;
                    self.member(child, Place::File);
                }
            }
        }
        self.to.close(index, end);
    }

    // --- members ------------------------------------------------------------------------------------------------------------

    fn body(&mut self, pair: P<'i>) {
        let index = self.to.open(Kind::Body, self.start(&pair));
        let end = self.end(&pair);
        self.members(pair.into_inner(), Place::Body);
        self.to.close(index, end);
    }

    fn members(&mut self, pairs: Pairs<'i, Rule>, place: Place) {
        let mut comma = None;
        let mut after_comma = false;
        for child in pairs {
            match child.as_rule() {
                Rule::annotation => self.annotation(child),
                Rule::missing_comma => comma = Some(self.start(&child)).filter(|_| !after_comma),
                Rule::trailing => self.bad(&child, "the end of the line, or a comma"),
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
                    self.member(child, place);
                    let is_bad = self.to.nodes.get(nodes).is_none_or(|node| node.kind == Kind::Bad);
                    if let Some(at) = comma.take().filter(|_| !is_bad) {
                        self.to.errors.insert(errors, errors::missing_comma(at, "members"));
                    }
                }
            }
        }
    }

    fn annotation(&mut self, pair: P<'i>) {
        self.node(Kind::Annotation, &pair.clone(), |this| {
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::name => this.name(&child),
                    Rule::call => this.arguments(child),
                    _ => this.hole(&child, errors::missing("a name after `@`", "write `@protect`, `@name(\"…\")` or another")),
                }
            }
        });
    }

    /// One member of a body, or the statement of an item.
    fn member(&mut self, pair: P<'i>, place: Place) {
        let (nodes, errors) = (self.to.nodes.len(), self.to.errors.len());
        let (start, end) = (self.start(&pair), self.end(&pair));
        let text = pair.as_str();
        if self.to.depth > DEEPEST_NODE {
            self.to.bad(start, end, errors::too_long);
            return;
        }
        self.any_member(pair);
        let Some(kind) = self.to.nodes.get(nodes).map(|node| node.kind) else { return };
        let first = text.split([' ', '\t', '\n', '=', '{', '(', '.', ',']).next().unwrap_or(text);
        let span = text.trim_ascii_end();
        let end = end.min(start + span.len() as u32);
        match (place, kind) {
            (Place::File, Kind::Field) => {
                let help = format!("write `let {} = …` for a name, or put the field into a body", errors::shortened(first));
                self.to.refuse(nodes, errors, errors::no_statement(start, end, first, &help));
            }
            (Place::File, Kind::Block | Kind::Shorthand) => {
                let help = match first {
                    "test" => "write `test \"what holds\" { … }`".to_owned(),
                    "use" | "let" | "param" | "output" | "fn" | "type" => format!("write a name behind `{first}`"),
                    _ => format!("write `{} NAME {{ … }}`", errors::shortened(first)),
                };
                self.to.refuse(nodes, errors, errors::no_statement(start, end, first, &help));
            }
            (
                Place::File,
                Kind::Entry | Kind::Spread | Kind::KeyValue | Kind::Out | Kind::FieldDecl | Kind::Check | Kind::Require
                | Kind::Once | Kind::Delegate | Kind::Provider | Kind::ForBlock | Kind::IfBlock | Kind::ForElement
                | Kind::IfElement | Kind::Given | Kind::Refuses | Kind::Deviation,
            ) => {
                let help = "statements are `let`, `param`, `type`, `fn`, `kind`, `implement`, `KIND NAME { … }` and a few more";
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

    fn any_member(&mut self, pair: P<'i>) {
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
            Rule::bad | Rule::bad_element | Rule::stray_comma => self.bad(&pair, "a field `name = value`, a block or a statement"),
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

    fn plain(&mut self, pair: P<'i>) {
        let mut children = pair.clone().into_inner();
        let (Some(path), Some(second)) = (children.next(), children.next()) else { return };
        if second.as_rule() == Rule::body {
            if path.as_str() == "once" {
                self.node(Kind::Once, &pair, |this| this.body(second));
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
            if second.as_rule() == Rule::colon {
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
    fn named(&mut self, pair: P<'i>) {
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
            match child.as_rule() {
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
    fn head(&self, pair: &P<'i>) -> String {
        let line = pair.as_str().lines().next().unwrap_or("");
        line.split(['{', '=', '\u{1}', '\u{2}']).next().unwrap_or("").trim().to_owned()
    }

    /// `key => value`, or a mistake.
    fn loose(&mut self, pair: P<'i>) {
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
                let starts_value = value.starts_with(|first: char| first.is_ascii_alphanumeric() || "\"[{-".contains(first));
                if let (Some(_), true, true) = (junk, !name.is_empty() && after.starts_with(' '), starts_value) {
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
                    self.to.bad(start, end, |start, end| errors::no_member(start, end, text));
                }
            }
        }
    }

    fn field_decl(&mut self, pair: P<'i>) {
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

    fn only_child(&mut self, pair: P<'i>) {
        for child in pair.into_inner() {
            self.part(child, Kind::FieldDecl, "");
        }
    }

    // --- statements -------------------------------------------------------------------------------------------------------------

    fn statement(&mut self, pair: P<'i>) {
        let kind = match pair.as_rule() {
            Rule::let_statement => Kind::Let,
            Rule::param_statement => Kind::Param,
            Rule::output_statement => Kind::Output,
            Rule::type_statement => Kind::TypeDecl,
            Rule::fn_statement => Kind::Fn,
            Rule::parameter => Kind::Parameter,
            Rule::use_statement => Kind::Use,
            Rule::block_statement => match pair.as_str().split([' ', '\t']).next().unwrap_or("") {
                "project" => Kind::Project,
                "package" => Kind::Package,
                "environment" => Kind::Environment,
                _ => Kind::Policy,
            },
            Rule::platform_statement => Kind::PlatformDecl,
            Rule::kind_statement => Kind::KindDecl,
            Rule::super_kind => Kind::Super,
            Rule::implement_statement => Kind::Implement,
            Rule::on_platform => Kind::OnPlatform,
            Rule::impl_name => Kind::ImplName,
            Rule::adjust_statement => Kind::Adjust,
            Rule::test_statement => Kind::Test,
            Rule::moved_statement => Kind::Moved,
            Rule::forget_statement => Kind::Forget,
            Rule::adopt_statement => Kind::Adopt,
            Rule::check_statement if pair.as_str().starts_with("check") => Kind::Check,
            Rule::check_statement => Kind::Require,
            Rule::once_statement => Kind::Once,
            Rule::delegate_statement => Kind::Delegate,
            Rule::provider_statement => Kind::Provider,
            Rule::given_statement => Kind::Given,
            Rule::refuses_statement => Kind::Refuses,
            Rule::deviation_statement => Kind::Deviation,
            Rule::for_statement | Rule::for_element => {
                let is_element = pair.clone().into_inner().any(|child| child.as_rule() == Rule::colon);
                if is_element || pair.as_rule() == Rule::for_element { Kind::ForElement } else { Kind::ForBlock }
            }
            Rule::if_statement => {
                let is_element = pair.clone().into_inner().any(|child| child.as_rule() == Rule::colon);
                if is_element { Kind::IfElement } else { Kind::IfBlock }
            }
            Rule::for_header | Rule::needs => {
                // One node for each binding or name: they are siblings in the tree.
                for child in pair.into_inner() {
                    if child.as_rule() == Rule::binding {
                        self.binding(child);
                    } else {
                        self.node(Kind::Needs, &child.clone(), |this| this.part(child, Kind::Needs, ""));
                    }
                }
                return;
            }
            Rule::if_header => return self.with_value(Kind::IfHeader, pair),
            Rule::key_header => return self.with_value(Kind::KeyHeader, pair),
            Rule::on_header => return self.with_value(Kind::OnHeader, pair),
            Rule::by_clause => return self.with_value(Kind::By, pair),
            Rule::where_clause => {
                let start = self.start(&pair) + (pair.as_str().len() - pair.as_str().trim_start().len()) as u32;
                let index = self.to.open(Kind::Where, start);
                for child in pair.clone().into_inner() {
                    self.part(child, Kind::Where, "");
                }
                self.to.close(index, self.end(&pair));
                return;
            }
            _ => return self.value(pair),
        };
        let head = self.head(&pair);
        let index = self.to.open(kind, self.start(&pair));
        for child in pair.clone().into_inner() {
            self.part(child, kind, &head);
        }
        self.to.close(index, self.end(&pair));
        if kind == Kind::Super && pair.into_inner().any(|child| child.as_rule() == Rule::platform_mark) {
            self.to.flag(index, flag::PLATFORM);
        }
    }

    /// A part of a statement or member of this kind.
    fn part(&mut self, child: P<'i>, kind: Kind, head: &str) {
        match child.as_rule() {
            Rule::name | Rule::quoted => self.name(&child),
            Rule::path => self.path(if kind == Kind::Deviation { Kind::FieldPath } else { Kind::Path }, child),
            Rule::equals | Rule::block_keyword | Rule::check_keyword | Rule::platform_mark => {}
            Rule::colon => {
                if matches!(kind, Kind::Let | Kind::Output | Kind::TypeDecl) {
                    let at = self.start(&child);
                    self.to.tell(errors::colon(at, head));
                }
            }
            Rule::body | Rule::decl_body => self.body(child),
            Rule::no_body => self.hole(&child, errors::missing_body(head, self.to.depth <= 2)),
            Rule::bad_header => self.bad(&child, "`for …`, `if …`, `key …`, `on …` or `{`"),
            Rule::address => self.address(child),
            Rule::parameters => self.elements(child, "parameters"),
            Rule::binding => self.binding(child),
            Rule::hole => self.hole(&child, errors::missing_part(kind, head)),
            Rule::plain | Rule::named | Rule::shorthand | Rule::loose | Rule::spread => self.any_member(child),
            _ => self.statement(child),
        }
    }

    /// What stands in `( … )` or `[ … ]`, separated by commas.
    fn elements(&mut self, pair: P<'i>, what: &str) {
        let mut comma = None;
        let mut after_comma = false;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::unclosed => self.leaf(Kind::Unclosed, &child),
                Rule::missing_separator => comma = Some(self.start(&child)).filter(|_| !after_comma),
                rule => {
                    after_comma = rule == Rule::stray_comma;
                    let (nodes, errors) = (self.to.nodes.len(), self.to.errors.len());
                    match rule {
                        Rule::bad_element | Rule::stray_comma => self.bad(&child, "an element, `,` or the closing bracket"),
                        Rule::arg => self.argument(child),
                        _ => self.statement(child),
                    }
                    let is_bad = self.to.nodes.get(nodes).is_none_or(|node| node.kind == Kind::Bad);
                    // What is missing at the end of an element was told of.
                    let told = |at: u32| {
                        let last = errors.checked_sub(1).and_then(|last| self.to.errors.get(last));
                        last.is_some_and(|last| last.start + last.len == at || last.start + last.len + 1 == at)
                    };
                    if let Some(at) = comma.take().filter(|at| !is_bad && !told(*at)) {
                        self.to.errors.insert(errors, errors::missing_list_comma(at, what));
                    }
                }
            }
        }
    }

    /// `x in EXPR` or `k, v in EXPR`
    fn binding(&mut self, pair: P<'i>) {
        self.node(Kind::ForHeader, &pair.clone(), |this| {
            for child in pair.into_inner() {
                this.part(child, Kind::ForHeader, "");
            }
        });
    }

    fn address(&mut self, pair: P<'i>) {
        self.node(Kind::Address, &pair.clone(), |this| {
            for child in pair.into_inner() {
                let kind = match child.as_rule() {
                    Rule::address_name => Kind::AddressName,
                    Rule::address_any => Kind::AddressAny,
                    Rule::address_key => Kind::AddressKey,
                    _ => {
                        this.name(&child);
                        continue;
                    }
                };
                this.node(kind, &child.clone(), |this| child.into_inner().for_each(|part| this.part(part, kind, "")));
            }
        });
    }

    /// A node whose children are one value and what follows it.
    fn with_value(&mut self, kind: Kind, pair: P<'i>) {
        self.node(kind, &pair.clone(), |this| pair.into_inner().for_each(|child| this.part(child, kind, "")));
    }

    // --- names ----------------------------------------------------------------------------------------------------------------

    fn name(&mut self, pair: &P<'i>) {
        let (start, end) = (self.start(pair), self.end(pair));
        self.to.name(start, end, pair.as_rule() == Rule::quoted);
    }

    fn names(&mut self, pair: P<'i>) {
        for child in pair.into_inner() {
            self.name(&child);
        }
    }

    fn path(&mut self, kind: Kind, pair: P<'i>) {
        self.node(kind, &pair.clone(), |this| this.names(pair));
    }

    // --- values ---------------------------------------------------------------------------------------------------------------

    /// Any expression, type or what stands in its place.
    fn value(&mut self, pair: P<'i>) {
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
            Rule::unclosed => self.leaf(Kind::Unclosed, &pair),
            Rule::junk_in => self.bad(&pair, "the closing bracket"),
            _ => self.bad(&pair, "a value"),
        }
    }

    /// A hole where a value, type or name must stand.
    fn missing(&mut self, pair: &P<'i>, what: &str) {
        let at = self.start(pair);
        let before = self.to.text.get(..at as usize).unwrap_or("");
        self.to.hole(at, errors::missing_after(what, before));
    }

    fn number(&mut self, pair: &P<'i>) {
        let (start, end) = (self.start(pair), self.end(pair));
        match number::classify(pair.as_str()) {
            Some(kind) => {
                self.to.leaf(kind, start, end);
            }
            None => self.to.bad(start, end, |start, end| errors::number(start, end, pair.as_str())),
        }
    }

    fn text(&mut self, pair: P<'i>) {
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

    fn escapes(&mut self, part: &P<'i>) {
        let (text, start) = (part.as_str(), self.start(part));
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
            let escape = at + found;
            let after = text.get(escape + 1..).unwrap_or("");
            let width = match after.chars().next() {
                Some('n' | 't' | 'r' | '"' | '\\' | '$') => 1,
                Some('u') => match after.get(1..).and_then(|rest| rest.strip_prefix('{')).and_then(|rest| rest.split_once('}')) {
                    Some((code, _)) if u32::from_str_radix(code, 16).ok().and_then(char::from_u32).is_some() => code.len() + 3,
                    _ => 0,
                },
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

    // --- operators ------------------------------------------------------------------------------------------------------------

    /// `operand (operator operand)*`, flat in the grammar, by precedence in the tree.
    fn expression(&mut self, pair: P<'i>) {
        let (start, end) = (self.start(&pair), self.end(&pair));
        let mut inner = pair.into_inner();
        let Some(first) = inner.next() else { return };
        let Some(second) = inner.next() else { return self.value(first) };
        let parts: Vec<P<'i>> = [first, second].into_iter().chain(inner).collect();
        if self.to.depth + parts.len() > DEEPEST_NODE {
            self.to.bad(start, end, errors::too_long);
            return;
        }
        self.operations(&parts);
    }

    fn operations(&mut self, parts: &[P<'i>]) {
        let mut operands = vec![0..0];
        let mut operators = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            if part.as_rule() == Rule::operator {
                operators.push(index);
                operands.push(index + 1..index + 1);
            } else if let Some(last) = operands.last_mut() {
                last.end = index + 1;
            }
        }
        let mut tree = Vec::with_capacity(operands.len() * 2);
        let mut output: Vec<usize> = Vec::new();
        let mut waiting: Vec<usize> = Vec::new();
        for (index, operand) in operands.into_iter().enumerate() {
            tree.push(Operation::Operand(operand));
            output.push(tree.len() - 1);
            let next = operators.get(index).copied();
            let next_level = next.and_then(|at| parts.get(at)).map_or(0, |part| level(part.as_str()));
            while let Some(operator) = waiting.last().copied() {
                if parts.get(operator).is_some_and(|part| level(part.as_str()) < next_level) {
                    break;
                }
                waiting.pop();
                if let (Some(right), Some(left)) = (output.pop(), output.pop()) {
                    self.told_of_chain(parts, &tree, operator, left);
                    tree.push(Operation::Binary { operator, left, right });
                    output.push(tree.len() - 1);
                }
            }
            waiting.extend(next);
        }
        if let Some(root) = output.pop() {
            self.operation(parts, &tree, root);
        }
    }

    fn told_of_chain(&mut self, parts: &[P<'i>], tree: &[Operation], operator: usize, left: usize) {
        let Some(part) = parts.get(operator) else { return };
        let text = part.as_str();
        let Some(Operation::Binary { operator: inner, .. }) = tree.get(left) else { return };
        let same = parts.get(*inner).is_some_and(|inner| level(inner.as_str()) == level(text));
        if same && matches!(level(text), 1 | 4 | 5) {
            let (start, end) = (self.start(part), self.end(part));
            self.to.tell(errors::chain(start, end, text));
        }
    }

    /// Writes one operation; its depth was checked before.
    fn operation(&mut self, parts: &[P<'i>], tree: &[Operation], at: usize) {
        match tree.get(at) {
            Some(Operation::Binary { operator, left, right }) => {
                let index = self.to.open(Kind::Binary, 0);
                self.operation(parts, tree, *left);
                if let Some(part) = parts.get(*operator) {
                    self.leaf(Kind::Operator, part);
                }
                self.operation(parts, tree, *right);
                let start = self.to.nodes.get(index + 1).map_or(0, |node| node.start);
                if let Some(node) = self.to.nodes.get_mut(index) {
                    node.start = start;
                }
                let end = self.to.nodes.last().map_or(start, |_| self.end_of_operand(parts, tree, *right));
                self.to.close(index, end);
            }
            Some(Operation::Operand(range)) => self.operand(parts.get(range.clone()).unwrap_or(&[])),
            None => {}
        }
    }

    fn end_of_operand(&self, parts: &[P<'i>], tree: &[Operation], mut at: usize) -> u32 {
        loop {
            match tree.get(at) {
                Some(Operation::Binary { right, .. }) => at = *right,
                Some(Operation::Operand(range)) => return parts.get(range.end.saturating_sub(1)).map_or(0, |part| self.end(part)),
                None => return 0,
            }
        }
    }

    /// `unary* primary postfix*`
    fn operand(&mut self, parts: &[P<'i>]) {
        let unary = parts.iter().take_while(|part| part.as_rule() == Rule::unary).count();
        let (before, rest) = parts.split_at_checked(unary).unwrap_or((&[], parts));
        let end = parts.last().map_or(0, |part| self.end(part));
        let mut open = Vec::with_capacity(unary);
        for operator in before {
            open.push(self.to.open(Kind::Unary, self.start(operator)));
            self.leaf(Kind::Operator, operator);
        }
        self.postfixed(rest);
        for index in open.into_iter().rev() {
            self.to.close(index, end);
        }
    }

    fn postfixed(&mut self, parts: &[P<'i>]) {
        let Some((primary, postfixes)) = parts.split_first() else { return };
        let start = self.start(primary);
        let mut open = Vec::with_capacity(postfixes.len());
        for postfix in postfixes.iter().rev() {
            let kind = match postfix.as_rule() {
                Rule::dot => Kind::Dot,
                Rule::safe_dot => Kind::SafeDot,
                Rule::index => Kind::Index,
                Rule::call => Kind::Call,
                _ => Kind::With,
            };
            open.push(self.to.open(kind, start));
        }
        self.value(primary.clone());
        for (postfix, index) in postfixes.iter().zip(open.into_iter().rev()) {
            if postfix.as_rule() == Rule::call {
                self.arguments(postfix.clone());
            } else {
                postfix.clone().into_inner().for_each(|child| self.part(child, Kind::Dot, ""));
            }
            self.to.close(index, self.end(postfix));
        }
    }

    fn arguments(&mut self, pair: P<'i>) {
        self.elements(pair, "arguments");
    }

    fn argument(&mut self, pair: P<'i>) {
        let (nodes, errors) = (self.to.nodes.len(), self.to.errors.len());
        let mut is_element = false;
        self.node(Kind::Arg, &pair.clone(), |this| {
            let mut name = "";
            for child in pair.clone().into_inner() {
                match child.as_rule() {
                    Rule::name | Rule::quoted => {
                        name = child.as_str();
                        this.name(&child);
                    }
                    Rule::equals => {}
                    Rule::colon => {
                        let at = this.start(&child);
                        this.to.tell(errors::colon(at, name));
                    }
                    Rule::bad_element => this.bad(&child, "an argument, `,` or `)`"),
                    _ => {
                        let first = this.to.nodes.len();
                        this.statement(child);
                        let kind = this.to.nodes.get(first).map(|node| node.kind);
                        is_element = matches!(kind, Some(Kind::Spread | Kind::ForElement | Kind::IfElement));
                    }
                }
            }
        });
        if is_element {
            let (start, end) = (self.start(&pair), self.end(&pair));
            let help = "put it into a list: `[for x in xs: …]`";
            self.to.refuse(nodes, errors, errors::misplaced(start, end, "an element", "among arguments", help));
        }
    }

    // --- if and match -----------------------------------------------------------------------------------------------------------

    /// `if c then a else b`, and in a list also `if c: element`.
    fn if_else(&mut self, pair: P<'i>) {
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

    fn branch(&mut self, pair: P<'i>) {
        match pair.as_rule() {
            Rule::no_then => self.hole(&pair, errors::missing("`then`", "write `if c then a else b`, in a list also `if c: element`")),
            Rule::no_else => self.hole(&pair, errors::missing("`else`", "an `if` in a value needs both: `if c then a else b`")),
            _ => self.value(pair),
        }
    }

    fn match_arms(&mut self, pair: P<'i>) {
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

    fn arms(&mut self, pair: P<'i>) {
        let mut comma = None;
        for child in pair.into_inner() {
            match child.as_rule() {
                Rule::arm => {
                    if let Some(at) = comma.take() {
                        self.to.tell(errors::missing_comma(at, "arms"));
                    }
                    self.arm(child);
                }
                Rule::missing_arm_comma => comma = Some(self.start(&child)),
                Rule::unclosed => self.leaf(Kind::Unclosed, &child),
                _ => self.bad(&child, "an arm: `pattern => value`"),
            }
        }
    }

    fn arm(&mut self, pair: P<'i>) {
        self.node(Kind::Arm, &pair.clone(), |this| {
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::pattern => {
                        this.node(Kind::Pattern, &child.clone(), |this| child.into_inner().for_each(|part| this.pattern(part)));
                    }
                    Rule::fat => {}
                    Rule::no_arrow => this.hole(&child, errors::missing("`=>` and a value", "write `pattern => value`")),
                    _ => this.value(child),
                }
            }
        });
    }

    fn pattern(&mut self, pair: P<'i>) {
        let kind = match pair.as_rule() {
            Rule::pattern_on => Kind::PatternOn,
            Rule::pattern_case => Kind::PatternCase,
            Rule::pattern_kind => Kind::PatternKind,
            _ => return self.value(pair),
        };
        self.with_value(kind, pair);
    }

    // --- types ------------------------------------------------------------------------------------------------------------------

    fn type_union(&mut self, pair: P<'i>) {
        if pair.clone().into_inner().count() > 1 {
            self.with_value(Kind::TypeUnion, pair);
        } else {
            pair.into_inner().for_each(|part| self.value(part));
        }
    }

    /// `later secret T?`: `?` binds loosest, so that `later T?` says that presence is known.
    fn type_part(&mut self, pair: P<'i>) {
        let (start, end) = (self.start(&pair), self.end(&pair));
        let parts: Vec<P<'i>> = pair.into_inner().collect();
        if self.to.depth + parts.len() > DEEPEST_NODE {
            self.to.bad(start, end, errors::too_long);
            return;
        }
        let core_end = parts.iter().rev().find(|part| part.as_rule() != Rule::type_optional).map_or(end, |part| self.end(part));
        let mut optionals = Vec::new();
        for _ in parts.iter().filter(|part| part.as_rule() == Rule::type_optional) {
            optionals.push(self.to.open(Kind::TypeOptional, start));
        }
        let mut stages = Vec::new();
        for part in &parts {
            match part.as_rule() {
                Rule::type_stage => {
                    let kind = if part.as_str() == "later" { Kind::TypeLater } else { Kind::TypeSecret };
                    stages.push(self.to.open(kind, self.start(part)));
                }
                Rule::type_optional => {}
                _ => self.type_core(part.clone()),
            }
        }
        for index in stages.into_iter().rev() {
            self.to.close(index, core_end);
        }
        let ends = parts.iter().filter(|part| part.as_rule() == Rule::type_optional).map(|part| self.end(part)).collect::<Vec<_>>();
        for (index, end) in optionals.into_iter().rev().zip(ends) {
            self.to.close(index, end);
        }
    }

    fn type_core(&mut self, pair: P<'i>) {
        match pair.as_rule() {
            Rule::type_list => self.with_value(Kind::TypeList, pair),
            Rule::type_group => pair.into_inner().for_each(|child| self.part(child, Kind::TypeList, "")),
            Rule::type_key_of => self.with_value(Kind::TypeKeyOf, pair),
            Rule::type_record => self.type_record(pair),
            Rule::type_number => {
                self.node(Kind::TypeLiteral, &pair.clone(), |this| {
                    let negative = pair.as_str().starts_with('-');
                    let start = this.start(&pair);
                    let unary = negative.then(|| this.to.open(Kind::Unary, start));
                    if negative {
                        this.to.leaf(Kind::Operator, start, start + 1);
                    }
                    pair.clone().into_inner().for_each(|number| this.value(number));
                    if let Some(index) = unary {
                        this.to.close(index, this.end(&pair));
                    }
                });
            }
            Rule::type_word => self.type_word(pair),
            _ => {
                self.node(Kind::TypeLiteral, &pair.clone(), |this| this.value(pair));
            }
        }
    }

    fn type_word(&mut self, pair: P<'i>) {
        let mut children = pair.clone().into_inner();
        let Some(path) = children.next() else { return };
        match children.next() {
            Some(cases) if cases.as_rule() == Rule::type_cases => {
                self.node(Kind::TypeCase, &pair, |this| {
                    this.names(path);
                    this.elements(cases, "types");
                });
            }
            Some(angle) => {
                self.node(Kind::TypeApply, &pair, |this| {
                    this.path(Kind::Path, path);
                    angle.into_inner().for_each(|child| this.part(child, Kind::TypeApply, ""));
                });
            }
            None if matches!(path.as_str(), "true" | "false") => {
                self.node(Kind::TypeLiteral, &pair, |this| this.leaf(Kind::Bool, &path));
            }
            None => {
                self.node(Kind::TypeName, &pair, |this| this.path(Kind::Path, path));
            }
        }
    }

    /// `{ a: int, b: string }` or `{K: T}`. A single plain name is a key when it is `string`, or when no blank stands after
    /// the brace: `{server: T}` is a map, `{ server: T }` a record.
    fn type_record(&mut self, pair: P<'i>) {
        let members: Vec<P<'i>> = pair.clone().into_inner().filter(|child| child.as_rule() != Rule::missing_comma).collect();
        let closed = members.iter().filter(|child| child.as_rule() != Rule::unclosed);
        if let [member] = closed.collect::<Vec<_>>().as_slice() {
            let parts: Vec<P<'i>> = (*member).clone().into_inner().collect();
            let key = parts.first();
            let is_map = match member.as_rule() {
                Rule::type_entry => parts.len() == 2 && parts.iter().all(|part| part.as_rule() != Rule::junk_tail),
                Rule::field_decl if parts.len() == 2 => key.is_some_and(|key| {
                    key.as_str() == "string" || key.as_rule() == Rule::quoted || !pair.as_str().starts_with("{ ")
                        && !pair.as_str().starts_with("{\n") && key.as_rule() == Rule::name
                }),
                _ => false,
            };
            if is_map {
                self.node(Kind::TypeMap, &pair, |this| {
                    for part in parts {
                        match part.as_rule() {
                            Rule::name | Rule::quoted => this.map_key(&part),
                            _ => this.value(part),
                        }
                    }
                    members.iter().filter(|child| child.as_rule() == Rule::unclosed).for_each(|child| this.leaf(Kind::Unclosed, child));
                });
                return;
            }
        }
        let index = self.to.open(Kind::TypeRecord, self.start(&pair));
        for child in pair.clone().into_inner() {
            match child.as_rule() {
                Rule::type_entry => {
                    let (start, end) = (self.start(&child), self.end(&child));
                    let text = child.as_str();
                    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                        self.to.bad(start, end, |start, end| errors::missing_field_type(start, end, text));
                    } else {
                        self.to.bad(start, end, errors::unexpected(text, "a field `name: type`; a map has one pair: `{K: T}`"));
                    }
                }
                Rule::annotation => self.annotation(child),
                Rule::missing_comma => {}
                Rule::trailing => self.bad(&child, "the end of the line, or a comma"),
                Rule::unclosed => self.leaf(Kind::Unclosed, &child),
                Rule::bad | Rule::stray_comma => self.bad(&child, "a field `name: type`"),
                _ => self.any_member(child),
            }
        }
        self.to.close(index, self.end(&pair));
    }

    fn map_key(&mut self, name: &P<'i>) {
        let (start, end) = (self.start(name), self.end(name));
        if name.as_rule() == Rule::quoted {
            self.node(Kind::TypeLiteral, name, |this| {
                this.node(Kind::Text, name, |this| {
                    this.to.leaf(Kind::TextPart, start + 1, end - 1);
                });
            });
        } else {
            self.node(Kind::TypeName, name, |this| {
                this.node(Kind::Path, name, |this| this.name(name));
            });
        }
    }
}

/// Operands and operators of one expression, as ranges and places in its parts.
enum Operation {
    Operand(std::ops::Range<usize>),
    Binary { operator: usize, left: usize, right: usize },
}

/// How tightly an operator binds (language.md, decision 11); 0 is none.
fn level(operator: &str) -> u8 {
    match operator {
        "->" => 1,
        "or" | "??" => 2,
        "and" => 3,
        "==" | "!=" | "<" | "<=" | ">" | ">=" | "is" | "in" => 4,
        ".." => 5,
        "+" | "-" | "++" => 6,
        _ => 7,
    }
}

fn is_header(rule: Rule) -> bool {
    matches!(rule, Rule::for_header | Rule::if_header | Rule::key_header | Rule::on_header)
}

/// What may stand in `{ … }` as an expression.
fn is_record_member(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Field | Kind::Shorthand | Kind::Block | Kind::Spread | Kind::KeyValue | Kind::ForElement | Kind::IfElement | Kind::Bad
            | Kind::Annotation | Kind::Hole
    )
}
