//! Reads the dialect of JSON Schema that Kubernetes publishes, in OpenAPI documents and in custom resources.
//!
//! What it constrains beyond types (lengths, patterns, rules) is left to the server. A part that the maker left open,
//! and a schema that contains itself, are any value.

use serde_json::{Map, Value};

use super::tree::{Field, Scalar, Shape};

/// More fields than any published kind has; a document made to explode ends here.
const MAX_FIELDS: usize = 200_000;

/// How deep schemas may stand in each other before the rest is any value.
const MAX_DEPTH: usize = 100;

/// A resource's own fields that are not for users to set; the kind carries the first two.
const NOT_MEMBERS: [&str; 2] = ["apiVersion", "kind"];

/// The components that references point to, and where we are.
pub(crate) struct Reader<'a> {
    /// `components.schemas` of one document; empty for custom resources, which have no references.
    schemas: Option<&'a Map<String, Value>>,
    /// References that are being read, from the outermost.
    within: Vec<&'a str>,
    fields: usize,
    depth: usize,
    /// What an object without properties is: a custom resource's can only be empty, a built-in one is open.
    empty_is_open: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn for_document(schemas: &'a Map<String, Value>) -> Self {
        Self { schemas: Some(schemas), within: Vec::new(), fields: 0, depth: 0, empty_is_open: true }
    }

    pub(crate) fn for_custom_resource() -> Self {
        Self { schemas: None, within: Vec::new(), fields: 0, depth: 0, empty_is_open: false }
    }

    /// The fields of a kind: all but the two that say which kind it is, `status` for reading only.
    pub(crate) fn kind_fields(&mut self, schema: &'a Value) -> Result<Vec<Field>, String> {
        let schema = self.resolve(schema).map_or(schema, |(_, schema)| schema);
        Self::sound(schema)?;
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return Ok(Vec::new());
        };
        let mut fields = self.fields(properties, schema)?;
        fields.retain(|field| !NOT_MEMBERS.contains(&field.name.as_str()));
        for field in fields.iter_mut().filter(|field| field.name == "status") {
            (field.required, field.optional, field.computed) = (false, false, true);
        }
        Ok(fields)
    }

    fn fields(&mut self, properties: &'a Map<String, Value>, schema: &'a Value) -> Result<Vec<Field>, String> {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
        let mut fields = Vec::with_capacity(properties.len());
        for (name, property) in properties {
            self.fields += 1;
            if self.fields > MAX_FIELDS {
                return Err("its schemas have too many fields when they are written out".to_owned());
            }
            let required = is_required(name);
            let shape = self.shape(property)?;
            fields.push(Field { required, optional: !required, ..Field::optional(name, shape) });
        }
        Ok(fields)
    }

    fn shape(&mut self, schema: &'a Value) -> Result<Shape, String> {
        Self::sound(schema)?;
        if self.depth > MAX_DEPTH {
            return Ok(Shape::ANY);
        }
        self.depth += 1;
        let shape = self.shape_within(schema);
        self.depth -= 1;
        shape
    }

    /// That what says of which sort a value is can be understood: else it would be taken for one of any sort.
    fn sound(schema: &Value) -> Result<(), String> {
        if schema.get("type").is_some_and(|sort| !sort.is_string()) {
            return Err("a `type` is no text".to_owned());
        }
        match schema.get("properties") {
            Some(properties) if !properties.is_object() => Err("`properties` are no fields with names".to_owned()),
            Some(_) | None => Ok(()),
        }
    }

    fn shape_within(&mut self, schema: &'a Value) -> Result<Shape, String> {
        let Some((name, target)) = self.resolve(schema) else {
            return self.plain(schema);
        };
        if let Some(scalar) = well_known(name) {
            return Ok(Shape::Scalar(scalar));
        }
        if self.within.contains(&name) {
            return Ok(Shape::ANY);
        }
        self.within.push(name);
        let shape = self.plain(target);
        self.within.pop();
        shape
    }

    fn plain(&mut self, schema: &'a Value) -> Result<Shape, String> {
        let is = |name: &str| schema.get(name).and_then(Value::as_bool) == Some(true);
        if is("x-kubernetes-preserve-unknown-fields") || is("x-kubernetes-embedded-resource") {
            return Ok(Shape::ANY);
        }
        if is("x-kubernetes-int-or-string") || text(schema, "format") == Some("int-or-string") {
            // Custom resources have no quantity; the generators write the same pattern for each of them.
            let quantity = text(schema, "pattern").is_some_and(|pattern| pattern.contains("[KMGTPE]i"));
            return Ok(Shape::Scalar(if quantity { Scalar::Quantity } else { Scalar::IntOrString }));
        }
        match text(schema, "type") {
            Some("string") => Ok(match enumeration(schema) {
                Some(values) => Shape::Enum(values),
                None => Shape::Scalar(Scalar::String),
            }),
            Some("integer") => Ok(Shape::Scalar(Scalar::Int)),
            Some("number") => Ok(Shape::Scalar(Scalar::Number)),
            Some("boolean") => Ok(Shape::Scalar(Scalar::Bool)),
            Some("array") => self.array(schema),
            Some("object") => self.object(schema),
            None if schema.get("properties").is_some() => self.object(schema),
            // Alternatives without a type, and types that Kubernetes does not use.
            Some(_) | None => Ok(Shape::ANY),
        }
    }

    fn array(&mut self, schema: &'a Value) -> Result<Shape, String> {
        let of = match schema.get("items") {
            Some(items) => self.shape(items)?,
            None => Shape::ANY,
        };
        let of = Box::new(of);
        let keys = schema.get("x-kubernetes-list-map-keys").and_then(Value::as_array);
        let key = keys.and_then(|keys| keys.first()).and_then(Value::as_str);
        let key = key.or_else(|| text(schema, "x-kubernetes-patch-merge-key"));
        Ok(match text(schema, "x-kubernetes-list-type") {
            Some("set") => Shape::Set(of),
            // The elements of an atomic list are one value, whatever they are merged by.
            Some("atomic") => Shape::List { of, key: None },
            _ => Shape::List { of, key: key.map(str::to_owned) },
        })
    }

    fn object(&mut self, schema: &'a Value) -> Result<Shape, String> {
        let properties = schema.get("properties").and_then(Value::as_object).filter(|all| !all.is_empty());
        let others = schema.get("additionalProperties").filter(|others| **others != Value::Bool(false));
        match (properties, others) {
            (Some(properties), None) => Ok(Shape::Record(self.fields(properties, schema)?)),
            (None, Some(Value::Object(_))) => match schema.get("additionalProperties") {
                Some(of) => Ok(Shape::Map(Box::new(self.shape(of)?))),
                None => Ok(Shape::ANY),
            },
            (None, None) if !self.empty_is_open => Ok(Shape::Record(Vec::new())),
            (Some(_), Some(_)) | (None, _) => Ok(Shape::ANY),
        }
    }

    /// The name and the schema that a reference means, written plainly or as the only part of `allOf`.
    fn resolve(&self, schema: &'a Value) -> Option<(&'a str, &'a Value)> {
        let reference = match schema.get("$ref") {
            Some(reference) => reference.as_str()?,
            None => match schema.get("allOf")?.as_array()?.as_slice() {
                [only] => only.get("$ref")?.as_str()?,
                _ => return None,
            },
        };
        let name = reference.strip_prefix("#/components/schemas/")?;
        Some((name, self.schemas?.get(name)?))
    }
}

/// Types of the API machinery whose schema says less than their name.
fn well_known(name: &str) -> Option<Scalar> {
    let name = name.strip_prefix("io.k8s.apimachinery.pkg.")?;
    match name {
        "api.resource.Quantity" => Some(Scalar::Quantity),
        "util.intstr.IntOrString" => Some(Scalar::IntOrString),
        "apis.meta.v1.Duration" => Some(Scalar::DurationText),
        _ => None,
    }
}

fn text<'a>(schema: &'a Value, name: &str) -> Option<&'a str> {
    schema.get(name)?.as_str()
}

fn enumeration(schema: &Value) -> Option<Vec<String>> {
    let values = schema.get("enum")?.as_array()?;
    values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}
