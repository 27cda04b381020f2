"""Names as they are met: common surnames often, some given names more often than others, a few long and foreign ones."""

import random
from itertools import accumulate

# In the order of their frequency in China; each weighs a little less than the one before.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱"
    "侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "端木", "夏侯")
# Given names that everybody knows several of: one person in six has one.
COMMON = ("建国", "志强", "秀英", "明远", "晓东", "海燕")
CHARACTERS = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂华建文辉力永健世广志义兴良海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子昌成康星光天达安岩中茂进林有"
    "坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以砚秋若溪望舒景予衡令仪知夏闻"
)
FOREIGN = (
    "Anna Müller",
    "Anne-Marie O'Neill",
    "James Carter",
    "Maria García",
    "Yuki Tanaka",
    "阿依努尔·买买提",
    "古丽娜尔·艾山",
    "艾力·吐尔逊",
)
_WEIGHTS = list(accumulate(1 / (place + 6) for place in range(len(SURNAMES))))


def one(dice: random.Random) -> str:
    """Return a name."""
    chance = dice.random()
    if chance < 0.004:
        return dice.choice(FOREIGN)
    surname = dice.choice(DOUBLE_SURNAMES) if chance < 0.012 else dice.choices(SURNAMES, cum_weights=_WEIGHTS)[0]
    return surname + _given(dice)


def _given(dice: random.Random) -> str:
    chance = dice.random()
    if chance < 1 / 3:
        return dice.choice(COMMON)
    return "".join(dice.choices(CHARACTERS, k=1 if chance < 0.45 else 2))
