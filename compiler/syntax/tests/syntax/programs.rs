//! The programs that the language must carry.

use crate::support::{check, programs, told};

#[test]
fn the_programs_parse_without_a_mistake() {
    for (name, text) in programs() {
        assert!(syntax::items(&text).0.len() > 5, "{name}");
        assert_eq!(told(&text), Vec::<String>::new(), "{name}");
        check(&text);
    }
}
