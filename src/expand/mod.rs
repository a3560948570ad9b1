//! Search text and macros become text without macros, which knows where each part of it was written.
//!
//! Expansion comes before parsing: a macro may stand for part of a command, a command or several
//! (Knowledge Manager Manual, "Use search macros in searches"). Comments in triple backticks go first;
//! nothing is expanded inside double quotes.

mod call;
mod mapped;

use call::MacroCall;
pub(crate) use mapped::Mapped;

use crate::diagnostic::{Calls, Code, Diagnostic, Origin, Result, SourceId, Sources, Span};
use crate::eval::Program;
use crate::functions::{EvalContext, Evaluator, lookup_tables};
use crate::knowledge::{Knowledge, Macro};
use crate::parse::cursor::Cursor;
use crate::parse::expression;
use crate::value::Value;

/// The longest text that macros may make of a search: 1 MiB. The longest published detection is a few
/// kilobytes.
pub const MAX_TEXT: usize = 1 << 20;

/// How many calls one expansion may take.
const MAX_CALLS: usize = 10_000;

/// How many macros may stand in each other: `max_macro_depth` of Splunk's limits.conf.
const MAX_DEPTH: usize = 100;

/// The fence of a comment.
const COMMENT: &str = "```";

/// A search without macros.
#[derive(Debug)]
pub struct Expanded {
    /// The text, among the sources.
    pub id: SourceId,
    /// The macros that were used, and where each came from.
    pub notes: Vec<String>,
}

/// Expands a search. `context` is what macros that are expressions may know.
pub fn expand(
    id: SourceId,
    knowledge: &Knowledge,
    context: &EvalContext,
    sources: &mut Sources,
) -> Result<Expanded> {
    let text = sources.text(id);
    if text.len() > MAX_TEXT {
        let message = format!("the search is longer than {} KiB", MAX_TEXT >> 10);
        return Err(Diagnostic::error(Code::MacroTooLarge, message).at(Span::new(id, 0, 0), ""));
    }
    let search = Mapped::from_place(&text, Span::new(id, 0, text.len()), Calls::default());
    let mut expansion = Expansion {
        knowledge,
        context,
        sources,
        open: Vec::new(),
        calls: 0,
        notes: Vec::new(),
        whole: Span::new(id, 0, text.len()),
    };
    let mut out = Mapped::default();
    expansion.expand_into(&search, &mut out)?;
    let notes = expansion.notes;
    let (text, segments) = out.into_parts();
    let name = sources.name(id);
    Ok(Expanded { id: sources.add_expanded(name, text, segments), notes })
}

struct Expansion<'k> {
    knowledge: &'k Knowledge,
    context: &'k EvalContext,
    sources: &'k mut Sources,
    /// The macros being expanded, outermost first.
    open: Vec<(String, usize)>,
    calls: usize,
    notes: Vec<String>,
    whole: Span,
}

