//! Operators by precedence, what stands before and behind an operand, and the arguments of calls. All of it is flat in the
//! grammar and is nested here, no deeper than readers may recurse.

use super::{P, Reader, Rule};
use crate::build::DEEPEST_NODE;
use crate::errors;
use crate::tree::Kind;

impl<'i> Reader<'i, '_, '_> {
    /// `operand (operator operand)*`, flat in the grammar, by precedence in the tree.
    pub(super) fn expression(&mut self, pair: P<'i>) {
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
        let mut operands = Vec::from([std::ops::Range { start: 0, end: 0 }]);
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
                Some(Operation::Operand(range)) => {
                    return parts.get(range.end.saturating_sub(1)).map_or(0, |part| self.end(part));
                }
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

    pub(super) fn arguments(&mut self, pair: P<'i>) {
        self.elements(pair, "arguments");
    }

    pub(super) fn argument(&mut self, pair: P<'i>) {
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
                    Rule::bad_element if child.as_str().starts_with("=>") => {
                        let (start, end) = (this.start(&child), this.end(&child));
                        this.to.bad(start, end, errors::lambda);
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
