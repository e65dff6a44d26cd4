"""Sentences of the free-text columns: each recogniser reads one kind of condition, or says that it is not its kind."""

from __future__ import annotations

import re
from collections.abc import Callable

from rulebook.conditions.age import parse_age
from rulebook.conditions.education import parse_school
from rulebook.conditions.model import (
    CertificateCondition,
    Condition,
    DeclarationCondition,
    DemocraticPartyCondition,
    FreshCondition,
    Group,
    GroupCondition,
    HouseholdCondition,
    Information,
    MainMajorCondition,
    Matter,
    PartyCondition,
    PartyStatus,
    Sex,
    SexCondition,
    Source,
    TitleCondition,
    TitleLevel,
    WorkCondition,
)
from rulebook.conditions.words import NUMBER, normal, number, split_outside

_SEX = re.compile(r"(?P<how>仅?限|适合|要求)?(?P<sex>男|女)(?:性|生)?(?:报考|考生|应聘)?")
_PARTY_WORDS: dict[str, PartyStatus] = {
    "中共党员": "member", "共产党员": "member", "党员": "member", "中共预备党员": "member", "预备党员": "member",
    "共青团员": "league", "团员": "league", "群众": "none", "民主党派成员": "democratic", "民主党派": "democratic",
}  # fmt: skip
_NOT_A_MEMBER: tuple[PartyStatus, ...] = ("league", "none", "democratic")
_DEMOCRATIC = re.compile(
    r"若[为是](?:民主党派成员|民主党派)(?:的)?,?(?:则)?(?:仅限|限)(?P<party>.+?)(?:党员|盟员|会员|社员|成员)?"
)
_HOUSEHOLD = re.compile(
    r"(?:仅?限|具有|须具有|要求)?(?P<places>[\u4e00-\u9fff、()]{2,30}?)(?:常住)?(?:户籍|户口)(?P<origin>或生源|\(生源\)|、生源|/生源)?(?:地?考生)?(?:人员)?(?:报考)?"
)
_WORK = re.compile(
    rf"(?:须|需|应)?(?:具有|具备|有)?(?:累计)?(?:满)?(?P<years>{NUMBER})(?:周)?年(?:\(含\)|及)?(?:以上)?(?:的)?(?P<field>[\u4e00-\u9fff()、/]{{0,24}}?)的?(?:工作)?(?:经历|经验|年限|工作)?(?:的|者)?"
)
_FRESH = re.compile(
    r"(?:仅?限|面向|须为)?(?P<years>(?:20\d\d(?:年|届)?[、至到\-—和及]*)*)(?:年|届)?(?:普通)?(?:高校|高等学校|高等院校|全日制|普通高校)*应届(?:高校)?(?:本科|硕士|研究生|大学)*(?:毕业生|生)?(?:报考)?"
)
_CERTIFICATE = re.compile(
    r"(?:须|需|应)?(?:已)?(?:取得|具有|持有|持|具备|有)(?:相应的|有效期内的|有效的)?(?P<names>.+)"
)
_CERTIFICATE_NAME = re.compile(
    r"(?!.*(?:[且并,]|具有|取得|相关)).*(?:证|证书|资格|执照)(?:书)?》?(?:\([^()]*\))?(?:及以上)?"
)
_LANGUAGE = re.compile(r"(?:通过|取得)?(?:大学)?(?:英语|日语|法语|德语|俄语|雅思|新?托福|全国大学).*")
_TITLE = re.compile(
    r"(?:须|需)?(?:具有|取得|具备)?(?P<series>[\u4e00-\u9fff]{0,12}?)(?:专业技术)?"
    r"(?P<level>正高级|正高|副高级|副高|高级|中级|初级)(?:及以上|以上)?(?:专业技术)?(?:职务|职称|任职资格|资格)+(?:及以上|以上)?"
)
_TITLE_LEVELS: dict[str, TitleLevel] = {
    "正高级": "senior", "正高": "senior", "副高级": "associate", "副高": "associate", "高级": "associate",
    "中级": "intermediate", "初级": "junior",
}  # fmt: skip
_GROUP_WORDS: tuple[tuple[str, Group], ...] = (
    (r"(?:高校毕业生|大学生|大学毕业生)退役(?:士兵|军人)", "graduate_veteran"),
    (r"退役(?:士兵|军人|大学生士兵)", "veteran"),
    (r".*退出现役.*安置.*(?:退役军士|义务兵|退役士兵)", "resettled_veteran"),
    (
        r"服务基层项目(?:工作)?人员|(?:大学生)?(?:三支一扶|西部计划|特岗教师|村干部|大学生村官)(?:计划)?(?:志愿者|人员)?",
        "service_project",
    ),
    (r"残疾人", "disabled"),
    (r"(?:驻军)?(?:随军家属|军人家属)", "military_family"),
)
_MATTERS: tuple[tuple[str, Matter], ...] = (
    (r".*(?:近亲属|配偶|父母|亲属).*(?:不得报考|回避).*", "relatives"),
    (r".*国\(境\)外.*不得报考.*", "abroad"),
    (r".*身体条件.*心理素质.*", "health"),
    (r".*学习过.*课程.*", "courses"),
    (r"残疾类型.*", "disability"),
)
_INFORMATION = (
    (r"(?:(?:政策)?(?:咨询)?(?:电话|联系电话|咨询方式)[:为]?)?[\d\-—、,转()]{7,}.*", "phone"),
    (r"(?:工作|服务|录用|上班)地(?:点|区)?(?:[:为在]).*", "place"),
    (r"(?:主要)?从事.*(?:工作|任务)|.*(?:能适应|需承担|需要承担|承担|经常).*(?:工作|任务|出差|值班|需要)等?.*", "duty"),
    (r".*(?:最低)?服务(?:期限?|年限).*\d+年.*", "service"),
)  # fmt: skip
# A sentence with one of these sets a condition, however much it reads like a description of the work.
_ASKS = re.compile(r"限[男女招于]|仅限|不得|须具|具有|取得|资格|证书|优先")

