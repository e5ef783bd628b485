//! Fields and outputs that a kind declares again, or gets from two kinds that it is. Who reads an instance as one of its ancestors
//! relies on what that declared: type and stage stay, a default may be another, constraints are added to those above.

use source::{Diagnostic, Name, Place, Told};
use syntax::NodeId;

use crate::checked::KindId;
use crate::checker::Checker;
use crate::declare::ItemAt;
use crate::kinds::{InputInfo, KindInfo, OutInfo};
use crate::types::{Shape, Ty};

/// What a field and an output have in common.
trait Declared: Clone {
    /// What it is called in messages.
    const WORD: &'static str;
    fn name(&self) -> Name;
    fn ty(&self) -> &Ty;
    /// Where it was declared, and declared again: their constraints all hold.
    fn declared(&self) -> &[(ItemAt, NodeId)];
    /// The declaration whose default counts.
    fn origin(&self) -> (ItemAt, NodeId);
    fn has_default(&self) -> bool;
    /// What follows from a type that was told to be wrong is no mistake of its own.
    fn forget_type(&mut self, told: Told);
    /// The same with what another declaration of it adds.
    fn with(self, declared: Vec<(ItemAt, NodeId)>, role: Option<Name>) -> Self;
    fn role(&self) -> Option<Name>;
}

impl Declared for InputInfo {
    const WORD: &'static str = "field";
    fn name(&self) -> Name {
        self.name
    }
    fn ty(&self) -> &Ty {
        &self.ty
    }
    fn declared(&self) -> &[(ItemAt, NodeId)] {
        &self.declared
    }
    fn origin(&self) -> (ItemAt, NodeId) {
        (self.at, self.node)
    }
    fn has_default(&self) -> bool {
        self.default.is_some() || self.only.is_some()
    }
    fn forget_type(&mut self, told: Told) {
        self.ty = Ty::unknown(told);
    }
    fn with(self, declared: Vec<(ItemAt, NodeId)>, role: Option<Name>) -> Self {
        Self { declared, role, ..self }
    }
    fn role(&self) -> Option<Name> {
        self.role
    }
}

impl Declared for OutInfo {
    const WORD: &'static str = "output";
    fn name(&self) -> Name {
        self.name
    }
    fn ty(&self) -> &Ty {
        &self.ty
    }
    fn declared(&self) -> &[(ItemAt, NodeId)] {
        &self.declared
    }
    fn origin(&self) -> (ItemAt, NodeId) {
        (self.at, self.node)
    }
    fn has_default(&self) -> bool {
        self.default.is_some()
    }
    fn forget_type(&mut self, told: Told) {
        self.ty = Ty::unknown(told);
    }
    fn with(self, declared: Vec<(ItemAt, NodeId)>, role: Option<Name>) -> Self {
        Self { declared, role, ..self }
    }
    fn role(&self) -> Option<Name> {
        self.role
    }
}

/// Two declarations that a kind gets from what it is; which of the defaults counts is not said yet.
pub(crate) struct TwoDefaults {
    name: Name,
    word: &'static str,
    places: [(ItemAt, NodeId); 2],
}

