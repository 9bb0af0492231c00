"""What the activities of the demo were about."""

from __future__ import annotations

STUDIES = [
    "学习党章和党内法规",
    "学习党的二十大精神",
    "学习习近平新时代中国特色社会主义思想",
    "学习全国两会精神",
    "学习基层治理条例和典型案例",
    "学习党史和遵义会议精神",
    "学习中央八项规定及其实施细则精神",
    "学习党员教育管理工作条例",
]
THEMED_DAYS = [
    "“重温入党誓词”主题党日",
    "“清洁家园”志愿服务主题党日",
    "“走访慰问困难群众”主题党日",
    "“安全隐患大排查”主题党日",
    "“为民办实事”主题党日",
]
FULL_DAYS = [
    "赴遵义会议会址开展革命传统教育",
    "赴红军烈士陵园祭扫并座谈交流",
    "赴苟坝会议会址现场学习",
    "党员集中轮训：党章党规专题",
]
LECTURES = [
    "书记讲党课：牢记初心使命",
    "书记讲党课：做新时代合格党员",
    "书记讲党课：弘扬长征精神",
    "书记讲党课：加强基层党组织建设",
]
CENTRAL = [
    "中心组学习：全面从严治党",
    "中心组学习：城市基层党建",
    "中心组学习：基层治理现代化",
    "中心组学习：意识形态工作责任制",
]
TRAININGS = ["街道干部和社区工作者业务培训", "党务工作者能力提升培训", "社区治理与群众工作培训"]
PLACES = ["社区党群服务中心", "社区会议室", "党员活动室", "新时代文明实践站"]
REASONS = ["参加人员名单不全，请补充", "活动时间与照片不符，请核实", "缺少会议记录，请补充"]
CITIES = ["广东深圳", "浙江杭州", "福建厦门", "重庆", "贵州贵阳", "江苏苏州"]

EXTRA = {
    "members_meeting": {"agenda": "通报近期工作\n讨论发展党员规划", "resolutions": "一致通过"},
    "committee_meeting": {"agenda": "研究本季度学习和活动安排"},
    "central_study": {"study_material": ["党章", "基层治理条例"], "lead_speaker": "党工委书记"},
    "staff_training": {"training_kind": "professional", "organiser": "县委党校"},
    "joint_conference": {
        "participants": ["社区卫生服务站", "第二小学", "供电营业所"],
        "agreed": "暑期活动室向居民开放",
    },
    "hearing": {"hearing_form": "consultation", "matters": ["小区停车", "垃圾分类"]},
    "secretary_report": {"audience": "both", "satisfied": 42, "fairly_satisfied": 6},
    "disclosure": {"matters": ["低保评议结果", "集体收支"], "shown_where": "社区公开栏"},
    "volunteer_service": {"goals": ["convenient", "healthy"], "theme_activity": "volunteer_teams"},
    "county_inspection": {"places_inspected": ["老城街道", "北关街道"]},
}
"""What the kinds record besides, by kind."""
ISSUES = [
    ("联系服务群众不够经常", "支部书记", "每周安排一次入户走访"),
    ("理论学习不够系统", "组织委员", "制定全年学习计划并按月落实"),
    ("流动党员联系不够及时", "党小组组长", "建立联系表，每月联系一次"),
]
