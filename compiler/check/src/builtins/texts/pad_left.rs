//! `"7".pad_left(3, "0")` is `"007"`.

use value::{Fault, LONGEST_TEXT, Store, ValueId};

use crate::builtins::arguments::{count, optional_text, text};
use crate::builtins::texts::too_long;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "pad_left",
    signature: r#"(self: string, width: int, with: string = " ") -> string"#,
    docs: "The text, filled up at its left to so many characters with one character.",
    examples: &[(r#""7".pad_left(3, "0")"#, r#""007""#), (r#""abc".pad_left(2)"#, r#""abc""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let (text, filler) = (text(store, args, 0)?, optional_text(store, args, 2, " ")?);
    let width = count(store, args, 1)?;
    let mut letters = filler.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        return Err(Fault::new("wrong_operands", "a text is filled up with one character", "write `with = \"0\"`"));
    };
    if width > LONGEST_TEXT / 4 {
        return Err(too_long());
    }
    let missing = width.saturating_sub(text.chars().count());
    let padded: String = std::iter::repeat_n(letter, missing).chain(text.chars()).collect();
    Ok(store.text(padded))
}
