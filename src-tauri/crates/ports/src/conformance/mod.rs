//! Conformance cases, one file per trait.
