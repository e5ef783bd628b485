//! Follows what only evaluation can tell: names, keys and addresses of instances, the environment and its platforms.

use check::checked::Kind;
use check::code::{Code, CodeKind, Fact};
use source::Name;
use value::{AddressId, Value};

use super::known::This;
use super::path::Hop;
use super::walk::{Context, Source, Walk};

impl<'a> Walk<'_, 'a> {
    pub(super) fn environment(&mut self) {
        if let Some(environment) = self.known.chain.first() {
            self.note(Source::Environment, environment.place);
        }
    }

    /// What environments say of the platform.
    pub fn platform_field(&mut self, name: Name, path: &[Hop]) {
        let whole: Vec<Hop> = [Hop::Any, Hop::Name(name)].into_iter().chain(path.iter().copied()).collect();
        if let Some(environment) = self.known.chain.first() {
            self.code(&environment.on, &Context::new(This::Root), &whole);
        }
    }

    /// A named port of an instance.
    pub(super) fn port(&mut self, address: AddressId, label: Name) {
        if let Some(ports) = self.known.kind(address).and_then(Kind::ports) {
            self.input(address, ports.name, &[Hop::Name(label)]);
        }
    }

    pub(super) fn fact(&mut self, fact: Fact, of: &'a Code, args: &'a [Code], context: &Context<'a>) {
        match fact {
            Fact::KeyOf
            | Fact::NameOf
            | Fact::PathOf
            | Fact::StatementOf
            | Fact::LoopOf
            | Fact::GroupOf
            | Fact::WhereIs => {
                for address in self.instances(of, context) {
                    let address = self.named(address);
                    if let Some(statement) = self.known.statement(address) {
                        self.note(Source::Named { address }, statement.place);
                    }
                }
                if self.instances(of, context).is_empty() {
                    self.code(of, context, &[]);
                }
                // A name that is not bare begins with the project and the environment.
                let bare =
                    args.get(1).is_some_and(|bare| matches!(bare.kind.as_ref(), CodeKind::Const(Value::Bool(true))));
                if fact == Fact::NameOf && !bare {
                    self.environment();
                }
            }
            Fact::AddressOf => {
                for address in self.instances(of, context) {
                    if let Some(out) = self.known.kind(address).and_then(Kind::address) {
                        self.out(address, out.name, &[]);
                    }
                }
            }
            Fact::Tier => self.environment(),
            // Whether something is later follows from what it is, and an edit of the value does not change it.
            Fact::ProjectName | Fact::IsSecret | Fact::IsLater | Fact::Leaves => {}
            Fact::PlatformOf
            | Fact::PortOf
            | Fact::OwnerOf
            | Fact::LabelOf
            | Fact::EndsOf
            | Fact::EndpointsOf
            | Fact::RangeOf
            | Fact::InPlace => self.code(of, context, &[]),
        }
        args.iter().for_each(|arg| self.code(arg, context, &[]));
    }

    /// What an instance of the library is named after: the nearest one of the user's above it.
    fn named(&self, address: AddressId) -> AddressId {
        let mut at = address;
        while let Some(statement) = self.known.statement(at) {
            if !self.known.is_library(statement.place) {
                break;
            }
            let above = match self.known.owner(&self.known.parent_this(at)) {
                Some(above) => above,
                None => break,
            };
            at = above;
        }
        at
    }
}
