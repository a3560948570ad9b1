//! The triggers, code by code.

use flate2::{Compression, write::GzEncoder};
use speleo::diagnostic::{Code, Diagnostic, Sources};
use speleo::exec::Stage;
use std::io::Write;

use super::Trigger;

const EVENTS: &str = r#"{"time":"2026-03-16T08:00:00Z","user":"ada","bytes":"10"}
{"time":"2026-03-16T09:00:00Z","user":"bob","bytes":"20"}
"#;

fn search(code: Code, text: &'static str) -> Trigger {
    Trigger::search(code, text)
}

fn with_events(code: Code, text: &'static str) -> Trigger {
    Trigger::search(code, text).file("events.ndjson", EVENTS)
}

fn program(code: Code, arguments: &'static [&'static str]) -> Trigger {
    Trigger::program(code, arguments)
}

/// All triggers.
pub fn all() -> Vec<Trigger> {
    [text(), macros(), commands(), expressions(), lookups(), knowledge(), events(), running()]
        .into_iter()
        .flatten()
        .collect()
}

fn text() -> Vec<Trigger> {
    let deep = |open: &str| String::leak(format!("| makeresults | where {}1=1", open.repeat(1000)));
    vec![
        search(Code::Unbalanced, "index=main user=\"ada | head 1"),
        search(Code::Unbalanced, "index=main [search user=ada | head 1"),
        search(Code::Unbalanced, "index=main user=ada] | head 1"),
        search(Code::Syntax, "| makeresults | eval x = [makeresults | eval n = 1 | return $n] +"),
        search(Code::UnknownCommand, "| makeresults | append [search user=ada | hed 1]"),
        with_events(
            Code::Syntax,
            "index=main user=ada [makeresults | eval search = \"AND\" | fields search]",
        ),
        search(Code::Unbalanced, "index=main `drop_dm_object_name(\"x\") | head 1"),
        search(Code::Unbalanced, "index=main ```a comment | head 1"),
        search(Code::Unbalanced, "index=main (user=ada"),
        search(Code::Unbalanced, "index=main user=ada)"),
        search(Code::Unbalanced, "| makeresults | where (1=1"),
        search(Code::Unbalanced, "| makeresults | where 1=1)"),
        search(Code::Unbalanced, "| makeresults | eval x=max(1, 2"),
        search(Code::Unbalanced, "| makeresults | eval x='user + 1"),
        search(Code::Unbalanced, "| makeresults | stats count(user by host"),
        search(Code::Syntax, "index=main | | head 1"),
        search(Code::Syntax, "index=main | 7up"),
        search(Code::Syntax, "| makeresults | eval x = 1 +"),
        search(Code::Syntax, "| makeresults | eval x = 1 + | head 1"),
        search(Code::Syntax, "| makeresults | where user = 2xx"),
        search(Code::Syntax, "index=main user="),
        search(Code::Syntax, "index=main user=ada OR"),
        search(Code::Syntax, "index=main NOT"),
        search(Code::Syntax, "| makeresults | where a IN 1"),
        search(Code::Syntax, "| makeresults | eval x = max(1 2)"),
        search(Code::Syntax, "| makeresults | rename a b"),
        search(Code::Syntax, "| makeresults | where (1=1 AND 2=2 user=ada)"),
        search(Code::TooDeep, deep("(")),
        search(Code::TooDeep, deep("NOT ")),
        search(Code::TooDeep, deep("abs(")),
        search(Code::TooDeep, deep("- ")),
        search(Code::TooDeep, String::leak(format!("| makeresults | eval x=1{}", " + 1".repeat(1000)))),
        search(Code::TooDeep, String::leak(format!("| makeresults{}", " | head".repeat(1000)))),
        search(Code::EmptySearch, ""),
        search(Code::EmptySearch, " \n ```nothing``` \n"),
        search(Code::HtmlDecoded, "| makeresults | eval x=&#34;a&#34; | where 2 &gt; 1"),
    ]
}

