//! The tables of both engines, as the migrations make them.

#![expect(missing_docs, reason = "what the table macro makes")]

diesel::table! {
    use diesel::sql_types::{Bool, Integer};
    use crate::kernel::sql::{UtcTimestamp};

    deployment (id) {
        id -> Integer,
        is_demo -> Bool,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::kernel::sql::{UtcTimestamp};

    keyring (purpose, key_id) {
        purpose -> Text,
        key_id -> Text,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    offices (id) {
        id -> Guid,
        code -> Text,
        name -> Text,
        zone -> Text,
        prefix -> Text,
        settings -> Text,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::kernel::sql::{Guid};

    reference_counters (office_id, series, year) {
        office_id -> Guid,
        series -> Text,
        year -> Integer,
        last -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    agencies (id) {
        id -> Guid,
        office_id -> Guid,
        code -> Text,
        name_vi -> Text,
        name_en -> Text,
        name_key -> Text,
        kind -> Text,
        active -> Bool,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    rooms (id) {
        id -> Guid,
        office_id -> Guid,
        name -> Text,
        address -> Nullable<Text>,
        places -> Nullable<Integer>,
        active -> Bool,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    calendar_days (office_id, day) {
        office_id -> Guid,
        day -> Date,
        name_vi -> Text,
        kind -> Text,
        confirmed -> Bool,
        version -> Integer,
        updated_at -> UtcTimestamp,
        removed_at -> Nullable<UtcTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid};

    plan_tasks (office_id, code) {
        office_id -> Guid,
        code -> Text,
        parent -> Nullable<Text>,
        title_vi -> Text,
        title_en -> Text,
        lead -> Nullable<Text>,
        coordinating -> Text,
        start_year -> Integer,
        end_year -> Nullable<Integer>,
        cadence -> Nullable<Text>,
        products -> Text,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    users (id) {
        id -> Guid,
        office_id -> Guid,
        email -> Text,
        email_verified_at -> Nullable<UtcTimestamp>,
        password_hash -> Nullable<Text>,
        full_name -> Text,
        name_key -> Text,
        phone -> Nullable<Text>,
        language -> Text,
        roles -> Text,
        agency_id -> Nullable<Guid>,
        status -> Text,
        generation -> Integer,
        preferences -> Text,
        locked_until -> Nullable<UtcTimestamp>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    devices (id) {
        id -> Guid,
        user_id -> Guid,
        label -> Text,
        created_at -> UtcTimestamp,
        last_used_at -> UtcTimestamp,
        revoked_at -> Nullable<UtcTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    refresh_tokens (id) {
        id -> Guid,
        device_id -> Guid,
        user_id -> Guid,
        parent_id -> Nullable<Guid>,
        digest -> Binary,
        issued_at -> UtcTimestamp,
        expires_at -> UtcTimestamp,
        used_at -> Nullable<UtcTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    one_time_tokens (id) {
        id -> Guid,
        purpose -> Text,
        subject_id -> Guid,
        binding -> Text,
        digest -> Binary,
        created_at -> UtcTimestamp,
        expires_at -> UtcTimestamp,
        used_at -> Nullable<UtcTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::kernel::sql::{UtcTimestamp};

    throttles (name) {
        name -> Text,
        window_from -> UtcTimestamp,
        uses -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    idempotency_records (user_id, route, key) {
        user_id -> Guid,
        office_id -> Guid,
        route -> Text,
        key -> Text,
        body_digest -> Binary,
        roles -> Text,
        answer -> Nullable<Text>,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    audit_events (id) {
        id -> Guid,
        office_id -> Nullable<Guid>,
        at -> UtcTimestamp,
        actor_id -> Nullable<Guid>,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<Guid>,
        request_id -> Nullable<Text>,
        client -> Nullable<Text>,
        facts -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    audit_seals (number) {
        number -> BigInt,
        event_id -> Guid,
        digest -> Binary,
        chain -> Binary,
        sealed_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    leases (name) {
        name -> Text,
        holder -> Guid,
        until -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    messages (id) {
        id -> Guid,
        office_id -> Guid,
        kind -> Text,
        class -> Text,
        user_id -> Nullable<Guid>,
        address -> Text,
        language -> Text,
        object_kind -> Text,
        object_id -> Guid,
        object_version -> Integer,
        payload -> Text,
        dedupe_key -> Text,
        state -> Text,
        not_before -> UtcTimestamp,
        expires_at -> Nullable<UtcTimestamp>,
        attempts -> Integer,
        first_attempt_at -> Nullable<UtcTimestamp>,
        next_attempt_at -> UtcTimestamp,
        lease_until -> Nullable<UtcTimestamp>,
        lease_token -> Nullable<Guid>,
        last_error -> Nullable<Text>,
        created_at -> UtcTimestamp,
        settled_at -> Nullable<UtcTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    unreachable_addresses (office_id, address) {
        office_id -> Guid,
        address -> Text,
        reason -> Text,
        since -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    training_sessions (id) {
        id -> Guid,
        office_id -> Guid,
        reference -> Text,
        kind -> Text,
        title -> Text,
        title_key -> Text,
        mail_title -> Nullable<Text>,
        plan_task -> Text,
        lead_agency_id -> Guid,
        language -> Text,
        room_id -> Nullable<Guid>,
        online_url -> Nullable<Text>,
        capacity -> Nullable<Integer>,
        waitlist -> Bool,
        registration_opens_at -> Nullable<UtcTimestamp>,
        registration_closes_at -> Nullable<UtcTimestamp>,
        visibility -> Text,
        status -> Text,
        first_starts_at -> UtcTimestamp,
        last_ends_at -> UtcTimestamp,
        details -> Text,
        tags -> Text,
        calendar_sequence -> Integer,
        published_at -> Nullable<UtcTimestamp>,
        completed_at -> Nullable<UtcTimestamp>,
        cancelled_at -> Nullable<UtcTimestamp>,
        version -> Integer,
        created_by -> Nullable<Guid>,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    training_slots (id) {
        id -> Guid,
        session_id -> Guid,
        position -> Integer,
        starts_at -> UtcTimestamp,
        ends_at -> UtcTimestamp,
        title -> Nullable<Text>,
        mandatory -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Text};
    use crate::kernel::sql::{Guid};

    training_counters (session_id) {
        session_id -> Guid,
        lock_seq -> BigInt,
        seats_taken -> Integer,
        last_place -> BigInt,
        counts -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    attendees (id) {
        id -> Guid,
        office_id -> Guid,
        user_id -> Nullable<Guid>,
        full_name -> Text,
        name_key -> Text,
        sort_key -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        sex -> Text,
        birth_year -> Nullable<Integer>,
        agency_id -> Nullable<Guid>,
        organisation -> Nullable<Text>,
        organisation_key -> Nullable<Text>,
        position -> Nullable<Text>,
        audience -> Text,
        language -> Text,
        merged_into -> Nullable<Guid>,
        merge_undo -> Nullable<Text>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    registrations (id) {
        id -> Guid,
        office_id -> Guid,
        session_id -> Guid,
        attendee_id -> Guid,
        invited_attendee_id -> Nullable<Guid>,
        status -> Text,
        place -> BigInt,
        extra_seat -> Bool,
        walk_in -> Bool,
        source -> Text,
        sex -> Text,
        audience -> Text,
        agency_id -> Nullable<Guid>,
        birth_year -> Nullable<Integer>,
        expected_from -> Nullable<UtcTimestamp>,
        result -> Nullable<Text>,
        late -> Bool,
        left_early -> Bool,
        slots_present -> Integer,
        ticket_generation -> Integer,
        ticket_digest -> Binary,
        short_code -> Text,
        note -> Nullable<Text>,
        ended_by -> Nullable<Text>,
        kept_id -> Nullable<Guid>,
        version -> Integer,
        created_by -> Nullable<Guid>,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    attendance_events (id) {
        id -> Guid,
        session_id -> Guid,
        registration_id -> Guid,
        slot_id -> Guid,
        kind -> Text,
        at -> UtcTimestamp,
        method -> Text,
        recorded_by -> Nullable<Guid>,
        nonce -> Text,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    attendance_marks (registration_id, slot_id) {
        registration_id -> Guid,
        slot_id -> Guid,
        session_id -> Guid,
        mark -> Text,
        basis -> Text,
        late -> Bool,
        left_early -> Bool,
        minutes -> Integer,
        reason -> Nullable<Text>,
        recorded_by -> Nullable<Guid>,
        updated_at -> UtcTimestamp,
        sheet_mark -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid};

    import_rows (session_id, file_digest, row_number) {
        session_id -> Guid,
        file_digest -> Binary,
        row_number -> Integer,
        result -> Text,
        registration_id -> Nullable<Guid>,
        warnings -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    use crate::kernel::sql::{Guid};

    sheet_rows (session_id, row_key) {
        session_id -> Guid,
        row_key -> Text,
        registration_id -> Guid,
        digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    training_reminders (session_id, lead_hours, calendar_sequence) {
        session_id -> Guid,
        lead_hours -> Integer,
        calendar_sequence -> Integer,
        told_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    data_keys (id) {
        id -> Guid,
        office_id -> Guid,
        subject -> Text,
        kek_id -> Text,
        wrapped -> Nullable<Binary>,
        created_at -> UtcTimestamp,
        destroyed_at -> Nullable<UtcTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary};
    use crate::kernel::sql::{UtcTimestamp};

    erasures (mark) {
        mark -> Binary,
        erased_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_requests (id) {
        id -> Guid,
        office_id -> Guid,
        code -> Text,
        user_id -> Nullable<Guid>,
        data_key_id -> Guid,
        status -> Text,
        channel -> Text,
        party_role -> Text,
        language -> Text,
        sealed -> Binary,
        assignee_id -> Nullable<Guid>,
        contact_due_on -> Date,
        first_contacted_at -> Nullable<UtcTimestamp>,
        case_id -> Nullable<Guid>,
        ended_at -> Nullable<UtcTimestamp>,
        version -> Integer,
        created_by -> Nullable<Guid>,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Date, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_contact_tries (id) {
        id -> Guid,
        request_id -> Guid,
        tried_on -> Date,
        tried_at -> UtcTimestamp,
        tried_by -> Guid,
        means -> Text,
        is_reached -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_cases (id) {
        id -> Guid,
        office_id -> Guid,
        reference -> Text,
        data_key_id -> Guid,
        adoption_kind -> Text,
        in_family -> Text,
        in_family_confirmed_by -> Nullable<Guid>,
        phase -> Text,
        checklist -> Text,
        status -> Text,
        hold_reason -> Nullable<Text>,
        counsellor_id -> Guid,
        supervisor_id -> Nullable<Guid>,
        transfer_to_id -> Nullable<Guid>,
        closing_asked_by -> Nullable<Guid>,
        erasure_asked_by -> Nullable<Guid>,
        outcome -> Nullable<Text>,
        hand_over_on -> Nullable<Date>,
        sealed -> Binary,
        is_restricted -> Bool,
        lock_seq -> Integer,
        opened_at -> UtcTimestamp,
        closed_at -> Nullable<UtcTimestamp>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_case_events (id) {
        id -> Guid,
        case_id -> Guid,
        at -> UtcTimestamp,
        by_id -> Nullable<Guid>,
        kind -> Text,
        facts -> Text,
        sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_parties (id) {
        id -> Guid,
        office_id -> Guid,
        case_id -> Guid,
        code -> Text,
        role -> Text,
        language -> Text,
        user_id -> Nullable<Guid>,
        person_key -> Binary,
        sealed -> Binary,
        claim_digest -> Nullable<Binary>,
        claim_expires_at -> Nullable<UtcTimestamp>,
        claim_tries -> Integer,
        removed_at -> Nullable<UtcTimestamp>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}
diesel::table! {
    use diesel::sql_types::{Integer};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counsellor_calendars (counsellor_id) {
        counsellor_id -> Guid,
        office_id -> Guid,
        lock_seq -> Integer,
        version -> Integer,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable};
    use crate::kernel::sql::{Guid};

    counsellor_hours (id) {
        id -> Guid,
        counsellor_id -> Guid,
        weekday -> Integer,
        starts_minute -> Integer,
        ends_minute -> Integer,
        valid_from_on -> Date,
        valid_to_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Text};
    use crate::kernel::sql::{Guid};

    counsellor_exceptions (id) {
        id -> Guid,
        counsellor_id -> Guid,
        day_on -> Date,
        kind -> Text,
        starts_minute -> Integer,
        ends_minute -> Integer,
    }
}

diesel::table! {
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counsellor_time_off (id) {
        id -> Guid,
        counsellor_id -> Guid,
        starts_at -> UtcTimestamp,
        ends_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer};
    use crate::kernel::sql::{Guid};

    counselled_people (office_id, person_key) {
        office_id -> Guid,
        person_key -> Binary,
        lock_seq -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_appointments (id) {
        id -> Guid,
        office_id -> Guid,
        case_id -> Nullable<Guid>,
        request_id -> Nullable<Guid>,
        data_key_id -> Guid,
        counsellor_id -> Guid,
        phase -> Text,
        topics -> Text,
        mode -> Text,
        sealed -> Binary,
        starts_at -> UtcTimestamp,
        ends_at -> UtcTimestamp,
        status -> Text,
        expires_at -> Nullable<UtcTimestamp>,
        cancelled_by -> Nullable<Text>,
        no_show_by -> Nullable<Text>,
        follows_id -> Nullable<Guid>,
        confirmed_at -> Nullable<UtcTimestamp>,
        completed_at -> Nullable<UtcTimestamp>,
        calendar_sequence -> Integer,
        version -> Integer,
        created_by -> Nullable<Guid>,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_appointment_parties (id) {
        id -> Guid,
        office_id -> Guid,
        appointment_id -> Guid,
        party_id -> Nullable<Guid>,
        person_key -> Binary,
        role -> Text,
        side -> Text,
        starts_at -> UtcTimestamp,
        ends_at -> UtcTimestamp,
        is_live -> Bool,
        has_attended -> Nullable<Bool>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_appointment_events (id) {
        id -> Guid,
        appointment_id -> Guid,
        at -> UtcTimestamp,
        by_id -> Nullable<Guid>,
        kind -> Text,
        facts -> Text,
        sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    work_items (id) {
        id -> Guid,
        office_id -> Guid,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> Guid,
        owner_id -> Nullable<Guid>,
        role -> Nullable<Text>,
        due_at -> Nullable<UtcTimestamp>,
        done_at -> Nullable<UtcTimestamp>,
        done_by_id -> Nullable<Guid>,
        dedupe_key -> Text,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    risk_alerts (id) {
        id -> Guid,
        office_id -> Guid,
        code -> Text,
        source -> Text,
        subject_kind -> Nullable<Text>,
        subject_id -> Nullable<Guid>,
        data_key_id -> Guid,
        text_sealed -> Binary,
        result_sealed -> Nullable<Binary>,
        informed_at -> UtcTimestamp,
        act_by -> UtcTimestamp,
        status -> Text,
        raised_by_id -> Nullable<Guid>,
        escalate_at -> UtcTimestamp,
        acknowledged_at -> Nullable<UtcTimestamp>,
        acknowledged_by_id -> Nullable<Guid>,
        closed_at -> Nullable<UtcTimestamp>,
        closed_by_id -> Nullable<Guid>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use crate::kernel::sql::{Guid, UtcTimestamp};

    risk_alert_tells (id) {
        id -> Guid,
        alert_id -> Guid,
        user_id -> Guid,
        told_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    delegations (id) {
        id -> Guid,
        office_id -> Guid,
        from_id -> Nullable<Guid>,
        to_id -> Guid,
        duty -> Text,
        starts_on -> Date,
        ends_on -> Date,
        revoked_at -> Nullable<UtcTimestamp>,
        revoked_by_id -> Nullable<Guid>,
        created_by_id -> Guid,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_notes (id) {
        id -> Guid,
        case_id -> Guid,
        appointment_id -> Nullable<Guid>,
        author_id -> Guid,
        status -> Text,
        phase -> Text,
        sealed -> Binary,
        summary_sealed -> Nullable<Binary>,
        signed_at -> Nullable<UtcTimestamp>,
        shared_at -> Nullable<UtcTimestamp>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_note_addenda (id) {
        id -> Guid,
        note_id -> Guid,
        author_id -> Guid,
        sealed -> Binary,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_note_shares (note_id, party_id) {
        note_id -> Guid,
        party_id -> Guid,
        shared_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_break_glass (id) {
        id -> Guid,
        case_id -> Guid,
        user_id -> Guid,
        reason_sealed -> Binary,
        starts_at -> UtcTimestamp,
        ends_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_consents (id) {
        id -> Guid,
        case_id -> Guid,
        party_id -> Guid,
        decision -> Text,
        taken_on -> Date,
        is_in_person -> Bool,
        domestic_days -> Integer,
        intercountry_days -> Integer,
        withdrawn_on -> Nullable<Date>,
        is_late -> Bool,
        is_flagged -> Bool,
        sealed -> Binary,
        entered_by_id -> Nullable<Guid>,
        version -> Integer,
        struck_at -> Nullable<UtcTimestamp>,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_follow_ups (id) {
        id -> Guid,
        case_id -> Guid,
        kind -> Text,
        number -> Nullable<Integer>,
        status -> Text,
        planned_on -> Date,
        due_on -> Date,
        done_on -> Nullable<Date>,
        sealed -> Nullable<Binary>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Text};

    legal_aid_terms (list, code) {
        list -> Text,
        code -> Text,
        vi -> Text,
        en -> Text,
        source -> Text,
        papers -> Text,
        position -> Integer,
        is_active -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_requests (id) {
        id -> Guid,
        office_id -> Guid,
        reference -> Nullable<Text>,
        code -> Text,
        user_id -> Nullable<Guid>,
        data_key_id -> Guid,
        status -> Text,
        channel -> Text,
        language -> Text,
        category -> Nullable<Text>,
        field -> Nullable<Text>,
        form_wanted -> Nullable<Text>,
        child_sex -> Text,
        child_age -> Nullable<Integer>,
        child_key -> Nullable<Binary>,
        has_papers_to_follow -> Bool,
        assignee_id -> Nullable<Guid>,
        submitted_on -> Nullable<Date>,
        first_referred_on -> Nullable<Date>,
        referred_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        refusal_reason -> Nullable<Text>,
        refusal_opened_at -> Nullable<UtcTimestamp>,
        withdrawal_requested_at -> Nullable<UtcTimestamp>,
        duplicates_sought_at -> Nullable<UtcTimestamp>,
        sealed -> Binary,
        claim_digest -> Nullable<Binary>,
        claim_expires_at -> Nullable<UtcTimestamp>,
        created_by_id -> Nullable<Guid>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_clocks (request_id) {
        request_id -> Guid,
        office_id -> Guid,
        next_actor -> Text,
        queue_rank -> Integer,
        due_on -> Nullable<Date>,
        from_on -> Nullable<Date>,
        working_days -> Nullable<Integer>,
        ward_days_left -> Nullable<Integer>,
        is_provisional -> Bool,
        timed_at -> UtcTimestamp,
        urgency -> Text,
        urgency_reason -> Nullable<Text>,
        limitation_on -> Nullable<Date>,
        hearing_on -> Nullable<Date>,
        watched_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_receipts (request_id) {
        request_id -> Guid,
        number -> Integer,
        tries -> Integer,
        printed_at -> UtcTimestamp,
        locked_at -> Nullable<UtcTimestamp>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_events (id) {
        id -> Guid,
        request_id -> Guid,
        at -> UtcTimestamp,
        by_id -> Nullable<Guid>,
        kind -> Text,
        from_status -> Nullable<Text>,
        to_status -> Text,
        facts -> Text,
        document_id -> Nullable<Guid>,
        sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_conflicts (request_id, user_id) {
        request_id -> Guid,
        user_id -> Guid,
        declared_by_id -> Guid,
        declared_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_note_scans (id) {
        id -> Guid,
        note_id -> Guid,
        media -> Text,
        size -> Integer,
        sealed -> Binary,
        uploaded_by_id -> Guid,
        removed_at -> Nullable<UtcTimestamp>,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use crate::kernel::sql::{Guid, UtcTimestamp};

    work_item_asides (user_id, subject_id) {
        subject_id -> Guid,
        user_id -> Guid,
        since -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_documents (id) {
        id -> Guid,
        request_id -> Guid,
        paper_id -> Guid,
        page -> Integer,
        kind -> Text,
        media -> Text,
        size -> Integer,
        sealed -> Binary,
        is_from_family -> Bool,
        uploaded_by_id -> Nullable<Guid>,
        replaced_by_id -> Nullable<Guid>,
        removed_at -> Nullable<UtcTimestamp>,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_notes (id) {
        id -> Guid,
        request_id -> Guid,
        author_id -> Guid,
        sealed -> Binary,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    legal_aid_questions (id) {
        id -> Guid,
        request_id -> Guid,
        asked_by_id -> Nullable<Guid>,
        sealed -> Binary,
        answer_sealed -> Nullable<Binary>,
        answered_by_id -> Nullable<Guid>,
        answered_at -> Nullable<UtcTimestamp>,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    counselling_told_windows (id) {
        id -> Guid,
        consent_id -> Guid,
        kind -> Text,
        days -> Integer,
        ends_on -> Date,
        told_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    products (id) {
        id -> Guid,
        office_id -> Guid,
        kind -> Text,
        title -> Text,
        search_key -> Text,
        plan_task -> Text,
        report_year -> Integer,
        session_id -> Nullable<Guid>,
        agency_id -> Guid,
        number -> Nullable<Text>,
        dated_on -> Nullable<Date>,
        signer -> Nullable<Text>,
        recipients -> Text,
        note -> Nullable<Text>,
        status -> Text,
        submitted_at -> Nullable<UtcTimestamp>,
        submitted_by_id -> Nullable<Guid>,
        returned_reason -> Nullable<Text>,
        approved_at -> Nullable<UtcTimestamp>,
        approved_by_id -> Nullable<Guid>,
        issued_at -> Nullable<UtcTimestamp>,
        issued_by_id -> Nullable<Guid>,
        superseded_by_id -> Nullable<Guid>,
        superseded_at -> Nullable<UtcTimestamp>,
        data_key_id -> Nullable<Guid>,
        created_by_id -> Guid,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    product_files (id) {
        id -> Guid,
        office_id -> Guid,
        product_id -> Guid,
        media -> Text,
        name -> Text,
        size -> Integer,
        sha256 -> Text,
        uploaded_by_id -> Guid,
        removed_at -> Nullable<UtcTimestamp>,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    owed_products (id) {
        id -> Guid,
        office_id -> Guid,
        session_id -> Guid,
        kind -> Text,
        status -> Text,
        product_id -> Nullable<Guid>,
        waived_reason -> Nullable<Text>,
        waived_by_id -> Nullable<Guid>,
        waived_at -> Nullable<UtcTimestamp>,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    indicators (id) {
        id -> Guid,
        office_id -> Guid,
        plan_task -> Text,
        kind -> Text,
        title_vi -> Text,
        title_en -> Text,
        unit_vi -> Text,
        unit_en -> Text,
        agency_id -> Guid,
        is_active -> Bool,
        created_by_id -> Guid,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    figures (id) {
        id -> Guid,
        office_id -> Guid,
        indicator_id -> Guid,
        from_on -> Date,
        to_on -> Date,
        amount -> BigInt,
        source_document -> Text,
        note -> Nullable<Text>,
        withdrawn_at -> Nullable<UtcTimestamp>,
        withdrawn_by_id -> Nullable<Guid>,
        withdrawn_reason -> Nullable<Text>,
        entered_by_id -> Guid,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    concerns (id) {
        id -> Guid,
        office_id -> Guid,
        code -> Text,
        topic -> Text,
        source -> Text,
        informed_on -> Date,
        data_key_id -> Guid,
        text_sealed -> Binary,
        answer_sealed -> Nullable<Binary>,
        status -> Text,
        referred_to -> Nullable<Text>,
        referred_on -> Nullable<Date>,
        referral_number -> Nullable<Text>,
        referred_by_id -> Nullable<Guid>,
        answered_on -> Nullable<Date>,
        answer_number -> Nullable<Text>,
        reason_sealed -> Nullable<Binary>,
        closed_at -> Nullable<UtcTimestamp>,
        closed_by_id -> Nullable<Guid>,
        recorded_by_id -> Guid,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    difficulties (id) {
        id -> Guid,
        office_id -> Guid,
        agency_id -> Guid,
        plan_task -> Nullable<Text>,
        title -> Text,
        search_key -> Text,
        text -> Text,
        proposal -> Nullable<Text>,
        raised_on -> Date,
        status -> Text,
        forwarded_to -> Nullable<Text>,
        forwarded_on -> Nullable<Date>,
        forward_number -> Nullable<Text>,
        forwarded_by_id -> Nullable<Guid>,
        answer -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        answer_number -> Nullable<Text>,
        answered_by_id -> Nullable<Guid>,
        closed_at -> Nullable<UtcTimestamp>,
        closed_by_id -> Nullable<Guid>,
        closed_reason -> Nullable<Text>,
        raised_by_id -> Guid,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    obligation_filings (id) {
        id -> Guid,
        office_id -> Guid,
        obligation -> Text,
        filed_at -> UtcTimestamp,
        number -> Nullable<Text>,
        note -> Nullable<Text>,
        filed_by_id -> Nullable<Guid>,
        withdrawn_at -> Nullable<UtcTimestamp>,
        withdrawn_by_id -> Nullable<Guid>,
        withdrawn_reason -> Nullable<Text>,
        created_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    plan_reports (id) {
        id -> Guid,
        office_id -> Guid,
        kind -> Text,
        year -> Integer,
        edition -> Integer,
        edition_reason -> Nullable<Text>,
        from_on -> Date,
        to_on -> Date,
        status -> Text,
        texts -> Text,
        contributions_due_on -> Nullable<Date>,
        returned_reason -> Nullable<Text>,
        consolidated_at -> Nullable<UtcTimestamp>,
        consolidated_by_id -> Nullable<Guid>,
        approved_at -> Nullable<UtcTimestamp>,
        approved_by_id -> Nullable<Guid>,
        number -> Nullable<Text>,
        dated_on -> Nullable<Date>,
        signer -> Nullable<Text>,
        recipients -> Text,
        issued_at -> Nullable<UtcTimestamp>,
        issued_by_id -> Nullable<Guid>,
        filed_at -> Nullable<UtcTimestamp>,
        filed_by_id -> Nullable<Guid>,
        filed_way -> Nullable<Text>,
        data_key_id -> Nullable<Guid>,
        created_by_id -> Guid,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    report_snapshots (report_id) {
        report_id -> Guid,
        cut_off_at -> UtcTimestamp,
        query_version -> Integer,
        content -> Text,
        sha256 -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    report_contributions (id) {
        id -> Guid,
        office_id -> Guid,
        report_id -> Guid,
        agency_id -> Guid,
        status -> Text,
        texts -> Text,
        returned_reason -> Nullable<Text>,
        submitted_at -> Nullable<UtcTimestamp>,
        submitted_by_id -> Nullable<Guid>,
        accepted_at -> Nullable<UtcTimestamp>,
        accepted_by_id -> Nullable<Guid>,
        version -> Integer,
        created_at -> UtcTimestamp,
        updated_at -> UtcTimestamp,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::kernel::sql::{Guid, UtcTimestamp};

    report_files (id) {
        id -> Guid,
        office_id -> Guid,
        report_id -> Guid,
        kind -> Text,
        media -> Text,
        name -> Text,
        size -> Integer,
        sha256 -> Text,
        uploaded_by_id -> Guid,
        removed_at -> Nullable<UtcTimestamp>,
        created_at -> UtcTimestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    deployment,
    keyring,
    offices,
    reference_counters,
    agencies,
    rooms,
    calendar_days,
    plan_tasks,
    users,
    devices,
    refresh_tokens,
    one_time_tokens,
    throttles,
    idempotency_records,
    audit_events,
    audit_seals,
    leases,
    messages,
    unreachable_addresses,
    training_sessions,
    training_slots,
    training_counters,
    attendees,
    registrations,
    attendance_events,
    attendance_marks,
    import_rows,
    sheet_rows,
    training_reminders,
    data_keys,
    erasures,
    counselling_requests,
    counselling_contact_tries,
    counselling_cases,
    counselling_case_events,
    counselling_parties,
    work_items,
    work_item_asides,
    risk_alerts,
    risk_alert_tells,
    delegations,
    counsellor_calendars,
    counsellor_hours,
    counsellor_exceptions,
    counsellor_time_off,
    counselled_people,
    counselling_appointments,
    counselling_appointment_parties,
    counselling_appointment_events,
    counselling_notes,
    counselling_note_addenda,
    counselling_note_scans,
    counselling_note_shares,
    counselling_break_glass,
    counselling_consents,
    counselling_told_windows,
    counselling_follow_ups,
    legal_aid_terms,
    legal_aid_requests,
    legal_aid_clocks,
    legal_aid_receipts,
    legal_aid_events,
    legal_aid_conflicts,
    legal_aid_documents,
    legal_aid_notes,
    legal_aid_questions,
    products,
    product_files,
    owed_products,
    indicators,
    figures,
    concerns,
    difficulties,
    obligation_filings,
    plan_reports,
    report_snapshots,
    report_contributions,
    report_files,
);
