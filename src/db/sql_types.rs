//! How the kernel's value types become columns on each engine.

use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, HasSqlType, Text};
use diesel::sqlite::Sqlite;

use super::engines::Backend;
use crate::kernel::sql::{Guid, UtcTimestamp};
use crate::kernel::text_enum::{Word, Worded};
use crate::kernel::{Id, Timestamp};

impl HasSqlType<Guid> for Backend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Backend::lookup_sql_type::<Guid>(lookup)
    }
}

impl HasSqlType<UtcTimestamp> for Backend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Backend::lookup_sql_type::<UtcTimestamp>(lookup)
    }
}

impl<T> ToSql<Guid, Backend> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Backend>) -> serialize::Result {
        out.set_value((Guid, self));
        Ok(IsNull::No)
    }
}

impl<T> FromSql<Guid, Backend> for Id<T> {
    fn from_sql(
        raw: <Backend as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        raw.from_sql::<Self, Guid>()
    }
}

impl ToSql<UtcTimestamp, Backend> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Backend>) -> serialize::Result {
        out.set_value((UtcTimestamp, self));
        Ok(IsNull::No)
    }
}

impl FromSql<UtcTimestamp, Backend> for Timestamp {
    fn from_sql(
        raw: <Backend as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        raw.from_sql::<Self, UtcTimestamp>()
    }
}

impl<T> ToSql<Guid, Sqlite> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl<T> FromSql<Guid, Sqlite> for Id<T> {
    fn from_sql(
        mut raw: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        Ok(Self::from_uuid(uuid::Uuid::from_slice(raw.read_blob())?))
    }
}

impl<T: Worded + 'static> FromSql<Text, Backend> for Word<T> {
    fn from_sql(
        raw: <Backend as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        raw.from_sql::<Self, Text>()
    }
}

impl<T: Worded> FromSql<Text, Sqlite> for Word<T> {
    fn from_sql(
        mut raw: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        Self::of(raw.read_text())
    }
}

impl ToSql<UtcTimestamp, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}

impl FromSql<UtcTimestamp, Sqlite> for Timestamp {
    fn from_sql(
        raw: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(raw)?;
        Self::from_micros(micros).ok_or_else(|| "an instant out of range".into())
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::io::Write;

    use diesel::pg::{Pg, PgValue};
    use diesel::sql_types::{Text, Timestamptz};

    use super::{FromSql, Guid, Id, IsNull, Output, Timestamp, ToSql, UtcTimestamp, Word, Worded};
    use super::{deserialize, serialize};

    impl<T> ToSql<Guid, Pg> for Id<T> {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            out.write_all(self.uuid().as_bytes())?;
            Ok(IsNull::No)
        }
    }

    impl<T: Worded> FromSql<Text, Pg> for Word<T> {
        fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
            Self::of(std::str::from_utf8(raw.as_bytes())?)
        }
    }

    impl<T> FromSql<Guid, Pg> for Id<T> {
        fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
            Ok(Self::from_uuid(uuid::Uuid::from_slice(raw.as_bytes())?))
        }
    }

    impl ToSql<UtcTimestamp, Pg> for Timestamp {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            ToSql::<Timestamptz, Pg>::to_sql(&self.utc(), &mut out.reborrow())
        }
    }

    impl FromSql<UtcTimestamp, Pg> for Timestamp {
        fn from_sql(raw: PgValue<'_>) -> deserialize::Result<Self> {
            <chrono::DateTime<chrono::Utc> as FromSql<Timestamptz, Pg>>::from_sql(raw)
                .map(Self::new)
        }
    }
}
