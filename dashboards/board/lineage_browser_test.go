package board

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/ChromeDP/chromedp"
)

