//! Sheets as offices save them.

use proptest::prelude::*;

use super::{SheetError, SheetRow, SheetSex, Warning, read};

const CSV: &[u8] = include_bytes!("../../../docs/samples/danh-sach-tap-huan-2b.csv");
const XLSX: &[u8] = include_bytes!("../../../docs/samples/danh-sach-hoi-nghi-1.xlsx");

fn warned(rows: &[SheetRow]) -> Vec<u32> {
    let date = Warning {
        column: "birth_year",
        code: "date-invalid",
    };
    rows.iter()
        .filter(|row| row.warnings.contains(&date))
        .map(|row| row.number)
        .collect()
}

#[test]
fn the_csv_of_task_2b_is_read_whole() {
    let rows = read(CSV).unwrap();
    assert_eq!(rows.len(), 64);
    assert_eq!(
        (rows[0].number, rows[0].full_name.as_str()),
        (2, "Đoàn Phương Dung")
    );
    assert_eq!(rows[9].full_name, "Lý Thành Minh");
    assert_eq!(rows[18].full_name, "");
    assert_eq!(warned(&rows), [31]);
    assert_eq!(rows[4].birth_year, Some(1971));
    assert_eq!(rows[32].sex, Some(SheetSex::Female));
    assert_eq!(
        rows[36].note.as_deref(),
        Some("xin phép vắng buổi chiều; \"có giấy\"")
    );
    assert_eq!(rows[3].organisation.as_deref(), Some("Trường Tiểu học"));
    assert_eq!(rows[3].position.as_deref(), Some("hiệu phó"));
    assert_eq!(rows[41].position.as_deref(), Some("tổ trưởng"));
    assert_eq!(
        rows[0].organisation.as_deref(),
        Some("Phòng Văn hóa - Xã hội")
    );
    assert_eq!(
        rows[6].organisation.as_deref(),
        Some("Công chức tư pháp – hộ tịch")
    );
    assert!(rows[24].note.as_deref().unwrap().starts_with("=HYPERLINK"));
}

#[test]
fn the_workbook_is_read_without_titles_and_totals() {
    let rows = read(XLSX).unwrap();
    assert_eq!(rows.len(), 118);
    assert_eq!((rows[0].number, rows[0].birth_year), (6, Some(1967)));
    assert_eq!(rows[18].full_name, "");
    assert_eq!(warned(&rows), [35]);
    assert_eq!(rows[117].full_name, "Huỳnh Thị Đào");
    assert!(rows[24].note.as_deref().unwrap().starts_with("=HYPERLINK"));
}

#[test]
fn other_encodings_separators_and_shapes_are_read() {
    let text = "DANH SÁCH\r\n\r\nTT\tHọ, chữ đệm\tTên\tNam\tNữ\tSinh năm\tĐT\r\n\
                1\tNguyễn Thị\tĐào\t\tx\t'85\t932879217\r\n\
                TT\tHọ, chữ đệm\tTên\tNam\tNữ\tSinh năm\tĐT\r\n\
                2\tTổng Văn\tA\tx\t\t1-9-79\t\r\n\
                \tTổng số: 2 người\t\t\t\t\t\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes().to_vec(), utf16] {
        let rows = read(&bytes).unwrap();
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(
            (rows[0].full_name.as_str(), rows[0].number),
            ("Nguyễn Thị Đào", 4)
        );
        assert_eq!(rows[0].sex, Some(SheetSex::Female));
        assert_eq!(rows[0].phone.as_deref(), Some("0932879217"));
        assert_eq!(warned(&rows), [4]);
        assert_eq!(
            (rows[1].full_name.as_str(), rows[1].birth_year),
            ("Tổng Văn A", Some(1979))
        );
    }
    let commas = "Full name,Sex,Organisation\n\"Lan, Trần\",F,\"A, B\"\n";
    assert_eq!(read(commas.as_bytes()).unwrap()[0].full_name, "Lan, Trần");
}

