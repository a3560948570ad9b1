//! `speleo fmt`: searches laid out.

use std::io::{Read, Write};
use std::path::Path;

use super::args::FmtArgs;
use super::{FAULT, FINDINGS, SUCCESS, say};
use crate::diagnostic::{Code, Diagnostic, Result, SourceId, Sources};
use crate::expand::expand;
use crate::format::{difference, format};
use crate::functions::EvalContext;
use crate::io::replace_file;
use crate::knowledge::Knowledge;
use crate::parse::{Search, Start, parse};

/// Lays the searches of files out, or that of standard input.
pub fn fmt(args: &FmtArgs) -> u8 {
    let mut sources = Sources::new();
    let mut code = SUCCESS;
    let told = |mistakes: Vec<Diagnostic>, sources: &Sources| {
        mistakes.iter().for_each(|mistake| say(mistake, sources, false));
        FAULT
    };
    if args.paths.is_empty() {
        return match standard_input(args, &mut sources) {
            Ok(code) => code,
            Err(mistakes) => told(mistakes, &sources),
        };
    }
    for path in &args.paths {
        code = code.max(match file(path, args, &mut sources) {
            Ok(code) => code,
            Err(mistakes) => told(mistakes, &sources),
        });
    }
    code
}

fn standard_input(args: &FmtArgs, sources: &mut Sources) -> Result<u8, Vec<Diagnostic>> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).map_err(|error| {
        vec![Diagnostic::error(Code::Usage, format!("the search cannot be read: {error}"))]
    })?;
    let id = sources.add("search", text.as_str());
    let laid_out = laid_out(id, sources)?;
    if args.check {
        return Ok(if laid_out == text { SUCCESS } else { FINDINGS });
    }
    print(&laid_out);
    Ok(SUCCESS)
}

fn file(path: &Path, args: &FmtArgs, sources: &mut Sources) -> Result<u8, Vec<Diagnostic>> {
    let shown = path.display().to_string();
    let wrong = |message: String| vec![Diagnostic::error(Code::Usage, message).in_file(&shown, None)];
    let is_search = path.extension().is_none_or(|ending| ending.eq_ignore_ascii_case("spl"));
    if !is_search {
        let help = "give it on standard input, or keep it in a file that ends in .spl";
        let message = "only files that are one search are rewritten".to_string();
        return Err(wrong(message).into_iter().map(|mistake| mistake.help(help)).collect());
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| wrong(format!("the search cannot be read: {error}")))?;
    let id = sources.add(shown.as_str(), text.as_str());
    let laid_out = laid_out(id, sources)?;
    if laid_out == text {
        return Ok(SUCCESS);
    }
    if args.check {
        print(&format!("{shown}\n"));
        return Ok(FINDINGS);
    }
    replace_file(path, |out| out.write_all(laid_out.as_bytes()))
        .map_err(|error| wrong(format!("the search cannot be written: {error}")))?;
    Ok(SUCCESS)
}

/// A search laid out. What it says stays: where both parse, they must parse to the same.
fn laid_out(id: SourceId, sources: &mut Sources) -> Result<String, Vec<Diagnostic>> {
    let knowledge = Knowledge::load(&[], Path::new(""), sources).map_err(|mistake| vec![mistake])?.0;
    let before = tree(id, &knowledge, sources);
    let Some(laid_out) = format(&sources.text(id)) else {
        let message = "a quote, a bracket or a backtick has no partner, and the search is left as it is";
        let mistake = || vec![Diagnostic::error(Code::Unbalanced, message).in_file(sources.name(id), None)];
        return Err(before.err().unwrap_or_else(mistake));
    };
    let name = sources.name(id).to_string();
    let again = sources.add(name.as_str(), laid_out.as_str());
    let after = tree(again, &knowledge, sources);
    match (before, after) {
        (Ok(before), Ok(after)) if difference(&before, &after).is_none() => Ok(laid_out),
        // A macro of an app that is not known here.
        (Err(_), Err(_)) => Ok(laid_out),
        _ => {
            let message = "laid out, the search would say something else, and is left as it is";
            Err(vec![Diagnostic::error(Code::Syntax, message).in_file(name, None)])
        }
    }
}

fn tree(id: SourceId, knowledge: &Knowledge, sources: &mut Sources) -> Result<Search, Vec<Diagnostic>> {
    let context = EvalContext::new(0.0, jiff::tz::TimeZone::UTC, crate::eval::Warnings::new());
    let expanded = expand(id, knowledge, &context, sources).map_err(|mistake| vec![mistake])?;
    parse(sources, expanded.id, Start::Fresh)
}

fn print(text: &str) {
    // Where standard output cannot be written to, there is nobody to tell.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
