//! Where text comes from and where it is shown: files, items, places, the outside world, diagnostics.
//! Everything in the compiler points at text through a [`Place`], which is relative to an item, so that an edit above an
//! item moves nothing inside it. Absolute positions exist only in [`Sources`], when something is shown.

mod bound;
mod diagnostic;
mod intern;
mod mask;
mod order;
mod overlay;
mod sources;
mod stop;
mod suggest;
mod suspect;
mod visible;
mod withheld;
mod world;

pub use bound::{TOLD, bounded};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Edit, Fix, Label, Severity, Told};
pub use intern::{FileId, ItemId, Name};
pub use mask::{masked, without_logins};
pub use order::sorted;
pub use overlay::Overlay;
pub use sources::{ItemStart, LineColumn, Place, SourceFile, Sources};
pub use stop::{Stop, Stopped};
pub use suggest::{did_you_mean, list_of};
pub use suspect::{is_called_secret, looks_secret, secret_arguments};
pub use visible::{is_control, leaves_line, on_one_line, spelt, visible};
pub use withheld::Withheld;
pub use world::{Disk, LeftOut, Memory, World, WorldError};
