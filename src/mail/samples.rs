//! Example values of every kind of mail, kind ones and nasty ones.
//!
//! Tests render each of them; an operator's preview may, too. Nothing here is a real person.

use serde_json::{Value, json};

/// What somebody might write into a name, a title, a place or a reason.
pub const NASTY: &[&str] = &[
    "a\rBcc: x@evil.example",
    "a\nBcc: x@evil.example",
    "a\r\nBcc: x@evil.example\r\n\r\nbody",
    "a\u{2028}b\u{2029}c\u{85}d",
    "a\u{0}b",
    "a\r\n.\r\nQUIT\r\n",
    "Bcc: x@evil.example",
    "a\u{202E}moc.live\u{2066}b\u{200F}",
    "<b>đậm</b><script>alert(1)</script><img src=x onerror=y>",
    "http://evil.example www.evil.example HTTPS://evil.example hthttp://tp://evil",
    "{{ office_name }}{% raw %}&amp;'\"",
    "=?utf-8?B?QmNjOiB4?= a;b,c\\n:\"d\"",
    "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
    "]]>--></title></p><a href=\"https://evil.example\">x</a>",
];

const SPAN: &str = "08:00 – 11:00, thứ Ba ngày 12/05/2026";
const LINK: &str = "https://phuong.example/go#k7M2_94-abcDEF";
const OTHER_LINK: &str = "https://phuong.example/go#b9Q4_17-ghiJKL";

/// Values that fit a kind: an ordinary set, then one per nasty text; none for an unknown kind.
pub fn samples(kind: &str) -> Vec<Value> {
    let long = "ắ".repeat(1_000);
    let Some(ordinary) = filled(kind, "Buổi gặp mặt tại Phường Lê Chân") else {
        return Vec::new();
    };
    let mut all = vec![ordinary];
    let nasty = NASTY.iter().copied().chain([long.as_str(), "x"]);
    all.extend(nasty.filter_map(|text| {
        let mut values = filled(kind, text)?;
        spoil(&mut values, text);
        Some(values)
    }));
    all
}

/// Puts `text` wherever somebody else's text stands.
fn spoil(values: &mut Value, text: &str) {
    let Some(fields) = values.as_object_mut() else {
        return;
    };
    for name in [
        "title", "place", "reason", "device", "account", "what", "by", "to",
    ] {
        if let Some(value) = fields.get_mut(name) {
            *value = text.into();
        }
    }
    if let Some(value) = fields.get_mut("slots") {
        *value = json!([text, text]);
    }
}

fn filled(kind: &str, title: &str) -> Option<Value> {
    let mut values = own(kind)?;
    let fields = values.as_object_mut()?;
    if is_about_a_session(kind) {
        fields.insert("title".to_owned(), title.into());
    }
    for (name, value) in [
        ("office_name", "Phường Lê Chân"),
        ("desk_phone", "0225 3 123 456"),
        ("desk_hours", "07:30–17:00, thứ Hai đến thứ Sáu"),
        ("desk_address", "10 Hồ Sen"),
    ] {
        fields.insert(name.to_owned(), value.into());
    }
    Some(values)
}

/// Whether a kind tells of a training session and so has its title.
fn is_about_a_session(kind: &str) -> bool {
    kind.starts_with("session_")
        || kind.starts_with("registration_")
        || matches!(
            kind,
            "import_finished" | "attendance_missing" | "capacity_reached"
        )
}

