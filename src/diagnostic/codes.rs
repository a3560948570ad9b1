//! Every code that a diagnostic can carry. A code is never reused for something else.

/// Declares the codes: name, number, and what it stands for in a few words.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal;)*) => {
        /// The stable name of a kind of mistake. `tests/errors.rs` holds a trigger for each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes, in order of their numbers.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// As it is printed.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $number,)* }
            }
        }
    };
}

codes! {
    // 00: the text of a search
    /// A quotation mark, bracket, parenthesis or backtick without its partner.
    Unbalanced = "E0001";
    /// Something else was expected here.
    Syntax = "E0002";
    /// Brackets or parentheses stand too deep in each other.
    TooDeep = "E0003";
    /// No search where one should be.
    EmptySearch = "E0004";
    /// HTML entities were decoded.
    HtmlDecoded = "N0005";
    // 01: macros
    /// A macro that no app defines.
    UnknownMacro = "E0101";
    /// A macro that exists, but not with so many arguments.
    MacroArguments = "E0102";
    /// A macro that expands to itself.
    MacroCycle = "E0103";
    /// An expansion that grows beyond all measure.
    MacroTooLarge = "E0104";
    /// A macro's validation refused its arguments.
    MacroValidation = "E0105";
    // 02: commands
    /// A command that SPL does not have.
    UnknownCommand = "E0201";
    /// An option that the command does not have.
    UnknownOption = "E0202";
    /// An option given twice.
    RepeatedOption = "E0203";
    /// An option whose value is not of the kind it takes.
    OptionValue = "E0204";
    /// Arguments that the command cannot do with, or without.
    Arguments = "E0205";
    /// A command that makes rows stands after a pipe, or one that needs rows stands first.
    CommandPosition = "E0206";
    /// A command, function or form that SPL has and this engine does not run.
    NotSupported = "E0207";
    /// A template that cannot be read with a field's name in it.
    Template = "W0208";
    /// A row that lacks a field which its search asks for.
    MapField = "W0209";
    /// What a command was given and Splunk passes over.
    PassedOver = "W0210";
    // 03: expressions
    /// A function that SPL does not have.
    UnknownFunction = "E0301";
    /// A function with too few or too many arguments.
    FunctionArguments = "E0302";
    /// Types that an operator does not take.
    TypeCheck = "E0303";
    /// A regular expression that does not compile.
    Regex = "E0304";
    /// A statistical function that SPL does not have.
    UnknownAggregate = "E0305";
    /// A time or a span that cannot be read.
    Time = "E0306";
    /// A regular expression that took too many steps on a value.
    RegexLimit = "W0307";
    // 04: knowledge
    /// A lookup that no app defines.
    UnknownLookup = "E0401";
    /// A field that the lookup's table does not have.
    LookupField = "E0402";
    /// A lookup table that cannot be read.
    LookupFile = "E0403";
    /// A lookup file outside its app.
    LookupPath = "E0404";
    /// A data model that no app defines.
    UnknownDataModel = "E0405";
    /// A dataset that the data model does not have.
    UnknownDataset = "E0406";
    /// A field that the data model does not have: no row has it.
    DataModelField = "W0407";
    /// A file of knowledge that cannot be read as what it is.
    Knowledge = "E0408";
    /// A data model whose objects do not form a tree.
    DataModelTree = "E0409";
    /// A setting in a file of knowledge that is not honoured.
    KnowledgeIgnored = "W0410";
    /// A lookup that could not be written.
    LookupWrite = "E0411";
    /// A row of a lookup table with too few or too many cells.
    LookupRow = "W0412";
    /// A lookup table that does not exist, and counts as one without rows.
    LookupMissing = "W0413";
    /// A saved search that no app has.
    UnknownSavedSearch = "E0414";
    /// A transaction type that no app has.
    UnknownTransactionType = "E0415";
    /// A description of tables that no app has.
    UnknownTable = "E0416";
    // 05: events
    /// No such file or folder of events.
    EventsMissing = "E0501";
    /// A file that cannot be read to its end.
    EventsUnreadable = "E0502";
    /// Lines that are not what the file is made of.
    EventsMalformed = "W0503";
    /// Text that is not UTF-8.
    EventsNotUtf8 = "W0504";
    /// A compressed file that ends too early or is damaged.
    EventsCompression = "W0505";
    /// Events whose time cannot be read.
    EventsTime = "W0506";
    /// A file without events.
    EventsEmpty = "W0507";
    /// A geographical database that cannot be read.
    GeoDatabase = "E0508";
    /// No geographical database was named.
    GeoMissing = "W0509";
    /// Events that are all of another source type, source, host or index than the search asks for.
    EventsOther = "W0510";
    // 06: running
    /// A limit was reached and results are cut.
    Limit = "W0601";
    /// The usage of the command line.
    Usage = "E0602";
    /// Results cannot be written.
    Output = "E0603";
    /// An aggregate's stored state that cannot be read.
    State = "E0604";
    /// Fields that an index-time search cannot have.
    NotIndexed = "W0605";
    /// No rows where some are required.
    NoRows = "E0606";
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn numbers_are_unique_and_ascending() {
        let numbers: Vec<&str> = Code::ALL.iter().map(|code| &code.as_str()[1..]).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    }
}
