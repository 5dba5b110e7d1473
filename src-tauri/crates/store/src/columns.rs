//! How values become columns and come back. A column that cannot be read back is a bug or a damaged file, and
//! is reported as such with the name of the column.

use std::str::FromStr;

use daypart_domain::problem::Problem;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{ColumnIndex, Decode, Row, Type, sqlite::SqliteRow};

use crate::problems::unreadable;

pub type Sqlite = sqlx::Sqlite;

/// Microseconds since 1970. Every timestamp of jiff fits.
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A document for a JSON column.
pub fn document<T: Serialize + ?Sized>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value)
        .map_err(|error| Problem::bug("a value could not be written as JSON").caused_by(&error))
}

pub fn optional_document<T: Serialize>(value: Option<&T>) -> Result<Option<String>, Problem> {
    value.map(document).transpose()
}

/// A count or size for an INTEGER column.
pub fn integer(value: u64) -> Result<i64, Problem> {
    i64::try_from(value).map_err(|_| Problem::bug(format!("{value} is too large for the record")))
}

pub fn column<'r, T>(row: &'r SqliteRow, name: &'static str) -> Result<T, Problem>
where
    T: Decode<'r, Sqlite> + Type<Sqlite>,
    &'static str: ColumnIndex<SqliteRow>,
{
    row.try_get(name).map_err(|error| unreadable(name, &error))
}

pub fn parsed<T>(row: &SqliteRow, name: &'static str) -> Result<T, Problem>
where
    T: FromStr,
    T::Err: std::error::Error,
{
    let text: &str = column(row, name)?;
    text.parse().map_err(|error: T::Err| unreadable(name, &error))
}

pub fn optional_parsed<T>(row: &SqliteRow, name: &'static str) -> Result<Option<T>, Problem>
where
    T: FromStr,
    T::Err: std::error::Error,
{
    let text: Option<&str> = column(row, name)?;
    text.map(|text| text.parse().map_err(|error: T::Err| unreadable(name, &error)))
        .transpose()
}

pub fn read_document<T: DeserializeOwned>(row: &SqliteRow, name: &'static str) -> Result<T, Problem> {
    let text: &str = column(row, name)?;
    serde_json::from_str(text).map_err(|error| unreadable(name, &error))
}

pub fn read_optional_document<T: DeserializeOwned>(
    row: &SqliteRow,
    name: &'static str,
) -> Result<Option<T>, Problem> {
    let text: Option<&str> = column(row, name)?;
    text.map(|text| serde_json::from_str(text).map_err(|error| unreadable(name, &error)))
        .transpose()
}

pub fn timestamp(row: &SqliteRow, name: &'static str) -> Result<Timestamp, Problem> {
    Timestamp::from_microsecond(column(row, name)?).map_err(|error| unreadable(name, &error))
}

pub fn optional_timestamp(row: &SqliteRow, name: &'static str) -> Result<Option<Timestamp>, Problem> {
    let value: Option<i64> = column(row, name)?;
    value
        .map(|value| Timestamp::from_microsecond(value).map_err(|error| unreadable(name, &error)))
        .transpose()
}

pub fn unsigned<T: TryFrom<i64>>(row: &SqliteRow, name: &'static str) -> Result<T, Problem>
where
    T::Error: std::error::Error,
{
    let value: i64 = column(row, name)?;
    T::try_from(value).map_err(|error| unreadable(name, &error))
}
