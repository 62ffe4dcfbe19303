//! Enums that are a word in JSON, in the database and in a query.

/// What has a word for each of its values.
pub trait Worded: Sized {
    /// Its own name, for who reads the log.
    const NAME: &'static str;

    /// The value a word stands for.
    fn worded(word: &str) -> Option<Self>;
}

/// A value as a column has it: told by its word where the word lies, without a copy of it.
#[derive(Debug)]
pub struct Word<T>(pub T);

impl<T: Worded> Word<T> {
    /// The value of a column.
    ///
    /// # Errors
    /// When no value has this word.
    pub fn of(word: &str) -> diesel::deserialize::Result<Self> {
        let value = T::worded(word);
        let unknown = || format!("no {} is called {word:?}", T::NAME);
        Ok(Self(value.ok_or_else(unknown)?))
    }
}

/// Defines an enum whose variants are words, with `as_str`, `parse`, `ALL`, serde, diesel and
/// OpenAPI; the word is the same everywhere.
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        $visibility enum $name {
            $( $(#[$variant_meta])* $variant, )+
        }

        impl $name {
            /// Every value, in order.
            $visibility const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The word for this value.
            $visibility const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The value a word stands for.
            $visibility fn parse(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                Self::parse(&word).ok_or_else(|| {
                    serde::de::Error::unknown_variant(&word, &[ $( $word, )+ ])
                })
            }
        }

        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                diesel::serialize::ToSql::<diesel::sql_types::Text, DB>::to_sql(self.as_str(), out)
            }
        }

        impl $crate::kernel::text_enum::Worded for $name {
            const NAME: &'static str = stringify!($name);

            fn worded(word: &str) -> Option<Self> {
                Self::parse(word)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            $crate::kernel::text_enum::Word<Self>:
                diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let word = <$crate::kernel::text_enum::Word<Self> as
                    diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(raw)?;
                Ok(word.0)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|value| value.as_str())))
                    .build()
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}

pub(crate) use text_enum;