fn macros() -> Vec<Trigger> {
    let app = |conf: &'static str, code, text| search(code, text).file("app/macros/macros.conf", conf);
    vec![
        search(Code::UnknownMacro, "index=main `security_content_ctme(firstTime)`"),
        search(Code::UnknownMacro, "index=main `xyzzy`"),
        search(Code::MacroArguments, "index=main | `drop_dm_object_name`"),
        app("[m(2)]\nargs = a, b\ndefinition = $a$=$b$\n", Code::MacroArguments, "index=main `m(user)`"),
        app("[m(1)]\nargs = a\ndefinition = user=$a$\n", Code::MacroArguments, "index=main `m`"),
        app("[a]\ndefinition = `b`\n[b]\ndefinition = user=x `a`\n", Code::MacroCycle, "index=main `a`"),
        app("[a]\ndefinition = `a`\n", Code::MacroCycle, "index=main `a`"),
        app(tenfold(), Code::MacroTooLarge, "index=main `m9`"),
        app(tenfold_arguments(), Code::MacroTooLarge, "index=main `m0(x)`"),
        app(
            "[m(1)]\nargs = n\ndefinition = head $n$\nvalidation = isnum($n$)\nerrormsg = n must be a number\n",
            Code::MacroValidation,
            "index=main | `m(\"x\")`",
        ),
        app(
            "[m(1)]\nargs = n\ndefinition = head $n$\nvalidation = if($n$ > 0, true(), \"n is not positive\")\n",
            Code::MacroValidation,
            "index=main | `m(0)`",
        ),
        app("[m]\ndefinition = 1 + 1\niseval = 1\n", Code::MacroValidation, "index=main | head `m`"),
        // A mistake inside of a macro is shown where it was written, with the call.
        app(
            "# mine\n[m(1)]\nargs = f\ndefinition = stats \\\n  cuont($f$)\n",
            Code::UnknownAggregate,
            "index=main\n| `m(user)`",
        ),
    ]
}

/// Ten macros, each of which calls the next ten times.
fn tenfold() -> &'static str {
    let stanza =
        |n: usize| format!("[m{n}]\ndefinition = {}\n", format!("`m{}` ", n.wrapping_sub(1)).repeat(10));
    let all: String = (1..10).map(stanza).collect();
    String::leak(format!("[m0]\ndefinition = x\n{all}"))
}

/// Ten macros, each of which calls the next with its argument ten times over.
fn tenfold_arguments() -> &'static str {
    let stanza =
        |n: usize| format!("[m{n}(1)]\nargs = x\ndefinition = `m{}({})`\n", n + 1, "$x$ ".repeat(10).trim());
    let all: String = (0..10).map(stanza).collect();
    String::leak(format!("{all}[m10(1)]\nargs = x\ndefinition = $x$\n"))
}

