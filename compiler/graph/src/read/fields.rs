//! Objects of a saved graph: each member is asked for by its name, and one that nobody asks for is refused.

use std::borrow::Cow;
use std::cell::Cell;

use source::Name;

use super::ReadError;
use super::json::{Json, What, shortened};

/// Parts of one text.
#[derive(Clone, Copy)]
pub(super) struct Text<'t>(pub &'t str);

/// The members of an object.
pub(super) struct Fields<'j, 't> {
    text: Text<'t>,
    at: usize,
    members: &'j [(Cow<'t, str>, Json<'t>)],
    taken: Cell<usize>,
}

impl<'t> Text<'t> {
    /// Refuses a part.
    pub fn refuse<T>(self, at: usize, cause: impl Into<String>) -> Result<T, ReadError> {
        Err(ReadError::at(self.0, at, cause))
    }
    /// The members of an object.
    pub fn fields<'j>(self, json: &'j Json<'t>) -> Result<Fields<'j, 't>, ReadError> {
        match &json.what {
            What::Object(members) => Ok(Fields { text: self, at: json.at, members, taken: Cell::new(0) }),
            _ => self.refuse(json.at, "an object belongs here"),
        }
    }
    /// The elements of a list.
    pub fn list<'j>(self, json: &'j Json<'t>) -> Result<&'j [Json<'t>], ReadError> {
        match &json.what {
            What::List(elements) => Ok(elements),
            _ => self.refuse(json.at, "a list belongs here"),
        }
    }
    /// A list of so many elements.
    pub fn exactly<'j, const N: usize>(self, json: &'j Json<'t>) -> Result<&'j [Json<'t>; N], ReadError> {
        match self.list(json)?.try_into() {
            Ok(elements) => Ok(elements),
            Err(_) => self.refuse(json.at, format!("{N} elements belong here")),
        }
    }
    /// The members of an object whose names are its own.
    pub fn members<'j>(self, json: &'j Json<'t>) -> Result<&'j [(Cow<'t, str>, Json<'t>)], ReadError> {
        self.fields(json).map(|fields| fields.members)
    }
    /// A text.
    pub fn text<'j>(self, json: &'j Json<'t>) -> Result<&'j str, ReadError> {
        match &json.what {
            What::Text(text) => Ok(text),
            _ => self.refuse(json.at, "a text belongs here"),
        }
    }
    /// A name.
    pub fn name(self, json: &Json<'t>) -> Result<Name, ReadError> {
        self.text(json).map(Name::new)
    }
    /// A name, or `null`.
    pub fn optional_name(self, json: &Json<'t>) -> Result<Option<Name>, ReadError> {
        match json.what {
            What::Null => Ok(None),
            _ => self.name(json).map(Some),
        }
    }
    /// A truth.
    pub fn bool(self, json: &Json<'t>) -> Result<bool, ReadError> {
        match json.what {
            What::Bool(truth) => Ok(truth),
            _ => self.refuse(json.at, "`true` or `false` belongs here"),
        }
    }
    /// A whole number that fits.
    pub fn int<N: TryFrom<i64>>(self, json: &Json<'t>) -> Result<N, ReadError> {
        match json.what {
            What::Int(number) => {
                N::try_from(number).or_else(|_| self.refuse(json.at, format!("the number {number} does not fit here")))
            }
            _ => self.refuse(json.at, "a number belongs here"),
        }
    }
    /// What a number in a table stands for.
    pub fn index<'v, T>(self, json: &Json<'t>, table: &'v [T], what: &str) -> Result<&'v T, ReadError> {
        let number: usize = self.int(json)?;
        match table.get(number) {
            Some(found) => Ok(found),
            None => self.refuse(json.at, format!("there is no {what} {number}: there are {}", table.len())),
        }
    }
}

impl<'j, 't> Fields<'j, 't> {
    /// A member, if it is there.
    pub fn take(&self, name: &str) -> Option<&'j Json<'t>> {
        let found = self.members.iter().find(|(member, _)| member == name);
        self.taken.set(self.taken.get() + usize::from(found.is_some()));
        found.map(|(_, json)| json)
    }
    /// A member that is there.
    pub fn need(&self, name: &str) -> Result<&'j Json<'t>, ReadError> {
        match self.take(name) {
            Some(json) => Ok(json),
            None => self.text.refuse(self.at, format!("`{name}` is missing")),
        }
    }
    /// A member that is left out when it is not so.
    pub fn flag(&self, name: &str) -> Result<bool, ReadError> {
        match self.take(name) {
            Some(json) if self.text.bool(json)? => Ok(true),
            Some(json) => self.text.refuse(json.at, format!("`{name}` is left out when it is not so")),
            None => Ok(false),
        }
    }
    /// A text that is there.
    pub fn text(&self, name: &str) -> Result<&'j str, ReadError> {
        self.text.text(self.need(name)?)
    }
    /// A name that is there.
    pub fn name(&self, name: &str) -> Result<Name, ReadError> {
        self.text.name(self.need(name)?)
    }
    /// All were asked for, each once.
    pub fn end(self, known: &[&str]) -> Result<(), ReadError> {
        if self.taken.get() == self.members.len() {
            return Ok(());
        }
        match self.members.iter().find(|(name, _)| !known.contains(&name.as_ref())) {
            Some((name, json)) => {
                self.text.refuse(json.at, format!("`{}` is no member of this object", shortened(name)))
            }
            None => self.text.refuse(self.at, "members of this object do not belong together"),
        }
    }
}
