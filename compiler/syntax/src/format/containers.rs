//! Brackets and what stands in them: commas, newlines, blank lines, and the comments between members.

use super::doc::Doc;
use super::{Layout, slice};
use crate::tree::{Kind, NodeId, Tree, TriviaKind};

/// How the members of a container are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// `a, b`; broken, each with a comma behind it
    Comma,
    /// `a, b`; broken, each on its line
    Newline,
}

/// The brackets around members.
#[derive(Clone, Copy)]
pub(super) struct Brackets {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) separator: Separator,
    /// Blanks inside, on one line: `{ a = 1 }`
    pub(super) padded: bool,
}

pub(super) const BRACES: Brackets = Brackets { open: "{", close: "}", separator: Separator::Newline, padded: true };
pub(super) const SQUARE: Brackets = Brackets { open: "[", close: "]", separator: Separator::Comma, padded: false };
pub(super) const ROUND: Brackets = Brackets { open: "(", close: ")", separator: Separator::Comma, padded: false };

/// A comment, or a member, on its way to its line.
struct Entry {
    doc: Doc,
    is_comment: bool,
    /// A member takes a separator, an annotation or a comment does not.
    separated: bool,
    blank_before: bool,
    /// Comments behind it, on its line.
    behind: Vec<Doc>,
}

