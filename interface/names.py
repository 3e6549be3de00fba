"""Short forms of people's and firms' names."""

LINKING = frozenset({"de", "del", "la", "las", "los", "y", "e", "of", "the", "and", "&", "van", "von"})


def initials_of(name: str) -> str:
    """At most two capital letters: the first word's and the last's, linking words left out."""
    words = [word for word in name.split() if word.lower() not in LINKING and word[0].isalnum()]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()
