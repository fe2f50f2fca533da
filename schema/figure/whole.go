package figure

import (
	"slices"
	"strings"
)

// wholes are the units that count whole things, as the catalogue writes them;
// 万户 counts 户.
const wholes = "个 家 户 人 名 位 项 场 次 人次 场次 套 件 所 座 处 辆 台 间 幢 栋 条 只 头 匹 株 架 艘 部 宗 起 例 篇 本 张 份 枚 块 班 期 集 支 " +
	"户次 家次 件次 批次 车次 航班 标箱 TEU firm firms household households person persons people project projects event events home homes " +
	"unit units shop shops centre centres center centers body bodies case cases piece pieces"

// Whole reports whether a unit counts whole things, of which there is no half.
func Whole(unit string) bool {
	unit = strings.TrimSpace(unit)
	return slices.Contains(strings.Fields(wholes), strings.TrimLeft(unit, "十百千万亿"))
}
