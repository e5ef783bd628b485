//! `from -> to`: what may stand at the ends of a flow.

use source::Place;
use syntax::NodeId;

use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind};
use crate::types::{Shape, Ty};

impl Checker<'_> {
    pub(crate) fn flow(&mut self, cx: &mut Cx, left: NodeId, right: NodeId, place: Place) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let ends = Ty::new(Shape::Ends).maybe();
        let mut codes = Vec::new();
        for side in [left, right] {
            let (code, ty) = self.infer(cx, side, Some(&ends));
            let at = cx.place(self, side);
            let chained = matches!(*ty.shape, Shape::Flow) && !tree.errors.is_empty();
            let nameless = matches!(&*code.kind, CodeKind::Tagged { .. });
            if side == right && nameless {
                self.error("no_port", at, "the internet has no ports of its own", "say what is called there: `external payments { ranges = [198.51.100.0/24], port https = 443/tcp }`, then `-> payments.https`");
            } else if side == left
                && let Some(kind) = self.never_an_end(&ty)
            {
                let kind = self.kind_name(kind);
                self.error("not_an_end", at, format!("a `{kind}` neither sends nor receives"), "an end of a flow is what has ports, an address or a range: a server, a container, a network, an ip, a cidr, `internet`");
            } else if side == right && self.is_end(&ty) && !is_endpoint(&ty) {
                let labels = match &*ty.shape {
                    Shape::Instance { statement: Some(statement), .. } => self.statement_ports(*statement),
                    _ => None,
                };
                let target = tree.text(right);
                let ports: Vec<String> =
                    labels.iter().flat_map(|labels| labels.iter()).map(|label| format!("{target}.{label}")).collect();
                let help = match ports.as_slice() {
                    [] => "name it: `front -> api.http`".to_owned(),
                    ports => format!("name it: {}", source::list_of(ports.iter().map(String::as_str))),
                };
                self.error("no_port", at, "the target of a flow is a port; none is named", help);
            }
            if !ty.is_unknown() && !self.is_end(&ty) && !chained && !matches!(*ty.shape, Shape::None) {
                let shown = self.show(&ty);
                self.error(
                    "not_an_end",
                    at,
                    format!("a {shown} cannot send or receive"),
                    "an end of a flow is an instance, a port of one, an ip, a cidr or `internet`",
                );
            }
            codes.push(code);
        }
        let to = codes.pop();
        let from = codes.pop();
        match (from, to) {
            (Some(from), Some(to)) => {
                (Code::new(place, CodeKind::Flow { from, to, name: None }), Ty::new(Shape::Flow).maybe())
            }
            _ => {
                let told = self.error(
                    "internal",
                    place,
                    "a flow lost an end; this is a bug in infrac",
                    "please send the program",
                );
                self.unknown(place, told)
            }
        }
    }

    /// The kind of an instance that has neither ports nor an address nor a range: no field or output of it has a role.
    pub(crate) fn never_an_end(&mut self, ty: &Ty) -> Option<crate::checked::KindId> {
        match &*ty.shape {
            Shape::Instance { kind, .. } => {
                let info = self.kind_info(*kind);
                let has_role = info.inputs.iter().any(|input| input.role.is_some())
                    || info.outs.iter().any(|out| out.role.is_some());
                (!has_role).then_some(*kind)
            }
            Shape::List(of) | Shape::Map { value: of, .. } => self.never_an_end(&of.clone()),
            _ => None,
        }
    }
}

/// A type of endpoints, one or several.
pub(crate) fn is_endpoint(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Endpoint | Shape::Ends | Shape::Unknown(_) | Shape::None => true,
        Shape::List(of) | Shape::Map { value: of, .. } => is_endpoint(of),
        Shape::Record(record) => record.fields.iter().all(|field| is_endpoint(&field.ty)),
        _ => false,
    }
}
