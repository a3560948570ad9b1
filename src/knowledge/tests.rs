//! Apps as folders: precedence, lookups from definition to file, writing.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::diagnostic::Severity;

/// An app with these files.
fn app(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load(apps: &[&TempDir]) -> Knowledge {
    load_with_warnings(apps).0
}

fn load_with_warnings(apps: &[&TempDir]) -> (Knowledge, Vec<Diagnostic>) {
    let paths: Vec<PathBuf> = apps.iter().map(|app| app.path().to_path_buf()).collect();
    let write = paths.last().cloned().unwrap_or_else(|| PathBuf::from("no/such/app"));
    Knowledge::load(&paths, &write, &mut Sources::new()).unwrap()
}

fn definition<'k>(knowledge: &'k Knowledge, name: &str) -> &'k str {
    knowledge.find_macro(name, 0).unwrap().definition.text()
}

fn texts(row: &[Text]) -> Vec<&str> {
    row.iter().map(Text::as_str).collect()
}

#[test]
fn the_built_in_app_reads_without_a_word() {
    let mut sources = Sources::new();
    let (knowledge, warnings) = Knowledge::load(&[], Path::new("no/such/app"), &mut sources).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(knowledge.ignored(), []);
    let ctime = knowledge.find_macro("security_content_ctime", 1).unwrap();
    assert_eq!(ctime.arguments, ["field"]);
    assert!(knowledge.find_macro("security_content_ctime", 0).is_none());
    assert_eq!(knowledge.macro_arities("drop_dm_object_name"), [1]);
    assert_eq!(ctime.definition.file().app.as_ref(), "built-in");

    let action = knowledge.lookup("aws_cloudtrail_action").unwrap();
    let (name, code, out) = ("eventName", "errorCode", action.column("action").unwrap());
    let keys = [action.column(name).unwrap(), action.column(code).unwrap()];
    let find = |event, code| action.find(&[(keys[0], event), (keys[1], code)]);
    // The row for `success` stands before the one for any code, and the first counts.
    let found = find("AddUserToGroup", "success");
    assert_eq!(found.len(), 1);
    assert_eq!(action.output(found[0], out).map(Text::as_str), Some("created"));
    assert_eq!(action.output(found[0], action.column("status").unwrap()).map(Text::as_str), Some("success"));
    let failed = find("AddUserToGroup", "AccessDenied");
    assert_eq!(action.output(failed[0], action.column("status").unwrap()).map(Text::as_str), Some("failure"));
    assert!(find("NoSuchCall", "success").is_empty());

    let category = knowledge.lookup("aws_cloudtrail_object_category").unwrap();
    let found = category.find(&[(category.column("eventName").unwrap(), "NoSuchCall")]);
    assert_eq!(found, [LookupMatch::Default]);
    let out = category.column("object_category").unwrap();
    assert_eq!(category.output(found[0], out).map(Text::as_str), Some("unknown"));

    let model = knowledge.data_model("Change", &mut sources).unwrap();
    let FieldPath::Declared { object, field } =
        model.resolve_field("All_Changes.Instance_Changes.image_id").unwrap()
    else {
        panic!("image_id is declared by Instance_Changes");
    };
    assert_eq!((object.name.as_str(), field.name.as_str()), ("Instance_Changes", "image_id"));
    assert_eq!(model.ancestry(object)[0].constraints.len(), 1);

    let source_type = knowledge.source_type("aws:cloudtrail");
    assert!(source_type.problems.is_empty(), "{:?}", source_type.problems);
    assert_eq!(source_type.kv_mode, KvMode::Json);
    assert_eq!(source_type.breaking.truncate, None);
    assert_eq!(source_type.extractions.len(), 1);
    assert!(source_type.lookups.iter().all(|it| knowledge.lookup(&it.lookup).is_ok()));
    let user = source_type.calculated.iter().find(|it| it.field == "user").unwrap();
    assert!(user.expression.text().starts_with("coalesce(case(\n    eventName=\"CreateUser\""));

    let tags = knowledge.tags().0;
    let instance = tags.iter().find(|rule| rule.value == "aws_cloudtrail_instance").unwrap();
    assert_eq!(
        (instance.field.as_str(), texts(&instance.tags)),
        ("eventtype", vec!["change", "cloud", "instance"])
    );
    let types = knowledge.event_types().0;
    assert!(tags.iter().all(|rule| types.iter().any(|it| it.name == rule.value)));
}