fn commands() -> Vec<Trigger> {
    vec![
        search(Code::UnknownCommand, "index=main | dedpu user"),
        search(Code::UnknownCommand, "| xyzzy"),
        search(Code::UnknownOption, "| makeresults | mvexpand user limt=5"),
        search(Code::UnknownOption, "index=main | dedup colour=red user"),
        search(Code::RepeatedOption, "index=main | head limit=1 limit=2"),
        search(Code::OptionValue, "index=main | head limit=many"),
        search(Code::OptionValue, "| makeresults count=-1"),
        search(Code::OptionValue, "| makeresults annotate=perhaps"),
        search(Code::OptionValue, "| makeresults format=xml data=\"<a/>\""),
        search(Code::OptionValue, "| makeresults format=json data=\"5\""),
        search(Code::OptionValue, "| makeresults count=99999999999999"),
        search(Code::Arguments, "index=main | table"),
        search(Code::Arguments, "index=main | where"),
        search(Code::Arguments, "index=main | rename a AS"),
        search(Code::Arguments, "index=main | head 5 6"),
        search(Code::Arguments, "| tstats count from datamodel=Change by All_Changes.user span=1d"),
        search(Code::Arguments, "| tstats sum(eval(1+1)) from datamodel=Change"),
        search(Code::CommandPosition, "index=main | makeresults"),
        search(Code::CommandPosition, "| stats count"),
        search(Code::NotSupported, "| makeresults | sendemail to=\"ada@example.com\""),
        search(Code::NotSupported, "index=main | stats per_hour(bytes)"),
        search(Code::NotSupported, "| makeresults | where searchmatch(\"user=[search ada]\")"),
        search(Code::Arguments, "index=main | stats sparkline(list(user), 1h)"),
        search(Code::Arguments, "index=main | stats avg()"),
        search(Code::NotSupported, "index=main NOT (user=ada earliest=-1d)"),
        search(Code::NoRows, "| makeresults count=0 | require"),
        search(Code::Arguments, "| tstats append=t count from datamodel=Change"),
        search(Code::Arguments, "| tstats count from datamodel=Change by PREFIX(user=)"),
        search(Code::UnknownSavedSearch, "| from savedsearch:mine"),
        search(Code::UnknownSavedSearch, "| savedsearch \"failed logins\" user=ada")
            .file("app/default/savedsearches.conf", "[Failed logins]\nsearch = index=main user=$user$\n"),
        search(Code::UnknownTable, "| makeresults | multikv conf=tops")
            .file("app/default/multikv.conf", "[top]\nbody.tokens = _tokenize_, 0, \" \"\n"),
        search(Code::UnknownTransactionType, "| makeresults | transaction name=sesion")
            .file("app/default/transactiontypes.conf", "[session]\nfields = user\n"),
        search(Code::NotSupported, "| makeresults | foreach mode=multivalue x [eval '<<ITEM>>' = 1]"),
        search(Code::Template, "| makeresults | eval \"src ip\" = 1 | foreach src* [eval <<FIELD>> = 2]"),
        search(Code::PassedOver, "| makeresults rows=3"),
        search(Code::PassedOver, "| makeresults format=json data=\"user\""),
        search(Code::MapField, "| makeresults | map search=\"| makeresults | eval user=\\\"$user$\\\"\""),
        search(Code::UnknownCommand, "| makeresults | eval n=1 | map search=\"| makeresults | hed $n$\""),
        search(Code::Syntax, "| makeresults | eval n=\")\" | map search=\"| makeresults | eval x=$n$\""),
        search(Code::Limit, "| makeresults count=11 | eval n=1 | map search=\"| makeresults | eval n=$n$\""),
        search(Code::Limit, "| makeresults | append maxout=2 [makeresults count=3]"),
    ]
}

fn expressions() -> Vec<Trigger> {
    vec![
        search(Code::UnknownFunction, "| makeresults | eval x=lenght(user)"),
        search(Code::UnknownFunction, "| makeresults | convert ctme(_time)"),
        search(Code::UnknownFunction, "| makeresults | convert firstTime"),
        search(Code::FunctionArguments, "| makeresults | eval x=if(a, b)"),
        search(Code::FunctionArguments, "| makeresults | eval x=case(a=1, \"one\", \"other\")"),
        search(Code::TypeCheck, "| makeresults | eval x=1 + \"a\""),
        search(Code::TypeCheck, "| makeresults | where \"user\""),
        search(Code::TypeCheck, "| makeresults | where 1 AND user=\"x\""),
        search(Code::TypeCheck, "| makeresults | where user = null()"),
        search(Code::TypeCheck, "| makeresults | eval x = (1 = 2)"),
        search(Code::TypeCheck, "| makeresults | eval x = -\"a\""),
        search(Code::TypeCheck, "| makeresults | eval x = len(null())"),
        search(Code::Regex, "| makeresults | where match(user, \"(ada\")"),
        search(Code::Regex, "| makeresults | eval x = replace(user, \"[z-a]\", \"\")"),
        search(Code::UnknownAggregate, "index=main | stats cuont by user"),
        search(Code::UnknownAggregate, "index=main | stats count xyzzy(user)"),
        search(Code::Time, "index=main earliest=yesterday"),
        search(Code::Time, "index=main earliest=-24x@h"),
        search(Code::UnknownSavedSearch, "index=main savedsearch=mine"),
        search(Code::Time, "index=main earliest=now latest=-1d"),
        search(Code::Time, "index=main starttime=2026-03-16"),
        search(Code::Time, "index=main daysago=two"),
        search(Code::Time, "index=main earliest=-2d latest=-1d searchtimespandays=3"),
        search(Code::Time, "| tstats count from datamodel=Change by _time span=often"),
        program(Code::Time, &["search", "| makeresults", "--now", "noon"]),
        program(Code::Time, &["search", "| makeresults", "--earliest", "-24x"]),
        search(
            Code::RegexLimit,
            "| makeresults | eval x=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\" | where match(x, \"^(a|aa|a)+\\1$\")",
        ),
    ]
}

const STAFF: &str = "[staff]\nfilename = staff.csv\n";