fn own(kind: &str) -> Option<Value> {
    let when = "08:00 thứ Ba ngày 12/05/2026";
    let slots = [when, "13:30 thứ Tư ngày 13/05/2026"];
    let place = "Hội trường UBND phường, 10 Hồ Sen";
    Some(match kind {
        "verify_email" | "confirm_email" => json!({ "link": LINK, "hours": 24 }),
        "account_exists" => json!({ "link": LINK, "begun": true, "hours": 48 }),
        "password_reset" => json!({ "link": LINK, "minutes": 30 }),
        "staff_invitation" => json!({ "link": LINK, "days": 7 }),
        "password_changed" | "email_changed" | "devices_signed_out" => json!({}),
        "new_device" => json!({ "at": when, "device": "Firefox, Windows" }),
        "roles_changed" => {
            json!({ "account": "l•••@example.vn", "roles": ["Tổ chức", "Kiểm tra"] })
        }
        "staff_email_changed" => json!({ "account": "l•••@example.vn" }),
        "session_invitation" => json!({
            "when": when, "span": SPAN, "slots": slots, "place": place, "online": false,
            "accept_link": LINK,
            "leave_link": OTHER_LINK,
        }),
        "session_confirmation"
        | "session_promoted"
        | "session_reminder"
        | "registration_taken_over" => json!({
            "when": when, "span": SPAN, "slots": slots, "place": place, "online": true,
            "join_link": OTHER_LINK,
            "short_code": "K7M2-94", "leave_link": LINK,
        }),
        "session_waitlisted" => json!({
            "when": when, "span": SPAN, "place": place, "online": true, "leave_link": LINK,
        }),
        "session_changed" => json!({
            "slots": slots, "place": place, "online": true, "standing": "confirmed",
            "gone": [when], "change": "time", "old_title": null,
            "join_link": OTHER_LINK, "leave_link": LINK,
        }),
        "session_cancelled" => json!({ "when": when, "reason": "Mưa bão." }),
        "session_thanks" => json!({ "when": when }),
        "registration_replaced" => json!({ "when": when, "had_seat": true }),
        "registration_cancelled" => json!({ "when": when, "by_office": true, "had_seat": true }),
        "import_finished" => json!({
            "created": 40, "matched": 12, "duplicate": 1, "refused": 2, "link": LINK,
        }),
        "obligation_due" => json!({
            "what": "Báo cáo kết quả thực hiện Kế hoạch hằng năm", "year": 2028,
            "by": "Văn phòng HĐND và UBND phường", "to": "Sở Tư pháp thành phố Hải Phòng",
            "file_by": "03/11/2028", "last_day": "04/11/2028", "is_overdue": false, "link": LINK,
        }),
        "attendance_missing" => json!({ "when": when, "unmarked": 7, "link": LINK }),
        "capacity_reached" => json!({ "capacity": 100, "link": LINK }),
        _ => return of_a_case(kind),
    })
}

/// The kinds a family in a case gets: a code and times, never a name.
fn of_a_case(kind: &str) -> Option<Value> {
    let (when, old) = (
        "08:00 thứ Ba ngày 12/05/2026",
        "09:00 thứ Hai ngày 11/05/2026",
    );
    let code = "K7M2-94";
    Some(match kind {
        "contribution_wanted" => json!({
            "report": "Báo cáo năm 2026", "due_date": "20/10/2026", "link": LINK,
        }),
        "contribution_returned" => json!({
            "report": "Báo cáo năm 2026", "reason": "Xin nêu rõ số buổi đã tổ chức.", "due_date": "20/10/2026", "link": LINK,
        }),
        "stand_in" => json!({
            "code": "K7M2-94", "from": "09/03/2026", "to": "13/03/2026", "theirs": false, "over": false,
            "link": LINK,
        }),
        "file_received" | "file_papers_wanted" | "file_draft" | "work_new" | "work_urgent"
        | "work_near" => {
            json!({ "code": code, "due_date": "04/03/2026", "link": LINK })
        }
        "file_papers_received" | "file_news" | "file_withdrawal" | "work_late" => {
            json!({ "code": code, "link": LINK })
        }
        "case_received" => json!({ "code": code, "due_date": "04/03/2026", "link": LINK }),
        "case_answered" => json!({ "code": code, "link": LINK }),
        "appointment_requested" => json!({
            "code": code, "when": when, "old_when": old, "at_office": true, "offered": true,
            "moved": true, "until": when, "link": LINK,
        }),
        "appointment_confirmed" | "appointment_reminder" => {
            json!({ "code": code, "when": when, "at_office": true, "link": LINK })
        }
        "appointment_changed" => json!({
            "code": code, "when": when, "old_when": old, "at_office": false, "moved": true,
            "link": LINK,
        }),
        "appointment_declined" => {
            json!({ "code": code, "old_when": old, "offered": false, "link": LINK })
        }
        "appointment_cancelled" => {
            json!({ "code": code, "old_when": old, "again": true, "link": LINK })
        }
        "appointment_missed" => {
            json!({ "code": code, "old_when": old, "by_office": true, "link": LINK })
        }
        "offer_agreed" => json!({ "code": code, "when": when, "link": LINK }),
        "case_window" => json!({
            "code": code, "meeting_date": "20/06/2026", "window_end": "05/07/2026", "link": LINK,
        }),
        "case_periodic" => json!({ "code": code, "due_date": "31/08/2026", "link": LINK }),
        "risk_flag" | "risk_escalated" => json!({
            "alert_code": "K7M2-94", "by_time": "21:30", "by_day": "12/05/2026", "link": LINK,
        }),
        "break_glass_used" | "consent_withdrawn_staff" => {
            json!({ "code": "K7M2-94", "link": LINK })
        }
        _ => return None,
    })
}
