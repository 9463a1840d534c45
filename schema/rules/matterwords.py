"""The words that tell a matter: Chinese, English and Uyghur side by side, for `schema.rules.matters`.

Separated by "/". What is written in letters fits the beginning of a word, with "." at its end the whole word.
"""

from collections.abc import Mapping

NOWHERE = "-"
"""Words that say where something is, not what: what they take is no matter."""

WORDS: Mapping[str, tuple[str, ...]] = {
    NOWHERE: (
        "公交站/公交道/公交车道/公交专用道/学校门口/学校旁/学校后/医院门口/医院旁/垃圾桶旁/树下/灯下/厕所旁",
        "bus stop/bus lane/bus station/school gate/near the school/by the school/outside the hospital",
        "car park entrance",
        "ئاپتوبۇس بېكىتى/ئاپتوبۇس يولى/مەكتەپ ئالدى/مەكتەپ كەينى/مەكتەپ يېنى/دوختۇرخانا ئالدى",
    ),
    "pothole": (
        "坑/窟窿/塌陷/塌了/下陷/沉降/凹陷/裂缝/路破/路坏/路烂/路面/破损/坑洼/不平/颠簸/沥青/下沉/陷下去/陷进/鼓包/石板松/地砖",
        "pothole/hole in the road/hole in the street/road surface/road damaged/damaged road/broken road",
        "tarmac/asphalt/subsided/subsidence/gone down/caved in/collapsed/paving stone/loose slab/sinkhole",
        "sunken/has sunk/sinking/crater/uneven/bumpy/cracks in the road/hole./holes.",
        "ئويمان/چوڭقۇر/يول چۆك/يەر چۆك/چۆكۈپ/تاختاي تاش/يول بۇزۇق/يول يۈزى/يول بۇزۇل/يول ئولتۇر/يول يېرىل",
        "ئازگال/ئورا",
    ),
    "lamp": (
        "灯/路灯/街灯/照明/灯杆/黑漆漆/漆黑/摸黑/太黑",
        "street light/streetlight/street lamp/streetlamp/lamp/light pole/lights/lighting/unlit/pitch dark",
        "pitch black/dark street/dark at night/light bulb/darkness",
        "چىراغ/چىراق/يول چىرىغ/كوچا چىرىغ/يورۇتۇش/قاپقاراڭغۇ/قاراڭغۇ/چىرىغى",
    ),
    "signal": (
        "红绿灯/信号灯/交通灯/绿灯/红灯/黄灯/人行灯",
        "traffic light/traffic signal/signal/green light/red light/crossing light",
        "قاتناش چىراغ/قاتناش چىرىق/قاتناش چىرىغ/سىگنال/قىزىل يېشىل چىراغ/يېشىل چىراغ/قىزىل چىراغ/سۋېتوفور",
    ),
    "no-water": (
        "停水/没水/没有水/断水/水压/什么时候来水/几点来水/水什么时候/没自来水/缺水/一滴水",
        "no water/without water/water today/water again/had no water/water is off/water off/water cut",
        "water supply/water pressure/taps are dry/tap is dry/running water/water come back/water back",
        "water stopped",
        "سۇ توختام/سۇ توخت/سۇ يوق/سۇ تۆۋەن/سۇ كەلم/سۇ كەلمەي/سۇ ئۈزۈل/سۇ بېسىمى/سۇسىز/سۇ كېلى/سۇ قاچان",
        "سۇ چىقم",
    ),
    "water-quality": (
        "水质/水发黄/水是黄的/铁锈/浑浊/水浑/黄水/自来水有味/能不能喝",
        "yellow water/brown water/water is yellow/water is brown/rusty/cloudy water/dirty tap water",
        "safe to drink",
        "سۇ سېرىق/سۇ لاي/سۇ سۈپىتى/سۇ دات",
    ),
    "pipe": (
        "水管/爆管/漏水/渗水/自来水漏/喷水/冒水/自来水管/管道破/管道漏/跑水",
        "clean water/water running/water is running/pipe must/running down the street/spraying",
        "burst water/water has burst/burst pipe/pipe burst/pipe has burst/water pipe/water leak",
        "leaking pipe/broken pipe/water main/gushing",
        "تۇرۇبا/سۇ تۇرۇب/سۇ ئېق/سۇ ئېتىل",
    ),
    "roof": (
        "漏雨/屋顶漏/屋顶/房顶/顶楼漏/天花板/墙皮/楼上漏/漏到/泡了",
        "drips/dripping/comes through the/roof/ceiling/rain comes in/damp wall/wet wall",
        "ئۆگزە/تورۇس/يامغۇر ئۆت/تامچە",
    ),
    "sewer": (
        "下水道/下水/污水/堵塞/疏通/排水/反水/返水/积水/内涝/粪水/化粪池/水淹/马桶/脏水/管道堵/淤泥",
        "blocked toilet/deep water/water at the/water stands/puddle/under water/dirty water/sewer/sewage",
        "drain/wastewater/waste water/flooded/floods/standing water/ankle deep/cesspit/septic",
        "ئاقما سۇ/پاسكىنا سۇ/مەينەت سۇ/سۇ يىغىل/سۇ تولۇپ/لاي سۇ/ئۆستەڭ توس/كانالىزات/ئەۋرەز/سۇ باس",
    ),
    "ditch": (
        "水沟/河道/臭水/河水/沟渠/蚊子/蚊虫/苍蝇/老鼠/蟑螂/鼠害/白蚁",
        "ditch/canal./mosquito/flies./rats./mice./cockroach/vermin/pests./termite",
        "ئۆستەڭ/ئېرىق/پاشا/چىۋىن/چاشقان/تاراقان",
    ),
    "manhole": (
        "井盖/下水井盖/污水井盖/窨井/井口/阴井",
        "manhole/inspection cover/drain cover",
        "قۇدۇق/قۇدۇق قاپ/قۇدۇق ئاغز",
    ),
    "noise": (
        "噪音/噪声/喧哗/划拳/吵闹/太吵/吵/喇叭/音响/没法睡/无法休息/没法休息/敲打/打桩/震耳/大声/声音大/声音太大/广场舞/轰鸣/电钻/装修/施工/唱歌/唱到/敲墙/鞭炮/放炮/音乐",
        "很响/震动",
        "noise/noisy/loud/keeps us awake/drill/hammering/karaoke/music/renovat/construction work",
        "building work/firecracker/works at night/singing/banging/disturb/wakes/shout/drunken/racket/saw.",
        "machines run",
        "شاۋقۇن/ۋاراڭ/چۇرۇڭ/ئۈنلۈك/ئاۋاز/ئارام بەرم/ناخشا/مۇزىكا/ۋارقىرا/رېمونت/ئۇششاق شاۋ/زەڭ/پوجاڭزا",
    ),
    "parking": (
        "违停/乱停/停车/停放/占道停/堵住出口/堵门/停满/占着/车占/压盲道/堵车位/停在/挪车/占车位/车位/僵尸车",
        "parked/parking/double park/block the entrance/block our/block the exit/blocks the/blocking",
        "cars in front/leave their cars/park on/parks on/vans/lorries/delivery van/cars stand/car stands",
        "lorry stands/left their car/van stands",
        "توختىتىۋال/توختىتىلغان/توختىتىپ قوي/ماشىنا توخت/ماشىنىلار توخت/قالايمىقان توخت/پاركىڭ",
        "ماشىنا توسۇ/يولنى توس/ماشىنا قوي/ئېغىزىنى توس",
    ),
    "garbage": (
        "垃圾/清运/废弃物/废品/建筑垃圾/脏乱/环卫/没人扫/没扫/清扫/砖头/水泥袋/装修垃圾/乱倒/乱扔/倾倒/满地",
        "rubble/fly tip/bricks/garbage/rubbish/trash/litter/waste./bins./bin./dumped/dumping/street sweep",
        "not been swept/debris",
        "ئەخلەت/تازىلىق/سۈپۈر/تاشلاندۇق",
    ),
    "smell": (
        "臭味/异味/恶臭/臭气/气味/油烟/臭/刺鼻/难闻/废气/冒烟/烟味/黑烟",
        "smell/stink/stench/odour/odor/fumes/reek/smoke",
        "سېسىق/پۇراق/پۇرا/ئىس تۈتەك/ھىد/تۈتۈن/پۇرىق/گەندە",
    ),
    "no-power": (
        "停电/没电/断电/跳闸/电表/火花/电压/没有电/来电了/变压器/供电",
        "power goes/electricity goes/power keeps/power failed/power fails/power went/lights went out",
        "no current/power cut/no power/no electricity/had no electricity/electricity/power is out",
        "power out/outage/blackout/voltage/power failure/transformer",
        "توك تۇيۇقسىز/توك توخت/توك يوق/توك ئۈزۈل/توك كەلم/توك بېسىم/توك/ئېلېكتر",
    ),
    "heating": (
        "暖气/暖气漏水/供暖/供热/采暖/取暖/地暖/屋里冷/屋里太冷/家里冷/家里太冷/冻得/挨冻/冰凉/室温/热力/不热",
        "freezing/no heat/hot water in the radiators/heating/radiator/cold in our/flat is cold",
        "flats are cold/room temperature/heat supply/warmth",
        "توڭلاپ/ئىسسىقلىق/ئىسسىتىش/پار./پارى/پار ئىس/پار كەلم/پار بەر/ئۆي سوغۇق/ئۆي بەك سوغۇق",
    ),
    "gas": (
        "燃气/煤气/天然气/液化气",
        "gas leak/gas smell/smell of gas/smells of gas/natural gas/gas./gas supply",
        "گاز/گاز پۇر/گاز ھىد",
    ),
    "lift": (
        "电梯/升降梯/困人/困在电梯",
        "lift./lifts./elevator",
        "لىفىت/ئاسانسور",
    ),
    "tree": (
        "树/树倒/修剪/树枝/大树/行道树/枯枝/树木/绿化带/草坪/花坛/绿化",
        "trim/prune/tree/branch/branches/hedge/lawn/flower bed/green belt",
        "دەرەخ/دەل دەرەخ/شاخ/گۈللۈك/چىملىق/يېشىللىق",
    ),
    "bus": (
        "公交司机/路车/甩站/公交/班车/公交车/末班车/公共汽车",
        "bus./buses/bus route",
        "ئاپتوبۇس/ئاممىۋى قاتناش",
    ),
    "taxi": (
        "出租车/的士/网约车/拒载/打车/绕路/打表",
        "taxi/cab driver/ride hailing/taxi driver",
        "تاكسى/كىرا ماشىنا",
    ),
    "bike": (
        "共享单车/单车/自行车/电单车",
        "shared bike/bicycle/rental bike/bikes./bike.",
        "ۋېلىسىپىت/ئورتاق ۋېلىسىپىت",
    ),
    "scooter": (
        "电动车/电瓶车/飞线/充电/充电桩",
        "electric scooter/scooters charg/charge scooters/e bike/e scooter/battery charging/charging",
        "scooter",
        "ئېلېكتىر موتو/توكلۇق موتسىكلىت/توكلاش/توك قاچىلا",
    ),
    "dust": (
        "扬尘/灰尘/尘土/渣土/粉尘/雾霾/灰大",
        "dust/dusty/dirt from trucks/haze",
        "چاڭ/توزان/چاڭ توزان/توپا",
    ),
    "building": (
        "违建/加盖一层/违章建筑/违章/私搭/搭建/乱搭/彩钢房/加盖",
        "another floor/neighbour is building/neighbour builds/building on the roof/illegally",
        "illegal building/illegal structure/built without/illegal shed/unauthorised/unauthorized",
        "without permission/extension on",
        "قانۇنسىز قۇرۇلۇش/قانۇنسىز سېل/قانۇنسىز ئۆي/ئۆز ئالدىغا سال/خالىغانچە سال",
    ),
    "stall": (
        "摆摊/摊贩/流动摊/小贩/占道经营/烧烤摊/菜贩/地摊/早市/夜市/卖菜/卖水果/摊位/商贩/小吃摊/早餐摊/摊子/早点摊/卖早点/早餐/支摊/摆桌",
        "snack cart/food cart/breakfast stall/food stall/street food/sell on the/stalls./vendor/hawker",
        "street seller/fruit seller/sellers/street market/cart./carts.",
        "تاماق يايم/سودىگەر/ئاشپۇزۇل ئۈستەل/تىجارەتچى/يايمىچى/يايما/بازارچى/كۆكتات سات/مېۋە سات/ناشتىلىق",
    ),
    "dog": (
        "狗/狗叫/大狗/遛狗/不牵绳/犬/宠物/野猫/流浪猫/咬人/咬伤",
        "barking/barks/dog./dogs/puppy/off the lead/without a lead/leash/stray/cats./cat.",
        "ئىت./ئىتلار/ئىتنى/ئىتى/مۈشۈك/قانجۇق",
    ),
    "playground": (
        "秋千/滑梯/健身器材/健身器/器材/单杠/游乐/儿童乐园/器械/长椅/座椅",
        "exercise machine/exercise bar/fitness equipment/swing./swings/slide./playground",
        "exercise equipment/gym equipment/bench./benches",
        "ئىلەڭگۈچ/چىنىقىش ئۈسكۈن/ئويۇنچۇق/ئورۇندۇق",
    ),
    "rail": (
        "护栏/栏杆/隔离栏/隔离墩/围栏/围挡/路障/石墩",
        "railing/guard rail/guardrail/barrier/fence/bollard",
        "توساق/رىشاتكا/رېشاتكا/توسما/قاشا",
    ),
    "sign": (
        "路牌/标志牌/标识/标线/斑马线/指示牌/门牌/减速带",
        "road sign/street sign/signpost/zebra crossing/road marking/name plate/speed bump",
        "يول بەلگىسى/كوچا تاختىسى/زېبرا/بەلگە تاختىسى",
    ),
    "ads": (
        "小广告/贴广告/牛皮癣/广告牌/招牌/乱贴/灯箱/传单",
        "advertisement/leaflet/stickers/billboard/signboard/flyers/graffiti",
        "ئېلان/رېكلام/ۋىۋىسكا",
    ),
    "wire": (
        "电线/线缆/电缆/光缆/电线杆/高压线/垂落",
        "cable/wire./wires./overhead line/power line/utility pole",
        "سىم./سىملار/سىمى/توك سىم/سىم تارت/كابېل",
    ),
    "phone-net": (
        "宽带/网络/断网/信号差/没信号",
        "broadband/internet/network/no reception/wifi",
        "تور./تورى/سىگنال ياخشى/ئىنتېرنېت",
    ),
    "wage": (
        "欠薪/没发工资/不发工资/欠我们/拖欠工资/工资/不发钱/没发钱/工钱/劳动报酬/血汗钱",
        "does not pay its/doesn t pay/been paid/wage/unpaid/not been paid/has not paid/salary/owed money",
        "owes us",
        "مائاش/ئىش ھەققى/ئىش ھەق",
    ),
    "pension": (
        "养老金/社保/退休金/医保/养老保险/报销/低保/补贴/公积金",
        "pension/social insurance/social security/medical insurance/health insurance/reimburse/allowance",
        "subsidy",
        "پېنسىيە/پىنسىيە/سۇغۇرتا/تولۇقلىما/ياردەم پۇل/تۆۋەن كاپالەت",
    ),
    "permit": (
        "营业执照/办证/居住证/许可证/身份证/户口/护照/驾照/驾驶证/落户/补办",
        "licence/license/permit./permits./identity card/id card/passport/residence/household register",
        "كىنىشك/ئىجازەتنام/گۇۋاھنام/پاسپورت/نوپۇس/كىملىك",
    ),
    "school": (
        "入学/学区/报名/转学/幼儿园/学校/招生/学费/培训班",
        "enrol/school/admission/kindergarten/tuition",
        "مەكتەپ/ئوقۇش/يەسلى/تىزىملىت",
    ),
    "price": (
        "储值卡/会员卡/不退钱/退不了/退钱/乱收费/多收/收费/涨价/价格/退款/退费/押金/停车费/物业费",
        "gift card/membership card/money back/overcharg/charged for/charged me/price/fee./fees/refund",
        "deposit",
        "ھەق ئېل/باھا/پۇل ئېل/پۇل قايتۇر/زاكالەت",
    ),
    "food": (
        "食品/牛奶/面包/发霉/变质/过期/不卫生/拉肚子/食物中毒/外卖",
        "milk/bread./expiry/out of date/food poison/expired/spoiled/mouldy/moldy/unhygienic/stomach",
        "past its date",
        "يېمەكلىك/بۇزۇلغان نان/ۋاقتى ئۆتكەن/زەھەرلەن/تاماق",
    ),
    "hospital": (
        "医院/看病/挂号/医生/门诊/疫苗/急诊",
        "hospital/doctor/clinic/vaccin/appointment",
        "دوختۇر/كېسەلخان/ۋاكسىنا",
    ),
    "fire-lane": (
        "消防/消防通道/楼道堆/堆杂物/堆放杂物/安全出口/安全通道/堵塞通道/灭火器",
        "fire lane/fire exit/fire escape/stairwell/emergency exit/fire engine/fire extinguisher",
        "fire hydrant",
        "ئوت ئۆچۈرۈش/پەلەمپەي/خەتەردىن چېكىنىش",
    ),
    "snow": (
        "冰/积雪/扫雪/除雪/结冰/路滑/冰面",
        "snow/icy/sheer ice/frozen steps/ice on/slippery",
        "قار./قارنى/مۇز/تېيىلغاق",
    ),
    "theft": (
        "被盗/小偷/失窃/偷/诈骗/被骗",
        "stolen/theft/thief/burglar/fraud/scam/cheated",
        "ئوغرى/ئوغۇرلا/ئالدام",
    ),
    "library": (
        "图书馆/博物馆/文化馆/体育馆/游泳馆",
        "library/museum/swimming pool/sports hall",
        "كۈتۈپخان/مۇزېي/تەنتەربىيە سارىيى",
    ),
    "toilet": (
        "公厕/厕所/卫生间",
        "toilet/lavatory/restroom",
        "ھاجەتخان",
    ),
    "property": (
        "物业/业委会/保安/门禁/大门坏",
        "property management/housing company/caretaker/security guard",
        "ماللىق مۈلۈك/قاراۋۇل",
    ),
}