#[test]
fn later_apps_win_and_local_wins_over_default_key_by_key() {
    let first = app(&[
        (
            "default/macros.conf",
            "[a]\ndefinition = default\n[b]\ndefinition = default\n[cloudtrail]\ndefinition = first",
        ),
        ("local/macros.conf", "[b]\ndefinition = local\n[d(1)]\ndefinition = x"),
        ("default/transforms.conf", "[l]\nfilename = l.csv\nmax_matches = 5"),
        ("lookups/l.csv", "k,v\n1,first\n"),
    ]);
    let second = app(&[
        ("macros/any.conf", "[a]\ndefinition = second\n[d(1)]\nargs = y"),
        ("lookups/transforms.conf", "[l]\nmin_matches = 2"),
    ]);
    let knowledge = load(&[&first, &second]);
    assert_eq!(definition(&knowledge, "a"), "second");
    assert_eq!(definition(&knowledge, "b"), "local");
    assert_eq!(definition(&knowledge, "cloudtrail"), "first");
    assert_eq!(knowledge.find_macro("d", 1).unwrap().arguments, ["y"]);
    let lookup = knowledge.lookup_definition("l").unwrap();
    assert_eq!((lookup.max_matches, lookup.min_matches), (5, 2));
    // The other way round.
    let knowledge = load(&[&second, &first]);
    assert_eq!(definition(&knowledge, "a"), "default");
    assert!(knowledge.find_macro("a", 0).unwrap().definition.place().ends_with("default/macros.conf:2"));
}

#[test]
fn the_command_line_wins_over_all() {
    let folder = app(&[("macros/m.conf", "[a]\ndefinition = app"), ("given.tsv", "k,v\n1,given\n")]);
    let mut knowledge = load(&[&folder]);
    knowledge.define_macro("a=given", &mut Sources::new()).unwrap();
    assert_eq!(definition(&knowledge, "a"), "given");
    let file = folder.path().join("given.tsv");
    knowledge.set_lookup_file("aws_cloudtrail_object_category", &file);
    knowledge.set_lookup_file("mine", &file);
    assert_eq!(texts(knowledge.lookup("mine").unwrap().row(0)), ["1", "given"]);
    let replaced = knowledge.lookup("aws_cloudtrail_object_category").unwrap();
    assert_eq!((texts(replaced.row(0)), replaced.definition().min_matches), (vec!["1", "given"], 1));
    let error = knowledge.write_lookup("mine", &["k".into()], [], WriteOptions::default()).unwrap_err();
    assert_eq!(error.code, Code::LookupWrite);
}

#[test]
fn what_is_passed_over_is_said() {
    let folder = app(&[
        ("default/macros.conf", "[a]\ndefinition = x\nnonsense\n[b(1)]\ndefinition = y"),
        (
            "default/props.conf",
            "[s]\nKV_MOD = json\nSEDCMD-a = s/a/b/\n[source::x]\nKV_MODE = none\n\
          [t]\nKV_MODE = Multi:shape",
        ),
    ]);
    fs::write(folder.path().join("default/tags.conf"), b"[user=J\xfcrgen]\nhim = enabled").unwrap();
    let (knowledge, warnings) = load_with_warnings(&[&folder]);
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings.iter().all(|it| it.severity == Severity::Warning));
    let places: Vec<&str> = warnings.iter().filter_map(|it| it.place.as_deref()).collect();
    for (place, end) in places.iter().zip(["macros.conf:3", "tags.conf", "macros.conf:4"]) {
        assert!(place.ends_with(end), "{places:?}");
    }
    assert_eq!(knowledge.tags().0.iter().filter(|rule| rule.value == "Jürgen").count(), 1);
    let ignored = knowledge.ignored();
    let messages: Vec<&str> = ignored.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["the setting `KV_MOD` is not honoured"]);
    assert_eq!(ignored[0].help, ["did you mean `KV_MODE`?"]);
}

#[test]
fn a_lookup_is_found_by_definition_or_by_file() {
    let folder = app(&[
        (
            "lookups/transforms.conf",
            "[known]\nfilename = gone.csv\n[kv]\nexternal_type = kvstore\ncollection = c\nfields_list = _key, a",
        ),
        ("lookups/plain.csv", "k\n1\n"),
    ]);
    let knowledge = load(&[&folder]);
    assert_eq!(knowledge.lookup("plain.csv").unwrap().rows(), 1);
    let kv = knowledge.lookup("kv").unwrap();
    assert_eq!((texts(kv.columns()), kv.rows()), (vec!["a"], 0));
    let gone = knowledge.lookup("known").unwrap_err();
    assert_eq!(gone.code, Code::LookupFile);
    assert!(gone.place.unwrap().ends_with("transforms.conf:1"));
    assert!(gone.help[0].contains("built-in/lookups"), "{:?}", gone.help);
    let unknown = knowledge.lookup("knwon").unwrap_err();
    assert_eq!((unknown.code, unknown.help[0].as_str()), (Code::UnknownLookup, "did you mean `known`?"));
    assert_eq!(knowledge.lookup("none.csv").unwrap_err().code, Code::UnknownLookup);
    assert!(Arc::ptr_eq(&knowledge.lookup("plain.csv").unwrap(), &knowledge.lookup("plain.csv").unwrap()));
    let column = kv.column("b").unwrap_err();
    assert_eq!((column.code, column.help), (Code::LookupField, vec!["did you mean `a`?".into()]));
}

