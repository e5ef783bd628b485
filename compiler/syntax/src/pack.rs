//! Parsed files as bytes: the standard library is parsed when infrac is built and its trees are unpacked when something asks
//! for them. The bytes are made and read by the same build: no version stands in them, and nobody else reads them.

use std::sync::Arc;

use crate::tree::{Kind, Node, Tree, Trivia, TriviaKind};

/// An item of a packed file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackedItem<'a> {
    /// Where it begins in its file, and how long it is, in bytes.
    pub start: u32,
    pub len: u32,
    /// The words of its head.
    pub words: Vec<&'a str>,
    /// Its tree, for [`unpack`]; empty when it has mistakes and must be parsed to be told of.
    pub tree: &'a [u8],
}

/// The items of a file with their trees, as bytes. Files that cannot be cut become no items.
pub fn pack(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (items, _) = crate::items(text);
    number(&mut out, items.len() as u32);
    for item in items {
        number(&mut out, item.start);
        number(&mut out, item.text.len() as u32);
        number(&mut out, item.head.words.len() as u32);
        for word in &item.head.words {
            bytes(&mut out, word.as_bytes());
        }
        let tree = crate::parse(item.text);
        bytes(&mut out, &if tree.errors.is_empty() { pack_tree(&tree) } else { Vec::new() });
    }
    out
}

/// The items of a packed file; none when the bytes are not what [`pack`] makes.
pub fn items(packed: &[u8]) -> Option<Vec<PackedItem<'_>>> {
    let mut from = Reader(packed);
    let count = from.number()?;
    (0..count).map(|_| from.item()).collect()
}

/// The tree of an item; none when the bytes are not what [`pack`] makes.
pub fn unpack(packed: &[u8], text: Arc<str>) -> Option<Tree> {
    let mut from = Reader(packed);
    let (nodes, trivia) = (from.number()? as usize, from.number()? as usize);
    let mut start = 0u32;
    let mut made = Vec::with_capacity(nodes);
    for _ in 0..nodes {
        let (kind, flags) = (*KINDS.get(from.byte()? as usize)?, from.byte()?);
        start = start.wrapping_add(from.signed()?);
        made.push(Node { kind, flags, start, len: from.number()?, subtree: from.number()? });
    }
    let mut between = Vec::with_capacity(trivia);
    for _ in 0..trivia {
        let what = match from.byte()? {
            0 => TriviaKind::Comment,
            1 => TriviaKind::Documentation,
            _ => TriviaKind::BlankLine,
        };
        between.push(Trivia { at: from.number()?, len: from.number()?, what });
    }
    Some(Tree { text, nodes: made.into(), trivia: between.into(), errors: Box::default() })
}

fn pack_tree(tree: &Tree) -> Vec<u8> {
    let mut out = Vec::with_capacity(tree.nodes.len() * 6);
    number(&mut out, tree.nodes.len() as u32);
    number(&mut out, tree.trivia.len() as u32);
    let mut start = 0u32;
    for node in &tree.nodes {
        out.extend([node.kind as u8, node.flags]);
        // Nodes stand in the order of the text, but for few: the way from one to the next is short.
        let step = node.start.wrapping_sub(start).cast_signed();
        number(&mut out, (step << 1 ^ step >> 31).cast_unsigned());
        start = node.start;
        number(&mut out, node.len);
        number(&mut out, node.subtree);
    }
    for trivia in &tree.trivia {
        out.push(match trivia.what {
            TriviaKind::Comment => 0,
            TriviaKind::Documentation => 1,
            TriviaKind::BlankLine => 2,
        });
        number(&mut out, trivia.at);
        number(&mut out, trivia.len);
    }
    out
}

/// Seven bits to a byte, the lowest first; the highest bit says that more follow.
fn number(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    number(out, bytes.len() as u32);
    out.extend_from_slice(bytes);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }
    fn number(&mut self) -> Option<u32> {
        let mut number = 0u32;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
    /// A step forwards (even) or backwards (odd).
    fn signed(&mut self) -> Option<u32> {
        let number = self.number()?;
        Some(number >> 1 ^ (number & 1).wrapping_neg())
    }
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.number()? as usize;
        let (first, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(first)
    }
    fn item(&mut self) -> Option<PackedItem<'a>> {
        let (start, len, words) = (self.number()?, self.number()?, self.number()?);
        let words = (0..words).map(|_| std::str::from_utf8(self.bytes()?).ok()).collect::<Option<Vec<_>>>()?;
        Some(PackedItem { start, len, words, tree: self.bytes()? })
    }
}

