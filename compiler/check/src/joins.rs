//! The one type that holds the values of several branches.

use std::rc::Rc;

use source::Place;

use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, Scalar};
use crate::expressions::has_variables;
use crate::types::{Shape, Stage, Ty};

impl Checker<'_> {
    /// The common type of branches, each converted to it.
    pub(crate) fn join_branches(
        &mut self,
        cx: &mut Cx,
        place: Place,
        branches: Vec<(Code, Ty)>,
        expected: Option<&Ty>,
        stage: Stage,
        build: &mut dyn FnMut(Vec<Code>) -> Option<CodeKind>,
    ) -> (Code, Ty) {
        let target = match expected {
            Some(expected) if !has_variables(expected) => {
                // What is expected is converted to by the caller; branches are brought to its shape here, so that each tells for itself.
                let mut target = expected.clone();
                target.optional = true;
                Some(branches.iter().fold(target, |target, branch| target.staged_like(&branch.1)))
            }
            _ => None,
        };
        let target = match target {
            Some(target) if !matches!(&*target.shape, Shape::Ends | Shape::Json | Shape::Platform(_)) => target,
            _ => {
                let mut joined: Option<Ty> = None;
                for (_, ty) in &branches {
                    joined = Some(match joined {
                        None => ty.clone(),
                        Some(joined) => self.join(&joined, ty),
                    });
                }
                joined.unwrap_or_else(Ty::string)
            }
        };
        let mut codes = Vec::new();
        let mut optional = false;
        let mut own = stage;
        let mut all_unknown = true;
        for (code, ty) in branches {
            optional |= ty.optional;
            if !ty.is_reference() {
                own = own.max(ty.stage);
            }
            all_unknown &= ty.is_unknown();
            let at = code.place;
            codes.push(self.fit(code, &ty, &target.clone().maybe(), at, cx));
        }
        let mut ty = target;
        ty.optional = optional;
        if all_unknown && let Some(told) = self.told.told_before() {
            ty = Ty::unknown(told);
        }
        if !ty.is_reference() {
            ty.stage = ty.stage.max(own);
        }
        match build(codes) {
            Some(kind) => (Code::new(place, kind), ty),
            None => {
                let told = self.error(
                    "internal",
                    place,
                    "a branch got lost; this is a bug in infrac",
                    "please send the program",
                );
                self.unknown(place, told)
            }
        }
    }

    /// The smallest type that both fit, for branches and lists without an expected type.
    pub(crate) fn join(&mut self, left: &Ty, right: &Ty) -> Ty {
        let mut joined = self.join_shapes(left, right);
        joined.optional = left.optional || right.optional;
        joined.stage = left.stage.max(right.stage);
        joined
    }

    pub(crate) fn join_shapes(&mut self, left: &Ty, right: &Ty) -> Ty {
        // The elements of a `[]` that is an argument are whatever the function takes.
        let says_nothing = |ty: &Ty| ty.is_unknown() || matches!(*ty.shape, Shape::None | Shape::Variable(_));
        if says_nothing(left) {
            return right.clone();
        }
        if says_nothing(right) || left.shape == right.shape {
            return left.clone();
        }
        match (&*left.shape, &*right.shape) {
            // `[]` says nothing of its elements.
            (Shape::List(a), Shape::List(_)) if matches!(*a.shape, Shape::None) => right.clone(),
            (Shape::List(_), Shape::List(b)) if matches!(*b.shape, Shape::None) => left.clone(),
            (Shape::List(a), Shape::List(b)) => Ty::list(self.join(a, b)),
            (Shape::Map { key, value }, Shape::Map { key: other_key, value: other }) => {
                Ty::map(self.join(key, other_key), self.join(value, other))
            }
            (Shape::Range(a), Shape::Range(b)) => Ty::new(Shape::Range(self.join(a, b))),
            (Shape::Record(a), Shape::Record(b)) => {
                let mut fields = a.fields.clone();
                for field in &mut fields {
                    match b.fields.iter().find(|other| other.name == field.name) {
                        Some(other) => field.ty = self.join(&field.ty.clone(), &other.ty),
                        None => field.ty.optional = true,
                    }
                }
                for other in &b.fields {
                    if !fields.iter().any(|field| field.name == other.name) {
                        let mut field = other.clone();
                        field.ty.optional = true;
                        fields.push(field);
                    }
                }
                Ty::new(Shape::Record(Rc::new(crate::types::RecordTy { fields })))
            }
            (Shape::Instance { kind: a, .. }, Shape::Instance { kind: b, .. }) => {
                let (a, b) = (*a, *b);
                let ancestors = self.kind_info(a).ancestors.clone();
                match ancestors.into_iter().find(|ancestor| self.is_kind(b, *ancestor)) {
                    Some(kind) => self.shape_of_instance(kind),
                    None => Ty::new(Shape::Ends),
                }
            }
            (Shape::Platform(_), Shape::Platform(_)) => Ty::new(Shape::Platform(None)),
            _ if self.is_end(left)
                && self.is_end(right)
                && (left.as_scalar() != right.as_scalar() || left.as_scalar().is_none()) =>
            {
                Ty::new(Shape::Ends)
            }
            _ => match (left.as_scalar(), right.as_scalar()) {
                (Some(a), Some(b)) if a == b => Ty::scalar(a),
                (Some(Scalar::Int), Some(Scalar::Decimal)) | (Some(Scalar::Decimal), Some(Scalar::Int)) => {
                    Ty::scalar(Scalar::Decimal)
                }
                (Some(a), Some(b)) if a.is_text() && b.is_text() => Ty::string(),
                _ => Ty::new(Shape::Union(vec![left.clone(), right.clone()])),
            },
        }
    }
}
