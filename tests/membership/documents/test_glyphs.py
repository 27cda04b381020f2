import threading
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from membership.documents import fonts, glyphs
from membership.documents.fonts import BOLD, MEDIUM
from tests.membership.documents import reading

# 通用规范汉字表 (2013), the characters beyond the basic plane: 196 of 8,105.
TABLE_BEYOND_BMP = (
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣"
    "𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩"
    "𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹"
    "𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
UNUSUAL_NAMES = (
    "王𬍛", "李𬘭", "陈𬱟", "赵𫘧", "孙𬀩", "周𫖯", "吴𬣙", "郑𫍯𬶭", "𬬻铭", "欧阳𬭎", "林䶮", "何㛃", "高㐂", "罗㙦", "梁㮾", "宋𠅤",
    "唐𣲗", "许𥻗", "韩𠮷", "冯犇", "曹喆", "彭骉", "曾瞾", "萧镕", "於梓萱", "阎昇堃", "邓𨭎", "龙䶮", "阿卜杜·热合曼",
)  # fmt: skip
LATIN_NAMES = (
    "Nguyễn Thị Minh",
    "Müller",
    "Łukasz Świątek",
    "Ștefan Țepeș",
    "İbrahim Şağ",
    "Søren Ångström",
    "Anne-Marie O'Neill",
    "D’Angelo",
)
NOWHERE = "\U00030000"  # Extension G


def printed(text: str, face: str, size: float = 20) -> bytes:
    """Return a page with one line, set as the documents set it."""
    out = BytesIO()
    canvas = Canvas(out)
    x = 50
    for run_face, piece in glyphs.runs(text, face):
        canvas.setFont(run_face, size)
        canvas.drawString(x, 400, piece)
        x += canvas.stringWidth(piece, run_face, size)
    canvas.save()
    return out.getvalue()


class TestCoverage:  # CERT-5, field cases 14 and 15
    def test_every_character_of_the_general_table_beyond_the_basic_plane_is_drawn_in_both_weights(self):
        assert len(TABLE_BEYOND_BMP) == 196
        assert glyphs.missing_in(TABLE_BEYOND_BMP) == ""

    def test_every_unified_character_of_the_basic_plane_is_drawn(self):
        assert glyphs.missing_in("".join(map(chr, [*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0)]))) == ""

    @pytest.mark.parametrize("name", [*UNUSUAL_NAMES, *LATIN_NAMES])
    def test_unusual_name_can_be_printed(self, name):
        assert glyphs.missing_in(name) == ""

    def test_dot_in_names_is_as_narrow_as_names_want_it(self):
        assert glyphs.width("·", 100) == pytest.approx(33, abs=3)


class TestMissing:
    def test_character_without_glyph_is_named_in_people_s_words(self):
        with pytest.raises(glyphs.MissingGlyph, match=r"「\U00030000」（U\+30000）") as refusal:
            glyphs.require("张三", f"李{NOWHERE}", f"{NOWHERE}\U0001f600")

        assert refusal.value.characters == f"{NOWHERE}\U0001f600"

    def test_it_is_never_set_as_a_box(self):
        with pytest.raises(glyphs.MissingGlyph):
            glyphs.runs(f"李{NOWHERE}")

    def test_private_use_character_of_old_systems_is_missing(self):
        assert glyphs.missing_in("邓\ue863") == "\ue863"


class TestRuns:
    def test_plain_chinese_needs_one_face(self):
        assert glyphs.runs("中国抗癌协会 CACA 2026") == [(MEDIUM, "中国抗癌协会 CACA 2026")]

    def test_rare_character_comes_from_the_fall_back_alone(self):
        assert glyphs.runs("韩𠮷", BOLD) == [(BOLD, "韩"), (fonts.RARE, "𠮷")]

    def test_one_foreign_letter_takes_all_latin_letters_with_it(self):
        assert glyphs.runs("陆可安 Łukasz", BOLD) == [(BOLD, "陆可安"), (fonts.LATIN_BOLD, " Łukasz")]

    def test_letters_that_the_main_face_has_stay_in_it(self):
        assert glyphs.runs("Müller") == [(MEDIUM, "Müller")]

    def test_lines_of_a_foreign_name_come_from_one_mould(self):
        face = glyphs.mould("Łukasz Nowak", BOLD)

        assert glyphs.runs("Nowak", face) == [(fonts.LATIN_BOLD, "Nowak")]

    def test_whole_font_of_the_folder_is_asked_last(self, tmp_path, settings):
        (tmp_path / "Whole.TTF").write_bytes((fonts.FOLDER / "RareNames.ttf").read_bytes())
        settings.DOCUMENT_FONTS_DIR = str(tmp_path)

        assert glyphs.face_for("𠮷") == fonts.RARE
        assert fonts.order(MEDIUM)[3].startswith(fonts.FURTHER)
        assert ord("𠮷") in fonts.code_points(fonts.order(MEDIUM)[3])

    def test_file_that_is_no_font_is_refused_by_name(self, tmp_path, settings):
        (tmp_path / "broken.ttf").write_bytes(b"not a font")
        settings.DOCUMENT_FONTS_DIR = str(tmp_path)

        with pytest.raises(fonts.UnreadableFont, match=r"broken\.ttf"):
            glyphs.missing_in(NOWHERE)


class TestMarkup:
    def test_what_people_typed_is_escaped(self):
        assert glyphs.markup('<img src="x">') == "&lt;img src=&quot;x&quot;&gt;"

    def test_pieces_in_another_face_are_marked(self):
        assert glyphs.markup("韩𠮷") == '韩<span style="font-family:rare">𠮷</span>'


class TestOnOneLine:
    def test_line_breaks_and_wide_blanks_become_one_blank(self):
        assert glyphs.on_one_line(" 天津市\r\n河西区\u3000\u00a0示例路\t18 号 ") == "天津市 河西区 示例路 18 号"


class TestCopiedText:  # field case 14: guards the repair of reportlab's table of characters
    @pytest.mark.parametrize("face", [MEDIUM, BOLD])
    @pytest.mark.parametrize("name", ["王𬍛𠮷", "龙䶮", "郑𫍯𬶭", "邓𨭎", "阿卜杜·热合曼", "NguyễnŁukasz"])
    def test_two_extractors_give_the_name_back(self, name, face):
        pdf = printed(name, face)

        assert reading.by_poppler(pdf) == name
        assert reading.by_pypdf(pdf) == name

    def test_more_characters_than_one_block_of_the_table_holds_come_back(self):
        text = TABLE_BEYOND_BMP[:190]
        pdf = printed(text, MEDIUM, size=2)

        assert reading.by_pypdf(pdf) == text
        assert reading.by_poppler(pdf) == text


class TestFonts:
    def test_many_threads_register_a_face_once(self):
        fonts.code_points.cache_clear()
        found = []
        threads = [threading.Thread(target=lambda: found.append(fonts.code_points(MEDIUM))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len({id(points) for points in found}) == 1

    def test_font_files_are_mapped_and_not_copied(self):
        outlines = fonts.FontFile(fonts.FOLDER / "NotoSerifSC_500Medium.ttf").read()

        assert isinstance(outlines[0:10_000_000], fonts.FontBytes)
        assert outlines[0:4] == b"\x00\x01\x00\x00"
        assert outlines[1] == 1

    def test_licences_lie_beside_the_fonts(self):
        assert {path.name for path in fonts.FOLDER.glob("*LICENSE.txt")} == {
            "NotoSerifSC-LICENSE.txt",
            "Latin-LICENSE.txt",
            "RareNames-LICENSE.txt",
        }
