"""Patterns that find units in a reply and tell what the words around them make of them.

They expect half-width text. Every repeat is bounded, so matching takes linear time.
"""

from __future__ import annotations

import re
from typing import Final

# A place behind a mask (A市, A7县; A8县市 is what a mask of a city's former name left).
# A code before a street's name (A7县大道) is part of that name.
CODE: Final = (
    r"[A-Z]\d{0,2}(?:县市|市|区(?!域)|县(?!级))"
    r"(?![东南西北中]{0,2}[一二三四]?(?:路(?![灯面口段况政])|大道|街(?!道)))"
)
_PLACE: Final = rf"(?:{CODE}){{1,2}}"
PROVINCE: Final = "西地省"  # how masked archives write the province
REAL_PLACE: Final = re.compile(
    r"[\u4e00-\u9fff]{2,7}?(?:省|市|自治区|自治州|区|县|盟|州|旗|镇|乡|街道)"
)

AREA: Final = re.compile(_PLACE)

_ENDINGS: Final = (
    r"(?:人民政府|管理委员会|委员会|办公室|街道办事处|办事处|管委会|党工委|分局|支队|大队|中队|派出所"
    r"|服务中心|指挥部|联合会|总工会|残联|妇联|信用社|农商行|图书馆|殡仪馆|法院|检察院|街道办|街道(?!路|上|两)|学校|中学|小学|幼儿园|医院|大学|学院|卫生院"
    r"|政府(?!采购|信息|网|投资|主导|部门|补|令)|中心(?!城|区|组|小|位|幼|地|广|线|思)|公司(?!法)|集团|居委会|村委会"
    r"|社区|局(?!面|限|部|势|长)|委(?!托|书记|屈|员|派|会|宣|办)|厅(?!长)|镇(?!长|区|村|域)|乡(?!村|镇|长|愁|道|建|规|居|统|一体)"
    r"|办(?!理|法|公|事|案|学|结|好|证|税|复|卡|医|主|件|了|完|的)|处(?!理|罚|置|于|在|长|分|以|的|所)"
    r"|所(?!有|以|反|需|在|述|属|谓|提|示|说|指|长|得)|院(?!内|校|长|落|里|士)|站(?!台|点|在|牌)"
    r"|队(?!员|伍|长))"
)
# A character of a name: words of a sentence about a unit stand before or behind names, never in.
_BODY: Final = (
    r"(?!转交|因|高度|非常|十分|立即|关于|根据|按照|要求|责成|安排|组织|感谢|了解|调查|核实|核查|回复|答复|反映"
    r"|收悉|收到|接到|工作|人员|相关|有关|问题|情况|以及|进行|范围|境内|位于|辖区|居民|市民|职工|全体|领导|部门"
    r"|经(?!济|信|开|贸|管|营|费)|对(?!外)|第[一二三]时"
    r"|[您你我们的已将在被把向于至由请各该此本这那均亦并也就是为给让等])[\u4e00-\u9fff]"
)
# Names of towns and streets have no county before them, so verbs have to be told apart.
_LOCAL_BODY: Final = rf"(?![转交与及经向城村集全乡镇市县区局委但而且则][^\d]?){_BODY}"
_SUB_UNIT: Final = (
    rf"(?:(?:{_BODY}){{0,8}}?(?:分局|支队|大队|中队|派出所|办公室|街道办事处|办事处|管委会|人民政府"
    r"|服务中心|管理所|监察局|执法局|监督局))?"
)
# Bureaus that are named without their place; a longer name would begin earlier.
_BARE: Final = (
    r"(?:教育|教体|公安|交通|交通运输|城管|城市管理|住建|规建|房产|住保|人社|民政|水利|水务|环保|生态环境|国土|自然资源"
    r"|市场监管|工商|食药监|质监|卫生|卫计|卫健|林业|农业|农业农村|税务|物价|发改|财政|司法|文体|文旅|应急|安监)局"
    r"|(?:交警|城管|交通警察)(?:大队|支队)"
)
UNIT: Final = re.compile(
    rf"(?P<branch>(?:公安|工商|环保|国土|规划|质监|税务|自然资源|生态环境|市场监管)?{_PLACE}分局)"
    rf"|(?P<place>{_PLACE})(?P<body>(?:{_BODY}){{1,14}}?{_ENDINGS}{_SUB_UNIT})"
    rf"|(?<![A-Z\d省市县区全各外城])(?P<level>[市县区])(?![市县区级长里内场直政]|民(?!政))"
    rf"(?P<part>(?:{_BODY}){{1,12}}?{_ENDINGS}{_SUB_UNIT})"
    rf"|(?P<local>(?:{_LOCAL_BODY}){{2,5}}?(?:街道办事处|街道办|街道(?!路|上|两)|派出所|管理区"
    r"|[镇乡](?:人民政府|政府|党委)?(?![村长愁道区域级])))"
    rf"|(?<![\u4e00-\u9fffA-Z0-9])(?P<bare>{_BARE})"
    rf"|(?P<area>{_PLACE})"
)
NAME_END: Final = re.compile(rf"{_ENDINGS}$")

