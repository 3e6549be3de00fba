"""Short forms of people's and firms' names."""

LINKING = frozenset({"de", "del", "la", "las", "los", "y", "e", "of", "the", "and", "&", "van", "von"})


def initials_of(name: str) -> str:
    """At most two capital letters: the first word's and the last's, linking words and leading signs left out."""
    words = [word for word in name.split() if word.lower() not in LINKING]
    letters = [letter for word in words if (letter := next(filter(str.isalnum, word), ""))]
    return "".join(letters[:1] + letters[1:][-1:]).upper()
