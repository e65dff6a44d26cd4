"""Invented names. No person, school or unit is meant."""

UNITS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("EDU", "县教育局", (
        ("EDU01", "县第一中学"), ("EDU02", "县第二中学"), ("EDU03", "县第三中学"), ("EDU04", "县职业技术学校"),
        ("EDU05", "县实验小学"), ("EDU06", "雾溪镇初级中学"),
    )),
    ("HEA", "县卫生健康局", (
        ("HEA01", "县人民医院"), ("HEA02", "县中医医院"), ("HEA03", "县疾病预防控制中心"), ("HEA04", "县妇幼保健院"),
        ("HEA05", "雾溪镇卫生院"),
    )),
    ("AGR", "县农业农村局", (("AGR01", "县农业技术推广中心"), ("AGR02", "县畜牧水产站"), ("AGR03", "县茶叶研究所"))),
    ("CON", "县住房和城乡建设局", (("CON01", "县规划设计室"), ("CON02", "县水利工程服务中心"))),
    ("OTH", "县文化和旅游局", (("OTH01", "县图书馆"), ("OTH02", "县融媒体中心"), ("OTH03", "县大数据中心"), ("OTH04", "县档案馆"))),
)  # fmt: skip
# The units' own posts, and how many of them have somebody on board.
OWN_POSTS: dict[str, tuple[int, int]] = {
    "EDU01": (236, 221), "EDU02": (168, 160), "EDU03": (142, 131), "EDU04": (120, 109), "EDU05": (96, 92),
    "EDU06": (74, 66), "HEA01": (420, 398), "HEA02": (180, 171), "HEA03": (64, 57), "HEA04": (88, 83),
    "HEA05": (52, 44), "AGR01": (46, 41), "AGR02": (38, 33), "AGR03": (22, 18), "CON01": (30, 27), "CON02": (44, 40),
    "OTH01": (18, 14), "OTH02": (36, 32), "OTH03": (24, 19), "OTH04": (12, 10),
}  # fmt: skip
# The departments' posts of the civil service; one department has a person more than posts.
CIVIL_POSTS: dict[str, tuple[int, int]] = {
    "EDU": (28, 26), "HEA": (26, 25), "AGR": (24, 25), "CON": (22, 20), "OTH": (20, 19),
}  # fmt: skip
SECTORS = {"EDU": "education", "HEA": "health", "AGR": "agriculture", "CON": "construction", "OTH": "culture"}
POSTS = {
    "EDU": ("高中物理教师", "高中数学教师", "初中语文教师", "初中英语教师", "小学科学教师", "中职电工电子教师"),
    "HEA": ("临床医师", "护理", "影像技师", "临床药师", "公共卫生医师", "检验技师"),
    "AGR": ("农产品质量检测", "农业技术推广", "畜牧兽医", "茶叶加工研究"),
    "CON": ("规划设计", "水工设计", "工程造价"),
    "OTH": ("古籍整理", "采编记者", "数据工程师", "档案管理"),
}
MAJORS = {
    "EDU": ("物理学", "070201"), "HEA": ("临床医学", "100201"), "AGR": ("农学", "090101"),
    "CON": ("土木工程", "081001"), "OTH": ("计算机科学与技术", "080901"),
}  # fmt: skip
SURNAMES = "林沈顾裴许苏白叶韩宁唐谢卫秦柳冯陆贺程温江岳闻祁姚梁周罗"
GIVEN = (
    "知微", "砚秋", "南枝", "云深", "听雨", "景行", "墨言", "知秋", "江雪", "远山", "一苇", "青岚", "临风", "未央", "叙白",
    "听澜", "以宁", "既明", "长亭", "见清", "望舒", "怀瑾", "若水", "清和", "星野", "疏桐", "明远", "思齐", "承宇", "安然",
)  # fmt: skip
SCHOOLS = ("湘屏大学", "净月湖大学", "东湖理工大学", "嘉陵师范大学", "终南医科大学", "岳麓农业大学", "锦江大学")
CITIES: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("成都", "Chengdu", (("锦江大学", "Jinjiang University"), ("浣花师范大学", "Huanhua Normal University"), ("青城医学院", "Qingcheng Medical College"))),
    ("长沙", "Changsha", (("湘屏大学", "Xiangping University"), ("岳麓农业大学", "Yuelu Agricultural University"))),
    ("武汉", "Wuhan", (("东湖理工大学", "Donghu University of Technology"), ("珞珈师范大学", "Luojia Normal University"), ("江汉医科大学", "Jianghan Medical University"))),
    ("西安", "Xi'an", (("终南医科大学", "Zhongnan Medical University"), ("曲江大学", "Qujiang University"))),
    ("重庆", "Chongqing", (("嘉陵师范大学", "Jialing Normal University"), ("缙云理工大学", "Jinyun University of Technology"), ("歌乐医科大学", "Gele Medical University"))),
    ("长春", "Changchun", (("净月湖大学", "Jingyue Lake University"),)),
)  # fmt: skip
