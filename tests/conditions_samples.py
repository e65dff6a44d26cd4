"""Rows in the manner of real position tables, by canonical column."""

HENAN_LIKE: tuple[dict[str, str], ...] = (
    {
        "age": "18周岁以上、38周岁以下",
        "education": "本科及以上",
        "degree": "与学历相对应的学位",
        "major": "本科：金融学类（0203），法学类（0301）；研究生：应用经济学（0202，仅限金融学），法学（0301）",
        "work_years": "无要求",
        "other": "限男性；中共党员",
        "note": "咨询电话：0000-1234567",
    },
    {
        "age": "18周岁以上、30周岁以下，2026年应届硕士、博士研究生为35周岁以下",
        "education": "仅限硕士研究生",
        "degree": "硕士",
        "major": "研究生：计算机科学与技术（0812），电子信息（0854）",
        "work_years": "具有两年以上基层工作经历",
        "other": "限主修专业报考",
        "note": "近亲属在本级机关工作的不得报考；工作地点：某县",
    },
    {
        "age": "35周岁以下",
        "education": "大专及以上",
        "degree": "无要求",
        "major": "不限专业",
        "work_years": "",
        "other": "限某县户籍或生源；身高170厘米以上",
        "note": "",
    },
)
