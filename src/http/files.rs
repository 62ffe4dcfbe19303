//! What the document says of routes that take files or give them.

use serde_json::Value;
use utoipa::ToSchema;

use super::api::{Body, Described};
use crate::paper::incoming::{self, FileKind};

#[expect(
    clippy::return_self_not_must_use,
    reason = "a description may end anywhere"
)]
impl Described<'_> {
    /// Its body, a file of one of these media types.
    pub fn upload(self, media: &[&'static str]) -> Self {
        let schema = serde_json::json!({"type": "string", "format": "binary"});
        let media = media.to_vec();
        self.edit(|o| o.body = Some(Body { media, schema }))
    }

    /// Its body, a form with a file: the texts of `T`, and the file as `file`.
    pub fn file_form<T: ToSchema>(self) -> Self {
        self.api.learn::<T>();
        let schema = with_file(serde_json::to_value(T::schema()).unwrap_or(Value::Null));
        // `T` alone is no body of anything.
        self.api.schemas.remove(T::name().as_ref());
        let media = vec!["multipart/form-data"];
        let described = self.edit(|o| o.body = Some(Body { media, schema }));
        described.errors(&incoming::CODES)
    }

    /// An answer that is a stored file.
    pub fn answers_stored_file(self) -> Self {
        self.answers_file(&FileKind::MEDIA_TYPES)
    }

    /// An answer that is a file.
    pub fn answers_file(self, media: &[&'static str]) -> Self {
        let schema = serde_json::json!({"type": "string", "format": "binary"});
        let body = Body {
            media: media.to_vec(),
            schema,
        };
        self.edit(|o| o.answers.push((200, Some(body))))
    }
}

/// The schema of a form's texts with its file.
fn with_file(mut schema: Value) -> Value {
    let file = serde_json::json!({
        "type": "string", "format": "binary", "maxLength": incoming::MAX,
        "description": "PDF, JPEG, PNG, HEIC or DOCX, told by its content; at most 10 MB.",
    });
    if let Some(members) = schema.as_object_mut() {
        let properties = members
            .entry("properties")
            .or_insert_with(|| serde_json::json!({}));
        if let Some(properties) = properties.as_object_mut() {
            properties.insert("file".into(), file);
        }
        let required = members
            .entry("required")
            .or_insert_with(|| serde_json::json!([]));
        if let Some(required) = required.as_array_mut() {
            required.push("file".into());
        }
    }
    schema
}
