//! Every function, by chapter. A line names the chapter's folder, the file, the function and its constant.

use super::{
    Function, bitwise, comparison, conversion, crypto, datetime, informational, json, math, multivalue,
    statistical, text, trigonometry,
};

/// The chapters of the Search Reference, in its order.
pub const CHAPTERS: &[&str] = &[
    "bitwise",
    "comparison",
    "conversion",
    "crypto",
    "datetime",
    "informational",
    "json",
    "math",
    "multivalue",
    "statistical",
    "text",
    "trigonometry",
];

struct Entry {
    name: &'static str,
    function: &'static Function,
    chapter: &'static str,
    source: &'static str,
}

macro_rules! functions {
    ($($chapter:ident / $file:literal: $name:literal => $constant:path;)*) => {
        &[$(Entry {
            name: $name,
            function: &$constant,
            chapter: stringify!($chapter),
            source: include_str!(concat!(stringify!($chapter), "/", $file, ".rs")),
        },)*]
    };
}

/// Sorted by chapter, then by name.
static FUNCTIONS: &[Entry] = functions! {
    bitwise / "bits": "bit_and" => bitwise::bits::AND;
    bitwise / "not": "bit_not" => bitwise::not::FUNCTION;
    bitwise / "bits": "bit_or" => bitwise::bits::OR;
    bitwise / "shift": "bit_shift_left" => bitwise::shift::LEFT;
    bitwise / "shift": "bit_shift_right" => bitwise::shift::RIGHT;
    bitwise / "bits": "bit_xor" => bitwise::bits::XOR;
    comparison / "case": "case" => comparison::case::FUNCTION;
    comparison / "cidrmatch": "cidrmatch" => comparison::cidrmatch::FUNCTION;
    comparison / "coalesce": "coalesce" => comparison::coalesce::COALESCE;
    comparison / "null": "false" => comparison::null::FALSE;
    comparison / "if": "if" => comparison::r#if::FUNCTION;
    comparison / "coalesce": "ifnull" => comparison::coalesce::IFNULL;
    comparison / "in": "in" => comparison::r#in::FUNCTION;
    comparison / "like": "like" => comparison::like::FUNCTION;
    comparison / "lookup": "lookup" => comparison::lookup::FUNCTION;
    comparison / "match": "match" => comparison::r#match::FUNCTION;
    comparison / "null": "null" => comparison::null::NULL;
    comparison / "nullif": "nullif" => comparison::nullif::FUNCTION;
    comparison / "searchmatch": "searchmatch" => comparison::searchmatch::FUNCTION;
    comparison / "null": "true" => comparison::null::TRUE;
    comparison / "validate": "validate" => comparison::validate::FUNCTION;
    conversion / "ipmask": "ipmask" => conversion::ipmask::FUNCTION;
    conversion / "printf": "printf" => conversion::printf::FUNCTION;
    conversion / "toarray": "toarray" => conversion::toarray::TOARRAY;
    conversion / "tobool": "tobool" => conversion::tobool::FUNCTION;
    conversion / "tonumber": "todouble" => conversion::tonumber::TODOUBLE;
    conversion / "tonumber": "toint" => conversion::tonumber::TOINT;
    conversion / "toarray": "tomv" => conversion::toarray::TOMV;
    conversion / "tonumber": "tonumber" => conversion::tonumber::TONUMBER;
    conversion / "toarray": "toobject" => conversion::toarray::TOOBJECT;
    conversion / "tostring": "tostring" => conversion::tostring::FUNCTION;
    crypto / "digest": "md5" => crypto::digest::MD5;
    crypto / "digest": "sha1" => crypto::digest::SHA1;
    crypto / "digest": "sha256" => crypto::digest::SHA256;
    crypto / "digest": "sha512" => crypto::digest::SHA512;
    datetime / "now": "now" => datetime::now::FUNCTION;
    datetime / "relative_time": "relative_time" => datetime::relative_time::FUNCTION;
    datetime / "strftime": "strftime" => datetime::strftime::FUNCTION;
    datetime / "strptime": "strptime" => datetime::strptime::FUNCTION;
    datetime / "time": "time" => datetime::time::FUNCTION;
    informational / "isarray": "isarray" => informational::isarray::ISARRAY;
    informational / "isbool": "isbool" => informational::isbool::FUNCTION;
    informational / "isnum": "isdouble" => informational::isnum::ISDOUBLE;
    informational / "isnum": "isint" => informational::isnum::ISINT;
    informational / "ismv": "ismv" => informational::ismv::FUNCTION;
    informational / "isnull": "isnotnull" => informational::isnull::ISNOTNULL;
    informational / "isnull": "isnull" => informational::isnull::ISNULL;
    informational / "isnum": "isnum" => informational::isnum::ISNUM;
    informational / "isarray": "isobject" => informational::isarray::ISOBJECT;
    informational / "isnum": "isstr" => informational::isnum::ISSTR;
    informational / "typeof": "typeof" => informational::r#typeof::FUNCTION;
    json / "json": "json" => json::json::FUNCTION;
    json / "json_append": "json_append" => json::json_append::APPEND;
    json / "json_array": "json_array" => json::json_array::FUNCTION;
    json / "json_array_to_mv": "json_array_to_mv" => json::json_array_to_mv::FUNCTION;
    json / "json_delete": "json_delete" => json::json_delete::FUNCTION;
    json / "json_entries": "json_entries" => json::json_entries::FUNCTION;
    json / "json_append": "json_extend" => json::json_append::EXTEND;
    json / "json_extract": "json_extract" => json::json_extract::EXTRACT;
    json / "json_extract": "json_extract_exact" => json::json_extract::EXTRACT_EXACT;
    json / "json_has_key_exact": "json_has_key_exact" => json::json_has_key_exact::FUNCTION;
    json / "json_keys": "json_keys" => json::json_keys::FUNCTION;
    json / "json_object": "json_object" => json::json_object::FUNCTION;
    json / "json_set": "json_set" => json::json_set::SET;
    json / "json_set": "json_set_exact" => json::json_set::SET_EXACT;
    json / "json_valid": "json_valid" => json::json_valid::FUNCTION;
    math / "abs": "abs" => math::abs::FUNCTION;
    math / "ceil": "ceil" => math::ceil::CEIL;
    math / "ceil": "ceiling" => math::ceil::CEIL;
    math / "exact": "exact" => math::exact::FUNCTION;
    math / "exp": "exp" => math::exp::FUNCTION;
    math / "ceil": "floor" => math::ceil::FLOOR;
    math / "log": "ln" => math::log::LN;
    math / "log": "log" => math::log::LOG;
    math / "pi": "pi" => math::pi::FUNCTION;
    math / "pow": "pow" => math::pow::FUNCTION;
    math / "round": "round" => math::round::FUNCTION;
    math / "sigfig": "sigfig" => math::sigfig::FUNCTION;
    math / "sqrt": "sqrt" => math::sqrt::FUNCTION;
    multivalue / "commands": "commands" => multivalue::commands::FUNCTION;
    multivalue / "mv_to_json_array": "mv_to_json_array" => multivalue::mv_to_json_array::FUNCTION;
    multivalue / "mvappend": "mvappend" => multivalue::mvappend::FUNCTION;
    multivalue / "mvcount": "mvcount" => multivalue::mvcount::FUNCTION;
    multivalue / "mvdedup": "mvdedup" => multivalue::mvdedup::FUNCTION;
    multivalue / "mvfilter": "mvfilter" => multivalue::mvfilter::FUNCTION;
    multivalue / "mvfind": "mvfind" => multivalue::mvfind::FUNCTION;
    multivalue / "mvindex": "mvindex" => multivalue::mvindex::FUNCTION;
    multivalue / "mvjoin": "mvjoin" => multivalue::mvjoin::FUNCTION;
    multivalue / "mvmap": "mvmap" => multivalue::mvmap::FUNCTION;
    multivalue / "mvrange": "mvrange" => multivalue::mvrange::FUNCTION;
    multivalue / "mvreverse": "mvreverse" => multivalue::mvreverse::FUNCTION;
    multivalue / "mvsort": "mvsort" => multivalue::mvsort::FUNCTION;
    multivalue / "mvzip": "mvzip" => multivalue::mvzip::FUNCTION;
    multivalue / "split": "split" => multivalue::split::FUNCTION;
    statistical / "sum": "avg" => statistical::sum::AVG;
    statistical / "extreme": "max" => statistical::extreme::MAX;
    statistical / "extreme": "min" => statistical::extreme::MIN;
    statistical / "random": "random" => statistical::random::FUNCTION;
    statistical / "sum": "sum" => statistical::sum::SUM;
    text / "len": "len" => text::len::FUNCTION;
    text / "len": "length" => text::len::FUNCTION;
    text / "lower": "lower" => text::lower::LOWER;
    text / "trim": "ltrim" => text::trim::LTRIM;
    text / "replace": "replace" => text::replace::FUNCTION;
    text / "trim": "rtrim" => text::trim::RTRIM;
    text / "spath": "spath" => text::spath::FUNCTION;
    text / "substr": "substr" => text::substr::FUNCTION;
    text / "trim": "trim" => text::trim::TRIM;
    text / "lower": "upper" => text::lower::UPPER;
    text / "urldecode": "urldecode" => text::urldecode::FUNCTION;
    trigonometry / "circular": "acos" => trigonometry::circular::ACOS;
    trigonometry / "hyperbolic": "acosh" => trigonometry::hyperbolic::ACOSH;
    trigonometry / "circular": "asin" => trigonometry::circular::ASIN;
    trigonometry / "hyperbolic": "asinh" => trigonometry::hyperbolic::ASINH;
    trigonometry / "circular": "atan" => trigonometry::circular::ATAN;
    trigonometry / "circular": "atan2" => trigonometry::circular::ATAN2;
    trigonometry / "hyperbolic": "atanh" => trigonometry::hyperbolic::ATANH;
    trigonometry / "circular": "cos" => trigonometry::circular::COS;
    trigonometry / "hyperbolic": "cosh" => trigonometry::hyperbolic::COSH;
    trigonometry / "hypot": "hypot" => trigonometry::hypot::FUNCTION;
    trigonometry / "circular": "sin" => trigonometry::circular::SIN;
    trigonometry / "hyperbolic": "sinh" => trigonometry::hyperbolic::SINH;
    trigonometry / "circular": "tan" => trigonometry::circular::TAN;
    trigonometry / "hyperbolic": "tanh" => trigonometry::hyperbolic::TANH;
};

/// The function of a name, in any case, and the name as it is written here.
pub fn find(name: &str) -> Option<(&'static str, &'static Function)> {
    let entry = FUNCTIONS.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
    Some((entry.name, entry.function))
}

/// All names.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|entry| entry.name)
}

/// Name, chapter and source file of every function: its page stands at the top of the source.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    FUNCTIONS.iter().map(|entry| (entry.name, entry.chapter, entry.source))
}
