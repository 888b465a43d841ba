"""Patterns and check digits behind `redact`; they expect half-width text."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_NOT_IN_NUMBER: Final = r"(?<![\dA-Za-z])"
_NOT_GOING_ON: Final = r"(?![\dA-Za-z])"
_END: Final = r"(?!\d)"
_GAP: Final = r"[ \-.]?"

MOBILE: Final = re.compile(
    rf"(?<![\d.])(?<!\d-)(?:\(?\+?0{{0,2}}86\)?[ \-]?)?(?:"
    rf"1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d\d{_GAP}\d{{3}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}"
    r"|1 [3-9](?: \d){9}"
    r"|1[3-9]\d[*xX]{4}\d{4}"
    r")(?![\d元万亿㎡米])"
)
MOBILE_IN_WORDS: Final = re.compile(
    r"[一幺](?<![〇零幺一二三四五六七八九十].)[三四五六七八九][〇零幺一二三四五六七八九]{9}"
    r"(?![〇零幺一二三四五六七八九十])"
)
# Without such a run no phone, identity number, card or passport is there: most texts have none.
LONG_NUMBER: Final = re.compile(r"\d[\d*xX .()\-]{6}")
LANDLINE: Final = re.compile(
    rf"(?<![\d.])(?:\(0\d{{2,3}}\) ?|0\d{{2,3}}[ \-]{{0,2}})[2-9]\d{{2,3}}[ \-]?\d{{4}}"
    rf"(?:(?:转|分机|-)\d{{1,5}})?{_END}"
)
LOCAL_PHONE: Final = re.compile(
    rf"(?:电话|座机|联系方式|固话|家电|致电我|打我)(?:号码|号)?[是为:, ]{{0,3}}"
    rf"(?P<it>[2-9]\d{{2,3}}[ \-]?\d{{4}}){_END}"
)
OFFICE_CUE: Final = re.compile(
    r"热线|办公|咨询|监督|举报|投诉电话|客服|值班|窗口|大厅|服务|拨打|致电(?!我)|政府|街道|社区"
    r"|[局委办厅科处所队站院]|中心|公司|物业|学校|单位"
)
# A number of a case, a document or an order is no phone and no identity number.
NUMBER_CUE: Final = re.compile(
    r"(?:编号|单号|工单号?|订单号?|受理号|文号|流水号|信件号|案号|尾号|备案号)\D{0,3}$"
)

ID_18: Final = re.compile(
    rf"{_NOT_IN_NUMBER}[1-9]\d{{5}}[ \-]?(?:18|19|20)\d{{2}}[ \-]?(?:0[1-9]|1[0-2])"
    rf"(?:0[1-9]|[12]\d|3[01])[ \-]?\d{{3}}[\dXx]{_NOT_GOING_ON}"
)
ID_15: Final = re.compile(
    rf"{_NOT_IN_NUMBER}[1-8]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}{_NOT_GOING_ON}"
)
ID_MASKED: Final = re.compile(
    rf"{_NOT_IN_NUMBER}[1-8]\d{{2,9}}\*{{4,14}}(?:\d{{1,4}}|\d{{0,3}}[Xx])?{_END}"
)
BANK_CARD: Final = re.compile(
    rf"{_NOT_IN_NUMBER}(?:\d{{16,19}}|\d{{4}}(?:[ \-]\d{{4}}){{3}}(?:[ \-]?\d{{1,3}})?)"
    rf"{_NOT_GOING_ON}"
)
ACCOUNT_CUE: Final = re.compile(r"银行卡|卡号|账号|帐号|账户|帐户|存折")
PASSPORT: Final = re.compile(
    r"(?:护照|通行证|港澳证|台胞证|回乡证)(?:号码|号)?[是为:, ]{0,3}"
    r"(?P<it>[A-Za-z]{1,2}\d{7,10})(?!\d)"
    r"|(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])"
)
EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9_%+\-][A-Za-z0-9._%+\-]{0,63} ?@ ?"
    r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
)
QQ: Final = re.compile(
    r"(?:[Qq]{2}|扣扣|企鹅号)(?:群|号码|号|邮箱)?[是为:, ]{0,3}(?P<it>[1-9]\d{4,11})(?!\d)"
)
WECHAT: Final = re.compile(
    r"(?:微信|薇信|[Ww]e[Cc]hat|[Ww]eixin|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx])|[Vv]信)(?:号码|号|同号)?"
    r"(?:是|为|[:, ]){0,3}(?P<it>[A-Za-z][A-Za-z0-9_\-]{5,19})(?![A-Za-z0-9])"
)
LATIN_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{5}")
PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·•\-]?"
    r"(?=[A-Za-z]{0,4}\d)[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳*]"
    r"(?![A-Za-z0-9])"
)
_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
IP_ADDRESS: Final = re.compile(rf"(?<![\d.vV第]){_OCTET}(?:\.{_OCTET}){{3}}(?![\d.]*\d)")
IP_ADDRESS_6: Final = re.compile(
    r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Fa-f:])"
)

NETWORK_CUE: Final = re.compile(r"[Ii][Pp]|网址|服务器|登录|访问|地址")

_COUNT: Final = "[0-9A-Za-z零〇一二三四五六七八九十百甲乙丙丁]"
_NUM: Final = rf"{_COUNT}{{1,4}}"
_FLAT: Final = r"(?:\d{3,4}|[零〇一二三四五六七八九]{3,4})"
_STAIRS: Final = r"(?<!\d)(?:\d{1,2}|[东西南北中]|[A-Za-z一二三四五六七八九十甲乙丙丁]{1,2})"
_HOUSE: Final = r"(?:号楼|#楼|栋|幢|座|号|弄|楼|期)"
_ROOM_END: Final = r"(?:室|房(?![屋产价东子租地])|户(?![主型数口籍外])|号房|号门)"
# A whole address after a cue; the cue says whose it is, so the street goes as well.
HOME: Final = re.compile(
    r"(?:家庭住址|家庭地址|现住址|户籍地址|户籍所在地|联系地址|通讯地址|收件地址|详细地址|住址"
    r"|地址[:为是]|家住在?(?!户)|我住在?(?!的|院)|本人住在?|居住[于在]|本人(?:现)?居住|现住在?|家在|租住?[于在]|租住"
    r"|住[于在喺]|住(?!房|宅|户|院|所)(?=[0-9]|[\u4e00-\u9fa5]{1,8}(?:小区|[苑园村路街巷里弄城府庭湾郡])))"
    r"[是为:, ]{0,3}"
    rf"(?P<it>[^,.;!?。、\s\[\]有]{{0,30}}?{_COUNT}{{1,5}}"
    r"(?:号院|号楼|#楼|号|栋|幢|座|弄|组|室|单元|队|#)"
    rf"(?:[^,.;!?。、\s\[\]]{{0,8}}?{_COUNT}{{1,5}}"
    r"(?:室|房|单元|组|号楼|#楼|号|户|门|楼|层|栋|幢|座|弄)){0,4}"
    r"(?:[ \-]?\d{3,4}(?!\d|[年月日元万户个米平人%]))?)"
)
# Several parts of a house number name a household; one part, a building that many live in.
# Each with what a text must hold for it, which is far sooner looked up.
ADDRESSES: Final = (
    # 12栋3单元502室, 5号楼2层203室, 88弄15号201室
    (
        re.compile(r"[\d零〇一二三四五六七八九](?:[室户]|房|号[房门])"),
        re.compile(
            rf"(?:{_NUM}{_HOUSE}[ ,\-]?){{1,3}}(?:{_STAIRS}单元[ ,\-]?)?(?:{_NUM}[层楼][ ,\-]?)?"
            rf"{_FLAT}{_ROOM_END}"
        ),
    ),
    (
        re.compile(r"单元|门栋"),
        re.compile(
            rf"(?:{_NUM}(?:号楼|#楼|栋|幢|座)[ ,\-]?)?{_STAIRS}(?:单元|门栋)[ ,\-]?"
            rf"(?:{_NUM}[层楼][ ,\-]?)?"
            rf"\d{{2,4}}(?:{_ROOM_END}|号(?!线))?(?!\d|[年月日元万户个米平%])"
        ),
    ),
    (re.compile(r"单元"), re.compile(rf"{_NUM}(?:号楼|#楼|栋|幢)[ ,\-]?{_STAIRS}单元")),
    (
        re.compile(r"(?:号楼|栋|幢|座)[ \-]?\d"),
        re.compile(
            rf"(?:{_NUM}期)?{_NUM}(?:号楼|栋|幢|座)[ \-]?\d{{3,4}}"
            r"(?!\d|[年月日元万户个米平人路%弄号])"
        ),
    ),
    (
        re.compile(r"\d-\d{1,2}-\d"),
        re.compile(r"(?<![\dA-Za-z/\-])\d{1,2}-\d{1,2}-(?!(?:19|20)\d\d)\d{3,4}室?(?![\d\-])"),
    ),
    (
        re.compile(r"[村组队][0-9A-Za-z零〇一二三四五六七八九十百甲乙丙丁]{1,4}号"),
        re.compile(rf"(?:村|小组|\d组|队){_COUNT}{{1,4}}号(?![线楼])"),
    ),
    (re.compile("室"), re.compile(r"(?<!\d)\d{3,4}室")),
)
# What stands before the house number of a household and says which estate or street it is in.
ESTATE: Final = re.compile(
    r"(?:[\u4e00-\u9fa5]{2,10}?(?:小区|[苑园村路街道巷里弄城府庭湾郡寓邸]|家园|新城|国际|江南|大道|府|佳园)"
    rf"(?:{_COUNT}{{1,5}}[号弄期区村][ ,]?){{0,3}})$"
)
NO_ESTATE: Final = re.compile(
    r".*(?:我们?|本人|家(?!园)|住(?!宅)|在|是|的|了|到|位于|反映|投诉|来自|[,。;:、!?\s\]])"
)
ADDRESS_PART: Final = re.compile(
    rf"{_COUNT}(?:号楼|#楼|[栋幢座弄号楼期室房户门组队]|单元)|\d-\d{{1,2}}-\d|[村组队]{_COUNT}{{1,4}}号"
)
OFFICE_BLOCK: Final = re.compile(r"办公|大厅|窗口|政务|服务中心|[局委](?:地址|位于)")
OFFICE_HOME: Final = re.compile(r"(?:办公|公司|单位|中心|窗口|大厅|项目|门店|酒店|网点)$")
OFFICE_ROOM: Final = re.compile(
    r"办公|大厅|窗口|中心|大楼|[局委厅科处院]|会议|教|政府|服务|法庭|审判"
)

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左"
    "柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈"
    "饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵"
    "苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝水云凤花廉酆昌常乐傅伏戈茅"
    "经裘宣贲郁杭洪诸钮嵇荀羊封储糜井松富宓蓬郗班仰秋伊仝钭厉戎祖印宿怀鄂咸籍赖蔺屠阴胥苍双闻"
    "莘贡劳逄扶堵濮寿通扈燕冀郏浦别阎充慕茹习宦容慎庾终暨居衡步弘匡广禄阙殳沃利蔚越夔隆晁勾融"
    "訾阚那丰红竺逯盖益桓奚"
)
_COMPOUND: Final = (
    "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|司徒|夏侯|东方|端木|令狐|长孙|宇文|申屠|南宫"
)
_SURNAME: Final = rf"(?:{_COMPOUND}|[{SURNAMES}])"
# After a word for anybody (居民, 业主) a rare surname is more often the start of a verb.
_COMMON_SURNAME: Final = (
    rf"(?:{_COMPOUND}"
    "|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱覃武戴莫孔汤华滕柳葛殷鲍倪霍柏窦鲁耿庞詹褚聂裴翟骆闫阎岳樊邢俞娄喻祁屈缪芦卞佟冉伍])"
)
_GIVEN: Final = r"(?![了着过的我你您他她它们是这那镇乡县省区街厂店局])[\u4e00-\u9fa5*×]"
# Words that begin like a name.
_NO_NAME: Final = (
    r"(?!马上|万一|于是|于[今去]|高度|高[三二一中校考]|高新|时候|方可|方便|何时|何处|任何|应[该当尽在有由]|安[排全]"
    r"|常常|成为|向[上其群有全]|和其|关于|辛苦|明[天确年]|全[体部]|水[电费]|白[天班]|金额|周[一二三四五六日末边]"
    r"|党[员委]|车[主辆]|管[理委网道线]|居然|高龄|卫[健生]|盖章|成功|金地|时[存而]|路[灯面]|丰[收产]|习总|居家|任教|花钱|童[联权保健发福]|纪律|曾用|周转|戴[着口]|解[决释]|温馨|严[重格厉]|齐[心全]|计划|连[续同]|支[持付]|满意|平[时常台]"
    r"|元旦|经[理过济]|单[位独]|路[过口边]|房[东屋子]|花[园费]|云[南平]|谢谢|许可|红[色包]|通[过知]|利[用益]"
    r"|双方|居[民委住多]|益|广[大告]|丰富|终于|充[值电]|别[人的墅]|任[组职期带意]|申[请报领办诉]|成[绩立员]|宿舍|毕业|牛奶|付[出款费]|习惯|游[客玩]|安静|正常|项目|经[常营]|沈阳|时[间住]|浦[东西]|范[围例]|华漕|黄[浦色]|房产|经乡|祖国|符合|金山|那[么个些]|查[看询验处房]|关[切心注爱闭]|曾[到在经是吃被多]|焦虑|余额|陆续|农[保村民业]|于[今去]年|预留|步行|容易|班[级主被]|井[盖口]|松|富)"
)
# What ends a name: punctuation, or a word that goes on about the person.
_AFTER: Final = (
    r"(?=$|[,.。、;:!?/\s()\[\]【】\"'“”‘’<>《》\-0-9A-Za-z]"
    r"|先生|女士|小姐|同志|老师|态度|说|称|对|把|让|给|告知|要求|拒|打|电话|手机|身份证|联系|今年|现年|现在|现住"
    r"|来自|家住|住在|毕业|因为|是|系|于|的|在|男|女|和|与|及|等|户|一家|反映|本人|你好|您好|不|收|已|没|未|到场"
    r"|答|拖|很|接|还|就|也|从|以|跟|当场|当时|欠|行动|行走|符合|退|骂|辱|威胁|殴|表示|承诺|声称|故意|多次|经常|一直"
    r"|私自|擅自|违规|违法|负责|将|会|能|可|需|想|愿|敢|肯|来|去|到|拿|占|用|开|卖|买|做|办|写|签|盖|发|交|付|借|骗"
    r"|偷|抢|撞|摔|因|由|被|为|却|竟|又|再|总|仍|当面|家|同意|身患|患|额外|非法|恶意|利用|组织|克扣|失踪|走失|失联|目前|近日|之前|房屋|处理|夫妇|等人|强占|霸占"
    r"|侵占|挪用|贪污|酒后|违建|堵塞|停放|敲诈|勒索|诈骗|伪造|冒充|倒卖|质疑|怀疑|处罚|生病|去世|住院|出生|名下|未果|符合|所)"
)
_PUNCTUATION: Final = r"(?=$|[,.。、;:!?/\s()\[\]【】\"'“”‘’<>《》\-0-9A-Za-z])"
# Two given characters where a full stop or the like follows, else as few as a word can follow.
_TAIL: Final = rf"(?:(?:{_GIVEN}){{2}}{_PUNCTUATION}|(?:{_GIVEN}){{1,2}}?{_AFTER})"
_SELF_CUE: Final = (
    r"我叫做?|俺叫|我的名字叫?|我名叫|本人姓名|本人名叫|本人叫|名字叫|名字是|名叫|姓名"
    r"|联系人|联络人|申请人|举报人|投诉人|反映人|信访人|来信人|写信人|求助人|来电人|诉求人|报案人|当事人|收件人"
    r"|户主|业主姓名|患者|病人|死者|伤者|房东|法定代表人|法人代表|法人|签名|署名|收款人|持卡人|受害人|肇事者"
    r"|户名|承办人|经手人|介绍人|担保人|债务人|债权人|出租人|买受人|出卖人|继承人|责任人|嫌疑人|证人|目击者"
    r"|被告|原告|被投诉人|被举报人|委托人|监护人|代理人|承包人|承租人|此致|敬礼"
)
_ANYBODY: Final = (
    r"本人|我是|俺是|我係|我系|咱是|群众|农户|贫困户|低保户|商户|摊主|乘客|消费者|顾客|代表|老人|老汉|家属"
    r"|网格员|快递员|外卖员|骑手|保姆|保洁员?|业务员|推销员|销售员?|收费员|售票员|调解员|志愿者|干部|小哥|村民|居民|业主|市民|网友|学生|司机|驾驶员|负责人|工作人员|办事员|老师|租户|租客|住户|家长|职工|员工"
    r"|会计|出纳|店主|车主|教师|同学|教练|辅警|城管|社工|保安|中介|包工头|施工员|用户|户籍人"
)
_ROLE_CUE: Final = (
    r"我[爸妈爹娘哥姐弟妹叔舅]|俺[爸妈爹娘哥姐弟妹叔舅]|家[父母]|小[女儿]|犬子|工头|包租婆|甲方|乙方|孙子|孙女|外孙女?|侄子|侄女|女婿|儿媳妇?|媳妇|嫂子|姐夫|妹夫|姑父|舅舅|叔叔|伯伯"
    r"|表[哥弟姐妹]|堂[哥弟姐妹]|闺女|护士长|董事长|总经理|会长|园长|所长|站长|处长|股长|厂长|店长|律师|法官|警官"
    r"|老总|股东|卖家|买家|同桌|室友|舍友|战友|老乡|老板|经办人|民警|村支书|村长|村主任|社区主任|主任|书记|局长|镇长|乡长|校长|院长|队长|组长|科长|经理|医生|护士"
    r"|班主任|房主|父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|儿子|女儿|丈夫|妻子|老婆|老公|爱人|孩子|弟弟|哥哥"
    r"|姐姐|妹妹|岳父|岳母|公公|婆婆|邻居|朋友|同事|村支部书记|支书"
)
NAMES: Final = (
    # 留言人: 收货人: 签字人:
    re.compile(rf"人[: ]{{1,2}}(?P<it>(?={_SURNAME}){_NO_NAME}{_SURNAME}{_TAIL})"),
    re.compile(
        rf"(?:{_SELF_CUE})(?:是|为|叫|[:, !\n]){{0,3}}"
        rf"(?P<it>(?={_SURNAME}){_NO_NAME}{_SURNAME}{_TAIL})"
    ),
    re.compile(
        rf"(?:我叫|本人叫|名叫|姓名:|联系人:|[他她]叫|的人叫)[ ]?"
        rf"(?P<it>(?={_SURNAME}){_NO_NAME}{_SURNAME}(?:{_GIVEN}){{1,2}})"
    ),
    re.compile(rf"(?:{_ANYBODY})[: ]?(?P<it>{_NO_NAME}{_COMMON_SURNAME}{_TAIL})"),
    re.compile(
        rf"(?:{_ROLE_CUE})(?:名字)?(?:叫做?|是|为)?[: ]?"
        rf"(?P<it>(?={_SURNAME}){_NO_NAME}{_SURNAME}{_TAIL})"
    ),
    re.compile(
        rf"[名个家板主子友长人字他她]叫(?P<it>(?={_SURNAME}){_NO_NAME}{_SURNAME}(?:{_GIVEN}){{1,2}}?)"
        rf"(?:(?=的人)|{_PUNCTUATION})"
    ),
    re.compile(
        rf"(?:爱人|家属|邻居|房主|住户)(?P<it>{_SURNAME}(?:{_GIVEN}){{0,2}}?)(?=先生|女士|小姐)"
    ),
)
SEX: Final = re.compile(r"[(, ][男女]")
# 顾某某,女,三十四岁
NAME_AND_SEX: Final = re.compile(
    rf"(?<![\u4e00-\u9fa5])(?P<it>{_NO_NAME}{_SURNAME}(?:{_GIVEN}){{1,2}})"
    r"(?=[(, ]{1,2}[男女](?:性)?(?:[,。、;) ]|$))"
)
# Names of several parts (…·…) need a cue too: estates are written so as well.
_PARTED: Final = r"[\u4e00-\u9fa5]{1,7}(?:[·•・‧][\u4e00-\u9fa5]{1,7}){1,3}"
PARTED_NAME: Final = re.compile(
    rf"(?:人:|{_SELF_CUE}|{_ROLE_CUE}|{_ANYBODY}|[、与和])(?:是|为|叫|[:, !\n]){{0,3}}"
    rf"(?P<it>{_PARTED}?){_AFTER}"
    rf"|(?P<titled>{_PARTED}?)(?=先生|女士|小姐|同志)"
)
MASKED_NAME: Final = re.compile(rf"{_SURNAME}\*{{1,2}}(?![*\d弄苑路小号])")
# 胡来福、胡来喜: who is named beside somebody is a person too.
# Most words for people end so (执法人员, 申诉人, 化妆师); with so little to go by the name has to
# be shaped like one and to be followed by what follows names.
PERSON_END: Final = re.compile(r"[人员者长师婆哥姐弟妹]")
LIKELY_NAME: Final = re.compile(
    rf"[: ]?(?P<it>{_NO_NAME}{_COMMON_SURNAME}(?:{_GIVEN}){{1,2}}?){_AFTER}"
)
# 钟伟、程芳夫妇: a list starts with a name where one goes on.
LISTED_NAME: Final = re.compile(
    rf"(?<![\u4e00-\u9fa5])(?P<it>{_NO_NAME}{_COMMON_SURNAME}(?:{_GIVEN}){{1,2}})"
    rf"(?=[、和与]{_COMMON_SURNAME}(?:{_GIVEN}){{1,2}}(?:[两二三]人|等|兄弟|姐妹|夫妇|夫妻|父子|母子))"
)
NEXT_NAME: Final = re.compile(
    rf"[、和与及](?P<it>(?={_SURNAME}){_NO_NAME}{_SURNAME}(?:{_GIVEN}){{1,2}}?)"
    r"(?=[、,。;:!?\s(和与及]|[两二三]人|等|兄弟|姐妹|夫妇|夫妻|父子|母子|$)"
)
# The surname's place is told by the words before a title; after a calling a full name is asked for.
TITLE: Final = re.compile(
    r"先生|女士|小姐|同志|老师|师傅|阿姨|大爷|大妈|大姐|大哥|叔叔"
    r"|医生|律师|法官|警官|校长|教练|主任|书记|村长"
)
CALLINGS: Final = frozenset(
    ("医生", "律师", "法官", "警官", "校长", "教练", "主任", "书记", "村长")
)
NAME_BEFORE: Final = re.compile(rf"{_NO_NAME}{_SURNAME}(?:{_GIVEN}){{0,2}}$")
# Surnames that are also words which stand before a person: 和女士, 对老师.
WORD_SURNAMES: Final = frozenset("和向于对应时任从都管单全同连经由与给为请到让找是")
CUE_WORDS: Final = frozenset(f"{_SELF_CUE}|{_ROLE_CUE}|{_ANYBODY}".split("|"))

# A cue, and what may follow where no telling from the next letters says where the name ends.
# The cues stand first and bare, so that the engine looks only at places where one can begin.
OPEN_CUE: Final = re.compile(rf"{_SELF_CUE}|{_ROLE_CUE}|养殖户|种植户|经营者")
OPEN_CUE_ANYBODY: Final = re.compile(_ANYBODY)
OPEN_NAME: Final = re.compile(
    r"(?:名字)?(?:是|为|叫)?[: ]?"
    r"(?![和向应经时任从都管解支项公车单计全明成能安付水通益别居步常于曾余苑焦班])"
    rf"(?P<it>{_NO_NAME}{_SURNAME}[\u4e00-\u9fa5]{{1,5}})"
)
COMMON_SURNAME: Final = re.compile(_COMMON_SURNAME)
# 我是金雁花园的业主 names no Jin Yan.
PLACE_AFTER: Final = re.compile(r"花园|家园|小区|示范|新区|新城|[苑镇乡县村路街]")
COMPOUND: Final = re.compile(_COMPOUND)
# Words of one letter that go on after a noun: 父亲高烧在.., 负责人明确说.
ONE_LETTER_WORDS: Final = frozenset(
    "的了在是说有不也都就还又才能会要把被给和与对从向去来到让等及已后时中上下前里"
)

NICK: Final = re.compile(r"(?<![A-Za-z0-9*.])@[A-Za-z0-9_\-\u4e00-\u9fa5]{1,30}")
OFFICE_NICK: Final = re.compile(
    r"发布|政府|政务|公安|平安|交警|消防|[局委厅院]$|12345|热线|新闻|日报|晚报|网警|检察|法院|城管|环保|气象|共青团|微博|市长|书记"
)

# GB/T 2260: the first two digits of an identity number.
_PROVINCES: Final = frozenset(
    str(code)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for code in range(first, last + 1)
)
_ID_WEIGHTS: Final = tuple(2**power % 11 for power in range(17, 0, -1))
_ID_CHECK: Final = "10X98765432"


def is_id_18(number: str) -> bool:
    """Tell whether 18 characters are an identity number: region, date, ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return (
        number[:2] in _PROVINCES
        and _is_date(number[6:14])
        and _ID_CHECK[total % 11] == number[17].upper()
    )


def is_id_15(number: str) -> bool:
    """Tell whether 15 digits can be an identity number of the form before 1999."""
    return number[:2] in _PROVINCES and _is_date("19" + number[6:12])


def is_bank_card(number: str) -> bool:
    """Tell whether 16 to 19 digits can be a bank card: a known first digit, and Luhn's sum."""
    if number[0] not in "3456789":
        return False
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
