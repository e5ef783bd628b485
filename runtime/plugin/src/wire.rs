//! The messages of the protocol that are needed here, with the numbers of their fields, which are the interface.
//!
//! Versions 5 and 6 share all but one message: an attribute of version 6 may hold attributes. Fields that we do not
//! name (descriptions, functions) are skipped by the decoder.

/// The messages that both versions have, around the version's own `Attribute`.
macro_rules! shared_messages {
    () => {
        #[derive(Clone, PartialEq, prost::Message)]
        pub(crate) struct SchemaRequest {}

        #[derive(Clone, PartialEq, prost::Message)]
        pub(crate) struct SchemaResponse {
            #[prost(message, optional, tag = "1")]
            pub(crate) provider: Option<Schema>,
            #[prost(btree_map = "string, message", tag = "2")]
            pub(crate) resource_schemas: std::collections::BTreeMap<String, Schema>,
            #[prost(btree_map = "string, message", tag = "3")]
            pub(crate) data_source_schemas: std::collections::BTreeMap<String, Schema>,
            #[prost(message, repeated, tag = "4")]
            pub(crate) diagnostics: Vec<crate::wire::Diagnostic>,
        }

        #[derive(Clone, PartialEq, prost::Message)]
        pub(crate) struct Schema {
            #[prost(int64, tag = "1")]
            pub(crate) version: i64,
            #[prost(message, optional, tag = "2")]
            pub(crate) block: Option<Block>,
        }

        #[derive(Clone, PartialEq, prost::Message)]
        pub(crate) struct Block {
            #[prost(message, repeated, tag = "2")]
            pub(crate) attributes: Vec<Attribute>,
            #[prost(message, repeated, tag = "3")]
            pub(crate) block_types: Vec<NestedBlock>,
            #[prost(bool, tag = "6")]
            pub(crate) deprecated: bool,
        }

        #[derive(Clone, PartialEq, prost::Message)]
        pub(crate) struct NestedBlock {
            #[prost(string, tag = "1")]
            pub(crate) type_name: String,
            #[prost(message, optional, tag = "2")]
            pub(crate) block: Option<Block>,
            #[prost(int32, tag = "3")]
            pub(crate) nesting: i32,
            #[prost(int64, tag = "4")]
            pub(crate) min_items: i64,
            #[prost(int64, tag = "5")]
            pub(crate) max_items: i64,
        }
    };
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Diagnostic {
    #[prost(int32, tag = "1")]
    pub(crate) severity: i32,
    #[prost(string, tag = "2")]
    pub(crate) summary: String,
    #[prost(string, tag = "3")]
    pub(crate) detail: String,
}

impl Diagnostic {
    /// The severity of an error; 2 is a warning.
    pub(crate) const ERROR: i32 = 1;
}

/// Numbers of how blocks and objects nest. Objects know no group.
pub(crate) mod nesting {
    pub(crate) const SINGLE: i32 = 1;
    pub(crate) const LIST: i32 = 2;
    pub(crate) const SET: i32 = 3;
    pub(crate) const MAP: i32 = 4;
    pub(crate) const GROUP: i32 = 5;
}

/// Messages of protocol 5.
pub(crate) mod five {
    /// The call that answers with a [`SchemaResponse`].
    pub(crate) const SCHEMA: &str = "/tfplugin5.Provider/GetSchema";

    shared_messages!();

    #[derive(Clone, PartialEq, prost::Message)]
    pub(crate) struct Attribute {
        #[prost(string, tag = "1")]
        pub(crate) name: String,
        #[prost(bytes = "vec", tag = "2")]
        pub(crate) ty: Vec<u8>,
        #[prost(bool, tag = "4")]
        pub(crate) required: bool,
        #[prost(bool, tag = "5")]
        pub(crate) optional: bool,
        #[prost(bool, tag = "6")]
        pub(crate) computed: bool,
        #[prost(bool, tag = "7")]
        pub(crate) sensitive: bool,
        #[prost(bool, tag = "9")]
        pub(crate) deprecated: bool,
        #[prost(bool, tag = "10")]
        pub(crate) write_only: bool,
    }
}

/// Messages of protocol 6.
pub(crate) mod six {
    /// The call that answers with a [`SchemaResponse`].
    pub(crate) const SCHEMA: &str = "/tfplugin6.Provider/GetProviderSchema";

    shared_messages!();

    #[derive(Clone, PartialEq, prost::Message)]
    pub(crate) struct Attribute {
        #[prost(string, tag = "1")]
        pub(crate) name: String,
        #[prost(bytes = "vec", tag = "2")]
        pub(crate) ty: Vec<u8>,
        #[prost(bool, tag = "4")]
        pub(crate) required: bool,
        #[prost(bool, tag = "5")]
        pub(crate) optional: bool,
        #[prost(bool, tag = "6")]
        pub(crate) computed: bool,
        #[prost(bool, tag = "7")]
        pub(crate) sensitive: bool,
        #[prost(bool, tag = "9")]
        pub(crate) deprecated: bool,
        #[prost(message, optional, tag = "10")]
        pub(crate) nested_type: Option<Object>,
        #[prost(bool, tag = "11")]
        pub(crate) write_only: bool,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub(crate) struct Object {
        #[prost(message, repeated, tag = "1")]
        pub(crate) attributes: Vec<Attribute>,
        #[prost(int32, tag = "3")]
        pub(crate) nesting: i32,
    }
}
