//! What users see of evaluation: a program as text, and the graph or the message that it gives. Every test brings the kinds,
//! platforms and implementations that it needs; the standard library plays no part.

#[cfg(test)]
mod documents;
#[cfg(test)]
mod flow_keys;
#[cfg(test)]
mod from_text;

#[cfg(test)]
mod instances;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod map_literals;
#[cfg(test)]
mod moved;
#[cfg(test)]
mod params;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod wrappers;
