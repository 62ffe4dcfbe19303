//! What a document for reading does without a click, and what its streams fetch.

use super::document_tests::{dangerous, judged, packed, pdf};
use super::{Danger, FileKind, Refusal};

const TAKEN: Result<FileKind, Refusal> = Ok(FileKind::Pdf);
const PLAIN: &str = "/Type/ObjStm/Filter/FlateDecode";

#[test]
fn a_document_that_opens_at_a_page_or_prints_is_taken() {
    for opening in [
        "/OpenAction[3 0 R/XYZ null null 0]",
        "/OpenAction null",
        "/OpenAction <</S/GoTo/D[3 0 R /FitH 792]>>",
        "/OpenAction <</S/GoTo/D(muc (1) \\) >>)>>",
        "/OpenAction<</Type/Action/S/Named/N/Print>>",
    ] {
        let object = format!("3 0 obj\n<<{opening}>>\nendobj");
        assert_eq!(judged(&pdf(object.as_bytes())), TAKEN, "{opening}");
        let hidden = packed(PLAIN, format!("7 0 <<{opening}>>").as_bytes());
        assert_eq!(judged(&pdf(&hidden)), TAKEN, "{opening}");
    }
    let referred = b"3 0 obj <</OpenAction 9 0 R>> endobj 9 0 obj [3 0 R/Fit] endobj";
    assert_eq!(judged(&pdf(referred)), TAKEN);
    let link = b"3 0 obj <</Annots[<</Subtype/Link/F 4/A<</S/URI/URI(http://a)>>>>]>> endobj \
        4 0 obj <</Type/Action/S/URI/URI(http://a)>> endobj";
    assert_eq!(judged(&pdf(link)), TAKEN);
}

#[test]
fn a_document_that_acts_without_a_click_is_refused() {
    for object in [
        "<</OpenAction<</S/URI/URI(http://x)>>>>",
        "<</Open#41ction % a\n<</S/#55RI/URI(http://x)>>>>",
        "<</OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/URI/URI(http://x)>>>>>>",
        "<</OpenAction<</S/GoTo/D(>>)/Next 4 0 R>>>>",
        "<</OpenAction<</S 4 0 R/URI(http://x)>>>>",
        "<</OpenAction/Name>>",
        "<</AA<</O<</S/URI/URI(http://x)>>>>>>",
        "<</#41A 7 0 R>>",
        "<</AA%\n7%\n0 R>>",
        "<</Annots[<</AA<</PV 7 0 R>>>>]>>",
    ] {
        let refused = dangerous(Danger::Program);
        assert_eq!(judged(&pdf(object.as_bytes())), refused, "{object}");
        for before in [0, 64_400, 64_480, 65_500, 65_530, 70_000] {
            let objects = ["7 0 ", &" ".repeat(before), object].concat();
            let hidden = packed(PLAIN, objects.as_bytes());
            assert_eq!(judged(&pdf(&hidden)), refused, "{object} {before}");
        }
    }
    let far = format!("<</OpenAction{}<</S/URI>>>>", " ".repeat(2000));
    assert_eq!(judged(&pdf(far.as_bytes())), dangerous(Danger::Program));
    // Two letters that stand by chance in a picture.
    assert_eq!(
        judged(&pdf(b"stream /AA\x01 /AA 7 x /AA(\nendstream")),
        TAKEN
    );
}

