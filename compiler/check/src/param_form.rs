//! What a text on the command line may be, by the type of the param that it is for.

use value::{Fault, Value};

use crate::code::Scalar;
use crate::literals;
use crate::types::{Shape, Ty};

/// How the text of a param is read.
#[derive(Clone, Debug)]
pub enum ParamForm {
    /// A literal of this scalar.
    One(Scalar),
    /// This literal and no other.
    Literal(Value),
    /// Two ends with `..` between them, or one for both.
    Range(Scalar),
    /// The first of these that it can be.
    Either(Box<[ParamForm]>),
    /// A list, a record or another value of parts: it cannot be given as a text.
    Parts,
}

/// The value that a text is.
#[derive(Clone, PartialEq, Debug)]
pub enum ParamValue {
    One(Value),
    Range(Value, Value),
}

impl ParamForm {
    /// How texts of this type are read.
    pub(crate) fn of(ty: &Ty) -> Self {
        match &*ty.shape {
            Shape::Scalar(scalar) => ParamForm::One(*scalar),
            Shape::Literal(value) => ParamForm::Literal(value.clone()),
            Shape::Union(parts) => ParamForm::Either(parts.iter().map(ParamForm::of).collect()),
            Shape::Range(of) => of.as_scalar().map_or(ParamForm::Parts, ParamForm::Range),
            _ => ParamForm::Parts,
        }
    }

    /// A text as a value of this form, as strictly as a literal in the program is read.
    pub fn read(&self, text: &str) -> Result<ParamValue, Fault> {
        match self {
            ParamForm::One(scalar) => literals::parse(*scalar, text).map(ParamValue::One),
            ParamForm::Literal(wanted) => match literal(wanted, text) {
                true => Ok(ParamValue::One(wanted.clone())),
                false => Err(self.refuse(text)),
            },
            ParamForm::Range(scalar) => {
                let (first, last) = text.split_once("..").unwrap_or((text, text));
                Ok(ParamValue::Range(literals::parse(*scalar, first)?, literals::parse(*scalar, last)?))
            }
            ParamForm::Either(forms) => {
                forms.iter().find_map(|form| form.read(text).ok()).ok_or_else(|| self.refuse(text))
            }
            ParamForm::Parts => Err(Fault::new(
                "bad_param",
                "it is not a single value, so it cannot be given on the command line",
                "give it in the environment: `params { … }`",
            )),
        }
    }

    fn refuse(&self, text: &str) -> Fault {
        let mut allowed = Vec::new();
        self.literals(&mut allowed);
        let list = source::list_of(allowed.iter().map(String::as_str));
        let near = source::did_you_mean(text, allowed.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if allowed.is_empty() => "give a literal of its type".to_owned(),
            None => format!("allowed are {list}"),
        };
        Fault::new("bad_param", format!("`{text}` is not one of its values"), help)
    }

    fn literals(&self, found: &mut Vec<String>) {
        match self {
            ParamForm::Literal(Value::Text(text)) => found.push(text.to_string()),
            ParamForm::Literal(Value::Int(number)) => found.push(number.to_string()),
            ParamForm::Literal(Value::Bool(value)) => found.push(value.to_string()),
            ParamForm::Either(forms) => forms.iter().for_each(|form| form.literals(found)),
            ParamForm::Literal(_) | ParamForm::One(_) | ParamForm::Range(_) | ParamForm::Parts => {}
        }
    }
}

/// Whether a text is this literal.
fn literal(wanted: &Value, text: &str) -> bool {
    crate::types::scalar_of(wanted).is_some_and(|scalar| literals::parse(scalar, text).as_ref() == Ok(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn a_union_takes_its_values_and_no_other() {
        let form = ParamForm::Either([ParamForm::Literal(text("a")), ParamForm::Literal(Value::Int(2))].into());
        assert_eq!(form.read("a"), Ok(ParamValue::One(text("a"))));
        assert_eq!(form.read("2"), Ok(ParamValue::One(Value::Int(2))));
        let told = form.read("c").unwrap_err();
        assert_eq!(
            (told.message.as_str(), told.help.as_str()),
            ("`c` is not one of its values", "allowed are `2`, `a`")
        );
    }

    #[test]
    fn checked_texts_are_checked() {
        let wrong = [
            (Scalar::Image, "Registry.EXAMPLE.com/Shop --evil"),
            (Scalar::Url, "no location"),
            (Scalar::Version, "one"),
            (Scalar::Cron, "whenever"),
            (Scalar::Cidr, "10.0.0.5/16"),
            (Scalar::Bool, "yes"),
            (Scalar::Int, "many"),
        ];
        for (scalar, wrong) in wrong {
            assert!(ParamForm::One(scalar).read(wrong).is_err(), "{wrong}");
        }
        assert!(ParamForm::One(Scalar::Image).read("example.com/shop:1").is_ok());
    }

    #[test]
    fn a_range_is_two_ends_or_one() {
        let form = ParamForm::Range(Scalar::Int);
        assert_eq!(form.read("2..6"), Ok(ParamValue::Range(Value::Int(2), Value::Int(6))));
        assert_eq!(form.read("2"), Ok(ParamValue::Range(Value::Int(2), Value::Int(2))));
        assert!(form.read("2-6").is_err());
    }
}
