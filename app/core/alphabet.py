"""The Kazakh alphabet: the order of words, and folding of spellings for search. Pure."""

import unicodedata

KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACE_OF = {letter: place for place, letter in enumerate(KAZAKH)}
_CYRILLIC, _OTHER = "b", "c"

# Letters that a person without a Kazakh keyboard writes instead, and Latin spellings by sound.
_FOLD = str.maketrans("әғқңөұүһіёйыэ", "агкноуухиеиие", "ъь")
_SPELLINGS = (
    "shch=щ sh=ш ch=ч zh=ж kh=х gh=г ts=ц yu=ю ya=я yo=е ye=е ng=нг a=а ä=а á=а b=б v=в w=в g=г "
    "ğ=г ǵ=г d=д e=е j=ж z=з i=и ı=и y=и k=к q=к l=л m=м n=н ñ=н ń=н o=о ö=о ó=о p=п r=р s=с t=т "
    "u=у ü=у ú=у ū=у f=ф h=х x=х c=ц ş=ш"
)
_LATIN = dict(pair.split("=") for pair in _SPELLINGS.split())
_LONGEST_FIRST = sorted(_LATIN, key=len, reverse=True)


def sort_key(text: str) -> str:
    """Return a text that sorts, byte by byte, as `text` does in the Kazakh alphabet.

    Spaces and signs come first, then digits, Cyrillic by the alphabet, then everything else; equal
    letters of different case are told apart only at the very end.
    """
    return "".join(map(_symbol, text.casefold())) + " " + text


def _symbol(letter: str) -> str:
    if letter in _PLACE_OF:
        return f"{_CYRILLIC}{_PLACE_OF[letter]:02d}"
    if (digit := unicodedata.digit(letter, None)) is not None:
        return f"a{digit + 1:02d}"
    return "a00" if not letter.isalpha() else f"{_OTHER}{ord(letter):06x}"


def fold(text: str) -> str:
    """Return the one spelling that every way of writing `text` has in common.

    Kazakh letters become their nearest Russian ones, Latin letters become Cyrillic by sound, doubled
    letters become one; signs become single spaces.
    """
    lower = unicodedata.normalize("NFC", text).casefold()
    cyrillic = _from_latin(lower).translate(_FOLD)
    words = "".join(letter if letter.isalnum() else " " for letter in cyrillic).split()
    return " ".join(_without_doubles(word) for word in words)


def _from_latin(text: str) -> str:
    if not any("a" <= letter <= "ž" for letter in text):
        return text
    for latin in _LONGEST_FIRST:
        text = text.replace(latin, _LATIN[latin])
    return text


def _without_doubles(word: str) -> str:
    return "".join(letter for place, letter in enumerate(word) if place == 0 or word[place - 1] != letter)
