from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import BaseCase, tagged

from ..tools.sealed import PIECE_BYTES, seal
from .opener import open_body, public_point

HEAD = {"version": "x", "number": 1, "by": "petugas"}


@tagged("post_install", "-at_install", "sicantik")
class TestSealed(BaseCase):
    """What Odoo seals, a receiver opens that was written from the RFC by itself."""

    def setUp(self):
        super().setUp()
        self.key = ec.generate_private_key(ec.SECP256R1())

    def sealed(self, data):
        starts = range(0, max(len(data), 1), PIECE_BYTES)
        pieces = [data[start : start + PIECE_BYTES] for start in starts]
        return list(seal(public_point(self.key), HEAD, pieces))

    def test_files_of_each_length_around_the_pieces(self):
        for size in (0, 1, 65535, 65536, 65537, 131072, 200000):
            data = bytes(n % 251 for n in range(size))
            with self.subTest(size=size):
                parts = self.sealed(data)
                self.assertEqual(len(parts), 1 + max(1, -(-size // PIECE_BYTES)))
                self.assertEqual(open_body(self.key, b"".join(parts)), (HEAD, data))

    def test_the_pieces_leave_memory_while_they_are_sealed(self):
        pieces = [b"a" * PIECE_BYTES, b"b" * PIECE_BYTES, b"c"]
        body = seal(public_point(self.key), HEAD, pieces)
        left = [len(pieces) for _part in body]
        self.assertEqual(left, [3, 2, 1, 0])

    def test_nothing_readable_is_in_it(self):
        body = b"".join(self.sealed(b"%PDF-1.7 Pemohon Contoh"))
        for word in (b"%PDF", b"Pemohon", b"petugas"):
            self.assertNotIn(word, body)

    def test_no_piece_can_be_dropped_swapped_or_changed(self):
        head, first, second, last = self.sealed(b"x" * (2 * PIECE_BYTES) + b"y")
        changed = bytes([first[0] ^ 1]) + first[1:]
        for parts in (
            (head, first, second),
            (head, first, last),
            (head, second, first, last),
            (head, first, second, last, last),
            (head, changed, second, last),
        ):
            with self.assertRaises(InvalidTag):
                open_body(self.key, b"".join(parts))

    def test_each_file_has_a_key_of_its_own(self):
        self.assertNotEqual(self.sealed(b"same")[0][:65], self.sealed(b"same")[0][:65])

    def test_another_key_does_not_open_it(self):
        other = ec.generate_private_key(ec.SECP256R1())
        with self.assertRaises(InvalidTag):
            open_body(other, b"".join(self.sealed(b"x")))
