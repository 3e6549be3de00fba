"""Who may help: the tiers of firms, and how a firm is found by the beginning of any word of its name."""

import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

MINIMUM_LETTERS = 3
WORD_LENGTH = 80
LAST_CHARACTER = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)

# Letters that no Unicode decomposition takes apart, and how people without them on the keyboard type them.
PLAIN = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ß": "ss",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k",
    }
)  # fmt: skip


class Tier(StrEnum):
    """Standing of a firm in the programme; CIRCLE is by invitation alone, the others are earned ("Tier")."""

    REGISTERED = "registered"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    CIRCLE = "circle"

    @property
    def rank(self) -> int:
        """0 for the lowest; the invited circle stands above what can be earned."""
        return list(Tier).index(self)


class Word(NamedTuple):
    """A firm's name from one of its words on, normalised; `position` counts the words before it."""

    text: str
    position: int


class Piece(NamedTuple):
    """A stretch of a name as it is written; `marked` says that the search matched it."""

    text: str
    marked: bool


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(c for c in folded.translate(PLAIN) if not _is_mark(c))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def normalised(name: str) -> str:
    """The name without case and accents, as search compares it; punctuation stays."""
    return "".join(map(_plain, name))


def _letters(name: str, *, joined: bool) -> list[tuple[str, int]]:
    """Searchable letters, each with its index in `name`; punctuation parts words, or with `joined` vanishes."""
    letters: list[tuple[str, int]] = []
    for index, character in enumerate(name):
        for letter in _plain(character):
            if letter.isalnum():
                letters.append((letter, index))
            elif letters and letters[-1][0] != " " and (letter.isspace() or not joined):
                letters.append((" ", index))
    while letters and letters[-1][0] == " ":
        letters.pop()
    return letters


def _text(letters: list[tuple[str, int]]) -> str:
    return "".join(letter for letter, _ in letters)


def _starts(text: str) -> list[int]:
    return [i for i, letter in enumerate(text) if letter != " " and (i == 0 or text[i - 1] == " ")]


def words(name: str) -> list[Word]:
    """Every text a search may begin with: the name from each word on, at most 80 letters.

    "O'Brien Networks" is found by "brien" and by "obrien": punctuation inside a word counts both ways.
    """
    found: dict[str, int] = {}
    for joined in (False, True):
        text = _text(_letters(name, joined=joined))
        for position, start in enumerate(_starts(text)):
            found.setdefault(text[start : start + WORD_LENGTH], position)
    return [Word(text, position) for text, position in found.items()]


def sought(query: str) -> str:
    """The query as it is compared with the words of a name."""
    return _text(_letters(query, joined=False))[:WORD_LENGTH].strip()


def letters_missing(query: str) -> int:
    """How many letters the query still lacks before it is searched; 0 when it is long enough ("point by point", 13)."""
    return max(0, MINIMUM_LETTERS - sum(letter != " " for letter in sought(query)))


def prefix_range(query: str) -> tuple[str, str]:
    """Bounds for `low <= word < high` in code point order; ValueError while letters are missing."""
    if letters_missing(query):
        raise ValueError(f"{MINIMUM_LETTERS} letters are needed to search")
    low = sought(query)
    stem = low.rstrip(chr(LAST_CHARACTER))
    return low, stem[:-1] + _successor(stem[-1])


def _successor(character: str) -> str:
    following = ord(character) + 1
    return chr(SURROGATES.stop if following in SURROGATES else following)


def pieces(name: str, query: str) -> list[Piece]:
    """The name cut at the first match of the query, accents kept, for a page to mark it."""
    low, high = _matched(name, sought(query))
    cut = [Piece(name[:low], False), Piece(name[low:high], True), Piece(name[high:], False)]
    return [piece for piece in cut if piece.text]


def _matched(name: str, query: str) -> tuple[int, int]:
    """Start (inclusive) and end (exclusive) of the match in the name as written; (0, 0) without one."""
    for joined in (False, True):
        letters = _letters(name, joined=joined)
        text = _text(letters)
        for start in _starts(text):
            if query and text.startswith(query, start):
                return letters[start][1], _end_of_letter(name, letters[start + len(query) - 1][1])
    return 0, 0


def _end_of_letter(name: str, index: int) -> int:
    index += 1
    while index < len(name) and _is_mark(name[index]):
        index += 1
    return index