impl<'a> Layout<'a> {
    /// A file of one item: annotations, comments and the statement, each on its own line.
    pub(super) fn item(&mut self, item: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let (entries, _) = self.entries(&tree.children(item).collect::<Vec<_>>(), 0, tree.text.len() as u32);
        let mut docs = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            if index > 0 {
                docs.push(self.docs.hard(entry.blank_before));
            }
            docs.push(entry.doc);
            docs.extend(entry.behind);
        }
        self.docs.all(docs)
    }

    /// A bracket with its members. The node's text begins with the opener, or it stands between `from` and the first member.
    pub(super) fn container(&mut self, node: NodeId, brackets: Brackets) -> Doc {
        let tree: &'a Tree = self.tree;
        let members: Vec<NodeId> = tree.children(node).collect();
        let place = tree.node(node);
        self.bracketed(&members, place.start + brackets.open.len() as u32, place.start + place.len, brackets)
    }

    /// Members between brackets; `from` is right behind the opener and `to` right behind the closer.
    pub(super) fn bracketed(&mut self, members: &[NodeId], from: u32, to: u32, brackets: Brackets) -> Doc {
        let tree: &'a Tree = self.tree;
        let closed = slice(tree, from, to).ends_with(brackets.close);
        let is_broken = members.iter().any(|member| matches!(tree.kind(*member), Kind::Hole | Kind::Unclosed));
        let gaps_are_clean = self.gaps(members, from, to).iter().all(|(start, end)| !self.told(*start, *end));
        if !closed || is_broken || !gaps_are_clean {
            return self.docs.text(slice(tree, from - brackets.open.len() as u32, to));
        }
        let end = to - brackets.close.len() as u32;
        let (entries, behind_opener) = self.entries(members, from, end);
        let open = self.docs.text(brackets.open);
        let close = self.docs.text(brackets.close);
        if entries.is_empty() && behind_opener.is_empty() {
            return self.docs.all(vec![open, close]);
        }
        let has_comments =
            !behind_opener.is_empty() || entries.iter().any(|entry| entry.is_comment || !entry.behind.is_empty());
        let has_annotations = entries.iter().any(|entry| !entry.is_comment && !entry.separated);
        let first_start = members.first().map_or(end, |member| tree.node(*member).start);
        let broken_by_user = slice(tree, from, first_start).contains('\n');
        let count = entries.len();
        let tall = entries.iter().take(count.saturating_sub(1)).any(|entry| self.docs.has_many_lines(entry.doc));
        let tall_last = entries.last().is_some_and(|entry| self.docs.has_many_lines(entry.doc));
        let keeps_last = brackets.separator == Separator::Comma;
        let broken = has_comments || has_annotations || broken_by_user || tall || (tall_last && !keeps_last);

        // The last bracket in brackets shares its lines with them: `json({`, `template("a", {`.
        let is_call = brackets.open == ROUND.open;
        let may_hug = keeps_last && !broken && (count == 1 || is_call || tall_last);
        let hugs = may_hug && (tall_last || members.last().is_some_and(|member| self.ends_in_bracket(*member)));
        let hugged = hugs.then(|| {
            let mut head = vec![open];
            for entry in entries.iter().take(count.saturating_sub(1)) {
                head.push(entry.doc);
                head.push(self.docs.text(", "));
            }
            self.docs.all(head)
        });
        let last = entries.last().map_or(close, |entry| entry.doc);
        let lines = self.lines(entries, behind_opener, open, close, brackets);
        let group = self.docs.group(lines, broken || hugged.is_some());
        match hugged {
            Some(head) => self.docs.hug(head, last, close, group),
            None => group,
        }
    }

    fn lines(
        &mut self,
        entries: Vec<Entry>,
        behind_opener: Vec<Doc>,
        open: Doc,
        close: Doc,
        brackets: Brackets,
    ) -> Doc {
        let edge = |this: &mut Self| if brackets.padded { this.docs.line(false) } else { this.docs.soft(false) };
        let mut inner = Vec::new();
        let last_member = entries.iter().rposition(|entry| entry.separated);
        for (index, entry) in entries.into_iter().enumerate() {
            inner.push(if index == 0 { edge(self) } else { self.docs.line(entry.blank_before) });
            inner.push(entry.doc);
            if entry.separated {
                let is_last = Some(index) == last_member;
                let comma = match brackets.separator {
                    Separator::Comma if is_last => self.docs.if_broken(","),
                    Separator::Comma => self.docs.text(","),
                    Separator::Newline if is_last => self.docs.text(""),
                    Separator::Newline => self.docs.if_flat(","),
                };
                inner.push(comma);
            }
            inner.extend(entry.behind);
        }
        let inner = self.docs.all(inner);
        let inner = self.docs.indent(inner);
        let edge = edge(self);
        let docs: Vec<Doc> = std::iter::once(open).chain(behind_opener).chain([inner, edge, close]).collect();
        self.docs.all(docs)
    }

    /// Members and comments in order; also the comments right behind the opener.
    fn entries(&mut self, members: &[NodeId], from: u32, to: u32) -> (Vec<Entry>, Vec<Doc>) {
        let tree: &'a Tree = self.tree;
        let mut entries: Vec<Entry> = Vec::new();
        let mut behind_opener = Vec::new();
        let mut blank = false;
        let gaps = self.gaps(members, from, to);
        for (index, (start, end)) in gaps.into_iter().enumerate() {
            let mut edge = start;
            for trivia in self.trivia(start, end) {
                if trivia.what == TriviaKind::BlankLine {
                    blank = true;
                    continue;
                }
                let text = slice(tree, trivia.at, trivia.at + trivia.len).trim_end();
                let same_line = !slice(tree, edge, trivia.at).contains('\n') && (edge > 0 || index > 0);
                edge = trivia.at + trivia.len;
                let doc = self.docs.comment(text);
                if same_line {
                    let space = self.docs.text(" ");
                    let behind = match entries.last_mut() {
                        Some(entry) => &mut entry.behind,
                        None => &mut behind_opener,
                    };
                    behind.extend([space, doc]);
                } else {
                    let blank_before = std::mem::take(&mut blank) && !entries.is_empty();
                    entries.push(Entry { doc, is_comment: true, separated: false, blank_before, behind: Vec::new() });
                }
            }
            if let Some(member) = members.get(index).copied() {
                let doc = self.node(member);
                let separated = tree.kind(member) != Kind::Annotation;
                let blank_before = std::mem::take(&mut blank) && !entries.is_empty();
                entries.push(Entry { doc, is_comment: false, separated, blank_before, behind: Vec::new() });
            }
        }
        (entries, behind_opener)
    }

    /// What stands before, between and behind nodes.
    fn gaps(&self, nodes: &[NodeId], from: u32, to: u32) -> Vec<(u32, u32)> {
        let mut gaps = Vec::with_capacity(nodes.len() + 1);
        let mut at = from;
        for id in nodes {
            let node = self.tree.node(*id);
            gaps.push((at.min(node.start), node.start));
            at = node.start + node.len;
        }
        gaps.push((at.min(to), to));
        gaps
    }

    fn trivia(&self, from: u32, to: u32) -> &'a [crate::tree::Trivia] {
        let trivia: &'a [crate::tree::Trivia] = &self.tree.trivia;
        let first = trivia.partition_point(|trivia| trivia.at < from);
        let last = trivia.partition_point(|trivia| trivia.at < to);
        trivia.get(first..last).unwrap_or(&[])
    }

    /// Whether a mistake was told of at this place.
    fn told(&self, from: u32, to: u32) -> bool {
        let first = self.tree.errors.partition_point(|error| error.start < from.saturating_sub(1));
        self.tree
            .errors
            .iter()
            .skip(first)
            .take_while(|error| error.start <= to)
            .any(|error| error.start >= from && error.start < to.max(from + 1))
    }

    /// Whether a node must stay as it is: something is missing or told of between its parts, or a comment stands where the
    /// layout has no place for one.
    pub(super) fn awkward(&self, node: NodeId) -> bool {
        let children: Vec<NodeId> = self.tree.children(node).collect();
        let place = self.tree.node(node);
        if children.iter().any(|child| matches!(self.tree.kind(*child), Kind::Hole | Kind::Unclosed | Kind::Bad)) {
            return true;
        }
        let gaps = self.gaps(&children, place.start, place.start + place.len);
        let comments = |from, to| self.trivia(from, to).iter().any(|trivia| trivia.what != TriviaKind::BlankLine);
        gaps.iter().any(|(from, to)| from < to && (comments(*from, *to) || self.told(*from, *to)))
    }

    /// Whether a node ends in a bracket that may be broken for it.
    fn ends_in_bracket(&self, node: NodeId) -> bool {
        let last = self.tree.children(node).last();
        match self.tree.kind(node) {
            Kind::List | Kind::Record | Kind::Match => true,
            Kind::Call => last.is_some_and(|last| self.tree.kind(last) == Kind::Arg && self.ends_in_bracket(last)),
            Kind::Arg | Kind::ForElement | Kind::IfElement => last.is_some_and(|last| self.ends_in_bracket(last)),
            _ => false,
        }
    }
}
