package written

import (
	"strings"
	"sync"
)

// Short names of the provinces and of the cities at prefecture level (GB/T
// 2260), which files write without 省, 市 or 州. They tell a row of places from
// a row of indicators, no more: which place a name means is for validate.
const shortPlaces = `全国 中国 全省 全市 全区 全县 北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆
香港 澳门 台湾 东部 中部 西部 东北
石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善
沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 延边 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭
南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 莱芜
郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西
广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 三沙 儋州
成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆
拉萨 日喀则 昌都 林芝 山南 那曲 阿里 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 西宁 海东 海北 黄南 海南州 果洛 玉树 海西 银川 石嘴山 吴忠 固原 中卫
乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰 石河子 金普新区 高新区 长兴岛 市内五区 中国大陆 香港特区 澳门特区`

// PlaceNames are names of places that no register needs to hold.
var PlaceNames = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, n := range strings.Fields(shortPlaces) {
		out[n] = true
	}
	return out
})

// PlaceEnds are how the full name of a place ends, the longest first.
var PlaceEnds = []string{"特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "自治旗", "特区", "新区", "地区", "省", "市", "县", "区", "盟", "州", "旗"}

// OnlyHan reports whether text is Chinese characters alone.
func OnlyHan(s string) bool {
	for _, r := range s {
		if r < 0x3400 || r > 0x9fff {
			return false
		}
	}
	return s != ""
}

// MeasureWord tells names of things from names of places that end alike:
// 城镇地区, 建成区, 其他城市.
func MeasureWord(s string) bool {
	for _, w := range []string{"城镇", "农村", "其他", "其它", "建成", "园区", "社区", "小区", "城区", "城市", "上市", "股市", "楼市", "各", "灾区", "面积", "人均", "景区", "产业", "经济", "牧区", "林区", "库区", "学区", "超市", "保税", "开发", "高新", "示范", "地级", "县级", "郊区", "市区"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// Simplified folds the traditional characters that stand in names of places
// and headers.
func Simplified(s string) string { return traditional().Replace(s) }

var traditional = sync.OnceValue(func() *strings.Replacer {
	const from = "廣門灣東陝蘇寧陽連濟臺區縣順慶貴雲藏肅龍遼內華國產業總價單標數據時間額長導鎮務費稅農戶畝萬億運資銷積達張煙濰萊榮鄭許濱衛鹽揚無錫紹興溫麗賀欽貢瀘綿廈漳巖贛撫饒鶴雞齊賓爾紅喬滬舊沒訂臨計暫預測調減貿餘進漁礦製築電氣應輸倉儲郵遊館險財庫貸匯勞動歲際學醫療圓幣島離環節約實質類別個項較與對為噸準證護關綠鐵鋼軍設備車輛線網絡廠階層係債權償滿續統規畫劃職員師養種樹豬魚蝦紡織藥機構飛載"
	const to = "广门湾东陕苏宁阳连济台区县顺庆贵云藏肃龙辽内华国产业总价单标数据时间额长导镇务费税农户亩万亿运资销积达张烟潍莱荣郑许滨卫盐扬无锡绍兴温丽贺钦贡泸绵厦漳岩赣抚饶鹤鸡齐宾尔红乔沪旧没订临计暂预测调减贸余进渔矿制筑电气应输仓储邮游馆险财库贷汇劳动岁际学医疗圆币岛离环节约实质类别个项较与对为吨准证护关绿铁钢军设备车辆线网络厂阶层系债权偿满续统规划划职员师养种树猪鱼虾纺织药机构飞载"
	f, t := []rune(from), []rune(to)
	var pairs []string
	for i := range min(len(f), len(t)) {
		pairs = append(pairs, string(f[i]), string(t[i]))
	}
	return strings.NewReplacer(append(pairs, "指標", "指标")...)
})
