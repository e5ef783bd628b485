//! Statements and their parts; names.

use super::{P, Reader, Rule};
use crate::errors;
use crate::foreign;
use crate::tree::{Kind, flag};

impl<'i> Reader<'i, '_, '_> {
    pub(super) fn statement(&mut self, pair: P<'i>) {
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
            Rule::destroy_statement => Kind::Destroy,
            Rule::adopt_statement => Kind::Adopt,
            Rule::in_environment => Kind::InEnvironment,
            Rule::why_leaving => Kind::Because,
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
        let outside = self.in_adjust;
        self.in_adjust |= kind == Kind::Adjust;
        let warns = pair.clone().into_inner().any(|child| child.as_rule() == Rule::warn_clause);
        if warns {
            self.to.flag(index, flag::WARN);
        }
        for child in pair.clone().into_inner() {
            let is_condition = child.as_rule() == Rule::bad_header && kind == Kind::IfBlock;
            self.part(child, kind, &head);
            if is_condition {
                // `if a = b {`: the condition is as broken as what follows it.
                self.to.merge_last_two(index);
            }
        }
        self.in_adjust = outside;
        self.to.close(index, self.end(&pair));
        if kind == Kind::Super && pair.into_inner().any(|child| child.as_rule() == Rule::platform_mark) {
            self.to.flag(index, flag::PLATFORM);
        }
    }

    /// A part of a statement or member of this kind.
    pub(super) fn part(&mut self, child: P<'i>, kind: Kind, head: &str) {
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
            Rule::no_once_name => self.hole(&child, errors::missing("the name behind `once`", errors::ONCE)),
            Rule::no_body => self.hole(&child, errors::missing_body(head, self.to.depth <= 2)),
            Rule::bad_header
                if let Some(help) =
                    foreign::statement(head).filter(|_| kind == Kind::Instance && !head.contains('"')) =>
            {
                let (start, end) = (self.start(&child), self.end(&child));
                let first = head.split(' ').next().unwrap_or(head);
                self.to.bad(start, end, |start, end| errors::no_statement(start, end, first, help));
            }
            Rule::bad_header if child.as_str().trim() == ":" => self.leaf(Kind::Bad, &child),
            Rule::bad_header if kind != Kind::IfBlock => {
                let (start, end) = (self.start(&child), self.end(&child));
                let text = self.to.text.get(start as usize..end as usize).unwrap_or("");
                let before = self.to.text.get(..start as usize).unwrap_or("");
                let compares = text.starts_with('=') && head.contains(" if ");
                if compares || errors::dashed_name(before, text).is_some() {
                    self.bad(&child, "");
                } else if let Some(error) = errors::unquoted_destroy(before, text) {
                    self.to.bad(start, end, |_, _| error);
                } else {
                    self.to.bad(start, end, errors::head(kind, text, head));
                }
            }
            Rule::bad_header => self.bad(&child, "`for …`, `if …`, `key …`, `on …` or `{`"),
            Rule::address => self.address(child),
            Rule::parameters => self.elements(child, "parameters"),
            Rule::warn_clause => child.into_inner().for_each(|child| self.part(child, kind, head)),
            Rule::binding => self.binding(child),
            // A function whose parameter has no type most likely has none for its result either: that is one mistake.
            Rule::hole
                if kind == Kind::Fn
                    && self
                        .to
                        .errors
                        .last()
                        .is_some_and(|last| last.message.starts_with("the type of a parameter")) =>
            {
                let at = self.start(&child);
                self.to.leaf(Kind::Hole, at, at);
            }
            Rule::hole => {
                let (before, rest) = self.to.text.split_at_checked(self.start(&child) as usize).unwrap_or_default();
                match errors::unescaped_key(before, rest) {
                    Some(error) => self.hole(&child, |_| error),
                    None => self.hole(&child, errors::missing_part(kind, head)),
                }
            }
            Rule::plain | Rule::named | Rule::shorthand | Rule::loose | Rule::spread => self.any_member(child),
            _ => self.statement(child),
        }
    }

    /// What stands in `( … )` or `[ … ]`, separated by commas.
    pub(super) fn elements(&mut self, pair: P<'i>, what: &str) {
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
                        Rule::bad_element | Rule::stray_comma => {
                            self.bad(&child, "an element, `,` or the closing bracket")
                        }
                        Rule::arg => self.argument(child),
                        Rule::for_element if comma.is_some() => {
                            // `[x for x in xs]`
                            comma = None;
                            let (start, end) = (self.start(&child), self.end(&child));
                            self.to.bad(start, end, errors::loop_behind_element);
                        }
                        _ => self.statement(child),
                    }
                    let is_kind = |at: usize, kind| self.to.nodes.get(at).is_none_or(|node| node.kind == kind);
                    let is_bad =
                        is_kind(nodes, Kind::Bad) || is_kind(nodes, Kind::Arg) && is_kind(nodes + 1, Kind::Bad);
                    let text = self.to.text;
                    let next = comma.and_then(|at| text.get(at as usize..)).unwrap_or("");
                    // What is missing at the end of an element was told of.
                    let told = |at: u32| {
                        let last = errors.checked_sub(1).and_then(|last| self.to.errors.get(last));
                        last.is_some_and(|last| last.start + last.len == at || last.start + last.len + 1 == at)
                    };
                    if let Some(at) = comma.take().filter(|at| !is_bad && !told(*at)) {
                        self.to.errors.insert(errors, errors::missing_list_comma(at, what, next));
                    }
                }
            }
        }
    }

    /// `x in EXPR` or `k, v in EXPR`
    pub(super) fn binding(&mut self, pair: P<'i>) {
        self.node(Kind::ForHeader, &pair.clone(), |this| {
            for child in pair.into_inner() {
                this.part(child, Kind::ForHeader, "");
            }
        });
    }

    pub(super) fn address(&mut self, pair: P<'i>) {
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
    pub(super) fn with_value(&mut self, kind: Kind, pair: P<'i>) {
        self.node(kind, &pair.clone(), |this| pair.into_inner().for_each(|child| this.part(child, kind, "")));
    }

    pub(super) fn name(&mut self, pair: &P<'i>) {
        let (start, end) = (self.start(pair), self.end(pair));
        self.to.name(start, end, pair.as_rule() == Rule::quoted);
    }

    pub(super) fn names(&mut self, pair: P<'i>) {
        for child in pair.into_inner() {
            if child.as_rule() == Rule::field_key {
                self.node(Kind::AddressKey, &child.clone(), |this| {
                    child.into_inner().for_each(|key| this.quoted_text(&key))
                });
            } else {
                self.name(&child);
            }
        }
    }

    pub(super) fn path(&mut self, kind: Kind, pair: P<'i>) {
        self.node(kind, &pair.clone(), |this| this.names(pair));
    }
}
