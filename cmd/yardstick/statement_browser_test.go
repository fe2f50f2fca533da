package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// An owner says in a real browser why a target is behind, and the leader reads
// it beside the verdict.
func TestAnOwnerMakesAStatementWithARealBrowser(t *testing.T) {
	t.Parallel()
	d := demonstrate(t)
	defer d.end(t)
	v := &visitor{newBrowser(t), t, d.base}
	const target = "/targets/dalian-2024-15/soe-layer-compression"
	v.goes(target)
	v.sees("未填报")
	verdict := v.eval(`document.querySelector('.verdict').innerText`)
	if !strings.Contains(verdict, "演示牵头单位戊") || !strings.Contains(verdict, "联系人") {
		t.Errorf("the head names no owner and contact:\n%s", verdict)
	}
	if tel := v.eval(`document.querySelector('.verdict a.tel').getAttribute('href')`); tel != "tel:00000000005" {
		t.Errorf("calling leads to %s", tel)
	}
	v.do("to the form", chromedp.Click(`#statement .enter a`), chromedp.WaitVisible("#token"), chromedp.SendKeys("#token", "demo"+kb.Enter))
	v.sees("填报说明")
	v.Faults() // the browser tells of the 401, as it should
	v.do("typing", chromedp.SendKeys("#cause", "两户子企业的<b>清算</b>未完成"), chromedp.SendKeys("#measures", "按月调度\n年内完成"),
		chromedp.SetValue("#promised", "2026-01-31"), chromedp.Click(`button[value="preview"]`))
	v.sees("预览（尚未填报）")
	v.sees("承诺日期晚于目标时限2025-12-31，晚31天")
	v.glance("statement-preview")
	v.do("confirming", chromedp.Click(`button[value="state"]`))
	v.sees("已填报，目标页已更新")
	v.do("to the target's page", chromedp.Click(`.done a`))
	v.sees("走势")
	said := v.eval(`document.querySelector('#statement').innerText`)
	for _, want := range []string{"两户子企业的<b>清算</b>未完成", "按月调度", "年内完成", "2026-01-31（还有215天）", "demo（演示牵头单位戊）填报于 2025-06-30"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q:\n%s", want, said)
		}
	}
	if after := v.eval(`document.querySelector('.verdict').innerText`); after != verdict {
		t.Errorf("the verdict was\n%s\nand is\n%s", verdict, after)
	}
	v.goes(target + "?as_of=2025-06-29")
	v.sees("未填报")
	v.goes("/targets/dalian-2024-15/ai-compute")
	v.sees("承诺日期已过30天，目标仍为“进度滞后”")
	v.goes("/upload/statements")
	v.sees("承诺日期已过而未完成1项")
	v.look("statements")
	v.goes("/upload/statements?lang=en")
	v.sees("Targets you speak for")
	v.goes("/upload/statements/dalian-2024-15/soe-layer-compression")
	v.do("taking it back", chromedp.Click("#now summary"),
		chromedp.SendKeys("#reason", "写错了单位"), chromedp.Click(`button[value="withdraw"]`))
	v.sees("已撤回；撤回及原因留有记录")
	v.goes(target)
	v.sees("未填报")
	v.sees("此前的说明（2）")
	v.quiet("the end")
}
