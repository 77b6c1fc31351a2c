"""The law book: every item of the library as a page that anybody can read, search, follow and print."""