fn lookups() -> Vec<Trigger> {
    let defined =
        |code, conf: &'static str, text| with_events(code, text).file("app/lookups/transforms.conf", conf);
    let staff = |text| {
        defined(Code::LookupField, STAFF, text)
            .file("app/lookups/staff.csv", "user,department\nada,research\n")
    };
    vec![
        with_events(Code::UnknownLookup, "index=main | lookup previously_seen_cloud_compute_image image_id"),
        with_events(Code::UnknownLookup, "index=main | lookup xyzzy image_id"),
        search(Code::UnknownLookup, "| inputlookup stafff.csv").file("app/lookups/staff.csv", "user\n"),
        search(Code::UnknownLookup, "| from lookup:xyzzy"),
        staff("index=main | lookup staff usr AS user OUTPUT department"),
        staff("index=main | lookup staff user OUTPUT departmnt"),
        staff("index=main | lookup staff user OUTPUT xyzzy"),
        defined(Code::LookupFile, STAFF, "index=main | lookup staff user"),
        defined(Code::LookupFile, "[staff]\nfilename = staff.csv.gz\n", "| inputlookup staff")
            .file("app/lookups/staff.csv.gz", &gzip(b"user\nada\n")[..20]),
        defined(Code::LookupPath, "[staff]\nfilename = ../../etc/passwd\n", "| inputlookup staff"),
        with_events(Code::LookupPath, "index=main | lookup ../../etc/passwd user"),
        search(Code::LookupPath, "| inputlookup ../../etc/passwd.csv"),
        with_events(Code::LookupPath, "index=main | outputlookup ../x.csv"),
        with_events(Code::LookupWrite, "index=main | outputlookup new.csv").file("app/lookups/new.csv/x", ""),
        program(
            Code::LookupWrite,
            &["search", "| makeresults | outputlookup new.csv", "--lookup", "new.csv=mine.csv"],
        )
        .file("mine.csv", "a\n1\n"),
        defined(Code::LookupMissing, STAFF, "index=main | inputlookup append=t staff"),
        defined(Code::LookupRow, STAFF, "| inputlookup staff")
            .file("app/lookups/staff.csv", "user,department,\nada\nbob,sales,x,y\n"),
    ]
}

fn knowledge() -> Vec<Trigger> {
    let model = |code, json: &'static str| {
        with_events(code, "| tstats count from datamodel=Mine").file("app/datamodels/Mine.json", json)
    };
    let macros =
        |code, conf: &'static str| with_events(code, "index=main").file("app/macros/macros.conf", conf);
    let tstats = |code, text| with_events(code, text);
    vec![
        tstats(Code::UnknownDataModel, "| tstats count from datamodel=Chnage"),
        tstats(Code::UnknownDataModel, "| from datamodel:Xyzzy"),
        tstats(Code::UnknownDataset, "| tstats count from datamodel=Change.All_Chnages"),
        tstats(Code::UnknownDataset, "| from datamodel:Change.Xyzzy"),
        tstats(Code::DataModelField, "| tstats count from datamodel=Change where All_Changes.actoin=created"),
        tstats(
            Code::DataModelField,
            "| tstats count from datamodel=Change by All_Changes.Instance_Changes.image",
        ),
        tstats(Code::DataModelField, "| tstats values(user) from datamodel=Change"),
        model(Code::Knowledge, "{\"modelName\": \"Mine\",\n \"objects\": [,]}"),
        model(Code::DataModelTree, TREE),
        program(Code::Knowledge, &["search", "| makeresults", "--app", "nowhere"]),
        macros(Code::KnowledgeIgnored, "[m]\ndefinition x\n"),
        macros(Code::KnowledgeIgnored, "[m\ndefinition = x\n"),
        macros(Code::KnowledgeIgnored, "[m(2)]\nargs = a\ndefinition = x\n"),
    ]
}

const WEB: &str = r#"{"modelName": "Web", "objects": [
  {"objectName": "Web", "parentName": "BaseEvent", "fields": []}]}"#;

