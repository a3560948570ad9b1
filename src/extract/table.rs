//! Tables in text, as programs print them: what `multikv` reads.

use std::borrow::Cow;
use std::ops::Range;

use super::kv::clean_key;
use crate::value::Text;

/// How tables are found.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The line with the names of the columns, counted from 1; none to find it.
    pub header: Option<usize>,
    /// Whether there are no names.
    pub without_header: bool,
    /// Whether a text may hold several tables.
    pub several: bool,
}

/// A row of a table: its line, and its columns with their names.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow<'t> {
    /// The line.
    pub line: &'t str,
    /// Name and value of each column that has one.
    pub columns: Vec<(Text, Cow<'t, str>)>,
}

/// A column: its name, and where it stands in the header's line.
struct Column {
    name: Text,
    place: Range<usize>,
}

impl Tables {
    /// The rows of the tables in a text. A table ends at an empty line.
    pub fn rows<'t>(&self, text: &'t str) -> Vec<TableRow<'t>> {
        let mut rows = Vec::new();
        let skipped = self.header.map_or(0, |line| line.saturating_sub(1));
        let lines: Vec<&str> = text.lines().skip(skipped).collect();
        for (at, block) in lines.split(|line| line.trim().is_empty()).enumerate() {
            // A header that was named is that of the first table only.
            let forced = self.header.is_some() && at == 0;
            let before = rows.len();
            self.table(block, forced, &mut rows);
            if !self.several && rows.len() > before {
                break;
            }
        }
        rows
    }

    fn table<'t>(&self, block: &[&'t str], forced: bool, rows: &mut Vec<TableRow<'t>>) {
        let mut commas = false;
        let (columns, body) = match self.without_header {
            true => (None, block),
            false => {
                let header = if forced { Some(0) } else { find_header(block) };
                let parts = header.and_then(|at| block.get(at..)).and_then(<[&str]>::split_first);
                let Some((header, body)) = parts else { return };
                commas = has_commas(header);
                (Some(columns(header)), body)
            }
        };
        for line in body {
            let cells = cells(line, commas);
            if cells.is_empty() {
                continue;
            }
            let named: Vec<(Text, &str)> = match &columns {
                Some(columns) if commas => in_turn(line, &cells, columns),
                Some(columns) => align(line, &cells, columns),
                None => numbered(line, &cells),
            };
            let columns = named.into_iter().map(|(name, value)| (name, Cow::Borrowed(value))).collect();
            rows.push(TableRow { line, columns });
        }
    }
}

/// The first line of words that are no numbers with words beneath it among which a number stands, or else the
/// first with words beneath it.
fn find_header(block: &[&str]) -> Option<usize> {
    let word = |line: &str, place: &Range<usize>| line.get(place.clone()).unwrap_or("").to_string();
    let header_over = |pair: &[&str], numbers: bool| {
        let [line, below] = pair else { return false };
        let (names, values) = (cells(line, has_commas(line)), cells(below, has_commas(line)));
        let is_name = |place: &Range<usize>| {
            let word = word(line, place);
            word.parse::<f64>().is_err() && word.contains(char::is_alphabetic)
        };
        let any_number = values.iter().any(|place| word(below, place).contains(|c: char| c.is_ascii_digit()));
        names.len() > 1 && values.len() > 1 && names.iter().all(is_name) && (any_number || !numbers)
    };
    let pairs: Vec<&[&str]> = block.windows(2).collect();
    let first = |numbers| pairs.iter().position(|pair| header_over(pair, numbers));
    first(true).or_else(|| first(false))
}

fn columns(header: &str) -> Vec<Column> {
    let named = cells(header, has_commas(header)).into_iter().filter_map(|place| {
        let name = clean_key(header.get(place.clone())?);
        (!name.is_empty()).then_some(Column { name, place })
    });
    named.collect()
}

/// Whether a header separates its columns by commas.
fn has_commas(header: &str) -> bool {
    header.contains(',')
}

