"""What stops a start, said in one line to the person at the terminal."""


class Trouble(Exception):
    """Its text is printed as it stands, without a traceback: what is wrong, and what to do about it."""
