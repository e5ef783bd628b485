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

/// Every packed schema: its name, and its bytes. Sorted by name.
pub fn schemas() -> &'static [(&'static str, &'static [u8])] {
    include!(concat!(env!("OUT_DIR"), "/schemas.rs"))
}
