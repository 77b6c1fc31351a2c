"""The command line: ``openum VERB …``. A verb's own module holds its arguments and is read without Django."""
