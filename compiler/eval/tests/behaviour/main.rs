//! What users see of evaluation: a program as text, and the graph or the message that it gives. Every test brings the kinds,
//! platforms and implementations that it needs; the standard library plays no part.

mod from_text;

mod explanations;mod instances;
mod kinds;
mod limits;
