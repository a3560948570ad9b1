//! The `speleo` binary: see [`speleo::cli`].

fn main() -> std::process::ExitCode {
    speleo::cli::main()
}
