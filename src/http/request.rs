//! What comes in beside a body: strict queries, typed path ids, expected versions.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::body::{missing, shape};
use super::problem::Problem;
use crate::kernel::error::Fault;
use crate::kernel::page::{self, Page};
use crate::kernel::{Id, Timestamp, token};

/// A query, strict: an unknown parameter is refused.
#[derive(Debug)]
pub struct ApiQuery<T> {
    read: Result<T, Option<Problem>>,
    list: String,
}

impl<T> ApiQuery<T> {
    /// Whether it is a query, and one of a kind.
    pub fn is(&self, kind: impl FnOnce(&T) -> bool) -> bool {
        self.read.as_ref().is_ok_and(kind)
    }

    /// The query.
    ///
    /// # Errors
    /// `invalid` with the parameter's name.
    pub fn parse(&mut self) -> Result<Asked<'_, T>, Problem> {
        match &mut self.read {
            Ok(query) => Ok(Asked {
                query,
                list: &self.list,
            }),
            Err(problem) => Err(problem.take().unwrap_or_else(|| shape("", ""))),
        }
    }
}

impl<T: DeserializeOwned> FromRequest for ApiQuery<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(Self {
            read: read_query(request.query_string()).map_err(Some),
            list: list_of(request),
        }))
    }
}

/// Who reads, as the door knows it: left with the request, so that a cursor of one person's list is
/// none of another's.
#[derive(Debug, Clone, Copy)]
pub struct Reader(pub Uuid);

/// What a list's cursors are marked with: its path, its filters and who reads. Rows behind a place
/// in one list are not those behind it in another.
fn list_of(request: &HttpRequest) -> String {
    let reader = request.extensions().get::<Reader>().map(|reader| reader.0);
    let mut filters: Vec<_> = form_pairs(request.query_string())
        .filter(|(name, _)| !["cursor", "limit", "include"].contains(&name.as_ref()))
        .collect();
    filters.sort_unstable();
    let named = format!("{} {reader:?} {filters:?}", request.path());
    token::sha256_hex(named.as_bytes())
        .chars()
        .take(16)
        .collect()
}

fn read_query<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    // PostgreSQL keeps no NUL, and no parameter means one.
    if let Some((name, _)) = form_pairs(text).find(|(_, value)| value.contains('\0')) {
        return Err(shape(&name, "a forbidden character"));
    }
    // Pairs are parsed first so that a parameter's own fault carries its name.
    let pairs = serde_urlencoded::Deserializer::new(form_pairs(text));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let message = error.inner().to_string();
        let path = error.path().to_string();
        let named = message.split('`').nth(1).unwrap_or_default().to_owned();
        let pointer = if path == "." { named } else { path };
        match missing(&message) {
            Some(name) => Fault::rule(name, "required").into(),
            None => shape(&pointer, &message),
        }
    })
}

/// Refuses a query of any parameter, by the name of its first.
pub(super) fn refuse_query(text: &str) -> Result<(), Problem> {
    match form_pairs(text).next() {
        Some((name, _)) => {
            let pointer: String = name.chars().take(64).collect();
            Err(shape(&pointer, "no parameter is taken here"))
        }
        None => Ok(()),
    }
}

pub(super) fn form_pairs(text: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(text.as_bytes())
}

/// What every list's query has.
pub trait Paging {
    /// Rows wanted, within its bounds.
    fn limit(&self) -> i64;
    /// Where to go on.
    fn cursor(&self) -> Option<&str>;
    /// Whether the total is wanted, too.
    fn wants_total(&self) -> bool;
}

/// A query as it was asked: with the mark of the list it is about.
#[derive(Debug)]
pub struct Asked<'a, T> {
    query: &'a T,
    list: &'a str,
}

impl<T> Deref for Asked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.query
    }
}

impl<T: Paging> Asked<'_, T> {
    /// The sort key to go on behind.
    ///
    /// # Errors
    /// `invalid` when the cursor or the limit is none of ours.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Fault> {
        if !(1..=page::LIMIT_MAX).contains(&self.limit()) {
            return Err(Fault::rule("limit", "out-of-range"));
        }
        self.cursor()
            .map(|text| page::decode(self.list, text))
            .map(|key| key.ok_or_else(|| Fault::rule("cursor", "cursor-invalid")))
            .transpose()
    }

    /// One page of what was found: one row more than wanted tells that there is another.
    pub fn cut<R, K: Serialize>(
        &self,
        found: Vec<R>,
        total: Option<i64>,
        key: impl Fn(&R) -> K,
    ) -> Page<R> {
        let cursor = |row: &R| page::encode(self.list, &key(row));
        Page::cut(found, self.limit(), total, cursor)
    }

    /// The instant and the id to go on behind, of a list in the order of time.
    ///
    /// # Errors
    /// As [`Asked::after`].
    pub fn after_time<I: DeserializeOwned>(&self) -> Result<Option<(Timestamp, I)>, Fault> {
        let key = |(micros, id)| {
            let at = Timestamp::from_micros(micros);
            let at = at.ok_or_else(|| Fault::rule("cursor", "cursor-invalid"))?;
            Ok((at, id))
        };
        self.after::<(i64, I)>()?.map(key).transpose()
    }
}