_DATE: Final = (
    r"(?:20\d\d ?[年.\-/] ?\d{1,2} ?[月.\-/] ?\d{1,2} ?[日月号]?"
    r"|二[〇○0零][〇○0零一二三四五六七八九十年月日 ]{5,12})"
)
SIGNATURE: Final = re.compile(
    rf"(?:^|[。!?;)，,:”》、\s])(?P<unit>[\u4e00-\u9fffA-Z0-9]{{2,30}}?) ?[(]?{_DATE}?[)]? ?$"
)
SIGNED_WORDS: Final = re.compile(
    r"^(?:特此|此复|谢谢|感谢|回复|答复|单位|承办单位|祝好)|[您你我们的了已请]|继续|关注|咨询|地址"
    r"|^(?:政策法规|综合|信访|法规)[处科]$"
)
# Where one reply ends and the next begins: boards paste them together.
NEXT_REPLY: Final = re.compile(
    rf"(?<=.)(?={_DATE}? ?(?:(?:尊敬的)?(?:网友|网民)[:，“\"您你]|[“\"]?UU\d{{4}}|您的留言已?收悉))"
)
PASSED_ON: Final = re.compile(r"转交?(?:至|给|到|由|请|往)?|交(?:由|办给?|给)")
ANSWERED: Final = re.compile(
    r"如下|经查|经调查|经核|据查|据了解|经了解|我[局镇乡校院司所队中委]|查实|已于"
)

DOCUMENT: Final = re.compile(
    r"[《“\"〈][^》”\"〉]{0,40}$|(?:根据|依据|按照|依照|印发|出台|关于)[^。，,]{0,12}$"
)
FORWARD: Final = re.compile(
    r"(?:转(?:交|至|给|到|由|请|往|办|呈)*|交(?:由|办|办给|给)|移送|移交)(?:相关单位|有关部门)?$"
)
OTHER: Final = re.compile(
    r"(?:请|向|(?:反馈|上报|呈报|报送|抄送)(?:给|至|到)?|致电|拨打|咨询|联系|会同|联合|与|和|及|、|到|前往|在|位于|于|被|对|对接|协调|为|是|从|去|配合|告知|通知"
    r"|属于|属|归|隶属|报|如|至|用|原|让|找|给|替|同)$"
)
THANKED: Final = re.compile(r"(?:感谢|谢谢|支持|关心|关注|信任|监督)[^。,]{0,12}对(?:我们)?$")
THANKS: Final = re.compile(
    r"^[^。,]{0,12}?(?:工作|事业|建设|发展|管理|的)[^。]{0,6}(?:支持|关心|关注|信任|理解|监督|配合|厚爱|建议)"
)
WORKS: Final = re.compile(
    r"^(?:工作人员|执法人员|执法队员|领导|也|目前|现|一直|多次)*"
    r"(?:正在|已|将|要求|安排|派|于 ?\d|表示|拟|计划|启动|开展|持续|会(?!同|议)"
    r"|对|未|没有|加强|督促|责令|责成|约谈|联合|会同|组织|协调|积极|严格|按照|依法|负责)"
)
ASKED: Final = re.compile(r"(?:要求|责成|安排|督促|责令|指示|指派|委托|组织|通过)(?:了)?$")
BY: Final = re.compile(r"(?:^|[^已])(?:经|经由|据|由|现将|我是|这里是|我们是|我)$")
START: Final = re.compile(r"(?:^|[。，,:!?;）)\s”]|后|下|是)$")
ACTS: Final = re.compile(
    r"^(?:党委|党工委|[、和]?(?:人民)?政府|、办事处|办事处|领导|主要领导|有关领导|工作人员|执法人员|执法队员|及时|相关人员|对此"
    r"|对您[^。]{0,20}?|针对[^。]{0,30}?|就[^。]{0,30}?|一直|，|,)*"
    r"(?:高度重视|十分重视|非常重视|很重视|收悉|收到|接到|获悉|立即|第一时间|迅速|马上|调查|核实|核查|核实|了解|查实|走访|现场"
    r"|回复|答复|现回复|现答复|现将|作出|组织|派|安排|进行了?(?:调查|核实|核查|了解|现场)|回应|前往|到现场|高度关注)"
)
REPORTS: Final = re.compile(
    r"^(?:[^。，,]{0,6})(?:调查|核实|核查|了解|查实|反馈|回复|答复|介绍|反映|进行了?(?:调查|核|了解)|查明|研究|排查|勘查|查看)"
)