impl Expansion<'_> {
    /// Copies `input` to `out`, with comments gone and calls replaced.
    fn expand_into(&mut self, input: &Mapped, out: &mut Mapped) -> Result<()> {
        let text = input.text();
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find(['"', '`', '\\'])) {
            let here = at + found;
            let rest = text.get(here..).unwrap_or("");
            if rest.starts_with('\\') {
                at = here + 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
            } else if rest.starts_with('"') {
                at = here + string_length(rest);
            } else if let Some(inside) = rest.strip_prefix(COMMENT) {
                let end = inside.find(COMMENT).ok_or_else(|| self.unclosed(input, here, "comment"))?;
                out.push_part(input, copied..here);
                out.push(" ", input.origin(here..here + COMMENT.len(), self.whole));
                at = here + end + 2 * COMMENT.len();
                copied = at;
            } else {
                let call = call::read(text, here).ok_or_else(|| self.unclosed(input, here, "backtick"))?;
                out.push_part(input, copied..here);
                self.replace(input, &call, out)?;
                at = call.whole.end;
                copied = at;
            }
        }
        out.push_part(input, copied..text.len());
        self.check_size(out, input)
    }

    fn unclosed(&self, input: &Mapped, at: usize, what: &str) -> Diagnostic {
        let place = input.origin(at..at + 1, self.whole);
        located(Diagnostic::error(Code::Unbalanced, format!("a {what} is not closed")), &place, "opened here")
    }

    fn check_size(&self, out: &Mapped, input: &Mapped) -> Result<()> {
        if out.text().len() <= MAX_TEXT && self.calls <= MAX_CALLS {
            return Ok(());
        }
        Err(self.too_large(&input.origin(0..1, self.whole)))
    }

    /// At a call, or in a macro's text: at the call that the search makes.
    fn too_large(&self, place: &Origin) -> Diagnostic {
        let span = outermost(place);
        let message = if self.calls > MAX_CALLS {
            format!("the search takes more than {MAX_CALLS} macro calls")
        } else {
            format!("macros make more than {} KiB of this search", MAX_TEXT >> 10)
        };
        Diagnostic::error(Code::MacroTooLarge, message).at(span, "while expanding this")
    }

    /// Puts a call's expansion in its place.
    fn replace(&mut self, input: &Mapped, call: &MacroCall, out: &mut Mapped) -> Result<()> {
        self.calls += 1;
        self.check_size(out, input)?;
        let place = input.origin(call.whole.clone(), self.whole);
        if call.name.eq_ignore_ascii_case("comment") {
            // The comment macro of older apps: its argument is for people.
            mark_nothing(out, call, &place);
            return Ok(());
        }
        let key = (call.name.clone(), call.arguments.len());
        if self.open.contains(&key) {
            let chain: Vec<&str> =
                self.open.iter().map(|(name, _)| name.as_str()).chain([call.name.as_str()]).collect();
            let message = format!("the macro `{}` expands to itself", call.name);
            return Err(located(Diagnostic::error(Code::MacroCycle, message), &place, "")
                .help(format!("the calls: {}", chain.join(" → "))));
        }
        let Some(definition) = self.knowledge.find_macro(&call.name, call.arguments.len()).cloned() else {
            if call.arguments.is_empty() && call.name.ends_with("_filter") {
                self.note(format!("macro `{}`: not defined, taken for `search *`", call.name));
                out.push("search *", place);
                return Ok(());
            }
            return Err(self.unknown(call, place));
        };
        self.note(format!("macro `{}`: {}", call.name, definition.definition.place()));
        let arguments = named_arguments(input, call, &definition);
        self.validate(&definition, &arguments, &place)?;
        let body = self.body(&definition, &arguments, &place).ok_or_else(|| self.too_large(&place))?;
        let body = if definition.is_eval { self.evaluated(&body, &definition, &place)? } else { body };
        if self.open.len() >= MAX_DEPTH {
            let message = format!("macros stand more than {MAX_DEPTH} deep in each other");
            let mistake = Diagnostic::error(Code::MacroTooLarge, message);
            return Err(mistake.at(outermost(&place), "while expanding this"));
        }
        self.open.push(key);
        let before = out.text().len();
        self.expand_into(&body.called_from(place.span, &call.name.as_str().into()), out)?;
        self.open.pop();
        if out.text().len() == before {
            mark_nothing(out, call, &place);
        }
        Ok(())
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn unknown(&self, call: &MacroCall, place: Origin) -> Diagnostic {
        let arities = self.knowledge.macro_arities(&call.name);
        if arities.is_empty() {
            let message = format!("unknown macro `{}`", call.name);
            let name = match call.arguments.len() {
                0 => call.name.clone(),
                count => format!("{}({count})", call.name),
            };
            return located(Diagnostic::error(Code::UnknownMacro, message), &place, "no app defines it")
                .suggest(&call.name, self.knowledge.macro_names())
                .help(format!("define it: --macro '{name}=...', or in the macros.conf of an --app"));
        }
        let counts: Vec<String> = arities.iter().map(usize::to_string).collect();
        let plural = if arities == [1] { "argument" } else { "arguments" };
        let (name, counts, got) = (&call.name, counts.join(" or "), call.arguments.len());
        let message = format!("the macro `{name}` takes {counts} {plural}, not {got}");
        located(Diagnostic::error(Code::MacroArguments, message), &place, "")
    }

    /// The definition with its arguments in place; none when that is too long.
    fn body(&mut self, definition: &Macro, arguments: &[Mapped], place: &Origin) -> Option<Mapped> {
        let source = definition.definition.register(self.sources);
        substitute(definition, definition.definition.text(), source, arguments, place)
    }

    /// The text that a macro with `iseval` stands for.
    fn evaluated(&mut self, body: &Mapped, definition: &Macro, place: &Origin) -> Result<Mapped> {
        match self.value_of(body)? {
            Value::Text(text) => Ok(Mapped::from_place(&text, place.span, place.calls.clone())),
            _ => {
                let message =
                    format!("the macro `{}` is an expression that does not give text", definition.name);
                Err(located(Diagnostic::error(Code::MacroValidation, message), place, ""))
            }
        }
    }

    fn value_of(&mut self, body: &Mapped) -> Result<Value> {
        let (text, segments) = body.clone().into_parts();
        let id = self.sources.add_expanded("macro", text.as_str(), segments);
        let mut cursor = Cursor::new(&text, id, 0, text.len());
        let expr = expression(&mut cursor)?;
        if !cursor.at_end() {
            return Err(cursor.expected("the end of the expression"));
        }
        lookup_tables(&expr, self.context)?;
        let program = Program::new(expr);
        let row: Vec<_> = program.fields().iter().map(|_| std::borrow::Cow::Owned(Value::Null)).collect();
        Ok(Evaluator { row: &row, context: self.context, exact: false }.eval(program.expr()))
    }

    /// A validation that is false, or gives a text, refuses the arguments.
    fn validate(&mut self, definition: &Macro, arguments: &[Mapped], place: &Origin) -> Result<()> {
        let Some(validation) = &definition.validation else { return Ok(()) };
        let source = validation.register(self.sources);
        let Some(body) = substitute(definition, validation.text(), source, arguments, place) else {
            return Err(self.too_large(place));
        };
        let message = match self.value_of(&body)? {
            Value::Bool(true) | Value::Null => return Ok(()),
            Value::Text(text) => text.to_string(),
            _ => match &definition.error_message {
                Some(message) => message.to_string(),
                None => format!("the arguments of the macro `{}` are not valid", definition.name),
            },
        };
        Err(located(Diagnostic::error(Code::MacroValidation, message), place, ""))
    }
}

