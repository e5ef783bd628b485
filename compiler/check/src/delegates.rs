//! `delegate CHILD`: the ports, address, peer and outputs of an instance are those of a child, one to one.

use std::rc::Rc;

use source::{Name, Place, list_of};
use syntax::Kind as Node;

use crate::checked::{KindId, StatementId};
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind};
use crate::implementations::ImplementationInfo;
use crate::kinds::{KindInfo, OutInfo};
use crate::statements::Resolved;

impl Checker<'_> {
    /// The child to which an implementation delegates; none, told, when it cannot stand for the instance.
    pub(crate) fn delegate(&mut self, cx: &mut Cx, info: &ImplementationInfo, kind: &KindInfo) -> Option<StatementId> {
        let (name, at) = *info.delegates.first()?;
        for (_, again) in info.delegates.iter().skip(1) {
            self.tell_set_twice(Name::new("delegate"), *again, at);
        }
        let Some((_, child)) = info.children.iter().find(|child| child.0 == name) else {
            let names: Vec<&str> = info.children.iter().map(|child| child.0.text()).collect();
            let message = format!("there is no child `{name}` to delegate to");
            self.unknown_name("unknown_name", at, &message, name.text(), &names, "the children are");
            return None;
        };
        let child = *child;
        if self.is_not_one(child, name, at) {
            return None;
        }
        let of = match self.resolve_statement(child) {
            Resolved::Kind(of) => of,
            Resolved::Unknown(_) => return None,
            Resolved::Native(..) => {
                let message = format!("`{name}` is of a native kind, which has no ports and outputs of its own");
                self.error(
                    "wrong_delegate",
                    at,
                    message,
                    "give the outputs one by one: `out address = …`, `out peer = …`",
                );
                return None;
            }
        };
        self.hands_over(cx, (info, kind), (name, of), at).then_some(child)
    }

    /// Tells of a child that is there several times, or perhaps not at all.
    fn is_not_one(&mut self, child: StatementId, name: Name, at: Place) -> bool {
        let Some((_, tree, node)) = self.statement_node(child) else { return false };
        let (message, help) = if tree.child(node, Node::ForHeader).is_some() {
            let help = "delegate to one child; several stand behind a `load_balancer`, or are flows of their own";
            (format!("`{name}` stands for several, of which none is the instance"), help)
        } else if tree.child(node, Node::IfHeader).is_some() {
            let help = "delegate to a child that is always there; what may be absent is made inside of it";
            (format!("`{name}` may be absent, and then nothing would stand for the instance"), help)
        } else {
            return false;
        };
        self.error("wrong_delegate", at, message, help);
        true
    }

    /// Whether a child has what the instance is asked for; told when it has not.
    fn hands_over(
        &mut self,
        cx: &mut Cx,
        (info, kind): (&ImplementationInfo, &KindInfo),
        (name, of): (Name, KindId),
        at: Place,
    ) -> bool {
        let child = self.kind_info(of);
        let (own, child_name) = (self.kind_name(info.kind), self.kind_name(of));
        let wanted = roles(kind);
        let open = |out: &&OutInfo| info.outs.iter().all(|given| given.0 != out.name);
        if wanted.is_empty() && !kind.outs.iter().any(|out| open(&out)) {
            self.error(
                "wrong_delegate",
                at,
                format!("`{own}` has no ports and no outputs that `{name}` could stand for"),
                format!("say what it is: `kind {own} is peer_end {{ … }}`; or remove this"),
            );
            return false;
        }
        let has = roles(&child);
        let lacks: Vec<&str> = wanted.iter().filter(|role| !has.contains(role)).map(|role| role.text()).collect();
        if !lacks.is_empty() && !child.broken {
            self.error(
                "wrong_delegate",
                at,
                format!(
                    "`{name}`, of kind `{child_name}`, cannot stand for an instance of `{own}`: it has no {}",
                    list_of(lacks)
                ),
                "delegate to what opens and receives connections, such as a container or a server",
            );
            return false;
        }
        let handed: Vec<OutInfo> = kind.outs.iter().filter(open).cloned().collect();
        for out in handed {
            let Some(given) = child.out(out.name) else { continue };
            let code = Code::new(at, CodeKind::SelfInstance);
            if self.try_fit(code, &given.ty, &out.ty, out.ty.stage, cx).is_err() {
                let (wanted, given) = (self.show(&out.ty), self.show(&given.ty));
                self.error(
                    "wrong_delegate",
                    at,
                    format!("`{name}.{}` is {given}, and `{own}` declares {wanted}", out.name),
                    format!("give it in the implementation: `out {} = …`", out.name),
                );
                return false;
            }
        }
        true
    }

    /// The outputs that a child hands over.
    pub(crate) fn handed_outs(&mut self, child: StatementId) -> Vec<OutInfo> {
        match self.resolve_statement(child) {
            Resolved::Kind(of) => self.kind_info(of).outs.clone(),
            Resolved::Native(..) | Resolved::Unknown(_) => Vec::new(),
        }
    }

    /// The name of the child to which a kind's implementations delegate.
    pub(crate) fn child_that_answers(&mut self, kind: KindId) -> Option<Name> {
        let implementations = self.implementations_for(kind);
        implementations
            .iter()
            .find_map(|(id, _)| self.implementation_info(*id).delegates.first().map(|(name, _)| *name))
    }

    /// Whose ports those of a kind's instances are: the children to which its implementations delegate. None: each has its own.
    pub(crate) fn ports_of_children(&mut self, kind: KindId) -> Option<Option<Rc<Vec<Name>>>> {
        let mut found: Vec<Option<Rc<Vec<Name>>>> = Vec::new();
        let mut delegates = false;
        for (id, _) in self.implementations_for(kind) {
            let info = self.implementation_info(id);
            let child =
                info.delegates.first().and_then(|(name, _)| info.children.iter().find(|child| child.0 == *name));
            delegates |= child.is_some();
            found.push(child.and_then(|(_, child)| self.statement_ports(*child)));
        }
        let first = found.first().cloned().flatten();
        delegates.then(|| first.filter(|first| found.iter().all(|other| other.as_ref() == Some(first))))
    }
}

/// What others may ask of an instance: its ports, its address, how it is recognised.
fn roles(kind: &KindInfo) -> Vec<Name> {
    let inputs = kind.inputs.iter().filter_map(|input| input.role);
    inputs.chain(kind.outs.iter().filter_map(|out| out.role)).collect()
}
