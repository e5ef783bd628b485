//! The saved graph: what was saved reads back as it was, what is damaged is refused, and equal programs have equal prints.

mod hostile;
mod pictures;
mod prints;
mod random;
mod round_trip;
