//! Randomness, as a value: ids, jitter, OAuth state.

/// A source of random bytes. Real ones are cryptographically secure; test ones replay from a seed.
pub trait Randomness: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// A time-ordered id (UUIDv7) from a clock value and random bytes.
pub fn uuid_v7(now: jiff::Timestamp, randomness: &dyn Randomness) -> uuid::Uuid {
    let mut random = [0u8; 10];
    randomness.fill(&mut random);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A number in `0.0..1.0`.
pub fn unit_interval(randomness: &dyn Randomness) -> f64 {
    let mut bytes = [0u8; 4];
    randomness.fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}
