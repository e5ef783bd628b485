//! Types.

use super::{P, Reader, Rule};
use crate::build::DEEPEST_NODE;
use crate::errors;
use crate::tree::Kind;

impl<'i> Reader<'i, '_, '_> {
    pub(super) fn type_union(&mut self, pair: P<'i>) {
        if pair.clone().into_inner().count() > 1 {
            self.with_value(Kind::TypeUnion, pair);
        } else {
            pair.into_inner().for_each(|part| self.value(part));
        }
    }

    /// `later secret T?`: `?` binds loosest, so that `later T?` says that presence is known.
    pub(super) fn type_part(&mut self, pair: P<'i>) {
        let (start, end) = (self.start(&pair), self.end(&pair));
        let parts: Vec<P<'i>> = pair.into_inner().collect();
        if self.to.depth + parts.len() > DEEPEST_NODE {
            self.to.bad(start, end, errors::too_long);
            return;
        }
        let core_end =
            parts.iter().rev().find(|part| part.as_rule() != Rule::type_optional).map_or(end, |part| self.end(part));
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
        let ends = parts
            .iter()
            .filter(|part| part.as_rule() == Rule::type_optional)
            .map(|part| self.end(part))
            .collect::<Vec<_>>();
        for (index, end) in optionals.into_iter().rev().zip(ends) {
            self.to.close(index, end);
        }
    }

    pub(super) fn type_core(&mut self, pair: P<'i>) {
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

    pub(super) fn type_word(&mut self, pair: P<'i>) {
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
    pub(super) fn type_record(&mut self, pair: P<'i>) {
        let members: Vec<P<'i>> =
            pair.clone().into_inner().filter(|child| child.as_rule() != Rule::missing_comma).collect();
        let closed = members.iter().filter(|child| child.as_rule() != Rule::unclosed);
        if let [member] = closed.collect::<Vec<_>>().as_slice() {
            let parts: Vec<P<'i>> = (*member).clone().into_inner().collect();
            let key = parts.first();
            let is_map = match member.as_rule() {
                Rule::type_entry => parts.len() == 2 && parts.iter().all(|part| part.as_rule() != Rule::junk_tail),
                Rule::field_decl if parts.len() == 2 => key.is_some_and(|key| {
                    key.as_str() == "string"
                        || key.as_rule() == Rule::quoted
                        || !pair.as_str().starts_with("{ ")
                            && !pair.as_str().starts_with("{\n")
                            && key.as_rule() == Rule::name
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
                    members
                        .iter()
                        .filter(|child| child.as_rule() == Rule::unclosed)
                        .for_each(|child| this.leaf(Kind::Unclosed, child));
                });
                return;
            }
        }
        let index = self.to.open(Kind::TypeRecord, self.start(&pair));
        for child in pair.clone().into_inner() {
            match child.as_rule() {
                Rule::type_entry => {
                    let (start, end) = (self.start(&child), self.end(&child));
                    let text = child.as_str().trim_ascii_end();
                    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                        self.to.bad(start, end, |start, end| errors::missing_field_type(start, end, text));
                    } else {
                        self.to.bad(
                            start,
                            end,
                            errors::unexpected(text, "a field `name: type`; a map has one pair: `{K: T}`"),
                        );
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

    pub(super) fn map_key(&mut self, name: &P<'i>) {
        if name.as_rule() == Rule::quoted {
            self.node(Kind::TypeLiteral, name, |this| this.quoted_text(name));
        } else {
            self.node(Kind::TypeName, name, |this| {
                this.node(Kind::Path, name, |this| this.name(name));
            });
        }
    }

    /// A quoted name as the text that it is.
    pub(super) fn quoted_text(&mut self, name: &P<'i>) {
        let (start, end) = (self.start(name), self.end(name));
        self.node(Kind::Text, name, |this| {
            if end > start + 2 {
                this.to.leaf(Kind::TextPart, start + 1, end - 1);
            }
        });
    }
}
