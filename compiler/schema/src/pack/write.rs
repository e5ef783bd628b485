//! Writes a tree of kinds as a packed file: every name, type, member and row stands once.
//!
//! Tables keep the order in which their entries were first met, so the same tree gives the same bytes; names are
//! sorted at the end, when all are known.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::Packed;
use super::tree::{Field, NativeKind, Shape};
use crate::layout::{self, Section, flag, kind, maker, nesting, tag};
use crate::{Maker, Nesting, Role, SchemaError};

/// Records and lists may stand in each other this deep; makers' own documents stay far below.
const MAX_DEPTH: usize = 200;

/// Packs kinds. Two kinds of one name and role are an error.
pub(crate) fn write(by: &Maker, kinds: &[NativeKind], unmatched: Vec<usize>) -> Result<Packed, SchemaError> {
    let mut writer = Writer::default();
    let mut table = BTreeMap::new();
    for native in kinds {
        let row = writer.row(&native.fields, 0).map_err(|what| document(&native.name, what))?;
        let object = match &native.object {
            Some(object) => {
                let words = [
                    writer.names.id(object.api_version.clone()),
                    writer.names.id(object.kind.clone()),
                    writer.names.id(object.plural.clone()),
                    u32::from(object.namespaced),
                ];
                writer.objects.id(words) + 1
            }
            None => 0,
        };
        let role = match native.role {
            Role::Resource => kind::RESOURCE,
            Role::Data => kind::DATA,
            Role::Provider => kind::PROVIDER,
        };
        let deprecated = if native.deprecated { kind::DEPRECATED } else { 0 };
        let third = role | deprecated | object << kind::OBJECT_SHIFT;
        let name = writer.names.id(native.name.clone());
        if table.insert((native.name.as_str(), role), [name, row, third]).is_some() {
            return Err(document(&native.name, "it is there twice".to_owned()));
        }
    }
    let (tag, name) = tag_of(by);
    let by = [tag, writer.names.id(name.to_owned()), writer.names.id(by.version.clone())];
    Ok(Packed {
        kinds: table.len(),
        blocks: writer.blocks,
        rows: writer.rows.entries.len(),
        members: writer.members.entries.len(),
        bytes: writer.finish(by, table.into_values())?,
        unmatched,
    })
}

/// How a maker stands in the header: the first tag of its target is of the one that is the target itself or has sources of its own, the
/// last of those that were added to it.
fn tag_of(by: &Maker) -> (u32, &str) {
    let mut tags = maker::KNOWN.iter().filter(|known| known.1 == by.target).map(|known| known.0);
    let tag = if by.source.is_empty() { tags.next() } else { tags.next_back() };
    match tag {
        Some(tag) => (tag, &by.source),
        None => (maker::OWN, &by.target),
    }
}

/// Entries of a table, each once, numbered in the order in which they came.
struct Table<T> {
    entries: Vec<T>,
    ids: HashMap<T, u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), ids: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    fn id(&mut self, entry: T) -> u32 {
        let next = self.entries.len() as u32;
        let Self { entries, ids } = self;
        *ids.entry(entry).or_insert_with_key(|entry| {
            entries.push(entry.clone());
            next
        })
    }
}

#[derive(Default)]
struct Writer {
    names: Table<String>,
    /// Tag, list key (name plus one), argument.
    types: Table<[u32; 3]>,
    members: Table<[u32; 3]>,
    rows: Table<Vec<u32>>,
    enums: Table<Vec<u32>>,
    objects: Table<[u32; 4]>,
    blocks: usize,
}

impl Writer {
    fn row(&mut self, fields: &[Field], depth: usize) -> Result<u32, String> {
        self.blocks += 1;
        let mut members = BTreeMap::new();
        for field in fields {
            let member = self.member(field, depth)?;
            if members.insert(field.name.as_str(), member).is_some() {
                return Err(format!("its field `{}` is there twice", field.name));
            }
        }
        Ok(self.rows.id(members.into_values().collect()))
    }

    fn member(&mut self, field: &Field, depth: usize) -> Result<u32, String> {
        let ty = self.ty(&field.shape, depth)?;
        let flags = [
            (field.required, flag::REQUIRED),
            (field.optional, flag::OPTIONAL),
            (field.computed, flag::COMPUTED),
            (field.sensitive, flag::SENSITIVE),
            (field.write_only, flag::WRITE_ONLY),
            (field.deprecated, flag::DEPRECATED),
        ];
        let nesting = match field.nesting {
            Nesting::Attribute if field.admits_secret => nesting::ADMITTING,
            Nesting::Attribute => nesting::ATTRIBUTE,
            Nesting::Single => nesting::SINGLE,
            Nesting::List => nesting::LIST,
            Nesting::Set => nesting::SET,
            Nesting::Map => nesting::MAP,
        };
        let mut word = flags.into_iter().filter(|(is, _)| *is).fold(0, |word, (_, flag)| word | flag);
        word |= nesting << flag::NESTING_SHIFT;
        // A number of blocks beyond the field's width is left to the provider to count.
        word |= field.min.min(u64::from(flag::MIN_MASK)) as u32 * (1 << flag::MIN_SHIFT);
        let max = if field.max > u64::from(flag::MAX_MASK) { 0 } else { field.max };
        word |= (max as u32) << flag::MAX_SHIFT;
        let name = self.names.id(field.name.clone());
        Ok(self.members.id([name, ty, word]))
    }

