//! Room `value`.
