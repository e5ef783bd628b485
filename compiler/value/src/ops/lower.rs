//! `text.lower`.

use super::{Operation, text_argument};
use crate::{Op, Store};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "The text in small letters.",
    evaluate: |store, args, _| match args {
        [text] => {
            let lower: String = text_argument(store, Op::Lower, *text)?.chars().map(small).collect();
            Ok(store.text(lower))
        }
        _ => Ok(Store::ABSENT),
    },
};

/// The small letter of a letter, whatever stands around it: targets that spell the operation know no other. One letter of Unicode
/// has two of them.
fn small(letter: char) -> char {
    if letter == 'İ' { 'i' } else { letter.to_lowercase().next().unwrap_or(letter) }
}

#[cfg(test)]
mod tests {
    use super::small;

    #[test]
    fn each_letter_has_one_small_letter() {
        let lower: String = "İSTANBUL ΟΔΟΣ ẞ".chars().map(small).collect();
        assert_eq!(lower, "istanbul οδοσ ß");
    }
}
