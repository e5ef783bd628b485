//! From the messages of either protocol to one plain shape.

use schema::pack::terraform::{
    Attribute, AttributeType, Block, BlockNesting, KindSchema, NestedBlock, ObjectNesting,
    ProviderSchema,
};

use crate::wire::{self, Diagnostic, nesting};

/// What the provider complains about, when it does so as an error: its words, joined.
pub(crate) fn complaint(diagnostics: &[Diagnostic]) -> Option<String> {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Diagnostic::ERROR);
    let words: Vec<String> = errors
        .map(|error| format!("{} {}", error.summary, error.detail))
        .collect();
    if words.is_empty() {
        None
    } else {
        Some(words.join("; ").trim().to_owned())
    }
}

/// The conversion of everything but attributes, for one version of the protocol.
macro_rules! shared_conversion {
    ($version:ident) => {
        pub(crate) fn provider(
            answer: wire::$version::SchemaResponse,
        ) -> Result<ProviderSchema, String> {
            let kinds = |kinds: std::collections::BTreeMap<String, wire::$version::Schema>| {
                kinds
                    .into_iter()
                    .map(|(name, kind)| Ok((name, kind_schema(kind)?)))
                    .collect::<Result<_, String>>()
            };
            Ok(ProviderSchema {
                provider: kind_schema(answer.provider.unwrap_or_default())?,
                resources: kinds(answer.resource_schemas)?,
                data_sources: kinds(answer.data_source_schemas)?,
            })
        }

        fn kind_schema(kind: wire::$version::Schema) -> Result<KindSchema, String> {
            Ok(KindSchema {
                version: kind.version,
                block: block(kind.block.unwrap_or_default())?,
            })
        }

        fn block(block: wire::$version::Block) -> Result<Block, String> {
            Ok(Block {
                attributes: block
                    .attributes
                    .into_iter()
                    .map(attribute)
                    .collect::<Result<_, _>>()?,
                blocks: block
                    .block_types
                    .into_iter()
                    .map(nested_block)
                    .collect::<Result<_, _>>()?,
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
                other => {
                    return Err(format!(
                        "its block `{}` nests in an unknown way ({other})",
                        nested.type_name
                    ))
                }
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
                        return Err(format!(
                            "its attribute `{}` nests in an unknown way ({other})",
                            attribute.name
                        ));
                    }
                },
                attributes: object
                    .attributes
                    .into_iter()
                    .map(self::attribute)
                    .collect::<Result<_, _>>()?,
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