const TREE: &str = r#"{"modelName": "Mine", "objects": [
  {"objectName": "A", "parentName": "B", "fields": []},
  {"objectName": "B", "parentName": "A", "fields": []}]}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn events() -> Vec<Trigger> {
    let file = |code, bytes: &[u8]| search(code, "index=main").file("events.ndjson", bytes);
    vec![
        search(Code::EventsMissing, "index=main"),
        program(Code::EventsMissing, &["search", "index=main", "--events", "event.ndjson"])
            .file("events.ndjson", EVENTS),
        program(Code::EventsMissing, &["search", "index=main", "--events", "*.json"]),
        program(Code::EventsMissing, &["search", "index=main", "--events", "empty"])
            .file("empty/.hidden", ""),
        program(Code::EventsUnreadable, &["search", "index=main", "--events", "events.zip"])
            .file("events.zip", "PK\x03\x04..."),
        file(Code::EventsMalformed, b"{\"a\":1}\n{\"a\":2\nnot json\n{\"a\":3}\n"),
        file(Code::EventsMalformed, b"{\"a\":1}\n{\"a\":2"),
        file(Code::EventsMalformed, b"[{\"a\":1},\n{\"a\":2}"),
        file(Code::EventsMalformed, b"[{\"a\":1},\n{\"a\":x},\n{\"a\":3}]"),
        program(Code::EventsMalformed, &["search", "index=main", "--events", "events.ndjson", "--strict"])
            .file("events.ndjson", "{\"time\":1,\"a\":1}\nnot json\n"),
        file(Code::EventsNotUtf8, b"{\"time\":1,\"a\":\"\xff\"}\n"),
        file(Code::EventsCompression, &gzip(EVENTS.as_bytes())[..40]),
        file(Code::EventsTime, b"{\"time\":\"noon\",\"a\":1}\n{\"a\":2}\n"),
        file(Code::EventsEmpty, b""),
        program(Code::GeoDatabase, &["search", "| makeresults", "--geoip", "geo.mmdb"]),
        program(Code::GeoDatabase, &["search", "| makeresults", "--geoip", "geo.mmdb"])
            .file("geo.mmdb", "no"),
        search(Code::EventsOther, "sourcetype=aws:cloudtrail").file("events.ndjson", EVENTS),
        search(Code::GeoMissing, "| makeresults | eval ip=\"192.0.2.1\" | iplocation ip"),
    ]
}

fn running() -> Vec<Trigger> {
    vec![
        search(Code::Limit, "| makeresults count=10001 | sort _time"),
        search(Code::Limit, "| makeresults | eval x=mvcount(mvrange(0, 1000000000))"),
        program(Code::Usage, &["search", "| makeresults", "--tz", "Mars/Olympus"]),
        program(Code::Usage, &["search", "| makeresults", "--earliest", "2", "--latest", "1"]),
        program(Code::Usage, &["search", "| makeresults", "--lookup", "staff"]),
        program(Code::Usage, &["search", "| makeresults", "--macro", "m"]),
        program(Code::Usage, &["search", "| makeresults", "--macro", "m(=x"]),
        program(Code::Usage, &["run", "nowhere.spl"]),
        program(Code::Usage, &["help", "dedpu"]),
        program(
            Code::Usage,
            &[
                "search",
                "| tstats count from datamodel=Change",
                "--datamodel",
                "Web",
                "--events",
                "events.ndjson",
                "--app",
                "app",
            ],
        )
        .file("events.ndjson", EVENTS)
        .file("app/datamodels/Web.json", WEB),
        program(Code::Output, &["search", "| makeresults", "--output", "no/such/folder/out.json"]),
        Trigger::other(Code::State, "a stored state of `stats count` that is damaged", damaged_state),
        with_events(Code::NotIndexed, "| tstats count where user=ada by host"),
    ]
}

fn damaged_state() -> Diagnostic {
    let mut sources = Sources::new();
    let id = sources.add("search", "stats count");
    let parsed = speleo::parse::parse(&sources, id, speleo::parse::Start::Rows).unwrap();
    let app = std::env::temp_dir().join("speleo-tests-write-nothing-here");
    let (knowledge, _) = speleo::knowledge::Knowledge::load(&[], &app, &mut sources).unwrap();
    let settings = speleo::plan::Settings::default();
    let start = speleo::parse::Start::Rows;
    let plan = speleo::plan::plan(&parsed, start, &settings, &knowledge.into(), &mut sources);
    let plan = plan.unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let Stage::Transforming(stage) = &plan.steps[0].stage else { panic!("`stats` is transforming") };
    stage.load(b"damaged").err().unwrap()
}
