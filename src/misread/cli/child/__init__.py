"""Commands about one made-up child: a day, the file, and the whole way from a look to a decision."""