#[test]
fn a_lookup_stays_in_its_folder() {
    let folder = app(&[
        ("lookups/transforms.conf", "[up]\nfilename = ../../etc/passwd\n[root]\nfilename = /etc/passwd"),
        ("secret.csv", "k\n1\n"),
    ]);
    let knowledge = load(&[&folder]);
    for name in ["up", "root", "../../etc/passwd", "../secret.csv", "/etc/x.csv"] {
        let error = knowledge.lookup(name).unwrap_err();
        assert_eq!(error.code, Code::LookupPath, "{name}");
        let error = knowledge.write_lookup(name, &["k".into()], [vec!["1".into()]], WriteOptions::default());
        assert_eq!(error.unwrap_err().code, Code::LookupPath, "{name}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("secret.csv")).unwrap(), "k\n1\n");
    #[cfg(unix)]
    {
        let link = folder.path().join("lookups/link.csv");
        std::os::unix::fs::symlink(folder.path().join("secret.csv"), link).unwrap();
        assert_eq!(knowledge.lookup("link.csv").unwrap_err().code, Code::LookupPath);
    }
}

fn write(knowledge: &Knowledge, name: &str, columns: &[&str], rows: &[&[&str]], append: bool) -> Written {
    let columns: Vec<Text> = columns.iter().map(|name| (*name).into()).collect();
    let cell = |text: &&str| if text.is_empty() { Value::Null } else { Value::text(*text) };
    let rows = rows.iter().map(|row| row.iter().map(cell).collect());
    knowledge.write_lookup(name, &columns, rows, WriteOptions { append, ..WriteOptions::default() }).unwrap()
}

#[test]
fn what_is_written_is_read_in_this_run_and_the_next() {
    let parent = TempDir::new().unwrap();
    let target = parent.path().join("speleo-app");
    let load = || Knowledge::load(&[], &target, &mut Sources::new()).unwrap().0;
    let knowledge = load();
    let name = "previously_seen_cloud_compute_images";
    assert_eq!(knowledge.lookup(name).unwrap().rows(), 0);
    let written = write(
        &knowledge,
        name,
        &["image_id", "_raw", "enough_data", "_time"],
        &[&["ami-1", "x", "1", "5"]],
        false,
    );
    assert_eq!((written.rows, written.path), (1, target.join(format!("lookups/{name}.csv"))));
    for knowledge in [&knowledge, &load()] {
        let table = knowledge.lookup(name).unwrap();
        assert_eq!(texts(table.columns()), ["image_id", "enough_data", "_time"]);
        assert_eq!(texts(table.row(0)), ["ami-1", "1", "5"]);
    }
    // Nothing but the table and the lock is left.
    let mut left: Vec<String> = fs::read_dir(target.join("lookups"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, [".lock".to_string(), format!("{name}.csv")]);
}

#[test]
fn appending_keeps_the_header() {
    let base = app(&[("lookups/t.csv", "a,b\n1,\"x\ny\"\n")]);
    let target = TempDir::new().unwrap();
    let knowledge = load(&[&base, &target]);
    let written = write(&knowledge, "t.csv", &["c", "b"], &[&["lost", "2"], &["", ""]], true);
    assert_eq!(written.lost_columns, ["c"]);
    let table = knowledge.lookup("t.csv").unwrap();
    assert_eq!(texts(table.columns()), ["a", "b"]);
    assert_eq!(
        (texts(table.row(0)), texts(table.row(1)), texts(table.row(2))),
        (vec!["1", "x\ny"], vec!["", "2"], vec!["", ""])
    );
    // The app that the table came from is as it was.
    assert_eq!(fs::read_to_string(base.path().join("lookups/t.csv")).unwrap(), "a,b\n1,\"x\ny\"\n");
    // Without append the columns are replaced, too.
    write(&knowledge, "t.csv", &["c"], &[&["3"]], false);
    assert_eq!(texts(knowledge.lookup("t.csv").unwrap().columns()), ["c"]);
    // A table that is not there yet is made; its name says that it is packed.
    write(&knowledge, "new.csv.gz", &["n"], &[&["1"]], true);
    assert_eq!(&fs::read(target.path().join("lookups/new.csv.gz")).unwrap()[..2], [0x1f, 0x8b]);
    assert_eq!(texts(knowledge.lookup("new.csv.gz").unwrap().row(0)), ["1"]);
    let error = knowledge.write_lookup("nothing", &["n".into()], [], WriteOptions::default()).unwrap_err();
    assert_eq!(error.code, Code::UnknownLookup);
}

#[test]
fn cells_are_written_as_text() {
    let target = TempDir::new().unwrap();
    let knowledge = load(&[&target]);
    let many = Value::from_values(["a b".into(), Value::number(2.0)]);
    let row = vec![many, Value::number(1.5), Value::Null, "say \"x\",\n".into()];
    let columns: Vec<Text> = ["m", "n", "o", "p"].map(Text::from).to_vec();
    knowledge.write_lookup("t.csv", &columns, [row], WriteOptions::default()).unwrap();
    let text = fs::read_to_string(target.path().join("lookups/t.csv")).unwrap();
    assert_eq!(text, "m,n,o,p\na b 2,1.5,,\"say \"\"x\"\",\n\"\n");
}

#[test]
fn writing_no_rows_takes_the_table_away_unless_told_otherwise() {
    let base = app(&[("lookups/base.csv", "a\n1\n")]);
    let target = app(&[("lookups/own.csv", "a\n1\n"), ("lookups/kept.csv", "a\n1\n")]);
    let knowledge = load(&[&base, &target]);
    let empty = |name: &str, options| knowledge.write_lookup(name, &["a".into()], [], options).unwrap();
    empty("own.csv", WriteOptions::default());
    assert_eq!(knowledge.lookup("own.csv").unwrap_err().code, Code::UnknownLookup);
    empty("kept.csv", WriteOptions { override_if_empty: false, ..WriteOptions::default() });
    assert_eq!(knowledge.lookup("kept.csv").unwrap().rows(), 1);
    empty("kept.csv", WriteOptions { append: true, ..WriteOptions::default() });
    assert_eq!(knowledge.lookup("kept.csv").unwrap().rows(), 1);
    empty("kept.csv", WriteOptions { create_empty: true, ..WriteOptions::default() });
    assert_eq!(knowledge.lookup("kept.csv").unwrap().rows(), 0);
    // The table of another app must not come to light again.
    empty("base.csv", WriteOptions::default());
    assert_eq!(knowledge.lookup("base.csv").unwrap().rows(), 0);
    assert_eq!(fs::read_to_string(base.path().join("lookups/base.csv")).unwrap(), "a\n1\n");
}

#[test]
fn runs_at_once_do_not_mix_rows() {
    let target = TempDir::new().unwrap();
    let row = |writer: usize, at: usize| vec![Value::text(format!("{writer}")), Value::text(format!("{at}"))];
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let target = &target;
            scope.spawn(move || {
                let knowledge = load(&[target]);
                let options = WriteOptions { append: true, ..WriteOptions::default() };
                let columns: [Text; 2] = ["writer".into(), "at".into()];
                let rows = (0..50).map(|at| row(writer, at));
                knowledge.write_lookup("t.csv", &columns, rows, options).unwrap();
            });
        }
    });
    let knowledge = load(&[&target]);
    let table = knowledge.lookup("t.csv").unwrap();
    assert_eq!(table.rows(), 200);
    assert!(table.warnings().is_empty());
    // The rows of each run stand together.
    let writers: Vec<&str> = (0..200).map(|at| table.row(at)[0].as_str()).collect();
    assert!(writers.chunks(50).all(|chunk| chunk.iter().all(|writer| *writer == chunk[0])));
}

#[test]
fn a_data_model_is_found_by_its_file() {
    let folder = app(&[
        ("default/data/models/Mine.json", r#"{"objects": [{"objectName": "One"}]}"#),
        ("local/data/models/Mine.json", r#"{"objects": [{"objectName": "Two"}]}"#),
        ("datamodels/Broken.json", "{\n\"objects\": ["),
    ]);
    let knowledge = load(&[&folder]);
    let mut sources = Sources::new();
    let model = knowledge.data_model("Mine", &mut sources).unwrap();
    assert_eq!(model.roots().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Two"]);
    let broken = knowledge.data_model("Broken", &mut sources).unwrap_err();
    assert_eq!(broken.code, Code::Knowledge);
    assert!(broken.place.unwrap().ends_with("Broken.json:2:12"));
    let unknown = knowledge.data_model("Chnage", &mut sources).unwrap_err();
    assert_eq!((unknown.code, unknown.help), (Code::UnknownDataModel, vec!["did you mean `Change`?".into()]));
}

#[test]
fn an_app_that_is_none_is_an_error() {
    let error = Knowledge::load(&["no/such/app".into()], Path::new("x"), &mut Sources::new()).unwrap_err();
    assert_eq!(error.code, Code::Knowledge);
}
