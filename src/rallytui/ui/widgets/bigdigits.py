"""Words and numbers across several rows: 5×7 pixels of half a cell, for what is read from across the room."""

from __future__ import annotations

# Seven rows of a sign in hex, the lowest bit at its right edge; signs of another width than five stand in _WIDTHS.
_FONT = {
    "0": "0E11111111110E", "1": "040C040404040E", "2": "0E11010608101F", "3": "1E01010E01011E", "4": "02060A121F0202",
    "5": "1F101E0101110E", "6": "0608101E11110E", "7": "1F010204040808", "8": "0E11110E11110E", "9": "0E11110F01010E",
    "A": "0E11111F111111", "B": "1E11111E11111E", "C": "0F10101010100F", "D": "1E11111111111E", "E": "1F10101E10101F",
    "F": "1F10101E101010", "G": "0F10101311110F", "H": "1111111F111111", "I": "07020202020207", "J": "0702020202120C",
    "K": "11121418141211", "L": "1010101010101F", "M": "111B1515111111", "N": "11191515131111", "O": "0E11111111110E",
    "P": "1E11111E101010", "Q": "0E11111115120D", "R": "1E11111E141211", "S": "0F10100E01011E", "T": "1F040404040404",
    "U": "1111111111110E", "V": "11111111110A04", "W": "1111111515150A", "X": "11110A040A1111", "Y": "11110A04040404",
    "Z": "1F01020408101F", "+": "0004041F040400", "-": "0000001F000000", "%": "191A0204080B13", "&": "0814140815120D",
    "/": "01010204081010", "<": "02040810080402", ">": "08040201020408", "?": "0E110102040004", ".": "00000000000001",
    ",": "00000000000102", ":": "00000100000100", "'": "01010100000000", " ": "00000000000000",
}  # fmt: skip
_WIDTHS = {"I": 3, ".": 1, ",": 2, ":": 1, "'": 1, " ": 3}
_ALIKE = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "\u00a0": " "})
_ROWS = 7


def big(text: str, scale: int = 1, unicode: bool = True) -> list[str]:
    """`text` as rows of equal width: four at scale 1, eleven at 3. Without Unicode it stays one row of plain text."""
    if not unicode or not text:
        return [text]
    pixels = [_pixel_row(text, row, scale) for row in range(_ROWS) for _ in range(scale)]
    pixels += [[False] * len(pixels[0])] * (len(pixels) % 2)
    return [_cells(*pair) for pair in zip(pixels[::2], pixels[1::2], strict=True)]


def big_width(text: str, scale: int = 1, unicode: bool = True) -> int:
    """The cells that `big` takes for `text`."""
    if not unicode:
        return len(text)
    signs = _signs(text)
    return scale * (sum(_WIDTHS.get(sign, 5) for sign in signs) + max(0, len(signs) - 1))


def big_height(scale: int = 1, unicode: bool = True) -> int:
    """The rows that `big` takes."""
    return (_ROWS * scale + 1) // 2 if unicode else 1


def _signs(text: str) -> list[str]:
    return [sign if sign in _FONT else "?" for sign in text.translate(_ALIKE).upper()]


def _pixel_row(text: str, row: int, scale: int) -> list[bool]:
    pixels: list[bool] = []
    for sign in _signs(text):
        bits = int(_FONT[sign][2 * row : 2 * row + 2], 16)
        shape = [bool(bits >> shift & 1) for shift in reversed(range(_WIDTHS.get(sign, 5)))]
        pixels += [pixel for pixel in (*shape, False) for _ in range(scale)]
    return pixels[:-scale]


def _cells(upper: list[bool], lower: list[bool]) -> str:
    return "".join(" ▀▄█"[top + 2 * bottom] for top, bottom in zip(upper, lower, strict=True))
