//! From the messages of either protocol to one plain shape.

use schema::pack::terraform::{
    Attribute, AttributeType, Block, BlockNesting, KindSchema, NestedBlock, ObjectNesting, ProviderSchema,
};

use crate::wire::{self, Diagnostic, nesting};

/// What the provider complains about, when it does so as an error: its words, joined.
pub(crate) fn complaint(diagnostics: &[Diagnostic]) -> Option<String> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Diagnostic::ERROR);
    let words: Vec<String> =
        errors.map(|error| format!("{} {}", error.summary, error.detail).trim().to_owned()).collect();
    if words.is_empty() { None } else { Some(words.join("; ")) }
}

/// The conversion of everything but attributes, for one version of the protocol.
macro_rules! shared_conversion {
    ($version:ident) => {
        pub(crate) fn provider(answer: wire::$version::SchemaResponse) -> Result<ProviderSchema, String> {
            let kinds = |kinds: std::collections::BTreeMap<String, wire::$version::Schema>| {
                kinds.into_iter().map(|(name, kind)| Ok((name, kind_schema(kind)?))).collect::<Result<_, String>>()
            };
            Ok(ProviderSchema {
                provider: kind_schema(answer.provider.unwrap_or_default())?,
                resources: kinds(answer.resource_schemas)?,
                data_sources: kinds(answer.data_source_schemas)?,
            })
        }

        fn kind_schema(kind: wire::$version::Schema) -> Result<KindSchema, String> {
            Ok(KindSchema { version: kind.version, block: block(kind.block.unwrap_or_default())? })
        }

        fn block(block: wire::$version::Block) -> Result<Block, String> {
            Ok(Block {
                attributes: block.attributes.into_iter().map(attribute).collect::<Result<_, _>>()?,
                blocks: block.block_types.into_iter().map(nested_block).collect::<Result<_, _>>()?,
                deprecated: block.deprecated,
            })
        }

        fn nested_block(nested: wire::$version::NestedBlock) -> Result<NestedBlock, String> {
            let nesting = match nested.nesting {
                nesting::SINGLE => BlockNesting::Single,
                nesting::LIST => BlockNesting::List,
                nesting::SET => BlockNesting::Set,
                nesting::MAP => BlockNesting::Map,
                nesting::GROUP => BlockNesting::Group,
                other => return Err(format!("its block `{}` nests in an unknown way ({other})", nested.type_name)),
            };
            Ok(NestedBlock {
                name: nested.type_name,
                nesting,
                // Negative numbers mean nothing here.
                min: u64::try_from(nested.min_items).unwrap_or_default(),
                max: u64::try_from(nested.max_items).unwrap_or_default(),
                block: block(nested.block.unwrap_or_default())?,
            })
        }
    };
}

/// Protocol 5.
pub(crate) mod five {
    use super::*;

    shared_conversion!(five);

    fn attribute(attribute: wire::five::Attribute) -> Result<Attribute, String> {
        Ok(Attribute {
            name: attribute.name,
            ty: AttributeType::Constraint(attribute.ty),
            required: attribute.required,
            optional: attribute.optional,
            computed: attribute.computed,
            sensitive: attribute.sensitive,
            write_only: attribute.write_only,
            deprecated: attribute.deprecated,
        })
    }
}

/// Protocol 6.
pub(crate) mod six {
    use super::*;

    shared_conversion!(six);

    fn attribute(attribute: wire::six::Attribute) -> Result<Attribute, String> {
        let ty = match attribute.nested_type {
            Some(object) => AttributeType::Object {
                nesting: match object.nesting {
                    nesting::SINGLE => ObjectNesting::Single,
                    nesting::LIST => ObjectNesting::List,
                    nesting::SET => ObjectNesting::Set,
                    nesting::MAP => ObjectNesting::Map,
                    other => {
                        return Err(format!("its attribute `{}` nests in an unknown way ({other})", attribute.name));
                    }
                },
                attributes: object.attributes.into_iter().map(self::attribute).collect::<Result<_, _>>()?,
            },
            None => AttributeType::Constraint(attribute.ty),
        };
        Ok(Attribute {
            name: attribute.name,
            ty,
            required: attribute.required,
            optional: attribute.optional,
            computed: attribute.computed,
            sensitive: attribute.sensitive,
            write_only: attribute.write_only,
            deprecated: attribute.deprecated,
        })
    }
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;

    /// A message as it stands on the wire, read back.
    fn sent<M: Message + Default>(message: M) -> M {
        M::decode(message.encode_to_vec().as_slice()).unwrap()
    }

    #[test]
    fn attributes_of_protocol_6_hold_attributes() {
        let port = wire::six::Attribute {
            name: "port".to_owned(),
            ty: b"\"number\"".to_vec(),
            required: true,
            ..Default::default()
        };
        let object = wire::six::Object { attributes: vec![port], nesting: nesting::LIST };
        let listeners = wire::six::Attribute {
            name: "listeners".to_owned(),
            optional: true,
            write_only: true,
            nested_type: Some(object),
            ..Default::default()
        };
        let block = wire::six::Block { attributes: vec![listeners], ..Default::default() };
        let kind = wire::six::Schema { version: 3, block: Some(block) };
        let answer = wire::six::SchemaResponse {
            resource_schemas: [("cloud_gate".to_owned(), kind)].into(),
            ..Default::default()
        };
        let schema = six::provider(sent(answer)).unwrap();
        let gate = &schema.resources["cloud_gate"];
        assert_eq!(gate.version, 3);
        let listeners = &gate.block.attributes[0];
        assert!(listeners.optional && listeners.write_only && !listeners.required);
        let AttributeType::Object { nesting: ObjectNesting::List, attributes } = &listeners.ty else {
            panic!("a list of objects")
        };
        assert_eq!(attributes[0].ty, AttributeType::Constraint(b"\"number\"".to_vec()));
        assert!(attributes[0].required);
    }

    #[test]
    fn blocks_that_nest_in_an_unknown_way_are_told() {
        let part = wire::five::NestedBlock { type_name: "part".to_owned(), nesting: 9, ..Default::default() };
        let block = wire::five::Block { block_types: vec![part], ..Default::default() };
        let provider = Some(wire::five::Schema { version: 0, block: Some(block) });
        let answer = wire::five::SchemaResponse { provider, ..Default::default() };
        assert_eq!(five::provider(sent(answer)).unwrap_err(), "its block `part` nests in an unknown way (9)");
    }

    #[test]
    fn only_errors_are_complaints() {
        let said =
            |severity, summary: &str| Diagnostic { severity, summary: summary.to_owned(), detail: String::new() };
        assert_eq!(complaint(&[said(2, "old")]), None);
        assert_eq!(complaint(&[said(2, "old"), said(1, "no"), said(1, "never")]), Some("no; never".to_owned()));
    }
}
