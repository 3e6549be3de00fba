"""The press: a process of its own that sets one document, with nothing in reach but templates, fonts and its input.

Run as a script by `printing`: reads JSON on standard input, writes the PDF to standard output.
"""

import json
import resource
import sys
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
MOST_MEMORY, MOST_SECONDS = 4 << 30, 30


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(pressed(order["template"], order["paper"], stamp=order["stamp"]))


def pressed(template: str, paper: str, *, stamp: int) -> bytes:
    """The PDF of a template with `paper`, JSON that it reads as text alone; `stamp` is its day, in seconds of Unix.

    The same words, fonts and stamp give the same bytes. Fonts of the system are left out for that, and packages,
    which Typst would fetch, are looked for where there are none.
    """
    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])
    compiler = typst.Compiler(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=own,
        sys_inputs={"paper": paper},
        package_path=str(TEMPLATES),
        package_cache_path=str(TEMPLATES),
    )
    try:
        found = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=stamp)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # Signs heaped up so that no font has them together: tagged still, though not by the standard.
        found = compiler.compile(format="pdf", timestamp=stamp)
    if not isinstance(found, bytes):
        raise TypeError("A PDF is one file")
    return found


if __name__ == "__main__":
    main()
