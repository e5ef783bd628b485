//! Packs what a Terraform provider says about itself over its plugin protocol.
//!
//! The plain structs here are what the protocol's client gives back, for versions 5 and 6 alike. Types of attributes
//! are still the JSON that providers send; they are read here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tree::{Field, NativeKind, Scalar, Shape};
use super::{Overlay, Packed, write};
use crate::{Maker, Nesting, Role, SchemaError};

/// The schemas of one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderSchema {
    /// The provider's own configuration.
    pub provider: KindSchema,
    /// Resources by name.
    pub resources: BTreeMap<String, KindSchema>,
    /// Data sources by name.
    pub data_sources: BTreeMap<String, KindSchema>,
}

/// One resource, data source or provider configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindSchema {
    /// The version of the resource's stored form.
    pub version: i64,
    /// Its arguments.
    pub block: Block,
}

/// Attributes and nested blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// Attributes, in the provider's order.
    pub attributes: Vec<Attribute>,
    /// Nested blocks, in the provider's order.
    pub blocks: Vec<NestedBlock>,
    /// The provider advises against it.
    pub deprecated: bool,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: AttributeType,
    /// It has to be set.
    pub required: bool,
    /// It may be set.
    pub optional: bool,
    /// The provider decides it where it is not set.
    pub computed: bool,
    /// It must not be shown.
    pub sensitive: bool,
    /// It is never read back.
    pub write_only: bool,
    /// The provider advises against it.
    pub deprecated: bool,
}

/// The type of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeType {
    /// A type constraint as JSON: `"string"`, `["list", "string"]`, `["object", {…}]`.
    Constraint(Vec<u8>),
    /// Attributes within an attribute (protocol 6).
    Object {
        /// What the attribute holds of these objects.
        nesting: ObjectNesting,
        /// The attributes of one object.
        attributes: Vec<Attribute>,
    },
}

/// What an attribute holds of nested objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectNesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

/// A block within a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedBlock {
    /// Its name.
    pub name: String,
    /// How it nests.
    pub nesting: BlockNesting,
    /// The least number of blocks.
    pub min: u64,
    /// The largest number of blocks; 0 is no limit.
    pub max: u64,
    /// Its arguments.
    pub block: Block,
}

/// How a block nests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockNesting {
    /// One block, null where it is left out.
    Single,
    /// One block, an object of nulls where it is left out.
    Group,
    /// A list of blocks.
    List,
    /// A set of blocks.
    Set,
    /// Blocks with one label.
    Map,
}

/// Packs a provider's schemas. `source` is the provider's address without a host, `hashicorp/aws`; the last part of it
/// is the name of the provider's own configuration.
pub fn pack_terraform(
    source: &str,
    version: &str,
    schema: &ProviderSchema,
    overlay: &Overlay,
) -> Result<Packed, SchemaError> {
    let provider = source.rsplit('/').next().unwrap_or(source);
    let mut kinds = vec![native_kind(provider, Role::Provider, &schema.provider)?];
    for (name, kind) in &schema.resources {
        kinds.push(native_kind(name, Role::Resource, kind)?);
    }
    for (name, kind) in &schema.data_sources {
        kinds.push(native_kind(name, Role::Data, kind)?);
    }
    let unmatched = overlay.clone().apply(&mut kinds);
    let maker = Maker { target: "terraform".to_owned(), source: source.to_owned(), version: version.to_owned() };
    write::write(&maker, &kinds, unmatched)
}

fn native_kind(name: &str, role: Role, kind: &KindSchema) -> Result<NativeKind, SchemaError> {
    let mut fields =
        block_fields(&kind.block).map_err(|what| SchemaError::Document { place: name.to_owned(), what })?;
    if role == Role::Resource {
        // The older of HashiCorp's kits for providers publishes the identifier of every resource as one that may be set, and refuses it when it is.
        for field in fields.iter_mut().filter(|field| field.name == "id" && field.optional && field.computed) {
            field.optional = false;
        }
    }
    Ok(NativeKind { name: name.to_owned(), role, deprecated: kind.block.deprecated, fields, object: None })
}

fn block_fields(block: &Block) -> Result<Vec<Field>, String> {
    let mut fields = attribute_fields(&block.attributes)?;
    for nested in &block.blocks {
        fields.push(block_field(nested)?);
    }
    Ok(fields)
}

fn attribute_fields(attributes: &[Attribute]) -> Result<Vec<Field>, String> {
    attributes.iter().map(attribute_field).collect()
}

fn attribute_field(attribute: &Attribute) -> Result<Field, String> {
    let shape = match &attribute.ty {
        AttributeType::Constraint(json) => serde_json::from_slice(json)
            .ok()
            .and_then(|json| constraint(&json))
            .ok_or_else(|| format!("the type of its attribute `{}` cannot be read", attribute.name))?,
        AttributeType::Object { nesting, attributes } => {
            let record = Shape::Record(attribute_fields(attributes)?);
            match nesting {
                ObjectNesting::Single => record,
                ObjectNesting::List => Shape::list(record),
                ObjectNesting::Set => Shape::Set(Box::new(record)),
                ObjectNesting::Map => Shape::Map(Box::new(record)),
            }
        }
    };
    Ok(Field {
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        deprecated: attribute.deprecated,
        ..Field::optional(&attribute.name, shape)
    })
}

/// A block that may stand once is one record, whatever its provider makes of it when it is read.
fn block_field(nested: &NestedBlock) -> Result<Field, String> {
    let record = Shape::Record(block_fields(&nested.block)?);
    let (nesting, shape) = match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => (Nesting::Single, record),
        BlockNesting::List if nested.max == 1 => (Nesting::List, record),
        BlockNesting::List => (Nesting::List, Shape::list(record)),
        BlockNesting::Set if nested.max == 1 => (Nesting::Set, record),
        BlockNesting::Set => (Nesting::Set, Shape::Set(Box::new(record))),
        BlockNesting::Map => (Nesting::Map, Shape::Map(Box::new(record))),
    };
    Ok(Field {
        required: nested.min > 0,
        optional: nested.min == 0,
        deprecated: nested.block.deprecated,
        nesting,
        min: nested.min,
        max: if nesting == Nesting::Single { 1 } else { nested.max },
        ..Field::optional(&nested.name, shape)
    })
}

/// A type constraint. In an object every attribute has to be there, null where it is not set, unless it is listed as optional: which
/// of them the provider needs is not said.
fn constraint(json: &Value) -> Option<Shape> {
    if let Some(name) = json.as_str() {
        return Some(Shape::Scalar(match name {
            "string" => Scalar::String,
            "number" => Scalar::Number,
            "bool" => Scalar::Bool,
            "dynamic" => Scalar::Any,
            _ => return None,
        }));
    }
    let parts = json.as_array()?;
    let of = || parts.get(1).and_then(constraint).map(Box::new);
    Some(match parts.first()?.as_str()? {
        "list" => Shape::List { of: of()?, key: None },
        "set" => Shape::Set(of()?),
        "map" => Shape::Map(of()?),
        "object" => {
            let optional = parts.get(2).and_then(Value::as_array);
            let is_optional = |name: &str| optional.is_some_and(|all| all.iter().any(|one| one == name));
            let mut fields = Vec::new();
            for (name, ty) in parts.get(1)?.as_object()? {
                fields.push(Field { required: !is_optional(name), ..Field::optional(name, constraint(ty)?) });
            }
            Shape::Record(fields)
        }
        // A tuple has a type for each position; no resource of a published provider takes one.
        "tuple" => Shape::list(Shape::ANY),
        _ => return None,
    })
}
