"""
Names spelled in lower-case ASCII, for search by pinyin and by initials.

Persons and texts are spelled differently: the first character of a person's name is a surname and is read as one (单 is «shan»,
not «dan»). Every reading a person is likely to be looked for under is kept, the most likely first.
"""

import re
import unicodedata
from typing import NamedTuple

from pypinyin import lazy_pinyin

# More readings than this help nobody and would outgrow the column.
MOST_READINGS = 4

# How these characters are read when they are surnames; the usual reading first, a space between syllables. pypinyin reads
# them as it would in a sentence.
SURNAMES: dict[str, tuple[str, ...]] = {
    "万俟": ("mo qi",),
    "单于": ("chan yu",),
    "尉迟": ("yu chi",),
    "澹台": ("tan tai",),
    "长孙": ("zhang sun",),
    "么": ("yao",),
    "乐": ("yue", "le"),
    "乜": ("nie",),
    "仇": ("qiu",),
    "任": ("ren",),
    "佴": ("nai",),
    "冼": ("xian",),
    "句": ("gou",),
    "区": ("ou",),
    "卜": ("bu",),
    "单": ("shan",),
    "召": ("shao",),
    "员": ("yun",),
    "呙": ("guo",),
    "宓": ("mi", "fu"),
    "尉": ("wei", "yu"),
    "应": ("ying",),
    "折": ("she",),
    "撒": ("sa",),
    "晁": ("chao",),
    "曲": ("qu",),
    "曾": ("zeng",),
    "朴": ("piao",),
    "查": ("zha",),
    "柏": ("bai", "bo"),
    "洗": ("xian",),
    "燕": ("yan",),
    "牟": ("mou", "mu"),
    "盖": ("ge", "gai"),
    "盛": ("sheng",),
    "相": ("xiang",),
    "眭": ("sui",),
    "石": ("shi",),
    "祭": ("zhai", "ji"),
    "种": ("chong",),
    "秘": ("bi",),
    "粘": ("nian",),
    "繁": ("po",),
    "纪": ("ji",),
    "缪": ("miao",),
    "翟": ("zhai", "di"),
    "能": ("nai",),
    "臧": ("zang",),
    "莘": ("shen", "xin"),
    "葛": ("ge",),
    "薄": ("bo",),
    "藏": ("zang",),
    "行": ("xing",),
    "褚": ("chu",),
    "覃": ("qin", "tan"),
    "解": ("xie",),
    "谌": ("chen", "shen"),
    "谷": ("gu",),
    "贾": ("jia",),
    "车": ("che",),
    "过": ("guo",),
    "逄": ("pang",),
    "郇": ("xun", "huan"),
    "郗": ("xi", "chi"),
    "都": ("du",),
    "阚": ("kan",),
    "隗": ("wei", "kui"),
    "黑": ("he",),
}
LONGEST_SURNAME = max(map(len, SURNAMES))

# Latin letters that no Unicode decomposition takes apart.
_LATIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_LATIN_RUN = re.compile(r"[0-9a-z]+")


class Readings(NamedTuple):
    """``pinyin`` and ``initials``, lower-case ASCII; several readings are separated by one space, the most likely one first."""

    pinyin: str
    initials: str


def readings(name: str) -> Readings:
    """
    Spell a person's name; a surname is read as a surname, and every other likely reading of it follows.

    Dots and spaces inside the name leave no trace. Examples: "单雄信" → ("shanxiongxin danxiongxin", "sxx dxx"),
    "买买提·艾力" → ("maimaitiaili", "mmtal"), "Anna Müller" → ("annamuller", "am").
    """
    surname, given = _split(name.strip())
    rest = _syllables(given)
    return _joined([reading + rest for reading in _surname_readings(surname)][:MOST_READINGS])


def spelling(text: str) -> Readings:
    """Spell the name of an institution or a work unit: one reading, words read as words ("重庆" → ("chongqing", "cq"))."""
    return _joined([_syllables(text)])


def _split(name: str) -> tuple[str, str]:
    for length in range(LONGEST_SURNAME, 0, -1):
        if name[:length] in SURNAMES:
            return name[:length], name[length:]
    return "", name


def _surname_readings(surname: str) -> list[list[str]]:
    return [reading.split() for reading in SURNAMES.get(surname, ())] + [_syllables(surname)]


def _syllables(text: str) -> list[str]:
    """One entry for each Chinese character and for each run of Latin letters or digits."""
    found = []
    for syllable in lazy_pinyin(unicodedata.normalize("NFKC", text).casefold()):
        letters = unicodedata.normalize("NFKD", syllable.translate(_LATIN_LETTERS))
        without_marks = "".join(character for character in letters if not unicodedata.combining(character))
        found += _LATIN_RUN.findall(without_marks)
    return found


def _joined(spelled: list[list[str]]) -> Readings:
    # A dictionary keeps the order and drops readings that turned out the same.
    pinyin = dict.fromkeys("".join(syllables) for syllables in spelled)
    initials = dict.fromkeys("".join(syllable[0] for syllable in syllables) for syllables in spelled)
    return Readings(" ".join(pinyin), " ".join(initials))
