//! Room `stdlib`.