#[test]
fn what_is_no_sheet_is_refused_for_what_it_is() {
    assert_eq!(read(b"").err(), Some(SheetError::Empty));
    assert_eq!(read(b"\n\n").err(), Some(SheetError::Empty));
    assert_eq!(read(b"%PDF-1.7").err(), Some(SheetError::UnknownFormat));
    assert_eq!(read(b"a;b\n1;2").err(), Some(SheetError::NoHeader));
    assert_eq!(read(&vec![b'a'; 6 << 20]).err(), Some(SheetError::TooLarge));
    let many = format!("Họ và tên;Nam/Nữ\n{}", "An;Nam\n".repeat(20_001));
    assert_eq!(read(many.as_bytes()).err(), Some(SheetError::TooManyRows));
}

/// What the program sees of a text.
fn named(text: &str) -> Vec<(u32, String)> {
    let rows = read(text.as_bytes()).unwrap();
    rows.into_iter()
        .map(|row| (row.number, row.full_name))
        .collect()
}

#[test]
fn totals_and_signatures_are_nobody_and_a_family_name_is_somebody() {
    let text = "STT;Họ và tên;Nam/Nữ;Năm sinh;Đơn vị\n1.;Cán Bộ;;;\n;Tống Công Minh;;;UBND\n\
                ;Tổng Văn A;Nam;;\n65;;;;\nTổng cộng;;Nam: 1;118;\n;Tổng số: 3 người;;;Nữ: 2\n\
                ;Người lập biểu;;;XÁC NHẬN CỦA UBND\n;;;;Lê Chân, ngày 24 tháng 11 năm 2026\n";
    let names: Vec<String> = named(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Cán Bộ", "Tống Công Minh", "Tổng Văn A"]);
}

#[test]
fn headings_dashes_and_whoever_signs_below_are_nobody() {
    let text = "STT;Họ và tên;Đơn vị\n;I. CÔNG AN PHƯỜNG;\n1;Trần An;Công an\n2;-;\n\
                II;Khối Đảng;\n;B. Y TẾ;\n3;Lê Bình;Trạm y tế\n;I Bình Niê;\n;Người lập danh sách;\n\
                ;(Ký, ghi rõ họ tên);\n;Nguyễn Thị Lập;\n4;Đỗ Cường;\n";
    let names: Vec<String> = named(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Trần An", "Lê Bình", "I Bình Niê", "Đỗ Cường"]);
}

#[test]
fn what_can_be_read_of_a_cell_is_kept() {
    let text = "TT;Họ và tên;Năm sinh;Điện thoại;Email\n1;An;29/2/1975;'0912345678;\n\
                2;Bình;1981-05;0912345678 / 0912345679;a@b.vn, c@d.vn\n3;Chi;31/02/90;;\n";
    let rows = read(text.as_bytes()).unwrap();
    let years: Vec<Option<i32>> = rows.iter().map(|row| row.birth_year).collect();
    assert_eq!(years, [Some(1975), Some(1981), None]);
    let phones: Vec<&str> = rows.iter().filter_map(|row| row.phone.as_deref()).collect();
    assert_eq!(phones, ["0912345678", "0912345678"]);
    assert_eq!(rows[1].email.as_deref(), Some("a@b.vn"));
    let told = |row: &SheetRow| {
        let told = row.warnings.iter().filter(|one| one.column != "sex");
        told.map(|one| (one.column, one.code)).collect::<Vec<_>>()
    };
    assert_eq!(told(&rows[0]), [("birth_year", "date-invalid")]);
    assert_eq!(told(&rows[1]), [("phone", "several"), ("email", "several")]);
    assert_eq!(told(&rows[2]), [("birth_year", "date-invalid")]);
}

#[test]
fn the_separator_is_the_one_that_shows_the_header() {
    let row = "1;Lý An;Sở A, phòng B, tổ C, thành phố\n";
    let rows = read(format!("TT;Họ và tên;Đơn vị\n{row}").as_bytes()).unwrap();
    assert_eq!(
        rows[0].organisation.as_deref(),
        Some("Sở A, phòng B, tổ C, thành phố")
    );
}

#[test]
fn a_cell_of_several_lines_is_one_row() {
    let text = "TT;Họ và tên;Đơn vị\r\n1;An;\"Sở A\r\nphòng B\"\r\n\r\n2;Bình;Sở C\r\n";
    assert_eq!(named(text), [(2, "An".to_owned()), (4, "Bình".to_owned())]);
}

#[test]
fn marks_and_years_stand_in_the_columns_of_men_and_women() {
    let text = "TT;Họ và tên;Nam;Nữ\n1;An;1970;\n2;Bình;x;x\n3;Chi;0;x\n";
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(
        (rows[0].sex, rows[0].birth_year),
        (Some(SheetSex::Male), Some(1970))
    );
    assert_eq!((rows[1].sex, rows[1].warnings[0].column), (None, "sex"));
    assert_eq!(rows[2].sex, Some(SheetSex::Female));
    let rows = read("TT;Họ và tên;Năm\n1;An;1970\n".as_bytes()).unwrap();
    assert_eq!((rows[0].sex, rows[0].birth_year), (None, Some(1970)));
}

/// Names, years and whether somebody is a woman, as far as they were read.
fn born(text: &str) -> Vec<(String, Option<i32>, Option<SheetSex>)> {
    let rows = read(text.as_bytes()).unwrap();
    rows.into_iter()
        .map(|row| (row.full_name, row.birth_year, row.sex))
        .collect()
}

#[test]
fn a_header_of_two_lines_is_read_whole() {
    let people = "1;Lý An;1970;;Sở A\n2;Lê Bình;;12/5/1981;Sở B\n3;Trần Chi;;;\n4;Đỗ Dung;1960;1961;\n\
                  5;Võ Em;85;;\n";
    let [top, repeated] = [
        "STT;Họ và tên;Năm sinh;;Đơn vị\n",
        "STT;Họ và tên;Năm sinh;Năm sinh;Đơn vị\n",
    ];
    let (man, woman) = (Some(SheetSex::Male), Some(SheetSex::Female));
    let wanted = [
        ("Lý An".to_owned(), Some(1970), man),
        ("Lê Bình".to_owned(), Some(1981), woman),
        ("Trần Chi".to_owned(), None, None),
        ("Đỗ Dung".to_owned(), None, None),
        ("Võ Em".to_owned(), None, man),
    ];
    for header in [
        format!("{top};;Nam;Nữ;\n"),
        format!("{top};;Nam;Nữ;\n1;2;3;4;5\n"),
        format!("{top};;Nam;Nữ;\n(1);(2);(3);(4);(5)\n"),
        format!("{repeated};;Nam;Nữ;\n"),
        format!("{repeated}STT;Họ và tên;Nam;Nữ;Đơn vị\n"),
        ";;Năm sinh;;\nSTT;Họ và tên;Nam;Nữ;Đơn vị\n".to_owned(),
        "STT;Họ và tên;Nam sinh năm;Nữ sinh năm;Đơn vị\n".to_owned(),
    ] {
        assert_eq!(born(&format!("{header}{people}")), wanted, "{header}");
        // A page later it stands again.
        let again = format!("{header}{people}{header}6;Ngô Giang;;1990;\n");
        assert_eq!(born(&again).len(), 6, "{header}");
        let rows = read(format!("{header}{people}").as_bytes()).unwrap();
        let told = |row: &SheetRow| row.warnings.iter().any(|one| one.column == "birth_year");
        let told: Vec<bool> = rows.iter().map(told).collect();
        assert_eq!(told, [false, false, false, true, true], "{header}");
    }
}

#[test]
fn headings_that_span_columns_are_parted() {
    let text = "STT;Họ và tên;;Thông tin;;Ký nhận;\n;Họ đệm;Tên;Giới tính;SĐT;Sáng;Chiều\n\
                1;Nguyễn Thị;Đào;Nữ;0912345678;;\n";
    let rows = read(text.as_bytes()).unwrap();
    assert_eq!(
        (rows.len(), rows[0].full_name.as_str()),
        (1, "Nguyễn Thị Đào")
    );
    assert_eq!(rows[0].sex, Some(SheetSex::Female));
    assert_eq!(rows[0].phone.as_deref(), Some("0912345678"));
    let text = "STT;Họ và tên;Ngày sinh;;\n;;Ngày;Tháng;Năm\n1;Lý An;1;2;1970\n";
    assert_eq!(born(text), [("Lý An".to_owned(), Some(1970), None)]);
    // One line about nobody, and a group, are no second line of the header.
    let text = "STT;Họ và tên;Nam/Nữ;Đơn vị\n;;Nam;\n;Khối cơ quan Đảng;;\n1;Lý An;Nam;Sở A\n";
    let rows = read(text.as_bytes()).unwrap();
    let last = rows.last().unwrap();
    assert_eq!(
        (last.sex, last.organisation.as_deref()),
        (Some(SheetSex::Male), Some("Sở A"))
    );
    let text = "STT;Họ và tên;Giới tính;Năm sinh\n;;(Nam/Nữ);(ghi đủ)\n1;Lý An;Nam;1970\n";
    assert_eq!(
        born(text),
        [("Lý An".to_owned(), Some(1970), Some(SheetSex::Male))]
    );
}

#[test]
fn a_name_under_a_heading_over_two_columns_is_one() {
    let text = "STT;Họ và tên;;Đơn vị\n1;Nguyễn Thị;Đào;Sở A\n2;Trần Văn;Bình;Sở B\n";
    let names: Vec<String> = named(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Nguyễn Thị Đào", "Trần Văn Bình"]);
    for beside in ["Nam", "Nữ", "x", "có mặt"] {
        let text = format!("STT;Họ và tên;;Đơn vị\n1;Lý An;{beside};Sở A\n2;Lê Bình;{beside};\n");
        let names: Vec<String> = named(&text).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Lý An", "Lê Bình"], "{beside}");
    }
}

#[test]
fn whoever_signs_is_nobody_wherever_they_sign() {
    let list = "STT;Họ và tên;Năm sinh;Đơn vị;Ghi chú\n1;Lý An;1970;Sở A;\n2;Lê Bình;1980;;\n";
    for below in [
        ";Người lập biểu;;;\n;;;Nguyễn Thị Lập;\n",
        ";;;Người lập;\n;(Ký, ghi rõ họ tên);;;\n;;;;Nguyễn Thị Lập\n",
        ";Người lập biểu;;CHỦ TỊCH;\n;Nguyễn Thị Lập;;Trần Văn Chủ;\n",
        ";TM. ỦY BAN NHÂN DÂN;;Người lập biểu;\n;Trần Văn Chủ;;Nguyễn Thị Lập;\n",
    ] {
        let names: Vec<String> = named(&format!("{list}{below}"))
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(names, ["Lý An", "Lê Bình"], "{below}");
    }
    // Where nobody is numbered, what looks like a signature may be a group.
    let names = named("Họ và tên;Đơn vị\nCán bộ;\nLý An;Sở A\n");
    assert_eq!(names, [(3, "Lý An".to_owned())]);
}

#[test]
fn headings_say_more_than_their_word() {
    let text = "TT|Họ và tên lót|Tên|Giới tính (Nam/Nữ)|Địa chỉ|Tên đơn vị|SĐT liên hệ|Di động|\
                Địa chỉ email (nếu có)|Ghi chú (nếu có)|Date of birth\n\
                1|Nguyễn Thị|Đào|Nữ|12 Tô Hiệu|Sở A||0912345678|dao@example.vn|chay|1970\n\
                2|Lê|Bình|Nam|||0912345670|0912345671||x|1970\n";
    let rows = read(text.as_bytes()).unwrap();
    let one = &rows[0];
    assert_eq!(one.full_name, "Nguyễn Thị Đào");
    assert_eq!(
        (one.sex, one.birth_year),
        (Some(SheetSex::Female), Some(1970))
    );
    assert_eq!(one.organisation.as_deref(), Some("Sở A"));
    assert_eq!(one.phone.as_deref(), Some("0912345678"));
    assert_eq!(one.email.as_deref(), Some("dao@example.vn"));
    assert_eq!(one.note.as_deref(), Some("chay"));
    assert!(one.warnings.is_empty());
    assert_eq!(
        (rows[1].warnings[0].column, rows[1].warnings[0].code),
        ("phone", "several")
    );
    let rows = read("Họ và tên;Địa chỉ\n12. Lý An;Tổ 3\n".as_bytes()).unwrap();
    assert_eq!(rows[0].full_name, "Lý An");
    assert_eq!(rows[0].organisation.as_deref(), Some("Tổ 3"));
}

#[test]
fn days_are_read_as_people_write_them() {
    for (written, year) in [
        ("SN 1985", Some(1985)),
        ("'1985", Some(1985)),
        ("1985-03-15T00:00:00", Some(1985)),
        ("1985-03-15 00:00:00", Some(1985)),
        ("12 tháng 3 năm 1985", Some(1985)),
        ("15/03/1985 (âm lịch)", Some(1985)),
        ("khoảng 40 tuổi", None),
        ("31121", None),
    ] {
        let read = born(&format!("Họ và tên;Năm sinh\nLý An;{written}\n"));
        assert_eq!(read, [("Lý An".to_owned(), year, None)], "{written}");
    }
}

#[test]
fn a_damaged_byte_does_not_damage_the_rest() {
    let mut bytes = "Họ và tên;Đơn vị\nNguyễn Thị Đào;Sở A\nLê Bình;Trạm Y tế "
        .as_bytes()
        .to_vec();
    bytes.extend(b"\xE1\n");
    assert_eq!(read(&bytes).unwrap()[0].full_name, "Nguyễn Thị Đào");
}

#[test]
fn a_post_is_split_off_only_where_it_is_one() {
    for whole in [
        "Công ty ABC (Việt Nam)",
        "Công chức địa chính – xây dựng",
        "Công chức văn hóa - xã hội",
        "Phòng Văn hóa - Xã hội",
    ] {
        let text = format!("Họ và tên;Chức vụ, đơn vị\nAn;{whole}\n");
        let rows = read(text.as_bytes()).unwrap();
        assert_eq!(rows[0].organisation.as_deref(), Some(whole));
        assert_eq!(rows[0].position, None, "{whole}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _any = read(&bytes);
    }

    #[test]
    fn no_damage_panics(at in 0..12_000_usize, byte: u8, is_workbook: bool) {
        let mut bytes = if is_workbook { XLSX.to_vec() } else { CSV.to_vec() };
        let at = at % bytes.len();
        bytes[at] = byte;
        let _any = read(&bytes);
    }
}

#[test]
fn people_are_read_without_how_they_are_addressed() {
    let text = "TT;Họ và tên;Nam/Nữ;Email\n1;Bà Nguyễn Thị Đào;;mailto:dao@example.vn\n\
                2;Ông Ích Khiêm;x;\n3;Ông Trần Bình;Nữ;\n";
    let rows = read(text.as_bytes()).unwrap();
    let read: Vec<(&str, Option<SheetSex>)> = rows
        .iter()
        .map(|row| (row.full_name.as_str(), row.sex))
        .collect();
    let wanted = [
        ("Nguyễn Thị Đào", Some(SheetSex::Female)),
        ("Ông Ích Khiêm", None),
        ("Trần Bình", Some(SheetSex::Female)),
    ];
    assert_eq!(read, wanted, "the column tells before the address");
    assert_eq!(rows[0].email.as_deref(), Some("dao@example.vn"));
    assert_eq!(rows[1].warnings.len(), 1);
}

#[test]
fn a_list_of_names_alone_is_a_sheet() {
    let names = named("DANH SÁCH HỌ VÀ TÊN\nHọ và tên\nNguyễn Thị Đào\nTrần Văn Bình\n");
    let names: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["Nguyễn Thị Đào", "Trần Văn Bình"]);
}
