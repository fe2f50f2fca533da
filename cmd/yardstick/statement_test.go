package main

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"yardstick/schema"
	"yardstick/schema/words"
)

// statedByForm makes a statement without scripts, and is refused what it may
// not say and not say for others.
func statedByForm(t *testing.T, base string) {
	const list, form, other = "/upload/statements", "/upload/statements/dalian-2024-15/ai-compute", "/upload/statements/dalian-2024-15/high-standard-farmland"
	c := newCaller(t, base)
	c.must(c.get(list), 401, `name="token"`)
	c.must(c.get(form), 401, `name="token"`)
	c.signIn("secret-of-zhang")
	c.must(c.get(list), 200, "智算算力规模", "市发展改革委", "共1项")
	if strings.Contains(c.page, "高标准农田") {
		t.Error("the list shows another office's target")
	}
	c.must(c.get(other), 403, "由单位 nyj 牵头，张三 不能填报")
	c.must(c.get("/upload/statements/dalian-2024-15/nosuch"), 404, "没有目标")
	c.must(c.get(form), 200, "情况说明：智算算力规模", "填报说明")
	good := c.page
	c.page = `name="csrf" value="0123456789abcdef0123456789abcdef"`
	c.must(c.post(form, "action", "state", "cause", "a", "measures", "b"), 403, "表单")
	c.page = good
	c.must(c.post(other, "action", "state", "cause", "a", "measures", "b"), 403, "不能填报")
	c.page = good
	c.must(c.post(form, "action", "state", "cause", "供电改造晚了", "measures", "", "promised", ""), 422, "原因和措施都要填写", "供电改造晚了</textarea>")
	c.must(c.post(form, "action", "state", "cause", "一", "measures", "二", "promised", "2020-01-01"), 422, "早于今天")
	c.must(c.post(form, "action", "state", "cause", "一", "measures", "二", "promised", "明年"), 422, "“明年”不是日期")
	c.must(c.post(form, "action", "state", "cause", strings.Repeat("长", 501), "measures", "二"), 422, "501字，超过上限500字")
	c.must(c.post(form, "action", "preview", "cause", "供电<改造>晚了", "measures", "分批上架\r\n先用旧柜", "promised", "2199-01-01"), 200, "预览（尚未填报）", "晚于目标时限2025-12-31", "<p>分批上架</p><p>先用旧柜</p>")
	if c.get("/targets/dalian-2024-15/ai-compute"); strings.Contains(c.page, "供电") {
		t.Error("a preview is on the board")
	}
	c.page = good
	c.must(c.post(form, "action", "state", "cause", "供电<改造>晚了", "measures", "分批上架\r\n先用旧柜", "promised", "2199-01-01"), 200, "已填报", "现行说明", "张三（市发展改革委）填报于")
	if c.at != form {
		t.Errorf("after it the browser is at %s", c.at)
	}
	mine := c.page
	c.must(c.get("/targets/dalian-2024-15/ai-compute"), 200, "<p>供电<改造>晚了</p>", "张三（市发展改革委）填报于")
	c.page = mine
	c.must(c.post(form, "action", "withdraw", "reason", " "), 400, "")
	c.page = mine
	c.must(c.post(form, "action", "withdraw", "reason", "写错了"), 200, "撤回及原因留有记录", "已撤回此前的说明：写错了")
	c.must(c.post(form, "action", "withdraw", "reason", "再来"), 422, "没有可撤回的说明")
	atOnce(t, base)
}

// atOnce says the same eight times at the same moment: it is written once.
func atOnce(t *testing.T, base string) {
	seqs, together := make([]uint64, 8), sync.WaitGroup{}
	for i := range seqs {
		together.Go(func() {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/v1/statements",
				strings.NewReader(`{"target": "ai-compute", "cause": "同时说的", "measures": "只记一次"}`))
			if err != nil {
				t.Error(err)
				return
			}
			req.Header.Set("Authorization", "Bearer secret-of-zhang")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			var told schema.Told
			if err := json.NewDecoder(res.Body).Decode(&told); err != nil || res.StatusCode != http.StatusCreated {
				t.Errorf("answer %d: %v", res.StatusCode, err)
			}
			seqs[i] = told.Seq
		})
	}
	together.Wait()
	if seqs = slices.Compact(seqs); len(seqs) != 1 || seqs[0] == 0 {
		t.Errorf("it stands in the ledger as %v", seqs)
	}
}

// Every sentence of this room is used, and every one used is there.
func TestTheSentencesOfStatementsExistAndAreUsed(t *testing.T) {
	var source strings.Builder
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") {
			return err
		}
		text, err := fs.ReadFile(root, path)
		source.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	here := map[string]bool{"statement-body": true, "statement-line": true} // templates
	for _, id := range words.IDs() {
		here[id] = true
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"(statement-[a-z-]+)"`).FindAllStringSubmatch(source.String(), -1) {
		if used[m[1]] = true; !here[m[1]] {
			t.Errorf("the catalogue has no sentence %s", m[1])
		}
	}
	for id := range here {
		if strings.HasPrefix(id, "statement-") && !used[id] {
			t.Errorf("the sentence %s is used nowhere", id)
		}
	}
}