impl Checker<'_> {
    /// Adds what a kind has from one that it is.
    pub(crate) fn inherit(
        &mut self,
        kind: KindId,
        at: Place,
        info: &mut KindInfo,
        parent: &KindInfo,
    ) -> Vec<TwoDefaults> {
        let mut open = Vec::new();
        for input in &parent.inputs {
            self.inherit_one(kind, at, &mut info.inputs, input, &mut open);
        }
        for out in &parent.outs {
            self.inherit_one(kind, at, &mut info.outs, out, &mut open);
        }
        open
    }

    fn inherit_one<D: Declared>(
        &mut self,
        kind: KindId,
        at: Place,
        all: &mut Vec<D>,
        new: &D,
        open: &mut Vec<TwoDefaults>,
    ) {
        let Some(known) = all.iter_mut().find(|known| known.name() == new.name()) else {
            all.push(new.clone());
            return;
        };
        // One of the two declares the other again, further down; or both are the same.
        if known.declared().contains(&new.origin()) {
            return;
        }
        if new.declared().contains(&known.origin()) {
            *known = new.clone();
            return;
        }
        let places = [known.origin(), new.origin()];
        if !is_same(known.ty(), new.ty()) {
            let (left, right) = (self.show(known.ty()), self.show(new.ty()));
            let (name, kind) = (new.name(), self.kind_name(kind));
            let message = format!("the {} `{name}` of `{kind}` would be {left} and {right}", D::WORD);
            let mut told = Diagnostic::error("redeclared", at, message)
                .help("leave one of the two kinds out, or call one of the two otherwise where it is declared");
            for (at, node) in places {
                told = told.also(self.place(at, &self.item(at).tree(), node), "declared here");
            }
            known.forget_type(self.told.tell(told));
            return;
        }
        if self.default_text(known.origin()) != self.default_text(new.origin()) {
            open.push(TwoDefaults { name: new.name(), word: D::WORD, places });
        }
        let mut declared = known.declared().to_vec();
        declared.extend(new.declared().iter().filter(|other| !known.declared().contains(other)));
        *known = known.clone().with(declared, known.role().or(new.role()));
    }

    /// `= 3` of a declaration, as it is written.
    fn default_text(&self, (at, node): (ItemAt, NodeId)) -> Option<String> {
        let tree = self.item(at).tree();
        crate::kinds::default_of(&tree, node).map(|default| tree.text(default).to_owned())
    }

    /// Tells the defaults that differ and of which the kind itself says none.
    pub(crate) fn two_defaults(&mut self, kind: KindId, at: Place, info: &KindInfo, open: Vec<TwoDefaults>) {
        for two in open {
            let declared = info
                .inputs
                .iter()
                .find(|input| input.name == two.name)
                .map(InputInfo::origin)
                .or_else(|| info.outs.iter().find(|out| out.name == two.name).map(OutInfo::origin));
            if declared.is_some_and(|declared| !two.places.contains(&declared)) {
                continue;
            }
            let (name, kind) = (two.name, self.kind_name(kind));
            let mut told = Diagnostic::error("redeclared", at, format!("the {} `{name}` has two defaults", two.word))
                .help(format!("say which one in `{kind}`: `{name}: TYPE = …`"));
            for (at, node) in two.places {
                told = told.also(self.place(at, &self.item(at).tree(), node), "declared here");
            }
            self.told.tell(told);
        }
    }

    /// Adds the fields that a kind declares itself.
    pub(crate) fn declare_inputs(&mut self, info: &mut KindInfo, own: Vec<InputInfo>) {
        for input in own {
            if self.is_both(info.outs.iter().any(|out| out.name == input.name), &input) {
                continue;
            }
            self.declare_again(&mut info.inputs, input);
        }
    }

    /// The same of outputs.
    pub(crate) fn declare_outs(&mut self, info: &mut KindInfo, own: Vec<OutInfo>) {
        for out in own {
            if self.is_both(info.inputs.iter().any(|input| input.name == out.name), &out) {
                continue;
            }
            self.declare_again(&mut info.outs, out);
        }
    }

    /// A field and an output of one name: what would `x.name` be?
    fn is_both<D: Declared>(&mut self, other: bool, new: &D) -> bool {
        if other {
            let (at, node) = new.origin();
            let place = self.place(at, &self.item(at).tree(), node);
            let message = format!("`{}` is a field and an output of the kind", new.name());
            self.error("declared_twice", place, message, "give one of the two another name");
        }
        other
    }

    fn declare_again<D: Declared>(&mut self, all: &mut Vec<D>, new: D) {
        let Some(known) = all.iter_mut().find(|known| known.name() == new.name()) else {
            all.push(new);
            return;
        };
        if !is_same(known.ty(), new.ty()) {
            known.forget_type(self.tell_other_type(known, &new));
            return;
        }
        let declared = [known.declared(), new.declared()].concat();
        let role = new.role().or(known.role());
        // A declaration that gives no default adds its constraints to what is there.
        *known = if new.has_default() || !known.has_default() { new } else { known.clone() }.with(declared, role);
    }

    fn tell_other_type<D: Declared>(&mut self, known: &D, new: &D) -> Told {
        let (at, node) = new.origin();
        let tree = self.item(at).tree();
        let place = self.place(at, &tree, tree.children(node).nth(1).unwrap_or(node));
        let (before, name) = (self.show(known.ty()), new.name());
        let (above, above_node) = known.origin();
        let above_tree = self.item(above).tree();
        let base = self.kind_items.iter().find(|(_, at)| *at == above).map_or("what it is", |(name, _)| name.text());
        let told = Diagnostic::error("redeclared", place, format!("the {} `{name}` is {before} in `{base}`", D::WORD))
            .also(self.place(above, &above_tree, above_node), "declared here")
            .help(format!(
                "leave its type as it is: `{name}: {before}`; a default may be another, a `where` may be added"
            ));
        self.told.tell(told)
    }
}

/// Whether two declarations say one type: shape, stage and presence. What a record has by default may differ.
fn is_same(left: &Ty, right: &Ty) -> bool {
    if left.is_unknown() || right.is_unknown() {
        return true;
    }
    left.stage == right.stage && left.optional == right.optional && is_same_shape(&left.shape, &right.shape)
}

fn is_same_shape(left: &Shape, right: &Shape) -> bool {
    match (left, right) {
        (Shape::List(left), Shape::List(right)) | (Shape::Range(left), Shape::Range(right)) => is_same(left, right),
        (Shape::Map { key, value }, Shape::Map { key: other_key, value: other }) => {
            is_same(key, other_key) && is_same(value, other)
        }
        (Shape::Record(left), Shape::Record(right)) => {
            left.fields.len() == right.fields.len()
                && left.fields.iter().all(|field| {
                    right.fields.iter().any(|other| other.name == field.name && is_same(&field.ty, &other.ty))
                })
        }
        (Shape::Union(left), Shape::Union(right)) => {
            left.len() == right.len() && left.iter().all(|part| right.iter().any(|other| is_same(part, other)))
        }
        (Shape::Instance { kind: left, .. }, Shape::Instance { kind: right, .. }) => left == right,
        _ => left == right,
    }
}
