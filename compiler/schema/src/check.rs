//! Checks a packed file once, so that nothing afterwards can meet a bad offset.
//!
//! A packed schema beside a user's lock file is input like any other: cut, damaged or made by hand, it has to end
//! in an error. Beyond offsets this proves that types are not recursive and that rows can be searched.

use crate::SchemaError;
use crate::layout::{self, Section, flag, kind, maker, nesting, tag};
use crate::open::{Sections, word};

/// The sections of a sound file.
pub(crate) fn check(bytes: &[u8]) -> Result<Sections, SchemaError> {
    if bytes.get(..layout::MAGIC.len()) != Some(&layout::MAGIC) {
        return Err(SchemaError::NotASchema);
    }
    let found = word(bytes, layout::HEADER_FORMAT * 4);
    if found != layout::FORMAT {
        return Err(SchemaError::OtherFormat { found });
    }
    if word(bytes, layout::HEADER_LENGTH * 4) as usize != bytes.len() {
        return Err(broken("its length is not the one it states"));
    }
    let sections = check_sections(bytes)?;
    let file = File { bytes, sections };
    file.check_names()?;
    file.check_maker()?;
    file.check_values()?;
    let last_row = file.check_types()?;
    let last_row_of = file.check_members(&last_row)?;
    file.check_rows(&last_row_of)?;
    file.check_objects()?;
    file.check_kinds()?;
    Ok(sections)
}

struct File<'a> {
    bytes: &'a [u8],
    sections: Sections,
}

/// Sections follow each other without a gap and end where the file ends.
fn check_sections(bytes: &[u8]) -> Result<Sections, SchemaError> {
    let mut sections = Sections::default();
    let mut expected = layout::FIRST_SECTION * 4;
    for (number, section) in Section::ALL.into_iter().enumerate() {
        let at = (layout::HEADER_WORDS + number * layout::SECTION_WORDS) * 4;
        let start = word(bytes, at) as usize * 4;
        let count = word(bytes, at + 4) as usize;
        if start != expected {
            return Err(broken("a section does not start where the one before ends"));
        }
        let entries = if section.is_index() { count.saturating_add(1) } else { count };
        let length = match section {
            Section::Text => count.div_ceil(4).saturating_mul(4),
            _ => entries.saturating_mul(section.width()).saturating_mul(4),
        };
        expected = start.saturating_add(length);
        if expected > bytes.len() {
            return Err(broken("a section ends after the file"));
        }
        sections.0[number] = (start, count);
    }
    if expected != bytes.len() {
        return Err(broken("something follows the last section"));
    }
    Ok(sections)
}

