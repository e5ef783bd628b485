//! Where things come from: of an emitted line or a field, which places of the source decided it.

mod spot;

pub use spot::{Spot, is_library};
