"""Two streams in one connection, however the bytes arrive."""

from __future__ import annotations

import itertools
import struct

from hypothesis import given
from hypothesis import strategies as st

from netbook.engine.client.streams import Frames, split

frames = st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=300)))
cuts = st.lists(st.integers(0, 3000))


def packed(parts: list[tuple[int, bytes]]) -> bytes:
    return b"".join(struct.pack(">BxxxL", stream, len(data)) + data for stream, data in parts)


@given(frames, cuts)
def test_pieces_come_out_as_the_whole(parts, cuts):
    data = packed(parts)
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    reader = Frames()
    heard = [reader.feed(data[a:b]) for a, b in itertools.pairwise(places)]
    wanted = tuple(b"".join(part for stream, part in parts if stream == number) for number in (1, 2))
    assert (b"".join(out for out, _ in heard), b"".join(err for _, err in heard)) == wanted == split(data)


def test_a_frame_that_is_cut_short_counts_as_far_as_it_goes():
    assert split(packed([(1, b"whole"), (2, b"cut short")])[:-3]) == (b"whole", b"cut sh")