impl<'a> File<'a> {
    /// All words of a section, entry by entry.
    fn entries<const WIDTH: usize>(&self, section: Section) -> impl Iterator<Item = [u32; WIDTH]> + use<'a, WIDTH> {
        let start = self.sections.start(section);
        let count = self.sections.count(section) + usize::from(section.is_index());
        let bytes = self.bytes.get(start..start + count * WIDTH * 4);
        let (words, _) = bytes.unwrap_or_default().as_chunks::<4>();
        let (entries, _) = words.as_chunks::<WIDTH>();
        entries.iter().map(|entry| entry.map(u32::from_le_bytes))
    }

    fn count(&self, section: Section) -> u32 {
        self.sections.count(section) as u32
    }

    fn check_index(&self, index: Section, into: Section) -> Result<(), SchemaError> {
        let mut last = 0;
        for [start] in self.entries(index) {
            if start < last {
                return Err(broken("an entry ends before it starts"));
            }
            last = start;
        }
        if last == self.count(into) { Ok(()) } else { Err(broken("entries do not fill their section")) }
    }

    fn check_names(&self) -> Result<(), SchemaError> {
        self.check_index(Section::Names, Section::Text)?;
        let start = self.sections.start(Section::Text);
        let text = self.bytes.get(start..start + self.sections.count(Section::Text)).unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|_| broken("a name is not UTF-8"))?;
        let mut starts = self.entries(Section::Names).map(|[start]| start as usize);
        if starts.next() != Some(0) {
            return Err(broken("entries do not fill their section"));
        }
        for to in starts {
            if !text.is_char_boundary(to) {
                return Err(broken("a name is not UTF-8"));
            }
        }
        Ok(())
    }

    fn check_maker(&self) -> Result<(), SchemaError> {
        let header = |at: usize| word(self.bytes, at * 4);
        match header(layout::HEADER_MAKER) {
            tag if tag == maker::OWN || maker::KNOWN.iter().any(|known| known.0 == tag) => {}
            _ => return Err(broken("its maker is of an unknown sort")),
        }
        self.name(header(layout::HEADER_MAKER_NAME))?;
        self.name(header(layout::HEADER_MAKER_VERSION))
    }

    fn name(&self, name: u32) -> Result<(), SchemaError> {
        if name < self.count(Section::Names) { Ok(()) } else { Err(broken("a name that is not there")) }
    }

    fn check_values(&self) -> Result<(), SchemaError> {
        self.check_index(Section::Enums, Section::Values)?;
        let names = self.count(Section::Names);
        if self.entries(Section::Values).any(|[name]| name >= names) {
            return Err(broken("a name that is not there"));
        }
        Ok(())
    }

    /// For each type the number of the last row that it is made of, plus one; 0 where it is made of none.
    fn check_types(&self) -> Result<Vec<u32>, SchemaError> {
        let (rows, enums) = (self.count(Section::Rows), self.count(Section::Enums));
        let keys = self.count(Section::Names);
        let mut last_row: Vec<u32> = Vec::with_capacity(self.sections.count(Section::Types));
        for [first, argument] in self.entries(Section::Types) {
            let row = match first & tag::MASK {
                tag::LIST | tag::SET | tag::MAP => last_row.get(argument as usize).copied(),
                tag::RECORD if argument < rows => Some(argument + 1),
                tag::RECORD => None,
                tag::ENUM if argument >= enums => None,
                other if other > tag::LAST => None,
                _ => Some(0),
            };
            match row {
                Some(row) if first >> tag::KEY_SHIFT <= keys => last_row.push(row),
                Some(_) | None => return Err(broken("a type that cannot be")),
            }
        }
        Ok(last_row)
    }

    /// For each member what `check_types` says of its type.
    fn check_members(&self, last_row: &[u32]) -> Result<Vec<u32>, SchemaError> {
        let names = self.count(Section::Names);
        let mut last_row_of = Vec::with_capacity(self.sections.count(Section::Members));
        let mut before = 0;
        for [name, ty, flags] in self.entries(Section::Members) {
            let nests = (flags >> flag::NESTING_SHIFT) & flag::NESTING_MASK;
            match last_row.get(ty as usize) {
                Some(row) if name < names && nests <= nesting::ADMITTING => last_row_of.push(*row),
                Some(_) | None => return Err(broken("a member that cannot be")),
            }
            if name < before {
                return Err(broken("members are not sorted"));
            }
            before = name;
        }
        Ok(last_row_of)
    }

    /// Members of a row ascend, and a row is only made of rows before it.
    fn check_rows(&self, last_row_of: &[u32]) -> Result<(), SchemaError> {
        self.check_index(Section::Rows, Section::Items)?;
        let mut items = self.entries(Section::Items);
        let mut starts = self.entries(Section::Rows).map(|[start]| start);
        if starts.next() != Some(0) {
            return Err(broken("entries do not fill their section"));
        }
        let mut from = 0;
        for (row, to) in starts.enumerate() {
            let mut next = 0;
            for [member] in items.by_ref().take((to - from) as usize) {
                let sound = last_row_of.get(member as usize).is_some_and(|last| *last as usize <= row);
                if !sound || member < next {
                    return Err(broken("a row that cannot be"));
                }
                next = member + 1;
            }
            from = to;
        }
        Ok(())
    }

    fn check_objects(&self) -> Result<(), SchemaError> {
        for [version, name, plural, _] in self.entries(Section::Objects) {
            self.name(version)?;
            self.name(name)?;
            self.name(plural)?;
        }
        Ok(())
    }

    fn check_kinds(&self) -> Result<(), SchemaError> {
        let mut before = None;
        for [name, row, third] in self.entries(Section::Kinds) {
            let role = third & kind::ROLE_MASK;
            if row >= self.count(Section::Rows)
                || role > kind::PROVIDER
                || third >> kind::OBJECT_SHIFT > self.count(Section::Objects)
            {
                return Err(broken("a kind that cannot be"));
            }
            self.name(name)?;
            if before.is_some_and(|before| before >= (name, role)) {
                return Err(broken("kinds are not sorted"));
            }
            before = Some((name, role));
        }
        Ok(())
    }
}

fn broken(what: &'static str) -> SchemaError {
    SchemaError::Broken { what }
}
