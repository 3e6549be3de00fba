"""The one way in which reading a file fails as a whole."""


class UnreadableFile(Exception):
    """The file cannot be imported at all; its text is in the reader's language and says what to do about it."""
