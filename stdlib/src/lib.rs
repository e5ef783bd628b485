//! The standard library as data: its `.infra` files and the packed schemas of native kinds, embedded in the binary.
//! Nothing here is code of the compiler: a kind, a platform or a spelling is added in a `.infra` file beside this folder.

/// Every file of the library: its path, and its text. Sorted by path.
pub fn files() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"))
}

/// The items of every file, parsed when infrac was built: bytes for `syntax::pack`, in the order of [`files`].
pub fn trees() -> &'static [&'static [u8]] {
    include!(concat!(env!("OUT_DIR"), "/trees.rs"))
}

/// Which native resources let connections pass or stop them, and which of their fields say so: JSON, read by `infrac reach`.
pub fn enforcement() -> &'static str {
    include_str!("../enforcement.json")
}

/// Every packed schema: its name (`aws`, `kubernetes`), and its bytes as `infrac schema add` wrote them. Sorted by name.
pub fn schemas() -> &'static [(&'static str, &'static [u8])] {
    &[("aws", include_bytes!("../schemas/aws.pack")), ("kubernetes", include_bytes!("../schemas/kubernetes.pack"))]
}
