//! Functions that make a value of one type from a value of another.

mod base64;
mod cidr;
mod cidr_itself;
mod cron;
mod decimal_of_int;
mod decimal_of_text;
mod digest;
mod fingerprint;
mod image;
mod int_of_decimal;
mod int_of_text;
mod ip;
mod ip_itself;
mod json;
mod parse_json;
mod promql;
mod proto;
mod sctp;
mod sctp_range;
mod tcp;
mod tcp_range;
mod text;
mod udp;
mod udp_range;
mod url;
mod url_encode;
mod version;
mod yaml;

use source::Name;
use value::{Fault, Store, Value, ValueId};

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &json::BUILT_IN,
    &base64::BUILT_IN,
    &ip::BUILT_IN,
    &cidr::BUILT_IN,
    &fingerprint::BUILT_IN,
    &text::BUILT_IN,
    &yaml::BUILT_IN,
    &int_of_text::BUILT_IN,
    &int_of_decimal::BUILT_IN,
    &decimal_of_text::BUILT_IN,
    &decimal_of_int::BUILT_IN,
    &promql::BUILT_IN,
    &image::BUILT_IN,
    &url::BUILT_IN,
    &version::BUILT_IN,
    &cron::BUILT_IN,
    &tcp::BUILT_IN,
    &tcp_range::BUILT_IN,
    &udp::BUILT_IN,
    &udp_range::BUILT_IN,
    &sctp::BUILT_IN,
    &sctp_range::BUILT_IN,
    &proto::BUILT_IN,
    &parse_json::BUILT_IN,
    &url_encode::BUILT_IN,
    &digest::BUILT_IN,
    &ip_itself::BUILT_IN,
    &cidr_itself::BUILT_IN,
];

/// The port with these numbers.
fn port_of(store: &mut Store, first: i64, last: i64, protocol: &str) -> Result<ValueId, Fault> {
    match (u16::try_from(first), u16::try_from(last)) {
        (Ok(first @ 1..), Ok(last)) if first <= last => {
            Ok(store.add(Value::Port { first, last, protocol: Name::new(protocol) }))
        }
        _ => {
            let numbers =
                if first == last { format!("{first} is not a port") } else { format!("{first}..{last} are not ports") };
            Err(Fault::new("out_of_range", numbers, "ports go from 1 to 65535"))
        }
    }
}
