package targets

import (
	"testing"

	"yardstick/schema"
)

func loaded(t *testing.T) *Register {
	t.Helper()
	r, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryTargetOfThePolicyStandsWithItsNumberUnitAndDay(t *testing.T) {
	type promise struct {
		clause           int
		kind             schema.Kind
		op, value, unit  string
		written, day     string
		region, headline string
	}
	want := map[string]promise{
		"bond-fund-report-cadence":         {1, "cadence", "<=", "10", "天", "旬通报", "", "", ""},
		"bond-fund-disbursement-cadence":   {1, "cadence", "<=", "1", "天", "日拨款", "", "", ""},
		"tech-sme-npl-tolerance":           {2, "ceiling", "<=", "3", "百分点", "3个百分点", "", "", ""},
		"first-loan-centres":               {2, "added", ">=", "2", "个", "2个", "", "", ""},
		"high-growth-firms":                {4, "added", ">=", "400", "家", "400家", "2025-12-31", "", ""},
		"innovation-consortia":             {4, "added", ">=", "150", "家", "150家", "2025-12-31", "", ""},
		"major-rd-projects":                {4, "added", ">=", "100", "项", "100项", "2025-12-31", "", ""},
		"open-bid-projects":                {4, "added", ">=", "5", "项", "5项", "2025-12-31", "", ""},
		"open-bid-subsidy-cap":             {4, "ceiling", "<=", "1000", "万元", "1000万元", "", "", ""},
		"overseas-experts":                 {4, "added", ">=", "20", "项", "20项", "2025-12-31", "", ""},
		"digital-retrofit-funds":           {5, "added", ">=", "5", "亿元", "5亿元", "", "", ""},
		"strategic-industry-gdp-share":     {6, "level", ">=", "15", "%", "15%", "2025-12-31", "", "large"},
		"low-altitude-scenarios":           {6, "added", ">=", "20", "个", "20个", "", "", ""},
		"ai-compute":                       {7, "level", ">=", "1000", "PFlops", "1000PFlops", "2025-12-31", "", "large"},
		"minimum-down-payment":             {10, "floor", ">=", "15", "%", "15%", "", "", ""},
		"affordable-sale-housing-delivery": {11, "milestone", "=", "1", "项", "完成资格审核、销售和交付", "2024-11-30", "", ""},
		"affordable-homes":                 {11, "added", ">=", "10000", "套", "1万套", "", "", ""},
		"urban-village-projects":           {12, "level", ">=", "25", "个", "25个", "", "", ""},
		"urban-village-households":         {12, "level", ">=", "12400", "户", "1.24万户", "", "", ""},
		"soe-layer-compression":            {14, "added", ">=", "132", "户", "132户", "2025-12-31", "", ""},
		"soe-innovation-consortia":         {14, "within", ">=", "2", "个", "2个", "2025-12-31", "", ""},
		"large-events":                     {19, "within", ">=", "100", "场", "100场", "2025-12-31", "", ""},
		"spring-events":                    {19, "within", ">=", "6", "项", "6项", "2025-06-30", "", ""},
		"pension-finance-projects":         {20, "within", ">=", "10", "个", "10个", "2025-12-31", "", ""},
		"high-standard-farmland":           {24, "level", ">=", "430000", "亩", "43万亩", "2025-12-31", "", "large"},
		"young-talent":                     {26, "within", ">=", "100000", "人", "10万名", "2024-12-31", "", ""},
		"fair-price-shops":                 {29, "level", ">=", "100", "家", "100家", "", "210200-L5", ""},
	}
	r := loaded(t)
	p, ok := r.Policy("dalian-2024-15")
	if !ok || len(p.Targets) != 27 || len(want) != 27 {
		t.Fatalf("policy found: %v, targets: %d", ok, len(p.Targets))
	}
	if p.Number != "大委办发〔2024〕15号" || p.Issued != schema.NewDate(2024, 10, 27) || p.Region != "210200" {
		t.Errorf("policy %s of %s for %s", p.Number, p.Issued, p.Region)
	}
	for _, got := range p.Targets {
		w, ok := want[got.ID]
		if !ok {
			t.Errorf("%s is no target of the policy", got.ID)
			continue
		}
		have := promise{got.Clause, got.Kind, got.Op, got.Value.String(), got.Unit, got.Written, got.Deadline.String(), "", ""}
		if got.Region != "210200" {
			have.region = got.Region
		}
		if got.Headline {
			have.headline = "large"
		}
		if have != w {
			t.Errorf("%s:\n have %+v\n want %+v", got.ID, have, w)
		}
		if got.Owner != (schema.Text{Zh: "未指定", En: "not assigned"}) || len(got.Support) != 0 {
			t.Errorf("%s: the document names no office, the register says %v %v", got.ID, got.Owner, got.Support)
		}
		if got.Reading != nil && got.Reading.Confirmed() {
			t.Errorf("%s: nobody has confirmed its reading yet", got.ID)
		}
		if got.Thresholds != schema.DefaultThresholds() {
			t.Errorf("%s: thresholds %v", got.ID, got.Thresholds)
		}
		if _, ok := r.Indicators.ByCode(got.ID); !ok || got.Indicator != got.ID {
			t.Errorf("%s is judged on %s", got.ID, got.Indicator)
		}
	}
	if h := p.Headline(); len(h) != 3 {
		t.Errorf("%d headline targets, want 3", len(h))
	}
}

func TestBaselinesAreNeverInvented(t *testing.T) {
	p, _ := loaded(t).Policy("dalian-2024-15")
	issued := p.Issued
	for _, g := range p.Targets {
		switch g.Kind {
		case schema.Added:
			if g.Baseline == nil || g.Baseline.Sign() != 0 || g.BaselineDate != issued || g.Since != issued {
				t.Errorf("%s: what is newly added starts at 0 on the day of issue; have %v on %s since %s", g.ID, g.Baseline, g.BaselineDate, g.Since)
			}
		case schema.Within:
			if g.Baseline == nil || g.Baseline.Sign() != 0 || g.BaselineDate != g.WindowFrom || g.WindowTo != g.Deadline {
				t.Errorf("%s: a count in a window starts at 0 on its first day; have %v on %s", g.ID, g.Baseline, g.BaselineDate)
			}
		default:
			if g.Baseline != nil {
				t.Errorf("%s: the document states no baseline, the register has %s", g.ID, g.Baseline)
			}
		}
	}
}

func TestFifteenOfThirtyMeasuresHaveNoNumber(t *testing.T) {
	p, _ := loaded(t).Policy("dalian-2024-15")
	if len(p.Measures) != 30 {
		t.Fatalf("%d measures, want 30", len(p.Measures))
	}
	var without []int
	statements := map[int]string{}
	for _, m := range p.Measures {
		if !m.Quantitative {
			without = append(without, m.Clause)
		}
		for _, s := range m.Statements {
			statements[m.Clause] = s.Zh
		}
	}
	want := []int{3, 8, 9, 13, 15, 16, 17, 18, 21, 22, 23, 25, 27, 28, 30}
	if len(without) != len(want) {
		t.Fatalf("without a number: %v, want %v", without, want)
	}
	for i := range want {
		if without[i] != want[i] {
			t.Errorf("without a number: %v, want %v", without, want)
		}
	}
	for clause, zh := range map[int]string{2: "无还本续贷政策范围覆盖所有小微企业", 21: "制造业准入限制清零", 26: "四季大型人才招聘会"} {
		if statements[clause] != zh {
			t.Errorf("clause %d says %q, want %q", clause, statements[clause], zh)
		}
	}
}

func TestTheShareIsDerivedAndItsTermsAreKnown(t *testing.T) {
	r := loaded(t)
	ind, ok := r.Indicators.ByCode("strategic-industry-gdp-share")
	if !ok || ind.Formula == nil || ind.Formula.Op != "share" || ind.Formula.Terms[0] != "strategic-industry-value-added" || ind.Formula.Terms[1] != "gdp" {
		t.Fatalf("the share of GDP has the formula %+v", ind.Formula)
	}
	for _, code := range []string{"gdp", "gdp-growth-real", "primary-industry-value-added", "secondary-industry-value-added",
		"tertiary-industry-value-added", "strategic-industry-value-added"} {
		ind, ok := r.Indicators.ByCode(code)
		if !ok || ind.Frequency() != schema.Quarterly || ind.Basis != schema.YearToDate || ind.Frequencies[1] != schema.Annual {
			t.Errorf("%s: %v %v %v", code, ok, ind.Frequencies, ind.Basis)
		}
	}
}

func TestAnotherCitysPolicyIsData(t *testing.T) {
	if faults := CheckFile("testdata/other-city.yaml"); len(faults) != 0 {
		t.Fatalf("a sound register is faulted: %v", faults)
	}
	r, err := LoadFiles("testdata/other-city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Policy("dalian-2024-15"); ok {
		t.Error("LoadFiles stands in place of the embedded policies")
	}
	coal, ok := r.Target("example-2026-1", "coal-use")
	if !ok || coal.Value.String() != "1200000" || coal.Unit != "吨" || coal.Written != "120万吨" || coal.Baseline.String() != "1500000" ||
		coal.Region != "990100-L1" || coal.Path != "compound" || coal.Owner.Zh != "市发展改革委" {
		t.Errorf("coal: %+v", coal)
	}
	if coal.Thresholds.PaceOnTrack != .9 || coal.Thresholds.PaceAtRisk != .7 || coal.Thresholds.ChanceOnTrack != .8 {
		t.Errorf("a target's thresholds go over its policy's, over the default ones: %+v", coal.Thresholds)
	}
	share, _ := r.Target("example-2026-1", "green-power-share")
	if len(share.Plan) != 2 || share.Plan[0].Value.String() != "34" || !share.Reading.Confirmed() {
		t.Errorf("green power: %+v", share)
	}
	if trees, _ := r.Target("example-2026-1", "tree-planting"); trees.Deadline != schema.NewDate(2026, 5, 31) || trees.Value.String() != "50000" {
		t.Errorf("a window ends with its deadline: %+v", trees)
	}
	both, err := LoadWith("testdata/other-city.yaml")
	if err != nil || len(both.Policies) != 2 {
		t.Errorf("LoadWith keeps the embedded policies: %v, %v", both, err)
	}
}

func TestTwoCitiesMayCallAPlaceTheSameAndThenItIsNoGuess(t *testing.T) {
	r, err := LoadFiles("testdata/other-city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if g, ok := r.Regions.Find("高新区"); ok {
		t.Errorf("高新区 is taken for %s, though two cities have one", g.Code)
	}
	for name, code := range map[string]string{"样例高新区": "990100-L1", "大连高新区": "210200-L2", "210200-l2": "210200-L2"} {
		if g, ok := r.Regions.Find(name); !ok || g.Code != code {
			t.Errorf("%s is %s, want %s", name, g.Code, code)
		}
	}
	if g, ok := loaded(t).Regions.Find("高新区"); !ok || g.Code != "210200-L2" {
		t.Errorf("with one city, 高新区 is %q", g.Code)
	}
}

func TestRegionsLocalAreasStandBesideTheDistricts(t *testing.T) {
	g := loaded(t).Regions
	for name, code := range map[string]string{"大连": "210200", "大连市": "210200", "全市": "210200", "Dalian": "210200", "210200": "210200",
		"金普新区": "210200-L1", "长兴岛": "210200-L3", "市内五区": "210200-L5", "甘井子区": "210211", "Lüshunkou": "210212"} {
		if r, ok := g.Find(name); !ok || r.Code != code {
			t.Errorf("%s is %q, want %s", name, r.Code, code)
		}
	}
	for _, r := range g.All() {
		if r.Code != "210200" && r.Parent != "210200" {
			t.Errorf("%s lies in %q", r.Code, r.Parent)
		}
	}
	if five, _ := g.ByCode("210200-L5"); len(five.Members) != 5 || five.Standard != "local" || five.Note.Zh == "" {
		t.Errorf("the five inner districts: %+v", five)
	}
	if near := g.Nearest("沙河口去", 1); len(near) != 1 || near[0].Code != "210204" {
		t.Errorf("nearest to 沙河口去: %v", near)
	}
	if _, ok := g.ByCode("大连"); ok {
		t.Error("ByCode takes codes alone")
	}
}

// A growth is found by whichever name of what grows, and one of another base by none.
func TestAGrowthIsFoundByAnyNameOfWhatGrows(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"GDP同比增长": "gdp-growth-real", "生产总值同比增长": "gdp-growth-real", "地区生产总值:累计同比": "gdp-growth-real", "GDP 增长速度": "gdp-growth-real",
		"GDP环比增长": "", "生产总值占比": "", "GDP名义增速": "", "GDP:累计值": "", "生产总值位次": "", "平价菜店同比增长": "",
	} {
		if got, _ := all.Indicators.Find(name); got.Code != want {
			t.Errorf("%s is %q, want %q", name, got.Code, want)
		}
	}
}
