"""Purchase orders as files: what they are is told by their content, and their names do no harm."""

import pytest

from renewals.rules.papers import PaperKind, kind_of, plain_name


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", PaperKind.PDF),
        (b"\x89PNG\r\n\x1a\n", PaperKind.PNG),
        (b"\xff\xd8\xff\xe0", PaperKind.JPEG),
        (b"<html><script>", None),
        (b"MZ%PDF-", None),
        (b"%PD", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_a_file_is(content, kind):
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("PO 7.pdf", "PO 7.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\orders\\Pedido nº 7.PDF", "Pedido nº 7.pdf"),
        ("invoice.exe", "invoice.pdf"),
        ("cod.\u202efdp.exe", "cod. fdp.pdf"),
        ('a"; filename="b\r\nX: y.pdf', "a filename=b X y.pdf"),
        ("...", "purchase-order.pdf"),
        ("", "purchase-order.pdf"),
        ("é" * 300, "é" * 80 + ".pdf"),
    ],
)
def test_a_name_is_harmless_and_ends_as_its_content_says(name, plain):
    assert plain_name(name, PaperKind.PDF) == plain