use Kind as K;

/// Every kind by its number.
const KINDS: [Kind; 113] = [
    K::Hole,
    K::Bad,
    K::Unclosed,
    K::Item,
    K::Annotation,
    K::Project,
    K::Package,
    K::Environment,
    K::Use,
    K::Param,
    K::Let,
    K::TypeDecl,
    K::Fn,
    K::Parameter,
    K::KindDecl,
    K::Super,
    K::PlatformDecl,
    K::Implement,
    K::OnPlatform,
    K::Needs,
    K::ImplName,
    K::Instance,
    K::ForHeader,
    K::IfHeader,
    K::KeyHeader,
    K::OnHeader,
    K::Adjust,
    K::Address,
    K::AddressName,
    K::AddressKey,
    K::AddressAny,
    K::Policy,
    K::Test,
    K::Output,
    K::Moved,
    K::Forget,
    K::Destroy,
    K::Adopt,
    K::Because,
    K::InEnvironment,
    K::Body,
    K::Field,
    K::FieldPath,
    K::Shorthand,
    K::Block,
    K::Entry,
    K::Spread,
    K::FieldDecl,
    K::Out,
    K::Where,
    K::Check,
    K::Require,
    K::Once,
    K::Delegate,
    K::Provider,
    K::ForBlock,
    K::IfBlock,
    K::Given,
    K::Refuses,
    K::Deviation,
    K::Reserved,
    K::Name,
    K::Path,
    K::Ident,
    K::Dot,
    K::SafeDot,
    K::Index,
    K::Call,
    K::Arg,
    K::Text,
    K::TextPart,
    K::Interpolation,
    K::Number,
    K::Measure,
    K::Percent,
    K::Ip,
    K::Cidr,
    K::Port,
    K::Date,
    K::Bool,
    K::NoneValue,
    K::Null,
    K::List,
    K::Record,
    K::KeyValue,
    K::ForElement,
    K::IfElement,
    K::By,
    K::If,
    K::Match,
    K::Arm,
    K::Pattern,
    K::PatternKind,
    K::PatternOn,
    K::PatternCase,
    K::Binary,
    K::Operator,
    K::Unary,
    K::With,
    K::Group,
    K::TypeName,
    K::TypeApply,
    K::TypeList,
    K::TypeMap,
    K::TypeRecord,
    K::TypeSpread,
    K::TypeOptional,
    K::TypeLater,
    K::TypeSecret,
    K::TypeUnion,
    K::TypeLiteral,
    K::TypeCase,
    K::TypeKeyOf,
];

/// A kind that is missing above, or stands elsewhere, does not compile.
const _: () = {
    let mut at = 0;
    while at < KINDS.len() {
        assert!(KINDS[at] as usize == at);
        at += 1;
    }
    assert!(KINDS.len() == Kind::TypeKeyOf as usize + 1);
};

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "//! About the file.\n\n/// Documented.\n@check(a = 1)\nserver front for x in xs on aws {\n  // why\n  cpu = 2..4\n\n  \
        name = \"é ${x.y} \\n\"\n}\n\nfn f(a: {string: int?}) -> later string = match a { 1, 2 => a[0] ?? -1, _ => r\"\"\"\n  raw\n\"\"\" }\n";

    #[test]
    fn what_is_unpacked_is_what_was_parsed() {
        let packed = pack(FILE);
        let items = items(&packed).unwrap();
        let cut = crate::items(FILE).0;
        assert_eq!(items.len(), cut.len());
        for (item, cut) in items.iter().zip(cut) {
            assert_eq!((item.start, item.len as usize, &item.words), (cut.start, cut.text.len(), &cut.head.words));
            assert_eq!(unpack(item.tree, cut.text.into()).unwrap(), crate::parse(cut.text));
        }
    }

    #[test]
    fn an_item_with_a_mistake_is_left_to_the_parser() {
        let packed = pack("server front { cpu = }\n");
        assert_eq!(items(&packed).unwrap().first().unwrap().tree, b"");
    }

    #[test]
    fn bytes_that_end_early_are_refused() {
        let packed = pack(FILE);
        for end in 0..packed.len() {
            assert_eq!(items(packed.get(..end).unwrap()), None, "the first {end} bytes");
        }
    }
}