#[test]
fn what_opens_is_looked_at_where_it_stands() {
    let (fetches, turns) = ("<</S/URI/URI(http://x)>>", "<</S/GoTo/D[3 0 R/Fit]>>");
    let open = "3 0 obj <</OpenAction 9 0 R>> endobj ";
    for (objects, judgement) in [
        (format!("9 0 obj {turns} endobj"), TAKEN),
        (
            format!("9 0 obj {fetches} endobj"),
            dangerous(Danger::Program),
        ),
        (
            format!("09\n0%\n obj {fetches}"),
            dangerous(Danger::Program),
        ),
        // Two of one number, one of which is written oddly.
        (
            format!("9 0 obj {turns} 9 0 obj {fetches}"),
            dangerous(Danger::Program),
        ),
        (
            format!("9 0 obj {turns} 9%\n0 obj {fetches}"),
            dangerous(Danger::Program),
        ),
        (
            format!("9 0 obj {turns} +9 0 obj {fetches}"),
            dangerous(Danger::Program),
        ),
        ("9 0 obj 4 0 R endobj".into(), dangerous(Danger::Program)),
        (format!("8 0 obj {fetches} endobj"), Err(Refusal::Damaged)),
    ] {
        let whole = [open, &objects].concat();
        assert_eq!(judged(&pdf(whole.as_bytes())), judgement, "{objects}");
    }
    for (first, table, judgement) in [
        ("9", "7 0 9 10 ", TAKEN),
        ("9", "9 0 7 10 ", dangerous(Danger::Program)),
        ("9", "9 0 9 10 ", Err(Refusal::Damaged)),
        ("9 0 R", "7 0 9 10 ", Err(Refusal::Damaged)),
        ("9/First 9", "7 0 9 10 ", Err(Refusal::Damaged)),
        ("9", "7 0 +9 10", Err(Refusal::Damaged)),
        ("900", "7 0 9 10 ", Err(Refusal::Damaged)),
    ] {
        let objects = format!("{table}<</S/URI>>{turns}");
        let stream = packed(PLAIN, objects.as_bytes());
        // The helper says a place of its own.
        let said = stream
            .windows(8)
            .position(|part| part == b"/First 4")
            .unwrap();
        let (front, rest) = stream.split_at(said);
        let said = format!("/First {first}");
        let whole = [open.as_bytes(), front, said.as_bytes(), &rest[8..]].concat();
        assert_eq!(judged(&pdf(&whole)), judgement, "{first} {table}");
    }
}

#[test]
fn a_stream_holds_its_bytes_itself() {
    for entry in [
        "/F(http://x/y)",
        "/F<687474703a2f2f78>",
        "/F<</FS/URL/F(http://x/y)>>",
        "/F 9 0 R",
        "/#46 9 0 R",
        "/FFilter/FlateDecode",
        "/Ref<</F(y.pdf)/Page 0>>",
        "/X(endobj 1 0 obj <<)/F(x)",
        "/X/F/F(x)",
        "/X 3 0 R/F(x)",
        "/X[<</F 4>>]/F(x)",
    ] {
        for end in ["\nstream\n", "%c\n stream\r\n", "stream\n"] {
            let object = format!("3 0 obj%\n<</Length 0{entry}>>{end}endstream endobj");
            let refused = dangerous(Danger::ExternalContent);
            assert_eq!(judged(&pdf(object.as_bytes())), refused, "{object}");
        }
    }
    for ordinary in [
        "<</Length 0/Resources<</Font<</F 4 0 R/F1 5 0 R>>>>>>\nstream\nBI /F/Fl ID EI\nendstream",
        "<</Type/Annot/F 4>>",
        "<</Length 0/X/F>>\nstream\n/F(a)/F<</A\nendstream",
        "<</Length 0/X(\\)/F(a)>>)/Y<0a>/Z true>>\nstream\n\nendstream",
    ] {
        let object = format!("3 0 obj\n{ordinary}\nendobj");
        assert_eq!(judged(&pdf(object.as_bytes())), TAKEN, "{ordinary}");
    }
}

#[test]
fn an_object_stream_is_one_by_whatever_name() {
    let far = format!("/Filter/FlateDecode{}/Type/ObjStm", " ".repeat(5000));
    for dictionary in [
        "/Filter/FlateDecode",
        "/Filter/FlateDecode/Type 8 0 R",
        "/Filter/FlateDecode/X( obj)/Type/ObjStm",
        far.as_str(),
    ] {
        let hidden = packed(dictionary, b"7 0 <</S/JavaScript>>");
        assert_eq!(
            judged(&pdf(&hidden)),
            dangerous(Danger::Program),
            "{dictionary}"
        );
    }
}

#[test]
fn objects_within_each_other_are_refused() {
    let nested = b"1 0 obj<<".repeat(50_000);
    assert_eq!(judged(&pdf(&nested)), Err(Refusal::Damaged));
    let commented = b"obj%".repeat(50_000);
    assert_eq!(judged(&pdf(&commented)), dangerous(Danger::TooMuchInside));
    for crossed in ["<</A[>>]>>", "<<]/F(x)>>stream", "<</A(", "<</A<61"] {
        let object = format!("3 0 obj {crossed}");
        assert_eq!(
            judged(&pdf(object.as_bytes())),
            Err(Refusal::Damaged),
            "{crossed}"
        );
    }
}