# The "we" of a reply → the kind of unit that it stands for; each is a key of `KIND_END`.
KINDS: Final = {
    **{kind: kind for kind in ("局", "委", "厅", "镇", "乡", "街道", "院", "公司", "中心", "队")},
    **{kind: kind for kind in ("所", "处", "站", "社区", "园", "管委会")},
    **{"办事处": "街道", "校": "学", "司": "公司", "大队": "队", "支队": "队"},
}
WE: Final = re.compile(
    r"我(?P<kind>街道|办事处|公司|中心|大队|支队|社区|管委会|[局委厅镇乡校院司队所处站园])(?!们|国|省|家|们)"
)
KIND_END: Final = {
    "局": re.compile(r"局$"),
    "委": re.compile(r"委(?:员会)?$"),
    "厅": re.compile(r"厅$"),
    "镇": re.compile(r"镇(?:人民政府|政府|党委)?$"),
    "乡": re.compile(r"乡(?:人民政府|政府|党委)?$"),
    "街道": re.compile(r"街道(?:办事处|办)?$|办事处$"),
    "学": re.compile(r"(?:学校|中学|小学|大学|学院|一中|[一二三四五六七八九]中)$"),
    "院": re.compile(r"(?:医院|卫生院|法院|检察院|学院|研究院)$"),
    "公司": re.compile(r"(?:公司|集团)$"),
    "中心": re.compile(r"中心$"),
    "队": re.compile(r"队$"),
    "所": re.compile(r"所$"),
    "处": re.compile(r"处$"),
    "站": re.compile(r"站$"),
    "社区": re.compile(r"社区$"),
    "园": re.compile(r"园$"),
    "管委会": re.compile(r"管(?:理委员|委)会$"),
}
# A reply of one bureau names other bureaus; of one town or school, seldom other ones.
MANY_OF_KIND: Final = frozenset({"局", "委", "中心", "公司", "处", "所"})
AREA_WE: Final = re.compile(
    r"(?:[我本全]|经|后,)(?P<level>[县区市])(?!级|民|长|场|城管|直)|(?P<whole>[县区市])(?:委|政府|人民政府)(?:[、,和]|高度|已|将|正|决定|统一|研究|召开|一直|非常|十分)"
)

# The work that a bureau is thanked for, and the bureau; the words stand in `SPHERE_THANKS`.
SPHERES: Final = {
    "公安 治安 户籍": "公安局",
    "教育": "教育局",
    "城管 城市管理": "城市管理局",
    "住建 住房和城乡建设 城乡建设 城市建设": "住房和城乡建设局",
    "房产 房地产 房管": "房产局",
    "交通运输 公交 客运": "交通运输局",
    "环保 环境保护": "环境保护局",
    "生态环境": "生态环境局",
    "国土资源 国土": "国土资源局",
    "自然资源": "自然资源局",
    "规划 城乡规划": "规划局",
    "人社 社会保险 社保 人力资源": "人力资源和社会保障局",
    "医保 医疗保障": "医疗保障局",
    "卫生计生 卫计": "卫生和计划生育局",
    "卫生健康 卫健": "卫生健康局",
    "民政": "民政局",
    "水利": "水利局",
    "林业": "林业局",
    "农业": "农业局",
    "农业农村": "农业农村局",
    "税务": "税务局",
    "市场监管": "市场监督管理局",
    "食药监 食品药品监管": "食品药品监督管理局",
    "工商": "工商行政管理局",
    "物价": "物价局",
    "司法": "司法局",
    "财政": "财政局",
}
SPHERE_THANKS: Final = re.compile(
    r"(?:感谢|谢谢|支持|关心|关注|理解)[^。,]{0,10}?(?:对|于)"
    rf"(?:我们|我[市县区局]|(?P<place>{_PLACE}))?"
    rf"(?P<sphere>{'|'.join(sorted(' '.join(SPHERES).split(), key=len, reverse=True))})"
    r"(?:工作|事业|管理|行业|监管|发展|建设|的)"
)

# Companies that answer for themselves; any other one in a reply is mostly the one complained of.
UTILITY: Final = re.compile(r"自来水|供水|水务|公交|城投|燃气|供电|供热|轨道")
