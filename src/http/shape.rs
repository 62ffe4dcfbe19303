//! Lists where the document has objects: the parser takes one for an object, field by field, and
//! nothing of that is promised to anybody.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};

use super::body::{escaped, misshapen};
use crate::kernel::error::Fault;

type Named = BTreeMap<String, RefOr<Schema>>;

/// Refuses a body with a list where the document of `T` has an object.
pub(super) fn refuse_misplaced_lists<T: ToSchema>(text: &str) -> Result<(), Fault> {
    let Ok(body) = serde_json::from_str::<Value>(text) else {
        return Ok(());
    };
    let mut named = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut named);
    let named: Named = named.into_iter().collect();
    match misplaced(&T::schema(), &named, &body, "") {
        Some(pointer) => Err(misshapen(&pointer, "an object is expected")),
        None => Ok(()),
    }
}

fn target<'a>(named: &'a Named, reference: &Ref) -> Option<&'a RefOr<Schema>> {
    let (_, name) = reference.ref_location.rsplit_once('/')?;
    named.get(name)
}

/// Where a value has a list instead of an object.
fn misplaced(
    schema: &RefOr<Schema>,
    named: &Named,
    value: &Value,
    pointer: &str,
) -> Option<String> {
    let schema = match schema {
        RefOr::Ref(reference) => {
            return misplaced(target(named, reference)?, named, value, pointer);
        }
        RefOr::T(schema) => schema,
    };
    match (schema, value) {
        (Schema::Object(object), Value::Array(_)) if is_object(&object.schema_type) => {
            Some(pointer.to_owned())
        }
        (Schema::Object(object), Value::Object(fields)) => {
            fields.iter().find_map(|(name, field)| {
                let pointer = format!("{pointer}/{}", escaped(name));
                misplaced(object.properties.get(name)?, named, field, &pointer)
            })
        }
        (Schema::Array(array), Value::Array(items)) => {
            let ArrayItems::RefOrSchema(schema) = &array.items else {
                return None;
            };
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| {
                misplaced(schema, named, item, &format!("{pointer}/{index}"))
            })
        }
        (Schema::OneOf(one), _) => in_all(&one.items, named, value, pointer),
        (Schema::AnyOf(any), _) => in_all(&any.items, named, value, pointer),
        (Schema::AllOf(all), _) => {
            let mut parts = all.items.iter();
            parts.find_map(|schema| misplaced(schema, named, value, pointer))
        }
        _ => None,
    }
}

/// Where it has one by every alternative that could be meant.
fn in_all(
    schemas: &[RefOr<Schema>],
    named: &Named,
    value: &Value,
    pointer: &str,
) -> Option<String> {
    let meant = schemas.iter().filter(|schema| !is_null(schema));
    let found: Vec<Option<String>> = meant
        .map(|schema| misplaced(schema, named, value, pointer))
        .collect();
    let is_everywhere = found.iter().all(Option::is_some);
    found.into_iter().flatten().next().filter(|_| is_everywhere)
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object))
        if object.schema_type == SchemaType::Type(Type::Null))
}

fn is_object(kind: &SchemaType) -> bool {
    match kind {
        SchemaType::Type(kind) => *kind == Type::Object,
        SchemaType::Array(kinds) => kinds.contains(&Type::Object) && !kinds.contains(&Type::Array),
        SchemaType::AnyValue => false,
    }
}
