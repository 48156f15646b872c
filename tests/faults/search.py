"""Looks for words in all files of a folder, as a stranger with the phone's disk would: as they
are, in both ways that a browser writes text, and unpacked where something packed begins.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import brotli

PACKED = ((b"\x1f\x8b\x08", 31), (b"\x78\x01", 15), (b"\x78\x9c", 15), (b"\x78\xda", 15))
MOST = 4 * 1024 * 1024  # bytes that one packed thing may unpack to
SNAPPY_VALUE = b"\xff\x11\x03"  # how Chromium marks a packed value of IndexedDB
LEVEL_DB = 0xDB4775248B80FB57.to_bytes(8, "little")  # the last bytes of a table of LevelDB
LEVEL_LOG_BLOCK, LEVEL_LOG_HEAD = 32768, 7
SIMPLE_CACHE = 0xFCFB6D1BA7725C30.to_bytes(8, "little")  # the first bytes of a file of the cache
SIMPLE_CACHE_HEAD = 24


def found(folder: Path, words: list[str]) -> list[tuple[str, str]]:
    """Each file and word where the word stands in it in any way."""
    wanted = [(word, word.encode(coding)) for word in words for coding in ("utf-8", "utf-16-le")]
    hits = set()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # the browser tidies up while it runs
            continue
        for form in _forms(content):
            hits |= {(path.name, word) for word, code in wanted if code in form}
    return sorted(hits)


def _forms(content: bytes) -> Iterator[bytes]:
    yield content
    yield from _inflated(content)
    if content[-8:] == LEVEL_DB:
        for block in _level_blocks(content):
            yield block
            yield from _values(block)
    else:
        yield (joined := _level_log(content))
        yield from _values(joined)
        yield from _values(content)
    if content[:8] == SIMPLE_CACHE:
        at = SIMPLE_CACHE_HEAD + int.from_bytes(content[12:16], "little")
        yield _unbrotli(content[at:])


def _inflated(content: bytes) -> Iterator[bytes]:
    for magic, window in PACKED:
        at = content.find(magic)
        while at >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(window).decompress(content[at:], MOST)
            at = content.find(magic, at + 1)


def _unbrotli(content: bytes) -> bytes:
    unpacker, out = brotli.Decompressor(), b""
    try:
        for at in range(0, len(content), 512):
            out += unpacker.process(content[at : at + 512])
    except brotli.error:
        pass
    return out


def _values(content: bytes) -> Iterator[bytes]:
    at = content.find(SNAPPY_VALUE)
    while at >= 0:
        yield unsnappy(content[at + len(SNAPPY_VALUE) :])
        at = content.find(SNAPPY_VALUE, at + 1)


def _level_blocks(content: bytes) -> Iterator[bytes]:
    """The blocks of a table, named by its index; a block that does not read is left to the rest."""
    footer = content[-48:]
    at = _varint(footer, _varint(footer, 0)[1])[1]
    start, at = _varint(footer, at)
    size, _ = _varint(footer, at)
    index = _level_block(content, start, size)
    at, end = 0, len(index) - 4 - 4 * int.from_bytes(index[-4:], "little")
    while at < end:
        _, at = _varint(index, at)
        own, at = _varint(index, at)
        length, at = _varint(index, at)
        handle = index[at + own : at + own + length]
        start, inner = _varint(handle, 0)
        yield _level_block(content, start, _varint(handle, inner)[0])
        at += own + length


def _level_block(content: bytes, start: int, size: int) -> bytes:
    block, packed = content[start : start + size], content[start + size]
    return unsnappy(block) if packed == 1 else block


def _level_log(content: bytes) -> bytes:
    """The records of a log without the heads between their parts."""
    parts = []
    for start in range(0, len(content), LEVEL_LOG_BLOCK):
        block, at = content[start : start + LEVEL_LOG_BLOCK], 0
        while at + LEVEL_LOG_HEAD <= len(block):
            length = int.from_bytes(block[at + 4 : at + 6], "little")
            parts.append(block[at + LEVEL_LOG_HEAD : at + LEVEL_LOG_HEAD + length])
            at += LEVEL_LOG_HEAD + length
    return b"".join(parts)


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content):
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at


def unsnappy(packed: bytes) -> bytes:
    """What Snappy packed, as far as it can be read; what follows it does not matter."""
    length, at = _varint(packed, 0)
    out = bytearray()
    while at < len(packed) and len(out) < min(length, MOST):
        tag, at = packed[at], at + 1
        kind, size = tag & 3, tag >> 2
        if kind == 0:
            if size >= 60:
                wide = size - 59
                size, at = int.from_bytes(packed[at : at + wide], "little"), at + wide
            out += packed[at : at + size + 1]
            at += size + 1
            continue
        if kind == 1:
            size, back = 4 + (size & 7), (tag >> 5) << 8 | int.from_bytes(packed[at : at + 1])
            at += 1
        else:
            wide = 2 if kind == 2 else 4
            size, back = size + 1, int.from_bytes(packed[at : at + wide], "little")
            at += wide
        if not 0 < back <= len(out):
            break
        for _ in range(size):
            out.append(out[-back])
    return bytes(out)