Recogniser = Callable[[Source, str], list[Condition] | None]


def parse_sentence(column: str, text: str) -> list[Condition] | Information | None:
    """One sentence of a free-text column: its conditions, or the information it gives; None where not understood."""
    source = Source(column=column, text=text)
    plain = normal(text).rstrip(".;,。")
    found = _conditions(source, plain)
    if found is None and "岁" in plain:
        age = parse_age(column, text)
        found = [age] if age else None
    if found is not None:
        return found
    if _ASKS.search(plain):
        return None
    for pattern, about in _INFORMATION:
        if re.fullmatch(pattern, plain):
            return Information.model_validate({"source": source, "about": about})
    return None


def _conditions(source: Source, plain: str) -> list[Condition] | None:
    for recogniser in RECOGNISERS:
        found = recogniser(source, plain)
        if found is not None:
            return found
    for joined in ("且", "、", ","):
        parts = [part.removeprefix("为") for part in split_outside(plain, joined)]
        if len(parts) < 2:
            continue
        each = [_conditions(source, part) for part in parts]
        if all(conditions is not None for conditions in each):
            return [condition for conditions in each if conditions for condition in conditions]
    return None


def sex(source: Source, plain: str) -> list[Condition] | None:
    match = _SEX.fullmatch(plain)
    if match is None:
        return None
    wanted: Sex = "male" if match["sex"] == "男" else "female"
    return [SexCondition(source=source, sex=wanted, advisory=match["how"] == "适合")]


def party(source: Source, plain: str) -> list[Condition] | None:
    match = _DEMOCRATIC.fullmatch(plain)
    if match:
        return [DemocraticPartyCondition(source=source, parties=tuple(match["party"].split("、")))]
    words = re.sub(r"\((?:含)?(?:中共)?预备党员\)|^(?:仅?限|须为|政治面貌为|政治面貌:)", "", plain)
    if words in ("非中共党员", "非党员"):
        return [PartyCondition(source=source, allowed=_NOT_A_MEMBER)]
    statuses = [_PARTY_WORDS.get(word) for word in re.split(r"或者?|、|/|和", words)]
    known = tuple(dict.fromkeys(status for status in statuses if status is not None))
    return [PartyCondition(source=source, allowed=known)] if len(known) == len(set(statuses)) and known else None


