//! Texts as Ansible reads them: what a program wrote is no template, and what is given to the run is an expression.

use value::{Op, Value, ValueId};

use crate::index::Index;

/// What Jinja begins an expression, a statement and a comment with.
const OPENINGS: [&str; 3] = ["{{", "{%", "{#"];

/// Whether Ansible would look for expressions in a text. Nothing in it can be kept from that where it stands: Jinja changes ends of lines
/// too, and linters read what a tag protects.
pub fn is_template(text: &str) -> bool {
    OPENINGS.iter().any(|opening| text.contains(opening))
}

/// The text that stands for a variable.
pub fn variable(name: &str) -> String {
    format!("{{{{ {name} }}}}")
}

/// The variable of a secret param.
pub fn param(name: &str) -> String {
    format!("param_{name}")
}

/// What is made of secret params, as an expression, with what stands for a known text in it; the operation that has no spelling, where there
/// is one.
pub fn expression(index: &Index<'_>, id: ValueId, known: &mut impl FnMut(String) -> String) -> Result<String, Op> {
    match index.store.get(id) {
        Value::Ref { of, .. } => Ok(param(index.store.input_name(*of).map_or("", |name| name.text()))),
        Value::Op { op, args } => {
            let all = args.iter().map(|argument| expression(index, *argument, known)).collect::<Result<Vec<_>, _>>()?;
            match (op, all.as_slice()) {
                (Op::Text, [only]) => Ok(format!("({only} | string)")),
                (Op::Text, _) => Ok(format!("({})", all.join(" ~ "))),
                (Op::Base64, [only]) => Ok(format!("({only} | b64encode)")),
                (Op::Sha256, [only]) => Ok(format!("({only} | hash('sha256'))")),
                (Op::Lower, [only]) => Ok(format!("({only} | lower)")),
                _ => Err(*op),
            }
        }
        _ => {
            let text = index.store.text_of(id).unwrap_or_default();
            Ok(if is_word(&text) { format!("'{text}'") } else { known(text) })
        }
    }
}

/// Whether a text can stand in quotes: Ansible takes a backslash for itself, so that nothing can be spelt there.
fn is_word(text: &str) -> bool {
    text.chars().all(|letter| !letter.is_control() && !"'\\{}%#".contains(letter))
}