    fn ty(&mut self, shape: &Shape, depth: usize) -> Result<u32, String> {
        if depth > MAX_DEPTH {
            return Err(format!("its fields are nested deeper than {MAX_DEPTH} levels"));
        }
        let below = depth + 1;
        let mut key = 0;
        let (tag, argument) = match shape {
            Shape::Scalar(scalar) => (scalar.tag(), 0),
            Shape::Enum(values) => {
                let values = values.iter().map(|value| self.names.id(value.clone())).collect();
                (tag::ENUM, self.enums.id(values))
            }
            Shape::List { of, key: by } => {
                key = by.as_ref().map_or(0, |name| self.names.id(name.clone()) + 1);
                (tag::LIST, self.ty(of, below)?)
            }
            Shape::Set(of) => (tag::SET, self.ty(of, below)?),
            Shape::Map(of) => (tag::MAP, self.ty(of, below)?),
            Shape::Record(fields) => (tag::RECORD, self.row(fields, below)?),
        };
        Ok(self.types.id([tag, key, argument]))
    }

    fn finish(self, by: [u32; 3], kinds: impl Iterator<Item = [u32; 3]>) -> Result<Vec<u8>, SchemaError> {
        let text_of = |name: u32| self.names.entries.get(name as usize).map(String::as_str).unwrap_or_default();
        let (sorted, place) = sorted_places(self.names.entries.len(), text_of);
        let name = |old: u32| place.get(old as usize).copied().unwrap_or_default();

        let mut text = Vec::new();
        let mut starts = vec![0];
        for old in &sorted {
            text.extend_from_slice(text_of(*old).as_bytes());
            starts.push(text.len() as u32);
        }
        let text_length = text.len();
        text.resize(text_length.next_multiple_of(4), 0);

        let mut file = File::default();
        file.section(Section::Names, starts.len() - 1, &starts);
        file.bytes(Section::Text, text_length, &text);
        let types = self.types.entries.iter();
        let types = types.flat_map(|[tag, key, argument]| {
            let key = key.checked_sub(1).map_or(0, |old| name(old) + 1);
            [tag | key << tag::KEY_SHIFT, *argument]
        });
        file.section(Section::Types, self.types.entries.len(), &types.collect::<Vec<_>>());
        // Members are sorted too: a row whose members ascend by number then ascends by name.
        let members = self.members.entries.iter();
        let members: Vec<[u32; 3]> = members.map(|[old, ty, word]| [name(*old), *ty, *word]).collect();
        let (sorted, place) = sorted_places(members.len(), |member| members.get(member as usize));
        let words: Vec<u32> = sorted.iter().filter_map(|old| members.get(*old as usize)).flatten().copied().collect();
        file.section(Section::Members, sorted.len(), &words);
        let member = |old: u32| place.get(old as usize).copied().unwrap_or_default();
        file.lists(Section::Rows, Section::Items, &self.rows.entries, member);
        file.lists(Section::Enums, Section::Values, &self.enums.entries, name);
        let kinds: Vec<u32> = kinds.flat_map(|[old, row, third]| [name(old), row, third]).collect();
        file.section(Section::Kinds, kinds.len() / 3, &kinds);
        let objects = self.objects.entries.iter();
        let objects =
            objects.flat_map(|[version, kind, plural, place]| [name(*version), name(*kind), name(*plural), *place]);
        file.section(Section::Objects, self.objects.entries.len(), &objects.collect::<Vec<_>>());
        file.finish([by[0], name(by[1]), name(by[2])])
    }
}

/// Entries in the order of their keys, and the place of each in that order.
fn sorted_places<Key: Ord>(count: usize, key: impl Fn(u32) -> Key) -> (Vec<u32>, Vec<u32>) {
    let mut sorted: Vec<u32> = (0..count as u32).collect();
    sorted.sort_by_key(|entry| key(*entry));
    let mut place = vec![0; count];
    for (to, from) in sorted.iter().enumerate() {
        if let Some(slot) = place.get_mut(*from as usize) {
            *slot = to as u32;
        }
    }
    (sorted, place)
}

/// The file's header and sections while it is written.
#[derive(Default)]
struct File {
    table: Vec<u32>,
    body: Vec<u8>,
}

impl File {
    fn section(&mut self, section: Section, count: usize, words: &[u32]) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.bytes(section, count, &bytes);
    }

    fn bytes(&mut self, section: Section, count: usize, bytes: &[u8]) {
        debug_assert_eq!(self.table.len(), section as usize * layout::SECTION_WORDS);
        self.table.push((layout::FIRST_SECTION + self.body.len() / 4) as u32);
        self.table.push(count as u32);
        self.body.extend_from_slice(bytes);
    }

    /// Lists of numbers: an index section and the section that it points into.
    fn lists(&mut self, index: Section, into: Section, lists: &[Vec<u32>], map: impl Fn(u32) -> u32) {
        let mut starts = vec![0];
        let mut items = Vec::new();
        for list in lists {
            items.extend(list.iter().map(|item| map(*item)));
            starts.push(items.len() as u32);
        }
        self.section(index, lists.len(), &starts);
        self.section(into, items.len(), &items);
    }

    fn finish(self, by: [u32; 3]) -> Result<Vec<u8>, SchemaError> {
        let length = layout::FIRST_SECTION * 4 + self.body.len();
        let stated = u32::try_from(length).map_err(|_| document("schema", "it is larger than 4 GiB".to_owned()))?;
        let mut file = Vec::with_capacity(length);
        file.extend_from_slice(&layout::MAGIC);
        for word in [layout::FORMAT, stated].into_iter().chain(by).chain(self.table) {
            file.extend_from_slice(&word.to_le_bytes());
        }
        file.extend_from_slice(&self.body);
        Ok(file)
    }
}

fn document(place: &str, what: String) -> SchemaError {
    SchemaError::Document { place: place.to_owned(), what }
}
