"""Every component in each of its states, with words and names as people have them. Persons and institutions are invented."""

from caca.styleguide.specimens import form_controls, member, words
from caca.styleguide.specimens.specimen import Section, Specimen

__all__ = ["Section", "Specimen", "sections"]


def sections() -> tuple[Section, ...]:
    """Return the components by what they are for. Made anew for each request: forms belong to one."""
    return (
        Section("words", "标题与文字", words.words()),
        Section("buttons", "按钮与翻页", words.buttons()),
        Section("status", "状态与印章", words.status()),
        Section("notices", "提示", words.notices()),
        Section("person", "会员与证书", member.person()),
        Section("progress", "轮到谁、到哪天", member.progress()),
        Section("lists", "清单与记录", member.lists()),
        Section("fields", "表单：控件", form_controls.fields()),
        Section("long-forms", "表单：上传与选择", form_controls.long_forms()),
        Section("guide", "指南", words.guide()),
        Section("frame", "页面框架", words.frame()),
    )
