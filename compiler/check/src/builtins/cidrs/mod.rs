//! Methods of ranges of addresses (`cidr`).

mod address;
mod contains;
mod first;
mod host;
mod last;
mod mask;
mod network;
mod overlaps;
mod prefix;
mod size;
mod subnet;
mod version;

use std::net::IpAddr;

use ipnet::IpNet;

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &address::BUILT_IN,
    &network::BUILT_IN,
    &prefix::BUILT_IN,
    &first::BUILT_IN,
    &last::BUILT_IN,
    &size::BUILT_IN,
    &mask::BUILT_IN,
    &version::BUILT_IN,
    &overlaps::BUILT_IN,
    &contains::BUILT_IN,
    &host::BUILT_IN,
    &subnet::BUILT_IN,
];

/// The address so many steps from another of the same version.
pub(super) fn step(address: IpAddr, steps: i128) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => {
            let number = i128::from(u32::from(address)).checked_add(steps)?;
            u32::try_from(number).ok().map(|number| IpAddr::V4(number.into()))
        }
        IpAddr::V6(address) => u128::from(address).checked_add_signed(steps).map(|number| IpAddr::V6(number.into())),
    }
}

/// The part at a position of a range that is divided by so many more bits; there are so many, and the position is below 2 to their power.
fn nth_part(range: &IpNet, bits: u8, index: u128) -> Option<IpNet> {
    let prefix = range.prefix_len() + bits;
    let distance = index.checked_shl(u32::from(range.max_prefix_len() - prefix)).unwrap_or(0);
    let address = match range.network() {
        IpAddr::V4(address) => IpAddr::V4((u32::from(address) | u32::try_from(distance).ok()?).into()),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) | distance).into()),
    };
    IpNet::new(address, prefix).ok()
}