def household(source: Source, plain: str) -> list[Condition] | None:
    match = _HOUSEHOLD.fullmatch(plain)
    if match is None or re.search(r"不限|学历|专业|非", match["places"]):
        return None
    places = tuple(place.removeprefix("具有") for place in re.split(r"、|或", match["places"]) if place)
    return [HouseholdCondition(source=source, places=places, origin_counts=bool(match["origin"]))]


def work(source: Source, plain: str) -> list[Condition] | None:
    """Years of work; "基层" is a field of its own, anything else is kept as printed."""
    match = _WORK.fullmatch(plain)
    if match is None or not re.search(r"经历|经验|年限|工作", plain):
        return None
    try:
        years = number(match["years"])
    except ValueError:
        return None
    printed = re.sub(r"工作$", "", match["field"])
    kind = "grassroots" if printed in ("基层", "基层工作") else printed
    return [WorkCondition(source=source, months=years * 12, field=kind)]


def fresh(source: Source, plain: str) -> list[Condition] | None:
    match = _FRESH.fullmatch(plain)
    if match is None:
        return None
    years = [int(year) for year in re.findall(r"20\d\d", match["years"])]
    if len(years) == 2 and re.search(r"[至到\-—]", match["years"]):
        years = list(range(years[0], years[1] + 1))
    return [FreshCondition(source=source, years=tuple(years))]


def certificate(source: Source, plain: str) -> list[Condition] | None:
    if _LANGUAGE.fullmatch(plain):
        names = [part.removeprefix("或者").removeprefix("或") for part in split_outside(plain, ",、")]
        names = [name for part in names for name in part.split("或") if name]
        if all(_LANGUAGE.fullmatch(name) for name in names):
            return [CertificateCondition(source=source, any_of=tuple(names))]
        return None
    match = _CERTIFICATE.fullmatch(plain)
    if match is None:
        return None
    names = [name for part in split_outside(match["names"], "、") for name in _either(part)]
    names = [_with_head(names[0], name) for name in names]
    if not all(_CERTIFICATE_NAME.fullmatch(name) for name in names):
        return None
    return [CertificateCondition(source=source, any_of=tuple(names))]


def _either(text: str) -> list[str]:
    """Cut at 或 outside brackets."""
    return [part.replace("\ue000", "或") for part in split_outside(text.replace("或", "\ue000"), "\ue000")]


def _with_head(first: str, name: str) -> str:
    """ "B证" after "《法律职业资格证书》A证" means "《法律职业资格证书》B证"."""
    head = re.match(r"《[^》]+》(?=[A-D]证)", first)
    return head.group() + name if head and re.fullmatch(r"[A-D]证", name) else name


def title(source: Source, plain: str) -> list[Condition] | None:
    match = _TITLE.fullmatch(plain)
    if match is None:
        return None
    return [TitleCondition(source=source, least=_TITLE_LEVELS[match["level"]], series=match["series"])]


def group(source: Source, plain: str) -> list[Condition] | None:
    found: list[Group] = []
    for part in re.sub(r"^(?:仅?限|面向|定向)", "", plain).split("或"):
        matched = next((kind for pattern, kind in _GROUP_WORDS if re.fullmatch(pattern, part)), None)
        if matched is None:
            return None
        found.append(matched)
    return [GroupCondition(source=source, any_of=tuple(found))]


def main_major(source: Source, plain: str) -> list[Condition] | None:
    return [MainMajorCondition(source=source)] if re.fullmatch(r"(?:仅?限)?(?:以)?主修专业(?:报考)?", plain) else None


def school(source: Source, plain: str) -> list[Condition] | None:
    found = parse_school(source.column, source.text) if plain == normal(source.text).rstrip(".;,。") else None
    return [found] if found else None


def declaration(source: Source, plain: str) -> list[Condition] | None:
    for pattern, matter in _MATTERS:
        if re.fullmatch(pattern, plain):
            return [DeclarationCondition(source=source, matter=matter)]
    return None


RECOGNISERS: tuple[Recogniser, ...] = (
    sex, party, household, work, fresh, main_major, school, group, declaration, title, certificate,
)  # fmt: skip