/// Leaves a blank where a call after a pipe expanded to nothing: by where it comes from, the parser tells a command
/// that is missing from one that was never meant.
fn mark_nothing(out: &mut Mapped, call: &MacroCall, place: &Origin) {
    if out.text().trim_end().ends_with('|') {
        let calls = place.calls.then(place.span, call.name.as_str());
        out.push(" ", Origin { span: place.span, calls });
    }
}

/// A mistake at a place, with the calls that led there.
fn located(mistake: Diagnostic, place: &Origin, text: &str) -> Diagnostic {
    place.calls.inwards_out().fold(mistake.at(place.span, text), |mistake, (call, name)| {
        mistake.see(call, format!("in the expansion of `{name}`"))
    })
}

/// The call in the search itself that led to a place.
fn outermost(place: &Origin) -> Span {
    place.calls.inwards_out().last().map_or(place.span, |(call, _)| call)
}

/// How long the string is that the text begins with, quotes included; all of it when it is not closed.
fn string_length(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The arguments in the order of the definition: given by place, or all by name (`m(field=x)`).
fn named_arguments(input: &Mapped, call: &MacroCall, definition: &Macro) -> Vec<Mapped> {
    let by_name: Option<Vec<Mapped>> = definition
        .arguments
        .iter()
        .map(|wanted| {
            call.arguments.iter().find_map(|range| {
                let text = input.text().get(range.clone())?;
                let (name, value) = text.split_once('=')?;
                let value_at = range.end - value.trim_start().len();
                (name.trim() == wanted.as_str()).then(|| input.part(value_at..range.end))
            })
        })
        .collect();
    match by_name {
        Some(arguments) if !arguments.is_empty() => arguments,
        _ => call.arguments.iter().map(|range| input.part(range.clone())).collect(),
    }
}

/// Replaces every `$argument$` of a text, inside quotes too; none when that makes it too long. The text was
/// reached by the calls that led to `place`, and the arguments by those that led to them.
fn substitute(
    definition: &Macro,
    text: &str,
    source: SourceId,
    arguments: &[Mapped],
    place: &Origin,
) -> Option<Mapped> {
    let mut out = Mapped::default();
    let whole = Mapped::from_place(text, Span::new(source, 0, text.len()), place.calls.clone());
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('$')) {
        let here = at + found;
        let inside = text.get(here + 1..).unwrap_or("");
        let argument = inside.find('$').and_then(|end| {
            let name = inside.get(..end)?;
            let number = definition.arguments.iter().position(|argument| argument == name)?;
            Some((arguments.get(number)?, here + end + 2))
        });
        match argument {
            Some((value, end)) => {
                out.push_part(&whole, copied..here);
                out.push_part(value, 0..value.text().len());
                if out.text().len() > MAX_TEXT {
                    return None;
                }
                (copied, at) = (end, end);
            }
            None => at = here + 1,
        }
    }
    out.push_part(&whole, copied..text.len());
    Some(out)
}
