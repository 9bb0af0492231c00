"""The words of the national forms and their everyday variants, and the codes that they stand for.

Pure data. Sources: the national member information form, GB/T 3304 (ethnicities), GB/T 4658
(education), and headings and values seen in public rosters.
"""

from __future__ import annotations

EMPTY_MARKS = frozenset(
    {
        "", "无", "—", "——", "-", "--", "–", "/", "//", "\\", "不详", "未知", "空", "暂无",
        "NULL", "NONE", "N/A", "#N/A", "NA",
    }
)  # fmt: skip
"""How people write that there is nothing to write."""

CLEARING_MARKS = frozenset(
    "清空 〈清空〉 <清空> ＜清空＞ 《清空》 【清空】 [清空] （清空） (清空)".split()
)
"""How a person says that what is stored is to go: an empty cell leaves it."""
FORMULA_ERRORS = frozenset(
    "#REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA".split()
)
"""What a failed formula shows; `#N/A`, a search that found nothing, means an empty cell."""

SEXES = {
    "男": "male", "男性": "male", "1": "male", "M": "male", "MALE": "male",
    "女": "female", "女性": "female", "2": "female", "0": "female", "F": "female",
    "FEMALE": "female",
}  # fmt: skip

STAGES = {
    "入党申请人": "applicant", "申请人": "applicant", "申请入党人员": "applicant",
    "入党积极分子": "activist", "积极分子": "activist",
    "发展对象": "candidate", "党员发展对象": "candidate",
    "预备党员": "probationary", "预备": "probationary", "中共预备党员": "probationary",
    "正式党员": "full", "正式": "full", "中共正式党员": "full", "转正": "full",
}  # fmt: skip
STAGES_TO_CHECK = {"党员": "full", "中共党员": "full", "中国共产党党员": "full"}
"""Words that most likely mean a full member, but need not."""

STANDINGS = {
    "正常": "normal", "正常党籍": "normal", "在籍": "normal",
    "停止党籍": "suspended", "停籍": "suspended",
    "失联": "out_of_touch", "失联党员": "out_of_touch", "失去联系": "out_of_touch",
    "出党": "left", "已出党": "left", "退党": "left", "自行脱党": "left", "脱党": "left",
    "劝退": "left", "除名": "left", "党内除名": "left",
    "开除": "expelled", "开除党籍": "expelled",
    "死亡": "deceased", "去世": "deceased", "已去世": "deceased", "已故": "deceased",
}  # fmt: skip

YES = frozenset({"是", "√", "✓", "✔", "☑", "有", "对", "1", "Y", "YES", "TRUE", "T"})
NO = frozenset({"否", "×", "✗", "✘", "X", "没有", "不是", "非", "0", "N", "NO", "FALSE", "F", "无"})

ETHNICITIES = frozenset(
    """
    汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜
    水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒
    乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
    """.split()
)
"""The 56, without the 族 behind them."""

EDUCATIONS = frozenset(
    """
    博士研究生 硕士研究生 硕士生班 中央党校研究生 省（区、市）委党校研究生 大学 大专 大学普通班
    第二学士学位班 中央党校大学 省（区、市）委党校大学 中央党校大专 省（区、市）委党校大专
    中等专科 职业高中 技工学校 普通高中 初中 小学 其他
    """.split()
)
EDUCATION_VARIANTS = {
    "本科": "大学", "大学本科": "大学", "大本": "大学", "学士": "大学", "全日制本科": "大学",
    "专科": "大专", "大学专科": "大专", "大学大专": "大专",
    "中专": "中等专科", "中等专业学校": "中等专科", "中技": "技工学校", "技校": "技工学校",
    "高中": "普通高中", "职高": "职业高中", "博士": "博士研究生", "硕士": "硕士研究生",
    "初级中学": "初中", "初中毕业": "初中", "小学毕业": "小学", "高中毕业": "普通高中",
    "中专毕业": "中等专科", "大专毕业": "大专", "专科毕业": "大专", "本科毕业": "大学",
    "大学毕业": "大学", "大学本科毕业": "大学", "博士生": "博士研究生", "硕士生": "硕士研究生",
    "文盲": "其他", "半文盲": "其他", "文盲或半文盲": "其他",
}  # fmt: skip

OFFICES = {
    "书记": "secretary", "支部书记": "secretary", "党支部书记": "secretary",
    "党总支书记": "secretary", "总支书记": "secretary", "党委书记": "secretary",
    "党工委书记": "secretary", "社区书记": "secretary", "社区党支部书记": "secretary",
    "副书记": "deputy_secretary", "支部副书记": "deputy_secretary",
    "党支部副书记": "deputy_secretary", "党总支副书记": "deputy_secretary",
    "党委副书记": "deputy_secretary", "党工委副书记": "deputy_secretary",
    "委员": "committee_member", "支部委员": "committee_member", "支委": "committee_member",
    "组织委员": "committee_member", "宣传委员": "committee_member",
    "纪检委员": "committee_member", "统战委员": "committee_member",
    "青年委员": "committee_member",
    "居委会主任": "residents_director", "居民委员会主任": "residents_director",
    "社区主任": "residents_director", "社区居委会主任": "residents_director",
    "党小组组长": "group_leader", "党小组长": "group_leader",
    "街道干部": "street_cadre",
    "社区工作者": "community_worker", "社区工作人员": "community_worker",
    "社区专职工作者": "community_worker",
}  # fmt: skip

ELECTIONS = {
    "两推一选": "two_recommendations",
    "选举": "elected", "党员大会选举": "elected", "差额选举": "elected", "等额选举": "elected",
    "直接选举": "elected", "公推直选": "elected", "居民选举": "elected", "换届选举": "elected",
    "任命": "appointed", "委任": "appointed", "上级任命": "appointed", "组织任命": "appointed",
    "选派": "sent", "下派": "sent", "委派": "sent", "派驻": "sent",
    "招聘": "hired", "公开招聘": "hired", "聘任": "hired", "聘用": "hired",
}  # fmt: skip
