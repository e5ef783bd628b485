//! Secrets: what may stand where one is needed, and params that are given when something is applied and never before.

use source::{Diagnostic, Name, Place};
use syntax::NodeId;
use value::Value;

use crate::checked::ParamId;
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, Scalar};
use crate::types::{Shape, Stage, Ty};

/// What to write instead of a secret in clear.
pub const HOW_SECRETS_ARE_GIVEN: &str = "keep it in a `secret` and give its `.value`, or declare `param NAME: secret string` and give that when it is applied";

/// The error for a text of the source where a secret is needed.
pub(crate) fn in_clear(place: Place, text: &str) -> Diagnostic {
    Diagnostic::error("plain_secret", place, "a secret is needed here, and a text in the source can be read by all")
        .help(HOW_SECRETS_ARE_GIVEN)
        .withhold(text)
}

/// Whether a type takes what a program may be given in clear by mistake: settings, known texts and secrets beside each other, or
/// arguments.
pub(crate) fn takes_settings(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::List(of) => of.as_scalar().is_some_and(Scalar::is_text),
        Shape::Map { value, .. } => value.stage == Stage::Secret && !value.sealed,
        _ => false,
    }
}

impl Checker<'_> {
    /// Whether a param is secret: its value comes when something is applied, from a variable, a file or a prompt.
    pub(crate) fn is_secret_param(&mut self, ty: &Ty, place: Place) -> bool {
        if ty.deep_stage() != Stage::Secret {
            return false;
        }
        let is_text = ty.as_scalar().is_some_and(Scalar::is_text);
        if ty.optional || !is_text || !ty.sealed {
            self.error(
                "bad_param",
                place,
                "a secret param is one text, and always there",
                "write its type as `secret string`",
            );
        }
        true
    }

    /// Tells a secret param that is called like another one: its variable would give both.
    pub(crate) fn tell_same_secret_param(&mut self, id: ParamId, name: Name, place: Place) {
        let other = self.param_items.iter().take(id.0 as usize).position(|other| other.0 == name);
        let Some((_, at)) = other.and_then(|other| self.param_items.get(other)).copied() else { return };
        let told =
            Diagnostic::error("declared_twice", place, format!("the secret `{name}` has the name of another param"))
                .help("a secret is given by its name alone: call it otherwise");
        let told = match self.name_place(at, name) {
            Some(first) => told.also(first, "the other one"),
            None => told,
        };
        self.told.tell(told);
    }

    /// The error for a value that the program gives to a secret param.
    pub(crate) fn given_secret_param(&mut self, cx: &mut Cx, name: &str, node: NodeId) {
        let place = cx.place(self, node);
        let (code, _) = self.infer(cx, node, None);
        let mut told = Diagnostic::error(
            "plain_secret",
            place,
            format!("the secret `{name}` is not given in the program"),
        )
        .help(format!(
            "leave it out: it is asked for when something is applied, by `TF_VAR_{name}` or `INFRAC_PARAM_{name}`"
        ));
        let mut texts = Vec::new();
        self.texts_of(&code, &mut texts);
        for text in texts {
            told = told.withhold(text);
        }
        self.told.tell(told);
    }

    /// The texts that code is made of, those behind the `let`s that it names included.
    fn texts_of(&mut self, code: &Code, texts: &mut Vec<String>) {
        match code.kind.as_ref() {
            CodeKind::Const(Value::Text(text)) => texts.push(text.to_string()),
            CodeKind::Let(id) => {
                let (code, _) = self.let_info(*id);
                self.texts_of(&code, texts);
            }
            CodeKind::Text(parts) | CodeKind::BuiltIn { args: parts, .. } | CodeKind::Call { args: parts, .. } => {
                parts.iter().for_each(|part| self.texts_of(part, texts));
            }
            CodeKind::Convert { code, .. } => self.texts_of(code, texts),
            CodeKind::Coalesce(left, right) | CodeKind::Binary { left, right, .. } => {
                self.texts_of(left, texts);
                self.texts_of(right, texts);
            }
            _ => {}
        }
    }
}