/// Defines a list's query: paging and its own optional filters.
macro_rules! list_query {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        $visibility struct $name {
            /// Rows wanted, 1 to 100.
            #[param(minimum = 1, maximum = 100, default = 50)]
            pub(crate) limit: Option<i64>,
            /// `next_cursor` of the page before.
            pub(crate) cursor: Option<String>,
            /// `total` where the number of all rows is wanted.
            #[param(inline)]
            pub(crate) include: Option<$crate::http::request::Include>,
            $( $(#[$field_meta])* pub(crate) $field: Option<$type>, )*
        }

        impl $crate::http::request::Paging for $name {
            fn limit(&self) -> i64 {
                self.limit.unwrap_or($crate::kernel::page::LIMIT_DEFAULT)
            }
            fn cursor(&self) -> Option<&str> {
                self.cursor.as_deref()
            }
            fn wants_total(&self) -> bool {
                self.include.is_some()
            }
        }
    };
}
pub(crate) use list_query;

crate::kernel::text_enum::text_enum! {
    /// What a list may carry beside its rows.
    pub enum Include {
        /// The number of all rows.
        Total = "total",
    }
}

/// A typed id in the path; anything else there is a missing thing.
#[derive(Debug)]
pub struct IdPath<T: 'static>(pub Id<T>);

impl<T: 'static> FromRequest for IdPath<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(path_id(request, "id").map(Self).map_err(Problem::from))
    }
}

/// The id in the path under `name`.
///
/// # Errors
/// `not-found`, when it is not an id.
pub fn path_id<T>(request: &HttpRequest, name: &str) -> Result<Id<T>, Fault> {
    let text = request.match_info().get(name).unwrap_or_default();
    Id::parse(text).ok_or(Fault::NotFound)
}

/// The most tags `If-Match` may list.
const TAGS_MAX: usize = 8;

/// What a caller says about the version it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expected {
    /// Nothing.
    #[default]
    Unsaid,
    /// One of these versions. None of them, where every tag is none of ours.
    Versions([Option<i32>; TAGS_MAX]),
    /// No tag at all: a number without its quotes, say.
    Malformed,
    /// That it exists (`If-Match: *`).
    Any,
    /// That it does not exist (`If-None-Match: *`).
    Absent,
}

impl Expected {
    /// What the request's headers say.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name| {
            headers
                .get(name)
                .and_then(|v| v.to_str().ok())
                .map(str::trim)
        };
        match (text(IF_MATCH), text(IF_NONE_MATCH)) {
            (Some("*"), _) => Self::Any,
            (Some(tags), _) => Self::of_tags(tags),
            (None, Some("*")) => Self::Absent,
            (None, _) => Self::Unsaid,
        }
    }

    fn of_tags(text: &str) -> Self {
        let mut versions = [None; TAGS_MAX];
        let mut rest = text;
        for version in &mut versions {
            // A proxy that compresses answers weakens their tags; the version is still the same.
            let tag = rest.strip_prefix("W/").unwrap_or(rest);
            let tag = tag.strip_prefix('"').and_then(|tag| tag.split_once('"'));
            let Some((inner, behind)) = tag else {
                return Self::Malformed;
            };
            *version = version_of(inner);
            match behind.trim_start().strip_prefix(',') {
                Some(more) => rest = more.trim_start(),
                None if behind.trim().is_empty() => return Self::Versions(versions),
                None => return Self::Malformed,
            }
        }
        Self::Malformed
    }

    /// Refuses unless the caller saw `current`.
    ///
    /// # Errors
    /// `if-match-required`, `stale-version`, and `wrong-shape` where the header is no tag: who
    /// forgets the quotes must not be told to load it again.
    pub fn require(self, current: i32) -> Result<(), Fault> {
        match self {
            Self::Versions(versions) if versions.contains(&Some(current)) => Ok(()),
            Self::Any => Ok(()),
            Self::Unsaid => Err(Fault::Unguarded),
            Self::Malformed => Err(Fault::rule("If-Match", "wrong-shape")),
            Self::Versions(_) | Self::Absent => Err(Fault::Stale),
        }
    }

    /// The same for an action, which needs no word about a version.
    ///
    /// # Errors
    /// As [`Expected::require`], save `if-match-required`.
    pub fn allow(self, current: i32) -> Result<(), Fault> {
        match self {
            Self::Unsaid => Ok(()),
            said => said.require(current),
        }
    }
}

fn version_of(inner: &str) -> Option<i32> {
    if inner.len() > 64 {
        return None;
    }
    let (version, digest) = inner.split_once('.').unwrap_or((inner, ""));
    let is_ours = digest.chars().all(|c| c.is_ascii_hexdigit());
    is_ours.then(|| version.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_tag_of_a_list_that_is_current_counts() {
        for tags in [
            r#""3""#,
            r#""2", "3""#,
            r#"W/"3.0a" ,"x,y""#,
            r#""x","3.ff""#,
        ] {
            assert!(Expected::of_tags(tags).require(3).is_ok(), "{tags}");
        }
        for tags in [r#""2""#, r#""2","4""#, r#""x,3""#] {
            let refused = Expected::of_tags(tags).require(3);
            assert!(matches!(refused, Err(Fault::Stale)), "{tags}");
        }
        let many = [r#""3""#; 9].join(",");
        for tags in ["3", r#""3"#, r#""3","#, r#""3" "2""#, &many] {
            assert_eq!(Expected::of_tags(tags), Expected::Malformed, "{tags}");
        }
    }
}