/// The places of the cells of a line: words, or what stands between commas outside of quotation marks, without blanks
/// around.
fn cells(line: &str, commas: bool) -> Vec<Range<usize>> {
    if !commas {
        return words(line);
    }
    let (mut places, mut start, mut inside) = (Vec::new(), 0, false);
    let mut add = |from: usize, to: usize| {
        let cell = line.get(from..to).unwrap_or("");
        let from = from + cell.len() - cell.trim_start().len();
        places.push(from..from + cell.trim().len());
    };
    for (at, c) in line.char_indices() {
        match c {
            '"' => inside = !inside,
            ',' if !inside => {
                add(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    add(start, line.len());
    places
}

/// The places of the words of a line.
fn words(line: &str) -> Vec<Range<usize>> {
    let (mut places, mut start) = (Vec::new(), None);
    for (at, c) in line.char_indices() {
        match (start, c.is_whitespace()) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                places.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    places.extend(start.map(|from| from..line.len()));
    places
}

/// The cells of a line that are not empty under the names of columns in turn.
fn in_turn<'t>(line: &'t str, cells: &[Range<usize>], columns: &[Column]) -> Vec<(Text, &'t str)> {
    let cell = |(column, place): (&Column, &Range<usize>)| {
        let value = line.get(place.clone()).unwrap_or("");
        (!value.is_empty()).then(|| (column.name.clone(), value))
    };
    columns.iter().zip(cells).filter_map(cell).collect()
}

/// The words of a line under the names of columns: in turn where there are as many, else by where they stand. More
/// words than columns belong to the last.
fn align<'t>(line: &'t str, cells: &[Range<usize>], columns: &[Column]) -> Vec<(Text, &'t str)> {
    let whole = |from: usize, to: usize| line.get(from..to).unwrap_or("");
    let mut named: Vec<(Text, &str)> = Vec::new();
    if cells.len() >= columns.len() {
        for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
            let last = at + 1 == columns.len();
            let end = if last { line.trim_end().len() } else { cell.end };
            named.push((column.name.clone(), whole(cell.start, end)));
        }
        return named;
    }
    let mut places: Vec<Option<Range<usize>>> = vec![None; columns.len()];
    for cell in cells {
        let distance = |column: &Column| {
            column.place.start.saturating_sub(cell.end.saturating_sub(1))
                + cell.start.saturating_sub(column.place.end.saturating_sub(1))
        };
        let nearest = columns.iter().enumerate().min_by_key(|(_, column)| distance(column)).map(|(at, _)| at);
        if let Some(place) = nearest.and_then(|at| places.get_mut(at)) {
            let start = place.as_ref().map_or(cell.start, |before| before.start);
            *place = Some(start..cell.end);
        }
    }
    for (column, place) in columns.iter().zip(places) {
        if let Some(place) = place {
            named.push((column.name.clone(), whole(place.start, place.end)));
        }
    }
    named
}

fn numbered<'t>(line: &'t str, cells: &[Range<usize>]) -> Vec<(Text, &'t str)> {
    let cell = |(at, place): (usize, &Range<usize>)| {
        (Text::from(format!("Column_{}", at + 1)), line.get(place.clone()).unwrap_or(""))
    };
    cells.iter().enumerate().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ANY: Tables = Tables { header: None, without_header: false, several: true };

    fn shown(tables: &Tables, text: &str) -> Vec<String> {
        let row = |row: TableRow<'_>| {
            let cells = row.columns.iter().map(|(name, value)| format!("{name}={value}"));
            cells.collect::<Vec<_>>().join(", ")
        };
        tables.rows(text).into_iter().map(row).collect()
    }

    #[test]
    fn columns_in_turn_and_by_place() {
        let text = "top of it\nPID %CPU  COMMAND\n  1  0.5  /sbin/init -x\n 22       sh\n";
        assert_eq!(shown(&ANY, text), ["PID=1, CPU=0.5, COMMAND=/sbin/init -x", "PID=22, COMMAND=sh"]);
    }

    #[test]
    fn columns_between_commas() {
        let text = "\"c_ip\",\"sc_status\", agent\n\"10.0.0.1\",\"200\",\"a, b\"\n,x";
        assert_eq!(
            shown(&ANY, text),
            ["c_ip_=\"10.0.0.1\", sc_status_=\"200\", agent=\"a, b\"", "sc_status_=x"]
        );
    }

    #[test]
    fn several_tables() {
        let text = "A B\n1 2\n\nC D\n3 4\n5 6";
        assert_eq!(shown(&ANY, text), ["A=1, B=2", "C=3, D=4", "C=5, D=6"]);
        assert_eq!(shown(&Tables { several: false, ..ANY }, text), ["A=1, B=2"]);
        assert_eq!(shown(&Tables { header: Some(4), ..ANY }, text), ["C=3, D=4", "C=5, D=6"]);
        assert_eq!(shown(&Tables { header: Some(9), ..ANY }, text), Vec::<String>::new());
        let numbered = Tables { without_header: true, ..ANY };
        assert_eq!(shown(&numbered, "a 1\nb 2"), ["Column_1=a, Column_2=1", "Column_1=b, Column_2=2"]);
    }

    #[test]
    fn text_without_a_table() {
        for text in ["", "one", "1 2\n3 4", "a b", "a b\n\n1 2"] {
            assert_eq!(shown(&ANY, text), Vec::<String>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[a-bé1 \t\n,\"]{0,40}") {
            for header in [None, Some(0), Some(2)] {
                ANY.rows(&text);
                Tables { header, ..ANY }.rows(&text);
            }
        }
    }
}
